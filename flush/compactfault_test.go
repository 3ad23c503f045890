package flush

import (
	"math/rand/v2"
	"slices"
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

// twoWaves makes files in the directories of three users, so that a compaction has several merges, one of which takes all rows of its files away.
func twoWaves(t testing.TB, db *store.DB) {
	t.Helper()
	name := userStorage(t, db)
	_, err := Run(ctx, db, Request{Table: &name})
	require.NoError(t, err)
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
		return tx.Insert(name, messageBatchFrom(1000, slices.Repeat([]string{"ann", "bob", "cy"}, 10)...))
	}))
	_, err = Run(ctx, db, Request{Table: &name})
	require.NoError(t, err)
	deleteCold(t, db, name, func(file, p int) bool { return file%3 == 2 || p%4 == 0 })
}

// TestCompactFaults fails every call of the file system during a compaction, one after the other. Whatever happens, every row is there once, in the running
// database and when it is opened again, and no file lies about.
func TestCompactFaults(t *testing.T) {
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
			base := vfs.NewMem()
			db := open(t, base, "data")
			twoWaves(t, db)
			require.NoError(t, db.Close())
			failed, n := 0, uint64(1)
			for !compactWithFault(t, base, n, mode.fault, mode.forGood, &failed) {
				n++
			}
			require.Greater(t, n, uint64(60))
			require.Greater(t, failed, 30) // many calls may fail without harm: how many are made then depends on the timing
		})
	}
}

// compactWithFault fails the n-th call; it tells whether there was none.
func compactWithFault(t *testing.T, base *vfs.Mem, n uint64, fault error, forGood bool, failed *int) bool {
	mem := base.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
	var armed, hit atomic.Bool
	inject := vfs.FailNth(n, forGood, fault, func(vfs.Op) bool { return armed.Load() })
	db := open(t, vfs.WithFaults(mem, func(op vfs.Op) error {
		err := inject(op)
		if err != nil {
			hit.Store(true)
		}
		return err
	}), "data")
	before, _, _ := currentRows(t, db, chatMessages)
	armed.Store(true)
	_, err := Compact(ctx, db, CompactRequest{Table: &chatMessages})
	armed.Store(false)
	if err != nil {
		*failed++
		var e *sqlstate.Error
		require.ErrorAs(t, err, &e, "call %d: %v", n, err)
	}
	rows, _, _ := currentRows(t, db, chatMessages)
	require.Equal(t, before, rows, "call %d", n)
	if err != nil && db.Err() == nil && !forGood {
		for _, j := range compactJobs(t, db) {
			require.Equal(t, tables.Failed, j.Status, "call %d", n)
			require.NotEmpty(t, *j.Error)
		}
		_, err := Compact(ctx, db, CompactRequest{Table: &chatMessages}) // the database goes on
		require.NoError(t, err, "call %d", n)
		rows, _, _ := currentRows(t, db, chatMessages)
		require.Equal(t, before, rows, "call %d, again", n)
	}
	_ = db.Close()

	again := open(t, mem, "data")
	defer again.Close()
	rows, _, _ = currentRows(t, again, chatMessages)
	require.Equal(t, before, rows, "call %d, opened again", n)
	requireTidy(t, again, mem)
	_, err = Recover(ctx, again)
	require.NoError(t, err)
	for _, j := range compactJobs(t, again) {
		require.True(t, tables.Final(j.Status))
		require.NoError(t, tables.CheckJob(&j))
	}
	return !hit.Load()
}

// TestCompactCrashes crashes before every call that changes something, loses what was not synced, or some of it, and opens again.
func TestCompactCrashes(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	var disks []*vfs.Mem
	var armed bool
	rng := rand.New(rand.NewPCG(3, 2))
	guard := make(chan struct{}, 1)
	db := open(t, vfs.WithFaults(mem, func(op vfs.Op) error {
		guard <- struct{}{}
		defer func() { <-guard }()
		if armed && op.Kind.Changes() {
			for _, loss := range []vfs.Loss{vfs.LoseUnsynced, vfs.LoseNothing, vfs.LoseSome, vfs.LoseSome} {
				disks = append(disks, mem.CrashClone(vfs.CrashOptions{Loss: loss, Rand: rng}))
			}
		}
		return nil
	}), "data")
	twoWaves(t, db)
	before, _, _ := currentRows(t, db, chatMessages)
	armed = true
	_, err := Compact(ctx, db, CompactRequest{Table: &chatMessages})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	armed = false
	require.Greater(t, len(disks), 100)
	ended := map[string]int{}
	for i, disk := range disks {
		db := open(t, disk, "data")
		rows, _, _ := currentRows(t, db, chatMessages)
		require.Equal(t, before, rows, "crash %d", i)
		requireTidy(t, db, disk)
		n, err := Recover(ctx, db)
		require.NoError(t, err)
		for _, j := range compactJobs(t, db) {
			ended[j.Status]++
			require.Equal(t, n == 1, j.Status == tables.Failed)
			if n == 1 {
				require.Equal(t, interruptedText(compactJob), *j.Error)
			}
		}
		_, err = Compact(ctx, db, CompactRequest{Table: &chatMessages})
		require.NoError(t, err)
		rows, _, _ = currentRows(t, db, chatMessages)
		require.Equal(t, before, rows, "crash %d, compacted", i)
		requireTidy(t, db, disk)
		require.NoError(t, db.Close())
	}
	require.Positive(t, ended[tables.Failed])
	require.Positive(t, ended[tables.Completed])
	require.Zero(t, ended[tables.Running])
}

// TestCompactEndedByAnother: whoever cancels the job's row cancels the compaction.
func TestCompactEndedByAnother(t *testing.T) {
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
	defer db.Close()
	flushedJobs(t, db, 3, 40)
	before, _, cold := currentRows(t, db, schemahistory.Jobs)
	during = func() {
		job := compactJobs(t, db)[0]
		updateStore(t, db, func(tx *store.Tx) error {
			return replaceJob(tx, job.JobID, func(j *tables.Job) { end(j, tables.Cancelled, testNow) })
		})
	}
	_, err := Compact(ctx, db, CompactRequest{})
	require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err))
	require.Equal(t, tables.Cancelled, compactJobs(t, db)[0].Status)
	after, _, coldAfter := currentRows(t, db, schemahistory.Jobs)
	require.Equal(t, cold, coldAfter)
	require.Len(t, after, len(before)+1)
	requireTidy(t, db, mem)
}
