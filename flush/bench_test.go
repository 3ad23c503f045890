package flush

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/flush/pathtemplate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// fillJobs inserts n finished jobs in batches; shuffled ones in no order of creation.
func fillJobs(b *testing.B, db *store.DB, n int, shuffled bool) {
	r := rand.New(rand.NewPCG(1, 2))
	def := schemahistory.Contract()[0]
	const batch = 100000
	for lo := 0; lo < n; lo += batch {
		out := tables.NewBuilder(def, batch)
		for i := lo; i < min(lo+batch, n); i++ {
			at := i
			if shuffled {
				at = r.IntN(n)
			}
			created := testNow.Add(-24*time.Hour + time.Duration(at)*time.Microsecond*8000)
			if created.After(testNow) {
				created = testNow
			}
			began, ended := created.Add(time.Millisecond), created.Add(time.Second)
			j := tables.Job{JobID: [16]byte(vecUUID(r)), JobType: []string{"flush", "compact", "backup"}[r.IntN(3)], Status: schemahistory.Statuses[2+r.IntN(3)],
				Parameters: ptr(`["ns` + strconv.Itoa(r.IntN(50)) + `", "t"]`),
				Trace:      ptr(fmt.Sprintf("node-%d:actor-%d:thread-%d", r.IntN(8), r.IntN(8), r.IntN(8))), Result: ptr("Flushed " + strconv.Itoa(r.IntN(100000)) + " records"),
				MemoryUsed: ptr(r.Int64N(1 << 30)), CPUUsed: ptr(r.Int64N(1 << 20)), CreatedAt: created, StartedAt: &began, CompletedAt: &ended}
			j.AppendTo(out)
		}
		rows, err := out.Batch()
		require.NoError(b, err)
		require.NoError(b, db.Update(ctx, func(tx *store.Tx) error { return tx.Insert(schemahistory.Jobs, rows) }))
	}
}

func vecUUID(r *rand.Rand) (u [16]byte) {
	for i := range u {
		u[i] = byte(r.Uint32())
	}
	return u
}

func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("FLUSH_ROWS")); err == nil {
		return n
	}
	return 500000
}

func benchmarkFlush(b *testing.B, shuffled bool) {
	n := benchRows()
	for range b.N {
		b.StopTimer()
		db, err := store.Open(ctx, b.TempDir(), &store.Options{FS: vfs.OS(), CheckpointBytes: -1})
		require.NoError(b, err)
		fillJobs(b, db, n, shuffled)
		b.StartTimer()
		r, err := Run(ctx, db, Request{Table: &schemahistory.Jobs})
		b.StopTimer()
		require.NoError(b, err)
		require.Equal(b, int64(n), r.Rows())
		t := r.Tables[0]
		b.ReportMetric(float64(n)/r.Duration.Seconds(), "rows/s")
		b.ReportMetric(float64(*t.MemoryUsed)/1e6, "MB-used")
		b.ReportMetric(float64(*t.CPUMicro)/1e6, "cpu-s")
		b.ReportMetric(float64(t.Files[0].Bytes)/float64(n), "bytes/row")
		require.NoError(b, db.Close())
	}
}

// FLUSH_ROWS=10000000 go test -bench Flush -run xxx -benchtime 1x ./flush
func BenchmarkFlush(b *testing.B)         { benchmarkFlush(b, false) }
func BenchmarkFlushShuffled(b *testing.B) { benchmarkFlush(b, true) }

// BenchmarkFlushUsers writes many small files.
func BenchmarkFlushUsers(b *testing.B) {
	const users = 5000
	for range b.N {
		b.StopTimer()
		db, err := store.Open(ctx, b.TempDir(), &store.Options{FS: vfs.OS(), CheckpointBytes: -1})
		require.NoError(b, err)
		addStorage(b, db, "users", "storage", "{namespace}/{userId}/{tableName}", schemahistory.LiveQueries)
		var rows []*tables.LiveQuery
		for n := range users * 20 {
			rows = append(rows, &tables.LiveQuery{LiveID: testID(n), UserID: "user" + strconv.Itoa(n*7919%users), NamespaceID: "chat", TableName: "messages", Query: "SELECT 1",
				CreatedAt: testNow, LastUpdate: testNow})
		}
		insertRows(b, db, schemahistory.LiveQueries, rows)
		b.StartTimer()
		r, err := Run(ctx, db, Request{Table: &schemahistory.LiveQueries})
		b.StopTimer()
		require.NoError(b, err)
		require.Equal(b, users, r.Files())
		b.ReportMetric(float64(users)/r.Duration.Seconds(), "files/s")
		b.ReportMetric(float64(*r.Tables[0].MemoryUsed)/1e6, "MB-used")
		b.ReportMetric(float64(*r.Tables[0].CPUMicro)/1e6, "cpu-s")
		require.NoError(b, db.Close())
	}
}

func BenchmarkExpand(b *testing.B) {
	t, err := pathtemplate.Parse("{storageLocation}/{namespace}/users/{userId}/{tableName}/{shard}/")
	require.NoError(b, err)
	user := "user@example.com"
	for b.Loop() {
		t.Expand(pathtemplate.Values{Namespace: "chat", Table: "messages", User: &user})
	}
}

func BenchmarkMixed(b *testing.B) {
	db, err := store.Open(ctx, b.TempDir(), nil)
	require.NoError(b, err)
	defer db.Close()
	fillJobs(b, db, 200000, true)
	snap := db.Snapshot()
	defer snap.Close()
	view, _ := snap.Table(schemahistory.Jobs)
	sel, err := selectRows(ctx, view.Hot, true, nil, 0)
	require.NoError(b, err)
	refs, err := newSorter(sel).sort(ctx, sel.refs)
	require.NoError(b, err)
	a := newAssembler(sel)
	for b.Loop() {
		for rest := refs; len(rest) > 0; {
			_, rest = a.next(rest)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(refs)), "ns/row")
}

// BenchmarkCompact merges 8 files of 20,000 jobs each, whose rows are created in turn: the worst order there is.
func BenchmarkCompact(b *testing.B) {
	base := vfs.NewMem()
	db := open(b, base, "data")
	flushedJobs(b, db, 8, 20000)
	require.NoError(b, db.Close())
	for b.Loop() {
		b.StopTimer()
		db := open(b, base.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing}), "data")
		b.StartTimer()
		report, err := Compact(ctx, db, CompactRequest{})
		require.NoError(b, err)
		require.Equal(b, 8, report.Tables[0].FilesBefore)
		b.StopTimer()
		require.NoError(b, db.Close())
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*8*20000), "ns/row")
}

// BenchmarkBackup copies and verifies files of 160,000 jobs.
func BenchmarkBackup(b *testing.B) {
	base := vfs.NewMem()
	db := open(b, base, "data")
	defer db.Close()
	flushedJobs(b, db, 8, 20000)
	n := 0
	for b.Loop() {
		n++
		report, err := Backup(ctx, db, BackupRequest{Dest: fmt.Sprint("copy", n)})
		require.NoError(b, err)
		b.SetBytes(report.Bytes)
		b.StopTimer()
		require.NoError(b, vfs.RemoveAll(base, report.Dir))
		b.StartTimer()
	}
}
