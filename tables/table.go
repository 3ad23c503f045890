package tables

import (
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// Table is the hot rows of a table as its one writer sees them: all that was appended, committed or not.
type Table struct {
	def         *schemahistory.TableDefinition
	layout      *layout
	segmentRows int
	hasher      Hasher

	segs       []*segment // with rows that may be alive, in order of insertion; replaced, not changed, where a view may share it
	dir        atomic.Pointer[directory]
	nextNumber uint32
	nextSerial uint64
	alive      int

	keys      []*keyIndex
	reading   *readIndex // of keys, for views; nil when it must be made anew
	rollbacks atomic.Uint64
	indexed   bool
	replaced  []replacement // since the last Commit or Rollback
	doomed    int           // segments whose rows are all dead
	sparse    []uint32      // segments of whose rows few are alive
	cleared   []cleared     // by Clear since the last Commit or Rollback
}

// replacement says that a row took another's slot in an index because the other is gone in the running edit.
type replacement struct {
	key      int // -1 when the key was dropped since
	hash     uint64
	old, now RowID
}

// New makes an empty table. Segments hold up to segmentRows rows (0 or too many: MaxSegmentRows).
func New(def *schemahistory.TableDefinition, segmentRows int) *Table {
	if segmentRows <= 0 || segmentRows > MaxSegmentRows {
		segmentRows = MaxSegmentRows
	}
	t := &Table{def: def, layout: newLayout(def), segmentRows: segmentRows, hasher: Hasher{Seed: rand.Uint64()}, nextNumber: 1, nextSerial: 1, indexed: true}
	t.dir.Store(&directory{base: 1})
	t.resetKeys()
	return t
}

func (t *Table) resetKeys() {
	t.keys = make([]*keyIndex, len(t.def.Keys))
	for i, k := range t.def.Keys {
		t.keys[i] = newKeyIndex(k.Columns)
	}
	t.reading = nil
}

// Def gives the current definition.
func (t *Table) Def() *schemahistory.TableDefinition { return t.def }

// Rows counts the rows that are alive.
func (t *Table) Rows() int { return t.alive }

// NextSerial gives the serial number of the next row to be appended.
func (t *Table) NextSerial() uint64 { return t.nextSerial }

// View gives the rows at a commit sequence. It must be called after Commit, and sees nothing that is appended later.
func (t *Table) View(seq uint64) *View {
	if t.reading == nil {
		t.reading = &readIndex{hasher: t.hasher, dir: &t.dir, rollbacks: &t.rollbacks}
		for _, x := range t.keys {
			t.reading.keys = append(t.reading.keys, readKey{cols: x.cols, slots: x.slots})
		}
	}
	v := &View{
		def: t.def, layout: t.layout, segs: t.segs[:len(t.segs):len(t.segs)], seq: seq, index: t.reading, rollbacks: t.rollbacks.Load(), nextNumber: t.nextNumber,
	}
	if n := len(t.segs); n > 0 {
		s := t.segs[n-1]
		v.last, v.tail = s.rows, s.serials[:len(s.serials):len(s.serials)]
	}
	return v
}

// Mark is a point to which Rollback goes back.
type Mark struct {
	segs   int
	rows   int // of the last segment
	serial uint64
	moved  int
	clears int
}

// Mark gives the present point.
func (t *Table) Mark() Mark {
	m := Mark{segs: len(t.segs), serial: t.nextSerial, moved: len(t.replaced), clears: len(t.cleared)}
	if m.segs > 0 {
		m.rows = t.segs[m.segs-1].rows
	}
	return m
}

// Rollback takes back everything that was appended since the mark, and Clear. Whoever has changed the definition since changes it back afterwards.
func (t *Table) Rollback(m Mark) {
	if t.nextSerial != m.serial {
		t.rollbacks.Add(1) // before anything is undone: see View.find
	}
	t.unclear(m.clears)
	if t.indexed && t.nextSerial != m.serial {
		t.unindex(m)
	}
	if len(t.segs) > m.segs {
		t.drop(t.segs[m.segs:])
	}
	for _, s := range t.segs[m.segs:] {
		t.alive -= s.rows
	}
	t.segs = t.segs[:m.segs]
	if m.segs > 0 {
		if s := t.segs[m.segs-1]; s.rows != m.rows {
			t.alive -= s.rows - m.rows
			s.truncate(m.rows)
		}
	}
	t.nextSerial = m.serial
}

// unindex takes the rows since the mark out of the indexes and puts back what they replaced.
func (t *Table) unindex(m Mark) {
	for i := len(t.replaced) - 1; i >= m.moved; i-- {
		if r := t.replaced[i]; r.key >= 0 {
			t.keys[r.key].replace(r.hash, r.now, r.old)
		}
	}
	t.replaced = t.replaced[:m.moved]
	for i, s := range t.segs[max(m.segs-1, 0):] {
		from := 0
		if i == 0 && m.segs > 0 {
			from = m.rows
		}
		t.forget(s, from)
	}
}

// forget takes the rows of a segment from an offset on out of the indexes.
func (t *Table) forget(s *segment, from int) {
	for k := range t.keys {
		hashes, whole := t.hashRows(s, k, from)
		for i, h := range hashes {
			if whole.Get(i) {
				t.keys[k].remove(h, HotID(s.number, from+i))
			}
		}
	}
}

// hashRows hashes a key of the rows of a segment from an offset on.
func (t *Table) hashRows(s *segment, key, from int) (hashes []uint64, whole vec.Bitmap) {
	cols := t.keyColumns(s, key)
	for i := range cols {
		cols[i] = cols[i].Slice(from, s.rows)
	}
	hashes = make([]uint64, s.rows-from)
	return hashes, t.hasher.Keys(cols, hashes)
}

// keyColumns gives the columns of a key over all rows of a segment.
func (t *Table) keyColumns(s *segment, key int) []*vec.Vec {
	cols := make([]*vec.Vec, len(t.keys[key].cols))
	for i, c := range t.keys[key].cols {
		cols[i] = s.read(t.layout, c, s.rows)
	}
	return cols
}

// segment finds a segment by its number; nil when there is none.
func (t *Table) segment(number uint32) *segment { return t.dir.Load().segment(number) }

// drop takes segments out of the directory.
func (t *Table) drop(segs []*segment) {
	old := t.dir.Load()
	now := &directory{base: old.base, segments: slices.Clone(old.segments)}
	for _, s := range segs {
		now.segments[s.number-now.base] = nil
	}
	for len(now.segments) > 0 && now.segments[0] == nil {
		now.segments, now.base = now.segments[1:], now.base+1
	}
	t.dir.Store(now)
}

// register puts a segment, whose number is the next one, into the directory.
func (t *Table) register(s *segment) {
	old := t.dir.Load()
	now := &directory{base: old.base, segments: old.segments}
	for len(now.segments) < int(s.number-now.base) {
		now.segments = append(now.segments, nil) // numbers that were rolled back
	}
	now.segments = append(now.segments, s)
	t.dir.Store(now)
}

// room gives the open segment, or a new one for up to n rows.
func (t *Table) room(n int) *segment {
	if len(t.segs) > 0 {
		if s := t.segs[len(t.segs)-1]; !s.closed && s.rows < s.limit && s.layout == t.layout {
			return s
		}
		t.closeLast()
	}
	s := newSegment(t.nextNumber, t.def, t.layout, t.segmentRows, n)
	t.nextNumber++
	t.register(s)
	t.segs = append(t.segs, s)
	return s
}

// closeLast seals the last segment.
func (t *Table) closeLast() {
	n := len(t.segs)
	if n == 0 || t.segs[n-1].closed {
		return
	}
	s := t.segs[n-1]
	s.seal()
	if s.deaths == s.rows {
		t.doomed++
	}
}
