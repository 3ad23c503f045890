package aggregates

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/kernels"
	"github.com/stoadb/stoa/exprs/vec"
)

// together is states that a Tally updates; by themselves where it does not.
type together struct {
	tally  Tally
	size   int
	states []exprs.State // of values, then those of rows
	values int
}

// newTogether makes sum, min, max, count of values and count of rows.
func newTogether(size int) *together {
	return newTogetherOf(size, false, &intSum{result: arrowschema.Numeric}, &intExtreme{t: arrowschema.Int8, bests: intBests{sign: -1}},
		&intExtreme{t: arrowschema.Int8, bests: intBests{sign: 1}}, &count{}, &count{})
}

// newTogetherInScale makes sum and max.
func newTogetherInScale(size int) *together {
	return newTogetherOf(size, true, &decSum{}, &extreme{t: arrowschema.Numeric, sign: 1, scaled: intBests{sign: 1}})
}

func newTogetherOf(size int, scaled bool, states ...exprs.State) *together {
	t := &together{size: size, states: states, values: len(states)}
	if !scaled {
		t.values--
		t.tally.IncludeRows(states[t.values])
	}
	for _, s := range states[:t.values] {
		t.tally.Include(s, scaled)
	}
	return t
}

func (s *together) update(t *rapid.T, in *rowsOfGroups, scale int) {
	s.tally.Grow(s.size)
	done, err := s.tally.Add(in.groups, in.keep, in.v, scale, in.n)
	require.NoError(t, err)
	for i, state := range s.states {
		if done {
			break
		}
		if scaled, ok := state.(exprs.ScaledState); ok {
			require.True(t, scaled.UpdateScaled(in.groups, in.keep, in.v, scale, in.n))
			continue
		}
		var args []*vec.Vec
		if i < s.values {
			args = []*vec.Vec{in.v}
		}
		require.NoError(t, state.(exprs.FilteredState).UpdateFiltered(in.groups, in.keep, args, in.n))
	}
}

// require compares the results with those of states that were updated one by one.
func (s *together) require(t *rapid.T, size int, wants ...exprs.State) {
	for i, want := range wants {
		a, err := want.Result(0, size)
		require.NoError(t, err)
		b, err := s.states[i].Result(0, size)
		require.NoError(t, err)
		for g := range size {
			require.Equal(t, a.IsNull(g), b.IsNull(g))
			require.True(t, a.IsNull(g) || vec.Compare(a, g, b, g) == 0, "state %d, group %d", i, g)
		}
	}
}

// A Tally takes what it is meant for: few groups, numbers of usual size. Otherwise the test above would compare nothing.
func TestTallyTakes(t *testing.T) {
	t.Parallel()
	v := vec.NewFlat(arrowschema.Int8, []int64{5, -7, 1 << 40}, nil)
	add := func(s *together, groups []uint32, keep []uint8, v *vec.Vec, scale int) bool {
		s.tally.Grow(s.size)
		done, err := s.tally.Add(groups, keep, v, scale, v.N)
		require.NoError(t, err)
		return done
	}
	require.True(t, add(newTogether(1), nil, nil, v, 0))
	require.True(t, add(newTogether(1), nil, []uint8{1, 0, 1}, v, 0))
	require.True(t, add(newTogether(someGroups), []uint32{0, someGroups - 1, exprs.NoGroup}, nil, v, 0))
	require.True(t, add(newTogetherInScale(1), nil, nil, v, 6))
	require.False(t, add(newTogether(someGroups+1), []uint32{0, 0, 0}, nil, v, 0))
	require.False(t, add(newTogether(1), nil, nil, vec.NewFlat(arrowschema.Int8, []int64{1 << 62, 1 << 62}, nil), 0))
	s := newTogetherInScale(1)
	require.True(t, add(s, nil, nil, v, 6))
	require.False(t, add(s, nil, nil, v, 3))
	require.False(t, (&Tally{}).Include(&decSum{}, false))
	require.False(t, (&Tally{}).Include(&intSum{}, true))
}

// Batches long enough for the kernels, few groups, masks and NULLs beside each other: sums alone, extremes alone, both.
func TestTallyOfLongBatches(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		groups, n := rapid.SampledFrom([]int{0, 1, 6, 7, kernels.MaxGroups, kernels.MaxGroups + 1}).Draw(t, "groups"), rapid.IntRange(200, 1500).Draw(t, "rows")
		size, high := max(1, groups), rapid.SampledFrom([]int64{3, 1 << 40, 1 << 51, 1 << 61}).Draw(t, "high")
		masked, nulls := rapid.Bool().Draw(t, "masked"), rapid.SampledFrom([]string{"none", "some", "left out"}).Draw(t, "nulls")
		in := rowsOfGroups{n: n, v: vec.New(arrowschema.Int8, n)}
		if masked {
			in.keep = make([]uint8, n)
		}
		if groups > 0 {
			in.groups = make([]uint32, n)
		}
		for i := range n {
			kept := !masked || r.IntN(3) > 0
			if in.v.Ints[i] = r.Int64N(2*high) - high; masked && kept {
				in.keep[i] = 1
			}
			if groups > 0 {
				if in.groups[i] = uint32(r.IntN(groups)); !kept {
					in.groups[i] = exprs.NoGroup
				}
			}
			if nulls == "some" && r.IntN(4) == 0 || nulls == "left out" && !kept {
				in.v.SetNull(i)
			}
		}
		sum, low, values, rows := &intSum{result: arrowschema.Numeric}, &intExtreme{t: arrowschema.Int8, bests: intBests{sign: -1}}, &count{}, &count{}
		for _, s := range []exprs.State{sum, low, values, rows} {
			s.Grow(size)
		}
		in.each(func(g int, x int64, null bool) { // row by row
			one, to := vec.NewFlat(arrowschema.Int8, []int64{x}, nil), []uint32{uint32(g)}
			require.NoError(t, rows.Update(to, nil, 1))
			if !null {
				require.NoError(t, sum.Update(to, []*vec.Vec{one}, 1))
				require.NoError(t, low.Update(to, []*vec.Vec{one}, 1))
				require.NoError(t, values.Update(to, []*vec.Vec{one}, 1))
			}
		})
		all := newTogether(size)
		sums := newTogetherOf(size, false, &intSum{result: arrowschema.Numeric}, &count{}, &count{})
		extremes := newTogetherOf(size, false, &intExtreme{t: arrowschema.Int8, bests: intBests{sign: -1}}, &count{}, &count{})
		for _, s := range []*together{all, sums, extremes} {
			s.update(t, &in, 0)
		}
		all.require(t, size, sum, low)
		sums.require(t, size, sum, values, rows)
		extremes.require(t, size, low, values, rows)
	})
}

func BenchmarkTally(b *testing.B) {
	const n = 8192
	values, groups, keep := make([]int64, n), make([]uint32, n), make([]uint8, n)
	for i := range n {
		values[i], groups[i] = int64(i)*1000003%(1<<40), uint32(i*7%6)
		if keep[i] = uint8(i * 11 % 3 & 1); keep[i] == 0 && i%2 == 0 {
			groups[i] = exprs.NoGroup
		}
	}
	v := vec.NewFlat(arrowschema.Int8, values, nil)
	for name, groups := range map[string][]uint32{"few groups": groups, "masked": nil} {
		b.Run("sum min max count of "+name, func(b *testing.B) {
			s := newTogether(6)
			s.tally.Grow(6)
			b.ReportAllocs()
			b.SetBytes(8 * n)
			for b.Loop() {
				if ok, err := s.tally.Add(groups, keep, v, 0, n); err != nil || !ok {
					b.Fatal(ok, err)
				}
			}
		})
	}
}
