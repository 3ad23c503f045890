package arrowjson

import (
	"bytes"
	"math"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// ParseIPC reads a schema in Arrow's IPC format: an encapsulated message (Message.fbs and Schema.fbs of Apache Arrow, with the mark that messages begin with since
// format 0.15 or without), as Parquet files have it, in base64, under ARROW:schema. It keeps what arrow-go's reader has no place for: dictionary ids, names and
// metadata of entries, and the metadata of extension types in the words of their writer. Endianness and features have no place in Arrow-JSON.
//
// What it reads may be damaged or hostile: reading takes time and memory in proportion to the message. Errors are *sqlstate.Error: 22P03 for what is no schema or
// has a type that Rust arrow cannot spell, 42701 if two fields share a name.
func ParseIPC(message []byte) (*Schema, error) {
	if len(message) > math.MaxInt32 {
		return nil, invalidIPC("it is too long")
	}
	message = bytes.TrimPrefix(message, []byte{0xff, 0xff, 0xff, 0xff}) // the mark
	head := newFlatReader(message)
	body := head.bytes(4, head.u32(0))
	if head.err != nil {
		return nil, head.err
	}
	r := newFlatReader(body)
	m := r.table(r.u32(0))
	const headerType, schema = 1, 1
	root, ok := m.child(2)
	if r.err == nil && (!ok || m.integer(headerType, 1, 0) != schema) {
		r.fail("the message is another one")
	}
	s := &Schema{Fields: []Field{}}
	for _, t := range root.children(1) {
		s.Fields = append(s.Fields, r.schemaField(t, maxDepth))
	}
	s.Metadata = r.metadata(root, 2)
	if r.err != nil {
		return nil, r.err
	}
	return s, s.checkNames()
}

// metadata reads a vector of KeyValue. As in a map of Rust's, the last of equal keys counts.
func (r *flatReader) metadata(t flatTable, n int) map[string]string {
	var m map[string]string
	for _, pair := range t.children(n) {
		key, _ := pair.text(0)
		value, _ := pair.text(1)
		if m == nil {
			m = map[string]string{}
		}
		m[key] = value
	}
	return m
}

// schemaField reads a Field, whose type may have the given number of types with arguments on the way to its leaves.
func (r *flatReader) schemaField(t flatTable, depth int) (f Field) {
	f.Name, _ = t.text(0)
	f.Nullable = t.bool(1)
	f.Metadata = r.metadata(t, 6)
	d, coded := t.child(4)
	if !coded {
		f.Type = r.schemaType(t, depth)
		return f
	}
	f.DictID, f.DictIsOrdered = d.integer(0, 8, 0), d.bool(2)
	key := &Type{kind: Int32} // when it is not said, by Schema.fbs
	if index, ok := d.child(1); ok {
		key = r.integerType(index)
	}
	f.Type = &Type{kind: Dictionary, key: key}
	if depth == 0 {
		r.fail("types may nest %d deep at most", sqlstate.SafeInt(maxDepth))
		return f
	}
	f.Type.value = r.schemaType(t, depth-1)
	return f
}

// ipcKinds are the kinds for which the number of a type in Schema.fbs is enough, and those whose one argument is their children.
var ipcKinds = [...]Kind{
	1: Null, 4: Binary, 5: Utf8, 6: Boolean, 12: List, 13: Struct, 14: Union, 16: FixedSizeList, 17: Map, 19: LargeBinary, 20: LargeUtf8, 21: LargeList, 22: RunEndEncoded,
	23: BinaryView, 24: Utf8View, 25: ListView, 26: LargeListView,
}

// The other types of Schema.fbs.
const (
	ipcInt             = 2
	ipcFloatingPoint   = 3
	ipcDecimal         = 7
	ipcDate            = 8
	ipcTime            = 9
	ipcTimestamp       = 10
	ipcInterval        = 11
	ipcFixedSizeBinary = 15
	ipcDuration        = 18
)

// schemaType reads the type of a Field, without its dictionary.
func (r *flatReader) schemaType(field flatTable, depth int) *Type {
	number := field.integer(2, 1, 0)
	t, _ := field.child(3)
	switch number {
	case ipcInt:
		return r.integerType(t)
	case ipcFloatingPoint:
		return &Type{kind: ipcChoice(r, t, 0, 0, Float16, Float32, Float64)}
	case ipcDate:
		return &Type{kind: ipcChoice(r, t, 0, 1, Date32, Date64)}
	}
	made := &Type{}
	if number > 0 && number < int64(len(ipcKinds)) {
		made.kind = ipcKinds[number]
	}
	if made.kind.simple() {
		return made
	}
	if depth == 0 {
		r.fail("types may nest %d deep at most", sqlstate.SafeInt(maxDepth))
	}
	if r.err != nil {
		return made
	}
	if made.kind != Invalid {
		for _, child := range field.children(5) {
			made.children = append(made.children, r.schemaField(child, depth-1))
		}
		r.nested(made, t)
		return made
	}
	r.scalar(made, t, number)
	return made
}

// integerType reads an Int.
func (r *flatReader) integerType(t flatTable) *Type {
	for i, bits := range [...]int64{8, 16, 32, 64} {
		if t.integer(0, 4, 0) != bits {
			continue
		}
		if t.bool(1) {
			return &Type{kind: Int8 + Kind(i)}
		}
		return &Type{kind: UInt8 + Kind(i)}
	}
	r.fail("integers have 8, 16, 32 or 64 bits")
	return &Type{kind: Int8}
}

// ipcChoice reads an enumeration: what each of its numbers stands for.
func ipcChoice[T any](r *flatReader, t flatTable, n int, absent int64, choices ...T) (chosen T) {
	i := t.integer(n, 2, absent)
	if i < 0 || i >= int64(len(choices)) {
		r.fail("a unit, precision or mode is unknown")
		return choices[0]
	}
	return choices[i]
}

// ipcUnit reads a TimeUnit.
func (r *flatReader) ipcUnit(t flatTable, absent int64) unit {
	return ipcChoice(r, t, 0, absent, second, millisecond, microsecond, nanosecond)
}

// within reads an argument that is an integer of 32 bits.
func (r *flatReader) within(t flatTable, n int, absent, low, high int64) int32 {
	i := t.integer(n, 4, absent)
	if i < low || i > high {
		r.fail("a size, precision or scale is %d", sqlstate.SafeInt(i))
		return 0
	}
	return int32(i)
}

// scalar reads the arguments of a type without types within it.
func (r *flatReader) scalar(made *Type, t flatTable, number int64) {
	switch number {
	case ipcDecimal:
		made.kind = map[int64]Kind{32: Decimal32, 64: Decimal64, 128: Decimal128, 256: Decimal256}[t.integer(2, 4, 128)]
		if made.kind == Invalid {
			r.fail("decimals have 32, 64, 128 or 256 bits")
		}
		made.size = r.within(t, 0, 0, 0, math.MaxUint8)
		made.scale = int8(r.within(t, 1, 0, math.MinInt8, math.MaxInt8))
	case ipcTime:
		made.unit = r.ipcUnit(t, 1)
		bits := t.integer(1, 4, 32)
		switch made.kind = Time32; {
		case bits == 64 && made.unit >= microsecond:
			made.kind = Time64
		case bits != 32 || made.unit > millisecond:
			r.fail("times of day in a unit that their %d bits do not go with", sqlstate.SafeInt(bits))
		}
	case ipcTimestamp:
		made.kind, made.unit = Timestamp, r.ipcUnit(t, 0)
		made.zone, made.hasZone = t.text(1)
	case ipcInterval:
		made.kind, made.unit = Interval, ipcChoice(r, t, 0, 0, yearMonth, dayTime, monthDayNano)
	case ipcDuration:
		made.kind, made.unit = Duration, r.ipcUnit(t, 1)
	case ipcFixedSizeBinary:
		made.kind, made.size = FixedSizeBinary, r.within(t, 0, 0, math.MinInt32, math.MaxInt32)
	default:
		r.fail("a type has the unknown number %d", sqlstate.SafeInt(number))
	}
}

// nested reads the arguments of a type beside the types within it, and looks whether these are as many as it has.
func (r *flatReader) nested(made *Type, t flatTable) {
	wanted := len(made.children)
	switch made.kind {
	case Union:
		made.unit = ipcChoice(r, t, 0, 0, sparse, dense)
		r.unionIDs(made, t)
	case FixedSizeList:
		wanted, made.size = 1, r.within(t, 0, 0, math.MinInt32, math.MaxInt32)
	case Map:
		wanted, made.sorted = 1, t.bool(0)
	case RunEndEncoded:
		wanted = 2
	case List, LargeList, ListView, LargeListView:
		wanted = 1
	}
	if wanted != len(made.children) {
		r.fail("a type has %d children", sqlstate.SafeInt(len(made.children)))
	}
}

// unionIDs reads the type ids of a union, which count from 0 when they are not given.
func (r *flatReader) unionIDs(made *Type, t flatTable) {
	at, n := t.vector(1, 4)
	if at == 0 {
		n = len(made.children)
	}
	if n != len(made.children) || n > math.MaxInt8+1 {
		r.fail("a union has %d type ids for %d members", sqlstate.SafeInt(n), sqlstate.SafeInt(len(made.children)))
		return
	}
	seen := [math.MaxInt8 + 1]bool{}
	for i := range n {
		id := i
		if at != 0 {
			id = r.u32(at + 4*i)
		}
		if id > math.MaxInt8 || seen[id] {
			r.fail("the type ids of a union are not distinct, from 0 to %d", sqlstate.SafeInt(math.MaxInt8))
			return
		}
		seen[id] = true
		made.ids = append(made.ids, int8(id))
	}
}
