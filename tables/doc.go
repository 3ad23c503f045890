// Package tables holds a table's hot rows: in memory, in columns, in segments of up to 65,536 rows, with its key indexes and its versions.
//
// # Segments
//
// Rows are appended to the open segment, whose columns are typed slices; a full segment is sealed and is from then on an Arrow record batch
// (Segment.RecordBatch) whose buffers the vectors of the scan share. Text columns that the definition calls Dictionary are held as 16-bit codes
// and a dictionary of the segment's own, until a segment proves to have too many distinct values and goes on flat.
//
// # Versions
//
// Rows are never changed. They are appended in the order of commits, so what a view may see of a segment is a number of rows; and each
// segment has, from the first deletion on, the commit sequence at which each row died. A row is visible to a view of sequence S when it lies
// below the view's limit and died never or after S. An update is a death and an appended row. A segment whose rows are all dead is left out of
// new views, and its memory goes when the last old view goes.
//
// # Definitions
//
// A segment keeps the columns under which it was begun. Under a later definition (Table.SetDefinition) its columns are found by ID, a column that it does not
// have is the definition's Missing value, and one of a narrower type is widened when it is read. Clear takes all rows away at once, and lets them come
// back if the statement fails.
//
// # Who may do what
//
// A Table has one writer at a time (the store's lock sees to it); its methods are the writer's. A View, and the SegmentViews it gives, are
// immutable and may be used by any number of goroutines at once, while the writer goes on: the writer fills only rows that lie above every
// published limit, replaces arrays by larger copies through atomic pointers, and touches the words that are shared with readers (validity,
// deaths) only by atomic stores.
//
// The package knows no log, no files and no transactions: the store tells it the sequence of each commit, and rolls back by a Mark.
package tables

import "github.com/stoadb/stoa/exprs/vec"

// MaxSegmentRows is the largest number of rows in a segment: an offset takes 16 bits of a RowID, and a dictionary code of every row fits in 16 bits.
const MaxSegmentRows = vec.MaxDict

// RowID names a row version of a table, within the life of the process for a hot row. Hot: segment<<16 | offset, with bit 63 clear and the
// segment at least 1. Cold: 1<<63 | file number<<32 | position in the file. 0 is no row.
type RowID uint64

const coldBit RowID = 1 << 63

// HotID gives the id of a hot row.
func HotID(segment uint32, offset int) RowID { return RowID(segment)<<16 | RowID(offset) }

// ColdID gives the id of a row in a flushed file. File numbers are below 2^31.
func ColdID(file uint32, position uint32) RowID { return coldBit | RowID(file)<<32 | RowID(position) }

// Cold tells whether the row is in a file.
func (id RowID) Cold() bool { return id&coldBit != 0 }

// Segment gives the segment's number of a hot row.
func (id RowID) Segment() uint32 { return uint32(id >> 16) }

// Offset gives the place in its segment of a hot row.
func (id RowID) Offset() int { return int(id & 0xffff) }

// File gives the file's number of a cold row.
func (id RowID) File() uint32 { return uint32(id>>32) &^ (1 << 31) }

// Position gives the place in its file of a cold row.
func (id RowID) Position() uint32 { return uint32(id) }
