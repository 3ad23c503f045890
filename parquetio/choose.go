package parquetio

import (
	"math/bits"
	"slices"
)

// What a chunk's encoding and compression are chosen by. docs/design/005-parquet-layout.md has the measurements.

// zstd must make a chunk this much smaller to be used, for it costs a reader time: about a nanosecond for each byte that it gives. Integers and
// codes, which are decoded in about that time a value, are asked for more than strings. 10 million values of memory_used took 44 MB and 50 ms to
// scan without zstd, 42 MB and 75 ms with it.
const (
	zstdWorth      = 0.90
	zstdWorthInts  = 0.80
	zstdWorthCodes = 0.25
)

// worth gives the part of its size to which compression must bring the chunk.
func (w *chunkEncoder) worth() float64 {
	switch {
	case w.enc == encDeltaBinaryPacked:
		return zstdWorthInts
	case w.enc == encRLEDictionary && w.dict.end-w.dict.start < len(w.raw)/8:
		return zstdWorthCodes
	default:
		return zstdWorth
	}
}

// choose settles the encoding of the chunk's data pages and encodes the dictionary, if there is one.
func (w *chunkEncoder) choose(b *columnBuffer) {
	w.text = b.form.physical == physByteArray
	switch b.form.physical {
	case physInt32, physInt64:
		w.chooseInts(b)
	case physByteArray:
		w.chooseStrings(b)
	default:
		w.enc = encPlain
	}
}

// chooseInts takes a dictionary when few values come again and again, and else delta packing.
func (w *chunkEncoder) chooseInts(b *columnBuffer) {
	w.enc = encDeltaBinaryPacked
	if !w.ints.build(b.ints) {
		return
	}
	entries := w.ints.entries
	width := 8
	if b.form.narrow {
		width = 4
	}
	coded := len(entries)*width + len(b.ints)*codeWidth(len(entries))/8
	if float64(coded) >= dictWorthInts*float64(deltaSize(b.ints, w.pageRows)) {
		return
	}
	w.enc = encRLEDictionary
	w.raw = appendPlainInts(w.raw, entries, b.form.narrow)
	w.dict = pageSpan{values: len(entries), end: len(w.raw)}
}

// dictWorthInts is the part of the size of delta-packed integers that dictionary and codes may have.
const dictWorthInts = 0.75

// deltaSize estimates the size of integers packed by deltas, by one page in the middle.
func deltaSize(values []int64, pageRows int) int {
	n := min(len(values), pageRows)
	if n == 0 {
		return 0
	}
	lo := (len(values) - n) / 2
	bits := 0
	var deltas [deltaBlock]uint64
	for i := lo + 1; i < lo+n; i += deltaBlock {
		k := min(deltaBlock, lo+n-i)
		deltasOf(&deltas, values[i-1:i+k], false)
		bits += 8 * len(appendDeltaBlock(nil, &deltas, k))
	}
	return int(float64(bits) / 8 * float64(len(values)) / float64(n))
}

// chooseStrings keeps or drops the dictionary, and chooses between the two encodings of strings without one.
func (w *chunkEncoder) chooseStrings(b *columnBuffer) {
	if b.coded() {
		b.settle(&w.sort)
		w.enc = encRLEDictionary
		w.raw = appendPlainStrings(w.raw, b.table.entries)
		w.dict = pageSpan{values: len(b.table.entries), end: len(w.raw)}
		if w.keepDictionary(b) {
			return
		}
		b.giveUpDictionary()
		w.raw, w.packed, w.dict = w.raw[:0], w.packed[:0], pageSpan{}
	}
	w.enc = encDeltaLengthByteArray
	w.ruling.await()
	if w.ruling.own {
		w.ruling.prefixes = w.prefixesPay(b.strs)
	}
	if w.ruling.prefixes {
		w.enc = encDeltaByteArray
	}
}

// due tells whether a choice that takes a trial is to be made again: for the row groups 0, 1, 2, 4, 8, 16, 32, 48 …; the others follow the last.
func due(group int) bool { return group&(group-1) == 0 || group%16 == 0 }

// prefixesPay tells whether strings are smaller without what they have in common with their predecessors, by a quarter of a page.
func (w *chunkEncoder) prefixesPay(values []string) bool {
	n := min(len(values), w.pageRows/4)
	if sharedPrefixes(values[:n]) < minSharedPrefix*n {
		return false
	}
	lengths, prefixes := w.packedSize(values[:n], encDeltaLengthByteArray), w.packedSize(values[:n], encDeltaByteArray)
	return float64(prefixes) < prefixWorth*float64(lengths)
}

// minSharedPrefix is the length of the prefix that neighbours must have in common on average before its removal is tried.
const minSharedPrefix = 4

// prefixWorth is the part of the size of strings with lengths that strings without their common prefixes may have: each string must be put together
// on reading.
const prefixWorth = 0.85

// packedSize gives the size of a page of strings.
func (w *chunkEncoder) packedSize(values []string, enc encoding) int {
	w.sample = w.appendStrings(w.sample[:0], values, enc)
	return w.zstd.size(w.sample, &w.trial)
}

// sharedPrefixes sums the lengths of what each string has in common with the one before.
func sharedPrefixes(values []string) int {
	total := 0
	for i := 1; i < len(values); i++ {
		total += sharedPrefix(values[i-1], values[i])
	}
	return total
}

func sharedPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// keepDictionary tells whether the dictionary is to be written. When each entry serves four values it is: no other form is as small, nor as fast to
// scan. Otherwise the sizes of both forms are estimated; the dictionary may take a little more, as it lets a predicate be asked once for each of its
// entries.
func (w *chunkEncoder) keepDictionary(b *columnBuffer) bool {
	entries, values := len(b.table.entries), len(b.codes)
	if 4*entries <= values || values <= minDictRows {
		return true
	}
	w.pack(&w.dict)
	if w.ruling.await(); w.ruling.valueBytes > 0 {
		return w.dictionaryPays(values, codeWidth(entries), w.ruling.valueBytes)
	}
	n := min(values, max(1, w.pageRows/4))
	flat := make([]string, n)
	for i, c := range b.codes[:n] {
		flat[i] = b.table.entries[c]
	}
	bytes := float64(w.packedSize(flat, encDeltaLengthByteArray)) / float64(n)
	if w.ruling.own {
		w.ruling.valueBytes = bytes
	}
	return w.dictionaryPays(values, codeWidth(entries), bytes)
}

// dictionaryPays compares dictionary and codes of so many bits with strings of valueBytes each.
func (w *chunkEncoder) dictionaryPays(values, width int, valueBytes float64) bool {
	coded := min(w.dict.packedEnd, w.dict.end) + values*width/8
	return float64(coded) <= dictWorthStrings*valueBytes*float64(values)
}

// dictWorthStrings is the part of the size of strings without a dictionary that it may have. They are tried by a quarter of a page, which comes to 3 to 8 % more
// for each string than a page does: this is the little more that the dictionary may take.
const dictWorthStrings = 1.0

// intDictionary finds the distinct values of a chunk of integers.
type intDictionary struct {
	entries []int64
	codes   []uint16
	slots   []uint32 // open addressing: code + 1, 0 for free
}

const (
	// intProbe is the number of values by which a chunk of integers is taken for one that repeats: at most three quarters of them are new.
	intProbe = 2048
	// maxIntDict bounds the entries: the codes of more take nearly as many bits as the values.
	maxIntDict = 1 << 14
)

// build fills the dictionary, sorted, and the codes; false when the values do not repeat enough.
func (d *intDictionary) build(values []int64) bool {
	d.entries, d.codes = d.entries[:0], slices.Grow(d.codes[:0], len(values))
	size := min(4*maxIntDict, 8<<bits.Len(uint(len(values)/4))) // small chunks pay for small tables
	if cap(d.slots) < size {
		d.slots = make([]uint32, size)
	}
	d.slots = d.slots[:size]
	clear(d.slots)
	shift, mask := 65-bits.Len(uint(size)), uint64(size-1)
	for i, v := range values {
		if i == intProbe && 4*len(d.entries) > 3*intProbe {
			return false
		}
		h := uint64(v) * 0x9e3779b97f4a7c15 >> (shift & 63)
		for d.slots[h] != 0 && d.entries[d.slots[h]-1] != v {
			h = (h + 1) & mask
		}
		if d.slots[h] == 0 {
			if len(d.entries) == maxIntDict || len(d.entries) > len(values)/2 {
				return false
			}
			d.entries = append(d.entries, v)
			d.slots[h] = uint32(len(d.entries))
		}
		d.codes = append(d.codes, uint16(d.slots[h]-1))
	}
	d.sort()
	return len(values) > 0
}

// sort sorts the entries, as readers may search them and zstd finds more in them.
func (d *intDictionary) sort() {
	order := make([]uint16, len(d.entries))
	for i := range order {
		order[i] = uint16(i)
	}
	slices.SortFunc(order, func(a, b uint16) int {
		if d.entries[a] < d.entries[b] {
			return -1
		}
		return 1
	})
	rank, sorted := make([]uint16, len(order)), make([]int64, len(order))
	for i, c := range order {
		rank[c], sorted[i] = uint16(i), d.entries[c]
	}
	copy(d.entries, sorted)
	for i, c := range d.codes {
		d.codes[i] = rank[c]
	}
}

// appendDeltaStrings appends strings by DELTA_BYTE_ARRAY (Encodings.md): the lengths of the prefixes that they share with their predecessors, then what
// follows those, by DELTA_LENGTH_BYTE_ARRAY. lengths and rest are scratch space; rest is given back.
func appendDeltaStrings(dst []byte, values []string, lengths []int64, rest []byte) (out, scratch []byte) {
	for i, s := range values {
		lengths[i] = 0
		if i > 0 {
			lengths[i] = int64(sharedPrefix(values[i-1], s))
		}
	}
	dst = appendDelta(dst, lengths, true)
	rest = rest[:0]
	for i, s := range values {
		rest = append(rest, s[lengths[i]:]...)
		lengths[i] = int64(len(s)) - lengths[i]
	}
	return append(appendDelta(dst, lengths, true), rest...), rest
}
