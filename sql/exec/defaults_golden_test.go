package exec_test

import (
	"context"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// clockTimes are the constants that come of the clock, as generate.py masks them.
var clockTimes = regexp.MustCompile(`'\d[^']*'`)

// TestDefaultsGolden gives the defaults of testdata/defaults to columns and compares what is shown of them, and the rows that they give in two time zones and
// more than a day apart, with what PostgreSQL 15 told generate.py there.
func TestDefaultsGolden(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/defaults/defaults.golden")
	require.NoError(t, err)
	for _, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		name, want, ok := strings.Cut(block, "\n----\n")
		require.True(t, ok, block)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts := append(strings.Split(name, " ~ "), "")
			require.Equal(t, want, defaultTranscript(t, parts[0], parts[1], parts[2]))
		})
	}
}

// defaultTranscript does what generate.py does. A day and a half passes between the statements.
func defaultTranscript(t *testing.T, typ, expr, ask string) string {
	clock, db := testNow, &database{t: t, fs: vfs.NewMem()}
	st, err := store.Open(context.Background(), "/db", &store.Options{FS: db.fs, Now: func() time.Time { return clock }})
	require.NoError(t, err)
	t.Cleanup(func() { _ = st.Close() })
	db.use(st, nil)
	var failed error
	run := func(sql string) answer {
		a := db.run(sql)
		if a.err != nil && failed == nil {
			failed = a.err
		}
		clock = clock.Add(36 * time.Hour)
		return a
	}
	shown := func(column string) string {
		a := run("SELECT column_default FROM information_schema.columns WHERE table_name = 'd' AND column_name = '" + column + "'")
		return strings.Join(a.rows, "\n")
	}
	for _, sql := range []string{
		"CREATE TABLE d (id int PRIMARY KEY)", "INSERT INTO d VALUES (1)", "SET TIME ZONE 'America/New_York'",
		"ALTER TABLE d ADD COLUMN v " + typ + " DEFAULT " + expr, "ALTER TABLE d ADD COLUMN w " + typ, "ALTER TABLE d ALTER COLUMN w SET DEFAULT " + expr,
		"INSERT INTO d (id) VALUES (2)", "SET TIME ZONE 'UTC'", "INSERT INTO d (id) VALUES (3)",
	} {
		run(sql)
	}
	if failed != nil {
		var e *sqlstate.Error
		require.True(t, errors.As(failed, &e), failed)
		return "ERROR:  " + e.Message + " (SQLSTATE " + string(e.Code) + ")"
	}
	out := "UTC: " + shown("v") + "\nSET DEFAULT: " + shown("w")
	snap, err := st.Latest(context.Background())
	require.NoError(t, err)
	defer snap.Close()
	table, found := snap.Table(schemahistory.Name{Namespace: "public", Table: "d"})
	require.True(t, found)
	out += "\npsql: " + db.session.DefaultText(context.Background(), table.Def.Columns[1])
	run("SET TIME ZONE 'America/New_York'")
	out += "\nNew York: " + shown("v")
	run("SET TIME ZONE 'UTC'")
	query := map[string]string{
		"":     "SELECT id, v, w FROM d ORDER BY id",
		"same": "SELECT id, v::text = (SELECT v::text FROM d WHERE id = 1), w::text = (SELECT w::text FROM d WHERE id = 2) FROM d ORDER BY id",
		"text": "SELECT count(*) FROM d",
	}[ask]
	out += "\nrows: " + strings.Join(run(query).rows, "\n")
	require.NoError(t, failed)
	if ask != "" {
		out = clockTimes.ReplaceAllString(out, "<time>")
	}
	return out
}
