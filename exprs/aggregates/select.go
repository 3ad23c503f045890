package aggregates

import (
	"math/bits"
	"slices"

	"github.com/stoadb/stoa/exprs/vec"
)

const (
	// digitBits is the number of bits by which words are told apart in one pass: the counters stay in the first-level cache.
	digitBits = 11
	digits    = 1 << digitBits
	// fewWords is the number of words that are sorted at once: clearing the counters takes longer.
	fewWords = 192
)

// selector finds the words that would stand at some places if words were sorted. It does not sort: it counts them by their leading digit, of all bits in
// which they differ, and goes on with those whose digit is that of a place. A pass over words from one end to the other costs about a nanosecond a word, and most
// often three are enough for all but few of them; partitions about a pivot took several times as long.
type selector struct {
	check func() error      // looks at the context
	grew  func(int64) error // is asked for memory
	few   []int64
}

// at gives the words at places, which ascend, among those of parts.
func (s *selector) at(parts [][]int64, places []int, out []int64) error {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	if n <= fewWords {
		s.few = s.few[:0]
		for _, p := range parts {
			s.few = append(s.few, p...)
		}
		slices.Sort(s.few)
		for i, place := range places {
			out[i] = s.few[place]
		}
		return nil
	}
	if err := s.check(); err != nil {
		return err
	}
	lowest, width := extent(parts)
	shift := max(0, width-digitBits)
	var byDigit [digits]uint32
	for _, p := range parts {
		if err := s.check(); err != nil {
			return err
		}
		countDigits(&byDigit, p, lowest, shift)
	}
	digit, below := 0, 0
	for len(places) > 0 {
		for below+int(byDigit[digit]) <= places[0] {
			below += int(byDigit[digit])
			digit++
		}
		n, in := int(byDigit[digit]), 1
		for in < len(places) && places[in] < below+n {
			in++
		}
		if err := s.within(parts, lowest, shift, digit, below, n, places[:in], out[:in]); err != nil {
			return err
		}
		places, out = places[in:], out[in:]
	}
	return nil
}

// within gives the words at places, all of which have a digit that n words have, and below words a smaller one.
func (s *selector) within(parts [][]int64, lowest int64, shift, digit, below, n int, places []int, out []int64) error {
	if shift == 0 {
		for i := range out {
			out[i] = lowest + int64(digit)
		}
		return nil
	}
	if err := s.grew(int64(n) * 8); err != nil {
		return err
	}
	same, k := make([]int64, n+1), 0
	for _, p := range parts {
		if err := s.check(); err != nil {
			return err
		}
		k = collect(same, k, p, lowest, shift, digit)
	}
	inside := make([]int, len(places))
	for i, place := range places {
		inside[i] = place - below
	}
	return s.at(slices.Collect(slices.Chunk(same[:n], wordStride)), inside, out)
}

// extent gives the smallest word and the number of bits in which words differ from it.
func extent(parts [][]int64) (lowest int64, width int) {
	seen := false
	var highest int64
	for _, p := range parts {
		if len(p) == 0 {
			continue
		}
		if !seen {
			lowest, highest, seen = p[0], p[0], true
		}
		lo, hi := lowest, highest
		for _, x := range p {
			lo, hi = min(lo, x), max(hi, x)
		}
		lowest, highest = lo, hi
	}
	return lowest, bits.Len64(uint64(highest) - uint64(lowest))
}

// digitOf gives a digit of a word as it differs from the lowest.
func digitOf(x, lowest int64, shift int) int {
	return int((uint64(x)-uint64(lowest))>>(uint(shift)&63)) & (digits - 1)
}

// countDigits counts words by digit.
func countDigits(counts *[digits]uint32, words []int64, lowest int64, shift int) {
	for _, x := range words {
		counts[digitOf(x, lowest, shift)]++
	}
}

// collect appends the words of a digit, which is their highest, to the k that are in out. One more than there are has room there.
func collect(out []int64, k int, words []int64, lowest int64, shift, digit int) int {
	for _, x := range words {
		out[k] = x
		next := k + 1
		if int((uint64(x)-uint64(lowest))>>(uint(shift)&63)) == digit {
			k = next
		}
	}
	return k
}

// sortWords sorts words, digit by digit from the lowest. spare is as long as words; what it holds is lost.
func (s *selector) sortWords(words, spare []int64) error {
	if len(words) <= fewWords {
		slices.Sort(words)
		return nil
	}
	lowest, width := extent([][]int64{words})
	from, to := words, spare
	for shift := 0; shift < width; shift += digitBits {
		if err := s.check(); err != nil {
			return err
		}
		var next [digits]uint32
		countDigits(&next, from, lowest, shift)
		at := uint32(0)
		for d, n := range next {
			next[d], at = at, at+n
		}
		for _, x := range from {
			d := digitOf(x, lowest, shift)
			to[next[d]] = x
			next[d]++
		}
		from, to = to, from
	}
	if width > 0 && &from[0] != &words[0] {
		copy(words, from)
	}
	return nil
}

// longestRun gives the first word of the longest run of equal ones, the last such run if that is asked for. words are sorted.
func longestRun(words []int64, same func(a, b int64) bool, last bool) int64 {
	best, length := words[0], 0
	for lo := 0; lo < len(words); {
		hi := lo + 1
		for hi < len(words) && same(words[lo], words[hi]) {
			hi++
		}
		if hi-lo > length || last && hi-lo == length {
			best, length = words[lo], hi-lo
		}
		lo = hi
	}
	return best
}

// sortRows sorts rows of a vector by its values.
func sortRows(v *vec.Vec, rows []int32) {
	slices.SortStableFunc(rows, func(x, y int32) int { return vec.Compare(v, int(x), v, int(y)) })
}

// mostFrequent gives the first row of the longest run of equal values, of the last such run if that is asked for. rows are sorted.
func mostFrequent(v *vec.Vec, rows []int32, last bool) int32 {
	best, length := rows[0], 0
	for lo := 0; lo < len(rows); {
		hi := lo + 1
		for hi < len(rows) && vec.Compare(v, int(rows[lo]), v, int(rows[hi])) == 0 {
			hi++
		}
		if hi-lo > length || last && hi-lo == length {
			best, length = rows[lo], hi-lo
		}
		lo = hi
	}
	return best
}
