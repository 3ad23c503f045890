package flush

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// TestMaintenanceConcurrent has writers that insert, update and delete, a flusher, a compactor, one that backs up, and readers go at once. Each row has a
// counter that its updates raise: readers see every row that was acknowledged before, once, with a counter that never falls.
func TestMaintenanceConcurrent(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	createMessages(t, db)
	const writers, rows, rounds = 3, 40, 200
	var acknowledged [writers * rows]atomic.Int64 // the counter, -1 when the row was deleted
	var work, writing sync.WaitGroup
	over := make(chan struct{})
	var compacted, read atomic.Int64
	for w := range writers {
		writing.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 4))
			for i := range rows {
				require.NoError(t, putMessage(db, w*rows+i, 1, false))
				acknowledged[w*rows+i].Store(1)
			}
			for n := 0; n < rounds || (compacted.Load() == 0 || read.Load() == 0) && n < 20*rounds; n++ {
				if n >= rounds { // nobody else has got a turn yet
					time.Sleep(time.Millisecond)
				}
				id := w*rows + r.IntN(rows)
				counter := acknowledged[id].Load()
				if counter < 0 {
					continue
				}
				gone := n < rounds && r.IntN(10) == 0
				require.NoError(t, putMessage(db, id, int(counter)+1, gone))
				if acknowledged[id].Store(counter + 1); gone {
					acknowledged[id].Store(-1)
				}
			}
		})
	}
	until := func(do func(n int)) {
		work.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-over:
					return
				default:
					do(n)
				}
			}
		})
	}
	until(func(int) { _, err := Run(ctx, db, Request{Table: &chatMessages}); require.NoError(t, err) })
	until(func(int) {
		r, err := Compact(ctx, db, CompactRequest{Table: &chatMessages, limits: mergeLimits{files: 3}})
		require.NoError(t, err)
		compacted.Add(int64(len(r.Tables)))
	})
	until(func(n int) {
		_, err := Backup(ctx, db, BackupRequest{Dest: fmt.Sprint("copies/", n), Link: true})
		require.NoError(t, err)
		copied := openReader(t, fsys, fmt.Sprint("copies/", n))
		countersOf(t, copied)
		require.NoError(t, copied.Close())
	})
	for range 2 {
		until(func(int) {
			var before [writers * rows]int64
			for i := range before {
				before[i] = acknowledged[i].Load()
			}
			seen := countersOf(t, db)
			for i, counter := range before {
				if counter > 0 {
					now, there := seen[int64(i)]
					require.True(t, there && now >= counter || !there && acknowledgedGone(&acknowledged[i]), "row %d: %d, then %d", i, counter, now)
				}
				if counter < 0 {
					require.NotContains(t, seen, int64(i))
				}
			}
			read.Add(1)
		})
	}
	writing.Wait()
	close(over)
	work.Wait()
	require.Positive(t, compacted.Load())
	require.Positive(t, read.Load())
	_, err := Run(ctx, db, Request{Table: &chatMessages})
	require.NoError(t, err)
	_, err = Compact(ctx, db, CompactRequest{})
	require.NoError(t, err)
	requireTidy(t, db, fsys)
	final := countersOf(t, db)
	require.NoError(t, db.Close())
	again := open(t, fsys, "./data")
	defer again.Close()
	require.Equal(t, final, countersOf(t, again))
	for i := range acknowledged {
		if counter := acknowledged[i].Load(); counter > 0 {
			require.Equal(t, counter, final[int64(i)])
		} else {
			require.NotContains(t, final, int64(i))
		}
	}
}

// acknowledgedGone waits for the writer of a row that is not there: it may have been deleted by a statement that has not returned yet.
func acknowledgedGone(counter *atomic.Int64) bool {
	for range 1000 {
		if counter.Load() < 0 {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

// putMessage gives a message a counter, or deletes it.
func putMessage(db *store.DB, id, counter int, gone bool) error {
	return db.Update(ctx, func(tx *store.Tx) error {
		def, _ := tx.Table(chatMessages)
		b := messageBatchFrom(id, "ann")
		b.Cols[5] = vec.NewFlat(b.Cols[5].Type, []float64{float64(counter)}, nil)
		ids, err := tx.Find(chatMessages, def.Keys[0], b.Cols[:1])
		if err != nil {
			return err
		}
		if (ids[0] != 0) != (counter > 1) {
			return fmt.Errorf("row %d with counter %d is %#x", id, counter, uint64(ids[0]))
		}
		if ids[0] != 0 {
			if err := tx.Delete(chatMessages, []tables.RowID{ids[0]}); err != nil || gone {
				return err
			}
		}
		return tx.Insert(chatMessages, b)
	})
}

// countersOf reads the counters of a snapshot's messages, and checks that no row is there twice.
func countersOf(t testing.TB, db *store.DB) map[int64]int64 {
	snap := db.Snapshot()
	defer snap.Close()
	view, ok := snap.Table(chatMessages)
	require.True(t, ok)
	out := map[int64]int64{}
	add := func(b *vec.Batch, i int) {
		v, at := b.Cols[0].Value(i)
		id := v.Ints[at]
		require.NotContains(t, out, id)
		v, at = b.Cols[1].Value(i)
		out[id] = int64(v.Floats[at])
	}
	segs := view.Hot.Segments()
	for s := range segs {
		b := &vec.Batch{N: segs[s].Rows(), Cols: []*vec.Vec{segs[s].Column(0), segs[s].Column(5)}}
		for _, i := range segs[s].Live(0, segs[s].Rows(), nil) {
			add(b, int(i))
		}
	}
	for _, f := range view.Files {
		r, err := openRows(ctx, db, f, view.Def, []int{0, 5})
		require.NoError(t, err)
		for {
			b, err := r.next()
			require.NoError(t, err)
			if b == nil {
				break
			}
			for i := range b.N {
				add(b, i)
			}
		}
		r.close()
	}
	return out
}
