package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/bench/embedded"
	"github.com/stoadb/stoa/bench/history"
	"github.com/stoadb/stoa/bench/room"
)

// genIn runs stoa gen where there is so much room, in bytes.
func genIn(t *testing.T, disk, memory int64, o genOptions) (out, notices string, err error) {
	t.Helper()
	var printed, told bytes.Buffer
	o.end = history.DefaultEnd
	o.room = room.Room{Disk: func(string) (int64, bool) { return disk, true }, Memory: func() (int64, bool) { return memory, true }}
	err = o.run(t.Context(), &streams{out: &printed, err: &told})
	return printed.String(), told.String(), err
}

const plenty = 1 << 50

// TestGenLargerThanMemory: what memory cannot hold is flushed while it comes, with the rows that would stay in memory where there is enough of it.
func TestGenLargerThanMemory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "db")
	published := history.Published()[100_000]
	out, notices, err := genIn(t, plenty, room.Process+2*embedded.LeastPart*room.JobFlushing, genOptions{dir: dir, rows: 100_000, live: 1000})
	require.NoError(t, err)
	require.Equal(t, "NOTICE:  to hold 100,000 jobs and 1,000 live queries in memory takes about 159 MB of memory, and there is 150 MB: they are flushed to Parquet files, 46,875 rows at a time\n", notices)
	require.Regexp(t, `^100,000 jobs, 1,000 live queries, 3 storages, 17 schema versions, all flushed in .*\nfingerprint `+published+` \(as published\)\n$`, out)
	require.Equal(t, outcome{out: "table_name,hot_rows,cold_rows\njobs,0,100000\nlive_queries,0,1000\n"}, sqlIn(t, dir,
		"SELECT table_name, hot_rows, cold_rows FROM system.tables WHERE table_name IN ('jobs', 'live_queries') ORDER BY 1", "--format", "csv"))
	rows := sqlIn(t, dir, "COPY system.jobs TO STDOUT (FORMAT csv)", "--quiet")
	require.Equal(t, published, fmt.Sprintf("%x", sha256.Sum256([]byte(rows.out))))

	// So is what would not fit the disk: rows in memory are in the log, too, and perhaps in a checkpoint.
	_, notices, err = genIn(t, 41e6, plenty, genOptions{dir: filepath.Join(t.TempDir(), "db"), rows: 100_000, live: 1000})
	require.NoError(t, err)
	require.Contains(t, notices, " takes about 43 MB on disk, and there is 41 MB: they are flushed to Parquet files, 78,380 rows at a time\n")

	old := filepath.Join(t.TempDir(), "old")
	out, _, err = genIn(t, plenty, plenty, genOptions{dir: old, rows: 2000, live: 20, legacy: true, cold: true})
	require.NoError(t, err)
	require.Regexp(t, `^2,000 jobs, 20 live queries, 3 storages, all flushed, in the older form, in .*\n$`, out)
	require.Equal(t, "n\n2000\n", sqlIn(t, old, "SELECT count(*) AS n FROM system.jobs", "--format", "csv").out)
}

// TestGenRoom refuses what cannot fit before anything is made.
func TestGenRoom(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	at := func(name string) string { return filepath.Join(home, name) }
	for name, c := range map[string]struct {
		disk, memory int64
		o            genOptions
		want         string
	}{
		"hot":           {plenty, 550e6, genOptions{rows: 1_000_000, live: 10, hot: true}, "to hold 1,000,000 jobs and 10 live queries in memory takes about 591 MB of memory, and there is 550 MB (SQLSTATE 53200)"},
		"half":          {plenty, 200e6, genOptions{rows: 1_000_000, live: 10, flush: true}, "of memory, and there is 200 MB (SQLSTATE 53200)"},
		"live":          {plenty, 200e6, genOptions{rows: 10, live: 1_000_000, hot: true}, "takes about 431 MB of memory"},
		"live disk":     {200e6, plenty, genOptions{rows: 10, live: 1_000_000, hot: true}, "takes about 291 MB on disk, and there is 200 MB (SQLSTATE 53100)"},
		"cold disk":     {1e9, 1e9, genOptions{rows: 100_000_000, live: 10}, "to flush 100,000,000 jobs and 10 live queries takes about 8.0 GB on disk, and there is 1.0 GB (SQLSTATE 53100)"},
		"cold memory":   {plenty, 10e6, genOptions{rows: 100_000_000, live: 10, cold: true}, "takes about 130 MB of memory, and there is 10 MB (SQLSTATE 53200)"},
		"parquet":       {50e6, plenty, genOptions{rows: 1_000_000, live: 10, out: at("j.parquet")}, "takes about 60 MB on disk, and there is 50 MB (SQLSTATE 53100)"},
		"file memory":   {plenty, 100e6, genOptions{rows: 10, live: 10, out: at("j.csv")}, "takes about 110 MB of memory, and there is 100 MB (SQLSTATE 53200)"},
		"csv":           {300e6, plenty, genOptions{rows: 1_000_000, live: 10, out: at("j.csv")}, "takes about 330 MB on disk"},
		"packed ndjson": {100e6, plenty, genOptions{rows: 1_000_000, live: 10, out: at("j.ndjson.zst")}, "takes about 105 MB on disk"},
	} {
		if c.o.out == "" {
			c.o.dir = at("db")
		}
		out, notices, err := genIn(t, c.disk, c.memory, c.o)
		require.ErrorContains(t, err, c.want, name)
		require.Empty(t, out+notices, name)
		var known *sqlstate.Error
		require.ErrorAs(t, err, &known)
		require.NotEmpty(t, known.Hint, name)
	}
	there, err := os.ReadDir(home)
	require.NoError(t, err)
	require.Empty(t, there)

	// A pipe takes what it is given.
	_, _, err = genIn(t, 1, plenty, genOptions{rows: 10, live: 10, out: "/dev/null.csv"})
	require.Error(t, err)
	require.NoError(t, os.WriteFile(at("j.csv"), nil, 0o600))
	_, _, err = genIn(t, 4000, plenty, genOptions{rows: 10, live: 10, out: at("j.csv")})
	require.NoError(t, err)
	_, _, err = genIn(t, 3000, plenty, genOptions{rows: 10, live: 10, out: at("j.csv")})
	require.Error(t, err)
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "j.csv")
	got := stoaIn(t, "", "gen", "--rows", "1000", "--out", file)
	require.Contains(t, got.out, "\nfingerprint "+history.Published()[1000]+" (as published)\n")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	_, rows, _ := strings.Cut(string(text), "\n")
	require.Equal(t, history.Published()[1000], fmt.Sprintf("%x", sha256.Sum256([]byte(rows))))
	require.Contains(t, stoaIn(t, "", "gen", "--rows", "1000", "--seed", "4", "--out", file).out, " (none is published for these options)\n")
	require.NotContains(t, stoaIn(t, "", "gen", "--rows", "1000", "--no-hash", "--out", file).out, "fingerprint")

	// Other rows than the published ones are an error.
	h, err := history.New(history.Options{Rows: 1000})
	require.NoError(t, err)
	f, err := (&genOptions{rows: 1000}).fingerprint(h)
	require.NoError(t, err)
	require.NoError(t, f.add(h.Jobs(0, 999)))
	require.ErrorContains(t, f.tell(&bytes.Buffer{}), "the jobs are not those of the published history: their fingerprint is ")
}

// TestBenchRefuses what cannot be measured before anything is made.
func TestBenchRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, c := range []struct {
		want string
		args []string
	}{
		{`--only "nomatch" matches no query (SQLSTATE 22023)` + "\nHINT:  The queries are running, recent-flushes, ", []string{"--only", "nomatch"}},
		{"--only is no regular expression: ", []string{"--only", "("}},
		{"must be positive", []string{"--rounds", "0"}},
		{"must be positive", []string{"--rows", "-5"}},
		{"must be positive", []string{"--live-queries", "0"}},
		{"must be positive", []string{"--live-queries", "-1"}},
		{"must be positive", []string{"--singles", "-1s"}},
		{`"` + file + `" is not a directory (SQLSTATE 42809)`, []string{"--out", file}},
		{`"` + file + `" is not a directory (SQLSTATE 42809)`, []string{"--out", filepath.Join(file, "x")}},
		{"nothing can be written to the scratch directory: ", []string{"--scratch", filepath.Join(dir, "none")}},
		{"takes about ", []string{"--rows", "900000000000"}},
		{"out of range", []string{"--rows", "9000000000000000000"}},
	} {
		args := append([]string{"bench", "--no-writes", "--out", filepath.Join(dir, "report")}, c.args...)
		if c.args[0] != "--rows" {
			args = append(args, "--rows", "10")
		}
		got := stoaIn(t, "", args...)
		require.Equal(t, 1, got.code, c.args)
		require.Contains(t, got.err, c.want, c.args)
		require.Empty(t, got.out, c.args)
	}
	there, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, there, 1)
	require.Contains(t, stoaIn(t, "", "bench", "regress", "--threshold", "-1", file, file).err, "--threshold must not be negative")
}
