package scan

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// Words and texts are numbered in the order in which they first come, whatever their hashes.
func TestNumbering(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words, texts := &wordTable{}, &textTable{}
		want, n := map[uint64]uint32{}, uint32(0)
		for range rapid.IntRange(1, 4).Draw(t, "batches") {
			batch := rapid.SliceOfN(rapid.Uint64Range(0, 400), 1, 300).Draw(t, "words")
			strs := make([]string, len(batch))
			for i, w := range batch {
				strs[i] = fmt.Sprint(w)[1:] // one of them empty
				if w < 10 {
					strs[i] = fmt.Sprintf("%070d", w)
				}
				strs[i] += fmt.Sprint(w)
			}
			ids, textIDs := make([]uint32, len(batch)), make([]uint32, len(batch))
			words.known(batch, ids)
			texts.known(strs, textIDs)
			require.Equal(t, ids, textIDs)
			for i, w := range batch {
				known, ok := want[w]
				if ids[i] != noGroup {
					require.Equal(t, known, ids[i])
				}
				id, fresh := words.find(w, n)
				textID, textFresh := texts.find(strs[i], n)
				require.Equal(t, id, textID)
				require.Equal(t, fresh, textFresh)
				require.Equal(t, !ok, fresh)
				if fresh {
					want[w], n = n, n+1
				}
				require.Equal(t, want[w], id)
				require.Equal(t, strs[i], texts.texts[id])
			}
		}
	})
}

// keyOf makes random rows of a key column, in one of the forms that vectors have, from few values and NULL.
func keyOf(r *rand.Rand, t arrowschema.Type, n int, dict *vec.Vec) *vec.Vec {
	b := vec.NewBuilder(t, n)
	null := r.IntN(3) == 0
	for range n {
		x := r.Int64N(40)
		switch {
		case null && x < 6:
			b.AppendNull()
		case t == arrowschema.Text:
			b.AppendString(fmt.Sprint("text ", x))
		case t == arrowschema.Float8:
			b.AppendFloat(math.Copysign(float64(x/2), float64(1-r.IntN(2)*2*int(1-min(x/2, 1)))))
		case t == arrowschema.Numeric:
			b.AppendDec(numberOf(r, x))
		case t == arrowschema.Interval:
			days := int32(r.Int64N(2))
			b.AppendInterval(temporal.Interval{Days: days, Micros: (x - int64(days)) * temporal.MicrosPerDay})
		case t == arrowschema.UUID:
			b.AppendUUID([16]byte{byte(x)})
		case t == arrowschema.JSONB:
			b.AppendString(fmt.Sprintf("[%d, %d%s]", x%3, x%2, []string{"", ".0", ".00"}[r.IntN(3)])) // equal, however they look
		default:
			b.AppendInt(x)
		}
	}
	v := b.Vec()
	switch r.IntN(3) {
	case 0:
		one := v.Slice(0, 1).Gather([]int32{0})
		one.Const, one.N = true, n
		return one
	case 1:
		if dict != nil {
			codes := make([]uint16, n)
			for i := range codes {
				codes[i] = uint16(r.IntN(dict.N))
			}
			return vec.NewDict(codes, dict, v.Valid)
		}
	}
	return v
}

// numberOf makes one of few numerics, written with more or fewer zeros: some of 64 bits, some of more, some not finite.
func numberOf(r *rand.Rand, x int64) decimal.Dec {
	switch {
	case x == 6:
		return []decimal.Dec{decimal.NaN(), decimal.Inf(1), decimal.Inf(-1)}[r.IntN(3)]
	case x < 10:
		return decimal.FromInt128(x-8, 5, r.IntN(2))
	case x < 14:
		huge, _ := decimal.FromBig(new(big.Int).Lsh(big.NewInt(x), 300), 2)
		return huge
	case x < 16:
		return decimal.New(math.MaxInt64-x, r.IntN(3))
	}
	return decimal.New((x-20)*1000, r.IntN(5))
}

// Groups are those that keys say, first seen where they are, for any number of columns in any form, rows left out or not; merging two tables gives the groups
// of both.
func TestGroupTable(t *testing.T) {
	t.Parallel()
	all := []arrowschema.Type{arrowschema.Text, arrowschema.Int8, arrowschema.Float8, arrowschema.UUID, arrowschema.JSONB, arrowschema.Timestamp, arrowschema.Numeric, arrowschema.Interval}
	env := &Env{Context: context.Background(), Workers: 1, BatchRows: 3}
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 9))
		types := make([]arrowschema.Type, 1+r.IntN(4))
		dicts := make([]*vec.Vec, len(types))
		for i := range types {
			types[i] = all[r.IntN(len(all))]
			for dicts[i] == nil || dicts[i].Const || dicts[i].Dict != nil {
				dicts[i] = keyOf(r, types[i], []int{5, fewEntries + 300}[r.IntN(2)], nil)
			}
		}
		tables := []*groupTable{newGroupTable(types), newGroupTable(types), newGroupTable(types)}
		first := []map[string]uint64{{}, {}, {}}
		looks := []map[string]string{{}, {}, {}}              // of the keys in the first rows
		for ord := uint64(100000); ord > 90000; ord -= 2000 { // later batches come before
			n := 1 + r.IntN(900)
			keys, keep := make([]*vec.Vec, len(types)), []uint8(nil)
			for i := range keys {
				keys[i] = keyOf(r, types[i], n, dicts[i])
			}
			if r.IntN(2) == 0 {
				keep = make([]uint8, n)
				for i := range keep {
					keep[i] = uint8(r.IntN(2))
				}
			}
			at := r.IntN(len(tables))
			groups := tables[at].lookup(n, ord, keys, keep)
			values := tables[at].values()
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
		for i, table := range tables {
			requireGroups(t, first[i], looks[i], table)
		}
		requireUnion(t, env, tables, first, looks)
		into, err := tables[0].mergeRows(env, tables[1].values(), tables[1].first)
		require.NoError(t, err)
		before, after := tables[1].values(), tables[0].values()
		for g, to := range into {
			require.Equal(t, keyText(before, g), keyText(after, int(to)))
		}
		for key, f := range first[1] {
			if g, ok := first[0][key]; !ok || f < g {
				first[0][key], looks[0][key] = f, looks[1][key]
			}
		}
		requireGroups(t, first[0], looks[0], tables[0])
	}
}

func keyText(keys []*vec.Vec, i int) string {
	var key []byte
	for _, k := range keys {
		key = vec.AppendKey(key, k, i)
	}
	return string(key)
}

func looksOf(keys []*vec.Vec, i int) string {
	var out []byte
	for _, k := range keys {
		out = append(vec.AppendText(out, k, i, time.UTC), '|')
	}
	return string(out)
}

func requireGroups(t *testing.T, want map[string]uint64, looks map[string]string, table *groupTable) {
	t.Helper()
	require.Equal(t, len(want), table.size())
	values := table.values()
	for g := range table.size() {
		key := keyText(values, g)
		require.Equal(t, want[key], table.first[g])
		require.Equal(t, looks[key], looksOf(values, g))
	}
	require.Positive(t, table.bytes()+1)
}

// Masks by words are masks by rows.
func TestMasks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "rows")
		keep, truth, bits := make([]uint8, n), make([]bool, n), vec.NewBitmap(n)
		var want []int32
		for i := range n {
			keep[i] = uint8(rapid.IntRange(0, 1).Draw(t, "keep"))
			if truth[i] = rapid.Bool().Draw(t, "true"); rapid.IntRange(0, 3).Draw(t, "null") == 0 {
				bits.Clear(i)
			}
			if keep[i] == 1 && truth[i] && bits.Get(i) {
				want = append(want, int32(i))
			}
		}
		v := vec.NewFlat(arrowschema.Bool, truth, bits)
		if rapid.Bool().Draw(t, "coded") {
			codes := make([]uint16, n)
			for i := range codes {
				if truth[i] {
					codes[i] = 1
				}
			}
			v = vec.NewDict(codes, vec.NewFlat(arrowschema.Bool, append([]bool{false, true}, make([]bool, rapid.SampledFrom([]int{0, byteCodes}).Draw(t, "more"))...), nil), bits)
		}
		p := &passes{}
		begun := bytes.Repeat([]byte{7}, n)
		require.Equal(t, bytes.Count(keepOf(truth, bits), []byte{1}), p.begin(begun, v))
		require.Equal(t, keepOf(truth, bits), begun)
		left := p.narrow(keep, v)
		require.Equal(t, len(want), left)
		require.Equal(t, want, append([]int32(nil), selected(keep, left, 0)...))
	})
}

// keepOf is the mask of the rows that are true.
func keepOf(truth []bool, valid vec.Bitmap) []uint8 {
	keep := make([]uint8, len(truth))
	for i, x := range truth {
		if x && valid.Get(i) {
			keep[i] = 1
		}
	}
	return keep
}

func BenchmarkGroupTable(b *testing.B) {
	const n = 8192
	codes, stamps, texts := make([]uint16, n), make([]int64, n), make([]string, n)
	dict := vec.NewFlat(arrowschema.Text, []string{"flush", "compact", "backup", "migrate"}, nil)
	for i := range n {
		codes[i], stamps[i], texts[i] = uint16(i*7%4), int64(i/100), fmt.Sprint("node-", i*7919%30000, ":thread")
	}
	coded, times, flat := vec.NewDict(codes, dict, nil), vec.NewFlat(arrowschema.Timestamp, stamps, nil), vec.NewFlat(arrowschema.Text, texts, nil)
	for name, keys := range map[string][]*vec.Vec{"codes": {coded}, "times and codes": {times, coded}, "many texts": {flat}} {
		b.Run(name, func(b *testing.B) {
			var types []arrowschema.Type
			for _, k := range keys {
				types = append(types, k.Type)
			}
			table := newGroupTable(types)
			b.ReportAllocs()
			for b.Loop() {
				table.lookup(n, 0, keys, nil)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
		})
	}
}
