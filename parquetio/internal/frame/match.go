package frame

import (
	"encoding/binary"
	"math/bits"
)

const (
	longBytes  = 16
	shortBytes = 5
	minMatch   = 4
	// margin is the number of bytes at the end of a page at which no match begins, so that loads stay within it.
	margin = longBytes
	// farthest bounds positions, which go on from page to page so that the tables need not be cleared.
	farthest = 1 << 30
	// enough is the length of a match from which no better one is waited for.
	enough = 48
)

// The sizes of the tables for a page of 1 MiB and more, as logarithms: with half of them results of jobs become 2 % larger and take 2 % less time, with
// twice as much 1 % smaller. Those of smaller pages are in proportion, so that a page of 1 KiB needs no MiB of memory.
const (
	largeLog  = 20
	longLog   = 17
	mediumLog = 16
	shortLog  = 15
	minLog    = 8
)

// table remembers where some bytes occurred last, by their hash, as positions plus base. Which part of it is used depends on the page alone.
type table struct {
	slots []int32
	shift uint
}

func (t *table) begin(log, pageLog int) {
	log = max(minLog, log-max(0, largeLog-pageLog))
	if len(t.slots) < 1<<log {
		t.slots = make([]int32, 1<<log)
	}
	t.shift = uint(64 - log)
}

// at gives the slot of a hash.
func (t *table) at(hash uint64) *int32 { return &t.slots[hash>>t.shift] }

// tables remember where the next 5, 8 and 16 bytes occurred last.
type tables struct {
	base                int32
	length              int32 // of the page before
	short, medium, long table
}

// begin forgets what was before.
func (t *tables) begin(n int) {
	t.base += t.length
	t.length = int32(n)
	if t.base == 0 || t.base > farthest {
		clear(t.short.slots)
		clear(t.medium.slots)
		clear(t.long.slots)
		t.base = 1 // 0 is no position
	}
	log := bits.Len(uint(n))
	t.short.begin(shortLog, log)
	t.medium.begin(mediumLog, log)
	t.long.begin(longLog, log)
}

func load64(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }
func load32(b []byte, i int) uint32 { return binary.LittleEndian.Uint32(b[i:]) }

func hashShort(x uint64) uint64 { return (x << (64 - 8*shortBytes)) * 0x9fb21c651e98df25 }

func hashMedium(x uint64) uint64 { return x * 0xcf1bbcdcb7a56463 }

func hashLong(x, y uint64) uint64 {
	return (x*0x9e3779b185ebca87 ^ bits.RotateLeft64(y*0xc2b2ae3d27d4eb4f, 23)) * 0x165667b19e3779f9
}

// insert notes position i.
func (t *tables) insert(src []byte, i int) {
	x, at := load64(src, i), int32(i)+t.base
	*t.short.at(hashShort(x)) = at
	*t.medium.at(hashMedium(x)) = at
	*t.long.at(hashLong(x, load64(src, i+8))) = at
}

// matchLength gives the number of bytes, up to end, that are the same from a and from b on; a is less than b.
func matchLength(src []byte, a, b, end int) int {
	n := 0
	for b+n+8 <= end {
		if x := load64(src, a+n) ^ load64(src, b+n); x != 0 {
			return n + bits.TrailingZeros64(x)>>3
		}
		n += 8
	}
	for b+n < end && src[a+n] == src[b+n] {
		n++
	}
	return n
}

// match is a match and what it is worth: in quarters of a byte, of which each byte saves four, and the distance costs its bits.
type match struct{ length, distance, worth int }

func worthOf(length, distance int) int { return 4*length - bits.Len(uint(distance)) }

// find gives the best match at a position and notes the position.
func (e *Encoder) find(src []byte, at, end int) (m match) {
	t := e.tables
	x, y := load64(src, at), load64(src, at+8)
	pos := int32(at) + t.base
	long, medium, short := t.long.at(hashLong(x, y)), t.medium.at(hashMedium(x)), t.short.at(hashShort(x))
	atLong, atMedium, atShort := int(*long-t.base), int(*medium-t.base), int(*short-t.base)
	*long, *medium, *short = pos, pos, pos
	for k, d := range e.repeats {
		if from := at - int(d); from >= 0 && load32(src, from) == uint32(x) {
			if n := 4 + matchLength(src, from+4, at+4, end); 4*n-1-k > m.worth {
				m = match{n, int(d), 4*n - 1 - k}
			}
		}
	}
	n, from := 0, 0
	switch {
	case atLong >= 0 && load64(src, atLong) == x && load64(src, atLong+8) == y:
		n, from = 16+matchLength(src, atLong+16, at+16, end), atLong
	case m.length >= 16:
	case atMedium >= 0 && load64(src, atMedium) == x:
		n, from = 8+matchLength(src, atMedium+8, at+8, end), atMedium
	case m.length >= 8:
	case atShort >= 0 && (load64(src, atShort)^x)<<(64-8*shortBytes) == 0:
		n, from = shortBytes+matchLength(src, atShort+shortBytes, at+shortBytes, end), atShort
	}
	if n > end-at { // what was compared at once goes beyond the block
		n = end - at
	}
	if worth := worthOf(n, at-from); n >= minMatch && worth > m.worth {
		m = match{n, at - from, worth}
	}
	if m.length > end-at {
		m.length = end - at
	}
	return m
}

// search finds the sequences of bytes [lo, hi).
func (e *Encoder) search(src []byte, lo, hi int) {
	anchor, last := lo, min(hi-minMatch, len(src)-margin)
	misses := 0
	for i := lo; i < last; {
		m := e.find(src, i, hi)
		if m.length == 0 {
			misses++
			i += 1 + misses>>6 // bytes that look random are passed over ever faster
			continue
		}
		misses = 0
		at := i
		for i+1 < last && m.length < enough {
			i++
			// Each byte that is waited for becomes a literal.
			next := e.find(src, i, hi)
			if next.worth > m.worth+4+3*(i-at-1) {
				m, at = next, i
			} else if !e.Thorough || i-at >= 2 {
				break
			}
		}
		for at > anchor && at > m.distance && src[at-1] == src[at-m.distance-1] {
			at, m.length = at-1, m.length+1
		}
		anchor = e.put(src, anchor, at, m.length, m.distance)
		for i++; i < min(anchor, last); i++ {
			if i&7 == 0 || i >= anchor-2 {
				e.tables.insert(src, i)
			}
		}
		i = max(i, anchor)
	}
	e.literals = append(e.literals, src[anchor:hi]...)
}
