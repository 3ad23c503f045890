package datetime

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// formatFunctions gives to_char of timestamps and intervals.
func formatFunctions() []exprs.Func {
	var out []exprs.Func
	for _, t := range []arrowschema.Type{ts, tz, interval} {
		f := stable(fn("to_char", txt, formatKernel(t), t, txt))
		if t != interval {
			f.Fuse = fuseFormat(t)
		}
		out = append(out, f)
	}
	return out
}

// longFormat is the length, in bytes, of formats after which the context is looked at each time.
const longFormat = 1 << 11

// formatKernel formats; an infinite timestamp and an empty format give NULL.
func formatKernel(t arrowschema.Type) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) (err error) {
		var format *temporal.CharFormat
		var buf []byte
		last := ""
		z := zone(ctx)
		for i := range out.Strs {
			if !out.Valid.Get(i) {
				continue
			}
			if next := args[1].Strs[args[1].At(i)]; format == nil || next != last {
				if format, err = temporal.CompileCharFormatWithin(next, ctx.Reserve); err != nil {
					return err
				}
				last = next
			}
			ok := false
			switch at := args[0].At(i); t {
			case interval:
				buf, ok, err = format.AppendInterval(buf[:0], args[0].Intervals[at])
			case tz:
				buf, ok = format.AppendTimestampTZ(buf[:0], args[0].Ints[at], z)
			default:
				buf, ok = format.AppendTimestamp(buf[:0], args[0].Ints[at])
			}
			if err == nil && len(last) > longFormat {
				err = ctx.Check() // what is printed may be cut short
			}
			if err != nil {
				return err
			}
			if !ok {
				out.SetNull(i)
				continue
			}
			out.Strs[i] = string(buf)
			if err := ctx.Row(out, i); err != nil {
				return err
			}
		}
		return nil
	}
}
