package flush

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// TestCompactDamaged: a damaged file is not made good by being merged.
func TestCompactDamaged(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	flushedJobs(t, db, 3, 100)
	name := "data/storage/" + files(t, fsys, "data/storage")[1]
	f, err := fsys.OpenReadWrite(name)
	require.NoError(t, err)
	var b [1]byte
	_, err = f.ReadAt(b[:], 200)
	require.NoError(t, err)
	b[0] ^= 4
	_, err = f.WriteAt(b[:], 200)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	_, err = Compact(ctx, db, CompactRequest{})
	require.Equal(t, sqlstate.DataCorrupted, sqlstate.CodeOf(err), "%v", err)
	require.ErrorContains(t, err, "storage/system/jobs/")
	require.Equal(t, tables.Failed, compactJobs(t, db)[0].Status)
	requireTidy(t, db, fsys)
}

// TestCompactModel flushes, deletes, changes the definition, compacts and opens again at random, and compares with what a scan says each time.
func TestCompactModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(15) {
		r := rand.New(rand.NewPCG(seed, 9))
		mem := vfs.NewMem()
		db := open(t, mem, "data")
		createMessages(t, db)
		next, compacted := 0, 0
		for step := range 25 {
			var before map[string]int
			switch op := r.IntN(8); op {
			case 0, 1, 2:
				users := make([]string, 1+r.IntN(200))
				for i := range users {
					users[i] = []string{"ann", "bob", "NULL"}[r.IntN(3)]
				}
				updateStore(t, db, func(tx *store.Tx) error {
					def, _ := tx.Table(chatMessages)
					return tx.Insert(chatMessages, conform(def, messageBatchFrom(next, users...)))
				})
				next += len(users)
				_, err := Run(ctx, db, Request{Table: &chatMessages})
				require.NoError(t, err)
			case 3:
				of := 2 + r.IntN(8)
				deleteCold(t, db, chatMessages, func(int, int) bool { return r.IntN(of) == 0 })
			case 4:
				n := fmt.Sprint("c", step)
				updateStore(t, db, func(tx *store.Tx) error {
					return evolve(tx, func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
						if last := d.Columns[len(d.Columns)-1]; r.IntN(2) == 0 && last.ID > 8 {
							return d.DropColumn(last.Name)
						}
						return d.AddColumn(schemahistory.Column{Name: n, Type: d.Columns[r.IntN(8)].Type})
					})
				})
			case 5:
				require.NoError(t, db.Close())
				db = open(t, mem, "data")
			default:
				before, _, _ = currentRows(t, db, chatMessages)
				_, err := Compact(ctx, db, CompactRequest{Table: &chatMessages})
				require.NoError(t, err)
				after, _, _ := currentRows(t, db, chatMessages)
				require.Equal(t, before, after, "seed %d step %d", seed, step)
				compacted++
			}
			requireTidy(t, db, mem)
		}
		require.Positive(t, compacted, seed)
		require.NoError(t, db.Close())
	}
}

// conform gives a batch of messages under a definition that has been changed: columns that it has not are NULL.
func conform(def *schemahistory.TableDefinition, b *vec.Batch) *vec.Batch {
	out := &vec.Batch{N: b.N}
	for _, c := range def.Columns {
		if c.ID <= int32(len(b.Cols)) {
			out.Cols = append(out.Cols, b.Cols[c.ID-1])
		} else {
			out.Cols = append(out.Cols, vec.NewNull(c.Type, b.N))
		}
	}
	return out
}

// TestMaintainLegacy compacts, backs up and restores a database of the older form, whose jobs have no column for what there is to tell.
func TestMaintainLegacy(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	db, err := store.Open(ctx, "data", &store.Options{FS: mem, Legacy: true, Now: func() time.Time { return testNow }, CheckpointBytes: -1})
	require.NoError(t, err)
	flushedJobs(t, db, 3, 40)
	before := allRowsNow(t, db)
	report, err := Compact(ctx, db, CompactRequest{})
	require.NoError(t, err)
	require.Equal(t, 3, report.Tables[0].FilesBefore)
	require.Equal(t, tables.Completed, compactJobs(t, db)[0].Status)
	after := allRowsNow(t, db)
	for row := range before["system.jobs"] {
		require.Equal(t, 1, after["system.jobs"][row], row)
	}
	_, err = Backup(ctx, db, BackupRequest{Dest: "copy"})
	require.NoError(t, err)
	copied := openReader(t, mem, "copy")
	require.Equal(t, after, allRowsNow(t, copied))
	_, err = Restore(ctx, copied, "back", nil)
	require.NoError(t, err)
	require.NoError(t, copied.Close())
	require.NoError(t, db.Close())
	back := open(t, mem, "back")
	defer back.Close()
	require.Equal(t, after, allRowsNow(t, back))
	insertJobs(t, back, 500, 510)
}
