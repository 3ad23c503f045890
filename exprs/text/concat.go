package text

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// concatOperators gives || of two texts, and of a text with a value of any other type, which is cast to text.
func concatOperators() []exprs.Func {
	return []exprs.Func{
		fn("||", txt, concatPair, txt, txt),
		bindFn("||", txt, bindWithWords(concatPair), txt, Any), bindFn("||", txt, bindWithWords(concatPair), Any, txt),
	}
}

// concatPair writes all results into one buffer and cuts them out of it: one allocation for the batch instead of one for each row.
func concatPair(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	if err := ctx.Check(); err != nil {
		return err
	}
	a, b := args[0], args[1]
	total := budget{ctx: ctx}
	for i := range out.Strs {
		if out.Valid.Get(i) {
			if err := total.take(int64(len(a.Strs[a.At(i)]) + len(b.Strs[b.At(i)]))); err != nil {
				return err
			}
		}
	}
	if total.taken > int64(len(out.Strs))*longPair {
		return concatLong(ctx, a, b, out)
	}
	var all strings.Builder
	all.Grow(int(total.taken))
	for i := range out.Strs {
		if out.Valid.Get(i) {
			all.WriteString(a.Strs[a.At(i)])
			all.WriteString(b.Strs[b.At(i)])
		}
	}
	rest := all.String()
	for i := range out.Strs {
		if out.Valid.Get(i) {
			n := len(a.Strs[a.At(i)]) + len(b.Strs[b.At(i)])
			out.Strs[i], rest = rest[:n], rest[n:]
		}
	}
	return nil
}

// longPair is the average length, in bytes, from which results are not put into one buffer, which would be held for any of them.
const longPair = 4 << 10

func concatLong(ctx *exprs.Ctx, a, b, out *vec.Vec) error {
	for i := range out.Strs {
		if !out.Valid.Get(i) {
			continue
		}
		if err := ctx.Check(); err != nil {
			return err
		}
		out.Strs[i] = a.Strs[a.At(i)] + b.Strs[b.At(i)]
	}
	return nil
}

// bindWithWords gives a kernel k that finds booleans among its arguments of type Any spelled out, as their cast to text does and their output function
// does not.
func bindWithWords(k exprs.Kernel) func([]exprs.Expr) (exprs.Kernel, error) {
	return func(args []exprs.Expr) (exprs.Kernel, error) {
		for at, a := range args {
			if a.Type() == Any && AnyType(a) == arrowschema.Bool {
				return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
					words := *args[at]
					words.Strs = make([]string, len(args[at].Strs))
					for i, s := range args[at].Strs {
						words.Strs[i] = boolWord(s == "t")
					}
					spelled := append([]*vec.Vec(nil), args...)
					spelled[at] = &words
					return k(ctx, spelled, out)
				}, nil
			}
		}
		return k, nil
	}
}

// concatFunctions gives concat and concat_ws, which take any types and leave NULLs out.
func concatFunctions() []exprs.Func {
	return []exprs.Func{
		{Name: "concat", Args: []arrowschema.Type{Any}, Variadic: true, Result: txt, Volatility: exprs.Stable, NotStrict: true, Eval: concatAll(false)},
		{
			Name: "concat_ws", Args: []arrowschema.Type{txt, Any}, Variadic: true, Result: txt, Volatility: exprs.Stable, NotStrict: true,
			Eval: concatAll(true),
		},
	}
}

// concatAll joins the arguments; with a separator it is the first of them, and where it is NULL so is the result.
func concatAll(separated bool) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		total := budget{ctx: ctx}
		for i := range out.Strs {
			if err := ctx.Check(); err != nil {
				return err
			}
			parts, separator := args, ""
			if separated {
				if args[0].IsNull(i) {
					out.SetNull(i)
					continue
				}
				parts, separator = args[1:], args[0].Strs[args[0].At(i)]
			}
			size := 0
			for _, p := range parts {
				if !p.IsNull(i) {
					size += len(separator) + len(p.Strs[p.At(i)])
				}
			}
			if err := total.take(int64(size)); err != nil {
				return err
			}
			buf := make([]byte, 0, size)
			first := true
			for _, p := range parts {
				if p.IsNull(i) {
					continue
				}
				if !first {
					buf = append(buf, separator...)
				}
				first = false
				buf = append(buf, p.Strs[p.At(i)]...)
			}
			out.Strs[i] = bytesAsText(buf)
		}
		return nil
	}
}
