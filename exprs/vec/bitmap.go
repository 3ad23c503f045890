package vec

import "math/bits"

// Bitmap is a validity bitmap in Arrow's bit order: bit i is set when row i is not NULL. A nil Bitmap means that no row is NULL.
type Bitmap []uint64

// NewBitmap gives a bitmap of n rows, all set.
func NewBitmap(n int) Bitmap {
	b := make(Bitmap, (n+63)/64)
	for i := range b {
		b[i] = ^uint64(0)
	}
	return b
}

// Get tells whether bit i is set; every bit of a nil bitmap is.
func (b Bitmap) Get(i int) bool { return b == nil || b[uint(i)>>6]>>(uint(i)&63)&1 != 0 }

// Set sets bit i.
func (b Bitmap) Set(i int) { b[uint(i)>>6] |= 1 << (uint(i) & 63) }

// Clear clears bit i.
func (b Bitmap) Clear(i int) { b[uint(i)>>6] &^= 1 << (uint(i) & 63) }

// Count gives the number of set bits among the first n.
func (b Bitmap) Count(n int) int {
	if b == nil {
		return n
	}
	count := 0
	for _, w := range b[:n/64] {
		count += bits.OnesCount64(w)
	}
	if r := n % 64; r != 0 {
		count += bits.OnesCount64(b[n/64] & (1<<r - 1))
	}
	return count
}

// And gives the intersection of a and b over n rows in memory of its own, or the operand itself where the other is nil: treat it as read-only.
func And(a, b Bitmap, n int) Bitmap {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	out := make(Bitmap, (n+63)/64)
	for i := range out {
		out[i] = a[i] & b[i]
	}
	return out
}

// Clone gives a copy of the first n bits; of a nil bitmap, n set bits.
func (b Bitmap) Clone(n int) Bitmap {
	if b == nil {
		return NewBitmap(n)
	}
	out := make(Bitmap, (n+63)/64)
	copy(out, b)
	return out
}

// Slice gives bits [lo, hi): shared when lo is a multiple of 64, copied otherwise.
func (b Bitmap) Slice(lo, hi int) Bitmap {
	if b == nil {
		return nil
	}
	if lo%64 == 0 {
		return b[lo/64 : (hi+63)/64]
	}
	out := make(Bitmap, (hi-lo+63)/64)
	shift := uint(lo % 64)
	for i := range out {
		j := lo/64 + i
		out[i] = b[j] >> shift
		if j+1 < len(b) {
			out[i] |= b[j+1] << (64 - shift)
		}
	}
	return out
}

// Gather gives the bits at the rows of sel.
func (b Bitmap) Gather(sel []int32) Bitmap {
	if b == nil {
		return nil
	}
	out := make(Bitmap, (len(sel)+63)/64)
	for i, r := range sel {
		out[i>>6] |= (b[r>>6] >> (uint(r) & 63) & 1) << (uint(i) & 63)
	}
	return out
}
