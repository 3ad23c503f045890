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
	case !splitSort(all, scratch):
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
	minRadix = 64
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
		all[i] = sortEntry(keyAt(s, depth))>>codeBits<<codeBits | e&(1<<codeBits-1)
		differing |= all[i] ^ all[0]
	}
	return min(bits.LeadingZeros64(uint64(differing>>codeBits<<codeBits))/8, least), least
}

// splitSort sorts by the keys when there are few different ones, as there are while the strings are words that many have: each is counted, and the entries are
// moved once. It gives up at the first that is one too many.
func splitSort(all, scratch []sortEntry) bool {
	var slots [4 * maxSplit]uint8 // open addressing: number of the key + 1, 0 for free
	var keys [maxSplit]sortEntry
	var counts [maxSplit + 1]uint32
	known := 0
	for _, e := range all {
		key := e >> codeBits
		k := 0
		for at := splitSlot(key); ; at = (at + 1) & (4*maxSplit - 1) {
			if k = int(slots[at]); k == 0 {
				if known == maxSplit {
					return false
				}
				keys[known] = key
				known++
				slots[at], k = uint8(known), known
				break
			}
			if keys[(k-1)&(maxSplit-1)] == key {
				break
			}
		}
		counts[k]++
	}
	order := keys
	slices.Sort(order[:known])
	var places [maxSplit + 1]uint32
	place := uint32(0)
	for _, key := range order[:known] {
		k := splitNumber(&slots, &keys, key)
		places[k] = place
		place += counts[k]
	}
	for _, e := range all {
		k := splitNumber(&slots, &keys, e>>codeBits)
		scratch[places[k]] = e
		places[k]++
	}
	copy(all, scratch)
	return true
}

// maxSplit is the number of different keys up to which to look for each is faster than passes over all bytes.
const maxSplit = 128

func splitSlot(key sortEntry) int { return int(uint64(key) * 0x9e3779b97f4a7c15 >> (64 - 9)) }

// splitNumber finds a key's number; it is there.
func splitNumber(slots *[4 * maxSplit]uint8, keys *[maxSplit]sortEntry, key sortEntry) int {
	at := splitSlot(key)
	for keys[(slots[at]-1)&(maxSplit-1)] != key {
		at = (at + 1) & (4*maxSplit - 1)
	}
	return int(slots[at])
}

// radixSort sorts by the bytes of the keys, the last first. Bytes in which all agree take no pass.
func radixSort(all, scratch []sortEntry) {
	differing := sortEntry(0)
	for _, e := range all {
		differing |= e ^ all[0]
	}
	from, to := all, scratch
	for shift := codeBits; shift < 64; shift += 8 {
		if differing>>shift&0xff == 0 {
			continue
		}
		var places [256]uint32
		for _, e := range from {
			places[byte(e>>(shift&63))]++
		}
		place := uint32(0)
		for d, n := range places {
			places[d] = place
			place += n
		}
		for _, e := range from {
			d := byte(e >> (shift & 63))
			to[places[d]] = e
			places[d]++
		}
		from, to = to, from
	}
	if &from[0] != &all[0] {
		copy(all, from)
	}
}

// keyAt gives the eight bytes of s from depth on as a number that compares as they do, with zeros beyond its end.
func keyAt(s string, depth int) uint64 {
	n := len(s) - depth
	switch {
	case n >= 8:
		return binary.BigEndian.Uint64(unsafe.Slice(unsafe.StringData(s[depth:]), 8))
	case n <= 0:
		return 0
	case len(s) >= 8: // the last eight bytes, of which those before depth leave
		return binary.BigEndian.Uint64(unsafe.Slice(unsafe.StringData(s[len(s)-8:]), 8)) << (8 * (8 - n) & 63)
	}
	var b [8]byte
	copy(b[:], s[depth:])
	return binary.BigEndian.Uint64(b[:])
}
