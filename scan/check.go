package scan

import (
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// Check gives the rows of its input, and fails where one of the expressions does for one of them. Where it can be shown that none does, they are not computed.
type Check struct {
	Input Source
	Exprs []exprs.Expr
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
