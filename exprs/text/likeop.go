package text

import (
	"strings"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func likeFunctions() []exprs.Func {
	return []exprs.Func{
		fn("like_escape", txt, exprs.BinaryCtx(likeEscape), txt, txt),
		bindFn("like", flag, bindLike(false, false), txt, txt), bindFn("notlike", flag, bindLike(true, false), txt, txt),
	}
}

func likeOperators() []exprs.Func {
	return []exprs.Func{
		bindFn("~~", flag, bindLike(false, false), txt, txt), bindFn("!~~", flag, bindLike(true, false), txt, txt),
		bindFn("~~*", flag, bindLike(false, true), txt, txt), bindFn("!~~*", flag, bindLike(true, true), txt, txt),
	}
}

// bindLike compiles a constant pattern once; other patterns are compiled when they change from row to row. ILIKE matches both sides in lower case.
func bindLike(negated, fold bool) func(args []exprs.Expr) (exprs.Kernel, error) {
	return func(args []exprs.Expr) (exprs.Kernel, error) {
		pattern, constant := constText(args[1])
		if !constant || len(pattern) > longText { // a long pattern is compiled with looks at the context
			return likeEachRow(negated, fold), nil
		}
		if fold {
			pattern = lower(pattern)
		}
		return likeConstant(compileLike(pattern), negated, fold), nil
	}
}

func likeConstant(p *likePattern, negated, fold bool) exprs.Kernel {
	eachText := func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec, fold bool) error {
		small := folder{ctx: ctx, letters: toLower()}
		return rows(ctx, out, func(i int) (err error) {
			s := args[0].Strs[args[0].At(i)]
			if fold {
				if s, err = small.fold(s); err != nil {
					return err
				}
			}
			hit, err := p.matches(ctx, s)
			out.Bools[i] = hit != negated
			return err
		})
	}
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		if args[0].Const {
			return eachText(ctx, args, out, fold)
		}
		texts := args[0]
		if fold {
			small := vec.New(txt, out.N)
			l := toLower()
			if ok, err := l.column(ctx, texts, out.Valid, small.Strs); !ok || err != nil {
				if err == nil {
					err = eachText(ctx, args, out, true)
				}
				return err
			}
			texts = small
		}
		if p.dangling != nil || p.kind == likeGeneral {
			return eachText(ctx, []*vec.Vec{texts}, out, false)
		}
		likeSimple(p, negated, texts.Strs, out.Valid, out.Bools)
		return nil
	}
}

// likeSimple is the loops for the simple shapes. They compare what lies under NULLs too.
func likeSimple(p *likePattern, negated bool, strs []string, valid vec.Bitmap, r []bool) {
	lit := p.literal
	strs = strs[:len(r)]
	switch p.kind {
	case likeExact:
		for i, s := range strs {
			r[i] = (s == lit) != negated
		}
	case likePrefix:
		for i, s := range strs {
			r[i] = (len(s) >= len(lit) && s[:len(lit)] == lit) != negated
		}
	case likeSuffix:
		for i, s := range strs {
			r[i] = (len(s) >= len(lit) && s[len(s)-len(lit):] == lit) != negated
		}
	case likeChain:
		if containing(strs, valid, p.literals, negated, r, func(s string) bool { return chained(s, p.literals) }) {
			return
		}
		for i, s := range strs {
			r[i] = chained(s, p.literals) != negated
		}
	default:
		if containing(strs, valid, []string{lit}, negated, r, nil) {
			return
		}
		for i, s := range strs {
			r[i] = strings.Contains(s, lit) != negated
		}
	}
}

func likeEachRow(negated, fold bool) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		text, pattern := folder{ctx: ctx, letters: toLower()}, folder{ctx: ctx, letters: toLower()}
		var compiled *likePattern
		var last string
		return rows(ctx, out, func(i int) (err error) {
			s, p := args[0].Strs[args[0].At(i)], args[1].Strs[args[1].At(i)]
			if fold {
				if s, err = text.fold(s); err != nil {
					return err
				}
			}
			if compiled == nil || p != last {
				last = p
				if fold {
					if p, err = pattern.fold(p); err != nil {
						return err
					}
				}
				if compiled, err = compileLikeWithin(ctx, p); err != nil {
					return err
				}
			}
			hit, err := compiled.matches(ctx, s)
			out.Bools[i] = hit != negated
			return err
		})
	}
}
