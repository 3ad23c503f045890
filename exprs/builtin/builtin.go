// Package builtin assembles the table of all functions, operators, casts and aggregates from their families. It has no entries of its own.
package builtin

import (
	"sync"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/aggregates"
	"github.com/stoadb/stoa/exprs/datetime"
	"github.com/stoadb/stoa/exprs/jsonb"
	"github.com/stoadb/stoa/exprs/numeric"
	"github.com/stoadb/stoa/exprs/text"
)

// Registry gives the table with everything in it, to be read only: it is always the same one. Building it takes about a millisecond, which a program that opens
// many databases would spend on each. What is never changed is no state: a table that is written out in the source would be a variable of the package as well.
func Registry() *exprs.Registry { return registry() }

var registry = sync.OnceValue(build)

// build makes the table.
func build() *exprs.Registry {
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
