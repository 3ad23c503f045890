// Package exprs is typed expressions on vectors: the tree that the binder makes, its evaluation, and the table of functions, operators, casts and
// aggregates that it calls.
//
// A new function is one entry in the table of its family (the sub-packages numeric, text, datetime, jsonb, aggregates) and one kernel.
// Trees are immutable and may be shared by goroutines; each goroutine evaluates with a Ctx of its own. The package knows no names, tables or SQL text.
package exprs

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// Expr is a node of a typed expression.
type Expr interface {
	Type() arrowschema.Type
	// Eval computes the expression over the rows of b. The result has b.N rows and may be constant or dictionary-coded.
	Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error)
	// Children gives the sub-expressions, in order of evaluation.
	Children() []Expr
	// With gives the node with other sub-expressions.
	With(children []Expr) Expr
}

// Column is a column of the input batch.
type Column struct {
	Index int
	T     arrowschema.Type
	Name  string // table.column, for EXPLAIN and errors
	Pos   int    // position in the statement, for errors; 0 when unknown
}

// Type implements Expr.
func (c *Column) Type() arrowschema.Type { return c.T }

// Eval implements Expr.
func (c *Column) Eval(_ *Ctx, b *vec.Batch) (*vec.Vec, error) { return b.Cols[c.Index], nil }

// Children implements Expr.
func (c *Column) Children() []Expr { return nil }

// With implements Expr.
func (c *Column) With([]Expr) Expr { return c }

// Const is a value known when the statement is planned.
type Const struct{ V *vec.Vec } // constant, one row

// NewConst gives a constant node over v, which is constant or of one row.
func NewConst(v *vec.Vec) *Const {
	if !v.Const {
		w := *v.Flat()
		w.Const = true
		v = &w
	}
	return &Const{V: v}
}

// Null gives a typed NULL.
func Null(t arrowschema.Type) *Const { return &Const{V: vec.NewNull(t, 1)} }

// Type implements Expr.
func (c *Const) Type() arrowschema.Type { return c.V.Type }

// Eval implements Expr.
func (c *Const) Eval(_ *Ctx, b *vec.Batch) (*vec.Vec, error) { return c.V.Resize(b.N), nil }

// Children implements Expr.
func (c *Const) Children() []Expr { return nil }

// With implements Expr.
func (c *Const) With([]Expr) Expr { return c }

// IsNull tells whether the constant is NULL.
func (c *Const) IsNull() bool { return c.V.NullConst() }

// Walk calls visit for e and every node below it, parents first, until it answers false for a branch.
func Walk(e Expr, visit func(Expr) bool) {
	if e == nil || !visit(e) {
		return
	}
	for _, c := range e.Children() {
		Walk(c, visit)
	}
}

// Rewrite rebuilds e from the leaves up, giving each node, its children already rewritten, to change.
func Rewrite(e Expr, change func(Expr) Expr) Expr {
	old := e.Children()
	if len(old) == 0 {
		return change(e)
	}
	kids, changed := make([]Expr, len(old)), false
	for i, c := range old {
		kids[i] = Rewrite(c, change)
		changed = changed || kids[i] != c
	}
	if changed {
		e = e.With(kids)
	}
	return change(e)
}

// Columns adds to set the indexes of the columns that e reads.
func Columns(e Expr, set map[int]bool) {
	Walk(e, func(n Expr) bool {
		if c, ok := n.(*Column); ok {
			set[c.Index] = true
		}
		return true
	})
}

// Remap gives e with its columns renumbered by to.
func Remap(e Expr, to func(int) int) Expr {
	return Rewrite(e, func(n Expr) Expr {
		if c, ok := n.(*Column); ok {
			return &Column{Index: to(c.Index), T: c.T, Name: c.Name, Pos: c.Pos}
		}
		return n
	})
}

// Fixed tells whether e has the same value for every row of a statement: no columns, nothing volatile.
func Fixed(e Expr) bool {
	fixed := true
	Walk(e, func(n Expr) bool {
		switch n := n.(type) {
		case *Column:
			fixed = false
		case *Call:
			fixed = fixed && n.Fn.Volatility != Volatile
		}
		return fixed
	})
	return fixed
}
