package parquetio

import (
	"errors"
	"fmt"
)

// Before arrow-go parses a footer, checkFooter walks it. The Thrift code believes the size of a list and allocates by it, and ignores the type
// that the list says its elements have; arrow-go allocates by the number of children in a schema element, and descends the schema by recursion,
// which for Go ends in a stack overflow that nobody can recover from. So a hostile footer must not get that far.

// wireSpec says what parquet.thrift has in a structure, as far as lists go: where they are and what they hold. Fields that are not named are
// skipped by their wire type, here as there.
type wireSpec struct {
	lists   map[int16]wireElem
	structs map[int16]*wireSpec
	cost    int64 // of a structure that is a field
}

// wireElem is the type of a list's elements.
type wireElem struct {
	wire byte
	spec *wireSpec // of structures
	cost int64     // what an element takes in memory, with the pointer to it; strings count by their bytes besides
}

// What the structures take when they are parsed: the sizes of arrow-go's types with the integers that they point to, and what we make of them. A byte
// of a footer can stand for a whole structure.
const (
	costElement = 1024 // of the schema: arrow-go's node and column, our column and leaf, the entries of maps
	costGroup   = 256
	costChunk   = 256
	costMeta    = 640 // of a chunk, its statistics included
	costEntry   = 160 // of the metadata, with its place in a map
	costLeaf    = 96  // of sorting columns, encoding statistics and column orders
	costNumber  = 24
	costText    = 32
)

// footerSpec is FileMetaData of parquet.thrift.
func footerSpec() *wireSpec {
	keyValue, leaf := wireElem{wireStruct, &wireSpec{}, costEntry}, &wireSpec{}
	columnMeta := &wireSpec{
		lists: map[int16]wireElem{
			2: {wireI32, nil, costNumber}, 3: {wireBinary, nil, costText}, 8: keyValue, 13: {wireStruct, leaf, costLeaf},
		},
		structs: map[int16]*wireSpec{
			16: {lists: map[int16]wireElem{2: {wireI64, nil, costNumber}, 3: {wireI64, nil, costNumber}}}, // SizeStatistics
			17: {lists: map[int16]wireElem{2: {wireI32, nil, costNumber}}},                                // GeospatialStatistics
		},
		cost: costMeta,
	}
	// The key with which a column is encrypted names the column's path.
	crypto := &wireSpec{structs: map[int16]*wireSpec{2: {lists: map[int16]wireElem{1: {wireBinary, nil, costText}}}}}
	chunk := &wireSpec{structs: map[int16]*wireSpec{3: columnMeta, 8: crypto}}
	group := &wireSpec{lists: map[int16]wireElem{1: {wireStruct, chunk, costChunk}, 4: {wireStruct, leaf, costLeaf}}}
	return &wireSpec{lists: map[int16]wireElem{
		2: {wireStruct, leaf, costElement}, 4: {wireStruct, group, costGroup}, 5: keyValue, 7: {wireStruct, leaf, costLeaf},
	}}
}

const (
	footerSchema = 2 // the field of FileMetaData that is the schema
	// maxSchemaDepth is the deepest nesting of columns that is read.
	maxSchemaDepth = 100
)

var errSchema = errors.New("malformed schema")

// checkFooter proves that a footer can be parsed within limit bytes of memory, and finds what must be cut out of it before.
func checkFooter(b []byte, limit int64) ([]cut, error) {
	r := wireReader{b: b}
	c := footerCheck{r: &r, left: limit - 2*int64(len(b))} // the bytes themselves, and the strings that are copied out of them
	c.structure(footerSpec(), 0)
	if r.err != nil {
		return nil, r.err
	}
	return c.cuts, c.tree()
}

// footerCheck walks a footer.
type footerCheck struct {
	r        *wireReader
	left     int64   // of the limit
	children []int32 // of each schema element, in the order of the list
	names    []int   // their lengths
	cuts     []cut
}

// spend takes n bytes of the limit.
func (c *footerCheck) spend(n int64) {
	if c.left -= n; c.left < 0 {
		c.r.fail(errTooMuch)
	}
}

func (c *footerCheck) structure(spec *wireSpec, depth int) {
	r := c.r
	for id, wire := r.field(0); wire != wireStop && r.err == nil; id, wire = r.field(id) {
		elem, isList := spec.lists[id]
		inner := spec.structs[id]
		switch {
		case wire == wireList && isList:
			c.list(elem, depth == 0 && id == footerSchema, depth+1)
		case wire == wireStruct && inner != nil:
			c.spend(inner.cost)
			c.structure(inner, depth+1)
		default:
			r.skip(wire, depth)
		}
	}
}

func (c *footerCheck) list(elem wireElem, isSchema bool, depth int) {
	r := c.r
	n, wire := r.list()
	if n > 0 && wire != elem.wire {
		r.fail(errWireBad)
	}
	if isSchema {
		c.children, c.names = c.children[:0], c.names[:0] // of a list that is there twice the last counts
	}
	for ; n > 0 && r.err == nil; n-- {
		c.spend(elem.cost)
		switch {
		case isSchema:
			c.schemaElement()
		case elem.spec != nil:
			c.structure(elem.spec, depth)
		default:
			r.skipElem(wire, depth)
		}
	}
}

// schemaElement takes note of a schema element's name, its field 4, of its number of children, its field 5, and of a logical type, its field 10, that is not
// known.
func (c *footerCheck) schemaElement() {
	r := c.r
	children, name, strange := int32(0), 0, -1
	from := r.pos
	for id, wire := r.field(0); wire != wireStop && r.err == nil; id, wire = r.field(id) {
		if id <= footerLogicalType {
			strange = -1
		}
		switch {
		case id == footerLogicalType && wire == wireStruct:
			if !logicalTypeKnown(r) {
				strange = from
			}
		case id == 4 && wire == wireBinary:
			name = len(r.binary())
		case id == 5 && wire == wireI32:
			children = r.i32()
		default:
			r.skip(wire, 1)
		}
		from = r.pos
	}
	if strange >= 0 && r.err == nil { // from there on to the end there is nothing that is known
		c.cuts = append(c.cuts, cut{strange, from})
	}
	c.children, c.names = append(c.children, children), append(c.names, name)
}

// tree checks that the schema's elements, listed depth first, form one tree that is not too deep, and that the paths of its columns, in which the names of
// all groups above them are written out, are not too long together.
func (c *footerCheck) tree() error {
	if len(c.children) == 0 {
		return fmt.Errorf("%w: it is empty", errSchema)
	}
	var open []int32 // children that are still to come, from the root down
	var paths []int  // the lengths of the paths of the groups that they belong to
	path := 0
	for i, n := range c.children {
		if n < 0 || int(n) > len(c.children) || i > 0 && len(open) == 0 {
			return errSchema
		}
		if len(open) > 0 {
			open[len(open)-1]--
		}
		if c.spend(2 * int64(path+c.names[i])); c.r.err != nil {
			return fmt.Errorf("%w: the names of its columns: %w", errSchema, c.r.err)
		}
		if n > 0 {
			path += c.names[i] + 1
			open, paths = append(open, n), append(paths, path)
		}
		if len(open) > maxSchemaDepth {
			return fmt.Errorf("%w: columns are nested more than %d deep", errSchema, maxSchemaDepth)
		}
		for len(open) > 0 && open[len(open)-1] == 0 {
			open, paths = open[:len(open)-1], paths[:len(paths)-1]
		}
		if path = 0; len(paths) > 0 {
			path = paths[len(paths)-1]
		}
	}
	if len(open) != 0 {
		return errSchema
	}
	return nil
}
