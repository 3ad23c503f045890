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

// Join joins two inputs. The right one is read whole into a hash table; the left one streams through it. Without keys every pair is tried.
type Join struct {
	Kind                JoinKind
	Left, Right         Source
	LeftKeys, RightKeys []exprs.Expr // pairwise of the same types
	On                  []exprs.Expr // further conditions, on the columns of both
	LeftTypes           []arrowschema.Type
	RightTypes          []arrowschema.Type
}

// joinTable is the right input: rows with equal keys are chained.
type joinTable struct {
	rows    *vec.Batch
	heads   joinHeads
	next    []int32 // the following row with the same key, or -1
	all     bool    // there are no keys: every row matches
	runs    bool    // there are no keys, and enough rows for prober.run
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
		out[i] = j.newProber(env, s, build, func() bool { return open.Add(-1) == 0 })
	}
	return out, nil
}

// build reads the right input into a table.
func (j *Join) build(env *Env) (*joinTable, error) {
	streams, err := j.Right.Open(env, 1)
	if err != nil {
		return nil, err
	}
	const headers = 256 // bytes of a batch or vector beside its values
	var list []*vec.Batch
	count := 0
	for {
		b, err := Pull(env, streams[0])
		if err != nil {
			return nil, err
		}
		if b == nil {
			break
		}
		if count += b.N; len(b.Cols) == 0 {
			continue
		}
		if err := env.Memory.Reserve(Bytes(b) + headers*int64(1+len(b.Cols))); err != nil {
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
	rows.N = count // also when there are no columns
	t := &joinTable{rows: rows, all: len(j.RightKeys) == 0}
	if j.Kind == Right || j.Kind == Full {
		if err := env.Memory.Reserve(int64(rows.N) * 4); err != nil {
			return nil, err
		}
		t.matched = make([]atomic.Bool, rows.N)
	}
	if !t.all {
		return t, t.index(env, j.RightKeys)
	}
	t.runs = rows.N >= min(runRows, env.BatchRows)
	return t, nil
}

// index chains the rows by key, in their order. A row with a NULL in its key matches nothing.
func (t *joinTable) index(env *Env, keys []exprs.Expr) error {
	ctx := env.Eval.Fork()
	defer ctx.Release()
	cols, err := evalAll(ctx, t.rows, keys)
	if err != nil {
		return err
	}
	held := int64(t.rows.N) * 4
	for i, k := range keys {
		if _, ok := k.(*exprs.Column); !ok {
			held += exprs.Bytes(cols.Cols[i])
		}
	}
	if err := env.Memory.Reserve(held); err != nil {
		return err
	}
	t.next, t.heads = make([]int32, t.rows.N), newJoinHeads(keys, cols)
	grown := env.growing(t.heads.bytes)
	for hi := t.rows.N; hi > 0; hi -= sortRun {
		if err := env.cancelled(); err != nil {
			return err
		}
		lo := max(0, hi-sortRun)
		if err := grown.ahead(t.heads.growth(hi - lo)); err != nil {
			return err
		}
		t.heads.add(lo, hi, t.next)
	}
	return grown.ahead(0)
}
