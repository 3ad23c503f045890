package rules

import (
	"slices"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/sql/plan"
)

// PruneColumns drops the columns that nothing above reads, so that a scan does not fetch them.
func PruneColumns(n plan.Node) plan.Node {
	all := map[int]bool{}
	for i := range n.Columns() {
		all[i] = true
	}
	out, places := prune(n, all)
	return restore(out, places, plan.Width(n))
}

// restore puts the columns back in their order where pruning has moved them.
func restore(n plan.Node, places map[int]int, width int) plan.Node {
	cols := n.Columns()
	if len(cols) == width {
		return n
	}
	p := &plan.Project{Input: n}
	for i := 0; i < width; i++ {
		c := cols[places[i]]
		p.Exprs, p.Names = append(p.Exprs, &exprs.Column{Index: places[i], T: c.Type, Name: c.Name}), append(p.Names, c.Name)
	}
	return p
}

// prune gives n with at least the wanted columns, and where each of them is now.
func prune(n plan.Node, want map[int]bool) (plan.Node, map[int]int) {
	switch n := n.(type) {
	case *plan.Scan:
		return pruneScan(n, want)
	case *plan.Project:
		return pruneProject(n, want)
	case *plan.Filter:
		need := union(want, n.Conds)
		in, at := prune(n.Input, need)
		return &plan.Filter{Input: in, Conds: remapAll(n.Conds, at)}, at
	case *plan.Check:
		in, at := prune(n.Input, union(want, n.Exprs))
		return &plan.Check{Input: in, Exprs: remapAll(n.Exprs, at)}, at
	case *plan.Sort:
		var keys []exprs.Expr
		for _, k := range n.Keys {
			keys = append(keys, k.Expr)
		}
		in, at := prune(n.Input, union(want, keys))
		out := &plan.Sort{Input: in, Limit: n.Limit}
		for _, k := range n.Keys {
			k.Expr = remap(k.Expr, at)
			out.Keys = append(out.Keys, k)
		}
		return out, at
	case *plan.DistinctOn:
		in, at := prune(n.Input, union(want, n.Keys))
		return &plan.DistinctOn{Input: in, Keys: remapAll(n.Keys, at)}, at
	case *plan.Limit:
		in, at := prune(n.Input, want)
		return &plan.Limit{Input: in, Count: n.Count, Offset: n.Offset}, at
	case *plan.Aggregate:
		return pruneAggregate(n)
	case *plan.Join:
		return pruneJoin(n, want)
	}
	return pruneInputs(n)
}

// pruneInputs keeps all columns of a node and of its inputs.
func pruneInputs(n plan.Node) (plan.Node, map[int]int) {
	in := slices.Clone(n.Inputs())
	for i := range in {
		in[i] = PruneColumns(in[i])
	}
	if len(in) > 0 {
		n = n.WithInputs(in)
	}
	return n, identity(plan.Width(n))
}

func identity(n int) map[int]int {
	at := map[int]int{}
	for i := 0; i < n; i++ {
		at[i] = i
	}
	return at
}

func sorted(set map[int]bool) []int {
	var out []int
	for i := range set {
		out = append(out, i)
	}
	slices.Sort(out)
	return out
}

func union(want map[int]bool, es []exprs.Expr) map[int]bool {
	out := map[int]bool{}
	for i := range want {
		out[i] = true
	}
	for _, e := range es {
		exprs.Columns(e, out)
	}
	return out
}

func remap(e exprs.Expr, at map[int]int) exprs.Expr {
	return exprs.Remap(e, func(i int) int { return at[i] })
}

func remapAll(es []exprs.Expr, at map[int]int) []exprs.Expr {
	out := make([]exprs.Expr, len(es))
	for i, e := range es {
		out[i] = remap(e, at)
	}
	return out
}

func pruneScan(n *plan.Scan, want map[int]bool) (plan.Node, map[int]int) {
	out, at := *n, map[int]int{}
	out.Cols = nil
	for _, i := range sorted(union(want, n.Conds)) {
		if i >= len(n.Cols) {
			continue
		}
		at[i] = len(out.Cols)
		out.Cols = append(out.Cols, n.Cols[i])
	}
	if n.RowID { // always the last column
		at[len(n.Cols)] = len(out.Cols)
	}
	out.Conds = remapAll(n.Conds, at)
	return &out, at
}

func pruneProject(n *plan.Project, want map[int]bool) (plan.Node, map[int]int) {
	out, places := &plan.Project{}, map[int]int{}
	var kept []exprs.Expr
	for _, i := range sorted(want) {
		places[i] = len(kept)
		kept, out.Names = append(kept, n.Exprs[i]), append(out.Names, n.Names[i])
	}
	in, at := prune(n.Input, union(nil, kept))
	out.Input, out.Exprs = in, remapAll(kept, at)
	return out, places
}

// pruneAggregate keeps all groups and aggregates: they are few.
func pruneAggregate(n *plan.Aggregate) (plan.Node, map[int]int) {
	need := union(nil, n.Groups)
	for _, a := range n.Aggs {
		need = union(need, a.Args)
		if a.Filter != nil {
			need = union(need, []exprs.Expr{a.Filter})
		}
	}
	in, at := prune(n.Input, need)
	out := &plan.Aggregate{Input: in, Groups: remapAll(n.Groups, at), Grouped: n.Grouped}
	for _, a := range n.Aggs {
		a.Args = remapAll(a.Args, at)
		if a.Filter != nil {
			a.Filter = remap(a.Filter, at)
		}
		out.Aggs = append(out.Aggs, a)
	}
	return out, identity(plan.Width(n))
}

func pruneJoin(n *plan.Join, want map[int]bool) (plan.Node, map[int]int) {
	width := plan.Width(n.Left)
	need := union(want, n.On)
	l, r := union(nil, n.LeftKeys), union(nil, n.RightKeys)
	for i := range need {
		if i < width {
			l[i] = true
		} else {
			r[i-width] = true
		}
	}
	left, latAt := prune(n.Left, l)
	right, ratAt := prune(n.Right, r)
	newWidth, at := plan.Width(left), map[int]int{}
	for i, p := range latAt {
		at[i] = p
	}
	for i, p := range ratAt {
		at[width+i] = newWidth + p
	}
	out := &plan.Join{Kind: n.Kind, Left: left, Right: right, LeftKeys: remapAll(n.LeftKeys, latAt), RightKeys: remapAll(n.RightKeys, ratAt)}
	out.On = remapAll(n.On, at)
	out.Unread = make([]bool, plan.Width(out))
	for i := range out.Unread {
		out.Unread[i] = true
	}
	for i := range want {
		out.Unread[at[i]] = false
	}
	return out, at
}
