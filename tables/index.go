package tables

import (
	"github.com/stoadb/stoa/exprs/vec"
)

// keyIndex finds the newest row of each key: open addressing with linear probing, 8 bytes a slot. It holds no keys: a slot is 16 bits of the
// hash and the row's number, and what it says is verified against the row's columns.
//
//	0        an empty slot
//	1        a slot that was emptied: the search goes on
//	others   16 bits of the hash << 48 | segment << 16 | offset   (the segment is at least 1)
//
// A key has at most one slot. At a load of at most 3/4 and doubling, 10,000,000 rows take 128 MiB.
type keyIndex struct {
	cols  []int // of the definition
	slots []uint64
	used  int // slots with a row
	gone  int // slots emptied
}

const (
	slotGone    = 1
	slotRow     = 1<<48 - 1
	firstSlots  = 64
	maxSegments = 1<<32 - 1
)

func newKeyIndex(cols []int) *keyIndex {
	return &keyIndex{cols: cols, slots: make([]uint64, firstSlots)}
}

// slot packs a row under its hash. The tag is taken from the hash's upper bits, the place from its lower.
func slot(hash uint64, id RowID) uint64 { return hash&^uint64(slotRow) | uint64(id) }

// full tells whether n more rows would make searches long.
func (x *keyIndex) full(n int) bool { return (x.used+x.gone+n)*4 > len(x.slots)*3 }

// sizeFor gives the number of slots for n rows.
func sizeFor(n int) int { return max(firstSlots, ceilPow2(n*4/3+1)) }

// put enters a row whose key is known to be in no slot.
func (x *keyIndex) put(hash uint64, id RowID) {
	mask := uint64(len(x.slots) - 1)
	at := hash & mask
	for x.slots[at] > slotGone {
		at = (at + 1) & mask
	}
	if x.slots[at] == slotGone {
		x.gone--
	}
	x.slots[at] = slot(hash, id)
	x.used++
}

// find gives the slot of a row, or -1.
func (x *keyIndex) find(hash uint64, id RowID) int {
	mask := uint64(len(x.slots) - 1)
	want := slot(hash, id)
	for at := hash & mask; ; at = (at + 1) & mask {
		switch x.slots[at] {
		case want:
			return int(at)
		case 0:
			return -1
		}
	}
}

// remove takes a row out, if it is in.
func (x *keyIndex) remove(hash uint64, id RowID) {
	at := x.find(hash, id)
	if at < 0 {
		return
	}
	x.used--
	if x.slots[(at+1)&(len(x.slots)-1)] == 0 { // nothing is searched for beyond here
		x.slots[at] = 0
		return
	}
	x.slots[at] = slotGone
	x.gone++
}

// replace puts one row in the place of another with the same key.
func (x *keyIndex) replace(hash uint64, old, now RowID) {
	if at := x.find(hash, old); at >= 0 {
		x.slots[at] = slot(hash, now)
	}
}

// lookup gives the row with the key of row i of cols, or 0.
func (t *Table) lookup(x *keyIndex, hash uint64, cols []*vec.Vec, i int) RowID {
	mask := uint64(len(x.slots) - 1)
	tag := hash >> 48
	for at := hash & mask; ; at = (at + 1) & mask {
		s := x.slots[at]
		if s == 0 {
			return 0
		}
		if s>>48 == tag && s > slotGone {
			if id := RowID(s & slotRow); t.sameKey(id, x.cols, cols, i) {
				return id
			}
		}
	}
}

// sameKey tells whether a hot row has the key of row i of cols.
func (t *Table) sameKey(id RowID, key []int, cols []*vec.Vec, i int) bool {
	s := t.segment(id.Segment())
	for k, col := range key {
		at := s.place(t.def, col)
		if at < 0 || !s.cols[at].equal(id.Offset(), cols[k], i) {
			return false
		}
	}
	return true
}

// equal compares a stored value with row j of v, as the writer sees it.
func (c *column) equal(i int, v *vec.Vec, j int) bool {
	s := c.state.Load()
	valid := s.valid
	if s.sealed {
		valid = s.v.Valid
	}
	if !valid.Get(i) {
		return false
	}
	w, row := &s.v, i
	if s.dict != nil {
		w, row = s.dict.vec(c.typ), int(s.v.Codes[i])
	} else if s.v.Dict != nil {
		w, row = s.v.Dict, int(s.v.Codes[i])
	}
	return equalValue(w, row, v, j)
}
