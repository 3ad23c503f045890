package scan

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

const (
	// pairChunk bounds the pairs that are put together at once, so that a key with many rows on both sides holds little memory.
	pairChunk = 4096
	// runRows is the number of right rows from which each left row makes batches of its own in a join without keys: fewer would not be worth a batch.
	runRows = 1024
	// smallConst is the longest text, in bytes, that stands once for all rows of such a batch: longer ones are to be counted by who holds the batch.
	smallConst = 1 << 10
)

// prober streams a share of the side that is not built through the table. That side is called the left one here, and the built one the right one, whichever
// they are in the statement.
type prober struct {
	join   *joining
	env    *Env
	ctx    *exprs.Ctx // of the keys
	on     *exprs.Ctx // of the conditions: nothing of them outlives the choice of rows
	onCols []bool     // the columns that the conditions read
	share  int        // which stream of the input, of how many
	shares int
	table  *joinTable

	batch   *vec.Batch // the left batch at hand
	heads   []int32    // of its rows, when there are keys
	look    joinLook
	row     int     // its next row
	at      int     // the next right row to pair with it; -1: not looked up yet
	hit     []bool  // of its rows; nil when nobody asks
	l, r    []int32 // the candidate pairs
	sel     []int32 // of them, those that fulfil the conditions
	part    []int32
	pending *vec.Batch
	ended   bool
	rest    int // the next right row that may have been matched by nothing; -1 when that is nothing to this stream
}

const notLooked = -1

// newProber gives stream i of n of the join.
func (b *joining) newProber(i, n int) *prober {
	p := &prober{join: b, env: b.env, ctx: b.env.Eval.Fork(), on: b.env.Eval.Fork(), share: i, shares: n, rest: -1}
	set := map[int]bool{}
	for _, c := range b.On {
		exprs.Columns(c, set)
	}
	p.onCols = make([]bool, len(b.LeftTypes)+len(b.RightTypes))
	for c := range set {
		p.onCols[c] = true
	}
	return p
}

// Next implements Stream.
func (p *prober) Next() (*vec.Batch, error) {
	if p.table == nil {
		if err := p.join.ready(p.shares); err != nil {
			return nil, err
		}
		p.table = p.join.table
	}
	for {
		if b := p.pending; b != nil {
			if p.pending = nil; b.N > 0 {
				return b, nil
			}
		}
		if p.ended && p.rest < 0 {
			return nil, nil
		}
		if err := p.env.cancelled(); err != nil {
			return nil, err
		}
		if err := p.step(); err != nil {
			return nil, err
		}
	}
}

// step makes the next pairs, or fetches the next left batch, or ends.
func (p *prober) step() error {
	switch {
	case p.ended:
		p.unmatchedRight()
		return nil
	case p.batch == nil:
		b, err := p.join.probe.next(p.env, p.share)
		if err != nil {
			return err
		}
		if b != nil {
			return p.start(b)
		}
		p.ended = true
		p.ctx.Release()
		p.on.Release()
		if p.join.probers.Add(-1) == 0 && p.table.matched != nil {
			p.rest = 0
		}
		return nil
	case p.row >= p.batch.N:
		if p.hit != nil {
			p.unmatchedLeft()
		}
		p.batch = nil
		return nil
	case p.table.runs:
		return p.run()
	default:
		p.pairs()
		return p.emit()
	}
}

func (p *prober) start(b *vec.Batch) error {
	p.batch, p.row, p.at, p.heads = b, 0, notLooked, p.heads[:0]
	if p.join.keepProbe {
		p.hit = make([]bool, b.N)
	}
	if p.table.all {
		return nil
	}
	p.ctx.Settle()
	keys, err := evalAll(p.ctx, b, p.join.probe.keys)
	if err != nil {
		return err
	}
	p.heads = p.table.find(&p.look, keys, p.heads)
	return nil
}

// pairs lists the next candidate pairs of rows.
func (p *prober) pairs() {
	p.l, p.r = p.l[:0], p.r[:0]
	for p.row < p.batch.N && len(p.l) < pairChunk {
		switch {
		case p.at != notLooked:
		case !p.table.all:
			for p.row < p.batch.N-1 && p.heads[p.row] < 0 {
				p.row++
			}
			p.at = int(p.heads[p.row])
		case p.table.rows.N > 0:
			p.at = 0
		}
		for p.at != notLooked && len(p.l) < pairChunk {
			p.l, p.r = append(p.l, int32(p.row)), append(p.r, int32(p.at))
			p.at = p.table.following(p.at)
		}
		if p.at == notLooked {
			p.row++
		}
	}
}

// emit puts the listed pairs together that fulfil the conditions. What the conditions do not read is fetched for those alone.
func (p *prober) emit() error {
	if len(p.l) == 0 {
		return nil
	}
	b := &vec.Batch{N: len(p.l), Ord: p.batch.Ord, Cols: make([]*vec.Vec, len(p.onCols))}
	p.fetch(b, p.onCols)
	b, all, err := p.fulfilled(b)
	if err != nil || b.N == 0 {
		return err
	}
	if !all {
		p.l, p.r = pick(p.l, p.sel), pick(p.r, p.sel)
	}
	p.fetch(b, nil)
	if p.hit != nil {
		for _, l := range p.l {
			p.hit[l] = true
		}
	}
	if p.table.matched != nil {
		for _, r := range p.r {
			p.table.matched[r].Store(true)
		}
	}
	p.pending = b
	return nil
}

// fulfilled gives the rows of b that fulfil the conditions: all of them, or those of p.sel.
func (p *prober) fulfilled(b *vec.Batch) (out *vec.Batch, all bool, err error) {
	all = true
	for _, c := range p.join.On {
		p.on.Recycle()
		v, err := c.Eval(p.on, b)
		if err != nil {
			return nil, false, err
		}
		p.part = exprs.Selection(v, p.part[:0])
		if len(p.part) == b.N {
			continue
		}
		if b = b.Gather(p.part); all {
			p.sel, all = append(p.sel[:0], p.part...), false
		} else {
			p.sel = pick(p.sel, p.part)
		}
		if b.N == 0 {
			break
		}
	}
	return b, all, nil
}

// pick leaves the elements of s at sel, which ascends.
func pick(s, sel []int32) []int32 {
	for i, x := range sel {
		s[i] = s[x]
	}
	return s[:len(sel)]
}

// fetch gives b those columns of the listed pairs that it does not have yet, or, of them, those wanted. What nobody reads is NULL.
func (p *prober) fetch(b *vec.Batch, wanted []bool) {
	left, right := p.join.probe, p.join.build
	p.fetchSide(b, wanted, left, p.batch, p.l)
	p.fetchSide(b, wanted, right, p.table.rows, p.r)
}

func (p *prober) fetchSide(b *vec.Batch, wanted []bool, side *joinInput, from *vec.Batch, sel []int32) {
	for c, v := range from.Cols {
		i := side.at + c
		switch {
		case b.Cols[i] != nil || wanted != nil && !wanted[i] || v == nil:
		case wanted == nil && p.join.Unread != nil && p.join.Unread[i]:
			b.Cols[i] = vec.NewNull(v.Type, b.N)
		default:
			b.Cols[i] = v.Gather(sel)
		}
	}
}

// run pairs a left row with the next run of right rows. The left row is a batch of constants and the right rows are those of the table: nothing is copied.
func (p *prober) run() error {
	row, lo := p.row, max(0, p.at)
	hi := min(lo+pairChunk, p.table.rows.N)
	if p.at = hi; hi == p.table.rows.N {
		p.row, p.at = row+1, notLooked
	}
	right := p.table.rows.Slice(lo, hi)
	b := &vec.Batch{N: right.N, Ord: p.batch.Ord, Cols: make([]*vec.Vec, 0, len(p.onCols))}
	for _, c := range p.batch.Cols {
		b.Cols = append(b.Cols, repeated(c, row, right.N))
	}
	b.Cols = append(b.Cols, right.Cols...)
	b, all, err := p.fulfilled(b)
	if err != nil || b.N == 0 {
		return err
	}
	if p.hit != nil {
		p.hit[row] = true
	}
	if p.table.matched != nil {
		p.match(lo, b.N, all)
	}
	p.pending = b
	return nil
}

// match notes the n right rows of a run that begins at row first: the first ones, or those of p.sel.
func (p *prober) match(first, n int, all bool) {
	for i := range n {
		if !all {
			i = int(p.sel[i])
		}
		p.table.matched[first+i].Store(true)
	}
}

// repeated gives a vector whose n rows all are row i of v.
func repeated(v *vec.Vec, i, n int) *vec.Vec {
	switch {
	case v == nil:
		return nil
	case v.IsNull(i):
		return vec.NewNull(v.Type, n)
	case v.Const:
		return v.Resize(n)
	}
	from, at := v.Value(i)
	out := *from.Slice(at, at+1)
	out.Type, out.Valid, out.Const, out.N = v.Type, nil, true, n
	if len(out.Strs) > 0 && len(out.Strs[0]) > smallConst || len(out.Decs) > 0 && out.Decs[0].Large() {
		return out.Flat()
	}
	return &out
}

// unmatchedLeft gives the rows of the left batch without a partner, NULLs on the right.
func (p *prober) unmatchedLeft() {
	p.sel = p.sel[:0]
	for i, hit := range p.hit {
		if !hit {
			p.sel = append(p.sel, int32(i))
		}
	}
	p.pending = p.alone(p.join.probe, p.batch.Gather(p.sel), p.join.build)
}

// unmatchedRight gives the next of the right rows without a partner, NULLs on the left.
func (p *prober) unmatchedRight() {
	p.sel = p.sel[:0]
	for ; p.rest < len(p.table.matched) && len(p.sel) < pairChunk; p.rest++ {
		if !p.table.matched[p.rest].Load() {
			p.sel = append(p.sel, int32(p.rest))
		}
	}
	if p.rest == len(p.table.matched) {
		p.rest = -1
	}
	rows := p.table.rows.Gather(p.sel)
	rows.Ord = 1 << 63
	p.pending = p.alone(p.join.build, rows, p.join.probe)
}

// alone gives rows of one side with NULLs for the columns of the other.
func (p *prober) alone(side *joinInput, rows *vec.Batch, other *joinInput) *vec.Batch {
	out := &vec.Batch{N: rows.N, Ord: rows.Ord, Cols: make([]*vec.Vec, len(p.onCols))}
	copy(out.Cols[side.at:], rows.Cols)
	copy(out.Cols[other.at:], nulls(other.types, rows.N))
	return out
}

func nulls(types []arrowschema.Type, n int) []*vec.Vec {
	out := make([]*vec.Vec, len(types))
	for i, t := range types {
		out[i] = vec.NewNull(t, n)
	}
	return out
}
