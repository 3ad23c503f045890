package parquetio

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// requireSamePresence compares which rows of two vectors are NULL.
func requireSamePresence(t require.TestingT, want, got *vec.Vec) {
	require.Equal(t, want.N, got.N)
	require.Equal(t, want.Type, got.Type)
	for i := range want.N {
		require.Equal(t, want.IsNull(i), got.IsNull(i), i)
	}
}

// Of pages of many blocks only the first tells which rows are NULL; the reader then reads values again.
func TestReadPresenceOfLongPages(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 5))
	d := oneColumn(arrowschema.Text, false, false)
	texts := vec.NewBuilder(arrowschema.Text, 0)
	for range 6000 {
		if r.IntN(5) == 0 {
			texts.AppendNull()
			continue
		}
		b := make([]byte, 50+r.IntN(300))
		for i := range b {
			b[i] = 'a' + byte(r.IntN(26))
		}
		texts.Append(vec.NewFlat(arrowschema.Text, []string{string(b)}, nil))
	}
	v := texts.Vec()
	f, _, _ := writeFile(t, d, &WriteOptions{PageRows: 2500}, &vec.Batch{N: v.N, Cols: []*vec.Vec{v}})
	reader := &ColumnReader{}
	require.NoError(t, reader.Open(f, 0, 0))
	for _, ranges := range [][]RowRange{nil, {{2, 3000}, {5998, 6000}}} {
		want, err := reader.Read(context.Background(), ranges)
		require.NoError(t, err)
		want = want.Gather(allOf(want.N)) // reading goes on in its memory
		got, err := reader.ReadPresence(context.Background(), ranges)
		require.NoError(t, err)
		require.NotNil(t, got.Dict)
		requireSamePresence(t, want, got)
		require.True(t, got.HasNulls())
	}
	_, err := (&ColumnReader{}).ReadPresence(context.Background(), nil)
	require.ErrorIs(t, err, errClosed)
}

func allOf(n int) []int32 { return appendRange(nil, RowRange{0, n}) }
