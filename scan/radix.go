package scan

import "math/bits"

// entry is a row that is sorted and a word of its key.
type entry struct {
	word uint64
	row  int32
}

const (
	digitBits = 11 // of a pass: 2048 places to write to stay in the second-level cache
	digits    = 1 << digitBits
)

// stride is the number of rows that sorting works on between two looks at the context: some milliseconds.
const stride = 1 << 18

// strides hands rows to do, stride of them at a time.
func strides[T any](env *Env, rows []T, do func(rows []T)) error {
	for len(rows) > 0 {
		if err := env.cancelled(); err != nil {
			return err
		}
		n := min(stride, len(rows))
		do(rows[:n])
		rows = rows[n:]
	}
	return nil
}

// wordRange gives the smallest word and the number of bits in which words differ from it.
func wordRange(es []entry) (lowest uint64, width int) {
	lo, hi := es[0].word, es[0].word
	for i := range es {
		lo, hi = min(lo, es[i].word), max(hi, es[i].word)
	}
	return lo, bits.Len64(hi - lo)
}

// radix sorts entries by their words, stably, digit by digit from the lowest. spare is as long as es; what it holds is lost.
func (env *Env) radix(es, spare []entry) error {
	if len(es) < 2 {
		return nil
	}
	lowest, width := wordRange(es)
	from, to := es, spare[:len(es)]
	for shift := 0; shift < width; shift += digitBits {
		if err := env.places(from, to, lowest, uint(shift)); err != nil {
			return err
		}
		from, to = to, from
	}
	if width > 0 && &from[0] != &es[0] {
		copy(es, from)
	}
	return nil
}

// places writes entries in the order of a digit.
func (env *Env) places(from, to []entry, lowest uint64, shift uint) error {
	var next [digits]int32
	err := strides(env, from, func(es []entry) {
		for i := range es {
			next[(es[i].word-lowest)>>shift%digits]++
		}
	})
	if err != nil {
		return err
	}
	at := int32(0)
	for d, n := range next {
		next[d], at = at, at+n
	}
	return strides(env, from, func(es []entry) {
		for i := range es {
			d := (es[i].word - lowest) >> shift % digits
			to[next[d]] = es[i]
			next[d]++
		}
	})
}

// spread sorts entries by the highest digit of their words, stably, and gives the ends of the parts that have the same.
func (env *Env) spread(es, spare []entry) (ends []int, err error) {
	lowest, width := wordRange(es)
	if width == 0 {
		return []int{len(es)}, nil
	}
	shift := uint(max(0, width-digitBits))
	if err := env.places(es, spare[:len(es)], lowest, shift); err != nil {
		return nil, err
	}
	copy(es, spare)
	for i := 1; i < len(es); i++ {
		if (es[i].word-lowest)>>shift != (es[i-1].word-lowest)>>shift {
			ends = append(ends, i)
		}
	}
	return append(ends, len(es)), nil
}
