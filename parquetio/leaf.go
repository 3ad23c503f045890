package parquetio

import (
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/stoadb/stoa/arrowschema"
)

// kind says how values that were decoded become elements of a vector.
type kind uint8

const (
	kindDirect       kind = iota // they are the elements
	kindText                     // strings that must be UTF-8 without zero bytes
	kindJSONB                    // JSON, which is made canonical
	kindDate                     // days, with the infinities of Parquet's 32 bits
	kindTime                     // microseconds that must be within a day
	kindTimestamp                // microseconds that must be within PostgreSQL's range
	kindTimeMillis               // milliseconds → microseconds
	kindTimeNanos                // nanoseconds → microseconds
	kindMillis                   // of timestamps
	kindNanos                    // of timestamps
	kindUnsigned                 // integers of which the low bits bits count
	kindUint64                   // → numeric
	kindDecimalInt               // → numeric
	kindDecimalBytes             // two's complement, big-endian → numeric
	kindNumericText              // PostgreSQL's text → numeric
	kindIntervalText             // PostgreSQL's text → interval
	kindUUIDText                 // PostgreSQL's text → uuid
	kindTimeText                 // PostgreSQL's text → time
	kindIntervalBin              // months, days and milliseconds in 12 bytes → interval
	kindFloat16                  // half precision in 2 bytes → real
	kindNull                     // whatever is there, it is NULL
	kindRefused                  // no column of ours: reading it is an error 0A000
)

// leaf is a readable column: where it is in the file and how it is read.
type leaf struct {
	index    int // ordinal among the file's primitive columns; -1 when nested
	first, n int // the primitive columns of the field
	physical parquet.Type
	width    int // bytes of a FIXED_LEN_BYTE_ARRAY
	optional bool
	typ      arrowschema.Type
	kind     kind
	scale    int    // of a decimal
	bits     int    // of an unsigned integer
	coded    bool   // dictionary-coded chunks stay so
	bare     bool   // nothing is said of its bytes
	checked  kind   // the kind that a column of ours would have in a file of others
	refusal  string // why it cannot be read
}

// columnsOf maps the fields of a file's schema. types names the SQL types of a file of ours, and is nil for others. The values of a foreign file are checked,
// whatever it says.
func columnsOf(sc *schema.Schema, types map[string]arrowschema.Type, profile Profile, foreign bool) ([]Column, []leaf) {
	root := sc.Root()
	columns, leaves := make([]Column, root.NumFields()), make([]leaf, root.NumFields())
	next := 0
	for i := range columns {
		node := root.Field(i)
		l := leaf{index: -1, kind: kindRefused, optional: true, refusal: "it is a nested column"}
		n := countLeaves(node)
		if p, ok := node.(*schema.PrimitiveNode); ok && node.RepetitionType() != parquet.Repetitions.Repeated {
			l = leafOf(p, next)
			l.own(types[node.Name()], profile, foreign)
		}
		l.first, l.n = next, n
		next += n
		l.coded = l.typ.Physical() == arrowschema.Strings || l.typ.Physical() == arrowschema.Decs || l.typ.Physical() == arrowschema.Intervals
		columns[i] = Column{Name: node.Name(), Type: l.typ, Nullable: l.optional, FieldID: node.FieldID()}
		leaves[i] = l
	}
	return columns, leaves
}

func countLeaves(n schema.Node) int {
	g, ok := n.(*schema.GroupNode)
	if !ok {
		return 1
	}
	total := 0
	for i := range g.NumFields() {
		total += countLeaves(g.Field(i))
	}
	return total
}

// leafOf maps a primitive column by its physical and its logical type.
func leafOf(n *schema.PrimitiveNode, index int) leaf {
	l := leaf{index: index, physical: n.PhysicalType(), width: n.TypeLength(), optional: n.RepetitionType() == parquet.Repetitions.Optional}
	switch l.physical {
	case physBoolean:
		l.typ = arrowschema.Bool
	case physInt32, physInt64:
		l.integer(n.LogicalType())
	case physInt96:
		l.typ, l.kind = arrowschema.Timestamp, kindTimestamp
	case physFloat:
		l.typ = arrowschema.Float4
	case physDouble:
		l.typ = arrowschema.Float8
	case physByteArray, physFixed:
		l.bytes(n.LogicalType())
	default:
		l.refuse("its physical type is unknown")
	}
	if _, ok := n.LogicalType().(schema.NullLogicalType); ok {
		l.typ, l.kind = arrowschema.Text, kindNull
	}
	return l
}

func (l *leaf) refuse(why string) { l.kind, l.typ, l.refusal = kindRefused, arrowschema.Unknown, why }

// integer maps INT32 and INT64.
func (l *leaf) integer(logical schema.LogicalType) {
	l.typ = arrowschema.Int4
	if l.physical == physInt64 {
		l.typ = arrowschema.Int8
	}
	switch t := logical.(type) {
	case schema.IntLogicalType:
		l.sized(int(t.BitWidth()), t.IsSigned())
	case schema.DateLogicalType:
		l.typ, l.kind = arrowschema.Date, kindDate
	case schema.DecimalLogicalType:
		l.typ, l.kind, l.scale = arrowschema.Numeric, kindDecimalInt, int(t.Scale())
	case schema.TimeLogicalType:
		l.typ = arrowschema.Time
		l.kind = [...]kind{schema.TimeUnitMillis: kindTimeMillis, schema.TimeUnitMicros: kindTime, schema.TimeUnitNanos: kindTimeNanos}[t.TimeUnit()]
	case schema.TimestampLogicalType:
		l.typ = arrowschema.Timestamp
		if t.IsAdjustedToUTC() {
			l.typ = arrowschema.TimestampTZ
		}
		l.kind = [...]kind{schema.TimeUnitMillis: kindMillis, schema.TimeUnitMicros: kindTimestamp, schema.TimeUnitNanos: kindNanos}[t.TimeUnit()]
	}
}

// sized maps an integer with a declared width. Unsigned ones take the next wider type.
func (l *leaf) sized(width int, signed bool) {
	switch {
	case signed && width <= 16:
		l.typ = arrowschema.Int2
	case signed:
	case width == 64:
		l.typ, l.kind = arrowschema.Numeric, kindUint64
	default:
		l.kind, l.bits = kindUnsigned, width
		l.typ = map[int]arrowschema.Type{8: arrowschema.Int2, 16: arrowschema.Int4, 32: arrowschema.Int8}[width]
		if l.typ == arrowschema.Unknown {
			l.refuse("its integers have an odd width")
		}
	}
}

// bytes maps BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY. Bytes that nothing is said of are text, if they are UTF-8.
func (l *leaf) bytes(logical schema.LogicalType) {
	l.typ, l.kind = arrowschema.Text, kindText
	switch t := logical.(type) {
	case schema.JSONLogicalType:
		l.typ = arrowschema.JSON
	case schema.UUIDLogicalType:
		l.typ, l.kind = arrowschema.UUID, kindDirect
		if l.physical != physFixed || l.width != 16 {
			l.refuse("its UUIDs are not of 16 bytes")
		}
	case schema.DecimalLogicalType:
		l.typ, l.kind, l.scale = arrowschema.Numeric, kindDecimalBytes, int(t.Scale())
	case schema.Float16LogicalType:
		l.typ, l.kind = arrowschema.Float4, kindFloat16
	case schema.IntervalLogicalType:
		l.typ, l.kind = arrowschema.Interval, kindIntervalBin
	case schema.NoLogicalType, schema.UnknownLogicalType:
		l.bare = true
	case schema.StringLogicalType, schema.EnumLogicalType, schema.NullLogicalType:
	default:
		l.refuse("its logical type is " + logical.String())
	}
}

// own gives the column of a file of ours the SQL type that the file names, when that type is stored as this column is. Unless somebody else may have
// written it, the values were valid when they were written: none is checked again.
func (l *leaf) own(t arrowschema.Type, profile Profile, foreign bool) {
	f, err := formOf(t, profile)
	if err != nil || f.physical != l.physical || l.kind == kindRefused || f.physical == physFixed && l.width != f.length {
		return
	}
	stored := l.typ
	switch {
	case stored == t:
	case stored == arrowschema.JSON && t == arrowschema.JSONB, stored == arrowschema.Text && t == arrowschema.Varchar:
	case stored == arrowschema.Text && (t == arrowschema.JSON || t == arrowschema.JSONB):
	case stored == arrowschema.Text && t == arrowschema.Numeric:
		l.kind = kindNumericText
	case stored == arrowschema.Text && t == arrowschema.Interval:
		l.kind = kindIntervalText
	case stored == arrowschema.Text && t == arrowschema.UUID:
		l.kind = kindUUIDText
	case stored == arrowschema.Text && t == arrowschema.Time:
		l.kind = kindTimeText
	default:
		return
	}
	l.typ = t
	switch {
	case foreign && t == arrowschema.JSONB:
		l.kind = kindJSONB
	case foreign:
	case l.kind == kindText || l.kind == kindTimestamp || l.kind == kindTime:
		l.kind, l.checked = kindDirect, l.kind
	}
}
