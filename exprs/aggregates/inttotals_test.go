package aggregates

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// rowsOfGroups is input for a state that leaves rows out.
type rowsOfGroups struct {
	groups []uint32 // nil for one group
	keep   []uint8  // nil for all rows, if there are no groups
	v      *vec.Vec
	n      int
}

func drawRows(t *rapid.T, groups int) rowsOfGroups {
	in := rowsOfGroups{n: rapid.IntRange(0, 300).Draw(t, "rows")}
	size := rapid.SampledFrom([]int64{3, 1 << 20, 1 << 53, 1 << 60, math.MaxInt64}).Draw(t, "size")
	in.v = vec.New(arrowschema.Int8, in.n)
	for i := range in.n {
		in.v.Ints[i] = rapid.Int64Range(-size, size).Draw(t, "value")
	}
	if rapid.Bool().Draw(t, "nulls") {
		for i := range in.n {
			if rapid.IntRange(0, 3).Draw(t, "null") == 0 {
				in.v.SetNull(i)
			}
		}
	}
	if groups > 0 {
		in.groups = make([]uint32, in.n)
		for i := range in.groups {
			if in.groups[i] = uint32(rapid.IntRange(0, groups-1).Draw(t, "group")); rapid.IntRange(0, 4).Draw(t, "out") == 0 {
				in.groups[i] = exprs.NoGroup
			}
		}
	} else if rapid.Bool().Draw(t, "mask") {
		in.keep = make([]uint8, in.n)
		for i := range in.keep {
			in.keep[i] = uint8(rapid.IntRange(0, 1).Draw(t, "keep"))
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "constant") == 0 && in.n > 0 {
		in.v = in.v.Slice(0, 1).Gather([]int32{0})
		in.v.Const, in.v.N = true, in.n
	}
	return in
}

// each calls fn for the rows that count.
func (in *rowsOfGroups) each(fn func(g int, x int64, null bool)) {
	for i := range in.n {
		g := 0
		if in.groups != nil {
			if in.groups[i] == exprs.NoGroup {
				continue
			}
			g = int(in.groups[i])
		} else if in.keep != nil && in.keep[i] == 0 {
			continue
		}
		fn(g, in.v.Ints[in.v.At(i)], in.v.IsNull(i))
	}
}

// Sums, counts and extremes of integers in their loops are those of a plain loop: few groups and many, none, NULLs, rows left out, values that overflow 64
// bits, batch after batch; and so are those in scaled form.
func TestIntegerLoops(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.SampledFrom([]int{0, 1, 5, laneGroups, laneGroups + 40, someGroups + 10}).Draw(t, "groups")
		size := max(1, groups)
		sums, counts, rows := make([]*big.Int, size), make([]int64, size), make([]int64, size)
		lowest, highest := make([]int64, size), make([]int64, size)
		for i := range sums {
			sums[i] = new(big.Int)
		}
		sum, rowCount, valueCount := &intSum{result: arrowschema.Numeric}, &count{}, &count{}
		low, high := &intExtreme{t: arrowschema.Int8, bests: intBests{sign: -1}}, &intExtreme{t: arrowschema.Int8, bests: intBests{sign: 1}}
		total := &decSum{}
		most := &extreme{t: arrowschema.Numeric, sign: 1, scaled: intBests{sign: 1}}
		states := []exprs.FilteredState{sum, valueCount, low, high}
		together, inScale := newTogether(size), newTogetherInScale(size)
		for range rapid.IntRange(1, 3).Draw(t, "batches") {
			in := drawRows(t, groups)
			in.each(func(g int, x int64, null bool) {
				if rows[g]++; null {
					return
				}
				if counts[g] == 0 {
					lowest[g], highest[g] = x, x
				}
				lowest[g], highest[g] = min(lowest[g], x), max(highest[g], x)
				sums[g].Add(sums[g], big.NewInt(x))
				counts[g]++
			})
			rowCount.Grow(size)
			total.Grow(size)
			most.Grow(size)
			require.NoError(t, rowCount.UpdateFiltered(in.groups, in.keep, nil, in.n))
			for _, s := range states {
				s.Grow(size)
				require.NoError(t, s.UpdateFiltered(in.groups, in.keep, []*vec.Vec{in.v}, in.n))
			}
			require.True(t, total.UpdateScaled(in.groups, in.keep, in.v, 6, in.n))
			require.True(t, most.UpdateScaled(in.groups, in.keep, in.v, 6, in.n))
			require.False(t, total.UpdateScaled(in.groups, in.keep, in.v, 3, in.n))
			together.update(t, &in, 0)
			inScale.update(t, &in, 6)
		}
		together.require(t, size, sum, low, high, valueCount, rowCount)
		inScale.require(t, size, total, most)
		got := map[string]*vec.Vec{}
		for name, s := range map[string]exprs.State{"sum": sum, "values": valueCount, "rows": rowCount, "low": low, "high": high, "total": total, "most": most} {
			v, err := s.Result(0, size)
			require.NoError(t, err)
			got[name] = v
		}
		for g := range size {
			require.Equal(t, rows[g], got["rows"].Ints[g])
			require.Equal(t, counts[g], got["values"].Ints[g])
			require.Equal(t, counts[g] == 0, got["sum"].IsNull(g))
			require.Equal(t, counts[g] == 0, got["most"].IsNull(g))
			if counts[g] == 0 {
				continue
			}
			require.Equal(t, sums[g].String(), got["sum"].Decs[g].String())
			require.Equal(t, lowest[g], got["low"].Ints[g])
			require.Equal(t, highest[g], got["high"].Ints[g])
			want, err := decimal.FromBig(sums[g], 6)
			require.NoError(t, err)
			require.Equal(t, want.String(), got["total"].Decs[g].String())
			require.Equal(t, decimal.New(highest[g], 6).String(), got["most"].Decs[g].String())
		}
	})
}

// What came in scaled form and what did not is one sum, before and after merging.
func TestScaledAndPlain(t *testing.T) {
	t.Parallel()
	build := func(scaledTo int, values ...int64) *decSum {
		s := &decSum{avg: true}
		s.Grow(1)
		require.True(t, s.UpdateScaled(nil, nil, vec.NewFlat(arrowschema.Int8, values, nil), scaledTo, len(values)))
		require.NoError(t, s.Update(nil, []*vec.Vec{vec.NewFlat(arrowschema.Numeric, []decimal.Dec{decimal.New(5, 1)}, nil)}, 1))
		return s
	}
	a, b := build(6, 1_000_000, 2_000_000), build(3, 4000)
	require.NoError(t, a.Merge(b, []uint32{0}))
	v, err := a.Result(0, 1)
	require.NoError(t, err)
	require.Equal(t, "1.6000000000000000", v.Decs[0].String()) // (1 + 2 + 4 + 0.5 + 0.5) / 5
}

func BenchmarkIntegerStates(b *testing.B) {
	const n = 8192
	values, few, many, keep := make([]int64, n), make([]uint32, n), make([]uint32, n), make([]uint8, n)
	for i := range n {
		values[i], few[i], many[i] = int64(i)*1000003%(1<<40), uint32(i*7%6), uint32(i*7919%50000)
		if keep[i] = uint8(i * 11 % 3 & 1); keep[i] == 0 && i%2 == 0 {
			few[i] = exprs.NoGroup
		}
	}
	v := vec.NewFlat(arrowschema.Int8, values, nil)
	for name, groups := range map[string][]uint32{"few groups": few, "many groups": many, "masked": nil} {
		for kind, s := range map[string]exprs.FilteredState{
			"sum": &intSum{result: arrowschema.Numeric}, "count": &count{}, "max": &intExtreme{t: arrowschema.Int8, bests: intBests{sign: 1}},
		} {
			size := 50000
			if name != "many groups" {
				size = 6
			}
			s.Grow(size)
			b.Run(kind+" "+name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(8 * n)
				for b.Loop() {
					if err := s.UpdateFiltered(groups, keep, []*vec.Vec{v}, n); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
