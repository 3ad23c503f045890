package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ours are the beginnings of the lines that \d prints behind what psql prints.
var ours = []string{"Indexes without a key", "Declared only", "Storage: ", "Rows: ", "Schema version: "}

// asPsql takes our own lines, and the command tags, away from what \d printed.
func asPsql(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		own := false
		for _, prefix := range ours {
			own = own || strings.HasPrefix(line, prefix)
		}
		if !own {
			out.WriteString(line)
		}
	}
	return out.String()
}

// TestDescribeAsPsql compares \d with psql 15's, byte for byte; testdata/describe/make.sh makes the files.
func TestDescribeAsPsql(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("testdata/describe/*.sql")
	require.NoError(t, err)
	require.NotEmpty(t, scripts)
	for _, script := range scripts {
		want, err := os.ReadFile(strings.TrimSuffix(script, ".sql") + ".out")
		require.NoError(t, err)
		got := sqlIn(t, t.TempDir(), "", "--quiet", "-f", script)
		require.Empty(t, got.err, script)
		require.Equal(t, string(want), asPsql(got.out), script)
	}
}

func TestDescribeOurs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.Zero(t, sqlIn(t, dir, `CREATE TABLE chat.messages (id bigint PRIMARY KEY, user_id text); INSERT INTO chat.messages VALUES (1, 'jamal'), (2, 'noor');
		CALL system.flush('chat.messages'); ALTER TABLE chat.messages ADD COLUMN n integer DEFAULT 7; INSERT INTO chat.messages VALUES (3, 'x', 8);
		CREATE INDEX ON chat.messages (user_id)`).code)
	got := sqlIn(t, dir, `\d messages`)
	require.Empty(t, got.err)
	require.Contains(t, got.out, "Indexes without a key are declared only: scans prune by statistics.\nStorage: \"primary\"\nRows: 1 hot, 2 in 1 file (")
	require.Contains(t, got.out, "\nSchema version: 2\n\n")
	got = sqlIn(t, dir, `\d+ chat.messages`)
	require.Empty(t, got.err)
	require.Regexp(t, ` n       \| integer \|           \|          \| 7       \|  3 \| int32      \| 7\n`, got.out)
	require.Regexp(t, `Schema versions:\n    1  20\S+ \S+  created the table\n    2  20\S+ \S+  added column n integer\n`, got.out)
	got = sqlIn(t, dir, "\\d system.*\n\\d SYSTEM.\"jobs\"\n\\d information_schema.*\n\\d messages_pkey")
	require.Empty(t, got.err)
	for _, title := range []string{`Table "system.jobs"`, `Index "system.jobs_pkey"`, `View "system.tables"`, `View "information_schema.columns"`, `Index "chat.messages_pkey"`} {
		require.Contains(t, got.out, title+"\n")
	}
	for _, wrong := range []string{`\d "System".jobs`, `\d "chat.messages"`, `\d nothing*`, `\d a.b.c`, `\d jobs messages2`} {
		require.Equal(t, 1, sqlIn(t, dir, wrong).code, wrong)
	}
	// A name without a schema means that of public, if it is there.
	require.Zero(t, sqlIn(t, dir, `CREATE TABLE public.messages (a int)`).code)
	got = sqlIn(t, dir, `\d messages`)
	require.Contains(t, got.out, `Table "public.messages"`)
	require.NotContains(t, got.out, "chat")
}
