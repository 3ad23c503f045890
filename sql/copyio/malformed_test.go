package copyio

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/parquetio/badfiles"
	"github.com/stoadb/stoa/vfs"
)

// targetOf gives the columns that a table for a file would have, as far as the file can be opened.
func targetOf(path string) []Column {
	f, err := parquetio.Open(vfs.OS(), path, nil)
	if err != nil {
		return []Column{{ID: 1, Name: "a", Type: arrowschema.Int8}}
	}
	defer f.Close()
	var out []Column
	seen := map[string]bool{}
	for i, c := range f.Columns() {
		if c.Type != arrowschema.Unknown && !seen[c.Name] && len(out) < 300 {
			out = append(out, Column{ID: int32(i + 1), Name: c.Name, Type: c.Type})
			seen[c.Name] = true
		}
	}
	return out
}

// TestMalformedParquet copies malformed files, and small ones that come to gigabytes, as a statement would: what is handed on is kept. STOA_TORTURE is how
// many times more mutations there are.
func TestMalformedParquet(t *testing.T) { // not parallel: memory is watched
	defer debug.SetGCPercent(debug.SetGCPercent(25))
	good := map[string][]byte{}
	paths, err := filepath.Glob("../../parquetio/testdata/foreign/*.parquet")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, p := range paths {
		data, err := os.ReadFile(p)
		require.NoError(t, err)
		good[strings.TrimSuffix(filepath.Base(p), ".parquet")] = data
	}
	var cases []badfiles.Case
	for _, name := range slices.Sorted(maps.Keys(good)) {
		list, err := badfiles.Mutations(good[name], 11*badfiles.Factor(os.Getenv("STOA_TORTURE")), 3)
		require.NoError(t, err, name)
		for _, c := range list {
			cases = append(cases, badfiles.Case{Name: name + ": " + c.Name, Data: c.Data})
		}
	}
	cases = append(append(cases, badfiles.Crafted()...), badfiles.Bombs()...)
	path := filepath.Join(t.TempDir(), "malformed.parquet")
	refused := 0
	for _, c := range cases {
		require.NoError(t, os.WriteFile(path, c.Data, 0o600))
		target := targetOf(path)
		var err error
		peak := badfiles.Watch(func() { err = copyAll(t, path, target) })
		limit := badfiles.Limit(len(c.Data)) + 2*(timesLarge-timesFile)*uint64(max(0, len(c.Data)-largeFile))
		require.LessOrEqual(t, peak, limit, "memory for %s", c.Name)
		if err != nil {
			refused++
			require.NotContains(t, err.Error(), "runtime error", c.Name)
			require.NotEqual(t, sqlstate.InternalError, sqlstate.CodeOf(err), "%s: %v", c.Name, err)
		}
	}
	require.Greater(t, refused, len(cases)/2, "most malformed files are refused")
	require.Greater(t, len(cases), 600)
}

// copyAll reads a file to its end and holds on to the rows.
func copyAll(t *testing.T, path string, target []Column) error {
	r, err := Open(vfs.OS(), path, &Options{Format: Parquet, Listed: true}, target, "t", builtin.Registry(), testContext())
	if err != nil {
		return err
	}
	defer r.Close()
	var kept []*vec.Batch
	defer func() { runtime.KeepAlive(kept) }()
	for {
		b, err := r.Read(t.Context(), 0)
		if err != nil || b == nil {
			return err
		}
		kept = append(kept, b)
	}
}
