package tables

import (
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// readIndex is what a view needs to look keys up while the writer goes on: the indexes as they were when the view was made. The writer goes on
// changing the slots until it builds the index anew; what it puts in place of a row that the view sees leads back to that row.
type readIndex struct {
	hasher Hasher
	keys   []readKey
	// The table's, of the present.
	dir       *atomic.Pointer[directory]
	rollbacks *atomic.Uint64
}

type readKey struct {
	cols  []int
	slots []uint64
}

// directory finds segments by number. It is replaced, not changed.
type directory struct {
	base     uint32
	segments []*segment // nil when dropped
}

func (d *directory) segment(number uint32) *segment {
	if i := int64(number) - int64(d.base); i >= 0 && i < int64(len(d.segments)) {
		return d.segments[i]
	}
	return nil
}

// Find gives, for each row of cols, which are the columns of a key of the definition, the visible row with that key, or 0. A key with a NULL
// finds nothing. It may be called by any number of goroutines, beside the writer.
func (v *View) Find(key int, cols []*vec.Vec, out []RowID) {
	hashes := make([]uint64, len(out))
	whole := v.index.hasher.Keys(cols, hashes)
	for i, h := range hashes {
		out[i] = 0
		if whole.Get(i) {
			out[i] = v.find(key, h, cols, i)
		}
	}
}

// find looks a key up.
//
// A slot may have a row that the view does not see because it is newer. Such a row is not looked at, since the writer may be taking it back; it
// leads to the row whose key it took over. Once a row has been taken back, its place may be another's, which leads elsewhere: so if a newer
// row led nowhere, and something was taken back since the view was made, the rows themselves are searched. That, and a way that is lost, are rare.
func (v *View) find(key int, hash uint64, cols []*vec.Vec, i int) RowID {
	k := &v.index.keys[key]
	mask := uint64(len(k.slots) - 1)
	tag := hash >> 48
	astray := false
	for at := hash & mask; ; at = (at + 1) & mask {
		s := atomic.LoadUint64(&k.slots[at])
		if s == 0 {
			break
		}
		if s>>48 != tag || s == slotGone {
			continue
		}
		first := RowID(s & slotRow)
		seg, id, lost := v.version(first, key)
		if lost {
			return v.search(k, cols, i)
		}
		if seg != nil && seg.sameKey(v.layout, id.Offset(), k.cols, cols, i) {
			if seg.visible(id.Offset(), v.seq) {
				return id
			}
			if id == first {
				return 0 // the newest version that there is died before the view
			}
		}
		astray = astray || id != first
	}
	if astray && v.index.rollbacks.Load() != v.rollbacks {
		return v.search(k, cols, i)
	}
	return 0
}

// version follows a row back to the version that lies within the view, if there is one. lost says that there may be one and the way to it is not
// there any more: because a segment between was dropped, or because the key is not the first one, for which no way is kept.
func (v *View) version(id RowID, key int) (seg *segment, at RowID, lost bool) {
	for id != 0 {
		if seg := v.segment(id); seg != nil {
			return seg, id, false
		}
		if id.Segment() < v.nextNumber && !v.newer(id) {
			return nil, id, false // it was dropped before the view was made, when it and all before it were dead
		}
		s := v.index.dir.Load().segment(id.Segment())
		if s == nil || key > 0 {
			return nil, id, true
		}
		id = s.predecessor(id.Offset())
	}
	return nil, 0, false
}

// newer tells whether a row is in the view's last segment, behind the view's limit.
func (v *View) newer(id RowID) bool {
	n := len(v.segs)
	return n > 0 && v.segs[n-1].number == id.Segment()
}

// segment gives the view's segment that has a row, nil when the row is not within the view.
func (v *View) segment(id RowID) *segment {
	i, ok := slices.BinarySearchFunc(v.segs, id.Segment(), func(s *segment, n uint32) int {
		return int(int64(s.number) - int64(n))
	})
	if !ok || i == len(v.segs)-1 && id.Offset() >= v.last {
		return nil
	}
	return v.segs[i]
}

// search is find without the index: for the few cases in which it has lost the way.
func (v *View) search(k *readKey, cols []*vec.Vec, i int) RowID {
	for at := len(v.segs) - 1; at >= 0; at-- {
		s := v.segs[at]
		rows := v.last
		if at < len(v.segs)-1 {
			rows = s.rows
		}
		for row := range rows {
			if s.visible(row, v.seq) && s.sameKey(v.layout, row, k.cols, cols, i) {
				return HotID(s.number, row)
			}
		}
	}
	return 0
}

// Fetch gives columns of rows of the view, dead or alive, in the order of ids. An id that is not within the view is an error.
func (v *View) Fetch(ids []RowID, cols []int) (*vec.Batch, error) {
	return fetch(v.def, v.layout, ids, cols, v.segment)
}

// visible tells whether a row that lies within a view of that sequence is visible to it.
func (s *segment) visible(offset int, seq uint64) bool {
	dead := s.dead.Load()
	return dead == nil || atomic.LoadUint64(&(*dead)[offset])-1 >= seq
}

// predecessor gives the row whose key a row took over, or 0.
func (s *segment) predecessor(offset int) RowID {
	before := s.before.Load()
	if before == nil {
		return 0
	}
	return RowID(atomic.LoadUint64(&(*before)[offset]))
}

// follow notes a row's predecessor; 0 for none.
func (s *segment) follow(offset int, old RowID) {
	before := s.before.Load()
	if before == nil {
		if old == 0 {
			return
		}
		fresh := make([]uint64, s.capacity)
		before = &fresh
		s.before.Store(before)
	}
	atomic.StoreUint64(&(*before)[offset], uint64(old))
}

// sameKey tells whether a row has the key of row i of cols. The row is the writer's, or within a view.
func (s *segment) sameKey(l *layout, offset int, key []int, cols []*vec.Vec, i int) bool {
	for k, col := range key {
		if !s.equal(l, col, offset, cols[k], i) {
			return false
		}
	}
	return true
}

// equal compares a stored value with row j of v.
func (c *column) equal(i int, v *vec.Vec, j int) bool {
	w, row := c.value(i)
	return w != nil && equalValue(w, row, v, j)
}

// isValid tells whether a row is not NULL.
func (s *columnState) isValid(i int) bool {
	if s.sealed {
		return s.v.Valid.Get(i)
	}
	return s.valid == nil || atomic.LoadUint64(&s.valid[i/64])>>(i%64)&1 != 0
}

// gather gives rows of a column.
func (c *column) gather(offsets []int32) *vec.Vec {
	s := c.state.Load()
	if s.sealed {
		return s.v.Gather(offsets)
	}
	w := s.v
	if s.dict != nil {
		w.Dict = s.dict.vec(c.typ)
	}
	out := w.Gather(offsets)
	for i, o := range offsets {
		if !s.isValid(int(o)) {
			out.SetNull(i)
		}
	}
	return out
}

// fetch gives columns of rows in the segments that find gives.
func fetch(def *schemahistory.TableDefinition, l *layout, ids []RowID, cols []int, find func(RowID) *segment) (*vec.Batch, error) {
	out := &vec.Batch{N: len(ids), Cols: make([]*vec.Vec, len(cols))}
	parts, err := group(def, ids, find)
	if err != nil {
		return nil, err
	}
	for c, col := range cols {
		if len(parts) == 1 {
			out.Cols[c] = parts[0].seg.gather(l, col, parts[0].offsets)
			continue
		}
		scatter := vec.NewScatter(def.Columns[col].Type, len(ids))
		for _, p := range parts {
			scatter.Put(p.places, p.seg.gather(l, col, p.offsets))
		}
		out.Cols[c] = scatter.Vec()
	}
	return out, nil
}

// part is the rows of one segment among some ids.
type part struct {
	seg             *segment
	offsets, places []int32
}

// group sorts ids by segment.
func group(def *schemahistory.TableDefinition, ids []RowID, find func(RowID) *segment) ([]*part, error) {
	var parts []*part
	var index map[uint32]*part
	var last *part
	for i, id := range ids {
		var seg *segment
		if !id.Cold() {
			seg = find(id)
		}
		if seg == nil {
			return nil, fmt.Errorf("table %s has no hot row %#x", def.Name, uint64(id))
		}
		if last == nil || last.seg != seg {
			if last != nil && index == nil {
				index = map[uint32]*part{last.seg.number: last}
			}
			if last = index[seg.number]; last == nil {
				last = &part{seg: seg}
				parts = append(parts, last)
				if index != nil {
					index[seg.number] = last
				}
			}
		}
		last.offsets, last.places = append(last.offsets, int32(id.Offset())), append(last.places, int32(i))
	}
	return parts, nil
}
