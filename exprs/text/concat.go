package text

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// concatOperators gives || of two texts, and of a text with a value of any other type, which is cast to text.
func concatOperators() []exprs.Func {
	pair := fn("||", txt, concatPair, txt, txt)
	pair.Fuse = func(args []exprs.Expr) exprs.Fused { return fuseCombinations(args, concatPair, true) }
	return []exprs.Func{
		pair,
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
	all := make([]byte, 0, total.taken)
	for i := range out.Strs {
		if out.Valid.Get(i) {
			at := len(all)
			all = append(append(all, a.Strs[a.At(i)]...), b.Strs[b.At(i)]...)
			out.Strs[i] = bytesAsText(all[at:])
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
		var all strings.Builder
		x, y := a.Strs[a.At(i)], b.Strs[b.At(i)]
		all.Grow(len(x) + len(y))
		for _, s := range []string{x, y} {
			if err := pieces(ctx, s, func(p string) { all.WriteString(p) }); err != nil {
				return err
			}
		}
		out.Strs[i] = all.String()
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
	joined := func(name string, separated bool, args ...arrowschema.Type) exprs.Func {
		k := concatAll(separated)
		return exprs.Func{
			Name: name, Args: args, Variadic: true, Result: txt, Volatility: exprs.Stable, NotStrict: true, Eval: k,
			Fuse: func(args []exprs.Expr) exprs.Fused { return fuseCombinations(args, k, false) },
		}
	}
	return []exprs.Func{joined("concat", false, Any), joined("concat_ws", true, txt, Any)}
}

// concatAll joins the arguments; with a separator it is the first of them, and where it is NULL so is the result.
func concatAll(separated bool) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		parts, separator := args, vec.NewConst(txt, "", out.N)
		if separated {
			parts, separator = args[1:], args[0]
		}
		total := budget{ctx: ctx}
		var all []byte // of the results of some rows
		for i := range out.Strs {
			if i&31 == 0 {
				if err := ctx.Check(); err != nil {
					return err
				}
			}
			if separator.IsNull(i) {
				out.SetNull(i)
				continue
			}
			between := separator.Strs[separator.At(i)]
			size := joinedSize(parts, between, i)
			if err := total.take(int64(size)); err != nil {
				return err
			}
			if size > cap(all)-len(all) {
				all = make([]byte, 0, max(size, min(size*(out.N-i), joinedAtOnce)))
			}
			at := len(all)
			for _, p := range parts {
				if p.IsNull(i) {
					continue
				}
				if s := p.Strs[p.At(i)]; len(s) <= chunk {
					all = append(all, s...)
				} else if err := pieces(ctx, s, func(s string) { all = append(all, s...) }); err != nil {
					return err
				}
				all = append(all, between...)
			}
			end := max(at, len(all)-len(between))
			out.Strs[i] = bytesAsText(all[at:end:end])
		}
		return nil
	}
}

// joinedAtOnce is how many bytes of results of different rows may lie in one piece of memory, which is held for any of them.
const joinedAtOnce = 64 << 10

// joinedSize gives the bytes of a row's texts, each with a separator behind it.
func joinedSize(parts []*vec.Vec, separator string, i int) int {
	size := 0
	for _, p := range parts {
		if !p.IsNull(i) {
			size += len(p.Strs[p.At(i)]) + len(separator)
		}
	}
	return size
}
