package aggregates

import "github.com/stoadb/stoa/exprs"

// guarded is the part of a state that keeps values whose size is not known beforehand: texts, documents, numbers of many digits.
type guarded struct {
	ctx   *exprs.Ctx // nil where nobody counts
	large int64      // bytes of such values
}

// Guard implements exprs.Guarded.
func (g *guarded) Guard(ctx *exprs.Ctx) { g.ctx = ctx }

// grew accounts for n bytes more, at once, not when the batch is done, and looks at the context.
func (g *guarded) grew(n int64) error {
	g.large += n
	return g.ctx.Reserve(n)
}
