package text

import (
	"strings"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// replacement is what regexp_replace replaces, compiled, and the arguments that it was made of.
type replacement struct {
	re             *compiledRegex
	pattern, flags string
	global         bool
}

// compileReplacement compiles a pattern with flags.
func compileReplacement(ctx *exprs.Ctx, pattern, flags string) (*replacement, error) {
	fold, lineMode, global, err := regexFlags(flags)
	if err != nil {
		return nil, err
	}
	re, err := compileWithin(ctx, pattern, fold, lineMode)
	return &replacement{re: re, pattern: pattern, flags: flags, global: global}, err
}

// bindReplace is regexp_replace: the first match is replaced, or with the flag g all; \1 to \9 in the replacement stand for the parentheses' matches, \& for
// the whole. Constant arguments are compiled once.
func bindReplace(args []exprs.Expr) (exprs.Kernel, error) {
	pattern, constant := constText(args[1])
	flags := ""
	if len(args) == 4 && constant {
		flags, constant = constText(args[3])
	}
	var fixed *replacement
	if constant {
		if r, err := compileReplacement(nil, pattern, flags); err == nil { // otherwise it is an error of the first row that needs it
			r.re.prepare()
			fixed = r
		}
	}
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		r, total := fixed, budget{ctx: ctx}
		var all results
		return rows(ctx, out, func(i int) (err error) {
			pattern, flags := args[1].Strs[args[1].At(i)], ""
			if len(args) == 4 {
				flags = args[3].Strs[args[3].At(i)]
			}
			if r == nil || pattern != r.pattern || flags != r.flags {
				if r, err = compileReplacement(ctx, pattern, flags); err != nil {
					return err
				}
			}
			s, with := args[0].Strs[args[0].At(i)], args[2].Strs[args[2].At(i)]
			if b, known := r.quick(all.scratch[:0], s, with); known {
				out.Strs[i], all.scratch = all.text(b), b
				return total.take(int64(len(b)))
			}
			out.Strs[i], err = r.replace(&total, s, with)
			return err
		})
	}, nil
}

// results is short texts of different rows in common pieces of memory.
type results struct {
	all     []byte
	scratch []byte // where the next is made
}

// text keeps a text.
func (r *results) text(b []byte) string {
	if len(b) > cap(r.all)-len(r.all) {
		r.all = make([]byte, 0, max(len(b), min(2*cap(r.all)+1<<10, joinedAtOnce)))
	}
	at := len(r.all)
	r.all = append(r.all, b...)
	return bytesAsText(r.all[at:len(r.all):len(r.all)])
}

// quick appends s with its matches replaced by a text that refers to nothing; known is false for what replace is needed for.
func (r *replacement) quick(dst []byte, s, with string) (b []byte, known bool) {
	const short = 1 << 10
	c := r.re
	if c.table == nil || c.lazy || c.contextual || len(s) > short || len(with) > short || strings.IndexByte(with, '\\') >= 0 {
		return dst, false
	}
	for at := 0; at <= len(s); {
		from, to, known := c.table.find(s[at:])
		if !known {
			return dst, false
		}
		if to < 0 {
			return append(dst, s[at:]...), true
		}
		from, to = from+at, to+at
		dst = append(append(dst, s[at:from]...), with...)
		if !r.global {
			return append(dst, s[to:]...), true
		}
		if at = to; from == to {
			dst = append(dst, s[at:min(at+1, len(s))]...)
			at++
		}
	}
	return dst, true
}

// replace gives s with its matches replaced.
func (r *replacement) replace(total *budget, s, with string) (string, error) {
	n := 1
	if r.global {
		n = -1
	}
	var b Growing
	end, changed, counted := 0, false, 0
	err := r.re.each(total.ctx, s, n, func(m []int) error {
		if !changed && len(s) < longPair {
			b.last = make([]byte, 0, len(s)+len(with))
		}
		changed = true
		if err := b.Append(total.ctx, s[end:m[0]]); err != nil {
			return err
		}
		end = m[1]
		if err := expand(total.ctx, &b, s, with, m); err != nil || b.Len()-counted < 1<<10 {
			return err
		}
		n := b.Len() - counted
		counted = b.Len()
		return total.take(int64(n)) // what it is in the end is beside its pieces
	})
	if err != nil || !changed {
		return s, err
	}
	if err := total.take(int64(b.Len() - counted + len(s) - end)); err != nil {
		return "", err
	}
	if b.Len()+len(s)-end > maxText {
		return "", errTooLong()
	}
	if err := b.Append(total.ctx, s[end:]); err != nil {
		return "", err
	}
	return b.join(total.ctx, "")
}

// expand writes a replacement for a match.
func expand(ctx *exprs.Ctx, b *Growing, s, with string, m []int) error {
	for {
		before, after, found := strings.Cut(with, `\`)
		if err := b.Append(ctx, before); err != nil {
			return err
		}
		if b.Len() > maxText {
			return errTooLong()
		}
		if !found {
			return nil
		}
		with = after
		literal := ""
		group := -1
		switch {
		case after == "":
			return b.Append(ctx, `\`)
		case after[0] >= '1' && after[0] <= '9':
			group = int(after[0] - '0')
		case after[0] == '&':
			group = 0
		case after[0] == '\\':
			literal = `\`
		default:
			if err := b.Append(ctx, `\`); err != nil {
				return err
			}
			continue
		}
		with = after[1:]
		if group >= 0 && 2*group+1 < len(m) && m[2*group] >= 0 {
			literal = s[m[2*group]:m[2*group+1]]
		}
		if err := b.Append(ctx, literal); err != nil {
			return err
		}
	}
}
