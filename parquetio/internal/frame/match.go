package frame

import (
	"encoding/binary"
	"math/bits"
)

const (
	shortBytes = 5
	minMatch   = 4
	// margin is the number of bytes at the end of a block at which no match begins, so that loads stay within it.
	margin = 16
	// enough is the length of a match from which no better one is waited for, and onlyOnce that from which one byte is waited for and not two: of matches of
	// 17 to 19 bytes one in twenty has a better one behind it, of shorter ones one in four. Results of jobs are 0.7 and 1.2 % larger than by 20 bytes and two
	// always, and take 0.91 of the time.
	enough   = 17
	onlyOnce = 16
)

// The sizes of the tables for a page of 512 KiB and more, as logarithms. Together they take 448 KiB, so that they stay in the second-level cache with much
// of the page: twice as much makes results of jobs 0.2 to 0.7 % smaller in 1 to 7 % more time. Those of smaller pages are in proportion, as they are cleared
// for each.
const (
	longLog   = 16
	mediumLog = 15
	shortLog  = 14
	minLog    = 8
	largeLog  = 20
)

// positionBits is the width of positions: those of MaxPage.
const positionBits = 23

// tables remember where the next 5, 8 and 16 bytes occurred last among the positions that were looked at. A slot has a position and nine more bits of its
// hash, above, which tell most strangers apart without a look at the page. Zero stands for the page's beginning, from which alone nothing is searched.
type tables struct {
	long   [1 << longLog]uint32
	medium [1 << mediumLog]uint32
	short  [1 << shortLog]uint32
	shift  uint // of a hash to a place in long, for this page
}

// begin forgets what was before.
func (t *tables) begin(n int) {
	smaller := min(max(0, largeLog-bits.Len(uint(n))), shortLog-minLog)
	t.shift = uint(64 - longLog + smaller)
	clear(t.long[:1<<longLog>>smaller])
	clear(t.medium[:1<<mediumLog>>smaller])
	clear(t.short[:1<<shortLog>>smaller])
}

// at gives the place of a hash in long, and, shifted by the differences of the logarithms, in the others.
func (t *tables) at(hash uint64) uint16 { return uint16(hash >> (t.shift & 63)) }

// far is no position.
const far = 1 << positionBits

// swap notes a position, and gives the one that was there; from far on it is none, but that of another hash.
func swap(slot *uint32, hash uint64, at int) (before uint32) {
	tag := uint32(hash>>32) << positionBits
	before = *slot ^ tag
	*slot = tag | uint32(at)
	return before
}

func (t *tables) swapLong(x, y uint64, at int) uint32 {
	hash := hashLong(x, y)
	return swap(&t.long[t.at(hash)], hash, at)
}

func (t *tables) swapMedium(x uint64, at int) uint32 {
	hash := x * 0xcf1bbcdcb7a56463
	return swap(&t.medium[t.at(hash)>>(longLog-mediumLog)], hash, at)
}

func (t *tables) swapShort(x uint64, at int) uint32 {
	hash := (x << (64 - 8*shortBytes)) * 0x9fb21c651e98df25
	return swap(&t.short[t.at(hash)>>(longLog-shortLog)], hash, at)
}

func hashLong(x, y uint64) uint64 {
	return (x*0x9e3779b185ebca87 ^ bits.RotateLeft64(y*0xc2b2ae3d27d4eb4f, 23)) * 0x165667b19e3779f9
}

func load64(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }
func load32(b []byte, i int) uint32 { return binary.LittleEndian.Uint32(b[i:]) }

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

func matchOf(length, distance int) match {
	return match{length, distance, 4*length - bits.Len(uint(distance))}
}

// find gives the best match at a position, of no length if there is none, and notes the position: for 16 bytes only, if they have occurred, as that place
// serves the shorter ones. repeat is the distance that costs least.
func (e *Encoder) find(src []byte, at, end, repeat int) (m match) {
	t := e.tables
	x, y := load64(src, at), load64(src, at+8)
	if long := t.swapLong(x, y, at); long < far && load64(src, int(long)) == x {
		m = matchOf(8+matchLength(src, int(long)+8, at+8, end), at-int(long))
	} else if medium, short := t.swapMedium(x, at), t.swapShort(x, at); medium < far && load64(src, int(medium)) == x {
		m = matchOf(8+matchLength(src, int(medium)+8, at+8, end), at-int(medium))
	} else if short < far && (load64(src, int(short))^x)<<(64-8*shortBytes) == 0 {
		m = matchOf(shortBytes+matchLength(src, int(short)+shortBytes, at+shortBytes, end), at-int(short))
	}
	if from := at - repeat; from >= 0 && load32(src, from) == uint32(x) {
		if n := 4 + matchLength(src, from+4, at+4, end); 4*n-1 > m.worth {
			m = match{n, repeat, 4*n - 1}
		}
	}
	return m
}

// better gives a match at a position that may be better than m, at one of the two positions before, and notes the position.
func (e *Encoder) better(src []byte, at, end int, m match) match {
	t := e.tables
	x, y := load64(src, at), load64(src, at+8)
	long, medium := t.swapLong(x, y, at), t.swapMedium(x, at)
	switch {
	case int(long) == at-m.distance: // it goes on there
	case long < far && load64(src, int(long)) == x:
		return matchOf(8+matchLength(src, int(long)+8, at+8, end), at-int(long))
	case medium < far && load64(src, int(medium)) == x:
		return matchOf(8+matchLength(src, int(medium)+8, at+8, end), at-int(medium))
	}
	return match{}
}

// search finds the sequences of bytes [lo, hi). Positions within matches are not noted: they are in a text that was noted where it differs from others.
func (e *Encoder) search(src []byte, lo, hi int) {
	anchor, last := lo, hi-margin
	misses := 0
	for i := max(lo, 1); i < last; {
		repeat := e.repeats[0]
		if i == anchor { // without literals it is the second that is coded as the first (RFC 8878, 3.1.1.5)
			repeat = e.repeats[1]
		}
		m := e.find(src, i, hi, int(repeat))
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
			if next := e.better(src, i, hi, m); next.worth > m.worth+4+3*(i-at-1) {
				m, at = next, i
			} else if i-at >= 2 || m.length >= onlyOnce {
				break
			}
		}
		for at > anchor && at > m.distance && src[at-1] == src[at-m.distance-1] {
			at, m.length = at-1, m.length+1
		}
		anchor = e.put(src, anchor, at, m.length, m.distance)
		i = max(i+1, anchor)
	}
	e.literals = append(e.literals, src[anchor:hi]...)
}
