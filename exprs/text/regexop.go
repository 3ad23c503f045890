package text

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func regexOperators() []exprs.Func {
	op := func(name string, negated, fold bool) exprs.Func {
		return bindFn(name, flag, bindRegex(fold, func(ctx *exprs.Ctx, re *compiledRegex, args []*vec.Vec, out *vec.Vec, i int) error {
			hit, err := re.matches(ctx, args[0].Strs[args[0].At(i)])
			out.Bools[i] = hit != negated
			return err
		}), txt, txt)
	}
	return []exprs.Func{op("~", false, false), op("!~", true, false), op("~*", false, true), op("!~*", true, true)}
}

func regexFunctions() []exprs.Func {
	return []exprs.Func{
		bindFn("substring", txt, bindRegex(false, regexSubstring), txt, txt),
		fn("regexp_replace", txt, regexReplace, txt, txt, txt), fn("regexp_replace", txt, regexReplace, txt, txt, txt, txt),
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

// bindRegex makes the kernel of a function of a text and a pattern. A constant pattern is compiled, and refused, once.
func bindRegex(fold bool, each func(ctx *exprs.Ctx, re *compiledRegex, args []*vec.Vec, out *vec.Vec, i int) error) func([]exprs.Expr) (exprs.Kernel, error) {
	return func(args []exprs.Expr) (exprs.Kernel, error) {
		pattern, constant := constText(args[1])
		var fixed *compiledRegex
		if constant {
			// An error of a constant pattern is raised by the first row that needs it: there may be none.
			fixed, _ = compileRegex(pattern, fold, false)
		}
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
		}, nil
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

// regexReplace replaces the first match, or with the flag g all; \1 to \9 in the replacement stand for the parentheses' matches, \& for the whole.
func regexReplace(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	var re *compiledRegex
	var lastPattern, lastFlags string
	var global bool
	total := budget{ctx: ctx}
	return rows(ctx, out, func(i int) (err error) {
		s, pattern, with, flags := args[0].Strs[args[0].At(i)], args[1].Strs[args[1].At(i)], args[2].Strs[args[2].At(i)], ""
		if len(args) == 4 {
			flags = args[3].Strs[args[3].At(i)]
		}
		if re == nil || pattern != lastPattern || flags != lastFlags {
			fold, lineMode, all, err := regexFlags(flags)
			if err != nil {
				return err
			}
			if re, err = compileWithin(ctx, pattern, fold, lineMode); err != nil {
				return err
			}
			lastPattern, lastFlags, global = pattern, flags, all
		}
		n := 1
		if global {
			n = -1
		}
		var b strings.Builder
		end, counted := 0, 0
		err = re.each(ctx, s, n, func(m []int) error {
			b.WriteString(s[end:m[0]])
			expand(&b, s, with, m)
			end = m[1]
			grown := b.Len() - counted
			if grown < 1<<10 {
				return nil
			}
			if counted = b.Len(); counted > maxText {
				return errTooLong()
			}
			return total.take(2 * int64(grown)) // the buffer is there twice when it grows
		})
		if err == nil {
			err = total.take(int64(b.Len() - counted + len(s) - end))
		}
		if err != nil {
			return err
		}
		b.WriteString(s[end:])
		out.Strs[i] = b.String()
		return nil
	})
}

// expand writes a replacement for a match.
func expand(b *strings.Builder, s, with string, m []int) {
	for {
		before, after, found := strings.Cut(with, `\`)
		b.WriteString(before)
		if !found {
			return
		}
		with = after
		if after == "" {
			b.WriteByte('\\')
			return
		}
		group := -1
		switch c := after[0]; {
		case c >= '1' && c <= '9':
			group = int(c - '0')
		case c == '&':
			group = 0
		case c == '\\':
			b.WriteByte('\\')
		default:
			b.WriteByte('\\')
			continue
		}
		with = after[1:]
		if group >= 0 && 2*group+1 < len(m) && m[2*group] >= 0 {
			b.WriteString(s[m[2*group]:m[2*group+1]])
		}
	}
}
