package exec

import (
	"fmt"
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/sql/rules"
)

// explain runs EXPLAIN and EXPLAIN ANALYZE of a query.
func (s *statement) explain(st *parser.Explain) (*Result, error) {
	q, ok := st.Statement.(*parser.Query)
	if !ok {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "EXPLAIN of this statement is not supported").At(st.Position())
	}
	analyze := false
	for _, o := range st.Options {
		switch o.Name {
		case "analyze":
			word, isWord := o.Value.(*parser.StringLit)
			analyze = !isWord || (word.Value != "false" && word.Value != "off")
			if b, isBool := o.Value.(*parser.BoolLit); isBool {
				analyze = b.Value
			}
		case "verbose", "costs", "timing", "summary":
		default:
			return nil, sqlstate.New(sqlstate.FeatureNotSupported, "EXPLAIN option %q is not supported", o.Name).At(int(o.Pos))
		}
	}
	snap, err := s.engine.db.Latest(s.ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	n, err := s.binder(snap).Query(q)
	if err != nil {
		return nil, err
	}
	if n, err = rules.Optimise(s.eval(), n); err != nil {
		return nil, err
	}
	var summary []string
	rows := -1
	if analyze {
		if rows, summary, err = s.analyze(n); err != nil {
			return nil, err
		}
	}
	var lines [][]string
	s.explainNode(n, 0, rows, func(line string) { lines = append(lines, []string{line}) })
	for _, line := range summary {
		lines = append(lines, []string{line})
	}
	return rowsOf("EXPLAIN", []string{"QUERY PLAN"}, lines), nil
}

// analyze runs the plan, lets its scans count, and gives the number of rows and the lines below the plan.
func (s *statement) analyze(n plan.Node) (rows int, lines []string, err error) {
	s.scans = map[*plan.Scan]*scan.Counters{}
	source, err := s.build(n)
	if err != nil {
		return 0, nil, err
	}
	env, start := s.env(), time.Now()
	streams, err := source.Open(env, 1)
	if err != nil {
		return 0, nil, err
	}
	for {
		b, err := scan.Pull(env, streams[0])
		if err != nil {
			return 0, nil, err
		}
		if b == nil {
			break
		}
		rows += b.N
	}
	for _, c := range s.scans {
		s.counters.Add(c)
	}
	return rows, []string{fmt.Sprintf("Execution Time: %.3f ms", float64(time.Since(start).Microseconds())/1000)}, nil
}

// explainNode writes a node and what is below it, indented as PostgreSQL does. rows is how many it gave, -1 where that was not counted.
func (s *statement) explainNode(n plan.Node, depth, rows int, line func(string)) {
	indent := ""
	if depth > 0 {
		indent = strings.Repeat("      ", depth-1) + "  ->  "
	}
	detail := strings.Repeat("      ", depth) + "  "
	title, details := describe(n)
	if sc, ok := n.(*plan.Scan); ok && s.scans[sc] != nil {
		c := s.scans[sc]
		details = append(details, scanLines(c, len(sc.Conds) > 0)...)
		if rows < 0 {
			rows = int(c.RowsPassed.Load())
		}
	}
	if rows >= 0 {
		title += fmt.Sprintf("  (actual rows=%d loops=1)", rows)
	}
	line(indent + title)
	for _, d := range details {
		line(detail + d)
	}
	for _, c := range n.Inputs() {
		s.explainNode(c, depth+1, -1, line)
	}
}

// describe names a node and its parts.
func describe(n plan.Node) (string, []string) {
	switch n := n.(type) {
	case *plan.Scan:
		if n.Foreign != nil {
			return describeForeign(n)
		}
		title := "Scan on " + n.Table.Def.Name.String()
		if n.Alias != n.Table.Def.Name.Table {
			title += " " + n.Alias
		}
		var cols []string
		for _, c := range n.Columns() {
			cols = append(cols, c.Name)
		}
		return title, append([]string{"Columns: " + strings.Join(cols, ", ")}, labelled("Filter: ", n.Conds, " AND ")...)
	case *plan.Virtual:
		return "Rows of " + n.Name, nil
	case *plan.Filter:
		return "Filter", labelled("Filter: ", n.Conds, " AND ")
	case *plan.Project:
		return "Project", labelled("Output: ", n.Exprs, ", ")
	case *plan.Check:
		return "Check", labelled("Must Not Fail: ", n.Exprs, ", ")
	case *plan.Aggregate:
		var aggs []string
		for _, a := range n.Aggs {
			args := "*"
			if len(a.Args) > 0 {
				args = strings.Join(exprs.Strings(a.Args), ", ")
			}
			aggs = append(aggs, a.Name+"("+args+")")
		}
		details := labelled("Group Key: ", n.Groups, ", ")
		if len(aggs) > 0 {
			details = append(details, "Aggregates: "+strings.Join(aggs, ", "))
		}
		return "Aggregate", details
	case *plan.Join:
		return describeJoin(n)
	case *plan.Sort:
		var keys []string
		for _, k := range n.Keys {
			key := exprs.String(k.Expr)
			if k.Desc {
				key += " DESC"
			}
			keys = append(keys, key)
		}
		title := "Sort"
		if n.Limit >= 0 {
			title = fmt.Sprintf("Top-N Sort (%d)", n.Limit)
		}
		return title, []string{"Sort Key: " + strings.Join(keys, ", ")}
	case *plan.Limit:
		return fmt.Sprintf("Limit (count %d, offset %d)", n.Count, n.Offset), nil
	case *plan.DistinctOn:
		return "Distinct On", labelled("Key: ", n.Keys, ", ")
	case *plan.SetOp:
		return []string{"Union", "Intersect", "Except"}[n.Op], nil
	}
	return fmt.Sprintf("%T", n), nil
}

func labelled(label string, es []exprs.Expr, sep string) []string {
	if len(es) == 0 {
		return nil
	}
	return []string{label + strings.Join(exprs.Strings(es), sep)}
}

func describeJoin(n *plan.Join) (string, []string) {
	kind := []string{"Join", "Left Join", "Right Join", "Full Join"}[n.Kind]
	if len(n.LeftKeys) == 0 {
		return "Nested Loop " + kind, labelled("Join Filter: ", n.On, " AND ")
	}
	var keys []string
	for i := range n.LeftKeys {
		keys = append(keys, exprs.String(n.LeftKeys[i])+" = "+exprs.String(n.RightKeys[i]))
	}
	return "Hash " + kind, append([]string{"Hash Cond: " + strings.Join(keys, " AND ")}, labelled("Join Filter: ", n.On, " AND ")...)
}
