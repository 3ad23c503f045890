package text

import (
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func regexOperators() []exprs.Func {
	op := func(name string, negated, fold bool) exprs.Func {
		return bindFn(name, flag, bindMatch(negated, fold), txt, txt)
	}
	return []exprs.Func{op("~", false, false), op("!~", true, false), op("~*", false, true), op("!~*", true, true)}
}

// bindMatch makes the kernel that tells whether there is a match. Of a column of texts, those that have nothing of what each match must have are left out
// at once.
func bindMatch(negated, fold bool) func(args []exprs.Expr) (exprs.Kernel, error) {
	return func(args []exprs.Expr) (exprs.Kernel, error) {
		fixed, pattern := constRegex(args[1], fold)
		each := regexKernel(fixed, pattern, fold, func(ctx *exprs.Ctx, re *compiledRegex, args []*vec.Vec, out *vec.Vec, i int) error {
			hit, err := re.matches(ctx, args[0].Strs[args[0].At(i)])
			out.Bools[i] = hit != negated
			return err
		})
		if fixed == nil || fixed.needed == nil {
			return each, nil
		}
		return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
			if args[0].Const {
				return each(ctx, args, out)
			}
			if ok, err := fixed.needed.filter(ctx, args[0], out.Valid, out.Bools); !ok || err != nil {
				if err == nil {
					err = each(ctx, args, out)
				}
				return err
			}
			return fixed.matchSome(ctx, args[0].Strs, negated, out)
		}, nil
	}
}

// matchSome matches the texts that out says have what is needed.
func (c *compiledRegex) matchSome(ctx *exprs.Ctx, strs []string, negated bool, out *vec.Vec) error {
	return rows(ctx, out, func(i int) (err error) {
		hit := out.Bools[i]
		if hit && !c.needed.all || c.needed.fold && !isASCII(strs[i]) {
			hit, err = c.matches(ctx, strs[i])
		}
		out.Bools[i] = hit != negated
		return err
	})
}

// constRegex gives a constant pattern, compiled; nil for another, and for one that is none: that is an error of the first row that needs it, and there may
// be none.
func constRegex(arg exprs.Expr, fold bool) (re *compiledRegex, pattern string) {
	pattern, constant := constText(arg)
	if !constant {
		return nil, ""
	}
	re, err := compileRegex(pattern, fold, false)
	if err != nil {
		return nil, pattern
	}
	return re.prepare(), pattern
}

func regexFunctions() []exprs.Func {
	return []exprs.Func{
		bindFn("substring", txt, bindRegex(false, regexSubstring), txt, txt),
		bindFn("regexp_replace", txt, bindReplace, txt, txt, txt), bindFn("regexp_replace", txt, bindReplace, txt, txt, txt, txt),
		bindFn("regexp_like", flag, bindRegex(false, func(ctx *exprs.Ctx, re *compiledRegex, args []*vec.Vec, out *vec.Vec, i int) (err error) {
			out.Bools[i], err = re.matches(ctx, args[0].Strs[args[0].At(i)])
			return err
		}), txt, txt),
		bindFn("regexp_substr", txt, bindRegex(false, func(ctx *exprs.Ctx, re *compiledRegex, args []*vec.Vec, out *vec.Vec, i int) error {
			s := args[0].Strs[args[0].At(i)]
			m, err := re.find(ctx, s)
			if m == nil {
				out.SetNull(i)
				return err
			}
			out.Strs[i] = s[m[0]:m[1]]
			return nil
		}), txt, txt),
		fn("regexp_like", flag, regexLike, txt, txt, txt),
		bindFn("regexp_count", i4, bindRegex(false, func(ctx *exprs.Ctx, re *compiledRegex, args []*vec.Vec, out *vec.Vec, i int) error {
			return re.each(ctx, args[0].Strs[args[0].At(i)], -1, func([]int) error { out.Ints[i]++; return nil })
		}), txt, txt),
	}
}

// regexEach computes row i of out.
type regexEach func(ctx *exprs.Ctx, re *compiledRegex, args []*vec.Vec, out *vec.Vec, i int) error

// bindRegex makes the kernel of a function of a text and a pattern. A constant pattern is compiled once.
func bindRegex(fold bool, each regexEach) func([]exprs.Expr) (exprs.Kernel, error) {
	return func(args []exprs.Expr) (exprs.Kernel, error) {
		fixed, pattern := constRegex(args[1], fold)
		return regexKernel(fixed, pattern, fold, each), nil
	}
}

// regexKernel is the kernel with the pattern that is fixed, unless that is nil, and otherwise with the second argument's.
func regexKernel(fixed *compiledRegex, pattern string, fold bool, each regexEach) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		re, last := fixed, pattern
		if re != nil && re.instructions > small {
			if err := ctx.Reserve(int64(re.instructions) * perInstruction); err != nil {
				return err
			}
		}
		return rows(ctx, out, func(i int) (err error) {
			if p := args[1].Strs[args[1].At(i)]; re == nil || p != last {
				if re, err = compileWithin(ctx, p, fold, false); err != nil {
					return err
				}
				last = p
			}
			return each(ctx, re, args, out, i)
		})
	}
}

// regexSubstring gives the match of the first parenthesis, or of the whole when there is none; NULL without a match.
func regexSubstring(ctx *exprs.Ctx, re *compiledRegex, args []*vec.Vec, out *vec.Vec, i int) error {
	s := args[0].Strs[args[0].At(i)]
	m, err := re.find(ctx, s)
	if len(m) > 2 {
		m = m[2:]
	}
	if len(m) == 0 || m[0] < 0 {
		out.SetNull(i)
		return err
	}
	out.Strs[i] = s[m[0]:m[1]]
	return nil
}

// regexFlags reads the flags of regexp_replace.
func regexFlags(flags string) (fold, lineMode, global bool, err error) {
	for _, c := range flags {
		switch c {
		case 'g':
			global = true
		case 'i':
			fold = true
		case 'c':
			fold = false
		case 'n', 'm':
			lineMode = true
		case 's':
			lineMode = false
		case 't', 'e':
		default:
			return false, false, false, sqlstate.New(sqlstate.InvalidParameterValue, "invalid regular expression option: \"%c\"", c)
		}
	}
	return fold, lineMode, global, nil
}

// regexLike is regexp_like with flags.
func regexLike(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	var re *compiledRegex
	var lastPattern, lastFlags string
	return rows(ctx, out, func(i int) (err error) {
		pattern, flags := args[1].Strs[args[1].At(i)], args[2].Strs[args[2].At(i)]
		if re == nil || pattern != lastPattern || flags != lastFlags {
			fold, lineMode, global, err := regexFlags(flags)
			if err != nil {
				return err
			}
			if global {
				return sqlstate.New(sqlstate.InvalidParameterValue, "regexp_like() does not support the \"global\" option")
			}
			if re, err = compileWithin(ctx, pattern, fold, lineMode); err != nil {
				return err
			}
			lastPattern, lastFlags = pattern, flags
		}
		out.Bools[i], err = re.matches(ctx, args[0].Strs[args[0].At(i)])
		return err
	})
}
