package aggregates

import (
	"math"
	"math/bits"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/kernels"
	"github.com/stoadb/stoa/exprs/vec"
)

// Tally updates several aggregates of one argument, integers, at once: one pass over a batch finds their number, sum, least and greatest by group, from which
// each state takes what it wants. All four lie side by side, so that a pass costs little more than that of a single aggregate.
//
// It takes batches with few groups, or none, whose sums stay within 64 bits. It holds nothing between batches that the states do not have.
type Tally struct {
	takers   []taker
	rows     []*count // count(*), which come with the values when none is NULL
	sums     bool     // somebody wants the sum
	least    bool     // somebody wants the least
	extremes bool     // somebody wants the least or the greatest
	wide     bool     // the sum of a batch did not stay within 64 bits: it will not be tried again

	groups int            // of the states
	lanes  []kernels.Cell // the extremes stay from batch to batch: they are those of all values so far
	per    uint32         // lanes a group: row i of group g goes to lane i%per of cell g+1, where cell 0 is as with intTotals
	keep   []uint8
	bits   []uint64
	few    few
}

// taker is a state that takes what values come to.
type taker interface {
	exprs.State
	wants() wish
	// accepts tells whether values of a scale can be taken.
	accepts(scale int) bool
	take(group int, l *kernels.Cell)
}

// fewGroups and someGroups are numbers of groups up to which a group has four lanes, so that a row need not wait for the sums of the row before it to be
// stored, and one. Both fit the first-level cache: 8 and 16 KiB.
const (
	fewGroups  = laneGroups
	someGroups = 512
)

// Include makes a Tally update a state, and tells whether it can. scaled says that the state is to get values in scaled form, as exprs.ScaledState.
func (t *Tally) Include(s exprs.State, scaled bool) bool {
	k, ok := s.(taker)
	if !ok {
		return false
	}
	w := k.wants()
	if w.scaled != scaled {
		return false
	}
	t.sums, t.least, t.extremes = t.sums || w.sum, t.least || w.least, t.extremes || w.least || w.greatest
	t.takers = append(t.takers, k)
	return true
}

// IncludeRows makes a Tally update a count of rows, and tells whether it can.
func (t *Tally) IncludeRows(s exprs.State) bool {
	c, ok := s.(*count)
	if ok {
		t.rows = append(t.rows, c)
	}
	return ok
}

// Useful tells whether a pass for all states is less than the passes of each.
func (t *Tally) Useful() bool { return t.sums || len(t.takers) > 1 }

// Grow makes room for groups [0, n), in the states too.
func (t *Tally) Grow(n int) {
	for _, s := range t.takers {
		s.Grow(n)
	}
	for _, c := range t.rows {
		c.Grow(n)
	}
	if n == t.groups && t.lanes != nil || n > someGroups {
		t.groups = n
		return
	}
	if t.groups, t.per = n, 1; n <= fewGroups {
		t.per = 4
	}
	t.lanes = t.lanes[:0]
	for range t.per * uint32(n+1) {
		t.lanes = append(t.lanes, kernels.NoValues())
	}
}

// Add updates all states, as exprs.FilteredState does one. It answers false when it has updated none: each state is then to be updated by itself.
func (t *Tally) Add(groups []uint32, keep []uint8, v *vec.Vec, scale, n int) (bool, error) {
	if v = v.Decoded(); v.Const || t.wide || t.groups > someGroups {
		return false, nil
	}
	for _, s := range t.takers {
		if !s.accepts(scale) {
			return false, nil
		}
	}
	values, whole := v.Ints[:n], t.whole(keep, v.Valid, n)
	var ok bool
	if groups == nil {
		ok = t.addAll(keep, values, v.Valid, whole)
	} else {
		ok = t.addGroups(groups[:n], values, v.Valid, whole)
	}
	if !ok {
		t.wide = true
		return false, nil
	}
	if whole {
		return true, nil
	}
	for _, c := range t.rows {
		if err := c.UpdateFiltered(groups, keep, nil, n); err != nil {
			return true, err
		}
	}
	return true, nil
}

// whole tells whether no row that is kept is NULL, so that their number is that of the values.
func (t *Tally) whole(keep []uint8, valid vec.Bitmap, n int) bool {
	switch {
	case valid == nil:
		return true
	case len(t.rows) == 0:
		return false
	case keep == nil:
		return valid.Count(n) == n
	}
	t.bits = grow(t.bits, len(valid))
	kernels.Pack(t.bits, keep[:n])
	for i := range (n + 63) / 64 {
		if w := t.bits[i] &^ valid[i]; w != 0 {
			return false
		}
	}
	return true
}

// addGroups adds values by group.
func (t *Tally) addGroups(groups []uint32, values []int64, valid vec.Bitmap, whole bool) bool {
	cells, ok := t.few.add(t.groups, groups, values, valid, t.least)
	if !ok {
		return t.addRows(groups, values, valid, whole)
	}
	if t.sums && !exact(cells, len(values)) {
		return false
	}
	for g := range cells {
		if cells[g].N != 0 {
			t.give(g, &cells[g], whole)
		}
	}
	return true
}

// addRows is addGroups row by row. Its loops are of 64 rows, one word of the bitmap.
func (t *Tally) addRows(groups []uint32, values []int64, valid vec.Bitmap, whole bool) bool {
	lanes, per, high := t.lanes, t.per, int64(0)
	for lo := 0; lo < len(values); lo += 64 {
		part, w := values[lo:min(lo+64, len(values))], ^uint64(0)
		to := groups[lo : lo+len(part)]
		if valid != nil {
			w = valid[lo>>6]
		}
		switch {
		case t.sums && t.extremes:
			high |= addLanes(lanes, per, to, part, w)
		case t.sums:
			high |= addSums(lanes, per, to, part, w)
		default:
			addExtremes(lanes, per, to, part, w)
		}
	}
	if fits := within64(high, len(values)); !fits {
		for i := range lanes {
			lanes[i].Sum, lanes[i].N = 0, 0
		}
		return false
	}
	for i := range lanes {
		l := &lanes[i]
		if cell := i / int(per); l.N != 0 && cell > 0 {
			t.give(cell-1, l, whole)
		}
		l.Sum, l.N = 0, 0
	}
	return true
}

// give gives the states what came of a group.
func (t *Tally) give(group int, l *kernels.Cell, rows bool) {
	for _, s := range t.takers {
		s.take(group, l)
	}
	if rows {
		for _, c := range t.rows {
			c.take(group, l)
		}
	}
}

// magnitude gives a number with as many bits as x has beside its sign.
func magnitude(x int64) int64 { return x ^ x>>63 }

// within64 tells whether n numbers with no more bits than high have a sum of at most 62 bits.
func within64(high int64, n int) bool { return bits.Len64(uint64(high))+bits.Len(uint(n)) <= 62 }

// addLanes adds up to 64 values, those whose bits are set, to lanes, and gives all their bits.
func addLanes(lanes []kernels.Cell, per uint32, groups []uint32, values []int64, w uint64) (high int64) {
	turn := per - 1
	for i, x := range values {
		l := &lanes[((groups[i]+1)&-uint32(w&1))*per+uint32(i)&turn]
		w >>= 1
		high |= magnitude(x)
		l.Sum += x
		l.N++
		l.Least = min(l.Least, x)
		l.Greatest = max(l.Greatest, x)
	}
	return high
}

// addSums is addLanes without extremes.
func addSums(lanes []kernels.Cell, per uint32, groups []uint32, values []int64, w uint64) (high int64) {
	turn := per - 1
	for i, x := range values {
		l := &lanes[((groups[i]+1)&-uint32(w&1))*per+uint32(i)&turn]
		w >>= 1
		high |= magnitude(x)
		l.Sum += x
		l.N++
	}
	return high
}

// addExtremes is addLanes without sums.
func addExtremes(lanes []kernels.Cell, per uint32, groups []uint32, values []int64, w uint64) {
	turn := per - 1
	for i, x := range values {
		l := &lanes[((groups[i]+1)&-uint32(w&1))*per+uint32(i)&turn]
		w >>= 1
		l.N++
		l.Least = min(l.Least, x)
		l.Greatest = max(l.Greatest, x)
	}
}

// allPart is the number of values of one group that are looked at for their sum and then for their extremes, while they lie in the first-level cache.
const allPart = 1024

// addAll adds values to one group.
func (t *Tally) addAll(keep []uint8, values []int64, valid vec.Bitmap, whole bool) bool {
	l, high := kernels.NoValues(), int64(0)
	switch {
	case kernels.Quick(len(values)):
		kernels.Where(&l, values, t.keptBits(keep, valid))
		high = magnitude(l.Least) | magnitude(l.Greatest)
	case valid != nil:
		keep = t.withValid(keep, valid, len(values))
		fallthrough
	default:
		high = t.addParts(&l, keep, values)
	}
	if l.N == 0 {
		return true
	}
	if t.sums && !within64(high, len(values)) {
		return false
	}
	t.give(0, &l, whole)
	return true
}

// addParts adds the values at which keep is 1, and gives all bits of them.
func (t *Tally) addParts(l *kernels.Cell, keep []uint8, values []int64) (high int64) {
	for lo := 0; lo < len(values); lo += allPart {
		part := values[lo:min(lo+allPart, len(values))]
		if keep == nil {
			high |= addAll(l, part, t.sums, t.extremes)
		} else {
			high |= addWhere(l, part, keep[lo:lo+len(part)], t.sums, t.extremes)
		}
	}
	return high
}

// keptBits gives the rows that are kept and not NULL; nil for all.
func (t *Tally) keptBits(keep []uint8, valid vec.Bitmap) []uint64 {
	if keep == nil {
		return valid
	}
	t.bits = grow(t.bits, (len(keep)+63)/64)
	kernels.Pack(t.bits, keep)
	for i := range valid[:min(len(valid), (len(keep)+63)/64)] {
		t.bits[i] &= valid[i]
	}
	return t.bits
}

// withValid gives a mask without the rows that are NULL.
func (t *Tally) withValid(keep []uint8, valid vec.Bitmap, n int) []uint8 {
	if t.keep = append(t.keep[:0], keep...); keep == nil {
		t.keep = append(t.keep, make([]uint8, n)...)
		vec.SetBytes(t.keep)
	}
	vec.AndBits(t.keep, valid)
	return t.keep
}

func addAll(l *kernels.Cell, values []int64, sums, extremes bool) (high int64) {
	l.N += int64(len(values))
	if sums {
		sum := int64(0)
		for _, x := range values {
			high |= magnitude(x)
			sum += x
		}
		l.Sum += sum
	}
	if extremes {
		least, greatest := l.Least, l.Greatest
		for _, x := range values {
			least, greatest = min(least, x), max(greatest, x)
		}
		l.Least, l.Greatest = least, greatest
	}
	return high
}

// addWhere adds the values at which keep is 1.
func addWhere(l *kernels.Cell, values []int64, keep []uint8, sums, extremes bool) (high int64) {
	keep = keep[:len(values)]
	if sums {
		sum, n := int64(0), int64(0)
		for i, x := range values {
			k := int64(keep[i])
			n += k
			x &= -k
			high |= magnitude(x)
			sum += x
		}
		l.Sum, l.N = l.Sum+sum, l.N+n
	} else {
		for _, k := range keep {
			l.N += int64(k)
		}
	}
	if extremes {
		least, greatest := l.Least, l.Greatest
		for i, x := range values {
			k := -int64(keep[i])
			least, greatest = min(least, x&k|math.MaxInt64&^k), max(greatest, x&k|math.MinInt64&^k)
		}
		l.Least, l.Greatest = least, greatest
	}
	return high
}
