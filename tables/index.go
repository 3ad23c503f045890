package tables

import (
	"sync/atomic"

	"github.com/stoadb/stoa/exprs/vec"
)

// keyIndex finds the newest row of each key: open addressing with linear probing, 8 bytes a slot. It holds no keys: a slot is 16 bits of the
// hash and the row's number, and what it says is verified against the row's columns.
//
//	0        an empty slot
//	1        a slot that was emptied by a rollback: the search goes on
//	others   16 bits of the hash << 48 | segment << 16 | offset   (the segment is at least 1)
//
// A key has at most one slot. A row that dies keeps its slot, which the next row with the key takes over, until the index is built anew: so
// readers of earlier views still find it. At a load of at most 3/4 and doubling, 10,000,000 rows take 128 MiB.
//
// Slots are the writer's, who stores them atomically, and readers', who load them so.
type keyIndex struct {
	cols  []int // of the definition
	slots []uint64
	used  int // slots with a row, dead or alive
	gone  int // slots emptied

	touched uint64 // means nothing: see touch
}

const (
	slotGone   = 1
	slotRow    = 1<<48 - 1
	firstSlots = 64
)

func newKeyIndex(cols []int) *keyIndex {
	return &keyIndex{cols: cols, slots: make([]uint64, firstSlots)}
}

// slot packs a row under its hash. The tag is taken from the hash's upper bits, the place from its lower.
func slot(hash uint64, id RowID) uint64 { return hash&^uint64(slotRow) | uint64(id) }

func (x *keyIndex) set(at, value uint64) { atomic.StoreUint64(&x.slots[at], value) }

// full tells whether n more rows would make searches long.
func (x *keyIndex) full(n int) bool { return (x.used+x.gone+n)*4 > len(x.slots)*3 }

// sizeFor gives the number of slots for n rows.
func sizeFor(n int) int { return max(firstSlots, ceilPow2(n*4/3+1)) }

// IndexBytes bounds the bytes that the index of one key takes while a table without rows gets so many: its slots, and those from before it grew.
func IndexBytes(rows int) int64 {
	slots := sizeFor(rows)
	return 8 * int64(slots+slots/2)
}

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
	x.set(at, slot(hash, id))
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
	if at := x.find(hash, id); at >= 0 {
		x.set(uint64(at), slotGone)
		x.used--
		x.gone++
	}
}

// replace puts one row in the place of another with the same key.
func (x *keyIndex) replace(hash uint64, old, now RowID) {
	if at := x.find(hash, old); at >= 0 {
		x.set(uint64(at), slot(hash, now))
	}
}

// touchAhead is how many slots are read before they are needed. An index of millions of keys is in no cache: reads that do not wait for each other
// overlap, where a search after the other would pay each miss in full.
const touchAhead = 32

// touch reads the slots at which the searches for these hashes begin. It is for the writer.
func (x *keyIndex) touch(hashes []uint64) {
	mask := uint64(len(x.slots) - 1)
	sum := uint64(0)
	for _, h := range hashes {
		sum += x.slots[h&mask]
	}
	x.touched = sum // so that the reads are not optimised away
}

// lookup gives the row, dead or alive, in the slot of the key of row i of cols; 0 when it has none. It is for the writer.
func (t *Table) lookup(x *keyIndex, hash uint64, cols []*vec.Vec, i int) RowID {
	mask := uint64(len(x.slots) - 1)
	tag := hash >> 48
	for at := hash & mask; ; at = (at + 1) & mask {
		s := x.slots[at]
		if s == 0 {
			return 0
		}
		if s>>48 == tag && s > slotGone {
			id := RowID(s & slotRow)
			// A segment that was dropped has left slots: of keys that are gone, whatever they are.
			if seg := t.segment(id.Segment()); seg != nil && seg.sameKey(t.layout, id.Offset(), x.cols, cols, i) {
				return id
			}
		}
	}
}
