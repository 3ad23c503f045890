package aggregates

import (
	"math/bits"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/kernels"
	"github.com/stoadb/stoa/exprs/vec"
)

// count counts rows, or with an argument the values that are not NULL. Group g has element g+1: see intTotals.
type count struct {
	n     []int64
	lanes []uint32
}

// Grow implements exprs.State.
func (s *count) Grow(n int) { s.n = grow(s.n, n+1) }

// Update implements exprs.State.
func (s *count) Update(groups []uint32, args []*vec.Vec, n int) error {
	return s.UpdateFiltered(groups, nil, args, n)
}

// UpdateFiltered implements exprs.FilteredState.
func (s *count) UpdateFiltered(groups []uint32, keep []uint8, args []*vec.Vec, n int) error {
	switch {
	case len(args) > 0 && args[0].NullConst():
	case len(args) > 0 && !args[0].Const && args[0].HasNulls():
		a := args[0]
		valid := a.Valid
		if a.Dict != nil && a.Dict.Valid != nil {
			valid = rowValidity(a, n)
		}
		s.add(groups, keep, valid, n)
	default:
		s.add(groups, keep, nil, n)
	}
	return nil
}

func (s *count) add(groups []uint32, keep []uint8, valid vec.Bitmap, n int) {
	switch {
	case groups != nil:
		s.tally(groups[:n], valid)
	case keep == nil:
		s.n[1] += int64(valid.Count(n))
	default:
		var packed [64]uint64
		for lo := 0; lo < n; lo += 64 * len(packed) {
			part := keep[lo:min(lo+64*len(packed), n)]
			kernels.Pack(packed[:], part)
			for i := range (len(part) + 63) / 64 {
				w := packed[i]
				if valid != nil {
					w &= valid[lo>>6+i]
				}
				s.n[1] += int64(bits.OnesCount64(w))
			}
		}
	}
}

// tally counts rows by group: few groups in four lanes, so that a row need not wait for the count of the row before it to be stored.
func (s *count) tally(groups []uint32, valid vec.Bitmap) {
	if kernels.Count(s.n[1:], groups, valid) {
		return
	}
	few := len(s.n) <= laneGroups+1
	if few && len(s.lanes) < 4*len(s.n) {
		s.lanes = make([]uint32, 4*len(s.n))
	}
	lanes := s.lanes
	for lo := 0; lo < len(groups); lo += 64 {
		part, w := groups[lo:min(lo+64, len(groups))], ^uint64(0)
		if valid != nil {
			w = valid[lo>>6]
		}
		switch {
		case few && w == ^uint64(0):
			for i, g := range part {
				lanes[(g+1)*4+uint32(i)&3]++
			}
		case few:
			for i, g := range part {
				lanes[((g+1)&-uint32(w&1))*4+uint32(i)&3]++
				w >>= 1
			}
		default:
			for _, g := range part {
				s.n[(g+1)&-uint32(w&1)]++
				w >>= 1
			}
		}
	}
	if few {
		for i, n := range lanes {
			s.n[i/4] += int64(n)
		}
		clear(lanes)
	}
}

// rowValidity gives the validity of each row of a dictionary-coded vector with NULLs in its dictionary.
func rowValidity(v *vec.Vec, n int) vec.Bitmap {
	out := vec.NewBitmap(n)
	for i := range n {
		if v.IsNull(i) {
			out.Clear(i)
		}
	}
	return out
}

// Merge implements exprs.State.
func (s *count) Merge(other exprs.State, into []uint32) error {
	for i, n := range other.(*count).n[1:] {
		s.n[into[i]+1] += n
	}
	return nil
}

// Result implements exprs.State.
func (s *count) Result(lo, hi int) (*vec.Vec, error) {
	return vec.NewFlat(arrowschema.Int8, append([]int64(nil), s.n[lo+1:hi+1]...), nil), nil
}

// Bytes implements exprs.State.
func (s *count) Bytes() int64 { return int64(cap(s.n))*8 + int64(cap(s.lanes))*4 }
