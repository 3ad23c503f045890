package exprs

import (
	"math"
	"math/bits"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// Bounds tells between which values those of an input column lie that is held as integers: numbers, times. NULLs aside. Where ok is false, nothing is known.
type Bounds func(column int) (lo, hi int64, ok bool)

// Unfailing tells whether an expression fails for no row whose columns are within bounds; nil bounds know nothing. False shows nothing.
func Unfailing(e Expr, in Bounds) bool {
	if !MayFail(e) {
		return true
	}
	c, ok := e.(*Call)
	if !ok || infallible[c.Fn.Name] {
		for _, arg := range e.Children() {
			if !Unfailing(arg, in) {
				return false
			}
		}
		return true
	}
	switch r := c.Fn.Result; {
	case r.Integer():
		_, _, ok = rangeOf(c, in)
	case r == arrowschema.Numeric:
		_, ok = usualNumeric(c, in)
	case r == arrowschema.Float8:
		_, ok = usualFloat(c, in)
	case r == arrowschema.Interval:
		ok = c.Fn.Name == "-" && len(c.Args) == 2 && usualTime(c.Args[0], in) && usualTime(c.Args[1], in)
	default:
		ok = false
	}
	return ok
}

// rangeOf gives bounds of an integer expression that fails for no row.
func rangeOf(e Expr, in Bounds) (lo, hi int64, ok bool) {
	if !e.Type().Integer() {
		return 0, 0, false
	}
	switch e := e.(type) {
	case *Column:
		if in != nil {
			if lo, hi, ok = in(e.Index); ok {
				return lo, hi, true
			}
		}
		lo, hi = rangeOfType(e.T)
		return lo, hi, true
	case *Const:
		if e.IsNull() {
			return 0, 0, true
		}
		return e.V.Ints[0], e.V.Ints[0], true
	case *Call:
		if lo, hi, ok = rangeOfCall(e, in); !ok {
			return 0, 0, false
		}
		least, most := rangeOfType(e.Fn.Result)
		return lo, hi, lo >= least && hi <= most
	}
	lo, hi = rangeOfType(e.Type())
	return lo, hi, Unfailing(e, in)
}

// rangeOfType gives the range of an integer type.
func rangeOfType(t arrowschema.Type) (lo, hi int64) {
	switch t {
	case arrowschema.Int2:
		return math.MinInt16, math.MaxInt16
	case arrowschema.Int4:
		return math.MinInt32, math.MaxInt32
	}
	return math.MinInt64, math.MaxInt64
}

func rangeOfCall(c *Call, in Bounds) (lo, hi int64, ok bool) {
	if len(c.Args) == 0 || len(c.Args) > 2 {
		return 0, 0, false
	}
	a, b, ok := rangeOf(c.Args[0], in)
	if !ok || len(c.Args) == 1 {
		return a, b, ok && c.IsCast()
	}
	x, y, ok := rangeOf(c.Args[1], in)
	if !ok {
		return 0, 0, false
	}
	switch c.Fn.Name {
	case "+":
		lo, hi, ok = a+x, b+y, !addsOver(a, x) && !addsOver(b, y)
	case "-":
		lo, hi, ok = a-y, b-x, !subtractsOver(a, y) && !subtractsOver(b, x)
	case "*":
		lo, hi, ok = rangeOfProduct(a, b, x, y)
	case "/":
		if ok = safeDivision(c); ok {
			lo, hi = min(a/x, b/x), max(a/x, b/x)
		}
	case "%":
		if ok = safeDivision(c); ok {
			lo, hi = rangeOfType(c.Fn.Result)
		}
	default:
		ok = false
	}
	return lo, hi, ok
}

func addsOver(a, b int64) bool      { s := a + b; return (a^s)&(b^s) < 0 }
func subtractsOver(a, b int64) bool { d := a - b; return (a^b)&(a^d) < 0 }

// rangeOfProduct gives the range of the products of numbers in [a, b] and [x, y].
func rangeOfProduct(a, b, x, y int64) (lo, hi int64, ok bool) {
	lo, hi = math.MaxInt64, math.MinInt64
	for _, p := range [...][2]int64{{a, x}, {a, y}, {b, x}, {b, y}} {
		product := p[0] * p[1]
		if high, _ := bits.Mul64(magnitude(p[0]), magnitude(p[1])); high != 0 || magnitude(p[0])*magnitude(p[1]) > math.MaxInt64 {
			return 0, 0, false
		}
		lo, hi = min(lo, product), max(hi, product)
	}
	return lo, hi, true
}

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

// usualTime tells whether a timestamp is finite and so far from the ends of the range that no difference, and no time zone, leaves it.
func usualTime(e Expr, in Bounds) bool {
	const most = 1 << 61
	if t := e.Type(); t != arrowschema.Timestamp && t != arrowschema.TimestampTZ {
		return false
	}
	switch e := e.(type) {
	case *Column:
		if in == nil {
			return false
		}
		lo, hi, ok := in(e.Index)
		return ok && lo > -most && hi < most
	case *Const:
		return e.IsNull() || e.V.Ints[0] > -most && e.V.Ints[0] < most
	case *Call:
		return e.IsCast() && len(e.Args) == 1 && usualTime(e.Args[0], in)
	}
	return false
}

// mostLeaves is how many columns and constants a usual numeric is made of at most. Each adds at most a hundred digits before and after the point, quotients and
// roundings less: NUMERIC has 131,072 and 16,383.
const mostLeaves = 64

// usualNumeric tells whether a numeric fails for no row and stays far from the limits of its type, and gives the leaves it is made of.
func usualNumeric(e Expr, in Bounds) (leaves int, ok bool) {
	if k, isConst := e.(*Const); isConst {
		return 1, moderateConst(k)
	}
	c, isCall := e.(*Call)
	switch {
	case !isCall || c.Fn.Result != arrowschema.Numeric:
		return 0, false
	case c.IsCast():
		return 1, len(c.Args) == 1 && c.Args[0].Type().Integer() && Unfailing(c.Args[0], in)
	case c.Fn.Name == "extract" && len(c.Args) == 2:
		at := c.Args[1]
		return 1, at.Type() == arrowschema.Interval && Unfailing(at, in) || usualTime(at, in)
	case roundings[c.Fn.Name] && (len(c.Args) == 1 || len(c.Args) == 2 && Fixed(c.Args[1]) && !MayFail(c.Args[1])):
		return usualNumeric(c.Args[0], in)
	case len(c.Args) != 2:
		return 0, false
	case c.Fn.Name == "/":
		by, isConst := c.Args[1].(*Const)
		if !isConst || !moderateConst(by) || !by.IsNull() && by.V.Decs[0].Sign() == 0 {
			return 0, false
		}
		leaves, ok = usualNumeric(c.Args[0], in)
		return leaves + 1, ok && leaves < mostLeaves
	case c.Fn.Name == "+" || c.Fn.Name == "-" || c.Fn.Name == "*":
		left, okLeft := usualNumeric(c.Args[0], in)
		right, okRight := usualNumeric(c.Args[1], in)
		return left + right, okLeft && okRight && left+right <= mostLeaves
	}
	return 0, false
}

// mostFloatLeaves is how many columns and constants a usual float is made of at most, each 0 or between 1e-30 and 1e30: neither the largest float nor, with
// the digits that differences lose, the smallest is near.
const mostFloatLeaves = 8

// usualFloat tells whether a double precision value fails for no row and stays far from the limits of its type, and gives the leaves it is made of.
func usualFloat(e Expr, in Bounds) (leaves int, ok bool) {
	if k, isConst := e.(*Const); isConst {
		return 1, k.Type() == arrowschema.Float8 && (k.IsNull() || usualSize(k.V.Floats[0]))
	}
	c, isCall := e.(*Call)
	switch {
	case !isCall || c.Fn.Result != arrowschema.Float8:
		return 0, false
	case c.IsCast() && len(c.Args) == 1:
		arg := c.Args[0]
		if call, ok := arg.(*Call); ok && call.Fn.Name == "extract" {
			_, ok = usualNumeric(arg, in)
			return 1, ok
		}
		return 1, arg.Type().Integer() && Unfailing(arg, in)
	case len(c.Args) != 2:
		return 0, false
	case c.Fn.Name == "+" || c.Fn.Name == "-" || c.Fn.Name == "*" || c.Fn.Name == "/" && dividesUsually(c.Args[1]):
		left, okLeft := usualFloat(c.Args[0], in)
		right, okRight := usualFloat(c.Args[1], in)
		return left + right, okLeft && okRight && left+right <= mostFloatLeaves
	}
	return 0, false
}

func usualSize(x float64) bool {
	x = math.Abs(x)
	return x == 0 || x >= 1e-30 && x <= 1e30
}

// dividesUsually tells whether a divisor is a constant that is not 0.
func dividesUsually(e Expr) bool {
	k, ok := e.(*Const)
	return ok && k.Type() == arrowschema.Float8 && (k.IsNull() || k.V.Floats[0] != 0)
}

// withinBatch gives the bounds of a batch's columns, each looked for once.
func withinBatch(b *vec.Batch) Bounds {
	type span struct{ lo, hi int64 }
	known := map[int]span{}
	return func(column int) (lo, hi int64, ok bool) {
		v := b.Cols[column]
		if v.Type.Physical() != arrowschema.Ints {
			return 0, 0, false
		}
		s, ok := known[column]
		if !ok {
			s.lo, s.hi = IntBounds(v)
			known[column] = s
		}
		return s.lo, s.hi, true
	}
}

// IntBounds gives bounds of the values of a vector of integers, and of what stands for its NULLs.
func IntBounds(v *vec.Vec) (lo, hi int64) {
	values := v.Ints
	if v.Dict != nil {
		values = v.Dict.Ints
	}
	lo, hi = math.MaxInt64, math.MinInt64
	for _, x := range values {
		lo, hi = min(lo, x), max(hi, x)
	}
	return min(lo, hi), max(lo, hi)
}

// anything stands for bounds that let whatever bounds can show be shown.
func anything(int) (lo, hi int64, ok bool) { return 0, 0, true }
