package jsonb

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
)

// inspections gives the functions that look into a document or print it.
func inspections() []exprs.Func {
	out := []exprs.Func{
		fn("jsonb_array_length", i4, exprs.UnaryErr(jsontext.ArrayLength), jb), fn("json_array_length", i4, exprs.UnaryErr(jsontext.RawArrayLength), js),
		fn("jsonb_typeof", txt, total(jsontext.TypeOf), jb), fn("json_typeof", txt, total(jsontext.RawTypeOf), js),
		fn("jsonb_pretty", txt, exprs.UnaryCtx(pretty), jb), fn("jsonb_strip_nulls", jb, total(jsontext.StripNulls), jb),
		filtered("jsonb_exists", checked(jsontext.Exists), jsontext.Quote, jb, txt), filtered("jsonb_contains", exprs.BinaryCtx(contains), longestString, jb, jb),
	}
	path := func(name string, doc, result arrowschema.Type, eval exprs.Kernel) exprs.Func {
		return exprs.Func{Name: name, Args: []arrowschema.Type{doc, txt}, Variadic: true, Result: result, Eval: eval}
	}
	return append(out,
		path("jsonb_extract_path", jb, jb, extractPath(false)), path("jsonb_extract_path_text", jb, txt, extractPath(true)),
		path("json_extract_path", js, js, rawPath(false)), path("json_extract_path_text", js, txt, rawPath(true)),
		fn("jsonb_extract_path", jb, extractPath(false), jb), fn("jsonb_extract_path_text", txt, extractPath(true), jb),
	)
}

// total makes the kernel of a function that is called for rows that are not NULL alone.
func total(f func(string) string) exprs.Kernel {
	return exprs.UnaryErr(func(doc string) (string, error) { return f(doc), nil })
}

func pathOf(args []*vec.Vec, i int, path []string) []string {
	path = path[:0]
	for _, a := range args {
		path = append(path, a.Strs[a.At(i)])
	}
	return path
}

func extractPath(text bool) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		var path []string
		for i := range out.Strs {
			if !out.Valid.Get(i) {
				continue
			}
			path = pathOf(args[1:], i, path)
			elem, ok := jsontext.Path(args[0].Strs[args[0].At(i)], path)
			if text {
				elem, ok = asText(elem, ok)
			}
			if out.Strs[i] = elem; !ok {
				out.SetNull(i)
			}
			if err := ctx.Row(out, i); err != nil {
				return err
			}
		}
		return nil
	}
}

func rawPath(text bool) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		var path []string
		for i := range out.Strs {
			if !out.Valid.Get(i) {
				continue
			}
			path = pathOf(args[1:], i, path)
			elem, ok, err := jsontext.RawPath(args[0].Strs[args[0].At(i)], path)
			if err != nil {
				return err
			}
			if ok && text {
				var isNull bool
				elem, isNull = jsontext.RawText(elem)
				ok = !isNull
			}
			if out.Strs[i] = elem; !ok {
				out.SetNull(i)
			}
			if err := ctx.Row(out, i); err != nil {
				return err
			}
		}
		return nil
	}
}
