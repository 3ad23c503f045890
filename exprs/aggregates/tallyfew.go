package aggregates

import (
	"github.com/stoadb/stoa/exprs/kernels"
	"github.com/stoadb/stoa/exprs/vec"
)

// few is what the values of a batch come to in few groups.
type few [kernels.MaxGroups]kernels.Cell

// add gives what values come to in each of n groups, without least their least value as a bound; ok is false where the kernels have nothing for that.
func (f *few) add(n int, groups []uint32, values []int64, valid vec.Bitmap, least bool) (cells []kernels.Cell, ok bool) {
	if n > len(f) || !kernels.Quick(len(values)) {
		return nil, false
	}
	cells = f[:n]
	for i := range cells {
		cells[i] = kernels.NoValues()
	}
	return cells, kernels.ByGroup(cells, groups, values, valid, least)
}

// exact tells whether the sums of cells, of n values in all, are within 64 bits, which their extremes show.
func exact(cells []kernels.Cell, n int) bool {
	high := int64(0)
	for _, c := range cells {
		if c.N != 0 {
			high |= magnitude(c.Least) | magnitude(c.Greatest)
		}
	}
	return within64(high, n)
}
