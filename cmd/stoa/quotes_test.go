package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// marker is what files hold and no error may show.
const marker = "qzMARKERzq"

// TestErrorsQuoteNoFile gives every command that opens a file by name one of which it must refuse something.
func TestErrorsQuoteNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, file := filepath.Join(dir, "db"), filepath.Join(dir, "file")
	require.Zero(t, sqlIn(t, db, "CREATE TABLE t (a int, b text UNIQUE); INSERT INTO t VALUES (1, '"+marker+"');").code)
	var commands [][]string
	for _, options := range []string{"FORMAT csv", "FORMAT csv, HEADER match", "FORMAT text", "FORMAT ndjson", "FORMAT parquet", "FORMAT swf"} {
		for _, table := range []string{"t", "system.jobs"} {
			commands = append(commands, []string{"sql", "--dir", db, "-c", "COPY " + table + " FROM '" + file + "' (" + options + ")"})
		}
	}
	commands = append(commands, []string{"sql", "--dir", db, "-c", "SELECT * FROM read_parquet('" + file + "')"}, []string{"inspect", file},
		[]string{"demo", "--history", file, "--dir", filepath.Join(dir, "demo")}, []string{"restore", file, "--dir", filepath.Join(dir, "back")})
	for _, content := range []string{
		marker + ":x:0:0:" + marker + "\n", "1," + marker + "\n", "1\t" + marker + "\n", `{"a": "` + marker + `"}` + "\n", `{"` + marker + `": 1}`, `{"started": "` + marker + `"}`,
		"; UnixStartTime: 1\n1 2 " + marker + " 3\n", "PAR1" + strings.Repeat(marker, 20) + "PAR1", "\x1f\x8b" + marker, "\x28\xb5\x2f\xfd" + marker, marker + "\xff\n",
	} {
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		for _, c := range commands {
			got := stoaIn(t, "", c...)
			require.Equal(t, 1, got.code, "%q of %q", c, content)
			require.NotEmpty(t, got.err)
			require.NotContains(t, got.out+got.err, marker, "%q of %q", c, content)
		}
	}
	got := sqlIn(t, db, "COPY t FROM STDIN;\n"+marker+"\n\\.\n")
	require.Contains(t, got.err, marker, "what a client sends is quoted to it")
}

// TestDamageQuotesNoFile puts a marker over each file of a database in turn.
func TestDamageQuotesNoFile(t *testing.T) {
	t.Parallel()
	whole := filepath.Join(t.TempDir(), "whole")
	require.Zero(t, stoaIn(t, "", "gen", "--rows", "300", "--seed", "1", "--dir", whole, "--flush").code)
	require.Zero(t, sqlIn(t, whole, "CREATE TABLE t (a int); INSERT INTO t VALUES (1);").code)
	var files []string
	require.NoError(t, filepath.WalkDir(whole, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			rel, _ := filepath.Rel(whole, path)
			files = append(files, rel)
		}
		return err
	}))
	require.Greater(t, len(files), 4)
	refused := 0
	for _, name := range files {
		sound, err := os.ReadFile(filepath.Join(whole, name))
		require.NoError(t, err)
		if len(sound) < 3*len(marker) {
			continue
		}
		middle := bytes.Clone(sound)
		copy(middle[len(middle)/2:], marker)
		end := bytes.Clone(sound)
		copy(end[len(end)-2*len(marker):], marker)
		for _, bad := range [][]byte{[]byte(strings.Repeat(marker, 30)), middle, end} {
			dir := filepath.Join(t.TempDir(), "db")
			require.NoError(t, os.CopyFS(dir, os.DirFS(whole)))
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), bad, 0o600))
			for _, c := range [][]string{
				{"verify", "--dir", dir}, {"backup", dir + ".copy", "--dir", dir}, {"restore", dir, "--dir", dir + ".back"},
				{"sql", "--dir", dir, "-c", "SELECT count(*), max(trace), max(parameters::text) FROM system.jobs"}, {"verify", "--salvage", "--dir", dir},
			} {
				got := stoaIn(t, "", c...)
				refused += got.code
				require.NotContains(t, got.out+got.err, marker, "%s: %q", name, c)
			}
		}
	}
	require.Greater(t, refused, 20)
}
