package aggregates

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
)

// moment is what is made of the sum and the sum of squares.
type moment struct {
	root   bool  // the standard deviation, otherwise the variance
	sample int64 // 1 for a sample's, 0 for the population's: what is taken off the count
}

// moments gives variance and standard deviation: numeric of integers and numerics, double precision of floats.
func moments() []exprs.Aggregate {
	var out []exprs.Aggregate
	for _, m := range []struct {
		name string
		moment
	}{
		{"variance", moment{false, 1}}, {"var_samp", moment{false, 1}}, {"var_pop", moment{false, 0}},
		{"stddev", moment{true, 1}}, {"stddev_samp", moment{true, 1}}, {"stddev_pop", moment{true, 0}},
	} {
		one := func(arg, result arrowschema.Type, make func() exprs.State) {
			out = append(out, exprs.Aggregate{Name: m.name, Args: []arrowschema.Type{arg}, Result: result, New: make})
		}
		for _, t := range []arrowschema.Type{arrowschema.Int2, arrowschema.Int4, arrowschema.Int8, arrowschema.Numeric} {
			one(t, arrowschema.Numeric, func() exprs.State { return &decMoments{moment: m.moment} })
		}
		for _, t := range []arrowschema.Type{arrowschema.Float4, arrowschema.Float8} {
			one(t, arrowschema.Float8, func() exprs.State { return &floatMoments{moment: m.moment} })
		}
	}
	return out
}
