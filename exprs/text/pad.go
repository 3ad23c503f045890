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
		var b budget
		return rows(ctx, out, func(i int) error {
			s, n, fill := args[0].Strs[args[0].At(i)], max(0, args[1].Ints[args[1].At(i)]), " "
			if len(args) == 3 {
				fill = args[2].Strs[args[2].At(i)]
			}
			missing := n - int64(utf8.RuneCountInString(s))
			// PostgreSQL reserves the longest encoding of every character, and refuses what does not fit.
			if n*utf8.UTFMax > maxText {
				return errTooLong()
			}
			if missing <= 0 || fill == "" {
				out.Strs[i] = s[:offset(s, n)]
				return nil
			}
			per := int64(utf8.RuneCountInString(fill))
			padding := fill[:offset(fill, missing%per)]
			if err := b.take(missing/per*int64(len(fill)) + int64(len(padding)+len(s))); err != nil {
				return err
			}
			padding = strings.Repeat(fill, int(missing/per)) + padding
			if onLeft {
				out.Strs[i] = padding + s
			} else {
				out.Strs[i] = s + padding
			}
			return nil
		})
	}
}

func repeat(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	var b budget
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
		out.Strs[i] = strings.Repeat(s, int(n))
		return nil
	})
}
