package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// oneFile gives the one Parquet file of a table.
func oneFile(t *testing.T, dir, table string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "storage", filepath.FromSlash(table), "*.parquet"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	return files[0]
}

// What --create-table gives makes the table in another database, into which the file can be copied, and whose own files then say the same.
func TestInspectCreateTable(t *testing.T) {
	t.Parallel()
	dir, other := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	require.Zero(t, stoaIn(t, "", "gen", "--rows", "500", "--dir", dir).code)
	got := sqlIn(t, dir, `CREATE TABLE chat."It's ""mine""" (id bigint PRIMARY KEY, "Name" varchar(20) DEFAULT 'x''y', n numeric(10,2) DEFAULT 1.5 NOT NULL,
		at timestamptz(3) DEFAULT now(), kind text CHECK (kind IN ('a', 'b''c')), k integer UNIQUE, u uuid, j jsonb DEFAULT '[]', UNIQUE (k, u))
		WITH (parquet_profile = 'spark');
		CREATE INDEX ON chat."It's ""mine""" (k DESC, u);
		INSERT INTO chat."It's ""mine""" (id, "Name", kind, k) VALUES (1, 'ü', 'b''c', 5), (2, NULL, NULL, NULL);
		CALL system.flush(all_rows => true)`, "--quiet")
	require.Zero(t, got.code, got.err)
	for table, name := range map[string]string{"chat/*": `chat."It's ""mine"""`, "system/jobs": "system.jobs"} {
		file := oneFile(t, dir, table)
		create := stoaIn(t, "", "inspect", "--create-table", file)
		require.Zero(t, create.code, create.err)
		got = sqlIn(t, other, create.out, "--quiet")
		require.Zero(t, got.code, got.err)
		got = sqlIn(t, other, "COPY "+name+" FROM '"+strings.ReplaceAll(file, "'", "''")+"' (FORMAT parquet)", "--quiet")
		require.Zero(t, got.code, got.err)
		query := "SELECT * FROM " + name + " WHERE created_at < '2026-01-01' ORDER BY 1"
		if table != "system/jobs" {
			query = "SELECT * FROM " + name + " ORDER BY 1"
		}
		require.Equal(t, sqlIn(t, dir, query, "--format", "csv").out, sqlIn(t, other, query, "--format", "csv").out)
		require.Zero(t, sqlIn(t, other, "CALL system.flush('"+strings.ReplaceAll(name, "'", "''")+"', all_rows => true)").code)
		again := oneFile(t, other, table)
		require.Equal(t, create.out, stoaIn(t, "", "inspect", "--create-table", again).out)
		require.Equal(t, stoaIn(t, "", "inspect", "--arrow-json", file).out, stoaIn(t, "", "inspect", "--arrow-json", again).out)
	}
	got = stoaIn(t, "", "inspect", oneFile(t, dir, "system/jobs"))
	for _, words := range []string{"table system.jobs, schema version 1, contract 1.0.0, profile standard, aggregates of 1 row group\n", "created_at from 2025-10-",
		"storage primary, template {storageLocation}/{namespace}/{tableName}/, job "} {
		require.Contains(t, got.out, words)
	}
	got = stoaIn(t, "", "inspect", filepath.Join(dir, "storage"))
	require.Contains(t, got.out, "system.jobs")
	require.Equal(t, 1, stoaIn(t, "", "inspect", "--create-table", dir).code)
}

// The table of a file that others wrote has its name, and what cannot be read is left out.
func TestInspectCreateTableForeign(t *testing.T) {
	t.Parallel()
	file := filepath.FromSlash("../../sql/exec/testdata/nested.parquet")
	got := stoaIn(t, "", "inspect", "--create-table", file)
	require.Zero(t, got.code, got.err)
	require.Equal(t, "-- Column list is left out: it cannot be read.\n-- Column s is left out: it cannot be read.\nCREATE TABLE nested (\n    id bigint\n);\n", got.out)
}
