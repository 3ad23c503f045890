package scan

import (
	"math"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// Check gives the rows of its input, and fails where one of the expressions does for one of them. Where it can be shown that none does, they are not computed.
type Check struct {
	Input Source
	Exprs []exprs.Expr
}

// mostAsked is the number of flushed files up to which their statistics are asked; asking opens them.
const mostAsked = 256

// NewCheck gives a check of those expressions of which the statistics of a table do not show that they fail for no row, and the input itself when none is left:
// a top-N above may then leave rows unread.
func NewCheck(in Source, checked []exprs.Expr) Source {
	if t, ok := in.(*Table); ok && len(t.View.Files) <= mostAsked {
		within := t.bounds()
		checked = slices.DeleteFunc(slices.Clone(checked), func(e exprs.Expr) bool { return exprs.Unfailing(e, within) })
	}
	if len(checked) == 0 {
		return in
	}
	return &Check{Input: in, Exprs: checked}
}

// bounds gives what statistics say of the values of the table's output columns; of the open segment, which has none, the values themselves.
func (t *Table) bounds() exprs.Bounds {
	var zones []func(col int) zone
	for _, ref := range t.View.Files {
		f := &coldFile{table: t, ref: ref}
		if f.open() != nil {
			return nil
		}
		for rg := range f.file.RowGroups() {
			zones = append(zones, func(col int) zone { return f.zone(rg, col) })
		}
	}
	segments := t.View.Hot.Segments()
	for i := range segments {
		zones = append(zones, (&hotMorsel{seg: &segments[i]}).knownZone)
	}
	return func(column int) (lo, hi int64, ok bool) {
		if column >= len(t.Cols) {
			return 0, 0, false
		}
		lo, hi = math.MaxInt64, math.MinInt64
		for _, of := range zones {
			z := of(t.Cols[column])
			if z.rows == 0 || z.nulls == z.rows {
				continue
			}
			if z.min == nil || z.max == nil || z.min.Type.Physical() != arrowschema.Ints || z.max.Type.Physical() != arrowschema.Ints {
				return 0, 0, false
			}
			lo, hi = min(lo, z.min.Ints[0]), max(hi, z.max.Ints[0])
		}
		return min(lo, hi), max(lo, hi), true
	}
}

// knownZone is stats that looks at the integers of a segment which has no statistics.
func (m *hotMorsel) knownZone(col int) zone {
	z := m.stats(col)
	if z.nulls >= 0 || z.rows == 0 {
		return z
	}
	if v := m.seg.Column(col); v.Type.Physical() == arrowschema.Ints {
		lo, hi := exprs.IntBounds(v)
		z.min, z.max = vec.NewConst(v.Type, lo, 1), vec.NewConst(v.Type, hi, 1)
	}
	return z
}

// Open implements Source.
func (c *Check) Open(env *Env, n int) ([]Stream, error) {
	proofs := make([]exprs.Proof, len(c.Exprs))
	for i, e := range c.Exprs {
		proofs[i], _ = exprs.ProofOf(e)
	}
	return mapped(c.Input, env, n, func(s Stream, ctx *exprs.Ctx) Stream {
		return streamFunc(func() (*vec.Batch, error) {
			b, err := s.Next()
			if err != nil || b == nil {
				ctx.Release()
				return nil, err
			}
			ctx.Recycle()
			for i, e := range c.Exprs {
				if err := mustNotFail(ctx, b, e, proofs[i]); err != nil {
					return nil, err
				}
			}
			return b, nil
		})
	})
}

// mustNotFail gives the error of an expression for a batch, if it has one.
func mustNotFail(ctx *exprs.Ctx, b *vec.Batch, e exprs.Expr, proof exprs.Proof) error {
	if proof != nil {
		if ok, err := proof(ctx, b); ok || err != nil {
			return err
		}
	}
	_, err := e.Eval(ctx, b)
	return err
}
