package history

import (
	"context"
	"errors"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	stdstrings "strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

func newHistory(t testing.TB, o Options) *History {
	t.Helper()
	h, err := New(o)
	require.NoError(t, err)
	return h
}

// textOf gives the rows of a batch as text, "∅" for NULL.
func textOf(b *vec.Batch) []string {
	var out []string
	for i := range b.N {
		var row stdstrings.Builder
		for _, c := range b.Cols {
			if c.IsNull(i) {
				row.WriteString("∅|")
			} else {
				row.Write(append(vec.AppendText(nil, c, i, time.UTC), '|'))
			}
		}
		out = append(out, row.String())
	}
	return out
}

// TestHash checks the published fingerprints of up to 100,000 rows; STOA_LONG_TESTS=1 adds the larger ones.
func TestHash(t *testing.T) {
	t.Parallel()
	for rows, want := range Published() {
		if rows > 100_000 && os.Getenv("STOA_LONG_TESTS") == "" {
			continue
		}
		got, err := newHistory(t, Options{Rows: rows}).Hash(context.Background())
		require.NoError(t, err)
		require.Equal(t, want, got, "%d rows", rows)
	}
	got, err := newHistory(t, Options{Rows: 1000, Seed: 1}).Hash(context.Background())
	require.NoError(t, err)
	require.Equal(t, "668b4a2a3bc7bb5b56cb4764331d5e38a98c4017e60146c1d94edbaa51d69ace", got, "seed 1")
}

// TestHashesInDocs keeps the page that users see equal to the table that the program compares with.
func TestHashesInDocs(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/histories.md")
	require.NoError(t, err)
	shown := map[int64]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| ([0-9,]+) \\| 0 \\| `([0-9a-f]{64})` \\|$").FindAllStringSubmatch(string(page), -1) {
		rows, err := strconv.ParseInt(stdstrings.ReplaceAll(m[1], ",", ""), 10, 64)
		require.NoError(t, err)
		shown[rows] = m[2]
	}
	require.Equal(t, Published(), shown)
}

// TestPublished: only the number of rows and of live queries may be given.
func TestPublished(t *testing.T) {
	t.Parallel()
	end, err := time.Parse(time.RFC3339, DefaultEnd)
	require.NoError(t, err)
	for _, o := range []Options{{Rows: 1000}, {Rows: 1000, LiveQueries: 7}, {Rows: 1000, End: end.In(time.FixedZone("", 3600)), Days: 7}, {}} {
		hash, ok := newHistory(t, o).Published()
		require.True(t, ok, "%+v", o)
		require.Equal(t, Published()[newHistory(t, o).Options().Rows], hash)
	}
	for _, o := range []Options{{Rows: 1001}, {Rows: 1000, Seed: 1}, {Rows: 1000, Days: 8}, {Rows: 1000, Users: 5}, {Rows: 1000, End: end.Add(1)}} {
		_, ok := newHistory(t, o).Published()
		require.False(t, ok, "%+v", o)
	}
}

// TestRowsAreIndependent makes the same rows in other batches.
func TestRowsAreIndependent(t *testing.T) {
	t.Parallel()
	h := newHistory(t, Options{Rows: 5000, Seed: 7, LiveQueries: 500})
	jobs, live := textOf(h.Jobs(0, 5000)), textOf(h.LiveQueries(0, 500))
	require.Len(t, jobs, 5000)
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, 4999).Draw(t, "from")
		n := rapid.IntRange(1, 300).Draw(t, "n")
		require.Equal(t, jobs[from:min(from+n, 5000)], textOf(h.Jobs(int64(from), n)))
		from %= 500
		require.Equal(t, live[from:min(from+n, 500)], textOf(h.LiveQueries(int64(from), n)))
	})
	require.Nil(t, h.Jobs(5000, 1))
	require.Nil(t, h.Jobs(-1, 10))
	require.Nil(t, h.LiveQueries(500, 1))
}

func TestEachJobs(t *testing.T) {
	t.Parallel()
	h := newHistory(t, Options{Rows: 5000, Seed: 7})
	want := textOf(h.Jobs(0, 5000))
	for _, n := range []int{0, 1, 37, 4096, 5000} {
		var got []string
		require.NoError(t, h.EachJobs(context.Background(), n, func(b *vec.Batch) error {
			got = append(got, textOf(b)...)
			return nil
		}))
		require.Equal(t, want, got, "batches of %d", n)
	}
	for _, part := range [][2]int64{{0, 0}, {17, 17}, {17, 18}, {100, 3333}, {4990, 5000}, {4990, 6000}} {
		var got []string
		require.NoError(t, h.Each(context.Background(), part[0], part[1], 100, func(b *vec.Batch) error {
			got = append(got, textOf(b)...)
			return nil
		}))
		require.Equal(t, want[part[0]:min(part[1], 5000)], append([]string{}, got...), "%v", part)
	}
	failure := errors.New("enough")
	require.ErrorIs(t, h.EachJobs(context.Background(), 10, func(*vec.Batch) error { return failure }), failure)
	ctx, cancel := context.WithCancel(context.Background())
	require.ErrorIs(t, h.EachJobs(ctx, 10, func(*vec.Batch) error { cancel(); return nil }), context.Canceled)
}

// requireTable compares a batch with a table's definition: types, and no NULL where there must be none.
func requireTable(t *testing.T, def *schemahistory.TableDefinition, b *vec.Batch) {
	t.Helper()
	require.Len(t, b.Cols, len(def.Columns))
	for i, c := range def.Columns {
		v := b.Cols[i]
		require.Equal(t, c.Type, v.Type, c.Name)
		require.Equal(t, b.N, v.N, c.Name)
		for row := range b.N {
			if v.IsNull(row) {
				require.False(t, c.NotNull, c.Name)
				continue
			}
			if c.Type == arrowschema.JSONB {
				from, at := v.Value(row)
				text, err := jsontext.Canonical(from.Strs[at])
				require.NoError(t, err)
				require.Equal(t, text, from.Strs[at])
			}
		}
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	h := newHistory(t, Options{Rows: 20_000, Users: 500})
	def := schemahistory.Contract()
	requireTable(t, def[0], h.Jobs(0, 20_000))
	requireTable(t, def[1], h.LiveQueries(0, 2000))
	requireTable(t, def[2], h.Storages())
	schemas, err := h.TableSchemas()
	require.NoError(t, err)
	requireTable(t, def[3], schemas)
	require.Equal(t, 17, schemas.N)
	for i := range schemas.N {
		text := schemas.Cols[4].Strs[i]
		require.Equal(t, schemas.Cols[1].Strs[i] == "chat" && schemas.Cols[2].Strs[i] == "messages" && schemas.Cols[3].Ints[i] >= 3 ||
			schemas.Cols[2].Strs[i] == "orders" && schemas.Cols[3].Ints[i] >= 3, jsontext.Contains(text, `{"fields": [{"name": "metadata"}]}`))
		if i > 0 && schemas.Cols[3].Ints[i] > 1 {
			require.Greater(t, schemas.Cols[5].Ints[i], schemas.Cols[5].Ints[i-1])
		}
	}
}

// TestJobsMakeSense checks what must hold in every row, at the beginning and at the end of a history and in a tiny one.
func TestJobsMakeSense(t *testing.T) {
	t.Parallel()
	for _, rows := range []int64{1, 3, 40, 20_000} {
		h := newHistory(t, Options{Rows: rows, Seed: uint64(rows)})
		end, last := h.end, int64(math.MinInt64)
		ids := map[[16]byte]bool{}
		require.NoError(t, h.EachJobs(context.Background(), 1000, func(b *vec.Batch) error {
			for i := range b.N {
				status := h.statuses.Strs[b.Cols[2].Codes[i]]
				null := func(c int) bool { return b.Cols[c].IsNull(i) }
				created, started, ended := b.Cols[8].Ints[i], b.Cols[9].Ints[i], b.Cols[10].Ints[i]
				ids[b.Cols[0].UUIDs[i]] = true
				require.GreaterOrEqual(t, created, last)
				require.Less(t, created, end)
				last = created
				final := slices.Contains([]string{"completed", "failed", "cancelled"}, status)
				require.Equal(t, final, !null(10))
				require.Equal(t, status == "completed", !null(4))
				require.Equal(t, status == "failed", !null(11))
				require.Equal(t, final && !null(9), !null(6))
				require.Equal(t, null(6), null(7))
				require.Equal(t, null(9), null(5))
				if status != "pending" && status != "cancelled" {
					require.False(t, null(9))
					require.GreaterOrEqual(t, started, created)
				}
				if final {
					require.GreaterOrEqual(t, ended, max(created, started))
					require.LessOrEqual(t, ended, end)
					require.True(t, null(6) || b.Cols[6].Ints[i] > 0 && b.Cols[7].Ints[i] >= 0)
				}
				require.Equal(t, byte(0x40), b.Cols[0].UUIDs[i][6]&0xf0)
				require.Equal(t, byte(0x80), b.Cols[0].UUIDs[i][8]&0xc0)
			}
			return nil
		}))
		require.Len(t, ids, int(rows))
	}
}

// TestDistributions compares shares with those of the package comment.
func TestDistributions(t *testing.T) {
	t.Parallel()
	const rows = 150_000
	h := newHistory(t, Options{Rows: rows, Seed: 3})
	types, statuses, nodes, users := map[string]float64{}, map[string]float64{}, map[string]float64{}, map[string]float64{}
	var memory, took, weekday, weekend []float64
	hours := map[int]float64{}
	require.NoError(t, h.EachJobs(context.Background(), 0, func(b *vec.Batch) error {
		for i := range b.N {
			kind, status := h.jobTypes.Strs[b.Cols[1].Codes[i]], h.statuses.Strs[b.Cols[2].Codes[i]]
			types[kind]++
			statuses[status]++
			if !b.Cols[5].IsNull(i) {
				node, _, _ := stdstrings.Cut(h.traces.Strs[b.Cols[5].Codes[i]], ":")
				nodes[node]++
			}
			if kind == "flush" {
				user, err := jsontext.ElementsText(b.Cols[3].Strs[i])
				require.NoError(t, err)
				name := ""
				for text := range user {
					name = text
				}
				users[name]++
				if status == "completed" {
					memory = append(memory, math.Log2(float64(b.Cols[6].Ints[i])))
					took = append(took, math.Log2(float64(b.Cols[10].Ints[i]-b.Cols[9].Ints[i])))
				}
			}
			at := time.UnixMicro(b.Cols[8].Ints[i]).UTC()
			hours[at.Hour()]++
			if d := at.Weekday(); d == time.Saturday || d == time.Sunday {
				weekend = append(weekend, 1)
			} else {
				weekday = append(weekday, 1)
			}
		}
		return nil
	}))
	near := func(want, got, tolerance float64, what string) { require.InDelta(t, want, got, tolerance, what) }
	near(0.70, types["flush"]/rows, 0.005, "flush")
	near(0.14, types["compact"]/rows, 0.005, "compact")
	near(0.02, types["migrate"]/rows, 0.002, "migrate")
	ended := rows - statuses["running"] - statuses["pending"]
	near(0.93, statuses["completed"]/ended, 0.003, "completed")
	near(0.0476, statuses["failed"]/ended, 0.002, "failed")
	near(0.0225, statuses["cancelled"]/ended, 0.002, "cancelled")
	near(1750, statuses["running"], 150, "running")
	near(1200, statuses["pending"], 150, "pending")
	require.Len(t, nodes, nodeCount)
	near(1.0/nodeCount, nodes["node-17"]/rows, 0.003, "node-17")
	require.Greater(t, users["jamal"], 1.8*users["jamal2"], "the first user has a weight of 1/20, the 101st of 1/120")
	require.Greater(t, len(users), 25_000)
	mean, sigma := moments(memory)
	near(math.Log2(24<<20), mean, 0.02, "memory's median")
	near(1.3, sigma, 0.02, "memory's spread")
	mean, sigma = moments(took)
	near(math.Log2(0.8e6), mean, 0.03, "duration's median")
	near(1.6, sigma, 0.03, "duration's spread")
	require.Greater(t, hours[10], 6*hours[3], "busy and quiet hours")
	require.Less(t, float64(len(weekend))/2, 0.6*float64(len(weekday))/5, "weekends")
}

func moments(x []float64) (mean, sigma float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		sigma += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, math.Sqrt(sigma)
}

// TestLiveQueriesIdle compares the shares of idle live queries with the package comment's.
func TestLiveQueriesIdle(t *testing.T) {
	t.Parallel()
	h := newHistory(t, Options{LiveQueries: 50_000})
	b := h.LiveQueries(0, 50_000)
	hour, tenMinutes, zero := 0.0, 0.0, 0.0
	for i := range b.N {
		require.GreaterOrEqual(t, b.Cols[9].Ints[i], b.Cols[8].Ints[i])
		require.Less(t, b.Cols[9].Ints[i], h.end)
		if b.Cols[6].Ints[i] == 0 {
			zero++
			continue
		}
		if idle := h.end - b.Cols[9].Ints[i]; idle > hourMicros {
			hour++
		} else if idle > 10*minuteMicros {
			tenMinutes++
		}
	}
	require.InDelta(t, 0.10, hour/(50_000-zero), 0.015)
	require.InDelta(t, 0.10, tenMinutes/(50_000-zero), 0.015)
	require.InDelta(t, 0.08, zero/50_000, 0.01)
}

func TestExp2(t *testing.T) {
	t.Parallel()
	p := newPowers()
	for x := int64(0); x < 62<<16; x += 977 {
		want := math.Exp2(float64(x) / 65536)
		require.InDelta(t, want, float64(p.exp2(x)), want*3e-7+1, "2^(%d/65536)", x)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{Rows: -1}, {Rows: 1e13}, {Days: 40_000}, {Users: -1}, {LiveQueries: -1}, {End: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}} {
		_, err := New(o)
		require.ErrorContains(t, err, "out of range")
	}
	h := newHistory(t, Options{Days: 1, Rows: 50, End: time.Date(2025, 1, 4, 0, 30, 0, 1000, time.UTC)})
	b := h.Jobs(0, 50)
	require.GreaterOrEqual(t, b.Cols[8].Ints[0], h.end-24*hourMicros)
	require.Equal(t, 365, newHistory(t, Options{Rows: 10_000_000}).Options().Days)
}

func BenchmarkJobs(b *testing.B) {
	h := newHistory(b, Options{Rows: 10_000_000})
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		rows += h.Jobs(int64(rows%9_000_000), 8192).N
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

func BenchmarkHash(b *testing.B) {
	h := newHistory(b, Options{Rows: 200_000})
	for b.Loop() {
		_, err := h.Hash(context.Background())
		require.NoError(b, err)
	}
}
