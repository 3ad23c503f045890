package exprs

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// The adaptors make a Kernel of a function on single values. The loops over slices are written here once; a function whose per-call cost
// matters has a loop of its own in its family.

// Unary makes a kernel of a function that cannot fail.
func Unary[A, R vec.Elem](f func(A) R) Kernel {
	return func(ctx *Ctx, args []*vec.Vec, out *vec.Vec) error {
		a, r := vec.Of[A](args[0]), vec.Of[R](out)
		mask := indexMask(args[0])
		return ctx.paced(args, out, func(lo, hi int) error {
			for i := lo; i < hi; i++ {
				r[i] = f(a[i&mask])
			}
			return nil
		})
	}
}

// UnaryErr makes a kernel of a function that can fail. It is not called for NULLs.
func UnaryErr[A, R vec.Elem](f func(A) (R, error)) Kernel {
	return UnaryCtx(func(_ *Ctx, a A) (R, error) { return f(a) })
}

// UnaryCtx is UnaryErr for a function that looks at the evaluation's context.
func UnaryCtx[A, R vec.Elem](f func(*Ctx, A) (R, error)) Kernel {
	return func(ctx *Ctx, args []*vec.Vec, out *vec.Vec) error {
		a, r := vec.Of[A](args[0]), vec.Of[R](out)
		mask := indexMask(args[0])
		return ctx.paced(args, out, func(lo, hi int) (err error) {
			for i := lo; i < hi; i++ {
				if !out.Valid.Get(i) {
					continue
				}
				if r[i], err = f(ctx, a[i&mask]); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// UnaryNull makes a kernel of a function that is NULL where it answers false. It is not called for NULLs.
func UnaryNull[A, R vec.Elem](f func(A) (R, bool)) Kernel {
	return func(ctx *Ctx, args []*vec.Vec, out *vec.Vec) error {
		a, r := vec.Of[A](args[0]), vec.Of[R](out)
		mask := indexMask(args[0])
		return ctx.paced(args, out, func(lo, hi int) error {
			for i := lo; i < hi; i++ {
				if !out.Valid.Get(i) {
					continue
				}
				var ok bool
				if r[i], ok = f(a[i&mask]); !ok {
					out.SetNull(i)
				}
			}
			return nil
		})
	}
}

// Binary makes a kernel of a function of two arguments that cannot fail.
func Binary[A, B, R vec.Elem](f func(A, B) R) Kernel {
	return func(ctx *Ctx, args []*vec.Vec, out *vec.Vec) error {
		a, b, r := vec.Of[A](args[0]), vec.Of[B](args[1]), vec.Of[R](out)
		ma, mb := indexMask(args[0]), indexMask(args[1])
		return ctx.paced(args, out, func(lo, hi int) error {
			for i := lo; i < hi; i++ {
				r[i] = f(a[i&ma], b[i&mb])
			}
			return nil
		})
	}
}

// BinaryErr makes a kernel of a function that can fail. It is not called for NULLs.
func BinaryErr[A, B, R vec.Elem](f func(A, B) (R, error)) Kernel {
	return BinaryCtx(func(_ *Ctx, a A, b B) (R, error) { return f(a, b) })
}

// BinaryCtx is BinaryErr for a function that looks at the evaluation's context.
func BinaryCtx[A, B, R vec.Elem](f func(*Ctx, A, B) (R, error)) Kernel {
	return func(ctx *Ctx, args []*vec.Vec, out *vec.Vec) error {
		a, b, r := vec.Of[A](args[0]), vec.Of[B](args[1]), vec.Of[R](out)
		ma, mb := indexMask(args[0]), indexMask(args[1])
		return ctx.paced(args, out, func(lo, hi int) (err error) {
			for i := lo; i < hi; i++ {
				if !out.Valid.Get(i) {
					continue
				}
				if r[i], err = f(ctx, a[i&ma], b[i&mb]); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// BinaryNull makes a kernel of a function that is NULL where it answers false. It is not called for NULLs.
func BinaryNull[A, B, R vec.Elem](f func(A, B) (R, bool)) Kernel {
	return func(ctx *Ctx, args []*vec.Vec, out *vec.Vec) error {
		a, b, r := vec.Of[A](args[0]), vec.Of[B](args[1]), vec.Of[R](out)
		ma, mb := indexMask(args[0]), indexMask(args[1])
		return ctx.paced(args, out, func(lo, hi int) error {
			for i := lo; i < hi; i++ {
				if !out.Valid.Get(i) {
					continue
				}
				var ok bool
				if r[i], ok = f(a[i&ma], b[i&mb]); !ok {
					out.SetNull(i)
				}
			}
			return nil
		})
	}
}

// TernaryErr makes a kernel of a function of three arguments that can fail. It is not called for NULLs.
func TernaryErr[A, B, C, R vec.Elem](f func(A, B, C) (R, error)) Kernel {
	return TernaryCtx(func(_ *Ctx, a A, b B, c C) (R, error) { return f(a, b, c) })
}

// TernaryCtx is TernaryErr for a function that looks at the evaluation's context.
func TernaryCtx[A, B, C, R vec.Elem](f func(*Ctx, A, B, C) (R, error)) Kernel {
	return func(ctx *Ctx, args []*vec.Vec, out *vec.Vec) error {
		a, b, c, r := vec.Of[A](args[0]), vec.Of[B](args[1]), vec.Of[C](args[2]), vec.Of[R](out)
		ma, mb, mc := indexMask(args[0]), indexMask(args[1]), indexMask(args[2])
		return ctx.paced(args, out, func(lo, hi int) (err error) {
			for i := lo; i < hi; i++ {
				if !out.Valid.Get(i) {
					continue
				}
				if r[i], err = f(ctx, a[i&ma], b[i&mb], c[i&mc]); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// indexMask is all ones for a flat vector and zero for a constant one: element i&mask is row i of either, without a branch.
func indexMask(v *vec.Vec) int {
	if v.Const {
		return 0
	}
	return -1
}

// Comparisons gives the six comparison operators between A and B, of which order tells less, equal or greater.
func Comparisons[A, B vec.Elem](left, right arrowschema.Type, order func(A, B) int) []Func {
	make1 := func(op string, test func(int) bool) Func {
		return Func{Name: op, Args: []arrowschema.Type{left, right}, Result: arrowschema.Bool, Eval: Binary(func(a A, b B) bool { return test(order(a, b)) })}
	}
	return []Func{
		make1("=", func(c int) bool { return c == 0 }), make1("<>", func(c int) bool { return c != 0 }),
		make1("<", func(c int) bool { return c < 0 }), make1("<=", func(c int) bool { return c <= 0 }),
		make1(">", func(c int) bool { return c > 0 }), make1(">=", func(c int) bool { return c >= 0 }),
	}
}

// Ordered is an element type that Go's operators compare as SQL does.
type Ordered interface{ int64 | string }

// OrderedComparisons gives the six comparison operators with loops that compare directly.
func OrderedComparisons[T interface {
	Ordered
	vec.Elem
}](left, right arrowschema.Type) []Func {
	fn := func(op string, k Kernel) Func {
		return Func{Name: op, Args: []arrowschema.Type{left, right}, Result: arrowschema.Bool, Eval: k}
	}
	return []Func{fn("=", equal[T](false)), fn("<>", equal[T](true)), fn("<", less[T](0, 1, false)), fn(">", less[T](1, 0, false)),
		fn(">=", less[T](0, 1, true)), fn("<=", less[T](1, 0, true))}
}

// equal compares for equality, or for its opposite.
func equal[T interface {
	Ordered
	vec.Elem
}](negated bool) Kernel {
	return func(_ *Ctx, args []*vec.Vec, out *vec.Vec) error {
		a, b, r := vec.Of[T](args[0]), vec.Of[T](args[1]), out.Bools
		switch {
		case args[1].Const && !args[0].Const:
			y := b[0]
			for i, x := range a[:len(r)] {
				r[i] = (x == y) != negated
			}
		default:
			ma, mb := indexMask(args[0]), indexMask(args[1])
			for i := range r {
				r[i] = (a[i&ma] == b[i&mb]) != negated
			}
		}
		return nil
	}
}

// less compares argument x with argument y for x < y, or for its opposite.
func less[T interface {
	Ordered
	vec.Elem
}](x, y int, negated bool) Kernel {
	return func(_ *Ctx, args []*vec.Vec, out *vec.Vec) error {
		a, b, r := vec.Of[T](args[x]), vec.Of[T](args[y]), out.Bools
		switch {
		case args[y].Const && !args[x].Const:
			limit := b[0]
			if negated {
				for i, v := range a[:len(r)] {
					r[i] = v >= limit
				}
				return nil
			}
			for i, v := range a[:len(r)] {
				r[i] = v < limit
			}
		case args[x].Const && !args[y].Const:
			limit := a[0]
			if negated {
				for i, v := range b[:len(r)] {
					r[i] = v <= limit
				}
				return nil
			}
			for i, v := range b[:len(r)] {
				r[i] = v > limit
			}
		default:
			ma, mb := indexMask(args[x]), indexMask(args[y])
			for i := range r {
				r[i] = (a[i&ma] < b[i&mb]) != negated
			}
		}
		return nil
	}
}
