package tables

import (
	"math/bits"
	"sync/atomic"

	"github.com/stoadb/stoa/exprs/vec"
)

// appendNulls clears the bits of the NULLs among rows [lo, lo+n) of v at rows [at, at+n). The bits of rows to come are set, so that rows without
// NULLs cost nothing.
func (c *column) appendNulls(s *columnState, at int, v *vec.Vec, lo, n int) {
	if v.Valid == nil || n == 0 || (v.Const && v.Valid.Get(0)) {
		return
	}
	if s.valid == nil {
		with := *s
		with.valid = vec.NewBitmap(s.capacity())
		c.state.Store(&with)
		s = &with
	}
	for i := 0; i < n; {
		shift := (at + i) % 64
		m := min(64-shift, n-i)
		nulls := ^uint64(0)
		if !v.Const {
			nulls = ^bitsAt(v.Valid, lo+i)
		}
		nulls &= ^uint64(0) >> (64 - uint(m))
		if nulls != 0 {
			w := &s.valid[(at+i)/64]
			atomic.StoreUint64(w, *w&^(nulls<<shift))
		}
		i += m
	}
}

// bitsAt gives the 64 bits from bit i on; those beyond the bitmap are 0.
func bitsAt(b vec.Bitmap, i int) uint64 {
	w, shift := i/64, uint(i%64)
	out := b[w] >> shift
	if shift != 0 && w+1 < len(b) {
		out |= b[w+1] << (64 - shift)
	}
	return out
}

// setFrom sets all bits from n on again: the rows there were rolled back.
func setFrom(b vec.Bitmap, n int) {
	for i := n / 64; i < len(b); i++ {
		mask := ^uint64(0)
		if i == n/64 {
			mask <<= uint(n % 64)
		}
		if b[i]|mask != b[i] {
			atomic.StoreUint64(&b[i], b[i]|mask)
		}
	}
}

// nullCount counts the NULLs of a vector without a NULL in its dictionary.
func nullCount(v *vec.Vec) int {
	if v.Valid == nil {
		return 0
	}
	n := 0
	for i := 0; i < v.N; i += 64 {
		w := ^v.Valid[i/64]
		if r := v.N - i; r < 64 {
			w &= 1<<uint(r) - 1
		}
		n += bits.OnesCount64(w)
	}
	return n
}

// capacity gives the number of rows for which the arrays have room.
func (s *columnState) capacity() int {
	v := &s.v
	return max(len(v.Codes), len(v.Bools), len(v.Ints), len(v.Floats), len(v.Strs), len(v.UUIDs), len(v.Decs), len(v.Intervals))
}
