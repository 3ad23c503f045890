package parquetio

import (
	"math"

	"pgregory.net/rapid"

	"github.com/stoadb/stoa/parquetio/badfiles"
)

// footerMaker makes up footers after parquet.thrift.
type footerMaker struct{ t *rapid.T }

func (m footerMaker) below(n int) int  { return rapid.IntRange(0, n-1).Draw(m.t, "n") }
func (m footerMaker) once(in int) bool { return m.below(in) == in-1 }
func (m footerMaker) flag() *badfiles.Value {
	return &badfiles.Value{Wire: badfiles.True + byte(m.below(2))}
}

func (m footerMaker) i32(most int) *badfiles.Value {
	if m.once(20) {
		return badfiles.Int32(rapid.SampledFrom([]int64{-1, math.MaxInt32, math.MinInt32, 1 << 40, 99}).Draw(m.t, "odd"))
	}
	return badfiles.Int32(int64(m.below(most)))
}

func (m footerMaker) i64() *badfiles.Value { return badfiles.Int64(rapid.Int64().Draw(m.t, "i64")) }

func (m footerMaker) text() *badfiles.Value {
	return badfiles.Text(rapid.SampledFrom([]string{"", "a", "b", "\xff\x00", "stoa version 1", "a.b"}).Draw(m.t, "text"))
}

// record makes a structure of fields, number and value in turn, of which must are there nearly always.
func (m footerMaker) record(must int, fields ...any) *badfiles.Value {
	v := &badfiles.Value{Wire: badfiles.Struct}
	put := func(id int16, x *badfiles.Value) { v.Fields = append(v.Fields, badfiles.Field{ID: id, Value: x}) }
	for i := 0; i < len(fields); i += 2 {
		id, value := int16(fields[i].(int)), fields[i+1].(*badfiles.Value)
		switch {
		case must>>id&1 != 0 && !m.once(2000), must>>id&1 == 0 && m.once(2):
			put(id, value)
			if m.once(200) {
				put(id, value)
			}
		case m.once(3):
			put(id, rapid.SampledFrom([]*badfiles.Value{badfiles.Int32(1), badfiles.Int64(2), badfiles.Text("x"), badfiles.Record(1, badfiles.Int32(0))}).Draw(m.t, "other"))
		}
	}
	if m.once(20) {
		put(int16(100+m.below(30000)), badfiles.ListOf(badfiles.Binary, badfiles.Text("later")))
	}
	return v
}

func (m footerMaker) list(wire byte, most int, make func() *badfiles.Value) *badfiles.Value {
	v := badfiles.ListOf(wire)
	for range m.below(most + 1) {
		v.List = append(v.List, make())
	}
	return v
}

func (m footerMaker) file() *badfiles.Value {
	schema := badfiles.ListOf(badfiles.Struct, m.group("root", -1))
	leaves := m.fields(schema, schema.List[0], 3)
	groups := m.list(badfiles.Struct, 3, func() *badfiles.Value {
		chunks := badfiles.ListOf(badfiles.Struct)
		for range leaves {
			chunks.List = append(chunks.List, m.chunk())
		}
		sorting := m.list(badfiles.Struct, 2, func() *badfiles.Value { return m.record(1<<1|1<<2|1<<3, 1, m.i32(5), 2, m.flag(), 3, m.flag()) })
		return m.record(1<<1|1<<2|1<<3, 1, chunks, 2, m.i64(), 3, m.i64(), 4, sorting, 5, m.i64(), 6, m.i64())
	})
	orders := m.list(badfiles.Struct, leaves, func() *badfiles.Value {
		return badfiles.Record(1+m.below(3), badfiles.Record())
	})
	return m.record(1<<1|1<<2|1<<3|1<<4, 1, m.i32(3), 2, schema, 3, m.i64(), 4, groups, 5, m.list(badfiles.Struct, 3, m.keyValue), 6, m.text(), 7, orders)
}

func (m footerMaker) keyValue() *badfiles.Value { return m.record(1<<1, 1, m.text(), 2, m.text()) }

// group makes a group that is to have children, with one of the first ConvertedTypes for groups, or none at all if converted is negative.
func (m footerMaker) group(name string, converted int) *badfiles.Value {
	v := badfiles.Record(3, m.i32(3), 4, badfiles.Text(name))
	if converted >= 0 && m.once(3) {
		v.Set(6, badfiles.Int32(int64(1+m.below(converted))))
	}
	if converted >= 0 && m.once(3) {
		v.Set(10, badfiles.Record(rapid.SampledFrom([]int{2, 3, 16, 40}).Draw(m.t, "nested"), badfiles.Record()))
	}
	return v
}

// fields puts fields into a group that is in the schema, and gives the number of primitive ones.
func (m footerMaker) fields(schema, parent *badfiles.Value, depth int) (leaves int) {
	n := 1 + m.below(4)
	parent.Set(5, badfiles.Int32(int64(n)))
	for range n {
		if depth > 0 && m.once(5) {
			g := m.group("g", 3)
			schema.List = append(schema.List, g)
			leaves += m.fields(schema, g, depth-1)
			continue
		}
		schema.List = append(schema.List, m.primitive())
		leaves++
	}
	return leaves
}

// primitive makes a primitive column: half of them of types that fit.
func (m footerMaker) primitive() *badfiles.Value {
	fit := rapid.SampledFrom([]struct{ physical, logical, converted int }{
		{6, 1, 0}, {6, 4, 4}, {1, 5, 5}, {2, 5, 5}, {6, 5, 5}, {7, 5, 5}, {1, 6, 6}, {1, 7, 7}, {2, 7, 8}, {2, 8, 9}, {2, 8, 10}, {1, 10, 11}, {1, 10, 17}, {2, 10, 14}, {2, 10, 18},
		{3, 11, 24}, {6, 12, 19}, {6, 13, 20}, {7, 14, 99}, {7, 15, 99}, {6, 17, 99}, {6, 18, 99}, {7, 19, 21}, {0, 40, -1},
	}).Draw(m.t, "fit")
	v := badfiles.Record(1, badfiles.Int32(int64(fit.physical)), 3, m.i32(3), 4, m.text())
	if fit.physical == 7 || m.once(5) {
		v.Set(2, badfiles.Int32(rapid.SampledFrom([]int64{16, 2, 12, 5, 128, 1, 0}).Draw(m.t, "length")))
	}
	if fit.converted != 99 && m.once(2) {
		v.Set(6, badfiles.Int32(int64(fit.converted)))
		v.Set(7, m.i32(10))
		v.Set(8, m.i32(40))
	}
	if m.once(2) {
		v.Set(10, m.logical(fit.logical))
	}
	if m.once(2) {
		v.Set(9, m.i32(100))
	}
	if m.once(60) {
		v.Set(1, m.i32(9))
	}
	return v
}

func (m footerMaker) logical(id int) *badfiles.Value {
	inner := badfiles.Record()
	switch id {
	case 5:
		inner = m.record(1<<1|1<<2, 1, m.i32(10), 2, m.i32(40))
	case 7, 8:
		unit := badfiles.Record(rapid.SampledFrom([]int{1, 2, 3, 2, 1, 4}).Draw(m.t, "unit"), badfiles.Record())
		inner = badfiles.Record(1, m.flag(), 2, unit)
	case 10:
		width := rapid.SampledFrom([]int64{8, 16, 32, 64, 24, -8}).Draw(m.t, "width")
		inner = m.record(1<<1|1<<2, 1, &badfiles.Value{Wire: badfiles.Byte, Int: width}, 2, m.flag())
	case 17, 18:
		inner = m.record(0, 1, m.text(), 2, m.i32(6))
	}
	return badfiles.Record(id, inner)
}

func (m footerMaker) chunk() *badfiles.Value {
	stats := m.record(0, 1, m.text(), 2, m.text(), 3, m.i64(), 4, m.i64(), 5, m.text(), 6, m.text(), 7, m.flag(), 8, m.flag(), 9, m.i64())
	pages := m.list(badfiles.Struct, 3, func() *badfiles.Value { return m.record(1<<1|1<<2|1<<3, 1, m.i32(4), 2, m.i32(10), 3, m.i32(50)) })
	numbers := func() *badfiles.Value { return m.list(badfiles.I64, 2, m.i64) }
	small := func() *badfiles.Value { return m.i32(9) }
	meta := m.record(1<<1|1<<2|1<<3|1<<4|1<<5|1<<6|1<<7|1<<9, 1, m.i32(8), 2, m.list(badfiles.I32, 3, small), 3, m.list(badfiles.Binary, 2, m.text), 4, m.i32(8),
		5, m.i64(), 6, m.i64(), 7, m.i64(), 8, m.list(badfiles.Struct, 2, m.keyValue), 9, m.i64(), 10, m.i64(), 11, m.i64(), 12, stats, 13, pages, 14, m.i64(), 15, m.i32(9),
		16, m.record(0, 1, m.i64(), 2, numbers(), 3, numbers()), 17, m.record(0, 2, m.list(badfiles.I32, 2, small)))
	crypto := badfiles.Record(1+m.below(2), badfiles.Record(1, m.list(badfiles.Binary, 2, m.text), 2, m.text()))
	return m.record(1<<2|1<<3, 1, m.text(), 2, m.i64(), 3, meta, 4, m.i64(), 5, m.i32(9), 6, m.i64(), 7, m.i32(9), 8, crypto, 9, m.text())
}
