package bind

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

// function binds a call: of an aggregate, of a function, or of a type's name as a cast.
func (b *exprBinder) function(e *parser.FuncCall) (exprs.Expr, error) {
	if e.Over != nil {
		return nil, unsupported(e.Pos, "a window function")
	}
	foreign := e.Schema != "" && e.Schema != "pg_catalog"
	if !foreign && len(b.Registry.Aggregates(e.Name)) > 0 {
		return b.aggregateCall(e)
	}
	if e.Variadic {
		return nil, unsupported(e.Pos, "VARIADIC")
	}
	args, err := b.plainArgs(e)
	if err != nil {
		return nil, err
	}
	if len(args) > maxArgs {
		return nil, tooManyArgs(e.Pos)
	}
	if foreign {
		return nil, noFunction(shownName(e), typesOf(args), false, e.Pos)
	}
	if word := aggregateOnly(e); word != "" {
		if c, ambiguous := b.resolve(b.Registry.Funcs(e.Name), typesOf(args), false); c == nil {
			return nil, noFunction(shownName(e), typesOf(args), ambiguous, e.Pos)
		}
		return nil, sqlstate.New(sqlstate.WrongObjectType, "%s specified, but %s is not an aggregate function", word, e.Name).At(int(e.Pos))
	}
	if len(b.Registry.Funcs(e.Name)) == 0 && len(args) == 1 {
		if t, ok := arrowschema.ByName(e.Name); ok && b.canCoerce(args[0].Type(), t, exprs.Explicit) {
			return b.coerce(args[0], t, exprs.Explicit, e.Pos)
		}
	}
	return b.callAs(shownName(e), e.Name, args, e.Pos, positions(e.Args))
}

// maxArgs is the number of arguments that a function may have: PostgreSQL's FUNC_MAX_ARGS.
const maxArgs = 100

func tooManyArgs(at parser.Pos) error {
	return sqlstate.New("54023", "cannot pass more than %d arguments to a function", maxArgs).At(int(at))
}

// shownName gives the name that errors have: what is written in words, as EXTRACT is, is a call of a function of the catalogue.
func shownName(e *parser.FuncCall) string {
	switch {
	case e.SQLSyntax:
		return "pg_catalog." + e.Name
	case e.Schema != "":
		return e.Schema + "." + e.Name
	}
	return e.Name
}

// aggregateOnly names the part of a call that only an aggregate may have; "" when there is none.
func aggregateOnly(e *parser.FuncCall) string {
	switch {
	case e.Star:
		return e.Name + "(*)"
	case e.Distinct:
		return "DISTINCT"
	case len(e.WithinGroup) > 0:
		return "WITHIN GROUP"
	case len(e.OrderBy) > 0:
		return "ORDER BY"
	case e.Filter != nil:
		return "FILTER"
	}
	return ""
}

func (b *exprBinder) plainArgs(e *parser.FuncCall) ([]exprs.Expr, error) {
	for _, a := range e.Args {
		if n, ok := a.(*parser.NamedArg); ok {
			return nil, unsupported(n.Pos, "a named argument of function %s", e.Name)
		}
	}
	return b.all(e.Args)
}

// aggregates collects the aggregate calls of one SELECT.
type aggregates struct {
	input *scope
	calls []plan.AggCall
}

// aggRef stands for an aggregate call until the select list is rewritten onto the output of the Aggregate node.
type aggRef struct {
	exprs.Column
	call int
}

// Children implements exprs.Expr.
func (r *aggRef) Children() []exprs.Expr { return nil }

// With implements exprs.Expr.
func (r *aggRef) With([]exprs.Expr) exprs.Expr { return r }

// aggregateCall binds the arguments below the aggregation and gives a reference to its result.
func (b *exprBinder) aggregateCall(e *parser.FuncCall) (exprs.Expr, error) {
	if b.aggs == nil {
		return nil, b.misplaced(e)
	}
	if b.Registry.Aggregates(e.Name)[0].WithinGroup != nil || len(e.WithinGroup) > 0 {
		return b.orderedSetCall(e)
	}
	inner := &exprBinder{Binder: b.Binder, scope: b.aggs.input, where: "an aggregate's arguments"}
	args, err := inner.plainArgs(e)
	if err != nil {
		return nil, err
	}
	agg, args, err := b.resolveAggregate(e, args)
	if err != nil {
		return nil, err
	}
	if len(e.Args) == 0 && !e.Star {
		return nil, sqlstate.New(sqlstate.WrongObjectType, "%s(*) must be used to call a parameterless aggregate function", e.Name).At(int(e.Pos))
	}
	call := plan.AggCall{Agg: agg, Args: args, Distinct: e.Distinct, Name: e.Name}
	if err := inner.orderAggregate(&call, e.OrderBy); err != nil {
		return nil, err
	}
	if e.Filter != nil {
		inner.where = "FILTER"
		if call.Filter, err = inner.condition(e.Filter, "FILTER"); err != nil {
			return nil, err
		}
	}
	i := b.aggs.add(call)
	return &aggRef{Column: exprs.Column{Index: i, T: agg.Result, Name: e.Name, Pos: int(e.Pos)}, call: i}, nil
}

// orderAggregate makes the rows come to the aggregate in the order that ORDER BY says. DISTINCT sorts by the arguments where that can be seen.
func (b *exprBinder) orderAggregate(call *plan.AggCall, list []parser.SortItem) error {
	args := len(call.Args)
	var keys []exprs.AggregateOrder
	for _, it := range list {
		e, err := b.bind(it.Expr)
		if err != nil {
			return err
		}
		key, err := b.sortKey(e, it)
		if err != nil {
			return err
		}
		if call.Distinct && !slices.ContainsFunc(call.Args[:args], func(a exprs.Expr) bool { return exprs.Equal(a, key.Expr) }) {
			return sqlstate.New(sqlstate.InvalidColumnReference, "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list").At(int(pos(it.Expr)))
		}
		call.Args = append(call.Args, key.Expr)
		keys = append(keys, exprs.AggregateOrder{Desc: key.Desc, NullsFirst: key.NullsFirst})
	}
	if call.Distinct && call.Agg.Ordered && len(list) == 0 {
		call.Args = append(call.Args, call.Args...)
		keys = make([]exprs.AggregateOrder, args)
	}
	if len(keys) > 0 {
		call.Agg = exprs.Sorted(call.Agg, args, keys)
	}
	return nil
}

// misplaced words the refusal of an aggregate where none may stand.
func (b *exprBinder) misplaced(e *parser.FuncCall) error {
	if b.where == "an aggregate's arguments" {
		return sqlstate.New(sqlstate.GroupingError, "aggregate function calls cannot be nested").At(int(e.Pos))
	}
	return sqlstate.New(sqlstate.GroupingError, "aggregate functions are not allowed in %s", b.where).At(int(e.Pos))
}

// add gives the place of a call, of an equal one where there is one.
func (a *aggregates) add(call plan.AggCall) int {
	for i, have := range a.calls {
		if sameAggregate(have, call) {
			return i
		}
	}
	a.calls = append(a.calls, call)
	return len(a.calls) - 1
}

func sameAggregate(a, b plan.AggCall) bool {
	if a.Agg != b.Agg && !sameOrderedSet(a.Agg, b.Agg) || a.Distinct != b.Distinct || len(a.Args) != len(b.Args) || (a.Filter == nil) != (b.Filter == nil) {
		return false
	}
	for i := range a.Args {
		if !exprs.Equal(a.Args[i], b.Args[i]) {
			return false
		}
	}
	return a.Filter == nil || exprs.Equal(a.Filter, b.Filter)
}

// resolveAggregate picks the overload, by the rules for functions.
func (b *exprBinder) resolveAggregate(e *parser.FuncCall, args []exprs.Expr) (*exprs.Aggregate, []exprs.Expr, error) {
	overloads := b.Registry.Aggregates(e.Name)
	fns, byFn := make([]*exprs.Func, 0, len(overloads)), map[*exprs.Func]*exprs.Aggregate{}
	for _, a := range overloads {
		if a.Any && len(args) == 1 {
			if args[0].Type() != arrowschema.Unknown {
				return a, args, nil
			}
			text, err := b.literal(args[0], arrowschema.Text, e.Pos)
			return a, []exprs.Expr{text}, err
		}
		if a.Any {
			continue
		}
		f := &exprs.Func{Name: a.Name, Args: a.Args, Result: a.Result}
		fns, byFn[f] = append(fns, f), a
	}
	c, ambiguous := b.resolve(fns, typesOf(args), false)
	if c == nil {
		return nil, nil, noFunction(shownName(e), typesOf(args), ambiguous, e.Pos)
	}
	cast := make([]exprs.Expr, len(args))
	for i, a := range args {
		var err error
		if cast[i], err = b.coerce(a, c.args[i], exprs.Implicit, pos(e.Args[i])); err != nil {
			return nil, nil, err
		}
	}
	return byFn[c.fn], cast, nil
}

// scalarSubquery runs a sub-query of one column and at most one row.
func (b *exprBinder) scalarSubquery(e *parser.Subquery) (exprs.Expr, error) {
	n, rows, err := b.runSubquery(e.Query, 2)
	if err != nil {
		return nil, err
	}
	if len(n.Columns()) != 1 {
		return nil, sqlstate.New(sqlstate.SyntaxError, "subquery must return only one column").At(int(e.Pos))
	}
	switch rows.N {
	case 0:
		return exprs.Null(n.Columns()[0].Type), nil
	case 1:
		return exprs.NewConst(rows.Cols[0]), nil
	}
	return nil, sqlstate.New(sqlstate.CardinalityViolation, "more than one row returned by a subquery used as an expression")
}

func (b *exprBinder) exists(e *parser.Exists) (exprs.Expr, error) {
	_, rows, err := b.runSubquery(e.Query, 1)
	if err != nil {
		return nil, err
	}
	return exprs.NewConst(vec.NewConst(arrowschema.Bool, rows.N > 0, 1)), nil
}

// inQuery runs the sub-query and looks its values up as a list.
func (b *exprBinder) inQuery(e *parser.InQuery) (exprs.Expr, error) {
	arg, err := b.bind(e.Arg)
	if err != nil {
		return nil, err
	}
	n, rows, err := b.runSubquery(e.Query, -1)
	if err != nil {
		return nil, err
	}
	if len(n.Columns()) != 1 {
		return nil, sqlstate.New(sqlstate.SyntaxError, "subquery has too many columns").At(int(e.Pos))
	}
	t, err := b.commonType([]arrowschema.Type{arg.Type(), n.Columns()[0].Type}, "IN", []parser.Pos{e.Pos, e.Pos})
	if err != nil {
		return nil, sqlstate.New(sqlstate.UndefinedFunction, "operator does not exist: %s = %s", arg.Type(), n.Columns()[0].Type).At(int(e.Pos)).
			WithHint("No operator matches the given name and argument types. You might need to add explicit type casts.")
	}
	if arg, err = b.coerce(arg, t, exprs.Implicit, pos(e.Arg)); err != nil {
		return nil, err
	}
	if rows.N == 0 {
		return exprs.NewConst(vec.NewConst(arrowschema.Bool, e.Not, 1)), nil
	}
	values, err := b.castValues(rows.Cols[0], t, e.Pos)
	if err != nil {
		return nil, err
	}
	if values.N > fewValues {
		return exprs.NewInMany(b.Eval, arg, values, e.Not)
	}
	list := make([]*exprs.Const, values.N)
	for i := range list {
		list[i] = exprs.NewConst(values.Gather([]int32{int32(i)}))
	}
	return exprs.NewIn(arg, list, e.Not), nil
}

// fewValues is the length of lists whose values are kept as constants, at which scans and the like look one by one.
const fewValues = 64

// castValues gives the values of a column as another type, a part at a time.
func (b *exprBinder) castValues(v *vec.Vec, t arrowschema.Type, at parser.Pos) (*vec.Vec, error) {
	if v.Type == t {
		return v, nil
	}
	e, err := b.coerce(&exprs.Column{T: v.Type}, t, exprs.Implicit, at)
	if err != nil {
		return nil, err
	}
	const part = 8192
	out := vec.NewBuilder(t, 0)
	for lo := 0; lo < v.N; lo += part {
		in := &vec.Batch{N: min(part, v.N-lo), Cols: []*vec.Vec{v.Slice(lo, min(lo+part, v.N))}}
		w, err := e.Eval(b.Eval, in)
		if err != nil {
			return nil, err
		}
		if err := b.Eval.Reserve(exprs.Bytes(w)); err != nil {
			return nil, err
		}
		out.Append(w)
	}
	return out.Vec(), nil
}

// runSubquery binds and runs a query that does not depend on this one.
func (b *exprBinder) runSubquery(q *parser.Query, limit int64) (plan.Node, *vec.Batch, error) {
	n, err := b.query(q, b.scope)
	if err != nil {
		return nil, nil, err
	}
	n = b.settleUnknown(n)
	rows, err := b.Run(n, limit)
	return n, rows, err
}
