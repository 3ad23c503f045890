package exprs_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// chain joins texts as they come.
type chain struct{ groups []strings.Builder }

func (c *chain) Grow(n int) {
	for len(c.groups) < n {
		c.groups = append(c.groups, strings.Builder{})
	}
}

func (c *chain) Update(groups []uint32, args []*vec.Vec, n int) error {
	for i := range n {
		c.groups[groups[i]].WriteString(args[0].Strs[args[0].At(i)])
	}
	return nil
}

func (c *chain) Merge(exprs.State, []uint32) error { panic("the rows are merged, not the states") }

func (c *chain) Result(lo, hi int) (*vec.Vec, error) {
	b := vec.NewBuilder(arrowschema.Text, hi-lo)
	for i := lo; i < hi; i++ {
		b.AppendString(c.groups[i].String())
	}
	return b.Vec(), nil
}

func (c *chain) Bytes() int64 { return 0 }

func TestSorted(t *testing.T) {
	t.Parallel()
	agg := exprs.Sorted(&exprs.Aggregate{Name: "chain", New: func() exprs.State { return &chain{} }}, 1, []exprs.AggregateOrder{{Desc: true}, {NullsFirst: true}})
	require.True(t, agg.Ordered)
	rows := func(values string, first []int64, second []int64, valid vec.Bitmap) []*vec.Vec {
		return []*vec.Vec{
			vec.NewFlat(arrowschema.Text, strings.Split(values, ""), nil), vec.NewFlat(arrowschema.Int8, first, nil), vec.NewFlat(arrowschema.Int8, second, valid),
		}
	}
	one, two := agg.New(), agg.New()
	one.Grow(2)
	require.NoError(t, one.Update([]uint32{0, 1, 0, 0}, rows("abcd", []int64{1, 5, 2, 1}, []int64{9, 0, 0, 3}, nil), 4))
	valid := vec.NewBitmap(2)
	valid.Set(1)
	two.Grow(2)
	require.NoError(t, two.Update([]uint32{0, 1}, rows("ef", []int64{1, 1}, []int64{0, 1}, valid), 2))
	require.NoError(t, one.Merge(two, []uint32{0, 2})) // the second group of two is the third of one
	require.NoError(t, one.Merge(agg.New(), nil))
	for _, span := range [][2]int{{0, 4}, {0, 2}, {2, 4}} {
		v, err := one.Result(span[0], span[1])
		require.NoError(t, err)
		// By the first key descending; then the second ascending, NULL before all.
		require.Equal(t, []string{"ceda", "b", "f", ""}[span[0]:span[1]], v.Strs)
	}
	empty, err := agg.New().Result(0, 1)
	require.NoError(t, err)
	require.Equal(t, []string{""}, empty.Strs)
	require.Positive(t, one.Bytes())
}

func TestSortedOneGroup(t *testing.T) {
	t.Parallel()
	agg := exprs.Sorted(&exprs.Aggregate{New: func() exprs.State { return &chain{} }}, 1, []exprs.AggregateOrder{{}})
	s := agg.New()
	s.Grow(1)
	args := []*vec.Vec{vec.NewFlat(arrowschema.Text, []string{"z", "a", "m"}, nil), vec.NewFlat(arrowschema.Text, []string{"z", "a", "m"}, nil)}
	require.NoError(t, s.Update(nil, args, 3))
	require.NoError(t, s.Update(nil, []*vec.Vec{vec.NewConst(arrowschema.Text, "b", 2), vec.NewConst(arrowschema.Text, "b", 2)}, 2))
	v, err := s.Result(0, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"abbmz"}, v.Strs)
}

// Of more rows than are sorted at once those with equal keys stay as they came, and a statement that has ended ends the sort.
func TestSortedManyRows(t *testing.T) {
	t.Parallel()
	const rows, keys = 20000, 7
	agg := exprs.Sorted(&exprs.Aggregate{New: func() exprs.State { return &chain{} }}, 1, []exprs.AggregateOrder{{}})
	texts, numbers, want := make([]string, rows), make([]int64, rows), make([]string, keys)
	for i := range rows {
		key := i * i % keys
		texts[i], numbers[i] = string(rune('a'+i*7919%26)), int64(key)
		want[key] += texts[i]
	}
	args := []*vec.Vec{vec.NewFlat(arrowschema.Text, texts, nil), vec.NewFlat(arrowschema.Int8, numbers, nil)}
	s := agg.New()
	require.NoError(t, s.Update(nil, args, rows))
	v, err := s.Result(0, 1)
	require.NoError(t, err)
	require.Equal(t, strings.Join(want, ""), v.Strs[0])

	ended, cancel := context.WithCancel(context.Background())
	s = agg.New()
	s.(exprs.Guarded).Guard(&exprs.Ctx{Context: ended})
	require.NoError(t, s.Update(nil, args, rows))
	cancel()
	_, err = s.Result(0, 1)
	require.Error(t, err)
}
