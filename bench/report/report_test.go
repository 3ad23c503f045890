package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/bench/measure"
	"github.com/stoadb/stoa/bench/suite"
)

// result is a run of two engines and three queries, one of which failed on one engine. scale multiplies the times of the first engine's first query.
func result(scale float64) *measure.Result {
	timing := func(engine string, ms ...float64) measure.Timing { return measure.Timing{Engine: engine, Samples: ms} }
	r := &measure.Result{
		Version: measure.ResultVersion, Started: time.Date(2025, 10, 22, 15, 0, 0, 0, time.UTC), Rows: 1_000_000, Live: 100, Engines: []string{"Stoa, hot", "Stoa, cold", "DuckDB, native table", "DuckDB, its Parquet"},
		Machine: measure.Machine{CPU: "a <fast> one", Bandwidth: 10}, Widths: map[string]float64{"system.jobs.memory_used": 8},
	}
	q := func(name string, g suite.Group, timings ...measure.Timing) {
		r.Queries = append(r.Queries, measure.Measured{Query: suite.Query{Name: name, Title: "what | it asks", Group: g, Columns: []string{"memory_used"}}, Timings: timings})
	}
	five := func(at float64) []float64 { return []float64{at, at * 1.01, at * 0.99, at * 1.02, at * 0.98} }
	q("first", suite.Jobs, timing("Stoa, hot", five(2*scale)...), timing("Stoa, cold", five(8)...), timing("DuckDB, native table", five(8)...), timing("DuckDB, its Parquet", five(80)...))
	q("second", suite.Jobs, timing("Stoa, hot", five(1)...), timing("Stoa, cold", five(1)...), timing("DuckDB, native table", five(16)...), measure.Timing{Engine: "DuckDB, its Parquet", Error: "it <broke>"})
	q("third", suite.Other, timing("Stoa, hot", five(10)...), timing("Stoa, cold", five(1)...), timing("DuckDB, native table", five(5)...), timing("DuckDB, its Parquet", five(1)...))
	r.Writes = []measure.Written{{Name: "load", Title: "Loading", Engine: "Stoa", Unit: "rows", Rates: five(1e6 / scale)}, {Name: "load", Title: "Loading", Engine: "DuckDB", Error: "no"}}
	r.Profiles = []measure.Profile{{Query: "third", Engine: "Stoa, hot", Text: "Scan <of> jobs\n"}}
	return r
}

func TestPairs(t *testing.T) {
	t.Parallel()
	r := result(1)
	require.Equal(t, []Pair{{"Stoa, hot", "DuckDB, native table"}, {"Stoa, cold", "DuckDB, its Parquet"}}, Pairs(r))
	r.Engines = r.Engines[:2]
	require.Equal(t, []Pair{{"Stoa, hot", "Stoa, cold"}}, Pairs(r))
	r.Engines = r.Engines[:1]
	require.Empty(t, Pairs(r))
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, Markdown(&out, result(1)))
	text := out.String()
	for _, want := range []string{
		"1,000,000 jobs",
		"| documented job queries | 2 | 8.00 × (4.00 × first) | 10.00 × (10.00 × first), 1 of 2 |", // a query that failed is counted
		"| other job queries | 1 | 0.50 × (0.50 × third) | 1.00 × (1.00 × third) |",
		`what \| it asks`,
		"2.00 (1.96–2.04)",
		"| `first` | 500 M, 4.00, 40 % |",
		"1,000,000 (980,000–1,020,000) rows",
		"failed: no",
		"| `second` | DuckDB, its Parquet | it <broke> |",
		"| documented job queries, Stoa, hot / DuckDB, native table, geometric mean | 5.00 × | 8.00 × | yes |",
		"| other job queries, Stoa, hot / DuckDB, native table, the least: third | 1.00 × | 0.50 × | no |",
		"| batch load | 1,000,000 rows a second | 1,000,000 rows a second | yes |",
		"\n## Behind: third, Stoa, hot\n\nEXPLAIN ANALYZE, once. ",
		"\n```\nScan <of> jobs\n```\n",
	} {
		require.Contains(t, text, want)
	}
}

// The page is well-formed, with a bar for every measurement, and nothing in it comes from elsewhere.
func TestHTML(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, HTML(&out, result(1)))
	require.NotContains(t, out.String(), "http")
	require.NotContains(t, out.String(), "<broke>")
	for _, want := range []string{"it &lt;broke&gt;", "<td class=\"n\">500 M, 4.00, 40 %</td>", "<td class=\"n\">4.00 ×</td>", "2.00 (1.96–2.04)", "<pre>Scan &lt;of&gt; jobs\n</pre>", "<td>load Loading</td>"} {
		require.Contains(t, out.String(), want)
	}
	d := xml.NewDecoder(strings.NewReader(strings.Replace(out.String(), `<meta charset="utf-8">`, "", 1)))
	bars := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "rect" {
			bars++
		}
	}
	require.Equal(t, 11, bars)
}

// The JSON form has what is derived beside the samples, and is read again as the result.
func TestJSON(t *testing.T) {
	t.Parallel()
	r := result(1)
	var out bytes.Buffer
	require.NoError(t, JSON(&out, r))
	var got struct {
		Figures []Figure
		Ratios  []Ratio
		Targets []Target
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &got))
	require.Len(t, got.Figures, 11)
	require.Equal(t, Figure{"first", "Stoa, hot", 2, 1.96, 2.04, 5e8, 4e9, 0.4}, got.Figures[0])
	require.Len(t, got.Ratios, 5)
	require.Equal(t, Ratio{"first", "Stoa, hot", "DuckDB, native table", 4}, got.Ratios[0])
	require.InDelta(t, 8, got.Targets[0].Found, 1e-9)
	got.Targets[0].Found = 8
	require.Equal(t, Target{"documented job queries, Stoa, hot / DuckDB, native table, geometric mean", "×", 5, 8, true}, got.Targets[0])
	again, err := measure.ReadResult(&out)
	require.NoError(t, err)
	require.Equal(t, r, again)
}

// TestBehind: a query is behind where another engine is faster, or where its scan leaves most of the bandwidth.
func TestBehind(t *testing.T) {
	t.Parallel()
	r := result(1)
	require.Equal(t, []Ratio{{"third", "Stoa, hot", "DuckDB, native table", 0.5}}, Behind(r))
	r.Queries[0].Query.Name = "memory-by-type"
	require.Len(t, Behind(r), 1, "40 % is enough")
	r.Machine.Bandwidth *= 1.01
	require.Equal(t, Ratio{Query: "memory-by-type", Engine: "Stoa, hot"}, Behind(r)[1])
	r.Engines = r.Engines[:2]
	require.Len(t, Behind(r), 1, "the states of one engine do not outrun each other")
}

func TestRegress(t *testing.T) {
	t.Parallel()
	slower := map[string]bool{}
	changes := Regress(result(1), result(1.5), 0.05)
	require.Len(t, changes, 12)
	for _, c := range changes {
		if c.Slower {
			slower[c.Name+" "+c.Engine] = true
			require.InDelta(t, 1.5, c.Factor(), 0.01)
			require.LessOrEqual(t, c.New.Lo, c.New.Center)
			require.GreaterOrEqual(t, c.New.Hi, c.New.Center)
		}
		require.False(t, c.Faster)
	}
	require.Equal(t, map[string]bool{"first Stoa, hot": true, "load Stoa": true}, slower)
	var out bytes.Buffer
	require.NoError(t, WriteChanges(&out, changes))
	require.Contains(t, out.String(), "## Slower")
	require.Contains(t, out.String(), "1.50 ×")
	for _, c := range Regress(result(1.5), result(1), 0.05) {
		require.Equal(t, slower[c.Name+" "+c.Engine], c.Faster)
	}
	for _, c := range Regress(result(1), result(1.5), 0.6) { // beyond chance, within the threshold
		require.False(t, c.Slower)
	}
}

// TestRegressRefuses: times on different histories say nothing of each other, and few samples have no interval.
func TestRegressRefuses(t *testing.T) {
	t.Parallel()
	require.NoError(t, Comparable(result(1), result(2)))
	for _, change := range []func(*measure.Result){
		func(r *measure.Result) { r.Rows++ }, func(r *measure.Result) { r.Live++ }, func(r *measure.Result) { r.Seed++ },
	} {
		other := result(1)
		change(other)
		require.ErrorContains(t, Comparable(result(1), other), "different histories")
	}
	changes := appendChange(nil, Change{Name: "load", Engine: "Stoa", Unit: "/s"}, []float64{9, 10, 11}, []float64{1, 2, 3}, 0.05)
	require.False(t, changes[0].Slower)
	require.Equal(t, "10.0 [too few samples] /s", interval(changes[0].Old, "/s"))
	four := appendChange(nil, changes[0], []float64{9, 10, 11, 12}, []float64{1, 2, 3, 4}, 0.05)
	require.True(t, four[0].Slower, "the rounds of writes that a benchmark makes are enough")
}

// TestWrite: reports appear whole, and what cannot be written is known beforehand.
func TestWrite(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	dir := filepath.Join(home, "a", "b")
	require.NoError(t, Writable(dir))
	require.NoDirExists(t, filepath.Join(home, "a"))
	require.NoError(t, Write(dir, result(1)))
	require.NoError(t, Writable(dir))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 3)
	for _, path := range []string{filepath.Join(dir, "report.md"), filepath.Join(dir, "report.md", "x", "y")} {
		require.ErrorContains(t, Writable(path), `report.md" is not a directory (SQLSTATE 42809)`)
	}
	require.ErrorContains(t, Writable("a\x00b"), "(SQLSTATE 42501)")
}
