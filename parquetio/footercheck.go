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
}

// wireElem is the type of a list's elements.
type wireElem struct {
	wire byte
	spec *wireSpec // of structures
}

// footerSpec is FileMetaData of parquet.thrift.
func footerSpec() *wireSpec {
	keyValue, leaf := wireElem{wireStruct, &wireSpec{}}, &wireSpec{}
	columnMeta := &wireSpec{
		lists: map[int16]wireElem{2: {wireI32, nil}, 3: {wireBinary, nil}, 8: keyValue, 13: {wireStruct, leaf}},
		structs: map[int16]*wireSpec{
			16: {lists: map[int16]wireElem{2: {wireI64, nil}, 3: {wireI64, nil}}}, // SizeStatistics
			17: {lists: map[int16]wireElem{2: {wireI32, nil}}},                    // GeospatialStatistics
		},
	}
	// The key with which a column is encrypted names the column's path.
	crypto := &wireSpec{structs: map[int16]*wireSpec{2: {lists: map[int16]wireElem{1: {wireBinary, nil}}}}}
	chunk := &wireSpec{structs: map[int16]*wireSpec{3: columnMeta, 8: crypto}}
	group := &wireSpec{lists: map[int16]wireElem{1: {wireStruct, chunk}, 4: {wireStruct, leaf}}}
	return &wireSpec{lists: map[int16]wireElem{2: {wireStruct, leaf}, 4: {wireStruct, group}, 5: keyValue, 7: {wireStruct, leaf}}}
}

const (
	footerSchema = 2 // the field of FileMetaData that is the schema
	// maxSchemaDepth is the deepest nesting of columns that is read.
	maxSchemaDepth = 100
)

var errSchema = errors.New("malformed schema")

// checkFooter proves that a footer can be parsed with memory in proportion to its length.
func checkFooter(b []byte) error {
	r := wireReader{b: b}
	c := footerCheck{r: &r}
	c.structure(footerSpec(), 0)
	if r.err != nil {
		return r.err
	}
	return checkTree(c.children)
}

// footerCheck walks a footer.
type footerCheck struct {
	r        *wireReader
	children []int32 // of each schema element, in the order of the list
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
	for ; n > 0 && r.err == nil; n-- {
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

// schemaElement takes note of a schema element's number of children, its field 5.
func (c *footerCheck) schemaElement() {
	r := c.r
	children := int32(0)
	for id, wire := r.field(0); wire != wireStop && r.err == nil; id, wire = r.field(id) {
		if id == 5 && wire == wireI32 {
			children = r.i32()
			continue
		}
		r.skip(wire, 1)
	}
	c.children = append(c.children, children)
}

// checkTree checks that the schema's elements, listed depth first, form one tree that is not too deep.
func checkTree(children []int32) error {
	if len(children) == 0 {
		return fmt.Errorf("%w: it is empty", errSchema)
	}
	var open []int32 // children that are still to come, from the root down
	for i, n := range children {
		if n < 0 || int(n) > len(children) || i > 0 && len(open) == 0 {
			return errSchema
		}
		if len(open) > 0 {
			open[len(open)-1]--
		}
		if n > 0 {
			open = append(open, n)
		}
		if len(open) > maxSchemaDepth {
			return fmt.Errorf("%w: columns are nested more than %d deep", errSchema, maxSchemaDepth)
		}
		for len(open) > 0 && open[len(open)-1] == 0 {
			open = open[:len(open)-1]
		}
	}
	if len(open) != 0 {
		return errSchema
	}
	return nil
}
