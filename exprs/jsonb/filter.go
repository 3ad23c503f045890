package jsonb

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/text"
	"github.com/stoadb/stoa/exprs/vec"
)

// filtered is a predicate of a document and a second argument. When that is constant, what literal gives of it must stand in every document for which the
// predicate is true, as it is, since canonical text has one way to write a string: the others are left out without being read as documents.
func filtered(name string, k exprs.Kernel, literal func(string) string, args ...arrowschema.Type) exprs.Func {
	return exprs.Func{Name: name, Args: args, Result: flag, Bind: func(args []exprs.Expr) (exprs.Kernel, error) {
		c, ok := args[1].(*exprs.Const)
		if !ok || c.IsNull() {
			return k, nil
		}
		needed := literal(c.V.Strs[0])
		if needed == "" {
			return k, nil
		}
		return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
			if args[0].Const || !args[1].Const || !text.Containing(args[0].Strs, out.Valid, needed, out.Bools) {
				return k(ctx, args, out)
			}
			return someRows(ctx, k, args, out)
		}, nil
	}}
}

// someRows computes the rows of out that are true and not NULL.
func someRows(ctx *exprs.Ctx, k exprs.Kernel, args []*vec.Vec, out *vec.Vec) error {
	var rows []int32
	for i, has := range out.Bools {
		if has && out.Valid.Get(i) {
			rows = append(rows, int32(i))
		}
	}
	part := vec.New(flag, len(rows))
	if err := k(ctx, []*vec.Vec{args[0].Gather(rows), args[1].Resize(len(rows))}, part); err != nil {
		return err
	}
	for i, row := range rows {
		out.Bools[row] = part.Bools[i]
	}
	return nil
}

// longestString gives the longest string or key of a document, with its quotes; none for a document that has none.
func longestString(doc string) string {
	best := ""
	for i := 0; i < len(doc); i++ {
		if doc[i] != '"' {
			continue
		}
		end := jsontext.StringEnd(doc, i)
		if end-i > len(best) {
			best = doc[i:end]
		}
		i = end - 1
	}
	return best
}
