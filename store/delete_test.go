package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

var errUndo = errors.New("undo")

// TestDeleteTogether deletes the same rows one after the other, as one list in any order, and as sets: the same rows must be gone, in the statement, after it
// and when the log is replayed, and the record must say the same.
func TestDeleteTogether(t *testing.T) {
	t.Parallel()
	for seed, share := range []int{5, 60, 99, 100} { // percent
		var records [3][]byte
		for form := range records {
			records[form] = deleteShare(t, form, share, rand.New(rand.NewPCG(uint64(seed), 1)))
		}
		require.Equal(t, records[0], records[1])
	}
}

// deleteShare deletes a share of a database's jobs in one of three forms, checks what is left, and gives the record.
func deleteShare(t *testing.T, form, share int, random *rand.Rand) (record []byte) {
	const jobs, before = 1200, 20
	fsys := vfs.NewMem()
	opts := testOptions(fsys)
	opts.SegmentRows = 500
	db := mustOpen(t, fsys, opts)
	insertJobs(t, db, 0, 700)
	insertJobs(t, db, 700, jobs)
	stay := span(0, jobs)
	random.Shuffle(jobs, func(i, j int) { stay[i], stay[j] = stay[j], stay[i] })
	update(t, db, func(tx *Tx) error { return tx.Delete(schemahistory.Jobs, findJobs(t, tx, stay[:before]...)) })
	stay = stay[before:]
	n := len(stay) * share / 100
	update(t, db, func(tx *Tx) error {
		ids := findJobs(t, tx, stay[:n]...)
		require.NoError(t, tx.Delete(schemahistory.Jobs, ids[:n/3])) // the statement has deleted these before
		from := len(tx.record)
		deleteAs(t, tx, form, ids, random)
		require.Equal(t, make([]tables.RowID, n), findJobs(t, tx, stay[:n]...))
		record = slices.Clone(tx.record[from:])
		return nil
	})
	for range 2 {
		wantJobs(t, db, stay[n:]...)
		require.NoError(t, db.Close())
		db = mustOpen(t, fsys, opts)
	}
	require.NoError(t, db.Close())
	return record
}

// deleteAs deletes rows: as a list in the order of segments or in none, some twice, or as sets.
func deleteAs(t *testing.T, tx *Tx, form int, ids []tables.RowID, random *rand.Rand) {
	switch form {
	case 0:
		ids = slices.Clone(ids)
		slices.Sort(ids)
		require.NoError(t, tx.Delete(schemahistory.Jobs, append(ids, ids[:len(ids)/2]...)))
	case 1: // no two neighbours of one segment, if it can be helped
		random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		require.NoError(t, tx.Delete(schemahistory.Jobs, ids))
	default:
		sets := map[uint32]*tables.SegmentRows{}
		for _, id := range ids {
			if sets[id.Segment()] == nil {
				sets[id.Segment()] = new(tables.SegmentRows)
			}
			sets[id.Segment()].Add(id.Offset())
		}
		for segment, rows := range sets {
			left := *rows
			require.NoError(t, tx.DeleteRows(schemahistory.Jobs, segment, rows))
			require.NoError(t, tx.KeepLive(schemahistory.Jobs, segment, &left))
			require.Zero(t, left.Count())
		}
	}
}

// TestDeleteRowsThatAreNotThere refuses sets with rows that are not there or have died, and those of cleared tables are gone already.
func TestDeleteRowsThatAreNotThere(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	opts := testOptions(fsys)
	opts.SegmentRows = 500
	db := mustOpen(t, fsys, opts)
	insertJobs(t, db, 0, 700)
	var ids []tables.RowID
	update(t, db, func(tx *Tx) error {
		ids = findJobs(t, tx, span(0, 700)...)
		return tx.Delete(schemahistory.Jobs, ids[:200])
	})
	whole := func(lo, hi int) (rows tables.SegmentRows) {
		for _, id := range ids[lo:hi] {
			rows.Add(id.Offset())
		}
		return rows
	}
	refused := func(fn func(tx *Tx) error) {
		err := db.Update(context.Background(), func(tx *Tx) error {
			if fn(tx) == nil {
				return errUndo
			}
			return nil // the statement fails all the same
		})
		require.ErrorContains(t, err, "has no row")
	}
	refused(func(tx *Tx) error { return tx.Delete(schemahistory.Jobs, ids[199:500]) })
	refused(func(tx *Tx) error {
		rows := whole(199, 500)
		return tx.DeleteRows(schemahistory.Jobs, ids[0].Segment(), &rows)
	})
	refused(func(tx *Tx) error {
		rows := whole(200, 500)
		return tx.DeleteRows(schemahistory.Jobs, ids[699].Segment(), &rows)
	})
	refused(func(tx *Tx) error { rows := whole(200, 201); return tx.DeleteRows(schemahistory.Jobs, 1<<30, &rows) })
	wantJobs(t, db, span(200, 700)...)
	update(t, db, func(tx *Tx) error { // nothing of a segment that is not there
		return tx.DeleteRows(schemahistory.Jobs, 1<<30, new(tables.SegmentRows))
	})
	update(t, db, func(tx *Tx) error {
		require.NoError(t, tx.Clear(schemahistory.Jobs))
		rows := whole(200, 500)
		require.NoError(t, tx.DeleteRows(schemahistory.Jobs, ids[200].Segment(), &rows))
		require.NoError(t, tx.KeepLive(schemahistory.Jobs, ids[200].Segment(), &rows))
		require.Zero(t, rows.Count())
		return nil
	})
	wantJobs(t, db)
	require.NoError(t, db.Close())
	db = mustOpen(t, fsys, opts)
	wantJobs(t, db)
	require.NoError(t, db.Close())
}
