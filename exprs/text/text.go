// Package text is the operators and functions of text and varchar, and what all types share with text: the text form of every type and, for the
// types that have no family of their own (boolean, numbers, uuid), reading it back; the comparison of booleans and uuids; functions of any type.
//
// Text is UTF-8 and ordered by bytes, as in PostgreSQL's collation "C"; lower, upper, initcap and ILIKE however know Unicode's simple case
// mapping, as databases with any other locale do (under C, PostgreSQL changes ASCII alone). A position or a length counts characters.
//
// # Arguments of any type
//
// PostgreSQL's pseudo-type "any" is here the type Void: every type casts to it implicitly, by its output function, so that concat(1, true) sees the
// texts "1" and "t". A function that needs to know what the type was asks AnyType in its Bind. No column has the type Void.
package text

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// Any is the type of an argument that takes any type; see the package comment.
const Any = arrowschema.Void

const (
	txt  = arrowschema.Text
	i4   = arrowschema.Int4
	i8   = arrowschema.Int8
	flag = arrowschema.Bool
)

// AnyType gives the type that an argument of type Any had: Unknown for an untyped literal.
func AnyType(arg exprs.Expr) arrowschema.Type {
	if c, ok := arg.(*exprs.Call); ok && c.IsCast() {
		return c.Args[0].Type()
	}
	return arrowschema.Unknown
}

// Functions gives the functions.
func Functions() []exprs.Func {
	var out []exprs.Func
	for _, family := range [][]exprs.Func{
		lengthFunctions(), caseFunctions(), sliceFunctions(), trimFunctions(), padFunctions(), replaceFunctions(), codeFunctions(), concatFunctions(),
		quoteFunctions(), formatFunctions(), likeFunctions(), regexFunctions(), genericFunctions(), sessionFunctions(), fitFunctions(),
	} {
		out = append(out, family...)
	}
	return out
}

// Operators gives comparison, concatenation and pattern matching.
func Operators() []exprs.Func {
	out := exprs.OrderedComparisons[string](txt, txt)
	out = append(out, uuidComparisons()...)
	out = append(out, boolComparisons()...)
	out = append(out, concatOperators()...)
	out = append(out, likeOperators()...)
	return append(out, regexOperators()...)
}

// Casts gives the casts to and from text, for all types.
func Casts() []exprs.Cast {
	return append(outputCasts(), inputCasts()...)
}

func fn(name string, result arrowschema.Type, k exprs.Kernel, args ...arrowschema.Type) exprs.Func {
	return exprs.Func{Name: name, Args: args, Result: result, Eval: k}
}

// bindFn is a function whose kernel depends on its arguments.
func bindFn(name string, result arrowschema.Type, bind func([]exprs.Expr) (exprs.Kernel, error), args ...arrowschema.Type) exprs.Func {
	return exprs.Func{Name: name, Args: args, Result: result, Bind: bind}
}

// constText gives the value of a constant argument, when it is one and not NULL.
func constText(e exprs.Expr) (string, bool) {
	c, ok := e.(*exprs.Const)
	if !ok || c.IsNull() || c.V.Type.Physical() != arrowschema.Strings {
		return "", false
	}
	return c.V.Strs[0], true
}

// rows calls f for every row of out that is not NULL, and stops at the first error or when the statement is cancelled.
func rows(ctx *exprs.Ctx, out *vec.Vec, f func(i int) error) error {
	for i := range out.N {
		if i&31 == 0 {
			if err := ctx.Check(); err != nil {
				return err
			}
		}
		if !out.Valid.Get(i) {
			continue
		}
		if err := f(i); err != nil {
			return err
		}
	}
	return nil
}
