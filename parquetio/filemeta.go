package parquetio

import (
	"strconv"

	"github.com/apache/arrow-go/v18/parquet"
)

// fileMeta is a footer: FileMetaData of parquet.thrift, as far as reading needs it. Its texts and bounds lie in the footer's bytes.
type fileMeta struct {
	rows      int64
	createdBy string
	schema    []schemaElement // depth first; the root is the first
	leaves    []int32         // where the primitive columns are in schema
	groups    []groupMeta
	entries   map[string]string // the key-value metadata, those that have a value; not nil
	ordered   []bool            // by primitive column: its statistics follow the order that its type defines; may be too short
}

// leaf gives the schema element of a primitive column.
func (m *fileMeta) leaf(index int) *schemaElement { return &m.schema[m.leaves[index]] }

// schemaElement is SchemaElement: a field of the schema, or its root.
type schemaElement struct {
	name       string
	path       string // the name after those of the groups that the field is in, but the root's, with dots between
	physical   parquet.Type
	logical    logicalType
	length     int32 // bytes of a FIXED_LEN_BYTE_ARRAY
	repetition int32
	children   int32 // fields of a group, which come next; 0 of a primitive column
	end        int32 // the place in the schema of the first element that is not within this one
	fieldID    int32 // -1 when there is none
}

// String gives the types of a field, "INT32 Date".
func (e *schemaElement) String() string {
	text := e.physical.String()
	switch {
	case e.children > 0:
		text = "group"
	case e.physical == physFixed:
		text += "(" + strconv.Itoa(int(e.length)) + ")"
	}
	if e.logical.kind != logicalNone {
		text += " " + e.logical.String()
	}
	return text
}

// The numbers of FieldRepetitionType.
const (
	repeatOptional = 1
	repeatRepeated = 2
)

// groupMeta is RowGroup.
type groupMeta struct {
	rows    int64
	chunks  []chunkMeta // by primitive column
	sorting []sortingColumn
}

// sortingColumn is SortingColumn.
type sortingColumn struct {
	index      int32 // of a primitive column, or so it says
	descending bool
}

// chunkMeta is ColumnChunk and the ColumnMetaData in it.
type chunkMeta struct {
	values          int64
	raw, compressed int64 // bytes of the pages with their headers
	dataOffset      int64
	dictOffset      int64 // 0 when there is none
	bloomOffset     int64 // if hasBloom
	bloomLength     int32 // 0 when unknown
	codec           int32
	physical        parquet.Type
	columnIndex     indexPlace
	offsetIndex     indexPlace
	stats           chunkStats
	pages           []pageCount

	described bool // it has its ColumnMetaData
	elsewhere bool // its pages are in another file
	hasBloom  bool
}

// indexPlace is where a column index or an offset index is.
type indexPlace struct {
	offset           int64
	length           int32
	hasPlace, hasEnd bool // which of the two the footer has
}

// chunkStats is Statistics.
type chunkStats struct {
	known      bool   // the chunk has statistics
	min, max   []byte // bounds in the plain encoding; nil when there are none
	deprecated bool   // they are of the old fields, whose order was never agreed on, because the new ones are not there
	exact      bool   // both bounds are values that occur
	nulls      int64  // -1 when unknown
	nans       int64  // -1 when unknown
}

// pageCount is PageEncodingStats: the number of pages of a kind and an encoding.
type pageCount struct {
	kind  int32
	enc   encoding
	count int32
}

// isData tells whether the pages are data pages, and there are some.
func (p *pageCount) isData() bool { return p.count > 0 && (p.kind == pageData || p.kind == pageDataV2) }
