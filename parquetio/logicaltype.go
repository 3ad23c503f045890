package parquetio

// A later version of Parquet may have logical types that arrow-go does not know: it panics at one. Such a column is read as if it had none, which is what the
// format's specification asks of readers; so it is cut out of the footer before arrow-go sees it.

const (
	footerLogicalType = 10 // the field of SchemaElement
	logicalTime       = 7  // fields of LogicalType
	logicalTimestamp  = 8
)

// logicalTypes are the fields of LogicalType that arrow-go knows, as bits.
const logicalTypes = 1<<1 | 1<<2 | 1<<3 | 1<<4 | 1<<5 | 1<<6 | 1<<logicalTime | 1<<logicalTimestamp |
	1<<10 | 1<<11 | 1<<12 | 1<<13 | 1<<14 | 1<<15 | 1<<16 | 1<<17 | 1<<18

// cut is a range of bytes.
type cut struct{ from, to int }

// without gives b without some ranges, which ascend: b itself if there are none.
func without(b []byte, cuts []cut) []byte {
	if len(cuts) == 0 {
		return b
	}
	out, at := make([]byte, 0, len(b)), 0
	for _, c := range cuts {
		out = append(out, b[at:c.from]...)
		at = c.to
	}
	return append(out, b[at:]...)
}

// logicalTypeKnown passes over a LogicalType and tells whether arrow-go knows it.
func logicalTypeKnown(r *wireReader) bool {
	known := false
	for id, wire := r.field(0); wire != wireStop && r.err == nil; id, wire = r.field(id) {
		switch {
		case wire != wireStruct || id < 0 || id > 63 || logicalTypes>>uint(id)&1 == 0:
			r.skip(wire, 1)
		case id == logicalTime || id == logicalTimestamp:
			known = timeUnitKnown(r) || known
		default:
			known = true
			r.skip(wire, 1)
		}
	}
	return known
}

// timeUnitKnown passes over a TimeType or a TimestampType, which are alike, and tells whether its unit is one of milliseconds, microseconds and nanoseconds.
func timeUnitKnown(r *wireReader) bool {
	known := false
	for id, wire := r.field(0); wire != wireStop && r.err == nil; id, wire = r.field(id) {
		if id != 2 || wire != wireStruct {
			r.skip(wire, 1)
			continue
		}
		for id, wire := r.field(0); wire != wireStop && r.err == nil; id, wire = r.field(id) {
			known = known || wire == wireStruct && id >= 1 && id <= 3
			r.skip(wire, 1)
		}
	}
	return known
}
