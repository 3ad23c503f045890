package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTornLogIsTold cuts the log of a database that was not closed in the middle of its last record.
func TestTornLogIsTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.Zero(t, sqlIn(t, dir, "CREATE TABLE public.t (a int PRIMARY KEY, b text); INSERT INTO t VALUES (1, 'x'); INSERT INTO t VALUES (2, 'y')").code)
	require.NoError(t, os.Remove(filepath.Join(dir, "wal", "CLEAN")))
	name := filepath.Join(dir, "wal", "00000000000000000001.wal")
	info, err := os.Stat(name)
	require.NoError(t, err)
	const seal, part = 24, 10
	require.NoError(t, os.Truncate(name, info.Size()-seal-part))
	const query = "SELECT a FROM t"
	warning := `^WARNING:  the database was not closed, and the log's last \d+ bytes are no whole record: %s\nDETAIL:  .*00000000000000000001\.wal from byte \d+ on: .+\.\n$`
	for _, c := range []struct {
		args  []string
		words string
	}{
		{[]string{"--read-only"}, "they are left out, and a writer will cut them off"},
		{nil, "they have been cut off"},
		{nil, ""}, // once
	} {
		got := sqlIn(t, dir, query, append(c.args, "--format", "csv")...)
		require.Equal(t, "a\n1\n", got.out)
		require.Zero(t, got.code)
		if c.words == "" {
			require.Empty(t, got.err)
			continue
		}
		require.Regexp(t, fmt.Sprintf(warning, c.words), got.err)
	}
}
