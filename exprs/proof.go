package exprs

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// Proof shows that an expression fails for no row of a batch, at less cost than its evaluation. False shows nothing: the evaluation must decide. An
// error is one that the evaluation would have given.
//
// It lets a top-N compute what it gives out for the rows that it gives out alone, though PostgreSQL computes it for all rows: what can be seen of that
// is an error in a row that is left out.
type Proof func(ctx *Ctx, b *vec.Batch) (bool, error)

// ProofOf gives the proof of an expression, where there is one.
func ProofOf(e Expr) (Proof, bool) {
	if Unfailing(e, nil) {
		return harmless, true
	}
	c, ok := e.(*Call)
	switch {
	case !ok || infallible[c.Fn.Name]:
		return proofOfAll(e.Children())
	case c.Fn.Name == "||" && c.Fn.Result == arrowschema.Text:
		return moderateText(c)
	}
	if p, ok := moderate(c); ok {
		return p, true
	}
	return func(_ *Ctx, b *vec.Batch) (bool, error) { return Unfailing(e, withinBatch(b)), nil }, Unfailing(e, anything)
}

func harmless(*Ctx, *vec.Batch) (bool, error) { return true, nil }

func proofOfAll(es []Expr) (Proof, bool) {
	proofs := make([]Proof, len(es))
	for i, e := range es {
		var ok bool
		if proofs[i], ok = ProofOf(e); !ok {
			return nil, false
		}
	}
	return func(ctx *Ctx, b *vec.Batch) (bool, error) {
		for _, p := range proofs {
			if ok, err := p(ctx, b); !ok || err != nil {
				return false, err
			}
		}
		return true, nil
	}, true
}

// roundings are functions of a numeric, and perhaps of a constant number of digits, that fail only where the value has more than a hundred thousand digits.
var roundings = map[string]bool{"round": true, "trunc": true, "ceil": true, "ceiling": true, "floor": true, "abs": true}

// moderate proves that a numeric is computed without an error and has far fewer digits than NUMERIC, or a float, can have: it is a constant, has a scaled
// form, is a quotient of such values whose divisor is not 0, or one of these rounded.
func moderate(e Expr) (Proof, bool) {
	if c, ok := e.(*Const); ok {
		return harmless, moderateConst(c)
	}
	if f, ok := ScaledOf(e); ok {
		return func(ctx *Ctx, b *vec.Batch) (bool, error) {
			_, ok, err := f.Eval(ctx, b)
			return ok, err
		}, true
	}
	c, ok := e.(*Call)
	switch {
	case !ok:
		return nil, false
	case c.Fn.Name == "/" && len(c.Args) == 2:
		return moderateQuotient(c.Args[0], c.Args[1])
	case roundings[c.Fn.Name] && (len(c.Args) == 1 || Fixed(c.Args[1]) && !MayFail(c.Args[1])), c.IsCast() && c.Fn.Args[0] == arrowschema.Numeric && c.Fn.Result == arrowschema.Float8:
		return moderate(c.Args[0])
	}
	return nil, false
}

// moderateConst tells of a numeric constant whether it is finite and of a usual size.
func moderateConst(c *Const) bool {
	const usual = 100
	if c.Type() != arrowschema.Numeric {
		return false
	}
	_, _, small := c.V.Decs[0].Coef128()
	return c.IsNull() || small && c.V.Decs[0].Scale() <= usual
}

func moderateQuotient(dividend, divisor Expr) (Proof, bool) {
	above, ok := moderate(dividend)
	if !ok {
		return nil, false
	}
	if c, isConst := divisor.(*Const); isConst {
		return above, moderateConst(c) && (c.IsNull() || c.V.Decs[0].Sign() != 0)
	}
	below, ok := ScaledOf(divisor)
	if !ok {
		return nil, false
	}
	return func(ctx *Ctx, b *vec.Batch) (bool, error) {
		if ok, err := above(ctx, b); !ok || err != nil {
			return false, err
		}
		v, ok, err := below.Eval(ctx, b)
		if !ok || err != nil {
			return false, err
		}
		for i, x := range v.Ints {
			if x == 0 && v.Valid.Get(i) {
				return false, nil
			}
		}
		return true, nil
	}, true
}

// moderateText proves that a concatenation of texts stays far below the longest text.
func moderateText(e Expr) (Proof, bool) {
	parts, ok := concatenated(nil, e)
	if !ok {
		return nil, false
	}
	const enough = 1 << 20
	return func(ctx *Ctx, b *vec.Batch) (bool, error) {
		total := 0
		for _, p := range parts {
			v, err := p.Eval(ctx, b)
			if err != nil {
				return false, err
			}
			if total += longest(v); total > enough {
				return false, nil
			}
		}
		return true, nil
	}, true
}

// concatenated gives the columns and constants of which a text is put together.
func concatenated(dst []Expr, e Expr) ([]Expr, bool) {
	switch n := e.(type) {
	case *Column, *Const:
		return append(dst, e), e.Type().Physical() == arrowschema.Strings
	case *Call:
		if n.Fn.Name != "||" || n.Fn.Result != arrowschema.Text {
			return nil, false
		}
		ok := true
		for _, a := range n.Args {
			if dst, ok = concatenated(dst, a); !ok {
				return nil, false
			}
		}
		return dst, true
	}
	return nil, false
}

// longest gives the length of the longest text of a vector, or more, in bytes.
func longest(v *vec.Vec) int {
	most := 0
	if v.Dict != nil && v.Dict.N > v.N {
		for _, c := range v.Codes {
			most = max(most, len(v.Dict.Strs[c]))
		}
		return most
	}
	texts := v.Strs
	if v.Dict != nil {
		texts = v.Dict.Strs
	}
	for _, s := range texts {
		most = max(most, len(s))
	}
	return most
}
