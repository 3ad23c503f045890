package bind

import (
	"fmt"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

// orderedSetCall binds an aggregate with WITHIN GROUP: percentile_cont(0.5) WITHIN GROUP (ORDER BY x). The direct arguments must be constants; those that
// read grouped columns are not there.
func (b *exprBinder) orderedSetCall(e *parser.FuncCall) (exprs.Expr, error) {
	overloads := b.Registry.Aggregates(e.Name)
	set := overloads[0].WithinGroup
	if set == nil || len(e.Args) != len(set.Direct) || len(e.WithinGroup) != 1 {
		return nil, b.noOrderedSet(e)
	}
	direct, key, err := b.orderedSetArgs(e, set)
	if err != nil {
		return nil, err
	}
	agg, args, err := b.resolveAggregate(&parser.FuncCall{Pos: e.Pos, Name: e.Name, Args: []parser.Expr{e.WithinGroup[0].Expr}}, []exprs.Expr{key.Expr})
	if sqlstate.CodeOf(err) == sqlstate.UndefinedFunction {
		return nil, b.noOrderedSet(e)
	}
	if err != nil {
		return nil, err
	}
	order := exprs.AggregateOrder{Desc: key.Desc, NullsFirst: key.NullsFirst}
	made := *agg
	if made.New, err = agg.WithinGroup.Make(direct, order); err != nil {
		return nil, err
	}
	made.Direct = fmt.Sprint(order)
	for _, d := range direct {
		made.Direct += " " + exprs.String(exprs.NewConst(d))
	}
	call := plan.AggCall{Agg: &made, Args: args, Name: e.Name}
	if e.Filter != nil {
		inner := &exprBinder{Binder: b.Binder, scope: b.aggs.input, where: "FILTER"}
		if call.Filter, err = inner.condition(e.Filter, "FILTER"); err != nil {
			return nil, err
		}
	}
	i := b.aggs.add(call)
	return &aggRef{Column: exprs.Column{Index: i, T: made.Result, Name: e.Name, Pos: int(e.Pos)}, call: i}, nil
}

// orderedSetArgs gives the direct arguments, and the key.
func (b *exprBinder) orderedSetArgs(e *parser.FuncCall, set *exprs.OrderedSet) ([]*vec.Vec, plan.SortKey, error) {
	inner := &exprBinder{Binder: b.Binder, scope: b.aggs.input, where: "an aggregate's arguments"}
	var direct []*vec.Vec
	for i, a := range e.Args {
		x, err := inner.bind(a)
		if err == nil {
			x, err = b.coerce(x, set.Direct[i], exprs.Implicit, pos(a))
		}
		if err != nil {
			return nil, plan.SortKey{}, err
		}
		columns := map[int]bool{}
		if exprs.Columns(x, columns); len(columns) > 0 {
			return nil, plan.SortKey{}, unsupported(e.Pos, "a direct argument of %s that is no constant", e.Name)
		}
		c, err := b.constant(x)
		if err != nil {
			return nil, plan.SortKey{}, err
		}
		direct = append(direct, c.V.Decoded())
	}
	item := e.WithinGroup[0]
	x, err := inner.bind(item.Expr)
	if err != nil {
		return nil, plan.SortKey{}, err
	}
	key, err := b.sortKey(x, item)
	return direct, key, err
}

// noOrderedSet refuses a call whose arguments no ordered-set aggregate takes: those of WITHIN GROUP stand behind the direct ones.
func (b *exprBinder) noOrderedSet(e *parser.FuncCall) error {
	var types []arrowschema.Type
	inner := &exprBinder{Binder: b.Binder, scope: b.aggs.input, where: "an aggregate's arguments"}
	for _, a := range e.Args {
		x, err := inner.bind(a)
		if err != nil {
			return err
		}
		types = append(types, x.Type())
	}
	for _, it := range e.WithinGroup {
		x, err := inner.bind(it.Expr)
		if err != nil {
			return err
		}
		types = append(types, x.Type())
	}
	return noFunction(shownName(e), types, false, e.Pos)
}

// sameOrderedSet tells whether two ordered-set aggregates were made of the same overload and direct arguments.
func sameOrderedSet(a, b *exprs.Aggregate) bool {
	return a.WithinGroup != nil && a.WithinGroup == b.WithinGroup && a.Direct == b.Direct
}
