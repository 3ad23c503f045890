// Package rowcodec is the bytes of a batch of rows in the log and in checkpoints: columnar, compact, quick to write and to read, and checked
// before anything is allocated for it.
//
// All integers are little-endian; varint means an unsigned LEB128 number. Format version 1:
//
//	batch      +---------+------+---------+----------+----------+ ...
//	           | version | rows | columns | column 0 | column 1 |
//	           | 1       | varint | varint |          |          |
//	           +---------+------+---------+----------+----------+ ...
//
//	column     +------+-------------+--------------+
//	           | head | validity    | values       |
//	           | 1    | ⌈rows / 8⌉  |              |
//	           +------+-------------+--------------+
//	           head      bits 0-2 form, bit 4 constant: one value stands for all rows, bit 5 coded, bit 6 validity is there (a set bit is a
//	                     value; Arrow's bit order), bit 7 every row is NULL: nothing follows
//	           values    n of them, n = 1 when constant, else rows; what stands for a NULL means nothing
//
//	form 0     booleans   ⌈n / 8⌉ bytes, a bit each
//	form 1     integers   width 1 | least value, zigzag varint | n × width: the value less the least. width is 0, 1, 2, 4 or 8
//	form 2     floats     n × 8
//	form 3     text       width 1 | n × width: lengths | the bytes, end to end. width is 0 (no text at all), 1, 2 or 4
//	form 4     UUIDs      n × 16
//	form 5     numerics   as text, in PostgreSQL's form
//	form 6     intervals  n × (months 4, days 4, microseconds 8)
//	coded      entries, varint, at most 65,536 | the entries as text | n × 1 or, when there are more than 256 entries, n × 2: places in them.
//	           Only text is coded.
//
// A batch names no types: the reader knows the table's definition, and is refused a column whose form is another. There is no checksum: the
// frames of the log and the blocks of a checkpoint have one. A version above 1 is refused.
package rowcodec

import (
	"errors"
	"fmt"
)

// MaxRows is the largest number of rows in a batch: it bounds what columns without bytes, such as a constant, can make a reader allocate.
const MaxRows = 1 << 16

const version = 1

// The bits of a column's head.
const (
	formMask  = 0x07
	constant  = 0x10
	coded     = 0x20
	hasNulls  = 0x40
	allNull   = 0x80
	maxCoded  = 1 << 16
	smallDict = 256
)

// The forms. They are the format's own numbers, not those of arrowschema.Physical, which may change.
const (
	formBools byte = iota
	formInts
	formFloats
	formStrings
	formUUIDs
	formDecs
	formIntervals
)

// ErrFormat says that bytes are not a batch of the expected columns.
var ErrFormat = errors.New("not a row batch")

func bad(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrFormat, fmt.Sprintf(format, args...))
}
