package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/wal"
)

// benchBatch makes n rows shaped as a job history is, in text that is not yet coded, with random ids.
func benchBatch(r *rand.Rand, n int) *vec.Batch {
	ids, types, statuses := make([][16]byte, n), make([]string, n), make([]string, n)
	params, results, traces := make([]string, n), make([]string, n), make([]string, n)
	memory, cpu, created, started, ended := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	now := testStart.UnixMicro()
	for i := range n {
		for j := 0; j < 16; j += 8 {
			x := r.Uint64()
			for k := range 8 {
				ids[i][j+k] = byte(x >> (8 * k))
			}
		}
		types[i] = []string{"flush", "flush", "flush", "compact", "backup"}[r.IntN(5)]
		statuses[i] = []string{"completed", "completed", "completed", "failed", "running"}[r.IntN(5)]
		user := int(r.ExpFloat64() * 5000)
		params[i] = fmt.Sprintf(`["ns%d", "table%d", "user%d"]`, r.IntN(20), r.IntN(50), user)
		results[i] = fmt.Sprintf("Flushed %d records to ./data/storage/chat/users/user%d/messages/j/batch-%d.parquet", r.IntN(100000), user, r.IntN(1000000))
		traces[i] = fmt.Sprintf("node-%d:flush-actor-%d:thread-%d", r.IntN(32), r.IntN(8), r.IntN(16))
		memory[i], cpu[i] = r.Int64N(1<<32), r.Int64N(1<<26)
		created[i] = now + int64(i)*1000
		started[i] = created[i] + r.Int64N(1e6)
		ended[i] = started[i] + r.Int64N(1e8)
	}
	text := func(s []string) *vec.Vec { return vec.NewFlat(arrowschema.Text, s, nil) }
	ints := func(t arrowschema.Type, x []int64) *vec.Vec { return vec.NewFlat(t, x, nil) }
	return &vec.Batch{N: n, Cols: []*vec.Vec{
		vec.NewFlat(arrowschema.UUID, ids, nil), text(types), text(statuses), vec.NewFlat(arrowschema.JSONB, params, nil), text(results), text(traces),
		ints(arrowschema.Int8, memory), ints(arrowschema.Int8, cpu), ints(arrowschema.Timestamp, created), ints(arrowschema.Timestamp, started),
		ints(arrowschema.Timestamp, ended), vec.NewNull(arrowschema.Text, n),
	}}
}

func benchOpen(b *testing.B, dir string, durability wal.Durability) *DB {
	db, err := Open(context.Background(), dir, &Options{Durability: durability, CheckpointBytes: -1})
	require.NoError(b, err)
	return db
}

// BenchmarkCommit is one row a statement.
func BenchmarkCommit(b *testing.B) {
	for _, d := range []struct {
		name string
		d    wal.Durability
	}{{"off", wal.Off}, {"full", wal.Full}} {
		for _, writers := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/%d", d.name, writers), func(b *testing.B) {
				db := benchOpen(b, b.TempDir(), d.d)
				defer db.Close()
				rows := benchBatch(rand.New(rand.NewPCG(1, uint64(writers))), b.N)
				var next atomic.Int64
				b.ReportAllocs()
				b.ResetTimer()
				b.SetParallelism((writers + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						i := int(next.Add(1)) - 1
						if err := db.Update(context.Background(), func(tx *Tx) error {
							return tx.Insert(schemahistory.Jobs, rows.Slice(i, i+1))
						}); err != nil {
							b.Error(err)
						}
					}
				})
				b.StopTimer()
				b.ReportMetric(float64(b.N)/float64(max(1, db.log.Stats().Syncs)), "rows/sync")
			})
		}
	}
}

// BenchmarkBatch is 65,536 rows a statement, without fsync.
func BenchmarkBatch(b *testing.B) {
	const n = 65536
	r := rand.New(rand.NewPCG(1, 2))
	db := benchOpen(b, b.TempDir(), wal.Off)
	defer db.Close()
	batch := benchBatch(r, n)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		for i := range batch.Cols[0].UUIDs {
			batch.Cols[0].UUIDs[i] = [16]byte{}
			for j := 0; j < 16; j += 4 {
				le.PutUint32(batch.Cols[0].UUIDs[i][j:], r.Uint32())
			}
		}
		b.StartTimer()
		if err := db.Update(context.Background(), func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, batch) }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(db.log.Stats().Bytes)/float64(n*b.N), "logB/row")
}

// BenchmarkFind looks keys up, a thousand a statement, among a million rows.
func BenchmarkFind(b *testing.B) {
	db := benchOpen(b, b.TempDir(), wal.Off)
	defer db.Close()
	batch := fill(b, db, 16)
	keys := batch.Cols[0]
	def := schemahistory.Contract()[0]
	at := 0
	b.ReportAllocs()
	for b.Loop() {
		lo := at % (keys.N - 1000)
		at += 1000
		update(b, db, func(tx *Tx) error {
			ids, err := tx.Find(schemahistory.Jobs, def.Keys[0], []*vec.Vec{keys.Slice(lo, lo+1000)})
			if ids[999] == 0 {
				b.Fatal("not found")
			}
			return err
		})
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "keys/s")
}

// BenchmarkStatusUpdate finds a job by its key, deletes it and inserts its next version: one job a statement.
func BenchmarkStatusUpdate(b *testing.B) {
	db := benchOpen(b, b.TempDir(), wal.Off)
	defer db.Close()
	batch := fill(b, db, 16)
	def := schemahistory.Contract()[0]
	all := allColumns(def)
	at := 0
	b.ReportAllocs()
	for b.Loop() {
		key := batch.Cols[0].Slice(at%batch.N, at%batch.N+1)
		at += 7
		if err := db.Update(context.Background(), func(tx *Tx) error {
			ids, err := tx.Find(schemahistory.Jobs, def.Keys[0], []*vec.Vec{key})
			if err != nil {
				return err
			}
			row, err := tx.Rows(schemahistory.Jobs, ids, all)
			if err != nil {
				return err
			}
			row.Cols[2] = vec.NewConst(arrowschema.Text, "completed", 1)
			if err := tx.Delete(schemahistory.Jobs, ids); err != nil {
				return err
			}
			return tx.Insert(schemahistory.Jobs, row)
		}); err != nil {
			b.Fatal(err)
		}
	}
}

// fill inserts n batches of 65,536 rows, and gives the last one.
func fill(b *testing.B, db *DB, n int) *vec.Batch {
	var batch *vec.Batch
	for i := range n {
		batch = benchBatch(rand.New(rand.NewPCG(uint64(i), 3)), 65536)
		update(b, db, func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, batch) })
	}
	return batch
}

// BenchmarkRecovery opens a database of a million hot rows, from its log and from a checkpoint.
func BenchmarkRecovery(b *testing.B) {
	for _, from := range []string{"log", "checkpoint"} {
		b.Run(from, func(b *testing.B) {
			dir := b.TempDir()
			db := benchOpen(b, dir, wal.Off)
			fill(b, db, 16)
			bytes := db.log.Stats().Bytes
			if from == "checkpoint" {
				require.NoError(b, db.Checkpoint(context.Background()))
			}
			require.NoError(b, db.Close())
			b.SetBytes(bytes)
			for b.Loop() {
				db := benchOpen(b, dir, wal.Off)
				b.StopTimer()
				require.NoError(b, db.Close())
				b.StartTimer()
			}
		})
	}
}

// BenchmarkMemory is the memory that a hot row takes, its key index included.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		db := benchOpen(b, b.TempDir(), wal.Off)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		fill(b, db, 16)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(16*65536), "B/row")
		require.NoError(b, db.Close())
	}
}

// BenchmarkLookup reads single jobs by key from a snapshot of a million hot ones, all columns.
func BenchmarkLookup(b *testing.B) {
	db := benchOpen(b, b.TempDir(), wal.Off)
	defer db.Close()
	keys := fill(b, db, 16).Cols[0]
	def := schemahistory.Contract()[0]
	all := allColumns(def)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for at := 0; pb.Next(); at += 7 {
			s := db.Snapshot()
			ids, err := s.Find(context.Background(), schemahistory.Jobs, def.Keys[0], []*vec.Vec{keys.Slice(at%keys.N, at%keys.N+1)})
			if err == nil {
				_, err = s.Rows(context.Background(), schemahistory.Jobs, ids, all)
			}
			if err != nil {
				b.Error(err)
			}
			s.Close()
		}
	})
}
