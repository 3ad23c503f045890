package aggregates

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// orderedSets makes ordered-set aggregates of a type that keep their values together: a mode, and percentiles of both directions.
func orderedSets(t arrowschema.Type) []*orderedSet {
	list := []*orderedSet{
		{mode: true, rank: rank{order: exprs.AggregateOrder{Desc: true}}}, {mode: true}, {rank: rank{fraction: 0.5}}, {rank: rank{fraction: 0.9}},
		{rank: rank{fraction: 0.25, order: exprs.AggregateOrder{Desc: true}}}, {rank: rank{null: true}},
	}
	for i, s := range list {
		s.t = t
		newOrderedSet(s, newKept(t, false))
		if i > 0 {
			s.Share(list[0])
		}
	}
	return list
}

// naive gives what s is of sorted values.
func naive(s *orderedSet, values []int64) (int64, bool) {
	if s.null || len(values) == 0 {
		return 0, false
	}
	values = slices.Clone(values)
	slices.Sort(values)
	if !s.mode {
		if s.order.Desc {
			slices.Reverse(values)
		}
		return values[max(int(math.Ceil(s.fraction*float64(len(values)))), 1)-1], true
	}
	count := map[int64]int{}
	for _, x := range values {
		count[x]++
	}
	return slices.MaxFunc(values, func(a, b int64) int {
		tie := cmp.Compare(b, a)
		if s.order.Desc {
			tie = -tie
		}
		return cmp.Or(cmp.Compare(count[a], count[b]), tie)
	}), true
}

// input is a batch of values in one of the forms in which a state may get them.
type input struct {
	v      *vec.Vec // of the type
	scaled *vec.Vec // or integers; nil when they are not offered
	scale  int
	groups []uint32
	keep   []uint8
	seen   [][]int64 // by group, what the state is to see
}

func drawInput(t *rapid.T, typ arrowschema.Type, groups int) input {
	n := rapid.IntRange(1, 400).Draw(t, "n")
	in := input{v: vec.New(typ, n), seen: make([][]int64, groups), keep: make([]uint8, n)}
	ints := vec.New(arrowschema.Int8, n)
	if in.scale = 2; rapid.IntRange(0, 5).Draw(t, "other scale") == 0 {
		in.scale = 3
	}
	few := rapid.Int64Range(1, 1000).Draw(t, "few")
	masked := rapid.Bool().Draw(t, "masked")
	for i := range n {
		x := (int64(i)*7919 + few) % few
		g := i * 31 % 7 % groups
		if in.keep[i] = 1; masked && i%3 == 0 {
			in.keep[i] = 0
		}
		ints.Ints[i] = x
		switch in.groups = append(in.groups, uint32(g)); typ {
		case arrowschema.Int8:
			in.v.Ints[i] = x
		case arrowschema.Float8:
			in.v.Floats[i] = float64(x)
		case arrowschema.Text:
			in.v.Strs[i] = textOf(x)
		default:
			in.v.Decs[i] = decimal.New(x, in.scale)
			if in.scale == 3 {
				x *= 10 // as all are compared: in thousandths
			}
			if in.scale == 2 {
				x *= 100
			}
		}
		if i%11 == 0 {
			in.v.SetNull(i)
			ints.SetNull(i)
		} else if in.keep[i] == 1 {
			in.seen[g] = append(in.seen[g], x)
		}
		if in.keep[i] == 0 {
			in.groups[i] = exprs.NoGroup
		}
	}
	if groups == 1 {
		in.groups = nil
	}
	if typ == arrowschema.Numeric && rapid.Bool().Draw(t, "scaled") {
		in.scaled = ints
	}
	if typ == arrowschema.Text && rapid.Bool().Draw(t, "coded") {
		in.v = coded(in.v, few)
	}
	return in
}

// textOf gives texts in the order of numbers; of some the first eight bytes are the same.
func textOf(x int64) string { return fmt.Sprintf("%06d of many", x/4) + strings.Repeat("!", int(x%4)) }

// coded gives texts as a dictionary of the first few has them.
func coded(v *vec.Vec, few int64) *vec.Vec {
	dict, codes, at := []string(nil), make([]uint16, v.N), map[string]uint16{}
	for x := range few {
		at[textOf(x)] = uint16(x)
		dict = append(dict, textOf(x))
	}
	for i, s := range v.Strs {
		codes[i] = at[s]
	}
	return vec.NewDict(codes, vec.NewFlat(arrowschema.Text, dict, nil), v.Valid)
}

// Values that came in any form to several workers are put together to the percentiles and modes of them all.
func TestOrderedSets(t *testing.T) {
	t.Parallel()
	for _, typ := range []arrowschema.Type{arrowschema.Int8, arrowschema.Float8, arrowschema.Text, arrowschema.Numeric} {
		rapid.Check(t, func(t *rapid.T) {
			groups := rapid.IntRange(1, 4).Draw(t, "groups")
			workers, seen := [][]*orderedSet{orderedSets(typ), orderedSets(typ)}, make([][]int64, groups)
			for _, w := range workers {
				for range rapid.IntRange(0, 4).Draw(t, "batches") {
					in := drawInput(t, typ, groups)
					for g := range seen {
						seen[g] = append(seen[g], in.seen[g]...)
					}
					w[0].Grow(groups)
					n := in.v.N
					if in.scaled != nil && w[0].UpdateScaled(in.groups, in.keep, in.scaled, in.scale, n) {
						continue
					}
					require.NoError(t, w[0].UpdateFiltered(in.groups, in.keep, []*vec.Vec{in.v}, n))
				}
			}
			into := make([]uint32, groups)
			for g := range into {
				into[g] = uint32(g)
			}
			for i, s := range workers[0] {
				s.Grow(groups)
				require.NoError(t, s.Merge(workers[1][i], into))
			}
			for _, s := range workers[0] {
				requireNaive(t, s, seen)
			}
		})
	}
}

func requireNaive(t require.TestingT, s *orderedSet, seen [][]int64) {
	got, err := s.Result(0, len(seen))
	require.NoError(t, err)
	for g, values := range seen {
		want, ok := naive(s, values)
		require.Equal(t, ok, !got.IsNull(g))
		if !ok {
			continue
		}
		switch s.t {
		case arrowschema.Int8:
			require.Equal(t, want, got.Ints[g])
		case arrowschema.Float8:
			require.Equal(t, float64(want), got.Floats[g])
		case arrowschema.Text:
			require.Equal(t, textOf(want), got.Strs[g])
		default:
			require.Zero(t, decimal.Cmp(decimal.New(want, 4), got.Decs[g]))
		}
	}
}
