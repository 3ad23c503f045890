package text

import (
	"unicode/utf8"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// overlay3 is OVERLAY without FOR: as many characters are replaced as are put in.
func overlay3(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	return overlayRows(ctx, args, out, func(i int) int64 { return int64(utf8.RuneCountInString(args[1].Strs[args[1].At(i)])) })
}

func overlay4(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	return overlayRows(ctx, args, out, func(i int) int64 { return args[3].Ints[args[3].At(i)] })
}

func overlayRows(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec, length func(i int) int64) error {
	b := budget{ctx: ctx}
	return rows(ctx, out, func(i int) (err error) {
		s, with := args[0].Strs[args[0].At(i)], args[1].Strs[args[1].At(i)]
		// A negative length repeats what stands before: the result is at most twice the text and what is put in.
		if err := b.take(2*int64(len(s)) + int64(len(with))); err != nil {
			return err
		}
		out.Strs[i], err = overlay(s, with, args[2].Ints[args[2].At(i)], length(i))
		return err
	})
}
