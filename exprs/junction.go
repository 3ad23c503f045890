package exprs

import (
	"math/bits"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// junction evaluates AND (decisive false) or OR (decisive true). An argument is evaluated for the rows that those before it left undecided.
func junction(ctx *Ctx, e Expr, b *vec.Batch, args []Expr, decisive bool) (*vec.Vec, error) {
	if v, ok := overCodes(ctx, e, b); ok {
		return v, nil
	}
	open, null := newMarks(b.N), make([]uint64, (b.N+63)/64) // the rows that are not decided yet, and those of them with a NULL among their arguments
	for _, a := range args {
		if open.count() == 0 {
			break
		}
		v, rows, err := open.evaluate(ctx, a, b)
		switch {
		case err != nil:
			return nil, err
		case rows == nil:
			open.decide(null, v, decisive)
		default:
			open.decideRows(null, v, rows, decisive)
		}
	}
	return open.result(ctx, b.N, null, decisive), nil
}

// marks is a set of rows.
type marks []uint64

func newMarks(n int) marks {
	m := marks(vec.NewBitmap(n))
	if r := n % 64; r != 0 {
		m[n/64] = 1<<uint(r) - 1
	}
	return m
}

func (m marks) count() int {
	n := 0
	for _, w := range m {
		n += bits.OnesCount64(w)
	}
	return n
}

func (m marks) rows() []int32 {
	out := make([]int32, 0, m.count()+64)
	for i, w := range m {
		if w != 0 {
			out = appendBits(out, w, int32(i*64))
		}
	}
	return out
}

// evaluate computes e for the rows of the set, which is not empty. While these are many it does so for all rows of b, unless e fails on one: rows is nil then.
func (m marks) evaluate(ctx *Ctx, e Expr, b *vec.Batch) (v *vec.Vec, rows []int32, err error) {
	if m.count()*3 >= b.N {
		if v, err := e.Eval(ctx, b); err == nil {
			return v, nil, nil
		}
	}
	rows = m.rows()
	v, err = e.Eval(ctx, gatherFor(b, rows, []Expr{e}))
	return v, rows, err
}

// decide takes the rows away at which v, of all rows, is decisive, and notes those at which it is NULL.
func (m marks) decide(null []uint64, v *vec.Vec, decisive bool) {
	if v.Const {
		known := v.Valid.Get(0)
		for i := range m {
			switch {
			case !known:
				null[i] |= m[i]
			case v.Bools[0] == decisive:
				m[i] = 0
			}
		}
		return
	}
	var entryNull []bool // of the dictionary
	if v.Dict != nil && v.Dict.Valid != nil {
		entryNull = make([]bool, v.Dict.N)
		for i := range entryNull {
			entryNull[i] = !v.Dict.Valid.Get(i)
		}
	}
	for i := range m {
		lo, hi := i*64, min(i*64+64, v.N)
		var unknown, yes uint64
		if v.Valid != nil {
			unknown = ^v.Valid[i]
		}
		switch {
		case v.Dict == nil:
			yes = vec.PackBytes(vec.BoolBytes(v.Bools[lo:hi]))
		case v.Dict.N == 0:
			unknown = ^uint64(0)
		default:
			if yes = codeBits(v.Codes[lo:hi], v.Dict.Bools); entryNull != nil {
				unknown |= codeBits(v.Codes[lo:hi], entryNull)
			}
		}
		if !decisive {
			yes = ^yes
		}
		null[i] |= m[i] & unknown
		m[i] &= unknown | ^yes
	}
}

// decideRows is decide for some rows.
func (m marks) decideRows(null []uint64, v *vec.Vec, rows []int32, decisive bool) {
	for i, r := range rows {
		bit := uint64(1) << (uint(r) & 63)
		holder, place := v.Value(i)
		switch {
		case v.IsNull(i):
			null[r>>6] |= bit
		case holder.Bools[place] == decisive:
			m[r>>6] &^= bit
		}
	}
}

// without gives the rows that are not in o.
func (m marks) without(o marks) marks {
	out := make(marks, len(m))
	for i, w := range m {
		out[i] = w &^ o[i]
	}
	return out
}

// known takes the rows away at which v, of all rows, is not NULL, and gives them.
func (m marks) known(v *vec.Vec) []int32 {
	if v.Const || v.Dict != nil {
		v = v.Flat()
	}
	hit := make(marks, len(m))
	for i, w := range m {
		if hit[i] = w; v.Valid != nil {
			hit[i] &= v.Valid[i]
		}
		m[i] &^= hit[i]
	}
	return hit.rows()
}

// knownRows is known for a vector of some rows.
func (m marks) knownRows(v *vec.Vec, rows []int32) {
	for i, r := range rows {
		if !v.IsNull(i) {
			m[r>>6] &^= 1 << (uint(r) & 63)
		}
	}
}

// result gives decisive for the rows that are decided, NULL for the others with a NULL, and else the opposite.
func (m marks) result(ctx *Ctx, n int, null []uint64, decisive bool) *vec.Vec {
	out := ctx.vector(arrowschema.Bool, n)
	for i := range out.Bools {
		open := m[i>>6]>>(uint(i)&63)&1 != 0
		out.Bools[i] = open != decisive
	}
	for i, w := range m {
		if null[i] &= w; null[i] != 0 && out.Valid == nil {
			out.Valid = vec.NewBitmap(n)
		}
	}
	if out.Valid != nil {
		for i, w := range null {
			out.Valid[i] &^= w
		}
	}
	return out
}
