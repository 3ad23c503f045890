package parquetio

import (
	"encoding/binary"
	"slices"
	"unsafe"
)

// sortEntry is an entry of a dictionary on its way to its place: the eight bytes by which it is compared.
type sortEntry struct {
	key  uint64
	code uint16
	left uint8 // bytes that the string has from depth on, up to 9
}

// sortEntries sorts entries whose strings agree in the first depth bytes: by the next eight bytes as a number, then those that agree in them by the
// rest. It moves numbers where a plain sort would follow pointers: 38,000 JSON arrays in 3 ms, not 16. scratch is as long as all.
func sortEntries(all, scratch []sortEntry, text []string, depth int) {
	if len(all) < 2 {
		return
	}
	depth += commonPrefix(all, text, depth)
	for i := range all {
		s := text[all[i].code][depth:]
		all[i].key, all[i].left = prefixKey(s), uint8(min(len(s), 9))
	}
	if len(all) < minRadix {
		slices.SortFunc(all, compareEntries)
	} else {
		radixSort(all, scratch)
	}
	for lo := 0; lo < len(all); {
		hi := lo + 1
		for hi < len(all) && all[hi].key == all[lo].key && all[hi].left == all[lo].left {
			hi++
		}
		if all[lo].left == 9 {
			sortEntries(all[lo:hi], scratch[lo:hi], text, depth+8)
		}
		lo = hi
	}
}

// minRadix is the number of entries from which nine passes over them are faster than comparisons.
const minRadix = 256

func compareEntries(a, b sortEntry) int {
	if a.key != b.key {
		if a.key < b.key {
			return -1
		}
		return 1
	}
	return int(a.left) - int(b.left) // zeros behind the end are no part of it
}

// radixSort sorts by left and then by the bytes of the key, the last first. Bytes in which all agree take no pass.
func radixSort(all, scratch []sortEntry) {
	var counts [9][256]uint32
	for i := range all {
		counts[8][all[i].left]++
		key := all[i].key
		for k := range 8 {
			counts[k][byte(key>>(8*k))]++
		}
	}
	from, to := all, scratch
	for pass := range 9 {
		k := (pass + 8) % 9 // left is the least significant
		digit := func(e *sortEntry) byte {
			if k == 8 {
				return e.left
			}
			return byte(e.key >> (8 * k))
		}
		if int(counts[k][digit(&from[0])]) == len(all) {
			continue
		}
		place := uint32(0)
		for d := range counts[k] {
			n := counts[k][d]
			counts[k][d] = place
			place += n
		}
		for i := range from {
			d := digit(&from[i])
			to[counts[k][d]] = from[i]
			counts[k][d]++
		}
		from, to = to, from
	}
	if &from[0] != &all[0] {
		copy(all, from)
	}
}

// commonPrefix gives the number of bytes from depth on in which all entries agree.
func commonPrefix(all []sortEntry, text []string, depth int) int {
	first := text[all[0].code][depth:]
	n := len(first)
	for _, e := range all[1:] {
		if n == 0 {
			return 0
		}
		n = sharedPrefix(first[:n], text[e.code][depth:])
	}
	return n
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
