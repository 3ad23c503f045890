package flush

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

func compactJobs(t testing.TB, db *store.DB) []tables.Job {
	return jobsBy(t, db, func(j *tables.Job) bool { return j.JobType == compactJob && isOurs(j) })
}

// flushedJobs makes files of jobs, of some rows each.
func flushedJobs(t testing.TB, db *store.DB, files, rows int) {
	t.Helper()
	for n := range files {
		insertJobs(t, db, n*rows, (n+1)*rows)
		_, err := Run(ctx, db, Request{Table: &schemahistory.Jobs, AllRows: true})
		require.NoError(t, err)
	}
}

// deleteCold deletes some of a table's flushed rows, and gives their number.
func deleteCold(t testing.TB, db *store.DB, name schemahistory.Name, doomed func(file, position int) bool) (n int) {
	t.Helper()
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
		view, _ := tx.Snapshot().Table(name)
		var ids []tables.RowID
		for i, f := range view.Files {
			for p := range int(f.Rows) {
				if doomed(i, p) && (f.Deletes == nil || !f.Deletes.Contains(uint32(p))) {
					ids = append(ids, tables.ColdID(f.Number, uint32(p)))
				}
			}
		}
		n = len(ids)
		return tx.Delete(name, ids)
	}))
	return n
}

func TestCompact(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	flushedJobs(t, db, 12, 100)
	deleted := deleteCold(t, db, schemahistory.Jobs, func(file, p int) bool { return p%10 == file })
	require.Positive(t, deleted)
	snap := db.Snapshot()
	before, _, cold := rowsOf(t, db, snap, schemahistory.Jobs)
	view, _ := snap.Table(schemahistory.Jobs)
	bytes := int64(0)
	for _, f := range view.Files {
		bytes += f.Size
	}
	var told [2]int64
	report, err := Compact(ctx, db, CompactRequest{Node: "node-2", Thread: "thread-18", Progress: func(done, total int64) { told = [2]int64{done, total} }})
	require.NoError(t, err)
	require.Len(t, report.Tables, 1)
	r := report.Tables[0]
	require.Equal(t, schemahistory.Jobs, r.Table)
	require.Equal(t, "system/jobs", r.Partition)
	require.Equal(t, [2]int{12, 1}, [2]int{r.FilesBefore, r.FilesAfter})
	require.Equal(t, bytes, r.BytesBefore)
	require.EqualValues(t, cold, r.Rows)
	require.Equal(t, [2]int64{int64(cold), int64(cold)}, told)
	require.Equal(t, compactionText(12, 1, r.BytesBefore-r.BytesAfter), r.Result)
	require.Regexp(t, `^Compacted 12 files into 1 file, saved [0-9.]+ kB$`, r.Result)

	old, _, _ := rowsOf(t, db, snap, schemahistory.Jobs) // a snapshot from before reads the old files
	require.Equal(t, before, old)
	require.Len(t, files(t, fsys, "data/storage"), 13)
	snap.Close()
	requireTidy(t, db, fsys)

	now := db.Snapshot()
	after, _, newCold := rowsOf(t, db, now, schemahistory.Jobs)
	for row := range before {
		require.Equal(t, 1, after[row])
	}
	require.Equal(t, cold, newCold)
	view, _ = now.Table(schemahistory.Jobs)
	require.Len(t, view.Files, 1)
	require.Nil(t, view.Files[0].Deletes)
	require.Equal(t, "primary", view.Files[0].Storage)
	requireSorted(t, db, view.Files[0], view.Def.SortColumn)
	now.Close()

	jobs := compactJobs(t, db)
	require.Len(t, jobs, 1)
	require.Equal(t, r.JobID, jobs[0].JobID)
	require.Equal(t, `["system/jobs"]`, *jobs[0].Parameters)
	require.Equal(t, r.Result, *jobs[0].Result)
	require.Equal(t, "node-2:compact-actor-1:thread-18", *jobs[0].Trace)
	require.Positive(t, *jobs[0].MemoryUsed)
	require.Positive(t, *jobs[0].CPUUsed)
	require.True(t, isOurs(&jobs[0]))
	require.NoError(t, tables.CheckJob(&jobs[0]))

	again, err := Compact(ctx, db, CompactRequest{Table: &schemahistory.Jobs})
	require.NoError(t, err)
	require.Empty(t, again.Tables, "there is nothing to do, and no job")
	require.Len(t, compactJobs(t, db), 1)

	// Keys are found in the new file, and are not free.
	require.ErrorContains(t, db.Update(ctx, func(tx *store.Tx) error {
		def, _ := tx.Table(schemahistory.Jobs)
		b, err := tables.BatchOf(def, []*tables.Job{testJob(700)})
		require.NoError(t, err)
		return tx.Insert(def.Name, b)
	}), "jobs_pkey")
	require.NoError(t, db.Close())
	reopened := open(t, fsys, "./data")
	defer reopened.Close()
	final, _, _ := currentRows(t, reopened, schemahistory.Jobs)
	for row := range before {
		require.Equal(t, 1, final[row])
	}
	requireTidy(t, reopened, fsys)
}

// TestCompactDeletes rewrites a single file of which many rows are deleted, and takes one away of which all are.
func TestCompactDeletes(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	flushedJobs(t, db, 1, 100)
	deleteCold(t, db, schemahistory.Jobs, func(_, p int) bool { return p < 19 })
	report, err := Compact(ctx, db, CompactRequest{})
	require.NoError(t, err)
	require.Empty(t, report.Tables, "19 of 100 are not many")
	deleteCold(t, db, schemahistory.Jobs, func(_, p int) bool { return p < 50 })
	report, err = Compact(ctx, db, CompactRequest{})
	require.NoError(t, err)
	require.EqualValues(t, 50, report.Tables[0].Rows)
	require.Regexp(t, `^Compacted 1 file into 1 file, saved `, report.Tables[0].Result)
	deleteCold(t, db, schemahistory.Jobs, func(int, int) bool { return true })
	report, err = Compact(ctx, db, CompactRequest{})
	require.NoError(t, err)
	require.Regexp(t, `^Compacted 1 file into 0 files, saved [0-9.]+ kB$`, report.Tables[0].Result)
	require.Empty(t, files(t, fsys, "data/storage"))
	_, _, cold := currentRows(t, db, schemahistory.Jobs)
	require.Zero(t, cold)
}

// TestCompactUsers compacts many directories as one job, and one of them alone.
func TestCompactUsers(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	name := userStorage(t, db)
	for n := range 3 {
		require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
			return tx.Insert(name, messageBatchFrom(1000+100*n, "ann", "bob", "cy", "NULL", "ann"))
		}))
		_, err := Run(ctx, db, Request{Table: &name})
		require.NoError(t, err)
	}
	before, _, _ := currentRows(t, db, name)
	only := "chat/bob/messages"
	report, err := Compact(ctx, db, CompactRequest{Partition: &only})
	require.NoError(t, err)
	require.Equal(t, only, report.Tables[0].Partition)
	require.Equal(t, [2]int{3, 1}, [2]int{report.Tables[0].FilesBefore, report.Tables[0].FilesAfter})
	report, err = Compact(ctx, db, CompactRequest{Table: &name})
	require.NoError(t, err)
	require.Equal(t, "chat.messages", report.Tables[0].Partition)
	require.Equal(t, [2]int{9, 3}, [2]int{report.Tables[0].FilesBefore, report.Tables[0].FilesAfter})
	require.Equal(t, `["chat.messages"]`, *compactJobs(t, db)[1].Parameters)
	after, _, _ := currentRows(t, db, name)
	require.Equal(t, before, after)
	requireTidy(t, db, fsys)
	snap := db.Snapshot()
	defer snap.Close()
	view, _ := snap.Table(name)
	require.Len(t, view.Files, 4)
	for _, f := range view.Files {
		if f.User != "" {
			require.Contains(t, f.Path, "/"+f.User+"/")
		}
	}
	nowhere := "chat/dora/messages"
	_, err = Compact(ctx, db, CompactRequest{Partition: &nowhere})
	require.Equal(t, sqlstate.UndefinedObject, sqlstate.CodeOf(err))
	_, err = Compact(ctx, db, CompactRequest{Table: &schemahistory.Name{Namespace: "a", Table: "b"}})
	require.Equal(t, sqlstate.UndefinedTable, sqlstate.CodeOf(err))
}

// TestCompactEvolved compacts files of several older definitions: they are written under the present one.
func TestCompactEvolved(t *testing.T) {
	t.Parallel()
	users := make([]string, 90)
	for i := range users {
		users[i] = fmt.Sprint("user", i%3)
	}
	for what, fn := range evolutions {
		for _, meanwhile := range []bool{false, true} {
			mem := vfs.NewMem()
			var during func()
			db := open(t, vfs.WithFaults(mem, func(op vfs.Op) error {
				if op.Kind == vfs.OpRenameNoReplace && during != nil {
					do := during
					during = nil
					do()
				}
				return nil
			}), "data")
			createMessages(t, db, users...)
			_, err := Run(ctx, db, Request{Table: &chatMessages})
			require.NoError(t, err)
			require.NoError(t, db.Update(ctx, func(tx *store.Tx) error { return tx.Insert(chatMessages, messageBatchFrom(200, users...)) }))
			_, err = Run(ctx, db, Request{Table: &chatMessages})
			require.NoError(t, err)
			change := func() {
				require.NoError(t, db.Update(ctx, func(tx *store.Tx) error { return evolve(tx, fn) }), what)
			}
			if during = change; !meanwhile {
				change()
				during = nil
			}
			before, _, _ := currentRows(t, db, chatMessages)
			report, err := Compact(ctx, db, CompactRequest{Table: &chatMessages})
			require.NoError(t, err, what)
			require.Equal(t, [2]int{2, 1}, [2]int{report.Tables[0].FilesBefore, report.Tables[0].FilesAfter})
			if meanwhile {
				require.Nil(t, during)
			} else {
				after, _, _ := currentRows(t, db, chatMessages)
				require.Equal(t, before, after, what)
			}
			want, _, _ := currentRows(t, db, chatMessages)
			require.Len(t, want, 180)
			require.NoError(t, db.Close())
			db = open(t, mem, "data")
			got, _, _ := currentRows(t, db, chatMessages)
			require.Equal(t, want, got, what)
			requireTidy(t, db, mem)
			require.NoError(t, db.Close())
		}
	}
}

// TestCompactRaces deletes, updates, truncates and drops while files are merged.
func TestCompactRaces(t *testing.T) {
	t.Parallel()
	for what, race := range map[string]struct {
		do    func(t *testing.T, db *store.DB)
		files int // that the table has in the end
	}{
		"nothing": {func(*testing.T, *store.DB) {}, 1},
		"deletes": {func(t *testing.T, db *store.DB) {
			deleteCold(t, db, chatMessages, func(file, p int) bool { return (file+p)%3 == 0 })
			deleteCold(t, db, chatMessages, func(file, p int) bool { return file == 1 && p%2 == 0 })
		}, 1},
		"an update": {func(t *testing.T, db *store.DB) {
			deleteCold(t, db, chatMessages, func(file, p int) bool { return file == 2 && p == 7 })
			require.NoError(t, db.Update(ctx, func(tx *store.Tx) error { return tx.Insert(chatMessages, messageBatchFrom(5000, "ann")) }))
		}, 1},
		"all deleted": {func(t *testing.T, db *store.DB) { deleteCold(t, db, chatMessages, func(int, int) bool { return true }) }, 0},
		"truncated": {func(t *testing.T, db *store.DB) {
			updateStore(t, db, func(tx *store.Tx) error { return tx.Clear(chatMessages) })
		}, 0},
		"one file gone": {func(t *testing.T, db *store.DB) {
			updateStore(t, db, func(tx *store.Tx) error { return tx.RemoveFile(chatMessages, 2) })
		}, 2},
		"dropped": {func(t *testing.T, db *store.DB) {
			updateStore(t, db, func(tx *store.Tx) error { return tx.DropTable(chatMessages) })
			updateStore(t, db, func(tx *store.Tx) error { return tx.CreateTable(messages(chatMessages, "primary")) })
		}, 0},
		"renamed": {func(t *testing.T, db *store.DB) {
			updateStore(t, db, func(tx *store.Tx) error {
				def, _ := tx.Table(chatMessages)
				next, changes, err := def.Rename(schemahistory.Name{Namespace: "chat", Table: "old"})
				require.NoError(t, err)
				if err := tx.ReplaceDefinition(next, changes); err != nil {
					return err
				}
				return tx.CreateTable(messages(chatMessages, "primary"))
			})
		}, 0},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			mem := vfs.NewMem()
			var during func()
			db := open(t, vfs.WithFaults(mem, func(op vfs.Op) error {
				if op.Kind == vfs.OpRenameNoReplace && during != nil {
					do := during
					during = nil
					do()
				}
				return nil
			}), "data")
			createMessages(t, db)
			for n := range 3 {
				users := slices.Repeat([]string{"ann", "bob", "NULL"}, 20)
				require.NoError(t, db.Update(ctx, func(tx *store.Tx) error { return tx.Insert(chatMessages, messageBatchFrom(100*n, users...)) }))
				_, err := Run(ctx, db, Request{Table: &chatMessages})
				require.NoError(t, err)
			}
			deleteCold(t, db, chatMessages, func(file, p int) bool { return p%7 == file })
			var want map[string]int
			during = func() {
				race.do(t, db)
				want, _, _ = currentRows(t, db, chatMessages)
			}
			_, err := Compact(ctx, db, CompactRequest{Table: &chatMessages})
			require.NoError(t, err)
			require.Nil(t, during)
			check := func(db *store.DB) {
				got, _, _ := currentRows(t, db, chatMessages)
				require.Equal(t, want, got)
				requireTidy(t, db, mem)
				snap := db.Snapshot()
				defer snap.Close()
				view, _ := snap.Table(chatMessages)
				require.Len(t, view.Files, race.files)
			}
			check(db)
			require.Equal(t, tables.Completed, compactJobs(t, db)[0].Status)
			require.NoError(t, db.Close())
			db = open(t, mem, "data")
			defer db.Close()
			check(db)
		})
	}
}

func updateStore(t testing.TB, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	require.NoError(t, db.Update(ctx, fn))
}

// TestCompactAgain compacts more files than one merge takes: what is merged is merged again.
func TestCompactAgain(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	createMessages(t, db)
	flushEach := func(n int) {
		require.NoError(t, db.Update(ctx, func(tx *store.Tx) error { return tx.Insert(chatMessages, messageBatchFrom(n, "ann")) }))
		_, err := Run(ctx, db, Request{Table: &chatMessages})
		require.NoError(t, err)
	}
	for n := range 21 {
		flushEach(n)
	}
	before, _, _ := currentRows(t, db, chatMessages)
	report, err := Compact(ctx, db, CompactRequest{Table: &chatMessages, limits: mergeLimits{files: 4}})
	require.NoError(t, err)
	r := report.Tables[0]
	require.Equal(t, [2]int{21, 1}, [2]int{r.FilesBefore, r.FilesAfter})
	require.EqualValues(t, 21, r.Rows)
	require.Regexp(t, `^Compacted 21 files into 1 file, saved `, r.Result)
	after, _, _ := currentRows(t, db, chatMessages)
	require.Equal(t, before, after)
	requireTidy(t, db, fsys)
}

func TestCompactRefusals(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	flushedJobs(t, db, 2, 10)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err := Compact(ended, db, CompactRequest{})
	require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err))
	reader, err := store.Open(ctx, "data", &store.Options{FS: fsys, ReadOnly: true})
	require.NoError(t, err)
	defer reader.Close()
	_, err = Compact(ctx, reader, CompactRequest{})
	require.Equal(t, sqlstate.ReadOnlyTransaction, sqlstate.CodeOf(err))
}
