package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/parquetio/badfiles"
)

// TestInspectHostileFiles shows files that were made to harm: the answer or an error that names the file, in so many lines, and nothing that acts on a terminal.
func TestInspectHostileFiles(t *testing.T) {
	t.Parallel()
	const most = 2 << 20 // bytes of a table of 1,000 columns, the widest that is shown, and more
	dir := t.TempDir()
	bad := 0
	for i, c := range badfiles.Crafted() {
		path := filepath.Join(dir, fmt.Sprintf("%d.parquet", i))
		require.NoError(t, os.WriteFile(path, c.Data, 0o600))
		got := stoaIn(t, "", "inspect", path)
		require.Contains(t, []int{0, 1}, got.code, c.Name)
		if got.code == 1 {
			bad++
			require.Empty(t, got.out, c.Name)
			require.Contains(t, got.err, filepath.Base(path), c.Name)
			require.Contains(t, got.err, "SQLSTATE", c.Name)
			require.NotContains(t, got.err, "runtime error", c.Name)
			require.Less(t, len(got.err), 2000, c.Name)
		}
		require.Less(t, len(got.out), most, c.Name)
		requireTame(t, got.out+got.err, c.Name)
		require.NoError(t, os.Remove(path))
		if i%20 == 0 { // some stay, to be summed up
			require.NoError(t, os.WriteFile(path, c.Data, 0o600))
		}
	}
	require.Greater(t, bad, 100)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "text.parquet"), []byte("id,name\n"), 0o600))
	got := stoaIn(t, "", "inspect", dir)
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "could not be read")
	require.Contains(t, got.out, "text.parquet: not a Parquet file")
	requireTame(t, got.out, dir)
}

// requireTame checks that a text has no characters that a terminal obeys, but for line feeds.
func requireTame(t *testing.T, s, name string) {
	t.Helper()
	require.True(t, utf8.ValidString(s), name)
	for _, r := range s {
		if r != '\n' && (unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069) {
			require.Failf(t, "a control character", "%U in %s", r, name)
		}
	}
}
