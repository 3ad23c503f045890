package scan

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// requireUnion checks the union of tables whose keys were first seen at some places, with some looks.
func requireUnion(t *testing.T, env *Env, tables []*groupTable, first []map[string]uint64, looks []map[string]string) {
	t.Helper()
	want, look := map[string]uint64{}, map[string]string{}
	for i := range tables {
		for key, f := range first[i] {
			if g, ok := want[key]; !ok || f < g {
				want[key], look[key] = f, looks[i][key]
			}
		}
	}
	for n := 1; n <= len(tables); n++ {
		u, err := env.unite(tables[:n])
		require.NoError(t, err)
		order, err := u.order(env)
		require.NoError(t, err)
		cols, err := u.columns(env, order)
		require.NoError(t, err)
		if order == nil {
			for g := range int32(u.size()) {
				order = append(order, g)
			}
		}
		place := make([]int, u.size())
		for at, g := range order {
			place[g] = at
		}
		held := 0
		for i, table := range tables[:n] {
			values := table.values()
			for g := range table.size() {
				require.Equal(t, keyText(values, g), keyText(cols, place[u.number(i, g)]))
				if u.holds(i, g) {
					held++
				}
			}
		}
		require.Equal(t, u.size(), held)
		if n < len(tables) {
			continue
		}
		require.Equal(t, len(want), u.size())
		seen := make([]uint64, len(order))
		for at := range order {
			key := keyText(cols, at)
			seen[at] = u.first[order[at]]
			require.Equal(t, want[key], seen[at])
			require.Equal(t, look[key], looksOf(cols, at))
		}
		require.True(t, slices.IsSorted(seen))
	}
}

// Unions of many groups are those of one table that saw all rows, whatever the number of workers; a cancelled one fails.
func TestGroupUnion(t *testing.T) {
	t.Parallel()
	const rows = 3*sortRun + 100
	for _, typ := range []arrowschema.Type{arrowschema.Text, arrowschema.UUID, arrowschema.Int8} {
		for _, workers := range []int{1, 2, 5} {
			r := rand.New(rand.NewPCG(uint64(workers), 3))
			env := &Env{Context: context.Background(), Workers: workers, BatchRows: 1024, Memory: &Budget{}}
			one, tables := newGroupTable([]arrowschema.Type{typ}), make([]*groupTable, workers)
			for i := range tables {
				tables[i] = newGroupTable([]arrowschema.Type{typ})
			}
			for lo := 0; lo < rows; lo += 1000 {
				keys := []*vec.Vec{manyKeys(r, typ, rows)}
				one.lookup(keys[0].N, uint64(lo), keys, nil)
				tables[r.IntN(workers)].lookup(keys[0].N, uint64(lo), keys, nil)
			}
			u, err := env.unite(tables)
			require.NoError(t, err)
			require.Equal(t, u.bytes, env.Memory.Used())
			order, err := u.order(env)
			require.NoError(t, err)
			cols, err := u.columns(env, order)
			require.NoError(t, err)
			want := one.values()
			require.Equal(t, one.size(), u.size())
			for g := range one.size() {
				if keyText(want, g) != keyText(cols, g) {
					t.Fatalf("%v, %d workers: group %d", typ, workers, g)
				}
			}
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			env.Context = ctx
			_, err = env.unite(tables)
			require.Error(t, err)
		}
	}
}

// manyKeys gives 1000 values of which most are seen once.
func manyKeys(r *rand.Rand, typ arrowschema.Type, distinct int) *vec.Vec {
	b := vec.NewBuilder(typ, 0)
	for range 1000 {
		x := r.IntN(distinct)
		switch {
		case x%97 == 0:
			b.AppendNull()
		case typ == arrowschema.Int8:
			b.AppendInt(int64(x))
		case typ == arrowschema.UUID:
			b.AppendUUID([16]byte{byte(x), byte(x >> 8), byte(x >> 16), 15: byte(x)})
		default:
			b.AppendString(fmt.Sprintf("%0*d", x%30, x))
		}
	}
	return b.Vec()
}

// Texts of one hash, to the half that slots hold, are told apart when they are looked up and none is entered.
func TestSeek(t *testing.T) {
	t.Parallel()
	const a, b, c = "the first of the texts", "the second of the texts", "the third of the texts"
	table := &textTable{}
	for i, s := range []string{a, b} {
		table.findHashed(s, 7<<32, uint32(i))
	}
	require.Equal(t, uint32(0), table.seek(a, 7<<32))
	require.Equal(t, uint32(1), table.seek(b, 7<<32))
	require.Equal(t, uint32(noGroup), table.seek(c, 7<<32))
	require.Equal(t, uint32(noGroup), (&textTable{}).seek(c, 7<<32))
}

// BenchmarkGroupUnion unites the tables of two workers, 300,000 groups each of which a third are common, and puts the groups in order.
func BenchmarkGroupUnion(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	env := &Env{Context: context.Background(), Workers: 2, BatchRows: 1024, Memory: &Budget{}}
	tables := []*groupTable{newGroupTable([]arrowschema.Type{arrowschema.UUID}), newGroupTable([]arrowschema.Type{arrowschema.UUID})}
	for ord := uint64(0); min(tables[0].size(), tables[1].size()) < 300_000; ord += 1000 {
		tables[ord/1000%2].lookup(1000, ord, []*vec.Vec{manyKeys(r, arrowschema.UUID, 1_000_000)}, nil)
	}
	for b.Loop() {
		u, err := env.unite(tables)
		require.NoError(b, err)
		order, err := u.order(env)
		require.NoError(b, err)
		_, err = u.columns(env, order)
		require.NoError(b, err)
	}
}
