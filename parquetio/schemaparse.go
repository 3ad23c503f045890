package parquetio

import (
	"errors"
	"fmt"

	"github.com/apache/arrow-go/v18/parquet"
)

// maxSchemaDepth is the deepest nesting of columns that is read.
const maxSchemaDepth = 100

var errSchema = errors.New("malformed schema")

// element reads SchemaElement.
func (p *footerParser) element(e *schemaElement) {
	*e = schemaElement{fieldID: -1}
	seen, converted, precision, scale := uint32(0), int32(-1), int32(0), int32(0)
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		switch tag(id, wire) {
		case 1<<4 | wireI32:
			e.physical = parquet.Type(p.low32())
		case 2<<4 | wireI32:
			e.length = p.low32()
		case 3<<4 | wireI32:
			e.repetition = p.low32()
		case 4<<4 | wireBinary:
			e.name = p.string()
		case 5<<4 | wireI32:
			e.children = p.i32()
		case 6<<4 | wireI32:
			converted = p.low32()
		case 7<<4 | wireI32:
			scale = p.low32()
		case 8<<4 | wireI32:
			precision = p.low32()
		case 9<<4 | wireI32:
			e.fieldID = p.low32()
		case 10<<4 | wireStruct:
			e.logical = p.logicalType()
		default:
			p.skip(wire, 1)
			continue
		}
		seen |= 1 << id
	}
	p.require("SchemaElement", seen, 1<<4)
	if e.logical.kind == logicalNone {
		e.logical = convertedType(converted, precision, scale)
	}
}

// logicalType reads LogicalType, a union: should it have several members, the first by number counts.
func (p *footerParser) logicalType() (l logicalType) {
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		if wire != wireStruct || id <= 0 || id > int16(logicalGeography) || id == 9 {
			p.skip(wire, 1)
			continue
		}
		one := logicalType{kind: logicalKind(id)}
		switch one.kind {
		case logicalDecimal:
			p.decimal(&one)
		case logicalTime, logicalTimestamp:
			p.timeType(&one)
		case logicalInteger:
			p.integer(&one)
		case logicalGeometry, logicalGeography:
			p.geography(&one)
		default:
			p.skip(wire, 1)
		}
		if one.kind != logicalNone && (l.kind == logicalNone || one.kind <= l.kind) {
			l = one
		}
	}
	return l
}

// decimal reads DecimalType.
func (p *footerParser) decimal(l *logicalType) {
	seen := uint32(0)
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		switch tag(id, wire) {
		case 1<<4 | wireI32:
			l.scale = p.low32()
		case 2<<4 | wireI32:
			l.precision = p.low32()
		default:
			p.skip(wire, 1)
			continue
		}
		seen |= 1 << id
	}
	p.require("DecimalType", seen, 1<<1|1<<2)
}

// integer reads IntType.
func (p *footerParser) integer(l *logicalType) {
	seen := uint32(0)
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		switch tag(id, wire) {
		case 1<<4 | wireByte:
			l.width = int8(p.byte())
		case 2<<4 | wireTrue, 2<<4 | wireFalse:
			l.signed = wire == wireTrue
		default:
			p.skip(wire, 1)
			continue
		}
		seen |= 1 << id
	}
	p.require("IntType", seen, 1<<1|1<<2)
}

// timeType reads TimeType or TimestampType, which are alike. One of a unit that is not known is no type that is known.
func (p *footerParser) timeType(l *logicalType) {
	seen := uint32(0)
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		switch tag(id, wire) {
		case 1<<4 | wireTrue, 1<<4 | wireFalse:
			l.utc = wire == wireTrue
		case 2<<4 | wireStruct:
			l.unit = p.timeUnit()
		default:
			p.skip(wire, 1)
			continue
		}
		seen |= 1 << id
	}
	if l.unit == unitNone {
		l.kind = logicalNone
		return
	}
	p.require("TimeType", seen, 1<<1|1<<2)
}

// timeUnit reads TimeUnit, a union.
func (p *footerParser) timeUnit() (unit timeUnit) {
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		if u := timeUnit(id); wire == wireStruct && id > 0 && id <= int16(unitNanos) && (unit == unitNone || u < unit) {
			unit = u
		}
		p.skip(wire, 1)
	}
	return unit
}

// edgeAlgorithms are the names of EdgeInterpolationAlgorithm.
var edgeAlgorithms = [...]string{"spherical", "vincenty", "thomas", "andoyer", "karney"}

// geography reads GeometryType or GeographyType, which has an algorithm besides.
func (p *footerParser) geography(l *logicalType) {
	crs, edges := "", ""
	for id, wire := p.field(0); wire != wireStop; id, wire = p.field(id) {
		switch {
		case tag(id, wire) == 1<<4|wireBinary:
			crs = p.string()
		case tag(id, wire) == 2<<4|wireI32 && l.kind == logicalGeography:
			n := p.low32()
			if n < 0 || int(n) >= len(edgeAlgorithms) {
				n = 0
			}
			edges = edgeAlgorithms[n]
		default:
			p.skip(wire, 1)
		}
	}
	if crs == "" && edges == "" {
		return
	}
	if crs == "" {
		crs = "OGC:CRS84"
	}
	if edges == "" {
		edges = edgeAlgorithms[0]
	}
	if l.detail = "(crs=" + crs + ")"; l.kind == logicalGeography {
		l.detail = "(crs=" + crs + ", algorithm=" + edges + ")"
	}
}

// tree checks that the schema's elements, listed depth first, form one tree that is not too deep, and writes out the paths of its fields, in which the names of
// all groups above them are, as far as the limit allows.
func (p *footerParser) tree(m *fileMeta) error {
	if len(m.schema) == 0 {
		return fmt.Errorf("%w: it is empty", errSchema)
	}
	type level struct{ at, left int32 } // a group, and its children that are still to come
	open := make([]level, 0, maxSchemaDepth+1)
	m.leaves = make([]int32, 0, len(m.schema)-1)
	for i := range m.schema {
		e := &m.schema[i]
		if e.children < 0 || int(e.children) > len(m.schema) || i > 0 && len(open) == 0 {
			return errSchema
		}
		if e.path = e.name; len(open) > 1 {
			above := m.schema[open[len(open)-1].at].path
			if p.spend(2 * int64(len(above)+len(e.name)+1)); p.err != nil {
				return fmt.Errorf("%w: the names of its columns: %w", errSchema, p.err)
			}
			e.path = above + "." + e.name
		}
		if len(open) > 0 {
			open[len(open)-1].left--
		}
		switch {
		case e.children > 0:
			open = append(open, level{int32(i), e.children})
		case i > 0:
			m.leaves = append(m.leaves, int32(i))
		}
		if len(open) > maxSchemaDepth {
			return fmt.Errorf("%w: columns are nested more than %d deep", errSchema, maxSchemaDepth)
		}
		e.end = int32(i + 1)
		for len(open) > 0 && open[len(open)-1].left == 0 {
			m.schema[open[len(open)-1].at].end = int32(i + 1)
			open = open[:len(open)-1]
		}
	}
	if len(open) != 0 {
		return errSchema
	}
	return nil
}
