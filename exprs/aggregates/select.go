package aggregates

import (
	"math/bits"
	"slices"

	"github.com/stoadb/stoa/exprs/vec"
)

// nth gives the value that would stand at a place if the values were sorted, NaN behind all others. It moves them about: those before the place are not
// greater, those behind it not less, so that a neighbour is found quicker. Hoare's selection, which ends as a sort when its pivots are bad (Musser 1997).
func nth[T int64 | float64](values []T, place int) T {
	if n := nansLast(values); place >= n {
		return values[place]
	} else {
		values = values[:n]
	}
	lo, hi := 0, len(values)
	for depth := 2 * bits.Len(uint(len(values))); hi-lo > 24; depth-- {
		if depth == 0 {
			slices.Sort(values[lo:hi])
			return values[place]
		}
		i, j := partition(values, lo, hi)
		switch {
		case place <= j:
			hi = j + 1
		case place >= i:
			lo = i
		default:
			return values[place]
		}
	}
	slices.Sort(values[lo:hi])
	return values[place]
}

// partition moves what is less than a pivot before what is greater: [lo, j] is not greater, [i, hi) not less, and what lies between is the pivot.
func partition[T int64 | float64](values []T, lo, hi int) (i, j int) {
	a, b, c := values[lo], values[lo+(hi-lo)/2], values[hi-1]
	pivot := max(min(a, b), min(max(a, b), c))
	i, j = lo, hi-1
	for i <= j {
		for values[i] < pivot {
			i++
		}
		for values[j] > pivot {
			j--
		}
		if i <= j {
			values[i], values[j] = values[j], values[i]
			i, j = i+1, j-1
		}
	}
	return i, j
}

// nansLast moves NaNs to the end and gives the number of other values.
func nansLast[T int64 | float64](values []T) int {
	n := len(values)
	for i := 0; i < n; {
		if x := values[i]; x != x {
			n--
			values[i], values[n] = values[n], x
			continue
		}
		i++
	}
	return n
}

// sortRows sorts rows of a vector by its values.
func sortRows(v *vec.Vec, rows []int32, desc bool) {
	slices.SortStableFunc(rows, func(x, y int32) int {
		c := vec.Compare(v, int(x), v, int(y))
		if desc {
			return -c
		}
		return c
	})
}

// mostFrequent gives the first row of the longest run of equal values.
func mostFrequent(v *vec.Vec, rows []int32) int32 {
	best, length := rows[0], 0
	for lo := 0; lo < len(rows); {
		hi := lo + 1
		for hi < len(rows) && vec.Compare(v, int(rows[lo]), v, int(rows[hi])) == 0 {
			hi++
		}
		if hi-lo > length {
			best, length = rows[lo], hi-lo
		}
		lo = hi
	}
	return best
}
