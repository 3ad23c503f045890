package badfiles

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Crafted gives files that are built from nothing: what is no Parquet file at all, footers that claim, nest and repeat, chunks and pages that are not
// where or what they should be.
func Crafted() []Case {
	var out []Case
	for _, list := range [][]Case{foreign(), footers(), schemas(), misplaced(), pageCases()} {
		out = append(out, list...)
	}
	return sorted(out)
}

// sorted puts cases, some of which come out of maps, in order.
func sorted(cases []Case) []Case {
	slices.SortFunc(cases, func(a, b Case) int { return strings.Compare(a.Name, b.Name) })
	return cases
}

// foreign gives what is no Parquet file.
func foreign() []Case {
	sound := build(1, 3, good("a", 3)).Bytes()
	at := func(length uint32) []byte {
		return append(binary.LittleEndian.AppendUint32([]byte("PAR1"), length), "PAR1"...)
	}
	long := append(bytes.Repeat([]byte{0}, 1000), at(0)...)
	copy(long, magic)
	encrypted := append(bytes.Clone(sound[:len(sound)-4]), "PARE"...)
	copy(encrypted, "PARE")
	return []Case{
		{"empty", nil}, {"one byte", []byte("P")}, {"magic alone", []byte("PAR1")}, {"magic twice", []byte("PAR1PAR1")}, {"no footer", at(0)},
		{"footer of one byte", at(1)}, {"footer of 2^32-1 bytes", at(math.MaxUint32)}, {"footer of 2^31 bytes", at(1 << 31)}, {"zeros", make([]byte, 5000)},
		{"text", []byte(strings.Repeat("id,name\n1,x\n", 300))}, {"footer of no bytes", long}, {"encrypted footer", encrypted},
		{"encrypted column", append(bytes.Clone(sound[:len(sound)-4]), "PARE"...)}, {"only the end", sound[len(sound)-40:]}, {"sound", sound},
		{"ORC", append([]byte("ORC"), bytes.Repeat([]byte{7}, 200)...)}, {"Arrow IPC", append([]byte("ARROW1\x00\x00"), bytes.Repeat([]byte{0xff}, 200)...)},
		{"gzip", gzipZeros(1<<20, true)}, {"zstd", zstdZeros(1 << 20)},
	}
}

// nested gives a value of n structures within one another.
func nested(n int) []byte {
	b := bytes.Repeat([]byte{0x1c}, n) // field 1, a structure
	return append(b, make([]byte, n)...)
}

// footers gives footers that are hard to parse.
func footers() []Case {
	var out []Case
	raw := func(name string, footer []byte) {
		out = append(out, Case{"footer " + name, Close([]byte("PAR1data"), footer)})
	}
	change := func(name string, edit func(footer *Value)) {
		out = append(out, Case{"footer " + name, build(2, 5, good("a", 5), good("b", 5)).WithFooter(edit)})
	}
	raw("of 10^6 nested structures", nested(1_000_000))
	raw("of nested lists", bytes.Repeat([]byte{0x19, 0x19}, 500_000))
	raw("of nested maps", bytes.Repeat([]byte{0x1b, 0x01, 0xbb}, 300_000))
	raw("of a field without end", append([]byte{0x18}, bytes.Repeat([]byte{0xff}, 100_000)...))
	raw("of ones", bytes.Repeat([]byte{0xff}, 100_000))
	raw("of booleans", bytes.Repeat([]byte{0x11}, 3_000_000))
	// Lists of structures that are one byte each.
	for field, what := range map[byte]string{0x29: "schema elements", 0x49: "row groups", 0x59: "metadata entries", 0x79: "column orders"} {
		n := 3_000_000
		b := append([]byte{field, 0xfc}, binary.AppendUvarint(nil, uint64(n))...)
		raw("of 3,000,000 empty "+what, append(append(b, make([]byte, n)...), 0))
		b = append([]byte{field, 0xfc}, binary.AppendUvarint(nil, 1<<60)...)
		raw("that claims 2^60 "+what, append(b, make([]byte, 100)...))
	}
	for id, what := range map[int16]string{2: "schema", 4: "row groups", 5: "metadata", 7: "orders"} {
		for _, n := range []uint64{1 << 31, math.MaxUint64, 1 << 20} {
			change(fmt.Sprintf("whose %s claim %d elements", what, n), func(f *Value) {
				if f.Get(id) == nil {
					f.Set(id, ListOf(Struct))
				}
				f.Get(id).Claim = &n
			})
		}
	}
	change("with 3,000,000 empty chunks", func(f *Value) {
		list := f.Get(4).List[0].Get(1)
		for range 3_000_000 {
			list.List = append(list.List, Record())
		}
	})
	change("with 2,000,000 encodings", func(f *Value) {
		list := f.Get(4).List[0].Get(1).List[0].Get(3).Get(2)
		for range 2_000_000 {
			list.List = append(list.List, Int32(0))
		}
	})
	change("with 200,000 metadata entries", func(f *Value) {
		list := ListOf(Struct)
		for i := range 200_000 {
			list.List = append(list.List, Record(1, Text(fmt.Sprint("key ", i)), 2, Text("value")))
		}
		f.Set(5, list)
	})
	change("with a metadata value of 20 MB", func(f *Value) {
		f.Set(5, ListOf(Struct, Record(1, Text("\x1b]0;key\a"), 2, Text(strings.Repeat("\x1b[31m\u202e\n", 2_000_000)))))
	})
	for _, n := range []int64{-1, math.MinInt64, math.MaxInt64, 1 << 40, 7} {
		change(fmt.Sprintf("of %d rows", n), func(f *Value) { f.Set(3, Int64(n)) })
		change(fmt.Sprintf("of row groups of %d rows", n), func(f *Value) {
			f.Set(3, Int64(2*n))
			for _, g := range f.Get(4).List {
				g.Set(3, Int64(n))
			}
		})
		change(fmt.Sprintf("of chunks of %d values", n), func(f *Value) {
			f.Set(3, Int64(2*n))
			for _, g := range f.Get(4).List {
				g.Set(3, Int64(n))
				for _, c := range g.Get(1).List {
					c.Get(3).Set(5, Int64(n))
				}
			}
		})
	}
	change("of no row groups", func(f *Value) { f.Set(4, ListOf(Struct)) })
	change("of no row groups, and no rows", func(f *Value) { f.Set(3, Int64(0)); f.Set(4, ListOf(Struct)) })
	change("without created_by", func(f *Value) { f.Set(6, nil) })
	change("in our name", func(f *Value) { f.Set(6, Text("stoa version 1")) })
	change("by a writer of control characters", func(f *Value) { f.Set(6, Text("\x1b[2J\x07evil\r\n\x9b31m"+strings.Repeat("x", 1<<20))) })
	return out
}

// schemas gives schemas that are no trees, or too large ones.
func schemas() []Case {
	var out []Case
	leaf := func(name string) *Value { return Record(1, Int32(typeInt64), 3, Int32(required), 4, Text(name)) }
	group := func(name string, children int64) *Value {
		return Record(3, Int32(optional), 4, Text(name), 5, Int32(children))
	}
	add := func(name string, elements ...*Value) {
		f := build(1, 3, good("a", 3))
		f.Footer.Set(2, ListOf(Struct, elements...))
		out = append(out, Case{"schema " + name, f.Bytes()})
	}
	add("of nothing")
	add("of a root alone", group("r", 0))
	add("of a leaf alone", leaf("a"))
	for _, n := range []int64{-1, 0, 2, 1000, math.MaxInt32, math.MinInt32} {
		add(fmt.Sprintf("of %d children", n), group("r", n), leaf("a"))
	}
	deep := []*Value{}
	for range 100_000 {
		deep = append(deep, group("g", 1))
	}
	add("of 100,000 levels", append(deep, leaf("a"))...)
	add("of 90 levels", append(deep[:90:90], leaf("a"))...)
	add("with two roots", group("r", 1), leaf("a"), group("s", 1), leaf("b"))
	add("without type", group("r", 1), Record(4, Text("a")))
	add("without name", group("r", 1), Record(1, Int32(typeInt64)))
	for _, n := range []int64{-1, 8, 99, math.MaxInt32} {
		add(fmt.Sprintf("of type %d", n), group("r", 1), Record(1, Int32(n), 3, Int32(required), 4, Text("a")))
		add(fmt.Sprintf("of repetition %d", n), group("r", 1), Record(1, Int32(typeInt64), 3, Int32(n), 4, Text("a")))
		add(fmt.Sprintf("of converted type %d", n), group("r", 1), Record(1, Int32(typeInt64), 3, Int32(required), 4, Text("a"), 6, Int32(n)))
		for _, physical := range []int64{typeInt32, typeInt64, typeByteArray, typeFixed} {
			decimal := Record(5, Record(1, Int32(n), 2, Int32(n)))
			add(fmt.Sprintf("of decimals of type %d with scale %d", physical, n), group("r", 1),
				Record(1, Int32(physical), 2, Int32(n), 3, Int32(required), 4, Text("a"), 6, Int32(5), 7, Int32(n), 8, Int32(n), 10, decimal))
		}
	}
	add("of an unknown logical type", group("r", 1), Record(1, Int32(typeInt64), 3, Int32(required), 4, Text("a"), 10, Record(1555, Record())))
	add("of a logical type of nothing", group("r", 1), Record(1, Int32(typeInt64), 3, Int32(required), 4, Text("a"), 10, Record()))
	// The path of a column has the names of all groups above it.
	wide := []*Value{group("r", 1), group(strings.Repeat("n", 1<<20), 5000)}
	for i := range 5000 {
		wide = append(wide, leaf(fmt.Sprint("c", i)))
	}
	add("of 5,000 columns with paths of 1 MiB", wide...)
	for _, same := range []bool{false, true} {
		var columns []column
		for i := range 10_000 {
			name := "same"
			if !same {
				name = fmt.Sprint("c", i)
			}
			columns = append(columns, good(name, 1))
		}
		out = append(out, Case{fmt.Sprintf("schema of 10,000 columns, names equal: %v", same), build(1, 1, columns...).Bytes()})
	}
	out = append(out, Case{"schema of a name of control characters", build(1, 2, good("\x1b[2J\x00\xff\u202e", 2), good(strings.Repeat("n", 1<<20), 2)).Bytes()})
	return out
}

// misplaced gives files whose row groups and chunks are not where they should be.
func misplaced() []Case {
	var out []Case
	add := func(name string, f *File, edit func(meta, entry *Value)) {
		data := f.WithFooter(func(footer *Value) {
			for _, g := range footer.Get(4).List {
				for _, e := range g.Get(1).List {
					edit(e.Get(3), e)
				}
			}
		})
		out = append(out, Case{"chunk " + name, data})
	}
	for _, n := range []int64{-1, 0, 3, 1 << 20, math.MaxInt32, 1 << 40, math.MaxInt64, math.MinInt64} {
		for id, what := range map[int16]string{7: "compressed size", 6: "raw size", 9: "data offset", 11: "dictionary offset", 10: "index offset", 14: "bloom offset", 4: "codec", 5: "values"} {
			add(fmt.Sprintf("of %s %d", what, n), build(2, 5, good("a", 5), good("b", 5)), func(meta, _ *Value) {
				if what == "codec" {
					meta.Set(id, Int32(n))
				} else {
					meta.Set(id, Int64(n))
				}
			})
		}
		add(fmt.Sprintf("with a page index at %d", n), build(2, 5, good("a", 5)), func(_, e *Value) {
			e.Set(4, Int64(n))
			e.Set(5, Int32(100))
			e.Set(6, Int64(n))
			e.Set(7, Int32(n))
		})
	}
	add("in another file", build(1, 5, good("a", 5)), func(_, e *Value) { e.Set(1, Text("/etc/passwd")) })
	add("without metadata", build(1, 5, good("a", 5)), func(_, e *Value) { e.Set(3, nil) })
	add("with long statistics", build(1, 5, good("a", 5)), func(m, _ *Value) {
		long := Text(strings.Repeat("\xff", 1<<20))
		m.Set(12, Record(1, long, 2, long, 3, Int64(-5), 5, long, 6, long))
	})
	add("with short statistics", build(1, 5, good("a", 5)), func(m, _ *Value) {
		m.Set(12, Record(1, Text("x"), 2, Text(""), 3, Int64(99), 5, Text("x"), 6, Text("")))
	})
	// Pages of no values, which many chunks say to have: a million pages are read 40,000 times by a reader that does not look.
	var tiny []*Page
	for range 50_000 {
		tiny = append(tiny, dataPage(0, encPlain, 0, nil))
	}
	f := build(1, 0, column{name: "a", physical: typeInt64, pages: tiny})
	var columns []column
	for i := range 200 {
		columns = append(columns, column{name: fmt.Sprint("c", i), physical: typeInt64})
	}
	over := build(200, 1, columns...)
	over.Groups[0][0].Pages = f.Groups[0][0].Pages
	var size int64
	out = append(out, Case{"chunk upon 39,999 others", over.WithFooter(func(footer *Value) {
		first := footer.Get(4).List[0].Get(1).List[0].Get(3)
		size = first.Get(7).Int
		for _, g := range footer.Get(4).List {
			for _, e := range g.Get(1).List {
				e.Get(3).Set(7, Int64(size))
				e.Get(3).Set(9, first.Get(9).Clone())
			}
		}
	})})
	out = append(out, Case{"chunk of 50,000 empty pages", build(1, 5, column{name: "a", physical: typeInt64, pages: append(tiny[:50_000:50_000], good("a", 5).pages...)}).Bytes()})
	groups := build(10_000, 2, good("a", 2))
	out = append(out, Case{"chunk in each of 10,000 row groups", groups.Bytes()}, Case{"chunk in each of 10,000 row groups of no rows", build(10_000, 0, column{name: "a", physical: typeInt64}).Bytes()})
	none := build(1, math.MaxInt64)
	out = append(out, Case{"chunk of no columns with 2^63-1 rows", none.Bytes()})
	return out
}

// pageCases gives pages that lie.
func pageCases() []Case {
	var out []Case
	add := func(name string, rows int64, columns ...column) {
		out = append(out, Case{"page " + name, build(1, rows, columns...).Bytes()})
	}
	text := func(pages ...*Page) column { return column{name: "a", physical: typeByteArray, pages: pages} }
	dict := plainTexts("x", "yy", "zzz")
	sound := dictPage(3, len(dict), dict)
	codes := func(width byte, body ...byte) *Page {
		b := append([]byte{width}, body...)
		return dataPage(8, encDictionary, len(b), b)
	}
	add("of codes beyond the dictionary", 8, text(sound, codes(2, 3, 0xff, 0xff)))
	add("of a run beyond the dictionary", 8, text(sound, codes(8, 16, 200)))
	for _, w := range []byte{0, 17, 32, 33, 64, 255} {
		add(fmt.Sprintf("of codes of %d bits", w), 8, text(sound, codes(w, append([]byte{3}, bytes.Repeat([]byte{0xff}, 300)...)...)))
		add(fmt.Sprintf("of no codes of %d bits", w), 8, text(sound, codes(w)))
	}
	add("of a run of nothing", 8, text(sound, codes(2, 0, 0)))
	add("of 2^62 packed groups", 8, text(sound, codes(2, append(binary.AppendUvarint(nil, 1<<63|1), 0xff)...)))
	add("without dictionary", 8, text(codes(2, 16, 0)))
	add("with two dictionaries", 8, text(sound, sound, codes(2, 16, 0)))
	add("with a late dictionary", 8, text(codes(2, 16, 0), sound))
	for _, n := range []int64{-1, 0, 4, 1 << 20, math.MaxInt32, math.MinInt32} {
		add(fmt.Sprintf("with a dictionary of %d", n), 8, text(dictPage(n, len(dict), dict), codes(2, 16, 0)))
		b := plainInts(8)
		for id, what := range map[int16]string{1: "kind", 2: "raw size", 3: "size"} {
			p := dataPage(8, encPlain, len(b), b)
			p.Header.Set(id, Int32(n))
			add(fmt.Sprintf("of %s %d", what, n), 8, column{name: "a", physical: typeInt64, pages: []*Page{p}})
		}
		for id, what := range map[int16]string{1: "values", 2: "encoding", 3: "level encoding"} {
			p := dataPage(8, encPlain, len(b), b)
			p.Header.Get(5).Set(id, Int32(n))
			add(fmt.Sprintf("of %d as %s", n, what), 8, column{name: "a", physical: typeInt64, repeat: optional, pages: []*Page{p}})
			add(fmt.Sprintf("of %d as %s, not null", n, what), 8, column{name: "a", physical: typeInt64, pages: []*Page{p}})
		}
		for id, what := range map[int16]string{1: "values", 2: "nulls", 3: "rows", 5: "level bytes", 6: "repetition bytes"} {
			p := dataPageV2(8, 0, encPlain, 2, len(b)+2, append(run(8, 1), b...))
			p.Header.Get(8).Set(id, Int32(n))
			add(fmt.Sprintf("of version 2 with %d %s", n, what), 8, column{name: "a", physical: typeInt64, repeat: optional, pages: []*Page{p}})
		}
	}
	length := binary.LittleEndian.AppendUint32(nil, math.MaxUint32)
	add("of a string of 2^32-1 bytes", 1, text(dataPage(1, encPlain, 4, length)))
	add("of levels of 2^32-1 bytes", 1, column{name: "a", physical: typeInt64, repeat: optional, pages: []*Page{dataPage(1, encPlain, 4, length)}})
	add("of level 2", 8, column{name: "a", physical: typeInt64, repeat: optional, pages: []*Page{dataPage(8, encPlain, 70, append(levelsOf(8, 2), plainInts(8)...))}})
	for i, head := range [][]uint64{{0, 0, 8}, {128, 0, 8}, {128, 3, 8}, {1 << 40, 1, 8}, {128, 4, 1 << 40}, {128, 4, 9}, {128, 1 << 60, 8}, {127, 1, 8}} {
		var b []byte
		for _, h := range head {
			b = binary.AppendUvarint(b, h)
		}
		b = append(b, append([]byte{0, 0, 65, 64, 255, 0}, plainInts(8)...)...)
		for _, e := range []int64{encDelta, encDeltaLength, encDeltaString} {
			physical := int64(typeByteArray)
			if e == encDelta {
				physical = typeInt64
			}
			add(fmt.Sprintf("of deltas %d by encoding %d", i, e), 8, column{name: "a", physical: physical, pages: []*Page{dataPage(8, e, len(b), b)}})
		}
	}
	ints := plainInts(3)
	add("of too few streams", 8, column{name: "a", physical: typeDouble, pages: []*Page{dataPage(8, encSplit, len(ints), ints)}})
	days := bytes.Repeat([]byte{0xff}, 12*4)
	add("of days before time", 4, column{name: "a", physical: typeInt96, pages: []*Page{dataPage(4, encPlain, len(days), days)}})
	for _, c := range []int64{codecSnappy, codecGzip, codecBrotli, codecZstd, codecLZ4Raw, 3, 5} {
		noise := bytes.Repeat([]byte{0xfe, 0x01, 0x80}, 40)
		add(fmt.Sprintf("of noise by codec %d", c), 8, column{name: "a", physical: typeInt64, codec: c, pages: []*Page{dataPage(8, encPlain, 64, noise)}})
	}
	stats := dataPage(8, encPlain, 64, plainInts(8))
	stats.Header.Get(5).Set(5, Record(5, Text(strings.Repeat("m", 4<<20)), 6, Text(strings.Repeat("m", 4<<20))))
	add("with statistics of 8 MiB", 8, column{name: "a", physical: typeInt64, pages: []*Page{stats}})
	claim := uint64(1 << 30)
	endless := &Page{Header: Record(9, &Value{Wire: Binary, Claim: &claim}), Body: make([]byte, 3<<20)}
	add("whose header does not end", 8, column{name: "a", physical: typeInt64, pages: []*Page{endless}})
	wrong := dataPage(8, encPlain, 64, plainInts(8))
	wrong.Header.Set(pageCRC, Int32(1))
	f := build(1, 8, column{name: "a", physical: typeInt64, pages: []*Page{wrong}})
	data := f.Bytes()
	at := bytes.Index(data, plainInts(8))
	data[at] ^= 1
	return append(out, Case{"page with a wrong checksum", data})
}
