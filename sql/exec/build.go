package exec

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/sql/plan"
)

// build makes the operators of a plan.
func (s *statement) build(n plan.Node) (scan.Source, error) {
	var in []scan.Source
	for _, c := range n.Inputs() {
		source, err := s.build(c)
		if err != nil {
			return nil, err
		}
		in = append(in, source)
	}
	switch n := n.(type) {
	case *plan.Scan:
		if n.Foreign != nil {
			return s.buildForeign(n)
		}
		return &scan.Table{View: n.Table, Files: s.engine.db.OpenFile, Cols: n.Cols, RowID: n.RowID, Conds: n.Conds, Counters: s.countersOf(n)}, nil
	case *plan.Virtual:
		return &scan.Rows{Batch: n.Rows}, nil
	case *plan.Filter:
		return &scan.Filter{Input: in[0], Conds: n.Conds}, nil
	case *plan.Project:
		return &scan.Project{Input: in[0], Exprs: n.Exprs}, nil
	case *plan.Check:
		return scan.NewCheck(in[0], n.Exprs), nil
	case *plan.Aggregate:
		agg := &scan.Aggregate{Input: in[0], Groups: n.Groups, Grouped: n.Grouped}
		for _, c := range n.Aggs {
			agg.Aggs = append(agg.Aggs, scan.AggCall{Agg: c.Agg, Args: c.Args, Distinct: c.Distinct, Filter: c.Filter})
		}
		return agg, nil
	case *plan.Join:
		return &scan.Join{
			Kind: scan.JoinKind(n.Kind), Left: in[0], Right: in[1], LeftKeys: n.LeftKeys, RightKeys: n.RightKeys, On: n.On,
			LeftTypes: typesOf(n.Left.Columns()), RightTypes: typesOf(n.Right.Columns()),
			Unread: n.Unread,
		}, nil
	case *plan.Sort:
		sort := &scan.Sort{Input: in[0], Limit: n.Limit}
		for _, k := range n.Keys {
			sort.Keys = append(sort.Keys, scan.SortKey(k))
		}
		return sort, nil
	case *plan.DistinctOn:
		return &scan.DistinctOn{Input: in[0], Keys: n.Keys}, nil
	case *plan.Limit:
		return &scan.Limit{Input: in[0], Count: n.Count, Offset: n.Offset}, nil
	case *plan.SetOp:
		return setOp(n, in), nil
	}
	return nil, sqlstate.New(sqlstate.InternalError, "internal error: no operator for %T", n)
}

func typesOf(cols []plan.Column) []arrowschema.Type {
	out := make([]arrowschema.Type, len(cols))
	for i, c := range cols {
		out[i] = c.Type
	}
	return out
}

// setOp makes UNION of concatenation and grouping by all columns.
func setOp(n *plan.SetOp, in []scan.Source) scan.Source {
	if n.Op != plan.Union {
		return &scan.SetOp{Left: in[0], Right: in[1], Except: n.Op == plan.Except, All: n.All}
	}
	all := &scan.Union{Inputs: in}
	if n.All {
		return all
	}
	distinct := &scan.Aggregate{Input: all, Grouped: true}
	for i, c := range n.Columns() {
		distinct.Groups = append(distinct.Groups, &exprs.Column{Index: i, T: c.Type, Name: c.Name})
	}
	return distinct
}
