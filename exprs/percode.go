package exprs

import (
	"github.com/stoadb/stoa/exprs/vec"
)

// perCode is what a context knows of an expression that reads one column alone: its values for the entries of the column's dictionary.
type perCode struct {
	column int // -1 when the expression reads none, or several, or is volatile
	dict   *vec.Vec
	rows   int      // of batches with dict, while it was too large
	done   bool     // it was computed
	result *vec.Vec // flat: a row for each entry, and one for NULL; nil when an entry failed
}

// overCodes computes an expression of one dictionary-coded column on the dictionary, once for all the batches that share it. ok is false where that does not
// apply, or does not pay, or an entry fails: that no row of the batch may have. Strict functions do so by themselves; this is for the nodes that look at NULLs
// or leave out what need not be evaluated.
func overCodes(ctx *Ctx, e Expr, b *vec.Batch) (v *vec.Vec, ok bool) {
	p := ctx.perCodes[e]
	if p == nil {
		if p = newPerCode(e); ctx.perCodes == nil {
			ctx.perCodes = map[Expr]*perCode{}
		}
		ctx.perCodes[e] = p
	}
	if p.column < 0 {
		return nil, false
	}
	col := b.Cols[p.column]
	if col.Dict == nil || col.Const || col.Dict.N >= vec.MaxDict {
		return nil, false
	}
	if p.dict != col.Dict {
		p.dict, p.rows, p.done, p.result = col.Dict, 0, false, nil
	}
	if !p.done {
		if p.rows += b.N; col.Dict.N > 4*p.rows+16 { // as with Call.runDict
			return nil, false
		}
		p.done = true
		entries := &vec.Batch{N: col.Dict.N + 1, Cols: make([]*vec.Vec, p.column+1)}
		entries.Cols[p.column] = withNull(col.Dict)
		quiet := ctx.Fork() // whose memory is not used again
		if v, err := e.Eval(quiet, entries); err == nil {
			p.result = v.Flat()
		}
		quiet.Settle()
	}
	if p.result == nil {
		return nil, false
	}
	return spread(p.result, col), true
}

func newPerCode(e Expr) *perCode {
	p, set := &perCode{column: -1}, map[int]bool{}
	Columns(e, set)
	if len(set) != 1 {
		return p
	}
	volatile := false
	Walk(e, func(n Expr) bool {
		c, ok := n.(*Call)
		volatile = volatile || ok && c.Fn.Volatility == Volatile
		return !volatile
	})
	for c := range set {
		if !volatile {
			p.column = c
		}
	}
	return p
}

// withNull gives a flat vector and a row of NULL.
func withNull(v *vec.Vec) *vec.Vec {
	b := vec.NewBuilder(v.Type, v.N+1)
	b.Append(v)
	b.AppendNull()
	return b.Vec()
}

// spread gives the rows of a column their values: those of the entries, and the last for NULL.
func spread(values, col *vec.Vec) *vec.Vec {
	last := values.N - 1
	entries := values.Slice(0, last)
	if col.Valid == nil {
		return vec.NewDict(col.Codes, entries, nil)
	}
	if values.IsNull(last) {
		return vec.NewDict(col.Codes, entries, col.Valid)
	}
	codes := make([]uint16, len(col.Codes))
	for i, c := range col.Codes {
		if !col.Valid.Get(i) {
			c = uint16(last)
		}
		codes[i] = c
	}
	return vec.NewDict(codes, values, nil)
}
