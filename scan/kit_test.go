package scan_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/scan"
)

// The kit of these tests: inputs are random rows, cut into batches whose columns come in every form; every operator runs with batches of 1, 3 and 2048
// rows, by one worker and by four; and what it gives is compared with what a few plain lines of Go make of the same rows.

// row is a row of int64, string and nil.
type row []any

const null = "NULL"

// table is an input: rows of the given types.
type table struct {
	types []arrowschema.Type
	rows  []row
}

// randomTable makes n rows of int8 and text columns with few distinct values and NULLs.
func randomTable(r *rand.Rand, n int, types ...arrowschema.Type) *table {
	out := &table{types: types}
	for range n {
		var cells row
		for _, t := range types {
			switch {
			case r.IntN(6) == 0:
				cells = append(cells, nil)
			case t == arrowschema.Int8:
				cells = append(cells, int64(r.IntN(12)-4))
			default:
				cells = append(cells, []string{"", "a", "b", "flush", "compact", "é"}[r.IntN(6)])
			}
		}
		out.rows = append(out.rows, cells)
	}
	return out
}

// column gives column c of rows [lo, hi) in one of the forms that vectors have: flat, constant where it is one, dictionary-coded.
func (in *table) column(r *rand.Rand, c, lo, hi int) *vec.Vec {
	b, same := vec.NewBuilder(in.types[c], 0), true
	for _, cells := range in.rows[lo:hi] {
		appendCell(b, cells[c])
		same = same && cells[c] == in.rows[lo][c]
	}
	v := b.Vec()
	switch {
	case same && v.N > 0 && r.IntN(2) == 0:
		one := *v.Slice(0, 1)
		one.Const, one.N = true, v.N
		return &one
	case in.types[c] == arrowschema.Text && r.IntN(3) > 0:
		return coded(v, r.IntN(2) == 0)
	}
	return v
}

func appendCell(b *vec.Builder, x any) {
	switch x := x.(type) {
	case nil:
		b.AppendNull()
	case int64:
		b.AppendInt(x)
	case string:
		b.AppendString(x)
	}
}

// coded gives a flat vector dictionary-coded, NULLs in the dictionary or beside it.
func coded(v *vec.Vec, inside bool) *vec.Vec {
	codes, entries, seen := make([]uint16, v.N), vec.NewBuilder(v.Type, 0), map[string]uint16{}
	valid := vec.NewBitmap(v.N)
	for i := range v.N {
		if v.IsNull(i) && !inside {
			valid.Clear(i)
			continue
		}
		key := string(vec.AppendKey(nil, v, i))
		code, ok := seen[key]
		if !ok {
			code = uint16(entries.Len())
			seen[key] = code
			entries.AppendRow(v, i)
		}
		codes[i] = code
	}
	return vec.NewDict(codes, entries.Vec(), valid)
}

// source gives the rows in batches of at most size rows.
func (in *table) source(r *rand.Rand, size int) *pieces {
	p := &pieces{}
	for lo := 0; lo < len(in.rows); {
		hi := min(lo+1+r.IntN(size), len(in.rows))
		b := &vec.Batch{N: hi - lo, Ord: uint64(lo)}
		for c := range in.types {
			b.Cols = append(b.Cols, in.column(r, c, lo, hi))
		}
		p.batches = append(p.batches, b)
		lo = hi
	}
	return p
}

// pieces is a source of given batches, shared by as many streams as are asked for. before is called with the number of each batch.
type pieces struct {
	batches []*vec.Batch
	before  func(i int) error
}

type pieceStream struct {
	from *pieces
	env  *scan.Env
	next *atomic.Int64
}

func (p *pieces) Open(env *scan.Env, n int) ([]scan.Stream, error) {
	next, out := &atomic.Int64{}, make([]scan.Stream, n)
	for i := range out {
		out[i] = &pieceStream{p, env, next}
	}
	return out, nil
}

func (s *pieceStream) Next() (*vec.Batch, error) {
	i := int(s.next.Add(1) - 1)
	if i >= len(s.from.batches) {
		return nil, nil
	}
	if s.from.before != nil {
		if err := s.from.before(i); err != nil {
			return nil, err
		}
	}
	return s.from.batches[i], nil
}

// shape is how work is cut up.
type shape struct{ rows, workers int }

func (s shape) String() string { return fmt.Sprintf("%d rows, %d workers", s.rows, s.workers) }

func shapes() []shape {
	return []shape{{1, 1}, {3, 1}, {3, 4}, {vec.DefaultRows, 1}, {vec.DefaultRows, 4}}
}

func newEnv(s shape) *scan.Env {
	ctx := context.Background()
	return &scan.Env{
		Context: ctx, Workers: s.workers, BatchRows: s.rows, Memory: scan.NewBudget(0), Eval: exprs.NewCtx(ctx, 0, time.UTC), Counters: &scan.Counters{},
	}
}

// pull runs a source to its end by one stream, and gives its rows as text.
func pull(env *scan.Env, s scan.Source) ([]string, error) {
	streams, err := s.Open(env, 1)
	if err != nil {
		return nil, err
	}
	var out []string
	for {
		b, err := scan.Pull(env, streams[0])
		if err != nil || b == nil {
			return out, err
		}
		if b.N == 0 {
			return nil, fmt.Errorf("an empty batch")
		}
		out = append(out, lines(b)...)
	}
}

// lines gives the rows of a batch as text.
func lines(b *vec.Batch) []string {
	out := make([]string, b.N)
	for i := range out {
		for _, c := range b.Cols {
			if c.N != b.N {
				return []string{fmt.Sprintf("a column of %d rows in a batch of %d", c.N, b.N)}
			}
			if c.IsNull(i) {
				out[i] += null + "|"
			} else {
				out[i] += string(vec.AppendText(nil, c, i, time.UTC)) + "|"
			}
		}
	}
	return out
}

func (r row) String() string {
	out := ""
	for _, c := range r {
		if c == nil {
			out += null + "|"
		} else {
			out += fmt.Sprint(c) + "|"
		}
	}
	return out
}

func texts(rows []row) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.String()
	}
	return out
}

// requireRows compares, with the order or, for sorted true, without.
func requireRows(t *testing.T, want, got []string, anyOrder bool, args ...any) {
	t.Helper()
	if anyOrder {
		want, got = slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))
	}
	if len(want) == 0 {
		require.Empty(t, got, args...)
		return
	}
	require.Equal(t, want, got, args...)
}

func column(i int, t arrowschema.Type) *exprs.Column {
	return &exprs.Column{Index: i, T: t, Name: fmt.Sprint("c", i)}
}

// function calls an operator of the registry on arguments of exactly its types.
func function(t testing.TB, name string, args ...exprs.Expr) exprs.Expr {
next:
	for _, f := range registry().Funcs(name) {
		if len(f.Args) != len(args) {
			continue
		}
		for i, a := range args {
			if f.Args[i] != a.Type() {
				continue next
			}
		}
		c, err := exprs.NewCall(f, args)
		require.NoError(t, err)
		return c
	}
	t.Fatalf("no function %s", name)
	return nil
}

func intConst(x int64) exprs.Expr { return exprs.NewConst(vec.NewConst(arrowschema.Int8, x, 1)) }

func textConst(s string) exprs.Expr { return exprs.NewConst(vec.NewConst(arrowschema.Text, s, 1)) }

// registry is made once: it has thousands of entries.
var registry = sync.OnceValue(builtin.Registry)

const (
	integer = arrowschema.Int8
	str     = arrowschema.Text
)

// drain runs a source to its end and counts its rows.
func drain(env *scan.Env, s scan.Source) (int, error) {
	streams, err := s.Open(env, 1)
	if err != nil {
		return 0, err
	}
	for n := 0; ; {
		b, err := scan.Pull(env, streams[0])
		if err != nil || b == nil {
			return n, err
		}
		n += b.N
	}
}
