package exprs_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// benchExprs are conditions as the contract's queries have them, on columns of text (0: flat, 1: dictionary-coded) and bigint (2, 3: one with NULLs).
func benchExprs(t testing.TB) map[string]exprs.Expr {
	calls := 0
	fns := testFuncs(&calls)
	ints := exprs.OrderedComparisons[int64](arrowschema.Int8, arrowschema.Int8)
	flat, coded, n, m := col(0, arrowschema.Text), col(1, arrowschema.Text), col(2, arrowschema.Int8), col(3, arrowschema.Int8)
	isFlush, large, less := call(t, fns["="], coded, textConst("a")), call(t, &ints[4], n, intConst(500)), call(t, &ints[2], n, m)
	list := []*exprs.Const{textConst("a"), textConst("z")}
	return map[string]exprs.Expr{
		"text = const":       call(t, fns["="], flat, textConst("a")),
		"coded text = const": isFlush,
		"bigint > const":     large,
		"bigint < bigint":    less,
		"and":                &exprs.And{Args: []exprs.Expr{isFlush, large}},
		"or":                 &exprs.Or{Args: []exprs.Expr{isFlush, less}},
		"in":                 exprs.NewIn(flat, list, false),
		"coded in":           exprs.NewIn(coded, list, false),
		"is null":            &exprs.IsNull{Arg: m},
		"case":               &exprs.Case{Whens: []exprs.Expr{large}, Thens: []exprs.Expr{n}, Else: m, T: arrowschema.Int8},
		"coalesce":           &exprs.Coalesce{Args: []exprs.Expr{m, n}, T: arrowschema.Int8},
	}
}

func benchBatch(rows int) *vec.Batch {
	r := rand.New(rand.NewPCG(12, 12))
	flat, n, m := vec.New(arrowschema.Text, rows), vec.New(arrowschema.Int8, rows), vec.New(arrowschema.Int8, rows)
	codes := make([]uint16, rows)
	for i := range rows {
		flat.Strs[i], codes[i], n.Ints[i], m.Ints[i] = words[r.IntN(4)], uint16(r.IntN(4)), r.Int64N(1000), r.Int64N(1000)
		if i%8 == 0 {
			m.SetNull(i)
		}
	}
	return &vec.Batch{N: rows, Cols: []*vec.Vec{flat, vec.NewDict(codes, texts("a", "k", "none", "z"), nil), n, m}}
}

// Evaluation allocates per batch, not per row.
func TestAllocations(t *testing.T) {
	const few, many = 1024, 16384 // slices of some words are on the stack
	for name, e := range benchExprs(t) {
		allocs := func(rows int) float64 {
			b, ctx := benchBatch(rows), newCtx()
			return testing.AllocsPerRun(20, func() {
				_, err := e.Eval(ctx, b)
				require.NoError(t, err)
			})
		}
		require.LessOrEqual(t, allocs(many), allocs(few)+1, name)
	}
}

func BenchmarkEval(b *testing.B) {
	batch := benchBatch(vec.DefaultRows)
	for name, e := range benchExprs(b) {
		b.Run(name, func(b *testing.B) {
			ctx := newCtx()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Eval(ctx, batch); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(batch.N), "ns/row")
		})
	}
}
