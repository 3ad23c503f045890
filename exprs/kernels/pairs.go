package kernels

import "bytes"

// IndexPair gives the first place in text of byte a from which, at a distance of gap bytes, which may be negative, byte b stands; -1 if there is none. Of the
// two, a is best the rarer. (W. Muła, "SIMD-friendly algorithms for substring searching", 2016, looks for a text by its first and its last byte.)
func IndexPair(text []byte, a, b byte, gap int) int {
	lo, hi := max(0, -gap), len(text)-max(0, gap) // the places that a can have
	if lo >= hi {
		return -1
	}
	n, at := indexPair(text[lo:hi], a, b, gap)
	if at >= 0 {
		return lo + at
	}
	return indexPairRest(text, lo+n, hi, a, b, gap)
}

// indexPairRest is IndexPair for places [lo, hi).
func indexPairRest(text []byte, lo, hi int, a, b byte, gap int) int {
	for ; lo < hi; lo++ {
		next := bytes.IndexByte(text[lo:hi], a)
		if next < 0 {
			return -1
		}
		if lo += next; text[lo+gap] == b {
			return lo
		}
	}
	return -1
}
