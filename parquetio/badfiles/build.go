package badfiles

import "encoding/binary"

// The numbers of parquet.thrift that crafted files use.
const (
	typeBoolean   = 0
	typeInt32     = 1
	typeInt64     = 2
	typeInt96     = 3
	typeDouble    = 5
	typeByteArray = 6
	typeFixed     = 7

	codecNone   = 0
	codecSnappy = 1
	codecGzip   = 2
	codecBrotli = 4
	codecZstd   = 6
	codecLZ4Raw = 7

	encPlain       = 0
	encRLE         = 3
	encDelta       = 5
	encDeltaLength = 6
	encDeltaString = 7
	encDictionary  = 8
	encSplit       = 9

	pageData   = 0
	pageDict   = 2
	pageDataV2 = 3

	required = 0
	optional = 1
)

// column is a column of a crafted file with one chunk per row group, the same in each.
type column struct {
	name     string
	physical int64
	repeat   int64
	extra    []any // further fields of the schema element
	codec    int64
	pages    []*Page
}

// element gives the column's schema element.
func (c *column) element() *Value {
	v := Record(1, Int32(c.physical), 3, Int32(c.repeat), 4, Text(c.name))
	for i := 0; i < len(c.extra); i += 2 {
		v.Set(int16(c.extra[i].(int)), c.extra[i+1].(*Value))
	}
	return v
}

// dataPage makes a data page of version 1. raw is what it says to be when decompressed.
func dataPage(values int64, encoding int64, raw int, body []byte) *Page {
	inner := Record(1, Int32(values), 2, Int32(encoding), 3, Int32(encRLE), 4, Int32(encRLE))
	return &Page{Header: Record(1, Int32(pageData), 2, Int32(int64(raw)), 3, Int32(int64(len(body))), 5, inner), Body: body}
}

// dictPage makes a dictionary page.
func dictPage(values int64, raw int, body []byte) *Page {
	return &Page{Header: Record(1, Int32(pageDict), 2, Int32(int64(raw)), 3, Int32(int64(len(body))), 7, Record(1, Int32(values), 2, Int32(encPlain))), Body: body}
}

// dataPageV2 makes a data page of version 2, whose body begins with levels.
func dataPageV2(values, nulls, encoding int64, levels int, raw int, body []byte) *Page {
	inner := Record(1, Int32(values), 2, Int32(nulls), 3, Int32(values), 4, Int32(encoding), 5, Int32(int64(levels)), 6, Int32(0))
	return &Page{Header: Record(1, Int32(pageDataV2), 2, Int32(int64(raw)), 3, Int32(int64(len(body))), 8, inner), Body: body}
}

// build makes a file of row groups of the same columns. The pages are in the file once for each row group.
func build(groups int, rows int64, columns ...column) *File {
	root := Record(4, Text("schema"), 5, Int32(int64(len(columns))))
	f := &File{}
	schema := ListOf(Struct, root)
	for i := range columns {
		schema.List = append(schema.List, columns[i].element())
	}
	list := ListOf(Struct)
	for range groups {
		var chunks []*Chunk
		entries := ListOf(Struct)
		for i := range columns {
			c := chunkOf(&columns[i], rows)
			chunks, entries.List = append(chunks, c), append(entries.List, c.Entry)
		}
		f.Groups = append(f.Groups, chunks)
		list.List = append(list.List, Record(1, entries, 2, Int64(0), 3, Int64(rows)))
	}
	f.Footer = Record(1, Int32(2), 2, schema, 3, Int64(rows*int64(groups)), 4, list, 6, Text("badfiles"))
	return f
}

func chunkOf(c *column, rows int64) *Chunk {
	raw, kind := int64(0), int64(encPlain)
	for _, p := range c.pages {
		if size := p.Header.Get(pageRaw); size != nil {
			raw += size.Int
		}
		if inner := p.Header.Get(5); inner != nil {
			kind = inner.Get(2).Int
		}
	}
	meta := Record(1, Int32(c.physical), 2, ListOf(I32, Int32(kind), Int32(encRLE)), 3, ListOf(Binary, Text(c.name)), 4, Int32(c.codec), 5, Int64(rows),
		6, Int64(raw), 7, Int64(0), 9, Int64(4))
	return &Chunk{Pages: c.pages, Meta: meta, Entry: Record(2, Int64(0), 3, meta)}
}

// plainInts gives n integers from 0 on.
func plainInts(n int) (b []byte) {
	for i := range n {
		b = binary.LittleEndian.AppendUint64(b, uint64(i))
	}
	return b
}

// plainTexts gives strings after their lengths.
func plainTexts(texts ...string) (b []byte) {
	for _, s := range texts {
		b = append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	return b
}

// run gives a run of n times a value in the RLE/bit-packing hybrid.
func run(n uint64, value byte) []byte { return append(binary.AppendUvarint(nil, n<<1), value) }

// runOf gives codes: a bit width, and a run of zeros.
func runOf(n uint64) []byte { return append([]byte{1}, run(n, 0)...) }

// levelsOf gives the levels of a page of version 1: their length and a run.
func levelsOf(n uint64, level byte) []byte {
	r := run(n, level)
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(r))), r...)
}

// good gives a sound column of n integers.
func good(name string, n int) column {
	b := plainInts(n)
	return column{name: name, physical: typeInt64, pages: []*Page{dataPage(int64(n), encPlain, len(b), b)}}
}
