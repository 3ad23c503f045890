package scan

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// JoinKind is the kind of a join.
type JoinKind uint8

// The kinds of joins.
const (
	Inner JoinKind = iota
	Left
	Right
	Full
)

// Join joins two inputs. The right one is read whole into a hash table; the left one streams through it. Without keys every pair is tried.
type Join struct {
	Kind                JoinKind
	Left, Right         Source
	LeftKeys, RightKeys []exprs.Expr // pairwise of the same types
	On                  []exprs.Expr // further conditions, on the columns of both
	LeftTypes           []arrowschema.Type
	RightTypes          []arrowschema.Type
}

// pairChunk bounds the pairs that are put together at once, so that a key with many rows on both sides holds little memory.
const pairChunk = 4096

// joinTable is the right input: rows with equal keys are chained.
type joinTable struct {
	rows    *vec.Batch
	heads   map[string]int32
	next    []int32 // the following row with the same key, or -1
	all     bool    // there are no keys: every row matches
	matched []atomic.Bool
}

// Open implements Source.
func (j *Join) Open(env *Env, n int) ([]Stream, error) {
	left, err := j.Left.Open(env, n)
	if err != nil {
		return nil, err
	}
	var once sync.Once
	var table *joinTable
	var buildErr error
	build := func() (*joinTable, error) {
		once.Do(func() {
			defer recovered(&buildErr)
			table, buildErr = j.build(env)
		})
		return table, buildErr
	}
	var open atomic.Int32
	open.Store(int32(len(left)))
	out := make([]Stream, len(left))
	for i, s := range left {
		out[i] = &prober{join: j, env: env, ctx: env.Eval.Fork(), in: s, build: build, open: &open}
	}
	return out, nil
}

// build reads the right input into a table.
func (j *Join) build(env *Env) (*joinTable, error) {
	streams, err := j.Right.Open(env, 1)
	if err != nil {
		return nil, err
	}
	var list []*vec.Batch
	for {
		b, err := Pull(env, streams[0])
		if err != nil {
			return nil, err
		}
		if b == nil {
			break
		}
		if err := env.Memory.Reserve(Bytes(b)); err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	if err := env.Memory.Spare(together(list)); err != nil {
		return nil, err
	}
	protos := make([]*vec.Vec, len(j.RightTypes))
	for i, t := range j.RightTypes {
		protos[i] = &vec.Vec{Type: t}
	}
	rows, err := env.concat(protos, list)
	if err != nil {
		return nil, err
	}
	t := &joinTable{rows: rows, all: len(j.RightKeys) == 0}
	if j.Kind == Right || j.Kind == Full {
		t.matched = make([]atomic.Bool, t.rows.N)
	}
	if t.all {
		return t, nil
	}
	return t, t.index(env, j.RightKeys)
}

// index chains the rows by key, in their order. A row with a NULL in its key matches nothing.
func (t *joinTable) index(env *Env, keys []exprs.Expr) error {
	cols, err := evalAll(env.Eval.Fork(), t.rows, keys)
	if err != nil {
		return err
	}
	t.heads, t.next = make(map[string]int32, min(t.rows.N, 1<<16)), make([]int32, t.rows.N)
	bytes := int64(t.rows.N) * 4
	var key []byte
	for i := t.rows.N - 1; i >= 0; i-- {
		if i%sortRun == 0 {
			if err := env.cancelled(); err != nil {
				return err
			}
			if err := env.Memory.Reserve(bytes); err != nil {
				return err
			}
			bytes = 0
		}
		var ok bool
		if key, ok = joinKey(key, cols.Cols, i); !ok {
			continue
		}
		head, found := t.heads[string(key)]
		if !found {
			head = -1
			bytes += int64(len(key)) + 64 // the map's entry and string
		}
		t.next[i], t.heads[string(key)] = head, int32(i)
	}
	return env.Memory.Reserve(bytes)
}

// joinKey gives the key of a row, and false when part of it is NULL.
func joinKey(key []byte, cols []*vec.Vec, i int) ([]byte, bool) {
	key = key[:0]
	for _, c := range cols {
		if c.IsNull(i) {
			return key, false
		}
		key = vec.AppendKey(key, c, i)
	}
	return key, true
}

// prober streams the left input through the table.
type prober struct {
	join  *Join
	env   *Env
	ctx   *exprs.Ctx
	in    Stream
	build func() (*joinTable, error)
	open  *atomic.Int32 // streams that have not ended: the last one gives the right rows that nothing matched
	table *joinTable

	batch   *vec.Batch // the left batch at hand
	keys    []*vec.Vec
	row     int   // its next row
	chain   int32 // the next right row to pair with it; -2: not looked up yet
	hit     []bool
	key     []byte
	pending []*vec.Batch
	ended   bool
}

const notLooked = -2

// Next implements Stream.
func (p *prober) Next() (*vec.Batch, error) {
	if p.table == nil {
		t, err := p.build()
		if err != nil {
			return nil, err
		}
		p.table = t
	}
	for {
		if len(p.pending) > 0 {
			b := p.pending[0]
			p.pending = p.pending[1:]
			if b.N > 0 {
				return b, nil
			}
			continue
		}
		if p.ended {
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
	if p.batch == nil {
		b, err := p.in.Next()
		if err != nil {
			return err
		}
		if b == nil {
			p.ended = true
			p.ctx.Release()
			if p.open.Add(-1) == 0 && p.table.matched != nil {
				p.pending = append(p.pending, p.unmatchedRight())
			}
			return nil
		}
		return p.start(b)
	}
	l, r := p.pairs()
	if err := p.emit(l, r); err != nil {
		return err
	}
	if p.row >= p.batch.N {
		if p.join.Kind == Left || p.join.Kind == Full {
			p.pending = append(p.pending, p.unmatchedLeft())
		}
		p.batch = nil
	}
	return nil
}

func (p *prober) start(b *vec.Batch) error {
	p.ctx.Settle()
	keys, err := evalAll(p.ctx, b, p.join.LeftKeys)
	if err != nil {
		return err
	}
	p.batch, p.keys, p.row, p.chain, p.hit = b, keys.Cols, 0, notLooked, make([]bool, b.N)
	return nil
}

// pairs gives the next candidate pairs of rows.
func (p *prober) pairs() (l, r []int32) {
	for p.row < p.batch.N && len(l) < pairChunk {
		if p.chain == notLooked {
			p.chain = p.firstMatch()
		}
		for p.chain >= 0 && len(l) < pairChunk {
			l, r = append(l, int32(p.row)), append(r, p.chain)
			p.chain = p.following(p.chain)
		}
		if p.chain < 0 {
			p.row, p.chain = p.row+1, notLooked
		}
	}
	return l, r
}

func (p *prober) firstMatch() int32 {
	if p.table.all {
		if p.table.rows.N == 0 {
			return -1
		}
		return 0
	}
	key, ok := joinKey(p.key, p.keys, p.row)
	p.key = key
	if !ok {
		return -1
	}
	if head, found := p.table.heads[string(key)]; found {
		return head
	}
	return -1
}

func (p *prober) following(r int32) int32 {
	if !p.table.all {
		return p.table.next[r]
	}
	if r+1 < int32(p.table.rows.N) {
		return r + 1
	}
	return -1
}

// emit puts pairs together and keeps those that fulfil the further conditions.
func (p *prober) emit(l, r []int32) error {
	if len(l) == 0 {
		return nil
	}
	b := p.combine(p.batch.Gather(l).Cols, p.table.rows.Gather(r).Cols, len(l))
	for _, c := range p.join.On {
		v, err := c.Eval(p.ctx, b)
		if err != nil {
			return err
		}
		sel := exprs.Selection(v, nil)
		if len(sel) == b.N {
			continue
		}
		b, l, r = b.Gather(sel), pick(l, sel), pick(r, sel)
		if b.N == 0 {
			return nil
		}
	}
	for i := range l {
		p.hit[l[i]] = true
		if p.table.matched != nil {
			p.table.matched[r[i]].Store(true)
		}
	}
	p.pending = append(p.pending, b)
	return nil
}

func pick(s, sel []int32) []int32 {
	out := make([]int32, len(sel))
	for i, x := range sel {
		out[i] = s[x]
	}
	return out
}

func (p *prober) combine(l, r []*vec.Vec, n int) *vec.Batch {
	return &vec.Batch{N: n, Ord: p.batch.Ord, Cols: append(slices.Clone(l), r...)}
}

// unmatchedLeft gives the left rows without a partner, NULLs on the right.
func (p *prober) unmatchedLeft() *vec.Batch {
	var sel []int32
	for i, hit := range p.hit {
		if !hit {
			sel = append(sel, int32(i))
		}
	}
	return p.combine(p.batch.Gather(sel).Cols, nulls(p.join.RightTypes, len(sel)), len(sel))
}

// unmatchedRight gives the right rows without a partner, NULLs on the left.
func (p *prober) unmatchedRight() *vec.Batch {
	var sel []int32
	for i := range p.table.matched {
		if !p.table.matched[i].Load() {
			sel = append(sel, int32(i))
		}
	}
	cols := append(nulls(p.join.LeftTypes, len(sel)), p.table.rows.Gather(sel).Cols...)
	return &vec.Batch{N: len(sel), Ord: 1 << 63, Cols: cols}
}

func nulls(types []arrowschema.Type, n int) []*vec.Vec {
	out := make([]*vec.Vec, len(types))
	for i, t := range types {
		out[i] = vec.NewNull(t, n)
	}
	return out
}
