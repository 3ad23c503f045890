package parquetio

import (
	"bytes"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/parquetio/badfiles"
)

// goodFiles gives small files: those of all makers, and ours in every profile and with everything that a footer can have, as they are, without the
// checksums that would catch most damage, and in the name of another writer.
func goodFiles(t testing.TB) map[string][]byte {
	out := samples(t)
	delete(out, "own.parquet")
	d := allTypes()
	for _, profile := range Profiles() {
		for _, options := range []*WriteOptions{
			{RowGroupRows: 64, Profile: profile, Aggregates: &AggregateOptions{GroupBy: []string{"d_text"}}},
			{RowGroupRows: 4096, PageRows: 64, Profile: profile},
		} {
			var buf bytes.Buffer
			w, err := NewWriter(&buf, d, options)
			require.NoError(t, err)
			require.NoError(t, w.Write(allRows(d, 0, 150, 20, everyThird)))
			_, err = w.Close()
			require.NoError(t, err)
			name := "own " + string(profile)
			if options.PageRows > 0 {
				name += " with pages"
			}
			out[name] = buf.Bytes()
			out[name+", without checksums"] = strip(t, buf.Bytes(), false)
			out[name+", of another writer"] = strip(t, buf.Bytes(), true)
		}
	}
	return out
}

// strip takes the checksums out of the footer of a file of ours, and our name too.
func strip(t testing.TB, data []byte, name bool) []byte {
	f, err := badfiles.Parse(data)
	require.NoError(t, err)
	return f.WithFooter(func(footer *badfiles.Value) {
		entries := footer.Get(5)
		entries.List = slices.DeleteFunc(entries.List, func(e *badfiles.Value) bool { return string(e.Get(1).Bytes) == KeyChecksums })
		if name {
			footer.Set(6, badfiles.Text("somebody else"))
		}
	})
}

// TestMalformedFiles gives malformed files to everything that reads. STOA_TORTURE is how many times more there are.
func TestMalformedFiles(t *testing.T) { // not parallel: memory is watched
	defer debug.SetGCPercent(debug.SetGCPercent(25))
	const each = 11
	good := goodFiles(t)
	files := 0
	for _, name := range slices.Sorted(maps.Keys(good)) {
		cases, err := badfiles.Mutations(good[name], each*badfiles.Factor(os.Getenv("STOA_TORTURE")), 7)
		require.NoError(t, err, name)
		for _, c := range cases {
			try(t, name+": "+c.Name, c.Data, exercise)
		}
		files += len(cases)
	}
	for _, c := range badfiles.Crafted() {
		try(t, c.Name, c.Data, exercise)
		files++
	}
	require.Greater(t, files, 700)
}

// try reads a malformed file and checks that it did no harm.
func try(t *testing.T, name string, data []byte, read func([]byte) []error) {
	t.Helper()
	var errs []error
	peak := badfiles.Watch(func() { errs = read(data) })
	for _, err := range errs {
		require.NotContains(t, err.Error(), "runtime error", name)
	}
	require.LessOrEqual(t, peak, badfiles.Limit(len(data)), "memory for %s", name)
}
