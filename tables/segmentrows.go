package tables

import "math/bits"

// SegmentRows is a set of rows of one segment: the row at offset o is bit o%64 of word o/64. Statements that delete many rows hand them over so, and what is
// done to them is done to runs of them.
type SegmentRows [MaxSegmentRows / 64]uint64

// Deaths are rows of one segment that die.
type Deaths struct {
	Segment uint32
	Rows    *SegmentRows
}

// Add adds the row at an offset.
func (r *SegmentRows) Add(offset int) { r[offset/64] |= 1 << (offset % 64) }

// Drop takes the row at an offset out.
func (r *SegmentRows) Drop(offset int) { r[offset/64] &^= 1 << (offset % 64) }

// Has tells whether the row at an offset is in the set.
func (r *SegmentRows) Has(offset int) bool { return r[offset/64]>>(offset%64)&1 != 0 }

// Count counts the rows.
func (r *SegmentRows) Count() int {
	n := 0
	for _, w := range r {
		n += bits.OnesCount64(w)
	}
	return n
}

// AddAll adds the rows of another set.
func (r *SegmentRows) AddAll(o *SegmentRows) {
	for i, w := range o {
		r[i] |= w
	}
}

// Remove takes the rows of another set out.
func (r *SegmentRows) Remove(o *SegmentRows) {
	for i, w := range o {
		r[i] &^= w
	}
}

// removeFrom takes the rows from an offset on out.
func (r *SegmentRows) removeFrom(offset int) {
	if offset >= MaxSegmentRows {
		return
	}
	r[offset/64] &= 1<<(offset%64) - 1
	clear(r[offset/64+1:])
}

// runs calls fn with the offsets [lo, hi) of each run of rows, in ascending order.
func (r *SegmentRows) runs(fn func(lo, hi int)) {
	for lo := r.next(0, 0); lo < MaxSegmentRows; {
		hi := r.next(lo, ^uint64(0))
		fn(lo, hi)
		lo = r.next(hi, 0)
	}
}

// next gives the first offset from at on whose bit is set, or with a flip of ones is not; MaxSegmentRows when there is none.
func (r *SegmentRows) next(at int, flip uint64) int {
	if at >= MaxSegmentRows {
		return MaxSegmentRows
	}
	w := at / 64
	for word := (r[w] ^ flip) >> (at % 64) << (at % 64); ; word = r[w] ^ flip {
		if word != 0 {
			return 64*w + bits.TrailingZeros64(word)
		}
		if w++; w == len(r) {
			return MaxSegmentRows
		}
	}
}

// KeepAlive takes those of a segment's rows out of a set that are not there or dead.
func (t *Table) KeepAlive(segment uint32, rows *SegmentRows) {
	s := t.segment(segment)
	if s == nil {
		*rows = SegmentRows{}
		return
	}
	rows.removeFrom(s.rows)
	if s.deaths == 0 {
		return
	}
	dead := *s.dead.Load()
	for w, word := range rows {
		for ; word != 0; word &= word - 1 {
			if offset := 64*w + bits.TrailingZeros64(word); dead[offset] != 0 {
				rows.Drop(offset)
			}
		}
	}
}

// SerialRuns appends the serial numbers of a segment's rows, which are there, to runs.
func (t *Table) SerialRuns(segment uint32, rows *SegmentRows, runs []SerialRun) []SerialRun {
	s := t.segment(segment)
	at := 0 // the run that has the row at lo
	rows.runs(func(lo, hi int) {
		for lo < hi {
			for at+1 < len(s.serials) && int(s.serials[at+1].offset) <= lo {
				at++
			}
			end := hi
			if at+1 < len(s.serials) {
				end = min(end, int(s.serials[at+1].offset))
			}
			runs = append(runs, SerialRun{First: s.serials[at].serial + uint64(lo-int(s.serials[at].offset)), Rows: end - lo})
			lo = end
		}
	})
	return runs
}

// killAll kills rows of segments. Full segments all of whose rows die at once, as when a table is flushed, share one array of deaths.
func (t *Table) killAll(all []Deaths, seq uint64) {
	var shared []uint64
	for _, d := range all {
		s := t.segment(d.Segment)
		rows := d.Rows.Count()
		switch {
		case s.dead.Load() != nil:
			rows = s.killMore(d.Rows, seq)
		case s.full() && rows == s.rows:
			if shared == nil {
				shared = make([]uint64, t.segmentRows)
				for i := range shared {
					shared[i] = seq
				}
			}
			s.killFirst(shared[:s.capacity:s.capacity], rows, seq)
		case rows > 0:
			dead := make([]uint64, s.capacity)
			d.Rows.runs(func(lo, hi int) {
				for i := range dead[lo:hi] {
					dead[lo+i] = seq
				}
			})
			s.killFirst(dead, rows, seq)
		}
		if rows > 0 {
			t.died(s, rows)
		}
	}
}

// killFirst notes the first deaths in a segment. No reader has seen the array, so that its elements need no atomic stores.
func (s *segment) killFirst(dead []uint64, rows int, seq uint64) {
	s.dead.Store(&dead)
	s.firstDead.Store(seq)
	s.deaths = rows
}

// killMore notes deaths in a segment that has seen some, and gives the number of rows that were alive.
func (s *segment) killMore(rows *SegmentRows, seq uint64) int {
	before := s.deaths
	rows.runs(func(lo, hi int) {
		for offset := lo; offset < hi; offset++ {
			s.kill(offset, seq)
		}
	})
	return s.deaths - before
}
