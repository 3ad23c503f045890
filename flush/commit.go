package flush

import (
	"context"
	"errors"
	"math/bits"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// commit makes the flush so: job, files and hot rows in one commit.
func (f *tableFlush) commit(ctx context.Context, report *TableReport) error {
	return f.db.Update(ctx, func(tx *store.Tx) error {
		def, ok := tx.Table(f.rows.def.Name)
		if !ok || def.ID != f.rows.def.ID {
			return sqlstate.New(sqlstate.UndefinedTable, "relation %q was dropped or renamed while it was flushed", f.rows.def.Name.String())
		}
		moved := newRowSet(len(f.rows.segs))
		for _, t := range f.targets {
			if err := f.examine(tx, t, moved); err != nil {
				return err
			}
		}
		f.describe(report, moved.count)
		// The job's row first: while the new files are not there, its key need not be looked for in them.
		if err := f.complete(tx, report); err != nil {
			return err
		}
		for _, t := range f.targets {
			if !t.added {
				continue
			}
			if _, err := tx.AddFile(def.Name, t.ref); err != nil {
				return err
			}
		}
		return f.deleteHot(tx, moved)
	})
}

// examineRows is the number of rows that are asked for at once.
const examineRows = 1 << 16

// examine finds out which of a file's rows are still what they were: the others are deleted in the file, these in the hot table. A file of which no row is
// left is not added.
func (f *tableFlush) examine(tx *store.Tx, t *target, moved *rowSet) error {
	dead := roaring.New()
	ids := make([]tables.RowID, 0, min(len(t.refs), examineRows))
	for lo := 0; lo < len(t.refs); lo += examineRows {
		if err := tx.Context().Err(); err != nil {
			return err
		}
		part := t.refs[lo:min(lo+examineRows, len(t.refs))]
		ids = ids[:0]
		for _, r := range part {
			ids = append(ids, f.id(r))
		}
		live, err := tx.Live(f.rows.def.Name, ids)
		if err != nil {
			return err
		}
		for i, alive := range live {
			if alive {
				moved.add(part[i])
			} else {
				dead.Add(uint32(lo + i))
			}
		}
	}
	t.ref.Deletes = nil
	if !dead.IsEmpty() {
		t.ref.Deletes = dead
	}
	t.added = dead.GetCardinality() < uint64(len(t.refs))
	return nil
}

func (f *tableFlush) id(r ref) tables.RowID {
	return tables.HotID(f.rows.segs[r.segment()].Number(), r.offset())
}

// describe fills in the report.
func (f *tableFlush) describe(report *TableReport, moved int64) {
	report.Rows, report.Files = moved, nil
	for _, t := range f.targets {
		if t.added {
			report.Files = append(report.Files, FileReport{Path: f.storage.show(t.path), Rows: t.ref.Rows, Bytes: t.ref.Size, User: t.user})
		}
	}
	slices.SortFunc(report.Files, func(a, b FileReport) int { return strings.Compare(a.Path, b.Path) })
	report.Result = resultText(moved, report.Files)
	report.MemoryUsed, report.CPUMicro = f.meter.read(f.rows.cpu)
}

// complete ends the job. When somebody has ended it before, say by cancelling it, the flush is given up.
func (f *tableFlush) complete(tx *store.Tx, report *TableReport) error {
	err := replaceJob(tx, f.job.JobID, func(j *tables.Job) {
		end(j, tables.Completed, f.req.clock(f.db))
		j.Result, j.MemoryUsed, j.CPUUsed = &report.Result, report.MemoryUsed, report.CPUMicro
	})
	if errors.Is(err, errJobEnded) {
		return sqlstate.New(sqlstate.QueryCanceled, "canceling the flush of %s: %v", f.rows.def.Name, err)
	}
	return err
}

// deleteHot deletes the rows that are in the files now, segment by segment: so the log holds them as runs.
func (f *tableFlush) deleteHot(tx *store.Tx, moved *rowSet) error {
	var ids []tables.RowID
	for s, words := range moved.segments {
		if words == nil {
			continue
		}
		if err := tx.Context().Err(); err != nil {
			return err
		}
		ids = ids[:0]
		for w, word := range words {
			for ; word != 0; word &= word - 1 {
				ids = append(ids, f.id(ref(s<<16|64*w+bits.TrailingZeros64(word))))
			}
		}
		if err := tx.Delete(f.rows.def.Name, ids); err != nil {
			return err
		}
	}
	return nil
}

// rowSet is a set of rows, a bitmap for each segment.
type rowSet struct {
	segments []*[tables.MaxSegmentRows / 64]uint64
	count    int64
}

func newRowSet(segments int) *rowSet {
	return &rowSet{segments: make([]*[tables.MaxSegmentRows / 64]uint64, segments)}
}

func (s *rowSet) add(r ref) {
	words := s.segments[r.segment()]
	if words == nil {
		words = new([tables.MaxSegmentRows / 64]uint64)
		s.segments[r.segment()] = words
	}
	words[r.offset()/64] |= 1 << (r.offset() % 64)
	s.count++
}
