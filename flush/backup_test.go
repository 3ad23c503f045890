package flush

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

func backupJobs(t testing.TB, db *store.DB) []tables.Job {
	return jobsBy(t, db, func(j *tables.Job) bool { return j.JobType == backupJob && isOurs(j) })
}

// allRows gives the rows of every table of a snapshot, and the definitions and versions.
func allRows(t testing.TB, db *store.DB, snap *store.Snapshot) map[string]map[string]int {
	t.Helper()
	out := map[string]map[string]int{}
	for _, view := range snap.Tables() {
		rows, _, _ := rowsOf(t, db, snap, view.Def.Name)
		rows[fmt.Sprintf("definition %+v", *view.Def)] = 1
		out[view.Def.Name.String()] = rows
	}
	for _, h := range snap.Histories() {
		out["history "+h.Name.String()] = map[string]int{fmt.Sprintf("%+v", h.Versions): 1}
	}
	return out
}

func allRowsNow(t testing.TB, db *store.DB) map[string]map[string]int {
	t.Helper()
	snap := db.Snapshot()
	defer snap.Close()
	return allRows(t, db, snap)
}

func openReader(t testing.TB, fsys vfs.FS, dir string) *store.DB {
	t.Helper()
	db, err := store.Open(ctx, dir, &store.Options{FS: fsys, ReadOnly: true})
	require.NoError(t, err)
	return db
}

// mixedDatabase has rows hot and flushed, deleted ones, files of several users, and a storage outside its directory.
func mixedDatabase(t testing.TB, db *store.DB) {
	t.Helper()
	twoWaves(t, db)
	archive := schemahistory.Name{Namespace: "archive", Table: "notes"}
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error { return tx.CreateTable(messages(archive, "primary")) }))
	addStorage(t, db, "far", "/mnt/far", "{namespace}/{tableName}", archive)
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error { return tx.Insert(archive, messageBatch("ann", "bob", "NULL")) }))
	_, err := Run(ctx, db, Request{Table: &archive})
	require.NoError(t, err)
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error { return tx.Insert(archive, messageBatchFrom(10, "cy")) }))
	insertJobs(t, db, 0, 40)
	_, err = Run(ctx, db, Request{Table: &schemahistory.Jobs})
	require.NoError(t, err)
	updateStore(t, db, func(tx *store.Tx) error {
		def, _ := tx.Table(chatMessages)
		next, changes, err := def.RenameColumn("content", "text")
		require.NoError(t, err)
		return tx.ReplaceDefinition(next, changes)
	})
	updateStore(t, db, func(tx *store.Tx) error {
		gone := schemahistory.Name{Namespace: "chat", Table: "gone"}
		if err := tx.CreateTable(messages(gone, "primary")); err != nil {
			return err
		}
		return tx.DropTable(gone)
	})
}

func TestBackup(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	mixedDatabase(t, db)
	want := allRowsNow(t, db)
	var told [2]int64
	report, err := Backup(ctx, db, BackupRequest{Dest: "backups/one", Node: "n", Progress: func(done, total int64) { told = [2]int64{done, total} }})
	require.NoError(t, err)
	require.Equal(t, [3]int{3, 6, 8}, [3]int{report.Namespaces, report.Tables, report.Files})
	require.Equal(t, told[0], told[1])
	require.Greater(t, report.Bytes, told[1])
	require.Equal(t, "Backup completed: 3 namespaces, 6 tables, "+sizeText(report.Bytes), report.Result)
	total := int64(0)
	for _, name := range files(t, fsys, "backups/one") {
		if info, err := fsys.Stat("backups/one/" + name); !strings.HasPrefix(name, "wal/") {
			require.NoError(t, err)
			total += info.Size()
		}
	}
	require.Equal(t, total, report.Bytes)
	jobs := backupJobs(t, db)
	require.Len(t, jobs, 1)
	require.Equal(t, `[null, "backups/one", true]`, *jobs[0].Parameters)
	require.Equal(t, report.Result, *jobs[0].Result)
	require.Equal(t, "n:backup-actor-1:main", *jobs[0].Trace)
	require.Equal(t, tables.Completed, jobs[0].Status)
	require.Positive(t, *jobs[0].MemoryUsed)
	require.Positive(t, *jobs[0].CPUUsed)
	require.NoError(t, tables.CheckJob(&jobs[0]))

	require.Contains(t, files(t, fsys, "backups/one"), "outside/mnt/far/archive/notes/batch-2025-10-21-143022.parquet")
	// The database goes on, and is lost: the backup depends on nothing of it.
	deleteCold(t, db, chatMessages, func(int, int) bool { return true })
	_, err = Compact(ctx, db, CompactRequest{})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	require.NoError(t, vfs.RemoveAll(fsys, "data"))
	require.NoError(t, vfs.RemoveAll(fsys, "/mnt/far"))
	backup := openReader(t, fsys, "backups/one")
	require.Equal(t, want, allRowsNow(t, backup))
	require.Equal(t, report.Seq, func() uint64 { s := backup.Snapshot(); defer s.Close(); return s.Seq() }())

	restored, err := Restore(ctx, backup, "data", nil)
	require.NoError(t, err)
	require.Equal(t, [4]int64{3, 6, 8, report.Rows}, [4]int64{int64(restored.Namespaces), int64(restored.Tables), int64(restored.Files), restored.Rows})
	require.NoError(t, backup.Close())
	require.NotContains(t, strings.Join(files(t, fsys, "."), " "), unfinished)
	again := open(t, fsys, "data")
	defer again.Close()
	require.Equal(t, want, allRowsNow(t, again))
	n, err := Recover(ctx, again)
	require.NoError(t, err)
	require.Zero(t, n, "the backup does not know its own job")
	// It is a database like any other: keys, flushes, compactions, another backup.
	insertJobs(t, again, 100, 110)
	_, err = Run(ctx, again, Request{AllRows: true})
	require.NoError(t, err)
	want = allRowsNow(t, again)
	_, err = Backup(ctx, again, BackupRequest{Dest: "backups/two"})
	require.NoError(t, err)
	two := openReader(t, fsys, "backups/two")
	defer two.Close()
	require.Equal(t, want, allRowsNow(t, two))
}

// TestBackupParts backs up one namespace, and without the system's own rows.
func TestBackupParts(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	mixedDatabase(t, db)
	all := allRowsNow(t, db)
	rowsIn := func(db *store.DB, name schemahistory.Name) int {
		rows, _, _ := currentRows(t, db, name)
		return len(rows)
	}
	chat := "chat"
	report, err := Backup(ctx, db, BackupRequest{Dest: "b1", Namespace: &chat})
	require.NoError(t, err)
	require.Regexp(t, "^Backup completed: 2 namespaces, 5 tables, ", report.Result)
	require.Equal(t, `["chat", "b1", true]`, *backupJobs(t, db)[0].Parameters)
	b1 := openReader(t, fsys, "b1")
	defer b1.Close()
	got := allRowsNow(t, b1)
	require.Equal(t, all["chat.messages"], got["chat.messages"])
	require.Equal(t, all["history chat.gone"], got["history chat.gone"])
	require.Equal(t, all["system.jobs"], got["system.jobs"])
	require.NotContains(t, got, "archive.notes")
	require.NotContains(t, got, "history archive.notes")
	require.Len(t, got["system.table_schemas"], len(all["system.table_schemas"])-1)

	report, err = Backup(ctx, db, BackupRequest{Dest: "b2", Namespace: &chat, NoSystemTables: true})
	require.NoError(t, err)
	require.Regexp(t, "^Backup completed: 1 namespace, 1 table, ", report.Result)
	require.Equal(t, `["chat", "b2", false]`, *backupJobs(t, db)[1].Parameters)
	b2 := open(t, fsys, "b2")
	defer b2.Close()
	require.Zero(t, rowsIn(b2, schemahistory.Jobs))
	require.Equal(t, 3, rowsIn(b2, schemahistory.Storages))
	require.Equal(t, all["chat.messages"], allRowsNow(t, b2)["chat.messages"])
	insertJobs(t, b2, 0, 10)
	require.NoError(t, b2.Update(ctx, func(tx *store.Tx) error {
		return tx.CreateTable(messages(schemahistory.Name{Namespace: "a", Table: "b"}, "primary"))
	}))

	require.NoError(t, vfs.AtomicWrite(fsys, "plain", func(w io.Writer) error { return nil }))
	for _, bad := range []struct {
		req  BackupRequest
		code sqlstate.Code
	}{
		{BackupRequest{Dest: "b1"}, sqlstate.DuplicateFile},
		{BackupRequest{Dest: "plain"}, sqlstate.DuplicateFile},
		{BackupRequest{Dest: "b1/MANIFEST"}, sqlstate.InvalidParameterValue},
		{BackupRequest{Dest: ""}, sqlstate.InvalidParameterValue},
		{BackupRequest{Dest: "data/wal/x"}, sqlstate.InvalidParameterValue},
		{BackupRequest{Dest: "b3", Namespace: ptr("nope")}, sqlstate.InvalidSchemaName},
		{BackupRequest{Dest: "b3", Namespace: ptr("system"), NoSystemTables: true}, sqlstate.InvalidParameterValue},
	} {
		_, err := Backup(ctx, db, bad.req)
		require.Equal(t, bad.code, sqlstate.CodeOf(err), "%+v: %v", bad.req, err)
	}
	require.NoError(t, fsys.MkdirAll("b4"))
	_, err = Backup(ctx, db, BackupRequest{Dest: "b4"})
	require.NoError(t, err, "an empty directory will do")
	require.NoError(t, fsys.MkdirAll("b5.tmp/mine"))
	_, err = Backup(ctx, db, BackupRequest{Dest: "b5"})
	require.Equal(t, sqlstate.DuplicateFile, sqlstate.CodeOf(err), "what is not a leftover is left alone")
}

// TestBackupDuringWrites writes, deletes, flushes, compacts and drops at every call that the backup makes.
func TestBackupDuringWrites(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	var act func()
	var busy atomic.Bool
	db := open(t, vfs.WithFaults(mem, func(op vfs.Op) error {
		if strings.HasPrefix(op.Path, "copy.tmp") && op.Kind.Changes() && act != nil && busy.CompareAndSwap(false, true) {
			act()
			busy.Store(false)
		}
		return nil
	}), "data")
	defer db.Close()
	mixedDatabase(t, db)
	want := allRowsNow(t, db)
	n := 0
	act = func() {
		n++
		insertJobs(t, db, 1000+n*10, 1010+n*10)
		switch n % 4 {
		case 0:
			deleteCold(t, db, chatMessages, func(_, p int) bool { return p%5 == n%5 })
		case 1:
			_, err := Run(ctx, db, Request{AllRows: true})
			require.NoError(t, err)
		case 2:
			_, err := Compact(ctx, db, CompactRequest{})
			require.NoError(t, err)
		case 3:
			if n == 11 {
				updateStore(t, db, func(tx *store.Tx) error {
					return tx.DropTable(schemahistory.Name{Namespace: "archive", Table: "notes"})
				})
			}
		}
	}
	_, err := Backup(ctx, db, BackupRequest{Dest: "copy"})
	require.NoError(t, err)
	require.Greater(t, n, 20)
	act = nil
	backup := openReader(t, mem, "copy")
	defer backup.Close()
	require.Equal(t, want, allRowsNow(t, backup))
	requireTidy(t, db, mem)
}

// TestBackupOnDisk backs up with links, and reads beside a writer.
func TestBackupOnDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, err := store.Open(ctx, filepath.Join(dir, "data"), &store.Options{Now: func() time.Time { return testNow }})
	require.NoError(t, err)
	defer db.Close()
	flushedJobs(t, db, 2, 50)
	want := allRowsNow(t, db)
	_, err = Backup(ctx, db, BackupRequest{Dest: filepath.Join(dir, "linked"), Link: true})
	require.NoError(t, err)
	name := "storage/system/jobs/batch-2025-10-21-143022.parquet"
	a, err := os.Stat(filepath.Join(dir, "data", name))
	require.NoError(t, err)
	b, err := os.Stat(filepath.Join(dir, "linked", name))
	require.NoError(t, err)
	require.True(t, os.SameFile(a, b))
	beside := openReader(t, vfs.OS(), filepath.Join(dir, "data")) // the writer is open
	defer beside.Close()
	again := allRowsNow(t, beside)
	report, err := Backup(ctx, beside, BackupRequest{Dest: filepath.Join(dir, "beside")})
	require.NoError(t, err)
	require.Zero(t, report.JobID)
	require.Len(t, backupJobs(t, db), 1)
	for copied, want := range map[string]map[string]map[string]int{"linked": want, "beside": again} {
		backup := openReader(t, vfs.OS(), filepath.Join(dir, copied))
		require.Equal(t, want, allRowsNow(t, backup))
		require.NoError(t, backup.Close())
	}
	require.NoFileExists(t, filepath.Join(dir, "linked", unfinished))
}
