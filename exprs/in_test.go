package exprs_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// IN of short and of long lists, with the filter and without, finds what looking at each value of the list finds.
func TestInManyValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom([]arrowschema.Type{arrowschema.Int8, arrowschema.UUID, arrowschema.Text}).Draw(t, "type")
		value := rapid.Int64Range(0, 400)
		draw := func(name string, most int) *vec.Vec {
			b := vec.NewBuilder(typ, 0)
			for _, n := range rapid.SliceOfN(rapid.OneOf(value, value, value, rapid.Just(int64(-1))), 0, most).Draw(t, name) {
				switch {
				case n < 0:
					b.AppendNull()
				case typ == arrowschema.Int8:
					b.AppendInt(n)
				case typ == arrowschema.UUID:
					b.AppendUUID([16]byte{3: byte(n), 12: byte(n >> 8)})
				default:
					b.AppendString(string(rune('a' + n)))
				}
			}
			return b.Vec()
		}
		list, rows := draw("list", 150), draw("rows", 100)
		negated := rapid.Bool().Draw(t, "negated")
		ctx := &exprs.Ctx{Context: context.Background()}
		in, err := exprs.NewInMany(ctx, &exprs.Column{Index: 0, T: typ}, list, negated)
		require.NoError(t, err)
		got, err := in.Eval(ctx, &vec.Batch{N: rows.N, Cols: []*vec.Vec{rows}})
		require.NoError(t, err)
		for i := range rows.N {
			found, null := false, rows.IsNull(i) && list.N > 0
			for j := range list.N {
				if list.IsNull(j) {
					null = true
				} else if !rows.IsNull(i) && vec.Compare(rows, i, list, j) == 0 {
					found = true
				}
			}
			if rows.IsNull(i) {
				require.True(t, got.IsNull(i))
				continue
			}
			require.Equal(t, null && !found, got.IsNull(i), "row %d", i)
			if !got.IsNull(i) {
				require.Equal(t, found != negated, got.Bools[got.At(i)], "row %d", i)
			}
		}
	})
}
