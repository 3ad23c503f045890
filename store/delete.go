package store

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// Delete deletes rows, hot or flushed. It is no error that this statement has deleted one before, but it is one that there is no such row.
func (tx *Tx) Delete(name schemahistory.Name, ids []tables.RowID) error {
	t, err := tx.deleteFrom(name, len(ids))
	if err != nil {
		return err
	}
	hot := make([]serialRun, 0, min(len(ids), minTogether))
	cold := map[uint32]*roaring.Bitmap{}
	for len(ids) > 0 {
		n := neighbours(ids)
		if ids[0].Cold() {
			err = t.deleteCold(ids[:n], cold)
		} else {
			hot, err = t.deleteHot(ids[:n], hot)
		}
		if err != nil {
			return tx.spoiled(err)
		}
		ids = ids[n:]
	}
	tx.recordKills(t, hot)
	for file, positions := range cold {
		tx.recordDelete(t, file, positions)
	}
	return tx.recorded()
}

// DeleteRows is Delete for hot rows of one segment.
func (tx *Tx) DeleteRows(name schemahistory.Name, segment uint32, rows *tables.SegmentRows) error {
	t, err := tx.deleteFrom(name, rows.Count())
	if err != nil {
		return err
	}
	own := *rows
	runs, err := t.deleteRows(segment, &own, nil)
	if err != nil {
		return tx.spoiled(err)
	}
	tx.recordKills(t, runs)
	return tx.recorded()
}

// KeepLive takes those hot rows of a segment out of a set that are not there or deleted, by a commit or by this statement.
func (tx *Tx) KeepLive(name schemahistory.Name, segment uint32, rows *tables.SegmentRows) error {
	t, err := tx.table(name)
	if err != nil {
		return err
	}
	t.hot.KeepAlive(segment, rows)
	t.gone.remove(segment, rows)
	return nil
}

// deleteFrom gives the table from which rows are to be deleted.
func (tx *Tx) deleteFrom(name schemahistory.Name, rows int) (*txTable, error) {
	t, err := tx.table(name)
	if err != nil {
		return nil, err
	}
	if t.isSchemas() && rows > 0 {
		return nil, errFixedVersions()
	}
	t.replaced = nil
	return t, nil
}

// neighbours counts the ids at the beginning that are of one hot segment, or flushed like the first.
func neighbours(ids []tables.RowID) int {
	n := 1
	for n < len(ids) && (ids[n]>>16 == ids[0]>>16 || ids[n].Cold() && ids[0].Cold()) {
		n++
	}
	return n
}

// minTogether is the number of rows of a segment from which on a bitmap costs less than one row after the other.
const minTogether = 128

// deleteHot notes the deaths of rows of one segment, and appends the serial numbers of those that are new to runs.
func (t *txTable) deleteHot(ids []tables.RowID, runs []serialRun) ([]serialRun, error) {
	if len(ids) >= minTogether {
		var rows tables.SegmentRows
		for _, id := range ids {
			rows.Add(id.Offset())
		}
		return t.deleteRows(ids[0].Segment(), &rows, runs)
	}
	for _, id := range ids {
		if !t.hot.Alive(id) {
			return nil, noRow(t.def.Name, id)
		}
		if t.gone.add(id) {
			runs = append(runs, serialRun{First: t.hot.Serial(id), Rows: 1})
		}
	}
	return runs, nil
}

// deleteRows is deleteHot for a set, which it changes.
func (t *txTable) deleteRows(segment uint32, rows *tables.SegmentRows, runs []serialRun) ([]serialRun, error) {
	alive := *rows
	t.hot.KeepAlive(segment, &alive)
	if alive != *rows {
		rows.Remove(&alive)
		for w, word := range rows {
			if word != 0 {
				return nil, noRow(t.def.Name, tables.HotID(segment, 64*w+bits.TrailingZeros64(word)))
			}
		}
	}
	if *rows == (tables.SegmentRows{}) {
		return runs, nil
	}
	t.gone.addRows(segment, rows)
	return t.hot.SerialRuns(segment, rows, runs), nil
}

func noRow(name schemahistory.Name, id tables.RowID) error {
	return fmt.Errorf("store: %s has no row %#x", name, uint64(id))
}

// spoiled makes the statement fail even if its function swallows err: a part of what failed is done.
func (tx *Tx) spoiled(err error) error {
	if tx.failed == nil {
		tx.failed = err
	}
	return err
}

// deleteCold notes deleted positions, those that are new, among the statement's deletes and in more.
func (t *txTable) deleteCold(ids []tables.RowID, more map[uint32]*roaring.Bitmap) error {
	for _, id := range ids {
		if err := t.deletePosition(id, more); err != nil {
			return err
		}
	}
	return nil
}

func (t *txTable) deletePosition(id tables.RowID, more map[uint32]*roaring.Bitmap) error {
	f := t.file(id.File())
	if f == nil || int64(id.Position()) >= f.Rows || f.Deletes != nil && f.Deletes.Contains(id.Position()) {
		return noRow(t.def.Name, id)
	}
	if t.deletes == nil {
		t.deletes = map[uint32]*roaring.Bitmap{}
	}
	if t.deletes[f.Number] == nil {
		t.deletes[f.Number] = roaring.New()
	}
	if t.deletes[f.Number].CheckedAdd(id.Position()) {
		if more[f.Number] == nil {
			more[f.Number] = roaring.New()
		}
		more[f.Number].Add(id.Position())
	}
	return nil
}

// recordKills notes deaths of hot rows.
func (tx *Tx) recordKills(t *txTable, runs []serialRun) {
	if len(runs) == 0 {
		return
	}
	byFirst := func(a, b serialRun) int { return cmp.Compare(a.First, b.First) }
	if !slices.IsSortedFunc(runs, byFirst) {
		slices.SortFunc(runs, byFirst)
	}
	dst, at := beginOp(tx.record, opKill)
	dst = appendUvarint(dst, uint64(t.def.ID))
	dst = appendRuns(dst, joinRuns(runs))
	tx.record = endOp(dst, at)
}

// joinRuns makes one of runs that follow each other, in place.
func joinRuns(runs []serialRun) []serialRun {
	out := runs[:0]
	for _, r := range runs {
		if n := len(out); n > 0 && out[n-1].First+uint64(out[n-1].Rows) == r.First {
			out[n-1].Rows += r.Rows
		} else {
			out = append(out, r)
		}
	}
	return out
}

func (tx *Tx) recordDelete(t *txTable, file uint32, positions *roaring.Bitmap) {
	dst, at := beginOp(tx.record, opDelete)
	dst = appendUvarint(appendUvarint(dst, uint64(t.def.ID)), uint64(file))
	tx.record = endOp(appendPositions(dst, positions), at)
}
