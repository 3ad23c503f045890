package text

import (
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func padFunctions() []exprs.Func {
	return []exprs.Func{
		fn("lpad", txt, pad(true), txt, i4), fn("lpad", txt, pad(true), txt, i4, txt),
		fn("rpad", txt, pad(false), txt, i4), fn("rpad", txt, pad(false), txt, i4, txt),
		fn("repeat", txt, repeat, txt, i4),
	}
}

// pad makes texts n characters long: longer ones lose their end, shorter ones are filled on one side with the third argument, over and over.
func pad(onLeft bool) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		b := budget{ctx: ctx}
		return rows(ctx, out, func(i int) error {
			s, n, fill := args[0].Strs[args[0].At(i)], max(0, args[1].Ints[args[1].At(i)]), " "
			if len(args) == 3 {
				fill = args[2].Strs[args[2].At(i)]
			}
			has, err := charCount(ctx, s)
			if err != nil {
				return err
			}
			missing := n - has
			// PostgreSQL reserves the longest encoding of every character, and refuses what does not fit.
			if n*utf8.UTFMax > maxText {
				return errTooLong()
			}
			if missing <= 0 || fill == "" {
				end, err := offsetIn(ctx, s, n)
				out.Strs[i] = s[:end]
				return err
			}
			per, err := charCount(ctx, fill)
			if err != nil {
				return err
			}
			padding := fill[:offset(fill, missing%per)]
			if err := b.take(missing/per*int64(len(fill)) + int64(len(padding)+len(s))); err != nil {
				return err
			}
			before, after := s, padding
			if onLeft {
				before, after = "", padding+s
			}
			out.Strs[i], err = repeated(ctx, before, fill, int(missing/per), after)
			return err
		})
	}
}

func repeat(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	b := budget{ctx: ctx}
	return rows(ctx, out, func(i int) error {
		s, n := args[0].Strs[args[0].At(i)], max(0, args[1].Ints[args[1].At(i)])
		if s == "" || n == 0 {
			return nil
		}
		if n > maxText/int64(len(s)) {
			return errTooLong()
		}
		if err := b.take(n * int64(len(s))); err != nil {
			return err
		}
		var err error
		out.Strs[i], err = repeated(ctx, "", s, int(n), "")
		return err
	})
}

// repeated gives s, n times, between two other texts. It looks at the context as it goes: a gigabyte takes a second where its memory must be had first.
func repeated(ctx *exprs.Ctx, before, s string, n int, after string) (string, error) {
	if n*len(s) <= chunk {
		return before + strings.Repeat(s, n) + after, nil
	}
	size := len(before) + n*len(s)
	var all strings.Builder // unlike make, it has its memory without clearing it
	all.Grow(size + len(after))
	all.WriteString(before)
	for unit := strings.Repeat(s, max(1, min(n, chunk/len(s)))); all.Len() < size; {
		if err := ctx.Check(); err != nil {
			return "", err
		}
		all.WriteString(unit[:min(len(unit), size-all.Len())])
	}
	all.WriteString(after)
	return all.String(), nil
}
