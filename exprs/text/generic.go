package text

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// genericFunctions gives the functions that work on all types.
func genericFunctions() []exprs.Func {
	out := []exprs.Func{
		{Name: "num_nulls", Args: []arrowschema.Type{Any}, Variadic: true, Result: i4, NotStrict: true, Eval: countNulls(true)},
		{Name: "num_nonnulls", Args: []arrowschema.Type{Any}, Variadic: true, Result: i4, NotStrict: true, Eval: countNulls(false)},
		{Name: "pg_typeof", Args: []arrowschema.Type{Any}, Result: txt, Volatility: exprs.Stable, NotStrict: true, Bind: bindTypeOf},
	}
	for _, t := range allTypes {
		if t == arrowschema.JSON {
			continue
		}
		f := exprs.Func{Name: "greatest", Args: []arrowschema.Type{t}, Variadic: true, Result: t, NotStrict: true, Eval: extreme(1)}
		out = append(out, f)
		f.Name, f.Eval = "least", extreme(-1)
		out = append(out, f)
	}
	return out
}

func countNulls(nulls bool) exprs.Kernel {
	return func(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		for _, a := range args {
			for i := range out.Ints {
				if a.IsNull(i) == nulls {
					out.Ints[i]++
				}
			}
		}
		return nil
	}
}

// bindTypeOf gives the name of the argument's type; PostgreSQL gives it as a regtype, which prints the same.
func bindTypeOf(args []exprs.Expr) (exprs.Kernel, error) {
	name := AnyType(args[0]).String()
	return func(_ *exprs.Ctx, _ []*vec.Vec, out *vec.Vec) error {
		for i := range out.Strs {
			out.Strs[i] = name
		}
		return nil
	}, nil
}

// extreme gives the greatest or least argument, leaving NULLs out; NULL when all are.
func extreme(sign int) exprs.Kernel {
	return func(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		if out.Type.Physical() == arrowschema.Ints {
			extremeInts(sign, args, out)
			return nil
		}
		b := vec.NewBuilder(out.Type, out.N)
		for i := range out.N {
			var best *vec.Vec
			for _, a := range args {
				if !a.IsNull(i) && (best == nil || vec.Compare(a, i, best, i)*sign > 0) {
					best = a
				}
			}
			if best == nil {
				b.AppendNull()
				continue
			}
			b.AppendRow(best, i)
		}
		*out = *b.Vec()
		return nil
	}
}

func extremeInts(sign int, args []*vec.Vec, out *vec.Vec) {
	for i := range out.Ints {
		found := false
		for _, a := range args {
			if a.IsNull(i) {
				continue
			}
			if x := a.Ints[a.At(i)]; !found || (sign > 0) == (x > out.Ints[i]) {
				out.Ints[i], found = x, true
			}
		}
		if !found {
			out.SetNull(i)
		}
	}
}

// fitFunctions gives "$fit" of varchar(n): text that is too long is cut by an explicit cast, and refused (22001) by an assignment unless it is only
// spaces that are too many.
func fitFunctions() []exprs.Func {
	fit := func(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		n, explicit := args[1].Ints[0], args[3].Bools[0]
		for i := range out.Strs {
			s := args[0].Strs[args[0].At(i)]
			end := offset(s, n)
			if end < len(s) && !explicit && out.Valid.Get(i) && trimRightSpaces(s[end:]) != "" {
				return sqlstate.New(sqlstate.StringDataRightTruncation, "value too long for type character varying(%d)", sqlstate.SafeInt(n))
			}
			out.Strs[i] = s[:end]
		}
		return nil
	}
	return []exprs.Func{fn("$fit", arrowschema.Varchar, fit, arrowschema.Varchar, i4, i4, flag)}
}

func trimRightSpaces(s string) string {
	for s != "" && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}
