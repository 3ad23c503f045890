package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// changeScript is a life of a table: each step is one commit, or none.
func changeScript(t *testing.T) []func(db *DB) error {
	ctx := context.Background()
	commit := func(fn func(tx *Tx) error) func(db *DB) error {
		return func(db *DB) error { return db.Update(ctx, fn) }
	}
	insert := func(name schemahistory.Name, lo, hi int) func(tx *Tx) error {
		return func(tx *Tx) error {
			d, _ := tx.Table(name)
			b := tables.NewBuilder(d, hi-lo)
			for n := lo; n < hi; n++ {
				for i, c := range d.Columns {
					switch {
					case c.Name == "id":
						b.AppendInt(i, int64(n))
					case c.Type.Physical() == arrowschema.Strings:
						b.AppendText(i, fmt.Sprint("text ", n))
					case c.Type.Physical() == arrowschema.Ints:
						b.AppendInt(i, int64(n))
					default:
						b.AppendNull(i)
					}
				}
			}
			batch, err := b.Batch()
			require.NoError(t, err)
			return tx.Insert(name, batch)
		}
	}
	posts := schemahistory.Name{Namespace: "chat", Table: "posts"}
	retype := func(name string, to arrowschema.Type) func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
			return d.SetType(name, to, nil)
		}
	}
	return []func(db *DB) error{
		commit(func(tx *Tx) error { return tx.CreateTable(messagesDefinition()) }),
		commit(insert(chatMessages, 0, 20)),
		commit(func(tx *Tx) error { return change(tx, chatMessages, addColumn("x", arrowschema.Text, ptr("before"))) }),
		commit(insert(chatMessages, 20, 30)),
		func(db *DB) error { return flushTable(ctx, db, chatMessages, "files/a.parquet", 2) },
		commit(func(tx *Tx) error { return change(tx, chatMessages, retype("n", arrowschema.Numeric)) }),
		func(db *DB) error { return db.Checkpoint(ctx) },
		commit(func(tx *Tx) error { return change(tx, chatMessages, renameTo(posts)) }),
		commit(func(tx *Tx) error { // as an ALTER that rewrites the rows
			rows, err := tx.allRowsOf(posts)
			if err != nil {
				return err
			}
			if err := tx.Clear(posts); err != nil {
				return err
			}
			err = change(tx, posts, func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
				return d.ReplaceColumn("n", schemahistory.Column{Type: arrowschema.Text})
			})
			if err != nil {
				return err
			}
			rows.Cols[2] = vec.NewConst(arrowschema.Text, "rewritten", rows.N)
			return tx.Insert(posts, rows)
		}),
		func(db *DB) error { return flushTable(ctx, db, posts, "files/b.parquet", 3) },
		commit(func(tx *Tx) error {
			b := versionBatch(t, version(posts, tx.History(posts).Last()+1, anyJSON), version(chatMessages, 1, anyJSON))
			return tx.Insert(schemahistory.TableSchemas, b)
		}),
		func(db *DB) error { return db.Checkpoint(ctx) },
		commit(func(tx *Tx) error { return change(tx, posts, renameTo(chatMessages)) }), // whose name has versions
		commit(func(tx *Tx) error { return tx.Clear(chatMessages) }),
		commit(insert(chatMessages, 5, 9)),
		commit(func(tx *Tx) error { return tx.DropTable(chatMessages) }),
		commit(func(tx *Tx) error { return tx.CreateTable(messagesDefinition()) }),
		func(db *DB) error { return db.Checkpoint(ctx) },
	}
}

// TestCrashAtEveryCallOfChanges kills the script at each of its file-system calls, in records of any size: the database that is opened then is as it was before the
// step that was running, or as it is after it.
func TestCrashAtEveryCallOfChanges(t *testing.T) {
	t.Parallel()
	for _, partSize := range []int{0, 1, 300} {
		mem := vfs.NewMem()
		type crash struct {
			step int
			disk *vfs.Mem
		}
		var crashes []crash
		step := -1
		opts := testOptions(nil)
		opts.SegmentRows, opts.partSize, opts.LogSegmentBytes = 8, partSize, 4000
		opts.FS = vfs.WithFaults(mem, func(op vfs.Op) error {
			if op.Kind.Changes() && step >= 0 {
				for _, loss := range []vfs.Loss{vfs.LoseUnsynced, vfs.LoseNothing, vfs.LoseSome} {
					r := rand.New(rand.NewPCG(uint64(len(crashes)), 1))
					crashes = append(crashes, crash{step, mem.CrashClone(vfs.CrashOptions{Loss: loss, Rand: r})})
				}
			}
			return nil
		})
		db := mustOpen(t, nil, opts)
		shown := []string{observed(t, db)}
		for i, fn := range changeScript(t) {
			step = i
			require.NoError(t, fn(db), "step %d", i)
			step = -1
			shown = append(shown, observed(t, db))
		}
		require.NoError(t, db.Close())
		require.Greater(t, len(crashes), 200)
		for i, c := range crashes {
			opts.FS = c.disk
			db := mustOpen(t, nil, opts)
			if got := observed(t, db); got != shown[c.step] {
				require.Equal(t, shown[c.step+1], got, "crash %d, in step %d", i, c.step)
			}
			require.NoError(t, db.Close())
		}
	}
}
