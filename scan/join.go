package scan

import (
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

// Join joins two inputs. One is read whole into a hash table, the right one unless it turns out to be much the larger; the other streams through it. Without
// keys every pair is tried, and the right one is read whole.
type Join struct {
	Kind                JoinKind
	Left, Right         Source
	LeftKeys, RightKeys []exprs.Expr // pairwise of the same types
	On                  []exprs.Expr // further conditions, on the columns of both
	LeftTypes           []arrowschema.Type
	RightTypes          []arrowschema.Type
	// Unread are output columns that nobody reads, which then are NULL; nil when all are read.
	Unread []bool
}

// joining is a join that was opened.
type joining struct {
	*Join
	env         *Env
	left, right joinInput

	once    sync.Once
	err     error
	probers atomic.Int32 // that have not ended

	// What the sides are, once the table is built.
	probe, build *joinInput
	table        *joinTable
	keepProbe    bool // a row of the streaming side without a partner is given out
	keepBuilt    bool
}

// joinInput is an input of a join: where its columns stand in the output, and what was read of it.
type joinInput struct {
	source  Source
	keys    []exprs.Expr
	types   []arrowschema.Type
	at      int
	streams []Stream
	read    [][]*vec.Batch // by stream
	done    []bool         // by stream, whether it has ended
	rows    atomic.Int64   // that were read
	ended   bool
}

// Open implements Source.
func (j *Join) Open(env *Env, n int) ([]Stream, error) {
	b := &joining{
		Join: j, env: env,
		left:  joinInput{source: j.Left, keys: j.LeftKeys, types: j.LeftTypes},
		right: joinInput{source: j.Right, keys: j.RightKeys, types: j.RightTypes, at: len(j.LeftTypes)},
	}
	b.probers.Store(int32(n))
	out := make([]Stream, n)
	for i := range out {
		out[i] = b.newProber(i, n)
	}
	return out, nil
}

// ready decides which side is built, and builds it, when the first stream is pulled.
func (b *joining) ready(n int) error {
	b.once.Do(func() {
		defer recovered(&b.err)
		b.err = b.prepare(n)
	})
	return b.err
}

func (b *joining) prepare(n int) error {
	swap, err := b.leftIsBuilt(n)
	if err != nil {
		return err
	}
	b.probe, b.build = &b.left, &b.right
	b.keepProbe, b.keepBuilt = b.Kind == Left || b.Kind == Full, b.Kind == Right || b.Kind == Full
	if swap {
		b.probe, b.build = b.build, b.probe
		b.keepProbe, b.keepBuilt = b.keepBuilt, b.keepProbe
	}
	if b.table, err = b.buildTable(n); err != nil {
		return err
	}
	return b.probe.open(b.env, n)
}

// buildTable reads the rest of the side that is built into a table.
func (b *joining) buildTable(n int) (*joinTable, error) {
	env, in := b.env, b.build
	if err := in.pull(env, n, everything); err != nil {
		return nil, err
	}
	list := in.inOrder()
	if err := env.Memory.Spare(together(list)); err != nil {
		return nil, err
	}
	protos := make([]*vec.Vec, len(in.types))
	for i, t := range in.types {
		protos[i] = &vec.Vec{Type: t}
	}
	rows, err := env.concat(protos, list)
	if err != nil {
		return nil, err
	}
	rows.N = int(in.rows.Load()) // also when there are no columns
	t := &joinTable{rows: rows, all: len(in.keys) == 0}
	if b.keepBuilt {
		if err := env.Memory.Reserve(int64(rows.N) * 4); err != nil {
			return nil, err
		}
		t.matched = make([]atomic.Bool, rows.N)
	}
	if !t.all {
		return t, t.index(env, in.keys)
	}
	t.runs = rows.N >= min(runRows, env.BatchRows)
	return t, nil
}
