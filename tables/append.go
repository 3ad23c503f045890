package tables

import (
	"github.com/stoadb/stoa/exprs/vec"
)

// Gone tells which rows the running edit has deleted, although they are still alive to others.
type Gone interface{ Gone(id RowID) bool }

// Conflict says that a row to be appended has a key that another row has.
type Conflict struct {
	Key      int   // index into the definition's keys
	Row      int   // of the batch
	Existing RowID // 0: an earlier row of the batch
}

// Append appends the rows of b, all columns in table order and of the columns' physical forms, and enters their keys into the indexes. They
// are alive to the writer at once, and to views that are made after the commit. Keys with a NULL are not compared. A key that exists,
// unless its row is gone in this edit, is a conflict: of the first row that has one, and of the key that comes first in the definition;
// nothing of the batch is kept then. gone may be nil.
func (t *Table) Append(b *vec.Batch, gone Gone) *Conflict {
	mark := t.Mark()
	keys, whole := t.hashBatch(b)
	for lo := 0; lo < b.N; {
		s := t.room(b.N - lo)
		n := min(b.N-lo, s.limit-s.rows)
		at := s.rows
		s.append(b, lo, n, t.nextSerial)
		t.nextSerial += uint64(n)
		t.alive += n
		if c := t.enter(s, at, b, lo, n, keys, whole, gone); c != nil {
			t.Rollback(mark) // rows from the conflicting one on have not been entered, which does no harm
			if !t.exists(c.Existing) {
				c.Existing = 0 // a row of the batch itself
			}
			return c
		}
		lo += n
	}
	return nil
}

// hashBatch hashes every key of a batch and makes room in the indexes.
func (t *Table) hashBatch(b *vec.Batch) (hashes [][]uint64, whole []vec.Bitmap) {
	if !t.indexed {
		return nil, nil
	}
	hashes, whole = make([][]uint64, len(t.keys)), make([]vec.Bitmap, len(t.keys))
	for k, x := range t.keys {
		hashes[k] = make([]uint64, b.N)
		whole[k] = t.hasher.Keys(batchKey(b, x.cols), hashes[k])
		if x.full(b.N) {
			t.resize(k, b.N)
		}
	}
	return hashes, whole
}

func batchKey(b *vec.Batch, cols []int) []*vec.Vec {
	out := make([]*vec.Vec, len(cols))
	for i, c := range cols {
		out[i] = b.Cols[c]
	}
	return out
}

// enter enters rows [lo, lo+n) of b, which were appended to s from row at on, into the indexes, row by row and key by key.
func (t *Table) enter(s *segment, at int, b *vec.Batch, lo, n int, hashes [][]uint64, whole []vec.Bitmap, gone Gone) *Conflict {
	if !t.indexed {
		return nil
	}
	cols := make([][]*vec.Vec, len(t.keys))
	for k, x := range t.keys {
		cols[k] = batchKey(b, x.cols)
	}
	for i := 0; i < n; i++ {
		if i%touchAhead == 0 {
			for k, x := range t.keys {
				x.touch(hashes[k][lo+i : lo+min(i+touchAhead, n)])
			}
		}
		id := HotID(s.number, at+i)
		for k, x := range t.keys {
			if !whole[k].Get(lo + i) {
				continue
			}
			h := hashes[k][lo+i]
			old := t.lookup(x, h, cols[k], lo+i)
			switch {
			case old == 0:
				if k == 0 {
					s.follow(at+i, 0)
				}
				x.put(h, id)
			case gone != nil && gone.Gone(old) || !t.Alive(old):
				if k == 0 {
					s.follow(at+i, old)
				}
				x.replace(h, old, id)
				t.replaced = append(t.replaced, replacement{key: k, hash: h, old: old, now: id})
			default:
				return &Conflict{Key: k, Row: lo + i, Existing: old}
			}
		}
	}
	return nil
}

// Find gives, for each row of cols, which are the columns of a key, the hot row with that key that is alive, or 0: also rows of the running edit,
// also those that are gone in it. A key with a NULL finds nothing.
func (t *Table) Find(key int, cols []*vec.Vec, out []RowID) {
	hashes := make([]uint64, len(out))
	whole := t.hasher.Keys(cols, hashes)
	for i, h := range hashes {
		if i%touchAhead == 0 {
			t.keys[key].touch(hashes[i:min(i+touchAhead, len(hashes))])
		}
		out[i] = 0
		if !whole.Get(i) {
			continue
		}
		if id := t.lookup(t.keys[key], h, cols, i); id != 0 && t.Alive(id) {
			out[i] = id
		}
	}
}

// exists tells whether there is such a hot row, dead or alive.
func (t *Table) exists(id RowID) bool {
	s := t.segment(id.Segment())
	return s != nil && !id.Cold() && id.Offset() < s.rows
}

// Alive tells whether there is such a hot row and it has not died in a commit.
func (t *Table) Alive(id RowID) bool {
	return t.exists(id) && t.segment(id.Segment()).alive(id.Offset())
}

// resize makes room in an index for n more rows, and clears it of emptied slots.
func (t *Table) resize(k, n int) {
	used := t.keys[k].used
	t.reindex(k, sizeFor(used+max(n, used/2))) // growing by rows: double rather than to the last slot
}

// reindex enters all rows that are alive, and not replaced in the running edit, into an index of so many slots, emptied first. Reading the keys
// segment by segment costs less than following the slots.
func (t *Table) reindex(k, slots int) {
	x := t.keys[k]
	x.slots, x.used, x.gone = make([]uint64, slots), 0, 0
	t.reading = nil // views from now on read the new slots
	if t.alive == 0 {
		return
	}
	gone := map[RowID]bool{}
	for _, r := range t.replaced {
		if r.key == k {
			gone[r.old] = true
		}
	}
	for _, s := range t.segs {
		if s.deaths == s.rows { // it is about to be dropped
			continue
		}
		hashes, whole := t.hashRows(s, k, 0)
		for i, h := range hashes {
			if i%touchAhead == 0 {
				x.touch(hashes[i:min(i+touchAhead, len(hashes))])
			}
			if id := HotID(s.number, i); whole.Get(i) && s.alive(i) && !gone[id] {
				x.put(h, id)
			}
		}
	}
}

// Fetch gives columns of hot rows, committed or not, dead or alive, in the order of ids. An id that is not there is an error.
func (t *Table) Fetch(ids []RowID, cols []int) (*vec.Batch, error) {
	return fetch(t.def, t.layout, ids, cols, func(id RowID) *segment {
		if !t.exists(id) {
			return nil
		}
		return t.segment(id.Segment())
	})
}
