package numeric

import (
	"math/bits"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// scaledArithmetic gives the scaled form of + - * of numerics whose sides have one, or are constants: the scale of a sum is the larger of theirs, that of a
// product their sum, as with numerics.
func scaledArithmetic(op string) func(args []exprs.Expr) (*exprs.Scaled, bool) {
	return func(args []exprs.Expr) (*exprs.Scaled, bool) {
		left, ok := scaledOperand(args[0])
		if !ok {
			return nil, false
		}
		right, ok := scaledOperand(args[1])
		if !ok || len(left.Args)+len(right.Args) == 0 {
			return nil, false
		}
		s := &exprs.Scaled{Args: append(append([]exprs.Expr{}, left.Args...), right.Args...)}
		up := [2]int64{1, 1}
		if op == "*" {
			s.Scale = left.Scale + right.Scale
		} else {
			s.Scale = max(left.Scale, right.Scale)
			up = [2]int64{tens(s.Scale - left.Scale), tens(s.Scale - right.Scale)}
		}
		if s.Scale > maxScaled || up[0] == 0 || up[1] == 0 {
			return nil, false
		}
		s.Kernel = scaledKernel(op, left, right, up)
		return s, true
	}
}

// maxScaled bounds the scale of a product: beyond it few values fit in 64 bits.
const maxScaled = 12

// tens gives a power of ten; 0 for one that is not worth trying.
func tens(n int) int64 {
	if n > maxScaled {
		return 0
	}
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// scaledOperand gives the scaled form of a side; a constant has one without arguments.
func scaledOperand(e exprs.Expr) (*exprs.Scaled, bool) {
	c, ok := e.(*exprs.Const)
	if !ok {
		return exprs.ScaledOf(e)
	}
	if c.IsNull() || c.Type() != arrowschema.Numeric {
		return nil, false
	}
	d := c.V.Decs[0]
	hi, lo, ok := d.Coef128()
	x := int64(lo)
	if !ok || hi != x>>63 {
		return nil, false
	}
	return &exprs.Scaled{Scale: d.Scale(), Kernel: func(_ []*vec.Vec, out *vec.Vec) bool {
		for i := range out.Ints {
			out.Ints[i] = x
		}
		return true
	}}, true
}

func scaledKernel(op string, left, right *exprs.Scaled, up [2]int64) exprs.ScaledKernel {
	return func(args []*vec.Vec, out *vec.Vec) bool {
		split := len(left.Args)
		other := vec.New(arrowschema.Int8, out.N)
		other.Valid = out.Valid
		if !operandInto(left, args[:split], out) || !operandInto(right, args[split:], other) {
			return false
		}
		a, b := out.Ints, other.Ints[:len(out.Ints)]
		var m, n int64 // magnitudes, ORed
		for i, x := range a {
			m |= x ^ x>>63
			n |= b[i] ^ b[i]>>63
		}
		if op == "*" {
			if bits.Len64(uint64(m))+bits.Len64(uint64(n)) > 62 {
				return false
			}
			for i, x := range a {
				a[i] = x * b[i]
			}
			return true
		}
		if bits.Len64(uint64(m))+bits.Len64(uint64(up[0])) > 61 || bits.Len64(uint64(n))+bits.Len64(uint64(up[1])) > 61 {
			return false
		}
		first, second := up[0], up[1]
		if op == "-" {
			second = -second
		}
		for i, x := range a {
			a[i] = x*first + b[i]*second
		}
		return true
	}
}

// operandInto computes a side.
func operandInto(s *exprs.Scaled, args []*vec.Vec, out *vec.Vec) bool {
	if s.Kernel != nil {
		return s.Kernel(args, out)
	}
	v, mask := args[0], -1
	if v.Const {
		mask = 0
	}
	for i := range out.Ints {
		out.Ints[i] = v.Ints[i&mask]
	}
	return true
}
