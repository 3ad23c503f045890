package jsonb

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
)

// accessors gives -> and ->> of jsonb and json.
func accessors() []exprs.Func {
	return []exprs.Func{
		fn("->", jb, exprs.BinaryNull(jsontext.Field), jb, txt), fn("->", jb, elementKernel(false), jb, i4),
		fn("->>", txt, exprs.BinaryNull(func(doc, key string) (string, bool) { return asText(jsontext.Field(doc, key)) }), jb, txt),
		fn("->>", txt, elementKernel(true), jb, i4),
		fn("->", js, raw(jsontext.RawField, false), js, txt), fn("->", js, raw(jsontext.RawIndex, false), js, i4),
		fn("->>", txt, raw(jsontext.RawField, true), js, txt), fn("->>", txt, raw(jsontext.RawIndex, true), js, i4),
	}
}

// asText gives an element as text, and false where it is missing or null.
func asText(elem string, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	s, isNull := jsontext.Text(elem)
	return s, !isNull
}

// raw makes the kernel of an accessor of json, whose text is as it was written: reading it can fail.
func raw[K vec.Elem](get func(doc string, key K) (string, bool, error), text bool) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		keys := vec.Of[K](args[1])
		for i := range out.Strs {
			if !out.Valid.Get(i) {
				continue
			}
			elem, ok, err := get(args[0].Strs[args[0].At(i)], keys[args[1].At(i)])
			if err != nil {
				return err
			}
			if ok && text {
				var isNull bool
				elem, isNull = jsontext.RawText(elem)
				ok = !isNull
			}
			if !ok {
				out.SetNull(i)
				continue
			}
			out.Strs[i] = elem
			if err := ctx.Row(out, i); err != nil {
				return err
			}
		}
		return nil
	}
}

// changes gives containment, existence, concatenation, deletion and comparison of jsonb.
func changes() []exprs.Func {
	out := []exprs.Func{
		filtered("@>", exprs.BinaryCtx(contains), longestString, jb, jb),
		fn("<@", flag, exprs.BinaryCtx(func(ctx *exprs.Ctx, a, b string) (bool, error) { return contains(ctx, b, a) }), jb, jb),
		filtered("?", checked(jsontext.Exists), jsontext.Quote, jb, txt),
		fn("||", jb, exprs.BinaryErr(jsontext.Concat), jb, jb),
		fn("-", jb, exprs.BinaryErr(jsontext.DeleteKey), jb, txt), fn("-", jb, exprs.BinaryErr(jsontext.DeleteIndex), jb, i4),
		fn("=", flag, checked(jsontext.Equal), jb, jb),
		fn("<>", flag, checked(func(a, b string) bool { return !jsontext.Equal(a, b) }), jb, jb),
	}
	order := func(name string, test func(int) bool) exprs.Func {
		return fn(name, flag, checked(func(a, b string) bool { return test(jsontext.Compare(a, b)) }), jb, jb)
	}
	return append(out,
		order("<", func(c int) bool { return c < 0 }), order("<=", func(c int) bool { return c <= 0 }),
		order(">", func(c int) bool { return c > 0 }), order(">=", func(c int) bool { return c >= 0 }))
}

// checked makes the kernel of a predicate that is called for rows that are not NULL alone: what lies under a NULL need not be canonical.
func checked(f func(a, b string) bool) exprs.Kernel {
	return exprs.BinaryErr(func(a, b string) (bool, error) { return f(a, b), nil })
}

var numbers = [...]arrowschema.Type{
	arrowschema.Int2, arrowschema.Int4, arrowschema.Int8, arrowschema.Numeric, arrowschema.Float4, arrowschema.Float8,
}
