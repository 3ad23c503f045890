// Package jsonb is the operators, functions and casts of jsonb and json. What they mean is the package jsontext's business; a vector holds jsonb as
// its canonical text, and most results are substrings of it that share its memory.
package jsonb

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
)

const (
	jb   = arrowschema.JSONB
	js   = arrowschema.JSON
	txt  = arrowschema.Text
	i4   = arrowschema.Int4
	flag = arrowschema.Bool
)

// Functions gives the functions.
func Functions() []exprs.Func {
	return append(append(inspections(), constructors()...), jsonConstructors()...)
}

// Operators gives access, containment, change and comparison.
func Operators() []exprs.Func { return append(append(accessors(), changes()...), pathOperators()...) }

func fn(name string, result arrowschema.Type, k exprs.Kernel, args ...arrowschema.Type) exprs.Func {
	return exprs.Func{Name: name, Args: args, Result: result, Eval: k}
}
