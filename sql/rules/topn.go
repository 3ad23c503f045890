package rules

import (
	"math"

	"github.com/stoadb/stoa/sql/plan"
)

// TopN tells a sort below a limit how many rows are wanted.
func TopN(n plan.Node) plan.Node {
	return plan.Transform(n, func(n plan.Node) plan.Node {
		l, ok := n.(*plan.Limit)
		if !ok || l.Count < 0 || l.Count > math.MaxInt64-l.Offset {
			return n
		}
		if s, ok := l.Input.(*plan.Sort); ok {
			return &plan.Limit{Input: &plan.Sort{Input: s.Input, Keys: s.Keys, Limit: l.Count + l.Offset}, Count: l.Count, Offset: l.Offset}
		}
		return n
	})
}
