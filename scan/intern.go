package scan

import (
	"unsafe"

	"github.com/zeebo/xxh3"

	"github.com/stoadb/stoa/exprs/vec"
)

// wordTable numbers 64-bit words. The word lies in the slot, so that a hit touches one cache line.
type wordTable struct {
	slots []wordSlot // a power of two of them
	shift uint       // 64 less the logarithm of their number
	n     int
}

type wordSlot struct {
	word uint64
	id   uint32 // and one; 0 in an empty slot
}

// find gives the number of w, or gives it the number next.
func (t *wordTable) find(w uint64, next uint32) (id uint32, fresh bool) {
	if 2*t.n >= len(t.slots) {
		_ = t.grow(unwatched)
	}
	mask := uint64(len(t.slots) - 1)
	for at := vec.MixWord(w) >> t.shift; ; at = (at + 1) & mask {
		s := &t.slots[at]
		if s.id == 0 {
			*s = wordSlot{w, next + 1}
			t.n++
			return next, true
		}
		if s.word == w {
			return s.id - 1, false
		}
	}
}

// known gives the numbers of words that have one, and noGroup for the others. The steps of different rows do not depend on each other, so that the cache
// misses of a large table overlap.
func (t *wordTable) known(words []uint64, out []uint32) {
	if len(t.slots) == 0 {
		for i := range out {
			out[i] = noGroup
		}
		return
	}
	slots, shift := t.slots, t.shift&63
	mask := uint64(len(slots) - 1)
	out = out[:len(words)]
	for i, w := range words {
		at := vec.MixWord(w) >> shift
		s := &slots[at&mask]
		for s.word != w && s.id != 0 {
			at++
			s = &slots[at&mask]
		}
		out[i] = s.id - 1 // of an empty slot that is noGroup
	}
}

// grow makes a larger table. It asks watch as it goes, and leaves the table as it was when that fails.
func (t *wordTable) grow(watch func() error) (err error) {
	t.slots, t.shift, err = grown(t.slots, t.shift, moveWords, watch)
	return err
}

func moveWords(part, into []wordSlot, shift uint) {
	mask := uint64(len(into) - 1)
	for i := range part {
		s := &part[i]
		if s.id == 0 {
			continue
		}
		at := vec.MixWord(s.word) >> (shift & 63)
		for into[at&mask].id != 0 {
			at++
		}
		into[at&mask] = *s
	}
}

func (t *wordTable) bytes() int64 { return int64(len(t.slots)) * 16 }

// textTable numbers texts, short and long ones in tables of their own. A slot of a long one holds the upper half of the hash, which tells nearly all other
// texts apart without looking at them, and says where the slot goes when the table grows.
type textTable struct {
	short shortTable
	slots []textSlot // a power of two of them
	shift uint
	n     int      // long ones
	texts []string // by number; of numbers given elsewhere, ""
	size  int64    // bytes of the texts
	arena []byte   // what is left of the last piece of memory for texts

	hashes []uint64 // of the rows that known was asked of
}

type textSlot struct {
	upper uint32 // half of the hash
	id    uint32 // and one; 0 in an empty slot
}

// known gives the numbers of texts that have one, and noGroup for the others: in three passes over all of them, hashes, slots, texts, each of which is loads
// that do not depend on each other, so that the cache misses of a large table overlap.
func (t *textTable) known(texts []string, out []uint32) {
	out = out[:len(texts)]
	if len(t.slots) == 0 {
		_ = t.grow(unwatched)
	}
	if len(t.short.slots) == 0 {
		_ = t.short.grow(unwatched)
	}
	if cap(t.hashes) < len(texts) {
		t.hashes = make([]uint64, len(texts))
	}
	t.hashes = t.hashes[:len(texts)]
	for i, s := range texts {
		if len(s) <= shortText {
			out[i] = t.short.known(s)
		} else {
			t.hashes[i] = xxh3.HashString(s)
		}
	}
	slots, shift := t.slots, t.shift&63
	mask := uint64(len(slots) - 1)
	for i, h := range t.hashes {
		if len(texts[i]) <= shortText {
			continue
		}
		at := h >> shift
		s := slots[at&mask]
		for s.upper != uint32(h>>32) && s.id != 0 {
			at++
			s = slots[at&mask]
		}
		out[i] = s.id - 1 // of an empty slot that is noGroup
	}
	for i, id := range out {
		if len(texts[i]) > shortText && id != noGroup && t.texts[id] != texts[i] { // another text of the same hash: the number may be further on
			out[i] = noGroup
		}
	}
}

// find gives the number of s, or gives it the number next, with a copy of s. Numbers ascend.
func (t *textTable) find(s string, next uint32) (id uint32, fresh bool) {
	if len(s) <= shortText {
		return t.findHashed(s, 0, next)
	}
	return t.findHashed(s, xxh3.HashString(s), next)
}

// findHashed is find with the hash that known has computed; that of a short text is not looked at.
func (t *textTable) findHashed(s string, h uint64, next uint32) (id uint32, fresh bool) {
	if len(s) <= shortText {
		if id, fresh = t.short.find(s, next); fresh {
			t.keep(s, next)
		}
		return id, fresh
	}
	if 2*t.n >= len(t.slots) {
		_ = t.grow(unwatched)
	}
	mask := uint64(len(t.slots) - 1)
	for at := h >> t.shift; ; at = (at + 1) & mask {
		slot := &t.slots[at]
		if slot.id == 0 {
			*slot = textSlot{uint32(h >> 32), next + 1}
			t.keep(s, next)
			t.n++
			return next, true
		}
		if slot.upper == uint32(h>>32) && t.texts[slot.id-1] == s {
			return slot.id - 1, false
		}
	}
}

// keep copies a text into memory of the table's own, so that the batch it came from can go.
func (t *textTable) keep(s string, id uint32) {
	const most = 64 << 10
	for len(t.texts) < int(id) {
		t.texts = append(t.texts, "")
	}
	if len(s) > cap(t.arena)-len(t.arena) {
		t.arena = make([]byte, 0, max(len(s), min(most, 1<<10+2*len(s)*len(t.texts))))
	}
	at := len(t.arena)
	t.arena = append(t.arena, s...) // within its capacity: what was written before stays where it is
	t.texts = append(t.texts, unsafe.String(unsafe.SliceData(t.arena[at:]), len(s)))
	t.size += int64(len(s)) + 16
}

// grow is wordTable.grow. The texts are not looked at.
func (t *textTable) grow(watch func() error) (err error) {
	t.slots, t.shift, err = grown(t.slots, t.shift, moveTexts, watch)
	return err
}

func moveTexts(part, into []textSlot, shift uint) {
	mask := uint64(len(into) - 1)
	for i := range part {
		s := &part[i]
		if s.id == 0 {
			continue
		}
		at := uint64(s.upper) << 32 >> (shift & 63)
		for into[at&mask].id != 0 {
			at++
		}
		into[at&mask] = *s
	}
}

func (t *textTable) bytes() int64 { return int64(len(t.slots))*8 + t.short.bytes() + t.size }
