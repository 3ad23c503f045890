package bind

import (
	"slices"
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
)

// Typed is an expression in which every constant and every cast is written out with its type, so that it means the same in any session and at any time:
// what PostgreSQL keeps of a column's default, as a syntax tree.
type Typed struct {
	Expr parser.Expr
	// Stored is the expression in the casts that make it a value of the column, which are not written.
	Stored  parser.Expr
	relabel map[*parser.Cast]bool
}

// Relabels tells whether a cast of the expression is none of PostgreSQL's functions: it goes by the text of the value, or leaves it as it is.
func (t *Typed) Relabels(c *parser.Cast) bool { return t.relabel[c] }

// Null tells whether the value is NULL as it stands, without a cast to the column's type.
func (t *Typed) Null() bool {
	c, ok := t.Stored.(*parser.Cast)
	if !ok || t.Stored != t.Expr {
		return false
	}
	_, ok = c.Arg.(*parser.NullLit)
	return ok
}

// typer writes types into expressions. It follows the binder's rules without making anything that can be run, and adds no cast where PostgreSQL has an
// operator of its own.
type typer struct {
	*Binder
	zone    *time.Location // in which the constants are written
	relabel map[*parser.Cast]bool
	copies  int // BETWEENs around, which double what they are of
}

// typedExpr is an expression and its type: Unknown of a literal that nothing has given one.
type typedExpr struct {
	e parser.Expr
	t arrowschema.Type
}

// TypedDefault writes out a default that NewDefault has accepted. Literals are read as the binder's session reads them, now and in its time zone, and
// written in zone. An error means that the expression has a form that is not written out.
func (b *Binder) TypedDefault(col schemahistory.Column, e parser.Expr, zone *time.Location) (*Typed, error) {
	t := &typer{Binder: b, zone: zone, relabel: map[*parser.Cast]bool{}}
	x, err := t.expr(e)
	if err != nil {
		return nil, err
	}
	out := &Typed{Expr: x.e, relabel: t.relabel}
	switch c, _ := x.e.(*parser.Cast); {
	case x.t == arrowschema.Unknown && col.Type == arrowschema.Interval && len(col.Modifier) > 0:
		out.Expr, err = t.interval(x.e, &parser.TypeName{Name: col.Type.Name(), Mods: ints(col.Modifier)})
	case x.t == arrowschema.Unknown:
		out.Expr, err = t.constant(x.e, col.Type)
	case c != nil && x.t == arrowschema.Interval && len(col.Modifier) == 0 && IsLiteral(c.Arg): // the constant is one of a type without a modifier
		out.Expr = &parser.Cast{Arg: c.Arg, Type: &parser.TypeName{Name: x.t.Name()}}
	}
	out.Stored = out.Expr
	if x.t != arrowschema.Unknown && x.t != col.Type {
		out.Stored = t.castTo(x, &parser.TypeName{Name: col.Type.Name()}, col.Type)
	}
	if len(col.Modifier) > 0 {
		out.Stored = &parser.Cast{Arg: out.Stored, Type: &parser.TypeName{Name: col.Type.Name(), Mods: ints(col.Modifier)}}
	}
	return out, err
}

// IsLiteral tells whether an expression is a single literal.
func IsLiteral(e parser.Expr) bool {
	switch e.(type) {
	case *parser.NullLit, *parser.BoolLit, *parser.IntLit, *parser.NumericLit, *parser.StringLit:
		return true
	}
	return false
}

func ints(mods []int32) []int {
	out := make([]int, len(mods))
	for i, m := range mods {
		out[i] = int(m)
	}
	return out
}

// expr writes out an expression.
func (t *typer) expr(e parser.Expr) (typedExpr, error) {
	if err := t.tick(); err != nil {
		return typedExpr{}, err
	}
	switch e := e.(type) {
	case *parser.NullLit, *parser.StringLit:
		return typedExpr{e, arrowschema.Unknown}, nil
	case *parser.BoolLit, *parser.IntLit, *parser.NumericLit:
		c, err := literalConst(e)
		if err != nil {
			return typedExpr{}, err
		}
		return t.written(c)
	case *parser.Cast:
		x, err := t.expr(e.Arg)
		if err != nil {
			return x, err
		}
		return t.castAs(x, e.Type)
	case *parser.UnaryOp:
		args, err := t.operands(e.Op, e.Arg)
		if err != nil {
			return typedExpr{}, err
		}
		return typedExpr{&parser.UnaryOp{Op: e.Op, Arg: args.list[0]}, args.result}, nil
	case *parser.BinaryOp:
		return t.binary(e.Op, e.Left, e.Right)
	case *parser.And:
		args, err := t.conditions(e.Args)
		return typedExpr{&parser.And{Args: args}, arrowschema.Bool}, err
	case *parser.Or:
		args, err := t.conditions(e.Args)
		return typedExpr{&parser.Or{Args: args}, arrowschema.Bool}, err
	case *parser.Not:
		args, err := t.conditions([]parser.Expr{e.Arg})
		if err != nil {
			return typedExpr{}, err
		}
		return typedExpr{&parser.Not{Arg: args[0]}, arrowschema.Bool}, nil
	case *parser.IsBool:
		args, err := t.conditions([]parser.Expr{e.Arg})
		if err != nil {
			return typedExpr{}, err
		}
		return typedExpr{&parser.IsBool{Arg: args[0], Truth: e.Truth, Not: e.Not}, arrowschema.Bool}, nil
	case *parser.FuncCall:
		return t.call(e)
	}
	return t.form(e)
}

// form writes out the forms that are neither literals, operators nor calls.
func (t *typer) form(e parser.Expr) (typedExpr, error) {
	switch e := e.(type) {
	case *parser.Case:
		return t.caseExpr(e)
	case *parser.Coalesce:
		args, typ, err := t.common(e.Args, "COALESCE")
		return typedExpr{&parser.Coalesce{Args: args}, typ}, err
	case *parser.MinMax:
		args, typ, err := t.common(e.Args, "GREATEST")
		return typedExpr{&parser.MinMax{Least: e.Least, Args: args}, typ}, err
	case *parser.NullIf:
		args, err := t.operands("=", e.Left, e.Right)
		if err != nil {
			return typedExpr{}, err
		}
		return typedExpr{&parser.NullIf{Left: args.list[0], Right: args.list[1]}, args.types[0]}, nil
	case *parser.IsNull:
		return t.isNull(e)
	case *parser.IsDistinct:
		return t.isDistinct(e)
	case *parser.Like:
		return t.like(e)
	case *parser.Between:
		return t.between(e)
	case *parser.InList:
		return t.inList(e)
	case *parser.ValueFunc:
		x, err := (&exprBinder{Binder: t.Binder, scope: newScope(nil), where: inDefault}).valueFunc(e)
		if err != nil {
			return typedExpr{}, err
		}
		return typedExpr{e, x.Type()}, nil
	case *parser.Collate:
		x, err := t.expr(e.Arg)
		if err != nil {
			return typedExpr{}, err
		}
		arg, typ, err := t.known(x, arrowschema.Text)
		return typedExpr{&parser.Collate{Arg: arg, Collation: e.Collation}, typ}, err
	}
	return typedExpr{}, unsupported(pos(e), "writing out this expression")
}

// conditions writes out arguments that are boolean.
func (t *typer) conditions(es []parser.Expr) ([]parser.Expr, error) {
	out := make([]parser.Expr, len(es))
	for i, e := range es {
		x, err := t.expr(e)
		if err != nil {
			return nil, err
		}
		if out[i], err = t.as(x, arrowschema.Bool); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// as writes x as a value of a type: a literal becomes a constant of it, and what has another type is cast. Void stands for any type.
func (t *typer) as(x typedExpr, to arrowschema.Type) (parser.Expr, error) {
	switch {
	case to == arrowschema.Void:
		return x.e, nil
	case x.t == arrowschema.Unknown:
		return t.constant(x.e, to)
	case x.t == to && !isName(x.e):
		return x.e, nil
	}
	return t.castTo(x, &parser.TypeName{Name: to.Name()}, to), nil
}

// isName tells whether an expression is of PostgreSQL's type name, which is text here.
func isName(e parser.Expr) bool {
	f, ok := e.(*parser.ValueFunc)
	return ok && (slices.Contains([]string{"current_user", "session_user", "user", "current_role", "current_catalog", "current_schema"}, f.Name))
}

// known gives the type to a literal without one, and leaves everything else as it is.
func (t *typer) known(x typedExpr, to arrowschema.Type) (parser.Expr, arrowschema.Type, error) {
	if x.t != arrowschema.Unknown || to == arrowschema.Void {
		return x.e, x.t, nil
	}
	e, err := t.constant(x.e, to)
	return e, to, err
}

func (t *typer) castTo(x typedExpr, name *parser.TypeName, to arrowschema.Type) *parser.Cast {
	c := &parser.Cast{Arg: x.e, Type: name}
	t.relabel[c] = len(name.Mods) == 0 && (x.t == to || byText(x.t, to))
	return c
}

// byText tells whether PostgreSQL casts one type to another without a function of the catalogue: by the text of the value, or not at all.
func byText(from, to arrowschema.Type) bool {
	text := func(t arrowschema.Type) bool { return t.Category() == arrowschema.CategoryString }
	json := func(t arrowschema.Type) bool { return t == arrowschema.JSON || t == arrowschema.JSONB }
	return text(from) || text(to) && from != arrowschema.Bool || json(from) && json(to)
}

// constant reads a literal as a value of a type and writes that.
func (t *typer) constant(e parser.Expr, to arrowschema.Type) (parser.Expr, error) {
	s, ok := e.(*parser.StringLit)
	if !ok {
		return &parser.Cast{Arg: &parser.NullLit{}, Type: &parser.TypeName{Name: to.Name()}}, nil
	}
	x, err := t.Binder.literal(exprs.NewConst(vec.NewConst(arrowschema.Unknown, s.Value, 1)), to, s.Pos)
	if err != nil {
		return nil, err
	}
	w, err := t.written(x)
	return w.e, err
}

// written writes a constant as PostgreSQL does (get_const_expr): some need neither quotes nor the name of their type to be read as what they are.
func (t *typer) written(x exprs.Expr) (typedExpr, error) {
	c, ok := x.(*exprs.Const)
	if !ok {
		return typedExpr{}, unsupported(0, "writing out a value that is not constant")
	}
	typ, text := c.Type(), string(vec.AppendText(nil, c.V, 0, t.zone))
	digit := text != "" && text[0] >= '0' && text[0] <= '9'
	switch {
	case typ == arrowschema.Bool:
		return typedExpr{&parser.BoolLit{Value: text == "t"}, typ}, nil
	case typ == arrowschema.Int4 && digit:
		e, err := parser.ParseExpr(text)
		return typedExpr{e, typ}, err
	case typ == arrowschema.Numeric && digit && strings.ContainsAny(text, ".e"):
		return typedExpr{&parser.NumericLit{Text: text}, typ}, nil
	}
	return typedExpr{&parser.Cast{Arg: &parser.StringLit{Value: text}, Type: &parser.TypeName{Name: typ.Name()}}, typ}, nil
}

// castAs writes out a cast. One to the type that there is already is none, unless it has a modifier.
func (t *typer) castAs(x typedExpr, as *parser.TypeName) (typedExpr, error) {
	to, err := typeOf(as)
	if err != nil {
		return x, err
	}
	mods, err := ModifierOf(to, as)
	if err != nil {
		return x, err
	}
	name := &parser.TypeName{Name: to.Name(), IntervalFields: as.IntervalFields}
	if len(mods) > 0 {
		name.Mods = ints(mods)
	}
	fits := name.Mods != nil || name.IntervalFields != ""
	if x.t == arrowschema.Unknown {
		if to == arrowschema.Interval && fits {
			out, err := t.interval(x.e, name)
			return typedExpr{out, to}, err
		}
		if x.e, err = t.constant(x.e, to); err != nil {
			return x, err
		}
		x.t = to
	}
	if x.t == to && !isName(x.e) {
		have, ok := x.e.(*parser.Cast)
		switch {
		case ok && have.Type.String() == name.String(), !ok && !fits:
			return x, nil
		case ok && IsLiteral(have.Arg) && (have.Type.String() == to.String() || to == arrowschema.Interval && !fits):
			x.e = have.Arg
		}
	}
	return typedExpr{t.castTo(x, name, to), to}, nil
}

// interval writes a literal as an interval with a modifier or fields: as PostgreSQL has it, the constant is cut and keeps what cut it.
func (t *typer) interval(e parser.Expr, name *parser.TypeName) (parser.Expr, error) {
	if _, ok := e.(*parser.StringLit); !ok {
		return &parser.Cast{Arg: &parser.NullLit{}, Type: name}, nil
	}
	x, err := (&exprBinder{Binder: t.Binder, scope: newScope(nil), where: inDefault}).cast(&parser.Cast{Arg: e, Type: name})
	if err != nil {
		return nil, err
	}
	c, err := t.Binder.constant(x)
	if err != nil {
		return nil, err
	}
	text := string(vec.AppendText(nil, c.V, 0, t.zone))
	return &parser.Cast{Arg: &parser.StringLit{Value: text}, Type: name}, nil
}
