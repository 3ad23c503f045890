package tables

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/schemahistory"
)

// deathsOf gives hot rows of a table as sets.
func deathsOf(table *Table, ids []RowID) []Deaths {
	var out []Deaths
	for _, s := range table.segs {
		rows := new(SegmentRows)
		for _, id := range ids {
			if id.Segment() == s.number {
				rows.Add(id.Offset())
			}
		}
		out = append(out, Deaths{Segment: s.number, Rows: rows})
	}
	return out
}

// TestSegmentRows compares sets with lists of offsets.
func TestSegmentRows(t *testing.T) {
	t.Parallel()
	edges := []int{0, 1, 63, 64, 65, 127, 128, 4095, MaxSegmentRows - 65, MaxSegmentRows - 64, MaxSegmentRows - 1}
	offset := rapid.OneOf(rapid.SampledFrom(edges), rapid.IntRange(0, MaxSegmentRows-1))
	rapid.Check(t, func(t *rapid.T) {
		sets, lists := [2]SegmentRows{}, [2][]int{}
		for i := range sets {
			for range rapid.IntRange(0, 4).Draw(t, "runs") {
				lo := offset.Draw(t, "from")
				for o := lo; o < min(MaxSegmentRows, lo+rapid.SampledFrom([]int{1, 2, 64, 200}).Draw(t, "rows")); o++ {
					sets[i].Add(o)
					lists[i] = append(lists[i], o)
				}
			}
			slices.Sort(lists[i])
			lists[i] = slices.Compact(lists[i])
		}
		check := func(want []int, set SegmentRows) {
			require.Equal(t, len(want), set.Count())
			end, got := -1, []int{}
			set.runs(func(lo, hi int) {
				require.Less(t, end, lo) // between two runs lies a row that is not in the set
				end = hi
				for ; lo < hi; lo++ {
					require.True(t, set.Has(lo))
					got = append(got, lo)
				}
			})
			require.Equal(t, append([]int{}, want...), got)
		}
		a, b := sets[0], sets[1]
		check(lists[0], a)
		inB := func(o int) bool { return slices.Contains(lists[1], o) }
		a.Remove(&b)
		check(slices.DeleteFunc(slices.Clone(lists[0]), inB), a)
		a.AddAll(&b)
		both := slices.Concat(lists[0], lists[1])
		slices.Sort(both)
		check(slices.Compact(both), a)
		from := rapid.OneOf(offset, rapid.Just(MaxSegmentRows)).Draw(t, "without what follows")
		b.removeFrom(from)
		check(slices.DeleteFunc(slices.Clone(lists[1]), func(o int) bool { return o >= from }), b)
	})
}

// TestKeepAliveAndSerialRuns compares what is told of sets with what is told of rows one by one, in segments whose serial numbers have gaps.
func TestKeepAliveAndSerialRuns(t *testing.T) {
	t.Parallel()
	def := wideDef()
	rapid.Check(t, func(t *rapid.T) {
		table := New(def, 100)
		table.Recover()
		var rows [][]any
		var runs []SerialRun
		for serial := uint64(1); len(rows) < 150; {
			n := rapid.IntRange(1, 60).Draw(t, "run")
			runs = append(runs, SerialRun{First: serial, Rows: n})
			serial += uint64(n + rapid.IntRange(0, 2).Draw(t, "gap"))
			for range n {
				rows = append(rows, wideRow(len(rows)))
			}
		}
		require.NoError(t, table.Restore(batchOfRows(def, rows, 0), runs))
		table.Commit(nil, 1)
		_, ids := viewRows(table.View(1))
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		some := func(label string) []RowID {
			share := rapid.SampledFrom([]int{0, 1, 5, 9, 10}).Draw(t, label)
			return slices.DeleteFunc(slices.Clone(ids), func(RowID) bool { return random.IntN(10) >= share })
		}
		table.Commit(nil, 2, deathsOf(table, some("die"))...)
		for segment := range uint32(4) {
			var set SegmentRows
			var alive []int
			var want, got []uint64
			for _, id := range some("ask") {
				if id.Segment() != segment {
					continue
				}
				set.Add(id.Offset())
				if table.Alive(id) {
					alive, want = append(alive, id.Offset()), append(want, table.Serial(id))
				}
			}
			set.Add(MaxSegmentRows - 1) // not there
			table.KeepAlive(segment, &set)
			require.Equal(t, len(alive), set.Count())
			for _, o := range alive {
				require.True(t, set.Has(o))
			}
			if len(alive) == 0 {
				continue
			}
			for _, r := range table.SerialRuns(segment, &set, nil) {
				for i := range r.Rows {
					got = append(got, r.First+uint64(i))
				}
			}
			require.Equal(t, want, got)
		}
	})
}

// BenchmarkDeaths lets full segments die, all of their rows or but one of each.
func BenchmarkDeaths(b *testing.B) {
	for _, bench := range []struct {
		name string
		stay int
	}{{"whole", 0}, {"all but one", 1}} {
		b.Run(bench.name, func(b *testing.B) {
			const segments = 4
			for b.Loop() {
				b.StopTimer()
				table := New(schemahistory.Contract()[0], 0)
				for i := range segments {
					table.Append(jobRows(b, i*MaxSegmentRows, MaxSegmentRows), nil)
				}
				table.Commit(nil, 1)
				var all []Deaths
				for _, s := range table.segs {
					rows := new(SegmentRows)
					for o := bench.stay; o < s.rows; o++ {
						rows.Add(o)
					}
					all = append(all, Deaths{s.number, rows})
				}
				b.StartTimer()
				table.Commit(nil, 2, all...)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*segments*MaxSegmentRows), "ns/row")
		})
	}
}
