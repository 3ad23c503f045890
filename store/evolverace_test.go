package store

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// TestReadersBesideChanges reads snapshots in many goroutines while the table is cleared, filled again, widened, renamed, flushed and gets and loses
// columns: every snapshot shows all rows of one commit, under the definition of that commit, by scan and by key.
func TestReadersBesideChanges(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := mustOpen(t, vfs.NewMem(), nil)
	def := messagesDefinition()
	def.Columns[1].NotNull, def.UserColumn = false, -1
	update(t, db, func(tx *Tx) error { return tx.CreateTable(def) })
	const rows = 300
	fill := func(tx *Tx, name schemahistory.Name) error {
		d, _ := tx.Table(name)
		b := &vec.Batch{N: rows}
		for _, c := range d.Columns {
			v := vec.New(c.Type, rows)
			for i := range rows {
				switch c.Type {
				case arrowschema.Int8, arrowschema.Int4:
					v.Ints[i] = int64(i)
				case arrowschema.Text:
					v.Strs[i] = fmt.Sprint("x", i%7)
				}
			}
			b.Cols = append(b.Cols, v)
		}
		return tx.Insert(name, b)
	}
	update(t, db, func(tx *Tx) error { return fill(tx, chatMessages) })
	var stop atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for !stop.Load() {
				s := db.Snapshot()
				for _, v := range s.Tables() {
					if v.Def.Name.Namespace == "chat" {
						got := rowTexts(t, s, v)
						require.Len(t, got, rows)
						require.Equal(t, s.History(v.Def.Name).Last(), v.Def.Version)
					}
				}
				s.Close()
			}
		})
	}
	name := chatMessages
	for n := range 30 {
		update(t, db, func(tx *Tx) error { return change(tx, name, addColumn(fmt.Sprint("c", n), arrowschema.Int4, ptr("7"))) })
		update(t, db, func(tx *Tx) error {
			return change(tx, name, func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
				return d.SetType(fmt.Sprint("c", n), arrowschema.Numeric, nil)
			})
		})
		if n%3 == 0 {
			require.NoError(t, flushTable(ctx, db, name, fmt.Sprintf("files/%d", n), 2))
		}
		next := schemahistory.Name{Namespace: "chat", Table: fmt.Sprint("t", n)}
		update(t, db, func(tx *Tx) error { return change(tx, name, renameTo(next)) })
		name = next
		update(t, db, func(tx *Tx) error {
			return change(tx, name, func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
				return d.DropColumn(fmt.Sprint("c", n))
			})
		})
		update(t, db, func(tx *Tx) error {
			if err := tx.Clear(name); err != nil {
				return err
			}
			return fill(tx, name)
		})
	}
	stop.Store(true)
	readers.Wait()
	require.NoError(t, db.Close())
}
