package scan

import (
	"cmp"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// SortKey is one key of an order.
type SortKey struct {
	Expr       exprs.Expr
	Desc       bool
	NullsFirst bool
}

// Sort orders its input, stable with respect to the order of a single worker. With a Limit that is not negative it gives only the first Limit rows and
// holds little more than those: a top-N.
type Sort struct {
	Input Source
	Keys  []SortKey
	Limit int64
}

// maxTopN bounds the limits for which the best rows are kept by repeated selection: above it the rows held between two selections are no longer few, and all
// are sorted once. The bound is reasoned, not measured.
const maxTopN = 1 << 16

// Open implements Source.
func (s *Sort) Open(env *Env, _ int) ([]Stream, error) {
	var out Stream
	var held int64
	return []Stream{streamFunc(func() (*vec.Batch, error) {
		if out == nil {
			b, err := s.compute(env)
			if err != nil {
				return nil, err
			}
			held = Bytes(b)
			if err := env.Memory.Reserve(held); err != nil {
				return nil, err
			}
			if out = chop(b, env.BatchRows); b.N == 0 {
				out = batches(nil)
			}
		}
		b, err := out.Next()
		if b == nil {
			env.Memory.Release(held)
			held = 0
		}
		return b, err
	})}, nil
}

// perRow is the memory of a row's place, in bytes, beside its values: when the places of all workers are put together they are there twice.
const perRow = 16

// sorter is the rows that one worker holds.
type sorter struct {
	plan     *Sort
	env      *Env
	ctx      *exprs.Ctx
	held     []*vec.Batch // input columns followed by the keys
	ords     []uint64     // of the held rows
	rows     int
	reserved int64
	cutoff   *vec.Batch // the worst row worth keeping, when Limit rows are held
	hint     *topHint   // where the scan looks for it
}

func (s *Sort) compute(env *Env) (*vec.Batch, error) {
	hint := s.hintTo()
	streams, err := s.Input.Open(env, env.Workers)
	if err != nil {
		return nil, err
	}
	workers := make([]*sorter, len(streams))
	for i := range workers {
		workers[i] = &sorter{plan: s, env: env, ctx: env.Eval.Fork(), hint: hint}
	}
	defer func() {
		for _, w := range workers {
			env.Memory.Release(w.reserved)
			w.ctx.Release()
		}
	}()
	if err := env.each(streams, func(i int, b *vec.Batch) error { return workers[i].add(b) }); err != nil {
		return nil, err
	}
	total := workers[0]
	for _, w := range workers[1:] {
		total.held, total.ords, total.rows = append(total.held, w.held...), append(total.ords, w.ords...), total.rows+w.rows
	}
	if total.rows == 0 {
		return &vec.Batch{}, nil
	}
	out, err := total.sorted()
	if err != nil {
		return nil, err
	}
	out.Cols = out.Cols[:len(out.Cols)-len(s.Keys)]
	return out, nil
}

// add takes a batch in.
func (w *sorter) add(b *vec.Batch) error {
	w.ctx.Settle()
	keyed := &vec.Batch{N: b.N, Ord: b.Ord, Cols: slices.Clone(b.Cols)}
	for _, k := range w.plan.Keys {
		v, err := k.Expr.Eval(w.ctx, b)
		if err != nil {
			return err
		}
		keyed.Cols = append(keyed.Cols, v)
	}
	ords := make([]uint64, b.N)
	for i := range ords {
		ords[i] = b.Ord + uint64(i)
	}
	if w.cutoff != nil {
		sel := w.better(keyed)
		if len(sel) == 0 {
			return nil
		}
		keyed = keyed.Gather(sel)
		for i, r := range sel {
			ords[i] = ords[r]
		}
		ords = ords[:len(sel)]
	}
	w.held, w.ords, w.rows = append(w.held, keyed), append(w.ords, ords...), w.rows+keyed.N
	size := Bytes(keyed) + perRow*int64(keyed.N)
	w.reserved += size
	if err := w.env.Memory.Reserve(size); err != nil {
		return err
	}
	if limit := w.plan.Limit; limit >= 0 && limit <= maxTopN && int64(w.rows) > 2*limit+int64(w.env.BatchRows)*4 {
		return w.cut(int(limit))
	}
	return nil
}

// cut keeps the best limit rows.
func (w *sorter) cut(limit int) error {
	b, err := w.all()
	if err != nil {
		return err
	}
	order, err := w.order(b)
	if err != nil {
		return err
	}
	order = order[:min(limit, len(order))]
	kept := b.Gather(order)
	ords := make([]uint64, len(order))
	for i, r := range order {
		ords[i] = w.ords[r]
	}
	w.held, w.ords, w.rows = []*vec.Batch{kept}, ords, kept.N
	w.env.Memory.Release(w.reserved)
	w.reserved = 0
	if kept.N == limit && limit > 0 {
		w.cutoff = kept.Slice(limit-1, limit)
		w.hint.offer(w.cutoff.Cols[len(w.cutoff.Cols)-len(w.plan.Keys)])
	}
	return nil
}

// all puts the held batches together.
func (w *sorter) all() (*vec.Batch, error) {
	if len(w.held) > 1 {
		if err := w.env.Memory.Spare(together(w.held)); err != nil {
			return nil, err
		}
		b, err := w.env.concat(w.held[0].Cols, w.held)
		if err != nil {
			return nil, err
		}
		var before int64
		for _, h := range w.held {
			before += Bytes(h)
		}
		w.held = []*vec.Batch{b}
		if grown := Bytes(b) - before; grown > 0 { // dictionary-coded text is so no more
			w.reserved += grown
			if err := w.env.Memory.Reserve(grown); err != nil {
				return nil, err
			}
		}
	}
	return w.held[0], nil
}

// order gives the held rows in order.
func (w *sorter) order(b *vec.Batch) ([]int32, error) {
	keys := w.comparators(b, b)
	order := make([]int32, b.N)
	for i := range order {
		order[i] = int32(i)
	}
	return w.env.sortRows(order, func(x, y int32) int {
		for _, k := range keys {
			if c := k(int(x), int(y)); c != 0 {
				return c
			}
		}
		if c := cmp.Compare(w.ords[x], w.ords[y]); c != 0 {
			return c
		}
		return cmp.Compare(x, y)
	})
}

// sorted gives all held rows in order, no more than the limit.
func (w *sorter) sorted() (*vec.Batch, error) {
	b, err := w.all()
	if err != nil {
		return nil, err
	}
	order, err := w.order(b)
	if err != nil {
		return nil, err
	}
	if l := w.plan.Limit; l >= 0 && l < int64(len(order)) {
		order = order[:l]
	}
	if err := w.env.Memory.Spare(Bytes(b) + 8*int64(b.N)); err != nil {
		return nil, err
	}
	out := &vec.Batch{N: len(order), Cols: make([]*vec.Vec, len(b.Cols))}
	return out, w.env.tasks(len(b.Cols)-len(w.plan.Keys), func(i int) error {
		out.Cols[i] = b.Cols[i].Gather(order)
		return nil
	})
}

// better gives the rows that come before the cutoff row or tie with it.
func (w *sorter) better(b *vec.Batch) []int32 {
	keys := w.comparators(b, w.cutoff)
	sel := make([]int32, 0, b.N)
next:
	for i := 0; i < b.N; i++ {
		for _, k := range keys {
			c := k(i, 0)
			if c > 0 {
				continue next
			}
			if c < 0 {
				break
			}
		}
		sel = append(sel, int32(i))
	}
	return sel
}

// comparators compares row i of a with row j of b by each key.
func (w *sorter) comparators(a, b *vec.Batch) []func(i, j int) int {
	first := len(a.Cols) - len(w.plan.Keys)
	out := make([]func(i, j int) int, len(w.plan.Keys))
	for k, key := range w.plan.Keys {
		out[k] = comparator(a.Cols[first+k], b.Cols[first+k], key)
	}
	return out
}

// comparator compares by one key, with a short way for integers without NULLs.
func comparator(a, b *vec.Vec, key SortKey) func(i, j int) int {
	sign, null := 1, 1
	if key.Desc {
		sign = -1
	}
	if key.NullsFirst {
		null = -1
	}
	if plainInts(a) && plainInts(b) {
		x, y := a.Ints, b.Ints
		return func(i, j int) int { return sign * cmp.Compare(x[i], y[j]) }
	}
	return func(i, j int) int {
		switch ni, nj := a.IsNull(i), b.IsNull(j); {
		case ni && nj:
			return 0
		case ni:
			return null
		case nj:
			return -null
		}
		return sign * vec.Compare(a, i, b, j)
	}
}

func plainInts(v *vec.Vec) bool {
	return v.Type.Physical() == arrowschema.Ints && v.Dict == nil && !v.Const && v.Valid == nil
}
