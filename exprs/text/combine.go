package text

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// Columns of few distinct values have few combinations: a function of several of them is computed once for each combination that a batch has.

// fuseCombinations fuses a function of columns that are dictionary-coded with its arguments. kernel is the function's.
func fuseCombinations(args []exprs.Expr, kernel exprs.Kernel, strict bool) exprs.Fused {
	columns := map[int]bool{}
	for _, a := range args {
		exprs.Columns(a, columns)
	}
	if len(columns) < 2 && (strict || len(columns) == 0) { // a strict function of one is computed on its dictionary anyway
		return nil
	}
	return func(ctx *exprs.Ctx, b *vec.Batch) (*vec.Vec, bool, error) {
		for c := range columns {
			if b.Cols[c].Dict == nil {
				return nil, false, nil
			}
		}
		values := make([]*vec.Vec, len(args))
		for i, a := range args {
			v, err := a.Eval(ctx, b)
			if err != nil {
				return nil, false, err
			}
			values[i] = v
		}
		if codes, rows := combinations(ctx, values, b.N); codes != nil {
			for i, v := range values {
				values[i] = v.Gather(rows)
			}
			entries, err := computed(ctx, values, len(rows), kernel, strict)
			if err != nil {
				return nil, false, err
			}
			return vec.NewDict(codes, entries, nil), true, nil
		}
		v, err := computed(ctx, values, b.N, kernel, strict)
		return v, err == nil, err
	}
}

// computed runs a kernel whose result is text on values of n rows.
func computed(ctx *exprs.Ctx, values []*vec.Vec, n int, kernel exprs.Kernel, strict bool) (*vec.Vec, error) {
	out, args := vec.New(arrowschema.Text, n), make([]*vec.Vec, len(values))
	for i, v := range values {
		args[i] = v.Decoded()
		if strict && args[i].NullConst() {
			return vec.NewNull(arrowschema.Text, n), nil
		}
		if strict && !args[i].Const && args[i].Valid != nil {
			out.Valid = vec.And(out.Valid, args[i].Valid, n)
		}
	}
	if out.Valid != nil {
		out.Valid = out.Valid.Clone(n)
	}
	return out, kernel(ctx, args, out)
}

// combinations numbers the combinations of values, dictionary-coded or constant, that occur: it gives each row the number of its own, and the first row of
// each. codes is nil where a value is neither, or where there may be too many.
func combinations(ctx *exprs.Ctx, values []*vec.Vec, n int) (codes []uint16, rows []int32) {
	all, coded := 1, make([]distinct, 0, len(values))
	for _, v := range values {
		switch {
		case v.Const:
		case v.Dict == nil || v.Dict.N == 0 || v.Dict.N > n+distinctFew:
			return nil, nil
		default:
			d := newDistinct(v)
			if all *= d.size; all > min(4*n, vec.MaxDict) {
				return nil, nil
			}
			coded = append(coded, d)
		}
	}
	place := make([]int32, n)
	for _, d := range coded {
		d.add(place)
	}
	numbers := make([]int32, all) // one more than that of a combination, 0 of one that has not occurred
	codes = ctx.Codes(n)
	for i, p := range place {
		if numbers[p] == 0 {
			rows = append(rows, int32(i))
			numbers[p] = int32(len(rows))
		}
		codes[i] = uint16(numbers[p] - 1)
	}
	return codes, rows
}

// distinct numbers the values of a dictionary-coded column of text: its last number is that of NULL.
type distinct struct {
	v       *vec.Vec
	numbers []uint16 // by entry; nil where each has its own
	size    int
}

// distinctFew is the number of entries up to which it is not worth looking for equal ones: functions of dictionaries leave such.
const distinctFew = 32

func newDistinct(v *vec.Vec) distinct {
	entries := v.Dict.Strs
	if len(entries) <= distinctFew {
		return distinct{v: v, size: v.Dict.N + 1}
	}
	d := distinct{v: v, numbers: make([]uint16, len(entries))}
	seen := make(map[string]uint16, len(entries)) // no more of them than rows
	for i, s := range entries {
		if !v.Dict.Valid.Get(i) {
			continue
		}
		at, ok := seen[s]
		if !ok {
			at = uint16(len(seen))
			seen[s] = at
		}
		d.numbers[i] = at
	}
	d.size = len(seen) + 1
	for i := range entries {
		if !v.Dict.Valid.Get(i) {
			d.numbers[i] = uint16(len(seen))
		}
	}
	return d
}

// add gives each place of a row the column's value as a further digit.
func (d *distinct) add(place []int32) {
	size, codes := int32(d.size), d.v.Codes[:len(place)]
	if d.numbers == nil {
		for i, c := range codes {
			place[i] = place[i]*size + int32(c)
		}
	} else {
		for i, c := range codes {
			place[i] = place[i]*size + int32(d.numbers[c])
		}
	}
	if d.v.Valid == nil {
		return
	}
	for i := range place {
		if !d.v.Valid.Get(i) {
			place[i] += size - 1 - place[i]%size
		}
	}
}
