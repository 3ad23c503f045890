package stoa_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
	"github.com/stoadb/stoa/vfs"
)

func openLive(t testing.TB, db *stoa.DB, n int) (ids []uuid.UUID) {
	for range n {
		id, err := db.LiveQueries().Open(t.Context(), stoa.NewLiveQuery{UserID: "u", NamespaceID: "chat", TableName: "messages", Query: "SELECT 1"})
		require.NoError(t, err)
		ids = append(ids, id)
	}
	return ids
}

func totalChanges(t testing.TB, db *stoa.DB) int64 {
	rows, err := db.Query(context.Background(), "SELECT coalesce(sum(changes), 0)::bigint FROM system.live_queries")
	require.NoError(t, err)
	defer rows.Release()
	require.True(t, rows.Next())
	return rows.RecordBatch().Column(0).(interface{ Value(int) int64 }).Value(0)
}

// However many notify, readers look, and subscriptions end, nothing is counted twice or lost.
func TestNotifyConcurrently(t *testing.T) {
	t.Parallel()
	ctx, fs := t.Context(), vfs.NewMem()
	db, err := stoa.Open(ctx, "/db", &stoa.Options{FS: fs})
	require.NoError(t, err)
	ids := openLive(t, db, 20)
	var counted atomic.Int64
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(worker)))
			for range 500 {
				n := 1 + r.Int64N(5)
				if err := db.LiveQueries().Notify(ctx, ids[r.IntN(len(ids))], n); err != nil {
					t.Error(err)
				}
				counted.Add(n)
			}
		})
	}
	for range 20 {
		before := counted.Load()
		require.GreaterOrEqual(t, totalChanges(t, db), before-8*5) // a worker counts after it was told
		time.Sleep(time.Millisecond)
	}
	all.Wait()
	require.Equal(t, counted.Load(), totalChanges(t, db))
	before, err := db.LiveQueries().Get(ctx, ids[0])
	require.NoError(t, err)
	require.NoError(t, db.LiveQueries().Notify(ctx, ids[0], 7))
	after, err := db.LiveQueries().Get(ctx, ids[0])
	require.NoError(t, err)
	require.Equal(t, before.Changes+7, after.Changes)
	require.False(t, after.LastUpdate.Before(before.LastUpdate))
	require.NoError(t, db.LiveQueries().Notify(ctx, ids[1], 5))
	require.NoError(t, db.Close()) // writes what is pending
	require.Equal(t, "57P01", stoa.CodeOf(db.LiveQueries().Notify(ctx, ids[1], 5)))

	db, err = stoa.Open(ctx, "/db", &stoa.Options{FS: fs})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	require.Equal(t, counted.Load()+12, totalChanges(t, db))
}

// A crash loses what was not written, never what somebody has seen; and after a second everything is.
func TestNotifyCrash(t *testing.T) {
	t.Parallel()
	ctx, fs := t.Context(), vfs.NewMem()
	db, err := stoa.Open(ctx, "/db", &stoa.Options{FS: fs})
	require.NoError(t, err)
	id := openLive(t, db, 1)[0]
	require.NoError(t, db.LiveQueries().Notify(ctx, id, 3))
	require.EqualValues(t, 3, totalChanges(t, db))
	require.NoError(t, db.LiveQueries().Notify(ctx, id, 4))
	lost := func() int64 {
		again, err := stoa.Open(ctx, "/db", &stoa.Options{FS: fs.CrashClone(vfs.CrashOptions{})})
		require.NoError(t, err)
		defer func() { require.NoError(t, again.Close()) }()
		return totalChanges(t, again)
	}
	require.Contains(t, []int64{3, 7}, lost())
	require.Eventually(t, func() bool { return lost() == 7 }, 20*time.Second, 100*time.Millisecond)
	require.NoError(t, db.Close())
}

// What ended is not counted for, and says so.
func TestNotifyGone(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, err := stoa.Open(ctx, "/db", &stoa.Options{FS: vfs.NewMem()})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	live, ids := db.LiveQueries(), openLive(t, db, 2)
	for _, id := range ids {
		require.NoError(t, live.Notify(ctx, id, 1))
	}
	require.NoError(t, live.Close(ctx, ids[0]))
	require.ErrorIs(t, live.Notify(ctx, ids[0], 1), stoa.ErrNotFound)
	_, err = db.Exec(ctx, "DELETE FROM system.live_queries")
	require.NoError(t, err)
	_ = live.Notify(ctx, ids[1], 1) // nobody has looked yet
	require.Zero(t, totalChanges(t, db))
	require.ErrorIs(t, live.Notify(ctx, ids[1], 1), stoa.ErrNotFound)
	_, err = live.Open(ctx, stoa.NewLiveQuery{ID: ids[1], UserID: "u", NamespaceID: "chat", TableName: "messages", Query: "SELECT 1"})
	require.NoError(t, err)
	require.NoError(t, live.Notify(ctx, ids[1], 9))
	require.EqualValues(t, 9, totalChanges(t, db))
	_, err = db.Exec(ctx, "UPDATE system.live_queries SET changes = 9223372036854775806")
	require.NoError(t, err)
	require.NoError(t, live.Notify(ctx, ids[1], 5))
	require.EqualValues(t, int64(1<<63-1), totalChanges(t, db))
}

// A disk that is full is told to those who notify; what they had counted comes when there is room.
func TestNotifyFullDisk(t *testing.T) {
	t.Parallel()
	ctx, fs := t.Context(), vfs.NewMem()
	db, err := stoa.Open(ctx, "/db", &stoa.Options{FS: fs})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	ids := openLive(t, db, 3000)
	fs.SetLimit(1)
	for _, id := range ids {
		if err := db.LiveQueries().Notify(ctx, id, 1); err != nil {
			require.Equal(t, "53100", stoa.CodeOf(err))
		}
	}
	seen := totalChanges(t, db) // reads go on
	require.LessOrEqual(t, seen, int64(3000))
	require.Eventually(t, func() bool {
		return stoa.CodeOf(db.LiveQueries().Notify(ctx, ids[0], 1)) == "53100" || totalChanges(t, db) >= 3000
	}, 20*time.Second, 10*time.Millisecond)
	fs.SetLimit(0)
	require.Eventually(t, func() bool { return totalChanges(t, db) >= 3000 }, 20*time.Second, 10*time.Millisecond)
	require.NoError(t, db.LiveQueries().Notify(ctx, ids[0], 1))
}

func BenchmarkNotify(b *testing.B) {
	ctx := b.Context()
	db, err := stoa.Open(ctx, b.TempDir(), nil)
	require.NoError(b, err)
	defer func() { require.NoError(b, db.Close()) }()
	ids, live := openLive(b, db, 2000), db.LiveQueries()
	b.SetParallelism(8)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for i := rand.IntN(2000); pb.Next(); i++ {
			if err := live.Notify(ctx, ids[i%2000], 1); err != nil {
				b.Error(err)
			}
		}
	})
}

// A backup has what was notified before it.
func TestNotifyBackup(t *testing.T) {
	t.Parallel()
	ctx, fs := t.Context(), vfs.NewMem()
	db, err := stoa.Open(ctx, "/db", &stoa.Options{FS: fs})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	id := openLive(t, db, 1)[0]
	require.NoError(t, db.LiveQueries().Notify(ctx, id, 3))
	_, err = db.Backup(ctx, "/copy", nil)
	require.NoError(t, err)
	require.NoError(t, db.LiveQueries().Notify(ctx, id, 4))
	_, err = db.Exec(ctx, "CALL system.backup('/copy2')")
	require.NoError(t, err)
	for dir, want := range map[string]int64{"/copy": 3, "/copy2": 7} {
		copied, err := stoa.Open(ctx, dir, &stoa.Options{FS: fs, ReadOnly: true})
		require.NoError(t, err)
		require.Equal(t, want, totalChanges(t, copied), dir)
		require.NoError(t, copied.Close())
	}
}
