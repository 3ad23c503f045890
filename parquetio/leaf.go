package parquetio

import (
	"github.com/apache/arrow-go/v18/parquet"

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
func columnsOf(m *fileMeta, types map[string]arrowschema.Type, profile Profile, foreign bool) ([]Column, []leaf) {
	n := m.schema[0].children
	columns, leaves := make([]Column, n), make([]leaf, n)
	at, next := int32(1), 0
	for i := range columns {
		e, l := &m.schema[at], &leaves[i]
		if e.children == 0 && e.repetition != repeatRepeated {
			l.of(e, next)
			l.own(types[e.name], profile, foreign)
		} else {
			*l = leaf{index: -1, kind: kindRefused, optional: true, refusal: "it is a nested column"}
		}
		for l.first = next; next < len(m.leaves) && m.leaves[next] < e.end; next++ {
		}
		l.n = next - l.first
		l.coded = l.typ.Physical() == arrowschema.Strings || l.typ.Physical() == arrowschema.Decs || l.typ.Physical() == arrowschema.Intervals
		columns[i] = Column{Name: e.name, Type: l.typ, Nullable: l.optional, FieldID: e.fieldID}
		at = e.end
	}
	return columns, leaves
}

// of maps a primitive column by its physical and its logical type.
func (l *leaf) of(e *schemaElement, index int) {
	*l = leaf{index: index, physical: e.physical, optional: e.repetition == repeatOptional}
	if l.physical == physFixed {
		l.width = int(e.length)
	}
	switch l.physical {
	case physBoolean:
		l.typ = arrowschema.Bool
	case physInt32, physInt64:
		l.integer(&e.logical)
	case physInt96:
		l.typ, l.kind = arrowschema.Timestamp, kindTimestamp
	case physFloat:
		l.typ = arrowschema.Float4
	case physDouble:
		l.typ = arrowschema.Float8
	case physByteArray, physFixed:
		l.bytes(&e.logical)
	default:
		l.refuse("its physical type is unknown")
	}
	if e.logical.kind == logicalNull {
		l.typ, l.kind = arrowschema.Text, kindNull
	}
}

func (l *leaf) refuse(why string) { l.kind, l.typ, l.refusal = kindRefused, arrowschema.Unknown, why }

// integer maps INT32 and INT64.
func (l *leaf) integer(t *logicalType) {
	l.typ = arrowschema.Int4
	if l.physical == physInt64 {
		l.typ = arrowschema.Int8
	}
	switch t.kind {
	case logicalInteger:
		l.sized(int(t.width), t.signed)
	case logicalDate:
		l.typ, l.kind = arrowschema.Date, kindDate
	case logicalDecimal:
		l.typ, l.kind, l.scale = arrowschema.Numeric, kindDecimalInt, int(t.scale)
	case logicalTime:
		l.typ = arrowschema.Time
		l.kind = [...]kind{unitMillis: kindTimeMillis, unitMicros: kindTime, unitNanos: kindTimeNanos}[t.unit]
	case logicalTimestamp:
		l.typ = arrowschema.Timestamp
		if t.utc {
			l.typ = arrowschema.TimestampTZ
		}
		l.kind = [...]kind{unitMillis: kindMillis, unitMicros: kindTimestamp, unitNanos: kindNanos}[t.unit]
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
func (l *leaf) bytes(t *logicalType) {
	l.typ, l.kind = arrowschema.Text, kindText
	switch t.kind {
	case logicalJSON:
		l.typ = arrowschema.JSON
	case logicalUUID:
		l.typ, l.kind = arrowschema.UUID, kindDirect
		if l.physical != physFixed || l.width != 16 {
			l.refuse("its UUIDs are not of 16 bytes")
		}
	case logicalDecimal:
		l.typ, l.kind, l.scale = arrowschema.Numeric, kindDecimalBytes, int(t.scale)
	case logicalFloat16:
		l.typ, l.kind = arrowschema.Float4, kindFloat16
	case logicalInterval:
		l.typ, l.kind = arrowschema.Interval, kindIntervalBin
	case logicalNone, logicalBare:
		l.bare = true
	case logicalString, logicalEnum, logicalNull:
	default:
		l.refuse("its logical type is " + t.String())
	}
}

// own gives the column of a file of ours the SQL type that the file names, when that type is stored as this column is. Unless somebody else may have
// written it, the values were valid when they were written: none is checked again.
func (l *leaf) own(t arrowschema.Type, profile Profile, foreign bool) {
	if t == arrowschema.Unknown {
		return
	}
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
