package parquetio

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"unsafe"
)

// A sortEntry is an entry of a dictionary on its way to its place: in the lower 16 bits its code, above them the keyBytes by which it is compared. It moves
// where a plain sort would follow pointers.
type sortEntry uint64

const (
	keyBytes = 6
	codeBits = 16
)

// text gives the string of an entry.
func (e sortEntry) text(all []string) string { return all[uint16(e)] }

// sortEntries sorts entries of which the strings agree in the first depth bytes, those beyond their ends being zeros, and differ as a whole: by the next
// keyBytes, then those that agree in them by the rest. scratch is as long as all.
func sortEntries(all, scratch []sortEntry, text []string, depth int) {
	if len(all) < 2 {
		return
	}
	same, least := setKeys(all, text, depth)
	for same >= minShared {
		depth += same
		same, least = setKeys(all, text, depth)
	}
	switch {
	case least < 0: // one has ended where another has zeros
		slices.SortFunc(all, func(a, b sortEntry) int { return strings.Compare(a.text(text), b.text(text)) })
		return
	case len(all) < minRadix:
		slices.Sort(all)
	default:
		radixSort(all, scratch)
	}
	for lo := 0; lo < len(all); {
		hi := lo + 1
		for hi < len(all) && all[hi]>>codeBits == all[lo]>>codeBits {
			hi++
		}
		sortEntries(all[lo:hi], scratch[lo:hi], text, depth+keyBytes)
		lo = hi
	}
}

const (
	// minRadix is the number of entries from which passes over all of them are faster than comparisons.
	minRadix = 256
	// minShared is the number of bytes with which all keys begin from which it pays to read those behind them instead.
	minShared = 3
)

// setKeys sets the keys to the bytes from depth on. It gives the number of leading bytes that all strings have and have in common there, and the least
// number of bytes that one has from depth on, negative if it has ended before.
func setKeys(all []sortEntry, text []string, depth int) (same, least int) {
	differing := sortEntry(0)
	least = keyBytes
	for i, e := range all {
		s := e.text(text)
		least = min(least, len(s)-depth)
		all[i] = sortEntry(prefixKey(s[min(depth, len(s)):]))>>codeBits<<codeBits | e&(1<<codeBits-1)
		differing |= all[i] ^ all[0]
	}
	return min(bits.LeadingZeros64(uint64(differing>>codeBits<<codeBits))/8, least), least
}

// radixSort sorts by the bytes of the keys, the last first. Bytes in which all agree take no pass.
func radixSort(all, scratch []sortEntry) {
	var counts [keyBytes][256]uint32
	for _, e := range all {
		for k := range counts {
			counts[k][byte(e>>(codeBits+8*k))]++
		}
	}
	from, to := all, scratch
	for k := range counts {
		shift := codeBits + 8*k
		if int(counts[k][byte(from[0]>>shift)]) == len(all) {
			continue
		}
		places, place := &counts[k], uint32(0)
		for d, n := range places {
			places[d] = place
			place += n
		}
		for _, e := range from {
			d := byte(e >> shift)
			to[places[d]] = e
			places[d]++
		}
		from, to = to, from
	}
	if &from[0] != &all[0] {
		copy(all, from)
	}
}

// prefixKey gives the first eight bytes of s as a number that compares as they do, with zeros where s is shorter.
func prefixKey(s string) uint64 {
	if len(s) >= 8 {
		return binary.BigEndian.Uint64(unsafe.Slice(unsafe.StringData(s), 8))
	}
	var b [8]byte
	copy(b[:], s)
	return binary.BigEndian.Uint64(b[:])
}
