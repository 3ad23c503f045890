package flush

import (
	"context"
	"errors"

	"math/rand/v2"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// userStorage makes a storage with a directory for each user, and a table in it with rows of three users.
func userStorage(t testing.TB, db *store.DB) schemahistory.Name {
	t.Helper()
	name := schemahistory.Name{Namespace: "chat", Table: "messages"}
	insertRows(t, db, schemahistory.Storages, []*tables.Storage{{
		StorageID: testID(1), Name: "users", BasePath: "storage", PathTemplate: "{namespace}/{userId}/{tableName}", CreatedAt: testNow}})
	var users []string
	for n := range 150 {
		users = append(users, []string{"ann", "bob", "cy"}[n%3])
	}
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.CreateTable(messages(name, "users")); err != nil {
			return err
		}
		return tx.Insert(name, messageBatch(users...))
	}))
	return name
}

// TestFaults fails every call of the file system during a flush, one after the other, and in several ways. Whatever happens, every row is there once, in
// the running database and when it is opened again, and no file lies about.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, mode := range []struct {
		name    string
		fault   error
		forGood bool
	}{
		{"once", syscall.EIO, false},
		{"done all the same", &vfs.Fault{Err: syscall.EIO, Done: true}, false},
		{"half a write", &vfs.Fault{Err: syscall.ENOSPC, Bytes: 7}, false},
		{"from then on", syscall.ENOSPC, true},
	} {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			failed, n := 0, uint64(1)
			for ; ; n++ {
				done := flushWithFault(t, n, mode.fault, mode.forGood, &failed)
				if done {
					break
				}
			}
			require.Greater(t, n, uint64(30))
			require.Greater(t, failed, 20)
		})
	}
}

// flushWithFault fails the n-th call; it tells whether there was none.
func flushWithFault(t *testing.T, n uint64, fault error, forGood bool, failed *int) bool {
	mem := vfs.NewMem()
	var armed, hit atomic.Bool
	inject := vfs.FailNth(n, forGood, fault, func(vfs.Op) bool { return armed.Load() })
	db := open(t, vfs.WithFaults(mem, func(op vfs.Op) error {
		err := inject(op)
		if err != nil {
			hit.Store(true)
		}
		return err
	}), "data")
	name := userStorage(t, db)
	before, _, _ := currentRows(t, db, name)
	armed.Store(true)
	_, err := Run(ctx, db, Request{Table: &name, AllRows: true})
	armed.Store(false)
	if err != nil {
		*failed++
		var e *sqlstate.Error
		require.ErrorAs(t, err, &e, "call %d: %v", n, err)
		require.NotContains(t, err.Error(), "\n", "call %d", n)
	}
	rows, hot, cold := currentRows(t, db, name)
	require.Equal(t, before, rows, "call %d", n)
	if err == nil {
		require.Equal(t, [2]int{0, 150}, [2]int{hot, cold})
	} else {
		require.Equal(t, [2]int{150, 0}, [2]int{hot, cold})
	}
	if err != nil && db.Err() == nil && !forGood {
		for _, j := range flushJobs(t, db) {
			require.Equal(t, tables.Failed, j.Status, "call %d", n)
			require.NotEmpty(t, *j.Error)
		}
		second, err := Run(ctx, db, Request{Table: &name, AllRows: true}) // the database goes on
		require.NoError(t, err, "call %d", n)
		require.Equal(t, int64(150), second.Rows())
	}
	_ = db.Close()

	again := open(t, mem, "data")
	defer again.Close()
	rows, _, _ = currentRows(t, again, name)
	require.Equal(t, before, rows, "call %d, opened again", n)
	requireTidy(t, again, mem)
	_, err = Recover(ctx, again)
	require.NoError(t, err)
	for _, j := range flushJobs(t, again) {
		require.True(t, tables.Final(j.Status))
		require.NoError(t, tables.CheckJob(&j))
	}
	return !hit.Load()
}

// TestCrashes crashes before every call that changes something, loses what was not synced, or some of it, and opens again.
func TestCrashes(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	type crash struct {
		op    vfs.Op
		disks []*vfs.Mem
	}
	var crashes []crash
	var armed bool
	rng := rand.New(rand.NewPCG(1, 2))
	guard := make(chan struct{}, 1)
	db := open(t, vfs.WithFaults(mem, func(op vfs.Op) error {
		guard <- struct{}{}
		defer func() { <-guard }()
		if armed && op.Kind.Changes() {
			c := crash{op: op}
			for _, loss := range []vfs.Loss{vfs.LoseUnsynced, vfs.LoseNothing, vfs.LoseSome, vfs.LoseSome} {
				c.disks = append(c.disks, mem.CrashClone(vfs.CrashOptions{Loss: loss, Rand: rng}))
			}
			crashes = append(crashes, c)
		}
		return nil
	}), "data")
	name := userStorage(t, db)
	before, _, _ := currentRows(t, db, name)
	armed = true
	_, err := Run(ctx, db, Request{Table: &name})
	require.NoError(t, err)
	armed = false
	require.NoError(t, db.Close())
	require.Greater(t, len(crashes), 20)
	ended := map[string]int{}
	for i, c := range crashes {
		for _, disk := range c.disks {
			db := open(t, disk, "data")
			rows, hot, _ := currentRows(t, db, name)
			require.Equal(t, before, rows, "crash %d before %v", i, c.op)
			requireTidy(t, db, disk)
			n, err := Recover(ctx, db)
			require.NoError(t, err)
			require.LessOrEqual(t, n, 1)
			for _, j := range flushJobs(t, db) {
				ended[j.Status]++
				require.Equal(t, n == 1, j.Status == tables.Failed)
				require.Equal(t, hot == 0, j.Status == tables.Completed, "the job says what happened to the rows")
				if n == 1 {
					require.Equal(t, interrupted, *j.Error)
				}
			}
			r, err := Run(ctx, db, Request{Table: &name})
			require.NoError(t, err)
			require.Equal(t, int64(hot), r.Rows())
			require.NoError(t, db.Close())
		}
	}
	require.Positive(t, ended[tables.Failed])
	require.Zero(t, ended[tables.Running])
}

// TestRaces changes rows while they are written: what is updated or deleted meanwhile is neither lost nor brought back.
func TestRaces(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	var meanwhile func()
	db := open(t, vfs.WithFaults(mem, func(op vfs.Op) error {
		if op.Kind == vfs.OpRenameNoReplace && meanwhile != nil {
			do := meanwhile
			meanwhile = nil
			do()
		}
		return nil
	}), "data")
	insertJobs(t, db, 0, 400)
	find := func(tx *store.Tx, n int) tables.RowID {
		def, _ := tx.Table(schemahistory.Jobs)
		b, err := tables.BatchOf(def, []*tables.Job{testJob(n)})
		require.NoError(t, err)
		ids, err := tx.Find(schemahistory.Jobs, def.Keys[0], b.Cols[:1])
		require.NoError(t, err)
		return ids[0]
	}
	meanwhile = func() {
		require.NoError(t, db.Update(ctx, func(tx *store.Tx) error { // delete 0..9, change 10..29, insert 400..409
			for n := range 30 {
				if err := tx.Delete(schemahistory.Jobs, []tables.RowID{find(tx, n)}); err != nil {
					return err
				}
			}
			def, _ := tx.Table(schemahistory.Jobs)
			var jobs []*tables.Job
			for n := range 30 {
				j := testJob(n)
				if n < 10 {
					j = testJob(400 + n)
				} else {
					j.Result = ptr("changed")
				}
				jobs = append(jobs, j)
			}
			b, err := tables.BatchOf(def, jobs)
			if err != nil {
				return err
			}
			return tx.Insert(schemahistory.Jobs, b)
		}))
	}
	r, err := Run(ctx, db, Request{Table: &schemahistory.Jobs, AllRows: true})
	require.NoError(t, err)
	require.Nil(t, meanwhile)
	require.Equal(t, int64(370), r.Rows())
	require.Equal(t, int64(400), r.Tables[0].Files[0].Rows)
	require.Contains(t, r.Tables[0].Result, "Flushed 370 records to ")
	check := func(db *store.DB) {
		rows, hot, cold := currentRows(t, db, schemahistory.Jobs)
		require.Equal(t, [2]int{31, 370}, [2]int{hot, cold})
		require.Len(t, rows, 401)
		require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
			for n := range 410 {
				id := find(tx, n)
				require.Equal(t, n < 10, id == 0, n)
				require.Equal(t, n >= 30 && n < 400, id.Cold(), n)
			}
			return nil
		}))
	}
	check(db)
	require.NoError(t, db.Close())
	db = open(t, mem, "data")
	defer db.Close()
	check(db)
}

// TestAllChanged: when no row of a file is what it was, the file is not added, and is gone.
func TestAllChanged(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	var meanwhile func()
	db := open(t, vfs.WithFaults(mem, func(op vfs.Op) error {
		if op.Kind == vfs.OpRenameNoReplace && meanwhile != nil {
			do := meanwhile
			meanwhile = nil
			do()
		}
		return nil
	}), "data")
	defer db.Close()
	insertJobs(t, db, 1, 2)
	meanwhile = func() {
		require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
			def, _ := tx.Table(schemahistory.Jobs)
			b, err := tables.BatchOf(def, []*tables.Job{testJob(1)})
			require.NoError(t, err)
			ids, err := tx.Find(schemahistory.Jobs, def.Keys[0], b.Cols[:1])
			require.NoError(t, err)
			return tx.Delete(schemahistory.Jobs, ids)
		}))
	}
	r, err := Run(ctx, db, Request{Table: &schemahistory.Jobs})
	require.NoError(t, err)
	require.Zero(t, r.Rows())
	require.Zero(t, r.Files())
	require.Equal(t, "Flushed 0 records: all others were changed while they were written", r.Tables[0].Result)
	require.Empty(t, files(t, mem, "data/storage"))
	require.Equal(t, tables.Completed, flushJobs(t, db)[0].Status)
}

// TestEndedByAnother: whoever cancels the job's row cancels the flush.
func TestEndedByAnother(t *testing.T) {
	t.Parallel()
	for _, status := range []string{tables.Cancelled, ""} {
		mem := vfs.NewMem()
		var meanwhile func()
		db := open(t, vfs.WithFaults(mem, func(op vfs.Op) error {
			if op.Kind == vfs.OpRenameNoReplace && meanwhile != nil {
				meanwhile()
			}
			return nil
		}), "data")
		insertJobs(t, db, 0, 100)
		meanwhile = func() {
			job := flushJobs(t, db)[0]
			require.Equal(t, tables.Running, job.Status)
			require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
				if status == "" {
					def, _ := tx.Table(schemahistory.Jobs)
					b, err := tables.BatchOf(def, []*tables.Job{&job})
					require.NoError(t, err)
					ids, err := tx.Find(schemahistory.Jobs, def.Keys[0], b.Cols[:1])
					require.NoError(t, err)
					return tx.Delete(schemahistory.Jobs, ids)
				}
				return replaceJob(tx, job.JobID, func(j *tables.Job) { end(j, status, testNow) })
			}))
		}
		_, err := Run(ctx, db, Request{Table: &schemahistory.Jobs})
		require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err))
		_, hot, cold := currentRows(t, db, schemahistory.Jobs)
		require.Equal(t, 0, cold)
		require.GreaterOrEqual(t, hot, 100)
		for _, j := range flushJobs(t, db) {
			require.Equal(t, status, j.Status)
		}
		require.Empty(t, files(t, mem, "data/storage"))
		require.NoError(t, db.Close())
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	var cancel context.CancelFunc
	var at uint64
	db := open(t, vfs.WithFaults(mem, func(op vfs.Op) error {
		if cancel != nil {
			if at--; at == 0 {
				cancel()
			}
		}
		return nil
	}), "data")
	defer db.Close()
	insertJobs(t, db, 0, 300)
	cancelled := 0
	for n := uint64(1); ; n++ {
		var ctx context.Context
		ctx, cancel = context.WithCancel(context.Background())
		at = n
		r, err := Run(ctx, db, Request{Table: &schemahistory.Jobs})
		cancel()
		cancel = nil
		if err != nil {
			cancelled++
			require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err))
			require.True(t, errors.Is(err, context.Canceled))
		}
		for _, j := range flushJobs(t, db) {
			require.NotEqual(t, tables.Running, j.Status)
			if j.Status == tables.Failed {
				require.Contains(t, *j.Error, "canceling statement due to user request")
			}
		}
		requireTidy(t, db, mem)
		if err == nil { // the commit came first
			require.Positive(t, r.Rows())
			break
		}
	}
	require.Greater(t, cancelled, 5)
}
