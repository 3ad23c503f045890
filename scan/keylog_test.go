package scan

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// Tables that log their keys, from the start or from the middle on, settled now and then, are united with each other and with those that do not as if all had
// looked their keys up.
func TestKeyLog(t *testing.T) {
	t.Parallel()
	all := []arrowschema.Type{arrowschema.Text, arrowschema.Int8, arrowschema.Float8, arrowschema.UUID, arrowschema.JSONB, arrowschema.Timestamp, arrowschema.Numeric, arrowschema.Interval}
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 10))
		env := &Env{Context: context.Background(), Workers: 1 + r.IntN(3), BatchRows: 3, Memory: &Budget{}}
		types := make([]arrowschema.Type, 1+r.IntN(3))
		for i := range types {
			types[i] = all[r.IntN(len(all))]
		}
		tables, first, looks := make([]*groupTable, 1+r.IntN(3)), []map[string]uint64(nil), []map[string]string(nil)
		for i := range tables {
			tables[i] = newGroupTable(types)
			first, looks = append(first, map[string]uint64{}), append(looks, map[string]string{})
		}
		down := r.IntN(4) == 0 // later batches come before
		for batch := range uint64(12) {
			ord := 1000 * batch
			if down {
				ord = 100_000 - ord
			}
			n := 1 + r.IntN(300)
			keys, keep := make([]*vec.Vec, len(types)), []uint8(nil)
			for i := range keys {
				keys[i] = keyOf(r, types[i], n, nil)
			}
			if r.IntN(2) == 0 {
				keep = make([]uint8, n)
				for i := range keep {
					keep[i] = uint8(r.IntN(2))
				}
			}
			at := r.IntN(len(tables))
			table := tables[at]
			switch {
			case table.log == nil && r.IntN(3) == 0:
				table.beginLog()
			case table.log != nil && r.IntN(4) == 0:
				u, err := table.settle(env)
				require.NoError(t, err)
				env.Memory.Release(u.bytes)
			}
			groups := table.lookup(n, ord, keys, keep)
			values := table.values()
			for i, g := range groups {
				if keep != nil && keep[i] == 0 {
					require.Equal(t, uint32(noGroup), g)
					continue
				}
				key := keyText(keys, i)
				require.Equal(t, key, keyText(values, int(g)))
				if f, ok := first[at][key]; !ok || ord+uint64(i) < f {
					first[at][key], looks[at][key] = ord+uint64(i), looksOf(keys, i)
				}
			}
		}
		requireUnion(t, env, tables, first, looks)
	}
}

// Keys of one hash are told apart, and so are NULL and what stands for it.
func TestEqualHashes(t *testing.T) {
	t.Parallel()
	env := &Env{Context: context.Background(), Workers: 2, Memory: &Budget{}}
	types := []arrowschema.Type{arrowschema.Int8, arrowschema.Int8}
	a, b := make([]int64, 100), make([]int64, 100)
	for i := range a {
		a[i] = int64(i % 50)
		b[i] = int64(vec.MixWord(uint64(a[i]))) // with which the hash of every pair is the same
	}
	keys := []*vec.Vec{vec.NewFlat(arrowschema.Int8, a, nil), vec.NewFlat(arrowschema.Int8, b, nil)}
	tables := []*groupTable{newGroupTable(types), newGroupTable(types)}
	for i, table := range tables {
		table.beginLog()
		table.lookup(100, uint64(100*i), keys, nil)
	}
	hashes := (&keyHashes{}).of(&vec.Batch{N: 100, Cols: keys})
	require.Equal(t, hashes[0], hashes[1])
	u, err := env.unite(tables)
	require.NoError(t, err)
	require.Equal(t, 50, u.size())
	for i := range 100 {
		require.Equal(t, uint32(i%50), u.into[1][i])
	}

	table := newGroupTable([]arrowschema.Type{arrowschema.Text})
	table.beginLog()
	texts := vec.NewFlat(arrowschema.Text, []string{"", "a", "garbage", "", "a", "more"}, nil)
	texts.SetNull(2)
	texts.SetNull(5)
	table.lookup(6, 0, []*vec.Vec{texts}, nil)
	u, err = env.unite([]*groupTable{table})
	require.NoError(t, err)
	require.Equal(t, []uint32{0, 1, 2, 0, 1, 2}, u.into[0])
}

// A union that was cancelled, or that finds no memory, fails.
func TestKeyLogFails(t *testing.T) {
	t.Parallel()
	table := newGroupTable([]arrowschema.Type{arrowschema.Int8})
	table.beginLog()
	r := rand.New(rand.NewPCG(1, 2))
	for ord := range uint64(100) {
		table.lookup(1000, 1000*ord, []*vec.Vec{manyKeys(r, arrowschema.Int8, 1_000_000)}, nil)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := (&Env{Context: ctx, Workers: 2, Memory: &Budget{}}).unite([]*groupTable{table})
	require.Error(t, err)
	_, err = (&Env{Context: context.Background(), Workers: 2, Memory: NewBudget(1 << 20)}).unite([]*groupTable{table})
	require.ErrorContains(t, err, "out of memory")
}

// BenchmarkKeyLog groups 1,000,000 UUIDs by the tables of two workers, looked up and logged.
func BenchmarkKeyLog(b *testing.B) {
	env := &Env{Context: context.Background(), Workers: 2, BatchRows: 1024, Memory: &Budget{}}
	r := rand.New(rand.NewPCG(1, 1))
	var keys [][]*vec.Vec
	for range 1000 {
		keys = append(keys, []*vec.Vec{manyKeys(r, arrowschema.UUID, 1<<40)})
	}
	for name, logs := range map[string]bool{"looked up": false, "logged": true} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				tables := []*groupTable{newGroupTable([]arrowschema.Type{arrowschema.UUID}), newGroupTable([]arrowschema.Type{arrowschema.UUID})}
				err := env.tasks(2, func(i int) error {
					for at := i; at < len(keys); at += 2 {
						tables[i].lookup(1000, uint64(1000*at), keys[at], nil)
						if logs && tables[i].brings(1000, nil) {
							tables[i].beginLog()
						}
					}
					return nil
				})
				require.NoError(b, err)
				_, err = env.unite(tables)
				require.NoError(b, err)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1e6, "ns/row")
		})
	}
}
