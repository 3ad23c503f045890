package parquetio

import (
	"fmt"
	"math/bits"
	"unsafe"

	"github.com/apache/arrow-go/v18/parquet"
)

// What the structures of a footer take when they are parsed, with what is made of them when the file is opened. A byte of a footer can stand for many in
// memory, so each list is taken from the limit before there is room for it.
const (
	costElement = int64(unsafe.Sizeof(schemaElement{})+unsafe.Sizeof(Column{})+unsafe.Sizeof(leaf{})) + 64 // and its places in lists and in a map
	costGroup   = int64(unsafe.Sizeof(groupMeta{}))
	costChunk   = int64(unsafe.Sizeof(chunkMeta{})) + 16 // and its place among those that must not overlap
	costSorting = int64(unsafe.Sizeof(sortingColumn{}))
	costPages   = 2 * int64(unsafe.Sizeof(pageCount{}))
	costEntry   = 160 // of the metadata, in a map
	costOrder   = 1
)

// footerParser reads a footer in one pass. Fields of types that parquet.thrift does not give them are passed over, as are those that are not known; of a field
// that is there twice the last counts.
type footerParser struct {
	wireReader
	text string // the footer's bytes, which do not change any more
	left int64  // of the limit
	room []pageCount
	lack error // the first structure that lacks a field that it must have
}

// parseFooter reads a footer within limit bytes of memory. The result refers to b, which belongs to it from now on.
func parseFooter(b []byte, limit int64) (*fileMeta, error) {
	p := footerParser{wireReader: wireReader{b: b}, text: unsafe.String(unsafe.SliceData(b), len(b)), left: limit - 2*int64(len(b))}
	m := &fileMeta{}
	p.file(m)
	if p.err != nil {
		return nil, p.err
	}
	if m.entries == nil {
		m.entries = map[string]string{}
	}
	if err := p.tree(m); err != nil {
		return nil, err
	}
	if p.lack != nil {
		return nil, p.lack
	}
	return m, m.fit()
}

// spend takes n bytes of the limit.
func (p *footerParser) spend(n int64) {
	if p.left -= n; p.left < 0 {
		p.fail(errTooMuch)
	}
}

// require takes note of a structure in which a field is missing. Both are sets of field numbers, as bits.
func (p *footerParser) require(what string, seen, fields uint32) {
	if missing := fields &^ seen; missing != 0 && p.lack == nil && p.err == nil {
		p.lack = fmt.Errorf("%s lacks field %d", what, bits.TrailingZeros32(missing))
	}
}

// elements reads the header of a list whose elements must have a type, and takes what they cost.
func (p *footerParser) elements(wire byte, cost int64) int {
	n, is := p.list()
	if n > 0 && is != wire {
		p.fail(errWireBad)
	}
	if p.spend(int64(n) * cost); p.err != nil {
		return 0
	}
	return int(n)
}

// skipElements passes over a list whose elements must have a type.
func (p *footerParser) skipElements(wire byte) {
	for n := p.elements(wire, 0); n > 0 && p.err == nil; n-- {
		p.skipElem(wire, 1)
	}
}

// skipLists passes over a structure of which some fields, as bits, are such lists.
func (p *footerParser) skipLists(wire byte, fields uint32) {
	for id, w := p.field(0); w != wireStop; id, w = p.field(id) {
		if w == wireList && id > 0 && id < 32 && fields>>id&1 != 0 {
			p.skipElements(wire)
		} else {
			p.skip(w, 1)
		}
	}
}

// string reads a text, which shares the footer's memory.
func (p *footerParser) string() string {
	n := len(p.binary())
	return p.text[p.pos-n : p.pos]
}

// low32 reads a 32-bit integer as Thrift's own readers do: of a longer one the low bits count.
func (p *footerParser) low32() int32 {
	u := uint32(p.uvarint())
	return int32(u>>1) ^ -int32(u&1)
}

// A field's number and its wire type together are what the parser's switches know a field by: number<<4 | type.
func tag(id int16, wire byte) int { return int(id)<<4 | int(wire) }

// file reads FileMetaData.
func (p *footerParser) file(m *fileMeta) {
	seen := uint32(0)
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		switch tag(id, wire) {
		case 1<<4 | wireI32: // the version
			p.skip(wire, 1)
		case 2<<4 | wireList:
			n := p.elements(wireStruct, costElement)
			m.schema = make([]schemaElement, n)
			for i := 0; i < n && p.err == nil; i++ {
				p.element(&m.schema[i])
			}
		case 3<<4 | wireI64:
			m.rows = p.varint()
		case 4<<4 | wireList:
			n := p.elements(wireStruct, costGroup)
			m.groups = make([]groupMeta, n)
			for i := 0; i < n && p.err == nil; i++ {
				p.rowGroup(&m.groups[i])
			}
		case 5<<4 | wireList:
			n := p.elements(wireStruct, costEntry)
			m.entries = make(map[string]string, n)
			for ; n > 0 && p.err == nil; n-- {
				if key, value, ok := p.keyValue(); ok {
					m.entries[key] = value
				}
			}
		case 6<<4 | wireBinary:
			m.createdBy = p.string()
		case 7<<4 | wireList:
			n := p.elements(wireStruct, costOrder)
			m.ordered = make([]bool, n)
			for i := 0; i < n && p.err == nil; i++ {
				m.ordered[i] = p.typeOrder()
			}
		default:
			p.skip(wire, 1)
			continue
		}
		seen |= 1 << id
	}
	p.require("FileMetaData", seen, 1<<1|1<<2|1<<3|1<<4)
}

// keyValue reads KeyValue; ok is false when it has no value.
func (p *footerParser) keyValue() (key, value string, ok bool) {
	seen := uint32(0)
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		switch tag(id, wire) {
		case 1<<4 | wireBinary:
			key = p.string()
		case 2<<4 | wireBinary:
			value, ok = p.string(), true
		default:
			p.skip(wire, 1)
			continue
		}
		seen |= 1 << id
	}
	p.require("KeyValue", seen, 1<<1)
	return key, value, ok
}

// typeOrder reads ColumnOrder and tells whether it is that of the type.
func (p *footerParser) typeOrder() (yes bool) {
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		yes = yes || tag(id, wire) == 1<<4|wireStruct
		p.skip(wire, 1)
	}
	return yes
}

// rowGroup reads RowGroup.
func (p *footerParser) rowGroup(g *groupMeta) {
	seen := uint32(0)
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		switch tag(id, wire) {
		case 1<<4 | wireList:
			n := p.elements(wireStruct, costChunk)
			g.chunks = make([]chunkMeta, n)
			for i := 0; i < n && p.err == nil; i++ {
				p.chunk(&g.chunks[i])
			}
		case 2<<4 | wireI64: // the bytes, which the chunks have too
			p.skip(wire, 1)
		case 3<<4 | wireI64:
			g.rows = p.varint()
		case 4<<4 | wireList:
			n := p.elements(wireStruct, costSorting)
			g.sorting = make([]sortingColumn, n)
			for i := 0; i < n && p.err == nil; i++ {
				p.sortingColumn(&g.sorting[i])
			}
		default:
			p.skip(wire, 1)
			continue
		}
		seen |= 1 << id
	}
	p.require("RowGroup", seen, 1<<1|1<<2|1<<3)
}

// sortingColumn reads SortingColumn.
func (p *footerParser) sortingColumn(s *sortingColumn) {
	seen := uint32(0)
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		switch tag(id, wire) {
		case 1<<4 | wireI32:
			s.index = p.low32()
		case 2<<4 | wireTrue, 2<<4 | wireFalse:
			s.descending = wire == wireTrue
		case 3<<4 | wireTrue, 3<<4 | wireFalse: // NULLs first
		default:
			p.skip(wire, 1)
			continue
		}
		seen |= 1 << id
	}
	p.require("SortingColumn", seen, 1<<1|1<<2|1<<3)
}

// chunk reads ColumnChunk.
func (p *footerParser) chunk(c *chunkMeta) {
	seen := uint32(0)
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		switch tag(id, wire) {
		case 1<<4 | wireBinary:
			c.elsewhere = len(p.binary()) > 0
		case 2<<4 | wireI64: // where a second copy of the metadata is, or was to be
			p.skip(wire, 1)
		case 3<<4 | wireStruct:
			p.chunkMeta(c)
		case 4<<4 | wireI64:
			c.offsetIndex.offset, c.offsetIndex.hasPlace = p.varint(), true
		case 5<<4 | wireI32:
			c.offsetIndex.length, c.offsetIndex.hasEnd = p.low32(), true
		case 6<<4 | wireI64:
			c.columnIndex.offset, c.columnIndex.hasPlace = p.varint(), true
		case 7<<4 | wireI32:
			c.columnIndex.length, c.columnIndex.hasEnd = p.low32(), true
		case 8<<4 | wireStruct:
			p.crypto()
		default:
			p.skip(wire, 1)
			continue
		}
		seen |= 1 << id
	}
	p.require("ColumnChunk", seen, 1<<2)
}

// crypto passes over ColumnCryptoMetaData: the key with which a column is encrypted names the column's path.
func (p *footerParser) crypto() {
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		if tag(id, wire) == 2<<4|wireStruct {
			p.skipLists(wireBinary, 1<<1)
		} else {
			p.skip(wire, 1)
		}
	}
}

// chunkMeta reads ColumnMetaData.
func (p *footerParser) chunkMeta(c *chunkMeta) {
	*c = chunkMeta{described: true, elsewhere: c.elsewhere, columnIndex: c.columnIndex, offsetIndex: c.offsetIndex}
	seen := uint32(0)
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		switch tag(id, wire) {
		case 1<<4 | wireI32:
			c.physical = parquet.Type(p.low32())
		case 2<<4 | wireList: // encodings
			p.skipElements(wireI32)
		case 3<<4 | wireList: // the path
			p.skipElements(wireBinary)
		case 4<<4 | wireI32:
			c.codec = p.low32()
		case 5<<4 | wireI64:
			c.values = p.varint()
		case 6<<4 | wireI64:
			c.raw = p.varint()
		case 7<<4 | wireI64:
			c.compressed = p.varint()
		case 8<<4 | wireList:
			for n := p.elements(wireStruct, 0); n > 0 && p.err == nil; n-- {
				p.keyValue()
			}
		case 9<<4 | wireI64:
			c.dataOffset = p.varint()
		case 11<<4 | wireI64:
			c.dictOffset = p.varint()
		case 12<<4 | wireStruct:
			p.statistics(&c.stats)
		case 13<<4 | wireList:
			p.pageCounts(c)
		case 14<<4 | wireI64:
			c.bloomOffset, c.hasBloom = p.varint(), true
		case 15<<4 | wireI32:
			c.bloomLength = p.low32()
		case 16<<4 | wireStruct: // SizeStatistics: two histograms
			p.skipLists(wireI64, 1<<2|1<<3)
		case 17<<4 | wireStruct: // GeospatialStatistics: types
			p.skipLists(wireI32, 1<<2)
		default:
			p.skip(wire, 1)
			continue
		}
		seen |= 1 << id
	}
	p.require("ColumnMetaData", seen, 1<<1|1<<2|1<<3|1<<4|1<<5|1<<6|1<<7|1<<9)
}

// statistics reads Statistics.
func (p *footerParser) statistics(s *chunkStats) {
	*s = chunkStats{known: true, nulls: -1, nans: -1}
	var oldMin, oldMax []byte
	exactMin, exactMax := false, false
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		switch tag(id, wire) {
		case 1<<4 | wireBinary:
			oldMax = p.binary()
		case 2<<4 | wireBinary:
			oldMin = p.binary()
		case 3<<4 | wireI64:
			s.nulls = p.varint()
		case 5<<4 | wireBinary:
			s.max = p.binary()
		case 6<<4 | wireBinary:
			s.min = p.binary()
		case 7<<4 | wireTrue, 7<<4 | wireFalse:
			exactMax = wire == wireTrue
		case 8<<4 | wireTrue, 8<<4 | wireFalse:
			exactMin = wire == wireTrue
		case 9<<4 | wireI64:
			s.nans = p.varint()
		default:
			p.skip(wire, 1)
		}
	}
	s.exact = exactMin && exactMax
	if s.min == nil && s.max == nil {
		s.min, s.max, s.deprecated = oldMin, oldMax, true
	}
}

// pageCounts reads a list of PageEncodingStats. Chunks have one or two each, so that many share an allocation.
func (p *footerParser) pageCounts(c *chunkMeta) {
	n := p.elements(wireStruct, costPages)
	if n > len(p.room) {
		p.room = make([]pageCount, max(n, 64))
	}
	c.pages, p.room = p.room[:n:n], p.room[n:]
	for i := 0; i < n && p.err == nil; i++ {
		s, seen := &c.pages[i], uint32(0)
		for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
			switch tag(id, wire) {
			case 1<<4 | wireI32:
				s.kind = p.low32()
			case 2<<4 | wireI32:
				s.enc = encoding(p.low32())
			case 3<<4 | wireI32:
				s.count = p.low32()
			default:
				p.skip(wire, 1)
				continue
			}
			seen |= 1 << id
		}
		p.require("PageEncodingStats", seen, 1<<1|1<<2|1<<3)
	}
}
