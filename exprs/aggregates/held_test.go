package aggregates

import (
	"context"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// meter counts what is reserved, and refuses what is beyond its limit.
type meter struct{ taken, limit int64 }

func (m *meter) Reserve(n int64) error {
	if m.taken += n; m.taken > m.limit {
		return sqlstate.New(sqlstate.OutOfMemory, "out of memory")
	}
	return nil
}

func (m *meter) Release(n int64) { m.taken -= n }

// A state that grows to megabytes says what it holds, asks for each batch's part of it before, and for its result.
func TestGrowingStatesAreCounted(t *testing.T) {
	t.Parallel()
	const rows, batches = 2048, 100
	require.EqualValues(t, memberBytes, unsafe.Sizeof(member{}))
	texts, comma, docs := vec.New(arrowschema.Text, rows), vec.NewConst(arrowschema.Text, ",", rows), vec.New(arrowschema.JSONB, rows)
	for i := range rows {
		texts.Strs[i], docs.Strs[i] = strings.Repeat("k", i%50), `{"a": "`+strings.Repeat("v", i%50)+`"}`
	}
	str, arr, obj := &stringAgg{}, &arrayAgg{}, &objectAgg{}
	for _, c := range []struct {
		state exprs.Guarded
		args  []*vec.Vec
		held  func() int64
	}{
		{str, []*vec.Vec{texts, comma}, func() int64 { return int64(str.groups[0].text.Held()) }},
		{arr, []*vec.Vec{docs}, func() int64 { return int64(arr.groups[0].Held()) }},
		{obj, []*vec.Vec{texts, docs}, func() (n int64) {
			for _, p := range obj.groups[0].pieces() {
				n += int64(cap(p)) * memberBytes
			}
			return n
		}},
	} {
		ctx, m := &exprs.Ctx{Context: context.Background()}, &meter{limit: 1 << 30}
		ctx.Memory = m
		c.state.Guard(ctx)
		c.state.Grow(1)
		for range batches {
			before := c.held()
			require.NoError(t, c.state.Update(nil, c.args, rows))
			grown := c.held() - before
			require.LessOrEqual(t, grown, m.taken+64<<10, "%T asks", c.state)
			require.LessOrEqual(t, grown, int64(2<<20), "%T takes no more than a piece at once", c.state)
			ctx.Settle()
		}
		require.LessOrEqual(t, c.held(), c.state.Bytes(), "%T", c.state)
		require.Greater(t, c.held(), int64(4<<20), "%T", c.state)
		m.limit = 4 << 20
		_, err := c.state.Result(0, 1)
		require.Equal(t, sqlstate.OutOfMemory, sqlstate.CodeOf(err), "%T", c.state)
	}
}
