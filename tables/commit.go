package tables

import (
	"context"
	"fmt"
	"slices"

	"github.com/stoadb/stoa/exprs/vec"
)

// Commit makes everything since the last Commit or Rollback final: what was appended stays, and the rows of dead die at sequence seq, which grows
// from commit to commit, as do those of many, each segment's once. All are hot rows that are alive. Segments without a living row are left out of later views.
func (t *Table) Commit(dead []RowID, seq uint64, many ...Deaths) {
	clear(t.replaced) // no more than a statement's
	t.replaced = t.replaced[:0]
	t.forgetCleared()
	for _, id := range dead {
		t.kill(id, seq)
	}
	t.killAll(many, seq)
	if t.indexed && len(dead)+len(many) > 0 {
		t.shrink()
	}
	t.sealFull()
	if t.doomed > 0 {
		t.sweep()
	}
}

// shrink builds an index anew when most of its rows are dead.
func (t *Table) shrink() {
	for k, x := range t.keys {
		if x.used > 4096 && t.alive < x.used/4 {
			t.reindex(k, sizeFor(2*t.alive))
		}
	}
}

func (t *Table) kill(id RowID, seq uint64) {
	s := t.segment(id.Segment())
	if s.kill(id.Offset(), seq) {
		t.died(s, 1)
	}
}

// died notes that rows of a segment have died.
func (t *Table) died(s *segment, rows int) {
	t.alive -= rows
	if !s.full() {
		return
	}
	if s.deaths == s.rows {
		t.doomed++
	} else if (s.rows-s.deaths)*sparseShare <= s.rows && !slices.Contains(t.sparse, s.number) {
		t.sparse = append(t.sparse, s.number)
	}
}

// sparseShare is the part of a full segment's rows below which its living rows are better moved. Updates leave a few rows alive in each of many
// segments; moving a sixteenth of a segment frees all of it, so that a table takes at most some sixteen times its living rows, and an update
// costs at most a fifteenth more.
const sparseShare = 16

// Sparse gives the living rows of a full segment of which few are left, so that they can be deleted and appended again, which frees the segment;
// nil when there is none. It does not give the same segment again until more of its rows have died.
func (t *Table) Sparse() []RowID {
	for len(t.sparse) > 0 {
		s := t.segment(t.sparse[len(t.sparse)-1])
		t.sparse = t.sparse[:len(t.sparse)-1]
		if s == nil {
			continue
		}
		var ids []RowID
		for i := range s.rows {
			if s.alive(i) {
				ids = append(ids, HotID(s.number, i))
			}
		}
		return ids
	}
	return nil
}

// sealFull seals the last segment if it is full. It is left open until the commit, so that a rollback finds it open.
func (t *Table) sealFull() {
	if n := len(t.segs); n > 0 && t.segs[n-1].rows == t.segs[n-1].limit {
		t.closeLast()
	}
}

// sweep drops the full segments whose rows are all dead.
func (t *Table) sweep() {
	var kept, dropped []*segment
	for _, s := range t.segs {
		if s.deaths == s.rows && s.full() {
			dropped = append(dropped, s)
		} else {
			kept = append(kept, s)
		}
	}
	t.segs, t.doomed = kept, 0
	t.drop(dropped)
}

// Serial gives the serial number of a hot row: rows are numbered through in the order in which they are appended, and keep their number in the
// log and in checkpoints, where segments and offsets mean nothing.
func (t *Table) Serial(id RowID) uint64 { return t.segment(id.Segment()).serial(id.Offset()) }

// Locate finds the hot row with a serial number; 0 when it is not there, or dead.
func (t *Table) Locate(serial uint64) RowID {
	lo, hi := 0, len(t.segs) // the last segment that begins at or before it
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; t.segs[mid].serials[0].serial <= serial {
			lo = mid
		} else {
			hi = mid
		}
	}
	if lo == hi {
		return 0
	}
	s := t.segs[lo]
	if offset := s.locate(serial); offset >= 0 && s.alive(offset) {
		return HotID(s.number, offset)
	}
	return 0
}

// Recover turns the indexes off, so that a recovery appends at full speed; Reindex turns them on again.
func (t *Table) Recover() {
	t.indexed = false
	t.resetKeys()
}

// SerialRun is rows with consecutive serial numbers.
type SerialRun struct {
	First uint64
	Rows  int
}

// Restore appends rows with the serial numbers that they had, which are ascending and above those there are: for recovery, with the indexes off, and for a
// reader that follows a log. With the indexes on, a row takes over the key of the one that has it, which the log, that knew better, will have die in the same
// statement.
func (t *Table) Restore(b *vec.Batch, runs []SerialRun) error {
	total := 0
	for _, r := range runs {
		if r.First < t.nextSerial && (total > 0 || len(t.segs) > 0) {
			return fmt.Errorf("table %s: row number %d comes after %d", t.def.Name, r.First, t.nextSerial-1)
		}
		total += r.Rows
		t.nextSerial = r.First + uint64(r.Rows)
	}
	if total != b.N {
		return fmt.Errorf("table %s: %d rows with %d row numbers", t.def.Name, b.N, total)
	}
	hashes, whole := t.hashBatch(b)
	for lo := 0; lo < b.N; {
		s := t.room(b.N - lo)
		n := min(b.N-lo, s.limit-s.rows)
		at := s.rows
		s.appendRestored(b, lo, n, &runs)
		t.alive += n
		t.enter(s, at, b, lo, n, hashes, whole, everything{}) // without a conflict: whatever has the key gives it up
		lo += n
	}
	return nil
}

// everything is a Gone that says so of every row.
type everything struct{}

// Gone implements Gone.
func (everything) Gone(RowID) bool { return true }

// Reindex builds the indexes after a recovery. Two living rows with one key are an error: the log or a checkpoint is not what was written.
func (t *Table) Reindex(ctx context.Context) error {
	t.indexed = true
	for k, x := range t.keys {
		x.slots, x.used, x.gone = make([]uint64, sizeFor(t.alive)), 0, 0
		for _, s := range t.segs {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := t.enterRecovered(k, x, s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Table) enterRecovered(k int, x *keyIndex, s *segment) error {
	hashes, whole := t.hashRows(s, k, 0)
	cols := t.keyColumns(s, k)
	for i, h := range hashes {
		if i%touchAhead == 0 {
			x.touch(hashes[i:min(i+touchAhead, len(hashes))])
		}
		if !whole.Get(i) || !s.alive(i) {
			continue
		}
		id := HotID(s.number, i)
		if old := t.lookup(x, h, cols, i); old != 0 {
			return fmt.Errorf("table %s: rows %#x and %#x have one key %s", t.def.Name, uint64(old), uint64(id), t.def.Keys[k].Name)
		}
		x.put(h, id)
	}
	return nil
}
