// Package plan is the typed plan of a query: a tree of relational nodes whose expressions are bound.
//
// The binder makes it, the rules rewrite it, sql/exec turns it into operators of package scan. Nodes are immutable: a rule builds new ones.
// A node's expressions refer to the output columns of its input by position; of a join, to the left input's columns and then the right's.
package plan

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/store"
)

// Column is an output column of a node.
type Column struct {
	Name string
	Type arrowschema.Type
	// Modifier is that of the type, numeric(10,2), where the column is one of a table or a cast gave it. It says how values were made to fit and is for
	// descriptions alone: rules may lose it.
	Modifier []int32
}

// TypeName gives the type with its modifier, as PostgreSQL names it.
func (c Column) TypeName() string { return c.Type.Format(c.Modifier) }

// Node is a node of the plan.
type Node interface {
	Columns() []Column
	Inputs() []Node
	WithInputs([]Node) Node
}

// Scan reads a table.
type Scan struct {
	Table *store.TableView
	Alias string
	Cols  []int // indexes into Table.Def.Columns, in output order
	RowID bool  // a further, last column: the tables.RowID of each row, as int8
	// Conds are conditions that all rows given out fulfil, in order of evaluation; they refer to the output columns.
	Conds []exprs.Expr
	// Foreign are the files to read when they are not a table's; else nil.
	Foreign *Foreign
}

// Virtual is a relation computed when the statement is planned: a catalogue table, VALUES, or the single empty row of a SELECT without FROM.
type Virtual struct {
	Name string
	Cols []Column
	Rows *vec.Batch
}

// Filter gives the rows for which all conditions are true.
type Filter struct {
	Input Node
	Conds []exprs.Expr
}

// Project computes expressions.
type Project struct {
	Input Node
	Exprs []exprs.Expr
	Names []string
	// Modifiers are those of the types, where known; nil when none is.
	Modifiers [][]int32
}

// Check gives the rows of its input, and fails where an expression does for one of them: what becomes of the values is not known yet, or they are not
// wanted.
type Check struct {
	Input Node
	Exprs []exprs.Expr
}

// AggCall is one aggregate of an Aggregate node.
type AggCall struct {
	Agg      *exprs.Aggregate
	Args     []exprs.Expr
	Distinct bool
	Filter   exprs.Expr // nil when there is none
	Name     string     // as written, for EXPLAIN
}

// Aggregate groups its input and computes aggregates: its output is the group expressions and then the aggregates. Without group
// expressions and unless Grouped it gives exactly one row.
type Aggregate struct {
	Input   Node
	Groups  []exprs.Expr
	Aggs    []AggCall
	Grouped bool // there was a GROUP BY: no rows in, no rows out
}

// JoinKind is the kind of a join.
type JoinKind uint8

// The kinds of joins.
const (
	Inner JoinKind = iota
	Left
	Right
	Full
)

// Join joins two inputs on the equality of keys and a further condition.
type Join struct {
	Kind        JoinKind
	Left, Right Node
	LeftKeys    []exprs.Expr // on Left's columns
	RightKeys   []exprs.Expr // on Right's columns, pairwise of the same types as LeftKeys
	On          []exprs.Expr // on both; part of the join condition, so that an outer join keeps the rows that fail it
	Unread      []bool       // output columns that nobody above reads; nil before that is known
}

// SortKey is one key of an order.
type SortKey struct {
	Expr       exprs.Expr
	Desc       bool
	NullsFirst bool
}

// Sort orders its input; stable.
type Sort struct {
	Input Node
	Keys  []SortKey
	// Limit, when not negative, says that only the first Limit rows are wanted: a top-N.
	Limit int64
}

// Limit skips Offset rows and gives at most Count, all when Count is negative.
type Limit struct {
	Input         Node
	Count, Offset int64
}

// DistinctOn gives the first of neighbouring rows that have equal keys: of an input sorted by them, one row for each.
type DistinctOn struct {
	Input Node
	Keys  []exprs.Expr
}

// SetOp combines inputs with the same column types.
type SetOp struct {
	Op          SetOperator
	All         bool
	Left, Right Node
}

// SetOperator is UNION, INTERSECT or EXCEPT.
type SetOperator uint8

// The set operators.
const (
	Union SetOperator = iota
	Intersect
	Except
)

// Columns implements Node.
func (n *Scan) Columns() []Column {
	out := make([]Column, 0, len(n.Cols)+1)
	for _, c := range n.Cols {
		col := &n.Table.Def.Columns[c]
		out = append(out, Column{col.Name, col.Type, col.Modifier})
	}
	if n.RowID {
		out = append(out, Column{Name: "ctid", Type: arrowschema.Int8})
	}
	return out
}

// Columns implements Node.
func (n *Virtual) Columns() []Column { return n.Cols }

// Columns implements Node.
func (n *Filter) Columns() []Column { return n.Input.Columns() }

// Columns implements Node.
func (n *Project) Columns() []Column {
	out := make([]Column, len(n.Exprs))
	for i, e := range n.Exprs {
		out[i] = Column{Name: n.Names[i], Type: e.Type()}
		if n.Modifiers != nil {
			out[i].Modifier = n.Modifiers[i]
		}
	}
	return out
}

// Columns implements Node.
func (n *Check) Columns() []Column { return n.Input.Columns() }

// Columns implements Node.
func (n *Aggregate) Columns() []Column {
	out := make([]Column, 0, len(n.Groups)+len(n.Aggs))
	for _, g := range n.Groups {
		out = append(out, Column{Name: "group", Type: g.Type()})
	}
	for _, a := range n.Aggs {
		out = append(out, Column{Name: a.Name, Type: a.Agg.Result})
	}
	return out
}

// Columns implements Node.
func (n *Join) Columns() []Column { return appendColumns(nil, n) }

// appendColumns appends the columns of n. Those of a chain of joins are not copied at each link.
func appendColumns(dst []Column, n Node) []Column {
	if j, ok := n.(*Join); ok {
		return appendColumns(appendColumns(dst, j.Left), j.Right)
	}
	return append(dst, n.Columns()...)
}

// Width gives the number of columns.
func Width(n Node) int {
	switch n := n.(type) {
	case *Join:
		return Width(n.Left) + Width(n.Right)
	case *Project:
		return len(n.Exprs)
	case *Scan:
		if n.RowID {
			return len(n.Cols) + 1
		}
		return len(n.Cols)
	}
	return len(n.Columns())
}

// Columns implements Node.
func (n *Sort) Columns() []Column { return n.Input.Columns() }

// Columns implements Node.
func (n *Limit) Columns() []Column { return n.Input.Columns() }

// Columns implements Node.
func (n *DistinctOn) Columns() []Column { return n.Input.Columns() }

// Columns implements Node.
func (n *SetOp) Columns() []Column {
	out, right := slices.Clone(n.Left.Columns()), n.Right.Columns()
	for i := range out {
		if !slices.Equal(out[i].Modifier, right[i].Modifier) {
			out[i].Modifier = nil
		}
	}
	return out
}

// Inputs implements Node.
func (n *Scan) Inputs() []Node { return nil }

// Inputs implements Node.
func (n *Virtual) Inputs() []Node { return nil }

// Inputs implements Node.
func (n *Filter) Inputs() []Node { return []Node{n.Input} }

// Inputs implements Node.
func (n *Project) Inputs() []Node { return []Node{n.Input} }

// Inputs implements Node.
func (n *Check) Inputs() []Node { return []Node{n.Input} }

// Inputs implements Node.
func (n *Aggregate) Inputs() []Node { return []Node{n.Input} }

// Inputs implements Node.
func (n *Join) Inputs() []Node { return []Node{n.Left, n.Right} }

// Inputs implements Node.
func (n *Sort) Inputs() []Node { return []Node{n.Input} }

// Inputs implements Node.
func (n *Limit) Inputs() []Node { return []Node{n.Input} }

// Inputs implements Node.
func (n *DistinctOn) Inputs() []Node { return []Node{n.Input} }

// Inputs implements Node.
func (n *SetOp) Inputs() []Node { return []Node{n.Left, n.Right} }

// WithInputs implements Node.
func (n *Scan) WithInputs([]Node) Node { return n }

// WithInputs implements Node.
func (n *Virtual) WithInputs([]Node) Node { return n }

// WithInputs implements Node.
func (n *Filter) WithInputs(in []Node) Node { c := *n; c.Input = in[0]; return &c }

// WithInputs implements Node.
func (n *Project) WithInputs(in []Node) Node { c := *n; c.Input = in[0]; return &c }

// WithInputs implements Node.
func (n *Check) WithInputs(in []Node) Node { c := *n; c.Input = in[0]; return &c }

// WithInputs implements Node.
func (n *Aggregate) WithInputs(in []Node) Node { c := *n; c.Input = in[0]; return &c }

// WithInputs implements Node.
func (n *Join) WithInputs(in []Node) Node { c := *n; c.Left, c.Right = in[0], in[1]; return &c }

// WithInputs implements Node.
func (n *Sort) WithInputs(in []Node) Node { c := *n; c.Input = in[0]; return &c }

// WithInputs implements Node.
func (n *Limit) WithInputs(in []Node) Node { c := *n; c.Input = in[0]; return &c }

// WithInputs implements Node.
func (n *DistinctOn) WithInputs(in []Node) Node { c := *n; c.Input = in[0]; return &c }

// WithInputs implements Node.
func (n *SetOp) WithInputs(in []Node) Node { c := *n; c.Left, c.Right = in[0], in[1]; return &c }

// Transform rebuilds the tree from the leaves up, giving each node to change.
func Transform(n Node, change func(Node) Node) Node {
	old := n.Inputs()
	if len(old) > 0 {
		in, changed := make([]Node, len(old)), false
		for i, c := range old {
			in[i] = Transform(c, change)
			changed = changed || in[i] != c
		}
		if changed {
			n = n.WithInputs(in)
		}
	}
	return change(n)
}
