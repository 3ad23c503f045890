package store

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// lostWorld is a table of jobs in three files and in memory, of which some are deleted.
type lostWorld struct {
	db    *DB
	fsys  *vfs.Mem
	paths []string
	at    map[int]int // of each job that is not deleted the file that has it; -1 for memory
}

func newLostWorld(t *testing.T) *lostWorld {
	fsys := vfs.NewMem()
	w := &lostWorld{db: mustOpen(t, fsys, nil), fsys: fsys, at: map[int]int{}}
	for f, path := range []string{"storage/a.parquet", "storage/b.parquet", "storage/c.parquet"} {
		insertJobs(t, w.db, f*300, f*300+300)
		flushParquet(t, w.db, path)
		w.paths = append(w.paths, path)
	}
	insertJobs(t, w.db, 900, 1000)
	for n := range 1000 {
		w.at[n] = n / 300
		if n >= 900 {
			w.at[n] = -1
		}
	}
	var doomed []int
	for n := 0; n < 1000; n += 7 {
		doomed = append(doomed, n)
		delete(w.at, n)
	}
	update(t, w.db, func(tx *Tx) error { return tx.Delete(schemahistory.Jobs, findJobs(t, tx, doomed...)) })
	return w
}

// lose takes a file away, and closes it where it is open; what it gives puts the file back.
func (w *lostWorld) lose(t *testing.T, file int) (restore func()) {
	path := w.db.Path(w.paths[file])
	move := func(from, to string) {
		require.NoError(t, w.fsys.Rename(from, to))
		w.db.files.forget(w.paths[file])
		w.db.keys = newKeyCache(w.db.opts.KeyCacheBytes)
	}
	move(path, path+".away")
	return func() { move(path+".away", path) }
}

func keysOf(numbers []int) []*vec.Vec {
	v := vec.New(arrowschema.UUID, len(numbers))
	for i, n := range numbers {
		v.UUIDs[i] = jobID(n)
	}
	return []*vec.Vec{v}
}

// While a file is missing, keys are found where the others have all of them, and nobody says of any that it is not there.
func TestKeysBesideALostFile(t *testing.T) {
	t.Parallel()
	w := newLostWorld(t)
	key := schemahistory.Contract()[0].Keys[0]
	r := rand.New(rand.NewPCG(1, 2))
	answered, refused := 0, 0
	for i := range 300 {
		numbers := make([]int, 1+r.IntN(4))
		for k := range numbers {
			numbers[k] = r.IntN(1020)
		}
		s := w.db.Snapshot()
		whole, err := s.Find(context.Background(), schemahistory.Jobs, key, keysOf(numbers))
		require.NoError(t, err)
		known := true
		for k, n := range numbers {
			at, there := w.at[n]
			require.Equal(t, there, whole[k] != 0)
			known = known && there && at != i%3
		}
		restore := w.lose(t, i%3)
		got, err := s.Find(context.Background(), schemahistory.Jobs, key, keysOf(numbers))
		if known {
			require.NoError(t, err)
			require.Equal(t, whole, got)
			answered++
		} else {
			require.ErrorContains(t, err, w.paths[i%3])
			require.Equal(t, sqlstate.UndefinedFile, sqlstate.CodeOf(Worded(err)))
			refused++
		}
		restore()
		s.Close()
	}
	require.Greater(t, answered, 50)
	require.Greater(t, refused, 50)
	require.NoError(t, w.db.Close())
}

// While a file is missing, rows are replaced whose keys are found elsewhere, and a row with a key that the file may have is refused.
func TestChangesBesideALostFile(t *testing.T) {
	t.Parallel()
	w := newLostWorld(t)
	ctx, r := context.Background(), rand.New(rand.NewPCG(3, 4))
	replaced, refused := 0, 0
	for i := range 150 {
		var old []int // live, and in no lost file
		for len(old) < 1+r.IntN(160) {
			if n := r.IntN(1000); w.at[n] != i%3 {
				if _, there := w.at[n]; there {
					old = append(old, n)
				}
			}
		}
		fresh := i%4 == 0
		restore := w.lose(t, i%3)
		err := w.db.Update(ctx, func(tx *Tx) error {
			if err := tx.Delete(schemahistory.Jobs, findJobs(t, tx, old...)); err != nil {
				return err
			}
			put := map[int]bool{}
			for _, n := range old {
				if put[n] {
					continue
				}
				put[n] = true
				if err := tx.Insert(schemahistory.Jobs, jobBatch(t, n, n+1)); err != nil {
					return err
				}
			}
			if fresh {
				return tx.Insert(schemahistory.Jobs, batchOf(t, testJob(old[0]+5000)))
			}
			return nil
		})
		restore()
		if fresh {
			var coded *sqlstate.Error
			require.ErrorAs(t, err, &coded)
			require.Equal(t, sqlstate.UndefinedFile, coded.Code)
			require.Contains(t, coded.Message, w.paths[i%3])
			require.Contains(t, coded.Hint, "Put it back")
			refused++
			continue
		}
		require.NoError(t, err)
		replaced++
		for _, n := range old {
			w.at[n] = -1
		}
	}
	require.Positive(t, replaced)
	require.Positive(t, refused)
	s := w.db.Snapshot()
	v, _ := s.Table(schemahistory.Jobs)
	require.EqualValues(t, len(w.at), v.Rows(), "none twice, none gone")
	s.Close()
	update(t, w.db, func(tx *Tx) error {
		for n := range 1000 {
			_, there := w.at[n]
			require.Equal(t, there, findJobs(t, tx, n)[0] != 0, n)
		}
		return nil
	})
	require.NoError(t, w.db.Close())
}

// The first row that violates a key is told where nothing before it is unknown.
func TestFirstViolationBesideALostFile(t *testing.T) {
	t.Parallel()
	w := newLostWorld(t)
	restore := w.lose(t, 0)
	insert := func(before func(tx *Tx), jobs ...*tables.Job) sqlstate.Code {
		return sqlstate.CodeOf(w.db.Update(context.Background(), func(tx *Tx) error {
			if before != nil {
				before(tx)
			}
			return tx.Insert(schemahistory.Jobs, batchOf(t, jobs...))
		}))
	}
	taken, lost, fresh := testJob(400), testJob(1), testJob(5000)
	require.Equal(t, sqlstate.UniqueViolation, insert(nil, taken, fresh))
	require.Equal(t, sqlstate.UndefinedFile, insert(nil, fresh, taken))
	require.Equal(t, sqlstate.UndefinedFile, insert(nil, lost))
	require.Equal(t, sqlstate.UniqueViolation, insert(nil, testJob(950)), "it is hot")
	require.Equal(t, sqlstate.UniqueViolation, insert(nil, testJob(950), fresh))
	require.Equal(t, sqlstate.UndefinedFile, insert(nil, fresh, testJob(950)))
	deleted := func(tx *Tx) { require.NoError(t, tx.Delete(schemahistory.Jobs, findJobs(t, tx, 400, 950))) }
	require.Equal(t, sqlstate.UniqueViolation, insert(deleted, taken, testJob(950), testJob(401)))
	require.Equal(t, sqlstate.UniqueViolation, insert(deleted, taken, taken))
	moved := *taken
	moved.JobID = uuid.UUID{1}
	require.Equal(t, sqlstate.UndefinedFile, insert(deleted, taken, &moved))
	restore()
	require.Equal(t, sqlstate.UniqueViolation, insert(nil, lost))
	require.NoError(t, w.db.Close())
}
