package exprs

import (
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
	parts := newPatchwork(e.T, b)
	kids := e.Children()
	for i := range e.Whens {
		if parts.done() {
			break
		}
		cond, err := e.Whens[i].Eval(ctx, parts.open)
		if err != nil {
			return nil, err
		}
		hit := Selection(cond, nil)
		if len(hit) == 0 {
			continue
		}
		v, err := e.Thens[i].Eval(ctx, parts.pick(hit, e.Thens[i:i+1]))
		if err != nil {
			return nil, err
		}
		parts.put(hit, v, kids[2*i+2:])
	}
	if !parts.done() {
		v, err := e.Else.Eval(ctx, parts.open)
		if err != nil {
			return nil, err
		}
		parts.put(allRows(parts.open.N), v, nil)
	}
	return parts.vector(), nil
}

// Eval implements Expr.
func (e *Coalesce) Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error) {
	if v, ok := overCodes(ctx, e, b); ok {
		return v, nil
	}
	parts := newPatchwork(e.T, b)
	for i, a := range e.Args {
		if parts.done() {
			break
		}
		v, err := a.Eval(ctx, parts.open)
		if err != nil {
			return nil, err
		}
		if i == 0 && !v.Const && !v.HasNulls() {
			return v, nil
		}
		if i == len(e.Args)-1 {
			parts.put(allRows(v.N), v, nil)
			break
		}
		hit := make([]int32, 0, v.N)
		for r := 0; r < v.N; r++ {
			if !v.IsNull(r) {
				hit = append(hit, int32(r))
			}
		}
		if len(hit) < v.N {
			v = v.Gather(hit)
		}
		parts.put(hit, v, e.Args[i+1:])
	}
	return parts.vector(), nil
}

// patchwork assembles a vector from parts that belong to disjoint rows.
type patchwork struct {
	t      arrowschema.Type
	n      int
	open   *vec.Batch // the rows that have no value yet
	at     []int32    // their places in the result
	pieces []*vec.Vec
	places [][]int32
}

func newPatchwork(t arrowschema.Type, b *vec.Batch) *patchwork {
	return &patchwork{t: t, n: b.N, open: b, at: allRows(b.N)}
}

func allRows(n int) []int32 {
	all := make([]int32, n)
	for i := range all {
		all[i] = int32(i)
	}
	return all
}

func (p *patchwork) done() bool { return p.open.N == 0 }

// pick gives the open rows of hit, of the columns that es read.
func (p *patchwork) pick(hit []int32, es []Expr) *vec.Batch {
	if len(hit) == p.open.N {
		return p.open
	}
	return gatherFor(p.open, hit, es)
}

// put gives the open rows of hit the values of v and closes them. later are the expressions that the rows still open will meet.
func (p *patchwork) put(hit []int32, v *vec.Vec, later []Expr) {
	if len(hit) == 0 {
		return
	}
	p.pieces = append(p.pieces, v)
	if len(hit) == p.open.N {
		p.places, p.open = append(p.places, p.at), &vec.Batch{}
		return
	}
	places, rest, restAt, h := make([]int32, len(hit)), make([]int32, 0, p.open.N-len(hit)), make([]int32, 0, p.open.N-len(hit)), 0
	for i, at := range p.at {
		if h < len(hit) && hit[h] == int32(i) {
			places[h] = at
			h++
			continue
		}
		rest, restAt = append(rest, int32(i)), append(restAt, at)
	}
	p.places = append(p.places, places)
	p.open, p.at = gatherFor(p.open, rest, later), restAt
}

// vector puts the parts together.
func (p *patchwork) vector() *vec.Vec {
	if len(p.pieces) == 1 {
		return p.pieces[0]
	}
	builder := vec.NewScatter(p.t, p.n)
	for i, piece := range p.pieces {
		builder.Put(p.places[i], piece)
	}
	return builder.Vec()
}
