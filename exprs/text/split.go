package text

import (
	"strings"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// splitKernel is split_part, with a loop of its own for the usual call: a delimiter of one byte and a field counted from the start, both constant.
func splitKernel(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	d, n := args[1], args[2]
	if args[0].Const || !d.Const || !n.Const || len(d.Strs[0]) != 1 || n.Ints[0] < 1 {
		return splitEach(ctx, args, out)
	}
	by, skip := d.Strs[0][0], n.Ints[0]-1
	strs := args[0].Strs[:len(out.Strs)]
	for i, s := range strs {
		if len(s) > chunk {
			return splitEach(ctx, args, out)
		}
		if i&31 == 0 {
			if err := ctx.Check(); err != nil {
				return err
			}
		}
		k := skip
		for ; k > 0; k-- {
			at := strings.IndexByte(s, by)
			if at < 0 {
				break
			}
			s = s[at+1:]
		}
		if k > 0 {
			s = ""
		}
		if at := strings.IndexByte(s, by); at >= 0 {
			s = s[:at]
		}
		out.Strs[i] = s
	}
	return nil
}

func splitEach(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	return exprs.TernaryCtx(splitPart)(ctx, args, out)
}
