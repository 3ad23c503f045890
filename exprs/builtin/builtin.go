// Package builtin assembles the table of all functions, operators, casts and aggregates from their families. It has no entries of its own.
package builtin

import (
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/aggregates"
	"github.com/stoadb/stoa/exprs/datetime"
	"github.com/stoadb/stoa/exprs/jsonb"
	"github.com/stoadb/stoa/exprs/numeric"
	"github.com/stoadb/stoa/exprs/text"
)

// Registry gives a new table with everything in it. It takes about a millisecond: an engine makes one and keeps it.
func Registry() *exprs.Registry {
	r := exprs.NewRegistry()
	for _, funcs := range [][]exprs.Func{
		numeric.Operators(), numeric.Functions(), text.Operators(), text.Functions(), datetime.Operators(), datetime.Functions(),
		jsonb.Operators(), jsonb.Functions(),
	} {
		r.AddFuncs(funcs...)
	}
	for _, casts := range [][]exprs.Cast{numeric.Casts(), text.Casts(), datetime.Casts(), jsonb.Casts()} {
		r.AddCasts(casts...)
	}
	r.AddAggregates(aggregates.All()...)
	return r
}
