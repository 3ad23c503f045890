package flush

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// commit makes the flush so: job, files and hot rows in one commit.
func (f *tableFlush) commit(ctx context.Context, report *TableReport) error {
	moved := f.written() // the writer's lock is not needed for it
	return f.db.Update(ctx, func(tx *store.Tx) error {
		def, ok := tx.Table(f.rows.def.Name)
		if !ok || def.ID != f.rows.def.ID {
			return sqlstate.New(sqlstate.UndefinedTable, "relation %q was dropped or renamed while it was flushed", f.rows.def.Name.String())
		}
		if err := f.examine(tx, moved); err != nil {
			return err
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

// written gives the rows that are in the files.
func (f *tableFlush) written() *rowSet {
	set := &rowSet{segments: make([]*tables.SegmentRows, len(f.rows.segs))}
	for _, t := range f.targets {
		for _, r := range t.refs {
			set.add(r)
		}
		set.count += int64(len(t.refs))
	}
	return set
}

// examine finds out which of the rows are still what they were: these stay in moved, and are to be deleted in the hot table; the others are deleted in their
// files. A file of which no row is left is not added.
func (f *tableFlush) examine(tx *store.Tx, moved *rowSet) error {
	written := moved.count
	moved.count = 0
	for s, rows := range moved.segments {
		if rows == nil {
			continue
		}
		if err := tx.KeepLive(f.rows.def.Name, f.rows.segs[s].Number(), rows); err != nil {
			return err
		}
		moved.count += int64(rows.Count())
	}
	for _, t := range f.targets {
		if err := tx.Context().Err(); err != nil {
			return err
		}
		if t.ref.Deletes = nil; moved.count < written {
			t.ref.Deletes = t.without(moved)
		}
		t.added = t.ref.LiveRows() > 0
	}
	return nil
}

// without gives the positions of the file's rows that are not in a set; nil when there are none.
func (t *target) without(set *rowSet) *roaring.Bitmap {
	dead := roaring.New()
	for i, r := range t.refs {
		if !set.segments[r.segment()].Has(r.offset()) {
			dead.Add(uint32(i))
		}
	}
	if dead.IsEmpty() {
		return nil
	}
	return dead
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

// deleteHot deletes the rows that are in the files now.
func (f *tableFlush) deleteHot(tx *store.Tx, moved *rowSet) error {
	for s, rows := range moved.segments {
		if rows == nil {
			continue
		}
		if err := tx.Context().Err(); err != nil {
			return err
		}
		if err := tx.DeleteRows(f.rows.def.Name, f.rows.segs[s].Number(), rows); err != nil {
			return err
		}
	}
	return nil
}

// rowSet is a set of rows by the segments' places.
type rowSet struct {
	segments []*tables.SegmentRows // nil for none
	count    int64
}

// add adds a row, which the count does not notice.
func (s *rowSet) add(r ref) {
	rows := s.segments[r.segment()]
	if rows == nil {
		rows = new(tables.SegmentRows)
		s.segments[r.segment()] = rows
	}
	rows.Add(r.offset())
}
