package badfiles

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

const magic = "PAR1"

// The fields of parquet.thrift that offsets and sizes are in.
const (
	fileGroups     = 4
	groupColumns   = 1
	groupBytes     = 2
	chunkMeta      = 3
	metaCompressed = 7
	metaDataPage   = 9
	metaIndexPage  = 10
	metaDictPage   = 11
	metaBloom      = 14
	metaBloomSize  = 15
	pageKind       = 1
	pageRaw        = 2
	pageSize       = 3
	pageCRC        = 4
	kindDictionary = 2
)

// File is a Parquet file taken apart.
type File struct {
	Footer *Value
	// Groups has the column chunks of each row group.
	Groups [][]*Chunk
}

// Chunk is a column chunk.
type Chunk struct {
	Pages []*Page
	// Meta is the chunk's ColumnMetaData in the footer.
	Meta *Value
	// Entry is its ColumnChunk.
	Entry *Value
}

// Page is a page: its header and what follows it, as it is in the file.
type Page struct {
	Header *Value
	Body   []byte
}

// Parse takes a good file apart. Page indexes and bloom filters are left out.
func Parse(data []byte) (*File, error) {
	n := int(binary.LittleEndian.Uint32(data[len(data)-8:]))
	footer, _, err := parseStruct(data[len(data)-8-n:])
	if err != nil {
		return nil, err
	}
	f := &File{Footer: footer}
	for _, g := range footer.Get(fileGroups).list() {
		var chunks []*Chunk
		for _, entry := range g.Get(groupColumns).list() {
			c := &Chunk{Entry: entry, Meta: entry.Get(chunkMeta)}
			if err := c.parse(data); err != nil {
				return nil, err
			}
			chunks = append(chunks, c)
		}
		f.Groups = append(f.Groups, chunks)
	}
	return f, nil
}

func (v *Value) list() []*Value {
	if v == nil {
		return nil
	}
	return v.List
}

// parse finds the chunk's pages.
func (c *Chunk) parse(data []byte) error {
	if n := c.Meta.Get(metaCompressed); n == nil || n.Int == 0 {
		return nil
	}
	from := int64(len(data))
	for _, id := range []int16{metaDataPage, metaDictPage} {
		if at := c.Meta.Get(id); at != nil && at.Int > 0 {
			from = min(from, at.Int)
		}
	}
	end := from + c.Meta.Get(metaCompressed).Int
	for from < min(end, int64(len(data))) {
		h, n, err := parseStruct(data[from:end])
		if err != nil {
			return fmt.Errorf("page at %d: %w", from, err)
		}
		from += int64(n)
		size := h.Get(pageSize).Int
		c.Pages = append(c.Pages, &Page{Header: h, Body: data[from : from+size]})
		from += size
	}
	return nil
}

// Clone gives a copy that shares the pages' bytes, which are not changed in place.
func (f *File) Clone() *File {
	c := &File{Footer: f.Footer.Clone()}
	entries := c.Footer.Get(fileGroups).list()
	for g, chunks := range f.Groups {
		var list []*Chunk
		for i, old := range chunks {
			entry := entries[g].Get(groupColumns).List[i]
			chunk := &Chunk{Entry: entry, Meta: entry.Get(chunkMeta)}
			for _, p := range old.Pages {
				chunk.Pages = append(chunk.Pages, &Page{Header: p.Header.Clone(), Body: p.Body})
			}
			list = append(list, chunk)
		}
		c.Groups = append(c.Groups, list)
	}
	return c
}

// Bytes puts the file together. Offsets and sizes of chunks and, where pages have them, checksums are made to fit; the sizes in page headers are written as
// they are.
func (f *File) Bytes() []byte { return f.WithFooter(nil) }

// WithFooter is Bytes; change may change the footer after offsets were put into it.
func (f *File) WithFooter(change func(footer *Value)) []byte {
	b := []byte(magic)
	for g, chunks := range f.Groups {
		total := int64(0)
		for _, c := range chunks {
			from := len(b)
			b = c.append(b)
			total += int64(len(b) - from)
		}
		if group := f.Footer.Get(fileGroups).List[g]; group.Get(groupBytes) != nil {
			group.Get(groupBytes).Int = total
		}
	}
	if change != nil {
		change(f.Footer)
	}
	return Close(b, f.Footer.Append(nil))
}

// Close appends a footer to what precedes it.
func Close(b, footer []byte) []byte {
	b = append(b, footer...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(footer)))
	return append(b, magic...)
}

// append appends the chunk's pages and notes where they are.
func (c *Chunk) append(b []byte) []byte {
	from := len(b)
	data, dict := int64(-1), int64(-1)
	for _, p := range c.Pages {
		at := int64(len(b))
		if kind := p.Header.Get(pageKind); kind != nil && kind.Int == kindDictionary {
			dict = at
		} else if data < 0 {
			data = at
		}
		if crc := p.Header.Get(pageCRC); crc != nil {
			crc.Int = int64(int32(crc32.ChecksumIEEE(p.Body)))
		}
		b = append(p.Header.Append(b), p.Body...)
	}
	if data < 0 {
		data = int64(from)
	}
	c.Meta.Set(metaDataPage, Int64(data))
	c.Meta.Set(metaDictPage, nil)
	if dict >= 0 {
		c.Meta.Set(metaDictPage, Int64(dict))
	}
	c.Meta.Set(metaCompressed, Int64(int64(len(b)-from)))
	for _, id := range []int16{metaIndexPage, metaBloom, metaBloomSize} {
		c.Meta.Set(id, nil)
	}
	for id := int16(4); id <= 7; id++ { // the page index
		c.Entry.Set(id, nil)
	}
	return b
}
