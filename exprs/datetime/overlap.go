package datetime

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// end is one end of a span, which may be NULL.
type end struct {
	at    int64
	known bool
}

// overlaps is SQL's OVERLAPS. A span with one end NULL is the other end alone; a span of no length is an instant.
func overlaps(t arrowschema.Type) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		for i := range out.Bools {
			a, b, err := span(ctx, t, args[0], args[1], i)
			if err != nil {
				return err
			}
			c, d, err := span(ctx, t, args[2], args[3], i)
			if err != nil {
				return err
			}
			r, known := overlap(a, b, c, d)
			if out.Bools[i] = r; !known {
				out.SetNull(i)
			}
		}
		return nil
	}
}

// span gives the two ends of row i, the second computed where it is given as a length.
func span(ctx *exprs.Ctx, t arrowschema.Type, start, second *vec.Vec, i int) (a, b end, err error) {
	if !start.IsNull(i) {
		a = end{start.Ints[start.At(i)], true}
	}
	switch {
	case second.IsNull(i):
	case second.Type != interval:
		b = end{second.Ints[second.At(i)], true}
	case a.known:
		length := second.Intervals[second.At(i)]
		b.known = true
		switch t {
		case clock:
			b.at = temporal.TimeAddInterval(a.at, length)
		case tz:
			b.at, err = temporal.TimestampTZAddInterval(a.at, length, zone(ctx))
		default:
			b.at, err = temporal.TimestampAddInterval(a.at, length)
		}
	}
	return a, b, err
}

// overlap compares two spans by SQL:2008, section 8.16.
func overlap(a, b, c, d end) (result, known bool) {
	if !a.known && !b.known || !c.known && !d.known {
		return false, false
	}
	order := func(x, y end) (end, end) {
		if !x.known || y.known && y.at < x.at {
			return y, x
		}
		return x, y
	}
	a, b = order(a, b)
	c, d = order(c, d)
	switch {
	case a.at > c.at: // the later span's start must lie before the earlier's end
		return startsWithin(a.at, b, d)
	case a.at < c.at:
		return startsWithin(c.at, d, b)
	case !b.known || !d.known:
		return false, false
	default:
		return true, true
	}
}

// startsWithin tells whether a span that starts at start, with its end own, meets another that started before and ends at other.
func startsWithin(start int64, own, other end) (result, known bool) {
	switch {
	case !other.known:
		return false, false
	case start < other.at:
		return true, true
	case !own.known:
		return false, false
	default:
		return false, true
	}
}
