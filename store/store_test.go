package store

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

func TestCreateAndReopen(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	db := mustOpen(t, fsys, nil)
	require.True(t, db.Recovery().Created)
	s := db.Snapshot()
	require.Len(t, s.Tables(), 4)
	storages, ok := s.Table(schemahistory.Storages)
	require.True(t, ok)
	require.Equal(t, 1, storages.Hot.Rows())
	s.Close()
	insertJobs(t, db, 0, 1000)
	insertJobs(t, db, 1000, 1001)
	wantJobs(t, db, span(0, 1001)...)
	require.NoError(t, db.Close())
	require.NoError(t, db.Close())
	require.ErrorIs(t, db.Update(context.Background(), func(*Tx) error { return nil }), ErrClosed)

	db = mustOpen(t, fsys, nil)
	require.False(t, db.Recovery().Created)
	require.EqualValues(t, 2, db.Recovery().Commits)
	wantJobs(t, db, span(0, 1001)...)
	require.NoError(t, db.Checkpoint(context.Background()))
	require.NoError(t, db.Close())

	db = mustOpen(t, fsys, nil)
	require.EqualValues(t, 0, db.Recovery().Commits)
	require.EqualValues(t, 1002, db.Recovery().CheckpointRows)
	wantJobs(t, db, span(0, 1001)...)
	require.Error(t, db.Update(context.Background(), func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, jobBatch(t, 5, 6)) }))
	require.NoError(t, db.Close())
}

func TestLockAndReader(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	db := mustOpen(t, fsys, nil)
	insertJobs(t, db, 0, 10)
	_, err := Open(context.Background(), "/db", testOptions(fsys))
	var locked *vfs.LockedError
	require.ErrorAs(t, err, &locked)

	opts := testOptions(fsys)
	opts.ReadOnly = true
	reader := mustOpen(t, fsys, opts)
	wantJobs(t, reader, span(0, 10)...)
	insertJobs(t, db, 10, 20)
	wantJobs(t, reader, span(0, 20)...)
	require.Equal(t, sqlstate.ReadOnlyTransaction, sqlstate.CodeOf(reader.Update(context.Background(), func(*Tx) error { return nil })))
	require.NoError(t, reader.Close())
	reader = mustOpen(t, fsys, opts)
	wantJobs(t, reader, span(0, 20)...)
	require.NoError(t, reader.Close())
	require.NoError(t, db.Close())

	_, err = Open(context.Background(), "/nothing", opts)
	require.ErrorIs(t, err, ErrNotFound)
	exists, err := vfs.Exists(fsys, "/nothing")
	require.NoError(t, err)
	require.False(t, exists)
}

func TestFailedStatementLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, part := range []int{0, 1000} { // in one record, and streamed in many
		fsys := vfs.NewMem()
		opts := testOptions(fsys)
		opts.partSize = part
		db := mustOpen(t, fsys, opts)
		insertJobs(t, db, 0, 100)
		boom := errors.New("boom")
		for _, end := range []func() error{func() error { return boom }, func() error { panic("boom") }} {
			err := db.Update(context.Background(), func(tx *Tx) error {
				require.NoError(t, tx.Insert(schemahistory.Jobs, jobBatch(t, 100, 600)))
				ids := findJobs(t, tx, 5, 550)
				require.NotContains(t, ids, tables.RowID(0))
				require.NoError(t, tx.Delete(schemahistory.Jobs, ids))
				require.NoError(t, tx.Insert(schemahistory.Jobs, jobBatch(t, 5, 6)))
				return end()
			})
			require.Error(t, err)
			wantJobs(t, db, span(0, 100)...)
		}
		ctx, cancel := context.WithCancel(context.Background())
		require.ErrorIs(t, db.Update(ctx, func(tx *Tx) error {
			require.NoError(t, tx.Insert(schemahistory.Jobs, jobBatch(t, 100, 101)))
			cancel()
			return nil
		}), context.Canceled)
		insertJobs(t, db, 100, 300)
		require.Equal(t, sqlstate.UniqueViolation, sqlstate.CodeOf(db.Update(context.Background(), func(tx *Tx) error {
			return tx.Insert(schemahistory.Jobs, jobBatch(t, 299, 500))
		})))
		wantJobs(t, db, span(0, 300)...)
		require.NoError(t, db.Close())
		db = mustOpen(t, fsys, opts)
		wantJobs(t, db, span(0, 300)...)
		require.NoError(t, db.Close())
	}
}

func findJobs(t require.TestingT, tx *Tx, numbers ...int) []tables.RowID {
	ids := make([][16]byte, len(numbers))
	for i, n := range numbers {
		ids[i] = jobID(n)
	}
	def, _ := tx.Table(schemahistory.Jobs)
	out, err := tx.Find(schemahistory.Jobs, def.Keys[0], []*vec.Vec{vec.NewFlat(arrowschema.UUID, ids, nil)})
	require.NoError(t, err)
	return out
}

func TestUpdateAndDelete(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	db := mustOpen(t, fsys, nil)
	insertJobs(t, db, 0, 1000)
	before := db.Snapshot()
	update(t, db, func(tx *Tx) error {
		ids := findJobs(t, tx, span(100, 700)...)
		rows, err := tx.Rows(schemahistory.Jobs, ids, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
		require.NoError(t, err)
		j := tables.JobAt(schemahistory.Contract()[0], rows, 3)
		requireJob(t, testJob(103), &j)
		require.NoError(t, tx.Delete(schemahistory.Jobs, ids))
		require.Equal(t, make([]tables.RowID, 600), findJobs(t, tx, span(100, 700)...))
		return tx.Insert(schemahistory.Jobs, rows.Slice(200, 600))
	})
	require.Len(t, snapshotJobs(t, before), 1000)
	before.Close()
	want := append(span(0, 100), span(300, 1000)...)
	wantJobs(t, db, want...)
	for range 2 {
		require.NoError(t, db.Close())
		db = mustOpen(t, fsys, nil)
		wantJobs(t, db, want...)
		require.NoError(t, db.Checkpoint(context.Background()))
	}
	update(t, db, func(tx *Tx) error { return tx.Delete(schemahistory.Jobs, findJobs(t, tx, 300, 999)) })
	require.NoError(t, db.Close())
	db = mustOpen(t, fsys, nil)
	wantJobs(t, db, append(span(0, 100), span(301, 999)...)...)
	require.NoError(t, db.Close())
}

func TestViolations(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, vfs.NewMem(), nil)
	defer db.Close()
	insertJobs(t, db, 0, 10)
	bad, null := testJob(20), testJob(21)
	bad.Status = "lost"
	withNull := batchOf(t, testJob(30), null)
	withNull.Cols[1] = vec.NewFlat(arrowschema.Text, []string{"x", ""}, vec.Bitmap{1})
	for _, c := range []struct {
		name, message, detail string
		code                  sqlstate.Code
		batch                 *vec.Batch
	}{
		{"hot", `duplicate key value violates unique constraint "jobs_pkey"`, "Key (job_id)=(" + jobID(9).String() + ") already exists.",
			sqlstate.UniqueViolation, jobBatch(t, 9, 15)},
		{"within", `duplicate key value violates unique constraint "jobs_pkey"`, "Key (job_id)=(" + jobID(40).String() + ") already exists.",
			sqlstate.UniqueViolation, batchOf(t, testJob(40), testJob(40), bad)},
		{"check", `new row for relation "jobs" violates check constraint "jobs_status_check"`, "Failing row contains (" + jobID(20).String() +
			`, backup, lost, ["chat", "messages", "user20"], Flushed 20 records, node-0:actor-4:thread-4, 20000, 20, 2026-11-23 12:00:20, ` +
			"2026-11-23 12:00:20, 2026-11-23 12:00:21, null).", sqlstate.CheckViolation, batchOf(t, bad)},
		{"null", `null value in column "job_type" of relation "jobs" violates not-null constraint`, "Failing row contains (" + jobID(21).String() +
			`, null, failed, ["chat", "messages", "user21"], null, node-1:actor-5:thread-5, 21000, 21, 2026-11-23 12:00:21, ` +
			"2026-11-23 12:00:21, 2026-11-23 12:00:22, disk full).", sqlstate.NotNullViolation, withNull},
	} {
		err := db.Update(context.Background(), func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, c.batch) })
		var e *sqlstate.Error
		require.ErrorAs(t, err, &e, c.name)
		require.Equal(t, c.code, e.Code, c.name)
		require.Equal(t, c.message, e.Message, c.name)
		require.Equal(t, c.detail, e.Detail, c.name)
	}
	wantJobs(t, db, span(0, 10)...)
	update(t, db, func(tx *Tx) error { // a failed Insert leaves nothing, the statement may go on
		require.Error(t, tx.Insert(schemahistory.Jobs, jobBatch(t, 9, 15)))
		return tx.Insert(schemahistory.Jobs, jobBatch(t, 10, 15))
	})
	wantJobs(t, db, span(0, 15)...)
}

func TestNewerVersionIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	require.NoError(t, mustOpen(t, fsys, nil).Close())
	require.NoError(t, fsys.Remove("/db/LOCK"))
	f, err := fsys.Create("/db/MANIFEST")
	require.NoError(t, err)
	_, err = f.Write([]byte("stoa database\nformat 3\nsomething else\n"))
	require.NoError(t, err)
	require.NoError(t, f.Close())
	_, err = Open(context.Background(), "/db", testOptions(fsys))
	require.ErrorIs(t, err, ErrVersion)
	there, err := vfs.Exists(fsys, "/db/LOCK")
	require.NoError(t, err)
	require.False(t, there)
}

func TestFailedSyncPoisons(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	broken := false
	fsys := vfs.WithFaults(mem, func(op vfs.Op) error {
		if broken && op.Kind == vfs.OpSync {
			return errors.New("EIO")
		}
		return nil
	})
	db := mustOpen(t, fsys, testOptions(fsys))
	insertJobs(t, db, 0, 10)
	broken = true
	insert := func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, jobBatch(t, 10, 20)) }
	require.ErrorIs(t, db.Update(context.Background(), insert), wal.ErrFailed)
	wantJobs(t, db, span(0, 10)...)
	broken = false
	err := db.Update(context.Background(), func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, jobBatch(t, 30, 31)) })
	require.ErrorIs(t, err, wal.ErrFailed)
	require.True(t, IsLogFailure(err))
	wantJobs(t, db, span(0, 10)...)
	require.Error(t, db.Close())
	db = mustOpen(t, mem, nil)
	require.Contains(t, []int{10, 20}, len(jobsOf(t, db)))
	require.NoError(t, db.Close())
}

func TestTables(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	db := mustOpen(t, fsys, nil)
	name := schemahistory.Name{Namespace: "chat", Table: "messages"}
	def := &schemahistory.TableDefinition{
		Name: name, SortColumn: -1, UserColumn: -1, Storage: "primary",
		Columns: []schemahistory.Column{{ID: 1, Name: "id", Type: arrowschema.Int8, NotNull: true}, {ID: 2, Name: "n", Type: arrowschema.Numeric, Modifier: []int32{10, 2}}},
		Keys:    []schemahistory.Key{{Name: "messages_pkey", Columns: []int{0}, Primary: true}},
		Indexes: []schemahistory.Index{{Name: "i", Columns: []schemahistory.IndexColumn{{Name: "n", Descending: true}}}},
	}
	rows := func(ids ...int64) *vec.Batch {
		return &vec.Batch{N: len(ids), Cols: []*vec.Vec{vec.NewFlat(arrowschema.Int8, ids, nil), vec.NewNull(arrowschema.Numeric, len(ids))}}
	}
	update(t, db, func(tx *Tx) error {
		require.NoError(t, tx.CreateTable(def))
		require.Equal(t, sqlstate.DuplicateTable, sqlstate.CodeOf(tx.CreateTable(def)))
		return tx.Insert(name, rows(1, 2, 3))
	})
	require.Error(t, db.Update(context.Background(), func(tx *Tx) error {
		require.NoError(t, tx.DropTable(name))
		_, ok := tx.Table(name)
		require.False(t, ok)
		return errors.New("no")
	}))
	second := *def
	update(t, db, func(tx *Tx) error {
		old, ok := tx.Table(name)
		require.True(t, ok)
		second = *old
		second.Name.Table = "posts"
		second.Columns = append([]schemahistory.Column{{ID: 3, Name: "text", Type: arrowschema.Text}}, old.Columns...)
		second.Keys = []schemahistory.Key{{Name: "messages_pkey", Columns: []int{1}, Primary: true}}
		require.NoError(t, tx.ReplaceDefinition(&second, "renamed"))
		second.Version, second.LastColumn = 2, 3 // as the store sets them
		b := rows(4)
		b.Cols = append([]*vec.Vec{vec.NewConst(arrowschema.Text, "hello", 1)}, b.Cols...)
		return tx.Insert(second.Name, b)
	})
	check := func() {
		s := db.Snapshot()
		defer s.Close()
		_, ok := s.Table(name)
		require.False(t, ok)
		v, ok := s.Table(second.Name)
		require.True(t, ok)
		require.Equal(t, &second, v.Def)
		require.Equal(t, 4, v.Hot.Rows())
		segments := v.Hot.Segments()
		require.True(t, segments[0].Column(0).IsNull(2))
		require.EqualValues(t, 3, segments[0].Column(1).Ints[2])
	}
	check()
	for range 2 {
		require.NoError(t, db.Close())
		db = mustOpen(t, fsys, nil)
		check()
		require.NoError(t, db.Checkpoint(context.Background()))
	}
	require.Equal(t, sqlstate.UniqueViolation, sqlstate.CodeOf(db.Update(context.Background(), func(tx *Tx) error {
		b := rows(5, 2)
		b.Cols = append([]*vec.Vec{vec.NewNull(arrowschema.Text, 2)}, b.Cols...)
		return tx.Insert(second.Name, b)
	})))
	update(t, db, func(tx *Tx) error { return tx.DropTable(second.Name) })
	require.NoError(t, db.Close())
	db = mustOpen(t, fsys, nil)
	s := db.Snapshot()
	require.Len(t, s.Tables(), 4)
	s.Close()
	require.NoError(t, db.Close())
}

// TestSparseSegmentsAreFreed updates some rows again and again beside rows that stay: the segments of the old versions must go.
func TestSparseSegmentsAreFreed(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	db := mustOpen(t, fsys, nil)
	for n := range 100 { // each job that stays lies among dead versions of the others
		insertJobs(t, db, n, n+1)
		for range 40 {
			update(t, db, func(tx *Tx) error {
				ids := findJobs(t, tx, max(0, n-2), max(0, n-1))
				slices.Sort(ids)
				ids = slices.Compact(ids)
				rows, err := tx.Rows(schemahistory.Jobs, ids, allColumns(schemahistory.Contract()[0]))
				require.NoError(t, err)
				require.NoError(t, tx.Delete(schemahistory.Jobs, ids))
				return tx.Insert(schemahistory.Jobs, rows)
			})
		}
	}
	s := db.Snapshot()
	v, _ := s.Table(schemahistory.Jobs)
	require.LessOrEqual(t, len(v.Hot.Segments()), 14)
	s.Close()
	wantJobs(t, db, span(0, 100)...)
	require.NoError(t, db.Close())
	db = mustOpen(t, fsys, nil)
	wantJobs(t, db, span(0, 100)...)
	require.NoError(t, db.Close())
}
