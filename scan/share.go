package scan

import (
	"slices"

	"github.com/stoadb/stoa/exprs"
)

// sharing is a State that can use what another state keeps that sees the same rows of the same arguments; it is then given none. Share tells whether it does.
type sharing interface {
	exprs.State
	Share(with exprs.State) bool
}

// share finds the aggregates that keep the same values of the same rows, percentiles of one argument, and has one of them keep these for all.
func (w *aggWorker) share() {
	for i := range w.calls {
		c := &w.calls[i]
		s, ok := c.state.(sharing)
		for j := 0; ok && j < i && !c.shares; j++ {
			o := &w.calls[j]
			c.shares = !o.shares && slices.Equal(o.args, c.args) && sameFilter(o.plan, c.plan) && s.Share(o.state)
		}
	}
}

// sameFilter tells whether two aggregates see the same rows.
func sameFilter(a, b *AggCall) bool {
	if a.Filter == nil || b.Filter == nil {
		return a.Filter == b.Filter
	}
	volatile := false
	exprs.Walk(a.Filter, func(n exprs.Expr) bool {
		c, ok := n.(*exprs.Call)
		volatile = volatile || ok && c.Fn.Volatility == exprs.Volatile
		return !volatile
	})
	return !volatile && exprs.Equal(a.Filter, b.Filter)
}
