package store

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// flushParquet writes all hot jobs of the newest snapshot to a Parquet file, in place of them.
func flushParquet(t testing.TB, db *DB, path string) {
	t.Helper()
	ctx := context.Background()
	require.NoError(t, db.Reserve(ctx, path))
	s := db.Snapshot()
	defer s.Close()
	v, _ := s.Table(schemahistory.Jobs)
	full := db.Path(path)
	require.NoError(t, vfs.MkdirAllSync(db.FS(), filepath.Dir(full)))
	f, err := db.FS().Create(TempName(full))
	require.NoError(t, err)
	w, err := parquetio.NewWriter(f, v.Def, nil)
	require.NoError(t, err)
	var ids []tables.RowID
	segments := v.Hot.Segments()
	for i := range segments {
		seg := &segments[i]
		sel := seg.Live(0, seg.Rows(), nil)
		b := &vec.Batch{N: len(sel)}
		for c := range v.Def.Columns {
			b.Cols = append(b.Cols, seg.Column(c).Gather(sel))
		}
		require.NoError(t, w.Write(b))
		for _, row := range sel {
			ids = append(ids, tables.HotID(seg.Number(), int(row)))
		}
	}
	info, err := w.Close()
	require.NoError(t, err)
	require.NoError(t, f.Sync())
	require.NoError(t, f.Close())
	require.NoError(t, db.FS().RenameNoReplace(TempName(full), full))
	require.NoError(t, db.FS().SyncDir(filepath.Dir(full)))
	update(t, db, func(tx *Tx) error {
		_, err := tx.AddFile(schemahistory.Jobs, FileRef{
			Path: path, Rows: info.Rows, Size: info.Bytes, FooterCRC: info.FooterCRC, ChunkCRCs: info.ChunkCRCs,
			SortMin: info.SortMin, SortMax: info.SortMax, HasSort: info.HasSort, SchemaVersion: v.Def.Version, Storage: "primary",
		})
		require.NoError(t, err)
		return tx.Delete(schemahistory.Jobs, ids)
	})
}

func TestKeysInParquet(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	db := mustOpen(t, fsys, nil)
	insertJobs(t, db, 0, 3000)
	flushParquet(t, db, "storage/a.parquet")
	insertJobs(t, db, 3000, 4000)
	flushParquet(t, db, "storage/b.parquet")
	insertJobs(t, db, 4000, 4100)
	for range 2 {
		for _, n := range []int{0, 2999, 3500, 4050} {
			err := db.Update(context.Background(), func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, jobBatch(t, n, n+1)) })
			var e *sqlstate.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, "Key (job_id)=("+jobID(n).String()+") already exists.", e.Detail)
		}
		update(t, db, func(tx *Tx) error {
			numbers := []int{4099, 17, 3999, 5000, 4000, 3001}
			ids := findJobs(t, tx, numbers...)
			require.Zero(t, ids[3])
			ids, numbers = append(ids[:3], ids[4:]...), append(numbers[:3], numbers[4:]...)
			rows, err := tx.Rows(schemahistory.Jobs, ids, allColumns(schemahistory.Contract()[0]))
			require.NoError(t, err)
			for i, n := range numbers {
				j := tables.JobAt(schemahistory.Contract()[0], rows, i)
				requireJob(t, testJob(n), &j)
			}
			return nil
		})
		require.NoError(t, db.Checkpoint(context.Background()))
		require.NoError(t, db.Close())
		db = mustOpen(t, fsys, nil)
	}
	update(t, db, func(tx *Tx) error { // an update of flushed rows: positional deletes and new hot rows
		ids := findJobs(t, tx, span(100, 400)...)
		require.True(t, ids[0].Cold())
		require.NoError(t, tx.Delete(schemahistory.Jobs, ids))
		require.Error(t, tx.Insert(schemahistory.Jobs, jobBatch(t, 399, 401)))
		return tx.Insert(schemahistory.Jobs, jobBatch(t, 100, 400))
	})
	require.NoError(t, db.Close())
	db = mustOpen(t, fsys, nil)
	s := db.Snapshot()
	v, _ := s.Table(schemahistory.Jobs)
	require.EqualValues(t, 4100, v.Rows())
	require.EqualValues(t, 2700, v.Files[0].LiveRows())
	s.Close()
	require.NoError(t, db.Close())
}

// TestScannedKeys looks for many keys at once, and for the same one by one, which takes indexes.
func TestScannedKeys(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, vfs.NewMem(), nil)
	insertJobs(t, db, 0, 3000)
	flushParquet(t, db, "storage/a.parquet")
	update(t, db, func(tx *Tx) error { return tx.Delete(schemahistory.Jobs, findJobs(t, tx, span(100, 120)...)) })
	db.keys = newKeyCache(db.opts.KeyCacheBytes)
	numbers := append(span(90, 200), 90, 150, 5000, 5001)
	update(t, db, func(tx *Tx) error {
		together := findJobs(t, tx, numbers...)
		require.Zero(t, db.keys.order.Len(), "there is no index yet")
		for i, n := range numbers {
			require.Equal(t, findJobs(t, tx, n)[0], together[i], n)
			require.Equal(t, n >= 100 && n < 120 || n >= 5000, together[i] == 0, n)
		}
		require.NotZero(t, db.keys.order.Len())
		require.Equal(t, together, findJobs(t, tx, numbers...), "by the index")
		return nil
	})
	require.NoError(t, db.Close())
}

// TestBloomSparesReading inserts single rows beside flushed ones: what the filters exclude must not be read.
func TestBloomSparesReading(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	var reads []string
	counting := vfs.WithFaults(fsys, func(op vfs.Op) error {
		if (op.Kind == vfs.OpRead || op.Kind == vfs.OpReadAt) && filepath.Ext(op.Path) == ".parquet" {
			reads = append(reads, op.Path)
		}
		return nil
	})
	db := mustOpen(t, counting, testOptions(counting))
	insertJobs(t, db, 0, 3000)
	flushParquet(t, db, "storage/a.parquet")
	insertJobs(t, db, 10000, 10001) // opens the file and reads its filter
	reads = nil
	for n := range 100 {
		insertJobs(t, db, 20000+n, 20001+n)
	}
	require.LessOrEqual(t, len(reads), 2, "no more than one group's keys, for a false positive")
	require.NoError(t, db.Close())
}

// BenchmarkReimport inserts 188,041 jobs, the grid's history, that are all flushed already: each must be found.
func BenchmarkReimport(b *testing.B) {
	db, err := Open(context.Background(), b.TempDir(), &Options{Durability: wal.Off})
	require.NoError(b, err)
	defer db.Close()
	batch := jobBatch(b, 0, 188041)
	update(b, db, func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, batch) })
	flushParquet(b, db, "storage/a.parquet")
	key := schemahistory.Contract()[0].Keys[0]
	for b.Loop() {
		db.keys = newKeyCache(db.opts.KeyCacheBytes)
		update(b, db, func(tx *Tx) error {
			ids, err := tx.Find(schemahistory.Jobs, key, []*vec.Vec{batch.Cols[0]})
			require.NotContains(b, ids, tables.RowID(0))
			return err
		})
	}
}

// BenchmarkInsertBesideCold inserts single rows beside two million flushed ones.
func BenchmarkInsertBesideCold(b *testing.B) {
	db := benchOpen(b, b.TempDir(), wal.Off)
	defer db.Close()
	fill(b, db, 32)
	flushParquet(b, db, "storage/a.parquet")
	fresh := vec.New(arrowschema.UUID, 1)
	row := jobBatch(b, 0, 1)
	n := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		n++
		le.PutUint64(fresh.UUIDs[0][:], n*0x9e3779b97f4a7c15)
		row.Cols[0] = fresh
		update(b, db, func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, row) })
	}
}
