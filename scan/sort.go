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
	held     []piece
	rows     int
	reserved int64
	cutoff   *vec.Batch // the worst row worth keeping, when Limit rows are held
	hint     *topHint   // where the scan looks for it
}

// piece is some rows that are held.
type piece struct {
	*vec.Batch          // input columns followed by the keys
	ords       []uint64 // of the rows
}

func (s *Sort) compute(env *Env) (*vec.Batch, error) {
	hint := s.hintTo()
	lost := hint.spares(s.Input)
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
		total.held, total.rows = append(total.held, w.held...), total.rows+w.rows
	}
	if total.rows == 0 {
		return &vec.Batch{}, hint.settles(s.Input, lost, nil)
	}
	out, err := total.best(s.Limit, len(total.held[0].Cols)-len(s.Keys))
	if err != nil {
		return nil, err
	}
	return out.Batch, hint.settles(s.Input, lost, out.Batch)
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
	var ords []uint64
	if w.cutoff == nil {
		ords = make([]uint64, b.N)
		for i := range ords {
			ords[i] = b.Ord + uint64(i)
		}
	} else {
		sel := w.better(keyed)
		if len(sel) == 0 {
			return nil
		}
		keyed, ords = keyed.Gather(sel), make([]uint64, len(sel))
		for i, r := range sel {
			ords[i] = b.Ord + uint64(r)
		}
	}
	w.held, w.rows = append(w.held, piece{keyed, ords}), w.rows+keyed.N
	size := Bytes(keyed) + perRow*int64(keyed.N)
	w.reserved += size
	if err := w.env.Memory.Reserve(size); err != nil {
		return err
	}
	if limit := w.plan.Limit; limit >= 0 && limit <= maxTopN && int64(w.rows) > 2*limit+int64(w.env.BatchRows)*4 {
		return w.cut(limit)
	}
	return nil
}

// cut keeps the best limit rows.
func (w *sorter) cut(limit int64) error {
	kept, err := w.best(limit, len(w.held[0].Cols))
	if err != nil {
		return err
	}
	if w.held, w.rows = []piece{kept}, kept.N; kept.N == 0 {
		w.held = nil
	}
	w.env.Memory.Release(w.reserved)
	w.reserved = 0
	if int64(kept.N) == limit && limit > 0 {
		w.cutoff = kept.Slice(kept.N-1, kept.N)
		w.hint.offer(w.cutoff.Cols[len(w.cutoff.Cols)-len(w.plan.Keys)])
	}
	return nil
}

// best gives the first cols columns of the held rows in order, of no more than limit rows if that is not negative.
func (w *sorter) best(limit int64, cols int) (out piece, err error) {
	slices.SortFunc(w.held, func(a, b piece) int { return cmp.Compare(a.ords[0], b.ords[0]) })
	list, keys, ords := make([]*vec.Batch, len(w.held)), make([]*vec.Batch, len(w.held)), make([]uint64, 0, w.rows)
	for i, h := range w.held {
		list[i], ords = h.Batch, append(ords, h.ords...)
		keys[i] = &vec.Batch{N: h.N, Cols: h.Cols[len(h.Cols)-len(w.plan.Keys):]}
	}
	if err := w.env.Memory.Spare(together(keys) + rowSortBytes*int64(w.rows)); err != nil {
		return out, err
	}
	sorted, err := w.env.concat(keys[0].Cols, keys)
	if err != nil {
		return out, err
	}
	rows, err := newRowSorter(w.env, w.plan.Keys, sorted.Cols, ords)
	if err != nil {
		return out, err
	}
	order, err := rows.order()
	if err != nil {
		return out, err
	}
	if limit >= 0 && limit < int64(len(order)) {
		order = order[:limit]
	}
	if err := w.env.Memory.Spare(together(list) * int64(len(order)) / int64(w.rows)); err != nil {
		return out, err
	}
	out = piece{&vec.Batch{N: len(order), Cols: make([]*vec.Vec, cols)}, make([]uint64, len(order))}
	for i, r := range order {
		out.ords[i] = ords[r]
	}
	at := placesOf(list, order)
	return out, w.env.tasks(cols, func(i int) (err error) {
		out.Cols[i], err = gather(w.env, list, i, at)
		return err
	})
}

// better gives the rows that come before the cutoff row or tie with it.
func (w *sorter) better(b *vec.Batch) []int32 {
	first := len(b.Cols) - len(w.plan.Keys)
	key, limit, flip := b.Cols[first], w.cutoff.Cols[first], int64(0)
	if w.plan.Keys[0].Desc {
		flip = -1
	}
	var sel []int32
	if plainInts(key) && plainInts(limit) {
		sel = below(key.Ints[:b.N], flip, limit.Ints[0]^flip, 0)
	} else {
		sel = make([]int32, b.N)
		for i := range sel {
			sel[i] = int32(i)
		}
	}
	keys, n := w.comparators(b, w.cutoff), 0
next:
	for _, r := range sel {
		for _, k := range keys {
			c := k(int(r), 0)
			if c > 0 {
				continue next
			}
			if c < 0 {
				break
			}
		}
		sel[n], n = r, n+1
	}
	return sel[:n]
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
