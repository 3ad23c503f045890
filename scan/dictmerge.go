package scan

import (
	"strings"

	"github.com/stoadb/stoa/exprs/vec"
)

// turnTo begins with another dictionary: what is known of its entries is what is known of those of the one before.
//
// The dictionaries of our files are sorted, by the bytes of texts, and those of neighbouring row groups have most of their entries in common: stepping through both
// side by side finds these by comparing neighbours in memory, where looking each of them up costs a hash and cache misses.
func (k *keyColumn) turnTo(dict *vec.Vec) {
	before, known := k.dict, k.codes
	k.dict, k.codes, k.spare = dict, k.spare, known
	if cap(k.codes) < max(dict.N, byteCodes) {
		k.codes = make([]uint32, max(dict.N, byteCodes))
	}
	k.codes = k.codes[:dict.N]
	for i := range k.codes {
		k.codes[i] = noGroup
	}
	if k.plain && before != nil && dict.N > fewEntries && before.N > fewEntries && dict.Valid == nil && before.Valid == nil {
		mergeSorted(before.Strs, known, dict.Strs, k.codes)
	}
}

// mergeSorted gives the entries of b that a has too the numbers that they have there: all of them if both are sorted, else some.
func mergeSorted(a []string, known []uint32, b []string, codes []uint32) {
	i := 0
	for j, s := range b {
		order := -1
		for i < len(a) {
			if order = strings.Compare(a[i], s); order >= 0 {
				break
			}
			i++
		}
		if i == len(a) {
			return
		}
		if order == 0 {
			codes[j] = known[i]
		}
	}
}
