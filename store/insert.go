package store

import (
	"errors"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store/rowcodec"
	"github.com/stoadb/stoa/tables"
)

// recordRows is the number of rows in one operation of a record: few enough that recovery holds little beside the rows themselves.
const recordRows = 16384

// Insert appends rows: all columns in table order, values of the columns' types. It checks NOT NULL (23502), the definition's CHECKs (23514)
// and its keys (23505) against all rows, hot and flushed, and those of this statement, in PostgreSQL's order: the first row that violates
// something is reported, with the first thing that it violates. On an error nothing of the batch is kept. The batch is not kept either way.
//
// Rows of system.table_schemas become versions at the end of the statement, which fails if they do not follow those there are
// (schemahistory.History.Append). Errors about such rows, then and at once, are *RowError.
func (tx *Tx) Insert(name schemahistory.Name, b *vec.Batch) error { return tx.insert(name, b, false) }

// InsertFresh is Insert of rows whose primary keys the caller drew at random, or has just deleted: flushed files are not asked for them.
// So what a missing file has does not keep the engine from noting its own jobs.
func (tx *Tx) InsertFresh(name schemahistory.Name, b *vec.Batch) error {
	return tx.insert(name, b, true)
}

func (tx *Tx) insert(name schemahistory.Name, b *vec.Batch, fresh bool) error {
	t, err := tx.table(name)
	if err != nil {
		return err
	}
	if err := checkBatch(t.def, b); err != nil || b.N == 0 {
		return err
	}
	if err := tx.ctx.Err(); err != nil {
		return err
	}
	if t.isSchemas() {
		return tx.insertVersions(t, b)
	}
	limit, violation := firstViolation(t.def, b)
	checked := b
	if violation != nil {
		checked = b.Slice(0, limit)
	}
	var cold *conflict
	if !fresh || len(t.def.Keys) > 1 {
		if cold, err = tx.coldConflict(t, checked); err != nil {
			return err
		}
	}
	if cold != nil {
		checked = b.Slice(0, cold.Row)
		if violation = cold.refusal; violation == nil {
			violation = duplicateKey(t.def, cold.Key, b, cold.Row)
		}
	}
	mark, serial := t.hot.Mark(), t.hot.NextSerial()
	if c := t.hot.Append(checked, &t.gone); c != nil {
		return duplicateKey(t.def, c.Key, b, c.Row)
	}
	if violation != nil {
		t.hot.Rollback(mark)
		return violation
	}
	return tx.recordRows(t, b, serial)
}

// recordRows notes appended rows, the first of which has that serial number, in the statement's record.
func (tx *Tx) recordRows(t *txTable, b *vec.Batch, serial uint64) error {
	for lo, hi := 0, 0; lo < b.N; lo = hi {
		hi = lo + opRowsOf(b, lo, min(lo+recordRows, b.N))
		tx.record = appendRows(tx.record, t.def.ID, []serialRun{{First: serial + uint64(lo), Rows: hi - lo}}, b, lo, hi)
		if err := tx.recorded(); err != nil {
			return err
		}
		if err := tx.ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// opRowsOf gives how many of rows [lo, hi) go into one operation: fewer if their texts are so long that the record would be much larger than a part, as
// nobody's budget has it. A dictionary that has no more entries than there are rows goes into each operation, and does not count; a larger one is written
// out, row by row (rowcodec.Append).
func opRowsOf(b *vec.Batch, lo, hi int) int {
	bytes := 0
	for _, v := range b.Cols {
		switch {
		case v.Const || v.Type.Physical() != arrowschema.Strings:
		case v.Dict == nil:
			for _, s := range v.Strs[lo:hi] {
				bytes += len(s)
			}
		case v.Dict.N > hi-lo:
			for _, code := range v.Codes[lo:hi] {
				bytes += len(v.Dict.Strs[code])
			}
		}
	}
	if bytes <= defaultPartSize || hi-lo == 1 {
		return hi - lo
	}
	return opRowsOf(b, lo, lo+(hi-lo)/2)
}

// appendRows appends the operation that appends rows [lo, hi) of b.
func appendRows(dst []byte, table uint32, runs []serialRun, b *vec.Batch, lo, hi int) []byte {
	dst, at := beginOp(dst, opRows)
	dst = appendUvarint(dst, uint64(table))
	dst = appendRuns(dst, runs)
	dst = rowcodec.Append(dst, b, lo, hi)
	return endOp(dst, at)
}

// conflict is a row of a batch whose key a flushed row has, or may have in a file that cannot be read.
type conflict struct {
	Key, Row int
	refusal  error // nil when a row has the key
}

// coldConflict finds the first row of a batch of which a flushed row has a key, or may have; nil when there is none.
func (tx *Tx) coldConflict(t *txTable, b *vec.Batch) (*conflict, error) {
	if len(t.files) == 0 && len(t.added) == 0 || b.N == 0 {
		return nil, nil
	}
	var found *conflict
	cold := tx.cold(t)
	note := func(row int, c conflict) {
		if found == nil || row < found.Row {
			c.Row, found = row, &c
		}
	}
	for k, key := range t.def.Keys {
		ids, cols := make([]tables.RowID, b.N), keyColumns(b, key)
		err := cold.find(key, cols, ids)
		for i, id := range ids {
			if id != 0 {
				note(i, conflict{Key: k})
				break
			}
		}
		if unknown := (*unknownKeys)(nil); errors.As(err, &unknown) {
			var row int
			if row, err = t.stillUnknown(cold, k, cols, unknown); row < b.N {
				note(row, conflict{Key: k, refusal: unknown.refusal()})
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func keyColumns(b *vec.Batch, key schemahistory.Key) []*vec.Vec {
	out := make([]*vec.Vec, len(key.Columns))
	for i, c := range key.Columns {
		out[i] = b.Cols[c]
	}
	return out
}
