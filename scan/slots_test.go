package scan

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// A table that grows keeps its entries, and one whose growth is cut short is as it was.
func TestGrowth(t *testing.T) {
	t.Parallel()
	const n = 40_000
	words, texts, shorts := &wordTable{}, &textTable{}, &shortTable{}
	long := func(i uint32) string { return "a text of more than 16 bytes " + strconv.Itoa(int(i)) }
	short := func(i uint32) string { return "s" + strconv.Itoa(int(i)) }
	for i := range uint32(n) {
		words.find(uint64(i)*7919, i)
		texts.find(long(i), i)
		shorts.find(short(i), i)
	}
	stop, asked := errors.New("stop"), 0
	watch := func() error {
		if asked++; asked%3 == 0 {
			return stop
		}
		return nil
	}
	size := len(words.slots)
	require.GreaterOrEqual(t, size, largeTable)
	require.ErrorIs(t, words.grow(watch), stop)
	require.ErrorIs(t, texts.grow(watch), stop)
	require.ErrorIs(t, shorts.grow(watch), stop)
	require.Equal(t, size, len(words.slots))
	for range 2 {
		lost := 0
		for i := range uint32(n) {
			w, freshWord := words.find(uint64(i)*7919, n)
			x, freshText := texts.find(long(i), n)
			if w != i || x != i || freshWord || freshText || shorts.known(short(i)) != i {
				lost++
			}
		}
		require.Zero(t, lost)
		require.NoError(t, words.grow(unwatched))
		require.NoError(t, texts.grow(unwatched))
		require.NoError(t, shorts.grow(unwatched))
		size *= 2
		require.Equal(t, size, len(words.slots))
	}
}

// Large tables grow before they have to, and not when the statement has been cancelled.
func TestMakeRoom(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	env := &Env{Context: ctx}
	table := newGroupTable([]arrowschema.Type{arrowschema.Int8, arrowschema.Int8})
	ids := make([]int64, largeTable/2-500)
	for i := range ids {
		ids[i] = int64(i)
	}
	v := vec.NewFlat(arrowschema.Int8, ids, nil)
	table.lookup(len(ids), 0, []*vec.Vec{v, v}, nil)
	slots := func() [3]int {
		return [3]int{len(table.cols[0].words.slots), len(table.cols[1].words.slots), len(table.pairs[0].table.slots)}
	}
	before := slots()
	require.Equal(t, [3]int{1 << 18, 1 << 18, 1 << 18}, before)
	require.NoError(t, table.makeRoom(env, 1000))
	require.Equal(t, before, slots())
	cancel()
	require.Error(t, table.makeRoom(env, largeTable))
	require.Equal(t, before, slots())
	env.Context = context.Background()
	require.NoError(t, table.makeRoom(env, largeTable))
	require.Equal(t, [3]int{1 << 19, 1 << 19, 1 << 19}, slots())
	for i, g := range table.lookup(len(ids), 0, []*vec.Vec{v, v}, nil) {
		require.Equal(t, uint32(i), g)
	}
}

// A log gives what was appended, NULLs included, over any number of parts.
func TestValueLog(t *testing.T) {
	t.Parallel()
	log := newValueLog(arrowschema.Int8)
	for i := range 2*logPart + 5 {
		if i%1000 == 3 {
			log.tail().AppendNull()
		} else {
			log.tail().AppendInt(int64(i))
		}
		if i > 2 && i < logPart-1 || i%5000 > 0 && i != logPart && i != 2*logPart {
			continue
		}
		v := log.vector()
		require.Equal(t, i+1, v.N)
		require.Equal(t, i+1, log.n)
		wrong := 0
		for j := range v.N {
			if v.IsNull(j) != (j%1000 == 3) || !v.IsNull(j) && v.Ints[j] != int64(j) {
				wrong++
			}
		}
		require.Zero(t, wrong)
	}
}
