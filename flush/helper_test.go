package flush

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

var testNow = time.Date(2025, 10, 21, 14, 30, 22, 0, time.UTC)

func ptr[T any](x T) *T { return &x }

// open opens a database with small segments and a clock that stands still.
func open(t testing.TB, fsys vfs.FS, dir string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), dir, &store.Options{FS: fsys, Now: func() time.Time { return testNow }, SegmentRows: 64, CheckpointBytes: -1})
	require.NoError(t, err)
	return db
}

func openMem(t testing.TB) (*store.DB, *vfs.Mem) {
	t.Helper()
	fsys := vfs.NewMem()
	db := open(t, fsys, "./data")
	t.Cleanup(func() { _ = db.Close() })
	return db, fsys
}

func testID(n int) uuid.UUID {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	var u uuid.UUID
	for i := range u {
		u[i] = byte(r.Uint32())
	}
	return u
}

// testJob gives job n: three of four are over. Jobs are not created in the order of their numbers.
func testJob(n int) *tables.Job {
	created := testNow.Add(-24*time.Hour + time.Duration(n*7919%100003)*time.Millisecond)
	j := &tables.Job{
		JobID: testID(n), JobType: []string{"compact", "backup", "migrate"}[n%3], Status: schemahistory.Statuses[n%4+1], CreatedAt: created, StartedAt: &created,
		Trace: ptr(fmt.Sprintf("node-%d:actor-%d:main", n%3, n%5)), MemoryUsed: ptr(int64(n) << 10),
	}
	if n%5 > 0 {
		j.Parameters, j.CPUUsed = ptr(fmt.Sprintf(`["ns%d", "t"]`, n%7)), ptr(int64(n))
	}
	if tables.Final(j.Status) {
		j.CompletedAt = ptr(created.Add(time.Second))
		j.Result = ptr(fmt.Sprintf("result %d", n))
	}
	return j
}

func insertJobs(t testing.TB, db *store.DB, lo, hi int) {
	t.Helper()
	var jobs []*tables.Job
	for n := lo; n < hi; n++ {
		jobs = append(jobs, testJob(n))
	}
	insertRows(t, db, schemahistory.Jobs, jobs)
}

func insertRows[R tables.Row](t testing.TB, db *store.DB, name schemahistory.Name, rows []R) {
	t.Helper()
	require.NoError(t, db.Update(context.Background(), func(tx *store.Tx) error {
		def, _ := tx.Table(name)
		b, err := tables.BatchOf(def, rows)
		if err != nil {
			return err
		}
		return tx.Insert(name, b)
	}))
}

// addStorage adds a storage, or changes the one of that name, and makes it a table's.
func addStorage(t testing.TB, db *store.DB, name, base, template string, table schemahistory.Name) {
	t.Helper()
	require.NoError(t, ValidateStorage(name, base, template))
	if name != "primary" {
		insertRows(t, db, schemahistory.Storages, []*tables.Storage{
			{StorageID: uuid.NewSHA1(uuid.Nil, []byte(name)), Name: name, BasePath: base, PathTemplate: template, CreatedAt: testNow}})
	}
	require.NoError(t, db.Update(context.Background(), func(tx *store.Tx) error {
		def, _ := tx.Table(table)
		next := *def
		next.Storage = name
		return tx.ReplaceDefinition(&next, "")
	}))
}

// rowsOf reads all live rows of a table in a snapshot: for each the text of its columns. It checks that no row is there twice.
func rowsOf(t testing.TB, db *store.DB, snap *store.Snapshot, name schemahistory.Name) (rows map[string]int, hot, cold int) {
	t.Helper()
	view, ok := snap.Table(name)
	require.True(t, ok)
	rows = map[string]int{}
	add := func(b *vec.Batch, i int) {
		var text []byte
		for c, v := range b.Cols {
			text = fmt.Appendf(text, "%s=%t:", view.Def.Columns[c].Name, v.IsNull(i))
			text = append(vec.AppendText(text, v, i, nil), '|')
		}
		rows[string(text)]++
	}
	segs := view.Hot.Segments()
	for s := range segs {
		b := &vec.Batch{N: segs[s].Rows()}
		for c := range view.Def.Columns {
			b.Cols = append(b.Cols, segs[s].Column(c))
		}
		for _, i := range segs[s].Live(0, segs[s].Rows(), nil) {
			add(b, int(i))
			hot++
		}
	}
	for _, ref := range view.Files {
		f, err := db.OpenFile(ref)
		require.NoError(t, err)
		require.Equal(t, ref.Rows, f.Rows())
		var ids []tables.RowID
		for position := range uint32(ref.Rows) {
			if ref.Deletes == nil || !ref.Deletes.Contains(position) {
				ids = append(ids, tables.ColdID(ref.Number, position))
			}
		}
		b, err := snap.Rows(context.Background(), name, ids, allColumns(view.Def)) // under the definition of now
		require.NoError(t, err)
		for i := range ids {
			add(b, i)
			cold++
		}
	}
	return rows, hot, cold
}

func currentRows(t testing.TB, db *store.DB, name schemahistory.Name) (rows map[string]int, hot, cold int) {
	t.Helper()
	snap := db.Snapshot()
	defer snap.Close()
	return rowsOf(t, db, snap, name)
}

// jobsBy gives the jobs of a type, hot or cold.
func jobsBy(t testing.TB, db *store.DB, keep func(j *tables.Job) bool) []tables.Job {
	t.Helper()
	snap := db.Snapshot()
	defer snap.Close()
	view, _ := snap.Table(schemahistory.Jobs)
	var out []tables.Job
	segs := view.Hot.Segments()
	for s := range segs {
		b := &vec.Batch{N: segs[s].Rows()}
		for c := range view.Def.Columns {
			b.Cols = append(b.Cols, segs[s].Column(c))
		}
		for _, i := range segs[s].Live(0, segs[s].Rows(), nil) {
			if j := tables.JobAt(view.Def, b, int(i)); keep(&j) {
				out = append(out, j)
			}
		}
	}
	return out
}

func flushJobs(t testing.TB, db *store.DB) []tables.Job {
	return jobsBy(t, db, func(j *tables.Job) bool { return j.JobType == flushJob })
}

// files lists the files below a directory, relative to it.
func files(t testing.TB, fsys vfs.FS, dir string) []string {
	t.Helper()
	var out []string
	var walk func(string)
	walk = func(name string) {
		entries, err := fsys.ReadDir(name)
		if err != nil {
			require.ErrorIs(t, err, fs.ErrNotExist)
			return
		}
		for _, e := range entries {
			if p := filepath.Join(name, e.Name()); e.IsDir() {
				walk(p)
			} else {
				rel, err := filepath.Rel(filepath.Clean(dir), p)
				require.NoError(t, err)
				out = append(out, filepath.ToSlash(rel))
			}
		}
	}
	walk(filepath.Clean(dir))
	return out
}

// requireTidy checks that the files below a database's storage are those that it knows, and nothing else.
func requireTidy(t testing.TB, db *store.DB, fsys vfs.FS) {
	t.Helper()
	known := map[string]bool{}
	snap := db.Snapshot()
	defer snap.Close()
	for _, view := range snap.Tables() {
		for _, f := range view.Files {
			require.False(t, known[f.Path], "%s is in two tables", f.Path)
			known[f.Path] = true
		}
	}
	for _, name := range files(t, fsys, filepath.Join(db.Dir(), "storage")) {
		require.True(t, known["storage/"+name], "stray file %s", name)
		require.False(t, strings.Contains(name, ".tmp"))
		delete(known, "storage/"+name)
	}
	require.Empty(t, known, "files are missing")
}
