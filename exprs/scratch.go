package exprs

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// scratch is the elements of vectors, used again. Kernels fill vectors of some thousand rows at which nobody looks after the batch: taken from the heap each
// time, they cost more in clearing and collecting than most kernels do.
type scratch struct {
	bools     pool[bool]
	ints      pool[int64]
	floats    pool[float64]
	strs      pool[string]
	uuids     pool[[16]byte]
	decs      pool[decimal.Dec]
	intervals pool[temporal.Interval]
	codes     pool[uint16]
}

type pool[T any] struct {
	pieces [][]T
	taken  int
}

// take gives n zero elements.
func (p *pool[T]) take(n int) []T {
	if p.taken == len(p.pieces) {
		p.pieces = append(p.pieces, nil)
	}
	piece := &p.pieces[p.taken]
	p.taken++
	if cap(*piece) < n {
		*piece = make([]T, n)
		return *piece
	}
	out := (*piece)[:n]
	clear(out)
	return out
}

// Recycle makes the context use the memory of results again: each call ends the life of all vectors that evaluations with this context have given since the
// call before. Only who keeps none of them, nor anything that shares their elements, may call it.
func (c *Ctx) Recycle() {
	c.Settle()
	if c.scratch == nil {
		c.scratch = &scratch{}
	}
	s := c.scratch
	s.bools.taken, s.ints.taken, s.floats.taken, s.strs.taken = 0, 0, 0, 0
	s.uuids.taken, s.decs.taken, s.intervals.taken, s.codes.taken = 0, 0, 0, 0
}

// vector is vec.New, from memory that is used again where the context may do that.
func (c *Ctx) vector(t arrowschema.Type, n int) *vec.Vec {
	s := c.scratch
	if s == nil {
		return vec.New(t, n)
	}
	v := &vec.Vec{Type: t, N: n}
	switch t.Physical() {
	case arrowschema.Bools:
		v.Bools = s.bools.take(n)
	case arrowschema.Ints:
		v.Ints = s.ints.take(n)
	case arrowschema.Floats:
		v.Floats = s.floats.take(n)
	case arrowschema.Strings:
		v.Strs = s.strs.take(n)
	case arrowschema.UUIDs:
		v.UUIDs = s.uuids.take(n)
	case arrowschema.Decs:
		v.Decs = s.decs.take(n)
	case arrowschema.Intervals:
		v.Intervals = s.intervals.take(n)
	}
	return v
}

// Codes gives memory for the codes of n rows of a result, zero, which is used again where the context may do that.
func (c *Ctx) Codes(n int) []uint16 {
	if c.scratch == nil {
		return make([]uint16, n)
	}
	return c.scratch.codes.take(n)
}
