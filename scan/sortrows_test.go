package scan_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/scan"
)

// ordered are the types that can be sorted by, and makers of texts of their values, which are often equal, or equal for long, and now and then extreme.
var ordered = []struct {
	t    arrowschema.Type
	text func(r *rand.Rand) string
}{
	{arrowschema.Int8, func(r *rand.Rand) string {
		return fmt.Sprint(pick(r, r.Int64()-r.Int64(), int64(r.IntN(9)-4), math.MinInt64, math.MaxInt64))
	}},
	{arrowschema.Float8, func(r *rand.Rand) string {
		return pick(r, fmt.Sprint(r.NormFloat64()), fmt.Sprint(r.IntN(5)-2), "-0", "0", "NaN", "Infinity", "-Infinity", "5e-324", "-1e308")
	}},
	{arrowschema.Bool, func(r *rand.Rand) string { return fmt.Sprint(r.IntN(2) == 0) }},
	{arrowschema.Timestamp, func(r *rand.Rand) string {
		return pick(r, fmt.Sprintf("2025-10-%02d 14:30:%02d", 1+r.IntN(28), r.IntN(60)), "infinity", "-infinity")
	}},
	{arrowschema.UUID, func(r *rand.Rand) string {
		return fmt.Sprintf("%08x-0000-4000-8000-%012x", pick(r, 7, r.Uint32(), math.MaxUint32), pick(r, 1, r.Int64N(1<<40)))
	}},
	{arrowschema.Text, func(r *rand.Rand) string {
		return "node-" + strings.Repeat("longer ", r.IntN(4)) + pick(r, "", "a", "a\x01", "\x00", "é", fmt.Sprint("user_", r.IntN(300)), strings.Repeat("x", r.IntN(30)))
	}},
	{arrowschema.JSONB, func(r *rand.Rand) string { return fmt.Sprintf(`[%d, "%d"]`, r.IntN(3), r.IntN(40)) }},
	{arrowschema.Interval, func(r *rand.Rand) string {
		return pick(r, fmt.Sprintf("%d days %d seconds", r.IntN(80)-40, r.IntN(99)), "1 mon", "30 days", "720 hours", "-178000000 years", "178000000 years")
	}},
	{arrowschema.Numeric, decimalText},
	// Those that are no words: one value among them has none.
	{arrowschema.Numeric, func(r *rand.Rand) string { return pick(r, decimalText(r), "NaN", "Infinity", "1e60", "-1e60", "1e-60") }},
}

// decimalText makes numerics of many scales, which together take more than 64 bits.
func decimalText(r *rand.Rand) string {
	return pick(r, fmt.Sprint(r.IntN(9)-4), fmt.Sprintf("%d.%03d", r.IntN(5), r.IntN(1000)), "1.0", "1.000", "-0.00000000000000000001", "99999999999999999", "-5e15")
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// anyTable makes batches of n rows of columns of some of the types, with NULLs, and of their numbers.
func anyTable(t *testing.T, r *rand.Rand, n int, cols []int) *vec.Batch {
	b := &vec.Batch{N: n}
	for _, c := range cols {
		values, nulls := vec.NewBuilder(ordered[c].t, n), r.IntN(2) == 0
		for range n {
			if nulls && r.IntN(7) == 0 {
				values.AppendNull()
				continue
			}
			if text := ordered[c].text(r); ordered[c].t == arrowschema.Text {
				values.AppendString(text)
			} else {
				v, err := vec.Constant(ordered[c].t, text)
				require.NoError(t, err, text)
				values.AppendRow(v, 0)
			}
		}
		b.Cols = append(b.Cols, values.Vec())
	}
	number := vec.NewBuilder(integer, n)
	for i := range n {
		number.AppendInt(int64(i))
	}
	b.Cols = append(b.Cols, number.Vec())
	return b
}

// cutUp gives a batch in parts, some of their texts dictionary-coded, in any order, as several workers meet them.
func cutUp(r *rand.Rand, b *vec.Batch, size int) *pieces {
	p := &pieces{}
	for lo := 0; lo < b.N; {
		hi := min(lo+1+r.IntN(size), b.N)
		part := b.Slice(lo, hi)
		for c, v := range part.Cols {
			if v.Type == arrowschema.Text && r.IntN(2) == 0 {
				part.Cols[c] = coded(v.Gather(counting(v.N)), r.IntN(2) == 0)
			}
		}
		p.batches = append(p.batches, part)
		lo = hi
	}
	r.Shuffle(len(p.batches), func(i, j int) { p.batches[i], p.batches[j] = p.batches[j], p.batches[i] })
	return p
}

func counting(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// slowOrder orders rows by comparing them value by value.
func slowOrder(b *vec.Batch, keys []scan.SortKey) []int32 {
	rows := counting(b.N)
	slices.SortStableFunc(rows, func(x, y int32) int {
		for _, k := range keys {
			v := b.Cols[k.Expr.(*exprs.Column).Index]
			before := -1
			if k.Desc {
				before = 1
			}
			switch nx, ny := v.IsNull(int(x)), v.IsNull(int(y)); {
			case nx && ny:
			case nx == k.NullsFirst && nx != ny, !nx && ny && !k.NullsFirst:
				return -1
			case nx != ny:
				return 1
			default:
				if c := vec.Compare(v, int(x), v, int(y)); c != 0 {
					return -c * before
				}
			}
		}
		return 0
	})
	return rows
}

// Rows of all types, few and many, sorted by words and digits, are in the order of comparing them, stably, wherever the batches are cut and whoever meets them.
func TestSortOfAllTypes(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(31, 31))
	for round := range 60 {
		cols := []int{round % len(ordered), r.IntN(len(ordered)), r.IntN(len(ordered))}
		b := anyTable(t, r, pick(r, 1, 127, 200, 1500), cols)
		var keys []scan.SortKey
		for c := range 1 + r.IntN(3) {
			keys = append(keys, scan.SortKey{Expr: column(c, ordered[cols[c]].t), Desc: r.IntN(2) == 0, NullsFirst: r.IntN(2) == 0})
		}
		want := lines(b.Gather(slowOrder(b, keys)))
		for _, limit := range []int{-1, 1, 20, 1 << 17} {
			env := newEnv(shape{pick(r, 16, 256), 1 + r.IntN(4)})
			got, err := pull(env, &scan.Sort{Input: cutUp(r, b, 1+r.IntN(300)), Keys: keys, Limit: int64(limit)})
			require.NoError(t, err)
			first := want
			if limit >= 0 && limit < len(want) {
				first = want[:limit]
			}
			require.Equal(t, first, got, "%v, limit %d", keys, limit)
			require.Zero(t, env.Memory.Used())
		}
	}
}

// More rows than one worker sorts alone, and texts that are each the beginning of the next.
func TestSortSharedByWorkers(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(32, 32))
	b := anyTable(t, r, 40000, []int{0, 5, 3})
	for i := range 2000 {
		b.Cols[1].Strs[r.IntN(b.N)] = strings.Repeat("node-8 bytes", i%400)
	}
	for _, c := range []int{0, 1, 2} {
		keys := []scan.SortKey{{Expr: column(c, b.Cols[c].Type), Desc: c == 2}}
		want := lines(b.Gather(slowOrder(b, keys)))
		got, err := pull(newEnv(shape{2048, 3}), &scan.Sort{Input: cutUp(r, b, 3000), Keys: keys, Limit: -1})
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}
