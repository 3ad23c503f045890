package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCompactBackupRestore runs the three commands one after the other, as an administrator would.
func TestCompactBackupRestore(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	dir, copied, back := filepath.Join(home, "db"), filepath.Join(home, "copies", "one"), filepath.Join(home, "back")
	far := filepath.ToSlash(filepath.Join(home, "far"))
	for _, seed := range []string{"1", "2", "3"} {
		require.Zero(t, stoaIn(t, "", "gen", "--rows", "500", "--seed", seed, "--dir", dir).code)
		require.Zero(t, stoaIn(t, "", "flush", "--dir", dir, "--table", "jobs", "--all").code)
	}
	require.Zero(t, sqlIn(t, dir, `INSERT INTO system.storages (storage_id, name, base_path, path_template)
			VALUES (gen_random_uuid(), 'far', '`+far+`', '{storageLocation}/{namespace}/{tableName}/');
		CREATE TABLE chat.messages (id bigint PRIMARY KEY, user_id text); ALTER TABLE chat.messages SET (storage = 'far');
		INSERT INTO chat.messages VALUES (1, 'ann'), (2, 'bob'); CALL system.flush('chat.messages'); INSERT INTO chat.messages VALUES (3, 'cy')`).code)
	const rows = "SELECT * FROM system.jobs WHERE job_type NOT IN ('backup', 'compact') OR completed_at < now() - interval '1 hour' ORDER BY job_id; SELECT * FROM chat.messages ORDER BY id"
	before := sqlIn(t, dir, rows, "--format", "csv")
	require.Zero(t, before.code, before.err)

	got := stoaIn(t, "", "compact", "--dir", dir)
	require.Zero(t, got.code, got.err)
	require.Regexp(t, `^system\.jobs: Compacted 3 files into 1 file, saved [\d.]+ kB \([\d,]+ rows in [\d.]+ kB, \d+\.\d s\)\n$`, got.out)
	require.Equal(t, outcome{out: "nothing to compact\n"}, stoaIn(t, "", "compact", "--dir", dir, "--table", "system.jobs"))
	got = stoaIn(t, "", "compact", "--dir", dir, "--table", "nosuch")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, `relation "system.nosuch" does not exist (SQLSTATE 42P01)`)
	require.Equal(t, before, sqlIn(t, dir, rows, "--format", "csv"))

	got = stoaIn(t, "", "backup", copied, "--dir", dir)
	require.Zero(t, got.code, got.err)
	require.Regexp(t, `^Backup completed: 2 namespaces, 5 tables, [\d.]+ kB \([\d,]+ rows, \d+\.\d s\)\n$`, got.out)
	require.NoError(t, os.RemoveAll(far))
	require.Equal(t, before, sqlIn(t, copied, rows, "--format", "csv", "--read-only"))
	got = stoaIn(t, "", "backup", copied, "--dir", dir)
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "exists but is not empty (SQLSTATE 58P02)\nHINT:  ")

	got = stoaIn(t, "", "restore", copied, "--dir", back)
	require.Zero(t, got.code, got.err)
	require.Regexp(t, `^Restored 2 namespaces, 5 tables, [\d,]+ rows, [\d.]+ kB to .*back \(\d+\.\d s\)\n$`, got.out)
	require.Equal(t, before, sqlIn(t, back, rows, "--format", "csv"))
	require.Equal(t, 1, stoaIn(t, "", "restore", copied, "--dir", back).code)
	got = stoaIn(t, "", "restore", filepath.Join(home, "none"), "--dir", filepath.Join(home, "new"))
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "there is no backup in")
	require.Equal(t, 2, stoaIn(t, "", "backup").code)
	require.Equal(t, 2, stoaIn(t, "", "compact", "--nosuch").code)
	got = sqlIn(t, dir, "SELECT job_type, parameters->>0, status FROM system.jobs ORDER BY created_at DESC LIMIT 2", "--format", "csv", "--quiet")
	require.Equal(t, "job_type,?column?,status\nbackup,,completed\ncompact,system/jobs,completed\n", got.out, got.err)
}

// TestBackupBesideWriter backs up while another process has the database open, and so without a job.
func TestBackupBesideWriter(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	dir := filepath.Join(home, "db")
	c := converse(t, "--dir", dir)
	c.say("CREATE TABLE public.t (id int);\n")
	c.hear("CREATE TABLE")
	c.say("INSERT INTO public.t VALUES (1), (2);\n")
	c.hear("INSERT 0 2")
	got := stoaIn(t, "", "backup", filepath.Join(home, "copy"), "--dir", dir)
	require.Zero(t, got.code, got.err)
	require.True(t, strings.HasPrefix(got.err, "NOTICE:  another process is writing the database"), got.err)
	c.say("INSERT INTO public.t VALUES (3);\n")
	c.hear("INSERT 0 1")
	require.Equal(t, "count\n2\n", sqlIn(t, filepath.Join(home, "copy"), "SELECT count(*) FROM public.t", "--format", "csv").out)
	got = stoaIn(t, "", "compact", "--dir", dir)
	require.Contains(t, got.err, "(SQLSTATE 55006)")
	require.NoError(t, c.in.Close())
	require.Zero(t, c.end())
}
