package exprs

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// Case is the searched CASE; the binder turns the simple form into it. Only rows that reach a branch evaluate it.
type Case struct {
	Whens, Thens []Expr // of equal length
	Else         Expr
	T            arrowschema.Type
}

// Coalesce gives the first argument that is not NULL. Only rows still NULL evaluate the next argument.
type Coalesce struct {
	Args []Expr
	T    arrowschema.Type
}

// Type implements Expr.
func (e *Case) Type() arrowschema.Type { return e.T }

// Type implements Expr.
func (e *Coalesce) Type() arrowschema.Type { return e.T }

// Children implements Expr.
func (e *Case) Children() []Expr {
	kids := make([]Expr, 0, 2*len(e.Whens)+1)
	for i := range e.Whens {
		kids = append(kids, e.Whens[i], e.Thens[i])
	}
	return append(kids, e.Else)
}

// With implements Expr.
func (e *Case) With(kids []Expr) Expr {
	n := &Case{T: e.T, Else: kids[len(kids)-1]}
	for i := 0; i+1 < len(kids); i += 2 {
		n.Whens, n.Thens = append(n.Whens, kids[i]), append(n.Thens, kids[i+1])
	}
	return n
}

// Children implements Expr.
func (e *Coalesce) Children() []Expr { return e.Args }

// With implements Expr.
func (e *Coalesce) With(kids []Expr) Expr { return &Coalesce{Args: kids, T: e.T} }

// Eval implements Expr.
func (e *Case) Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error) {
	if v, ok := overCodes(ctx, e, b); ok {
		return v, nil
	}
	out := &mosaic{batch: b, t: e.T, dict: e.dictionary(ctx)}
	open, null := newMarks(b.N), make([]uint64, (b.N+63)/64)
	for i, when := range e.Whens {
		if open.count() == 0 {
			break
		}
		before := slices.Clone(open)
		v, rows, err := open.evaluate(ctx, when, b)
		switch {
		case err != nil:
			return nil, err
		case rows == nil:
			open.decide(null, v, true)
		default:
			open.decideRows(null, v, rows, true)
		}
		if err := out.fill(ctx, before.without(open).rows(), i, e.Thens[i]); err != nil {
			return nil, err
		}
	}
	if err := out.fill(ctx, open.rows(), len(e.Whens), e.Else); err != nil {
		return nil, err
	}
	return out.vector(), nil
}

// dictionary gives the values of the branches, that of ELSE last, when all of them are constants: a result of these is coded, so that who groups by it looks each
// up once. It is the same one for all batches.
func (e *Case) dictionary(ctx *Ctx) *vec.Vec {
	if dict, ok := ctx.branches[e]; ok {
		return dict
	}
	var dict *vec.Vec
	if parts := constants(append(slices.Clip(e.Thens), e.Else)); parts != nil && len(parts) <= vec.MaxDict {
		dict = vec.Concat(e.T, parts)
	}
	if ctx.branches == nil {
		ctx.branches = map[*Case]*vec.Vec{}
	}
	ctx.branches[e] = dict
	return dict
}

// constants gives the values of es, a row each, or nil when one is not constant.
func constants(es []Expr) []*vec.Vec {
	out := make([]*vec.Vec, len(es))
	for i, e := range es {
		c, ok := e.(*Const)
		if !ok {
			return nil
		}
		out[i] = c.V.Resize(1)
	}
	return out
}

// Eval implements Expr.
func (e *Coalesce) Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error) {
	if v, ok := overCodes(ctx, e, b); ok {
		return v, nil
	}
	out, open := &mosaic{batch: b, t: e.T}, newMarks(b.N)
	for i, a := range e.Args {
		if open.count() == 0 {
			break
		}
		v, rows, err := open.evaluate(ctx, a, b)
		if err != nil {
			return nil, err
		}
		if i == 0 && rows == nil && !v.HasNulls() {
			return v, nil
		}
		if rows == nil {
			out.copy(open.known(v), v)
			continue
		}
		open.knownRows(v, rows)
		out.place(rows, v) // a NULL leaves its row as it is
	}
	return out.vector(), nil
}

// mosaic assembles a vector from what several expressions give for rows of their own.
type mosaic struct {
	batch *vec.Batch
	t     arrowschema.Type
	dict  *vec.Vec // the values, when these are known beforehand
	codes []uint16
	parts *vec.Scatter
	whole *vec.Vec // a part that is all there is
}

// fill gives some rows the value of e, which is entry at of the dictionary, if there is one.
func (m *mosaic) fill(ctx *Ctx, rows []int32, at int, e Expr) error {
	if len(rows) == 0 {
		return nil
	}
	if m.dict != nil {
		if m.codes == nil {
			m.codes = make([]uint16, m.batch.N)
		}
		for _, r := range rows {
			m.codes[r] = uint16(at)
		}
		return nil
	}
	_, isColumn := e.(*Column)
	_, isConst := e.(*Const)
	in := m.batch
	if len(rows) < in.N && !isColumn && !isConst { // these compute nothing, and do not fail
		in = gatherFor(in, rows, []Expr{e})
	}
	v, err := e.Eval(ctx, in)
	switch {
	case err != nil:
		return err
	case len(rows) == m.batch.N:
		m.whole = v
	case in == m.batch:
		m.copy(rows, v)
	default:
		m.place(rows, v)
	}
	return nil
}

// copy gives some rows their values in v, which has those of all rows.
func (m *mosaic) copy(rows []int32, v *vec.Vec) { m.scatter().Copy(rows, v) }

// place gives some rows the values of v, which has them alone.
func (m *mosaic) place(rows []int32, v *vec.Vec) { m.scatter().Put(rows, v) }

func (m *mosaic) scatter() *vec.Scatter {
	if m.parts == nil {
		m.parts = vec.NewScatter(m.t, m.batch.N)
	}
	return m.parts
}

// vector gives the vector.
func (m *mosaic) vector() *vec.Vec {
	switch {
	case m.whole != nil:
		return m.whole
	case m.codes != nil:
		return vec.NewDict(m.codes, m.dict, nil)
	}
	return m.scatter().Vec()
}
