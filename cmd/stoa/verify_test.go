package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// damageFile changes one bit in the middle of a file.
func damageFile(t *testing.T, name string) {
	t.Helper()
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	b[len(b)/2] ^= 1
	require.NoError(t, os.WriteFile(name, b, 0o644))
}

// TestVerifyAndSalvage damages a database, has it found, and repaired.
func TestVerifyAndSalvage(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "db")
	require.Zero(t, stoaIn(t, "", "gen", "--rows", "500", "--seed", "1", "--dir", dir).code)
	require.Zero(t, stoaIn(t, "", "flush", "--dir", dir, "--all").code)
	require.Zero(t, sqlIn(t, dir, "CREATE TABLE public.t (id int PRIMARY KEY); INSERT INTO public.t VALUES (1), (2)").code)
	got := stoaIn(t, "", "verify", "--dir", dir)
	require.Zero(t, got.code, got.out+got.err)
	require.Regexp(t, `^verified 5 tables, \d files, \d+ rows, [\d.]+ kB: no damage \(\d+\.\d s\)\n$`, got.out)
	got = stoaIn(t, "", "verify", "--dir", dir, "--salvage")
	require.Zero(t, got.code, got.err)
	require.Regexp(t, `^nothing to salvage\nverified 5 tables`, got.out)

	files, err := filepath.Glob(filepath.Join(dir, "storage", "system", "jobs", "*.parquet"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	damageFile(t, files[0])
	got = stoaIn(t, "", "verify", "--dir", dir)
	require.Equal(t, 1, got.code)
	require.Regexp(t, `jobs/batch-[-\d]+\.parquet: row group 0, column \w+: .*`, got.out)
	require.Regexp(t, `^ERROR:  the database in .* is damaged: 1 finding \(SQLSTATE XX001\)\nHINT:  stoa verify --salvage`, got.err)
	got = stoaIn(t, "", "verify", "--dir", dir, "--format", "json")
	require.Equal(t, 1, got.code)
	var report struct {
		Findings []map[string]any
		Notes    []any
		Tables   int
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &report), got.out)
	require.Len(t, report.Findings, 1)
	require.Equal(t, 5, report.Tables)
	require.Equal(t, "system.jobs", report.Findings[0]["table"])

	damageFile(t, filepath.Join(dir, "MANIFEST"))
	got = sqlIn(t, dir, "SELECT 1")
	require.Equal(t, 1, got.code)
	require.Regexp(t, `^ERROR:  .*MANIFEST: .* \(SQLSTATE XX001\)\nHINT:  stoa verify --dir .* --salvage`, got.err)
	got = stoaIn(t, "", "verify", "--dir", dir, "--salvage")
	require.Zero(t, got.code, got.out+got.err)
	require.Regexp(t, `(?s)damaged: .*MANIFEST: .*\nlost: .*jobs/batch.*\nsalvaged 5 tables, .*; the originals are in .*salvaged-\d{8}-\d{6}\n.*: no damage`, got.out)
	require.Zero(t, stoaIn(t, "", "verify", "--dir", dir).code)
	require.Equal(t, "id\n1\n2\n", sqlIn(t, dir, "SELECT * FROM public.t ORDER BY id", "--format", "csv").out)
	kept, err := filepath.Glob(filepath.Join(dir, "salvaged-*", "MANIFEST"))
	require.NoError(t, err)
	require.Len(t, kept, 1)
}

// TestVerifyRefusals tells what verify answers when it cannot begin.
func TestVerifyRefusals(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for _, args := range [][]string{{"verify"}, {"verify", "--salvage"}} {
		got := stoaIn(t, "", append(args, "--dir", filepath.Join(home, "none"))...)
		require.Equal(t, 1, got.code)
		require.Contains(t, got.err, "(SQLSTATE 3D000)")
	}
	dir := filepath.Join(home, "db")
	c := converse(t, "--dir", dir)
	c.say("CREATE TABLE public.t (id int);\n")
	c.hear("CREATE TABLE")
	got := stoaIn(t, "", "verify", "--dir", dir)
	require.Zero(t, got.code, got.out+got.err)
	got = stoaIn(t, "", "verify", "--salvage", "--dir", dir)
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "(SQLSTATE 55006)")
	require.NoError(t, c.in.Close())
	require.Equal(t, 1, stoaIn(t, "", "verify", "--format", "xml").code)
	require.Equal(t, 2, stoaIn(t, "", "verify", "extra").code)
}

// TestSalvageLeavesForeignFiles tells what can be done with a flushed file of a table that the database does not know.
func TestSalvageLeavesForeignFiles(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	other, dir := filepath.Join(home, "other"), filepath.Join(home, "db")
	require.Zero(t, sqlIn(t, other, "CREATE TABLE chat.lost (id int PRIMARY KEY); INSERT INTO chat.lost VALUES (7); CALL system.flush(all_rows => true)").code)
	require.Zero(t, sqlIn(t, dir, "CREATE TABLE public.t (id int PRIMARY KEY); INSERT INTO public.t VALUES (1)").code)
	require.NoError(t, os.CopyFS(filepath.Join(dir, "storage"), os.DirFS(filepath.Join(other, "storage"))))
	files, err := filepath.Glob(filepath.Join(dir, "wal", "*.wal"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	require.NoError(t, os.Remove(files[0]))
	got := stoaIn(t, "", "verify", "--dir", dir, "--salvage")
	require.Zero(t, got.code, got.out+got.err)
	require.Regexp(t, `lost: .*/chat/lost/batch-.*: table chat.lost: the file is not known to the database, and is left as it is: its table is not known; 1 row\n`, got.out)
	require.Regexp(t, `HINT:  \d files? that .* left .* can be read: SELECT \* FROM read_parquet\('.*\.parquet'\)`, got.err)
}
