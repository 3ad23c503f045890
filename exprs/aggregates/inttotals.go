package aggregates

import (
	"math/bits"

	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// intTotals counts and sums integers by group, exactly. Group g has cell g+1: cell 0 takes the rows that count for nothing, so that the loops have no branch
// for them: those of exprs.NoGroup, which g+1 makes 0, and NULLs, whose place is ANDed away.
type intTotals struct {
	cells []total
	lanes []partial // of few groups, four to a cell
}

type total struct {
	sum decimal.Int128
	n   int64
}

type partial struct{ sum, n int64 }

// laneGroups is the largest number of groups that are summed in four lanes, by turns, so that a row need not wait for the sum of the row before it to be
// stored. 64 groups of them are 4 KiB.
const laneGroups = 64

func (t *intTotals) grow(n int) { t.cells = grow(t.cells, n+1) }

func (t *intTotals) group(g int) *total { return &t.cells[g+1] }

// add adds values to groups, which may be nil for group 0; keep, only looked at then, has 0 for rows to leave out.
func (t *intTotals) add(groups []uint32, keep []uint8, values []int64, valid vec.Bitmap) {
	if groups == nil {
		t.addAll(keep, values, valid)
		return
	}
	if t.addFew(groups, values, valid) {
		return
	}
	step := 0
	if len(t.cells) <= laneGroups+1 {
		step = safeRows(values)
	}
	if step < 256 {
		t.addCells(groups, values, valid)
		return
	}
	for lo := 0; lo < len(values); lo += step {
		hi, bits := min(lo+step, len(values)), valid
		if valid != nil {
			bits = valid[lo/64:]
		}
		t.addLanes(groups[lo:hi], values[lo:hi], bits)
	}
}

// addFew adds values to few groups at once, and tells whether it has.
func (t *intTotals) addFew(groups []uint32, values []int64, valid vec.Bitmap) bool {
	var f few
	cells, ok := f.add(len(t.cells)-1, groups, values, valid, false)
	if !ok || !exact(cells, len(values)) {
		return false
	}
	for g, c := range cells {
		t.flush(g+1, partial{c.Sum, c.N})
	}
	return true
}

// safeRows gives a number of rows, a multiple of 64, whose sum stays within 64 bits; 0 for fewer than 64. What lies under NULLs counts too.
func safeRows(values []int64) int {
	var m int64
	for _, x := range values {
		m |= x ^ x>>63
	}
	free := 62 - bits.Len64(uint64(m))
	if free < 6 {
		return 0
	}
	return 1 << min(free, 30)
}

// addAll adds all values to one group.
func (t *intTotals) addAll(keep []uint8, values []int64, valid vec.Bitmap) {
	var h halves
	n := 0
	for lo := 0; lo < len(values); lo += 64 {
		part, w := values[lo:min(lo+64, len(values))], ^uint64(0)
		w >>= uint(64 - len(part))
		if valid != nil {
			w &= valid[lo>>6]
		}
		if keep != nil {
			w &= vec.PackBytes(keep[lo : lo+len(part)])
		}
		k := bits.OnesCount64(w)
		n += k
		switch k {
		case 0:
		case len(part):
			h.addAll(part)
		default:
			h.addWhere(part, w)
		}
	}
	c := &t.cells[1]
	c.n += int64(n)
	c.sum.AddInt128(h.total())
}

// halves is a sum whose high and low halves are added apart, so that no addition can overflow within a batch and the loop has no carries.
type halves struct{ high, low int64 }

func (h *halves) addAll(values []int64) {
	high, low := h.high, h.low
	for _, x := range values {
		high += x >> 32
		low += int64(uint32(x))
	}
	h.high, h.low = high, low
}

// addWhere adds the values whose bits are set.
func (h *halves) addWhere(values []int64, w uint64) {
	high, low := h.high, h.low
	for _, x := range values {
		x &= -int64(w & 1)
		w >>= 1
		high += x >> 32
		low += int64(uint32(x))
	}
	h.high, h.low = high, low
}

func (h *halves) total() decimal.Int128 {
	sum := decimal.Int128{Hi: h.high >> 32, Lo: uint64(h.high) << 32}
	sum.Add(h.low)
	return sum
}

func (t *intTotals) flush(cell int, p partial) {
	c := &t.cells[cell]
	c.sum.Add(p.sum)
	c.n += p.n
}

func (t *intTotals) addLanes(groups []uint32, values []int64, valid vec.Bitmap) {
	if len(t.lanes) < 4*len(t.cells) {
		t.lanes = make([]partial, 4*len(t.cells))
	}
	lanes := t.lanes
	for lo := 0; lo < len(values); lo += 64 {
		part := values[lo:min(lo+64, len(values))]
		to := groups[lo : lo+len(part)]
		if valid == nil || valid[lo>>6] == ^uint64(0) {
			for i, x := range part {
				p := &lanes[(to[i]+1)*4+uint32(i)&3]
				p.sum += x
				p.n++
			}
			continue
		}
		w := valid[lo>>6]
		for i, x := range part {
			p := &lanes[((to[i]+1)&-uint32(w&1))*4+uint32(i)&3]
			w >>= 1
			p.sum += x
			p.n++
		}
	}
	for i := range lanes {
		if lanes[i].n != 0 {
			t.flush(i/4, lanes[i])
			lanes[i] = partial{}
		}
	}
}

// addCells adds each value to its sum at once.
func (t *intTotals) addCells(groups []uint32, values []int64, valid vec.Bitmap) {
	cells := t.cells
	for lo := 0; lo < len(values); lo += 64 {
		part, w := values[lo:min(lo+64, len(values))], ^uint64(0)
		if valid != nil {
			w = valid[lo>>6]
		}
		to := groups[lo : lo+len(part)]
		for i, x := range part {
			c := &cells[(to[i]+1)&-uint32(w&1)]
			w >>= 1
			c.sum.Add(x)
			c.n++
		}
	}
}

// addRepeated adds one value for each row that is kept.
func (t *intTotals) addRepeated(groups []uint32, keep []uint8, x int64, n int) {
	for i := range n {
		if keep != nil && groups == nil && keep[i] == 0 {
			continue
		}
		c := &t.cells[group(groups, i)+1]
		c.sum.Add(x)
		c.n++
	}
}

func (t *intTotals) merge(o *intTotals, into []uint32) {
	for i := 1; i < len(o.cells); i++ {
		c := &t.cells[into[i-1]+1]
		c.sum.AddInt128(o.cells[i].sum)
		c.n += o.cells[i].n
	}
}

func (t *intTotals) bytes() int64 { return int64(cap(t.cells))*24 + int64(cap(t.lanes))*16 }

// intBests keeps the smallest or largest integer of each group, in cells as intTotals has them.
type intBests struct {
	sign  int // 1 for the largest, -1 for the smallest
	cells []best
}

type best struct {
	value int64
	seen  bool
}

func (t *intBests) grow(n int) { t.cells = grow(t.cells, n+1) }

func (t *intBests) group(g int) *best { return &t.cells[g+1] }

func (b *best) offer(x int64, sign int) {
	if !b.seen || sign > 0 && x > b.value || sign < 0 && x < b.value {
		b.value, b.seen = x, true
	}
}

// add is as intTotals.add. Few values are better than those before: the branch is nearly always foreseen.
func (t *intBests) add(groups []uint32, keep []uint8, values []int64, valid vec.Bitmap) {
	if groups == nil {
		t.addAll(keep, values, valid)
		return
	}
	var f few
	if cells, ok := f.add(len(t.cells)-1, groups, values, valid, t.sign < 0); ok {
		for g := range cells {
			if cells[g].N != 0 {
				t.take(g, &cells[g])
			}
		}
		return
	}
	cells := t.cells
	for lo := 0; lo < len(values); lo += 64 {
		part, w := values[lo:min(lo+64, len(values))], ^uint64(0)
		if valid != nil {
			w = valid[lo>>6]
		}
		to := groups[lo : lo+len(part)]
		if t.sign > 0 {
			for i, x := range part {
				c := &cells[(to[i]+1)&-uint32(w&1)]
				if w >>= 1; x > c.value || !c.seen {
					*c = best{x, true}
				}
			}
			continue
		}
		for i, x := range part {
			c := &cells[(to[i]+1)&-uint32(w&1)]
			if w >>= 1; x < c.value || !c.seen {
				*c = best{x, true}
			}
		}
	}
}

// addAll offers all values to one group.
func (t *intBests) addAll(keep []uint8, values []int64, valid vec.Bitmap) {
	c := &t.cells[1]
	for lo := 0; lo < len(values); lo += 64 {
		part, w := values[lo:min(lo+64, len(values))], ^uint64(0)
		if valid != nil {
			w = valid[lo>>6]
		}
		if keep != nil {
			w &= vec.PackBytes(keep[lo : lo+len(part)])
		}
		if w == ^uint64(0) {
			c.offer(extremeOf(part, t.sign), t.sign)
			continue
		}
		for ; w != 0; w &= w - 1 {
			i := bits.TrailingZeros64(w)
			if i >= len(part) {
				break
			}
			c.offer(part[i], t.sign)
		}
	}
}

// extremeOf gives the smallest or largest of values, of which there is one.
func extremeOf(values []int64, sign int) int64 {
	b := values[0]
	if sign > 0 {
		for _, x := range values {
			b = max(b, x)
		}
		return b
	}
	for _, x := range values {
		b = min(b, x)
	}
	return b
}

func (t *intBests) merge(o *intBests, into []uint32) {
	for i := 1; i < len(o.cells); i++ {
		if o.cells[i].seen {
			t.cells[into[i-1]+1].offer(o.cells[i].value, t.sign)
		}
	}
}

func (t *intBests) bytes() int64 { return int64(cap(t.cells)) * 16 }
