package scan

import (
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// Rows is a source of given rows.
type Rows struct{ Batch *vec.Batch }

// Open implements Source.
func (s *Rows) Open(env *Env, _ int) ([]Stream, error) {
	return []Stream{chop(s.Batch, env.BatchRows)}, nil
}

// Filter gives the rows for which all conditions are true. A condition sees only rows that passed those before it.
type Filter struct {
	Input Source
	Conds []exprs.Expr
}

// Open implements Source.
func (f *Filter) Open(env *Env, n int) ([]Stream, error) {
	return mapped(f.Input, env, n, func(s Stream, ctx *exprs.Ctx) Stream {
		return streamFunc(func() (*vec.Batch, error) {
			for {
				b, err := s.Next()
				if err != nil || b == nil {
					ctx.Release()
					return nil, err
				}
				ctx.Settle()
				if b, err = apply(ctx, b, f.Conds); err != nil || b.N > 0 {
					return b, err
				}
				if err := env.cancelled(); err != nil {
					return nil, err
				}
			}
		})
	})
}

// apply keeps the rows of b for which all conditions are true.
func apply(ctx *exprs.Ctx, b *vec.Batch, conds []exprs.Expr) (*vec.Batch, error) {
	for _, c := range conds {
		v, err := c.Eval(ctx, b)
		if err != nil {
			return nil, err
		}
		sel := exprs.Selection(v, nil)
		if len(sel) == 0 {
			return &vec.Batch{}, nil
		}
		if len(sel) < b.N {
			b = b.Gather(sel)
		}
	}
	return b, nil
}

// Project computes expressions.
type Project struct {
	Input Source
	Exprs []exprs.Expr
}

// Open implements Source.
func (p *Project) Open(env *Env, n int) ([]Stream, error) {
	return mapped(p.Input, env, n, func(s Stream, ctx *exprs.Ctx) Stream {
		return streamFunc(func() (*vec.Batch, error) {
			b, err := s.Next()
			if err != nil || b == nil {
				ctx.Release()
				return nil, err
			}
			ctx.Settle()
			return evalAll(ctx, b, p.Exprs)
		})
	})
}

// evalAll gives a batch of the values of expressions.
func evalAll(ctx *exprs.Ctx, b *vec.Batch, es []exprs.Expr) (*vec.Batch, error) {
	out := &vec.Batch{N: b.N, Ord: b.Ord, Cols: make([]*vec.Vec, len(es))}
	for i, e := range es {
		v, err := e.Eval(ctx, b)
		if err != nil {
			return nil, err
		}
		out.Cols[i] = v
	}
	return out, nil
}

// Limit skips Offset rows and gives at most Count; all when Count is negative. It reads its input as one stream and no further than it needs.
type Limit struct {
	Input         Source
	Count, Offset int64
}

// Open implements Source.
func (l *Limit) Open(env *Env, _ int) ([]Stream, error) {
	if table := tableBelow(l.Input); table != nil && l.Count >= 0 {
		table.lostLast = true
	}
	streams, err := l.Input.Open(env, 1)
	if err != nil {
		return nil, err
	}
	skip, left := l.Offset, l.Count
	next := func() (*vec.Batch, error) {
		for left != 0 {
			b, err := Pull(env, streams[0])
			if err != nil || b == nil {
				return nil, err
			}
			if skip >= int64(b.N) {
				skip -= int64(b.N)
				continue
			}
			lo, hi := int(skip), b.N
			skip = 0
			if left >= 0 && int64(hi-lo) > left {
				hi = lo + int(left)
			}
			if left >= 0 {
				left -= int64(hi - lo)
			}
			return b.Slice(lo, hi), nil
		}
		return nil, nil
	}
	return []Stream{streamFunc(next)}, nil
}

// Union gives the rows of its inputs one after the other.
type Union struct{ Inputs []Source }

// Open implements Source.
func (u *Union) Open(env *Env, _ int) ([]Stream, error) {
	var list []Stream
	for _, in := range u.Inputs {
		s, err := in.Open(env, 1)
		if err != nil {
			return nil, err
		}
		list = append(list, s[0])
	}
	// Orders of different inputs must not interleave: each input gets a range of its own.
	var base, last uint64
	next := func() (*vec.Batch, error) {
		for len(list) > 0 {
			b, err := list[0].Next()
			if err != nil {
				return nil, err
			}
			if b != nil {
				c := *b
				c.Ord += base
				last = c.Ord + uint64(c.N)
				return &c, nil
			}
			list, base = list[1:], last
		}
		return nil, nil
	}
	return []Stream{streamFunc(next)}, nil
}
