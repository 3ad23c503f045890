package tables

import (
	"sync/atomic"

	"github.com/zeebo/xxh3"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// dictionary is the dictionary of a column of an open segment: it grows while readers use what they have seen of it.
//
// Readers load the count first and the array second: an entry is written before the count that covers it, and an array is replaced only by one
// that begins with the same entries.
type dictionary struct {
	count   atomic.Int32
	entries atomic.Pointer[[]string] // len is the capacity
	cached  atomic.Pointer[vec.Vec]  // the vector that readers were given last

	// The writer's own: open addressing, 0 for an empty slot, else code+1.
	slots    []uint32
	lastText string
	lastCode uint16
	text     arena
}

// newDictionary gives an empty dictionary of a column that has room for so many rows.
func newDictionary(rows int) *dictionary {
	room := min(8, ceilPow2(rows))
	d := &dictionary{slots: make([]uint32, 4*room), text: newArena(rows)}
	entries := make([]string, room)
	d.entries.Store(&entries)
	return d
}

// vec gives the dictionary as readers see it now: the same pointer as long as it has not grown.
func (d *dictionary) vec(t arrowschema.Type) *vec.Vec {
	n := int(d.count.Load())
	if v := d.cached.Load(); v != nil && v.N == n {
		return v
	}
	v := &vec.Vec{Type: t, N: n, Strs: (*d.entries.Load())[:n:n]}
	d.cached.Store(v)
	return v
}

// code gives the code of s, which it enters if it is new.
func (d *dictionary) code(s string) uint16 {
	n := int(d.count.Load())
	if n > 0 && s == d.lastText {
		return d.lastCode
	}
	entries := *d.entries.Load()
	mask := uint64(len(d.slots) - 1)
	at := xxh3.HashString(s) & mask
	for ; d.slots[at] != 0; at = (at + 1) & mask {
		if c := d.slots[at] - 1; entries[c] == s {
			d.lastText, d.lastCode = entries[c], uint16(c)
			return uint16(c)
		}
	}
	if n == len(entries) {
		larger := append(make([]string, 0, 2*n), entries...)[:2*n] // a variable of its own: entries stays off the heap
		d.entries.Store(&larger)
		entries = larger
	}
	entries[n] = d.text.copy(s)
	d.slots[at] = uint32(n) + 1
	d.count.Store(int32(n) + 1)
	d.lastText, d.lastCode = entries[n], uint16(n)
	if 2*(n+1) > len(d.slots) {
		d.rehash(entries[:n+1])
	}
	return uint16(n)
}

func (d *dictionary) rehash(entries []string) {
	slots := make([]uint32, 2*len(d.slots))
	mask := uint64(len(slots) - 1)
	for c, s := range entries {
		at := xxh3.HashString(s) & mask
		for slots[at] != 0 {
			at = (at + 1) & mask
		}
		slots[at] = uint32(c) + 1
	}
	d.slots = slots
}

// tooMany tells whether codes have stopped to pay for a column of so many rows: an entry costs its text and 16 bytes, as a flat value does,
// and a code 2 bytes beside it; what is really lost is that functions of the column are computed once per entry. It waits for 1,024 entries
// so that the first rows of a segment do not decide alone.
func (d *dictionary) tooMany(rows int) bool {
	n := int(d.count.Load())
	return n >= 1024 && n > rows/4*3
}
