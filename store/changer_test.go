package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// changer runs random statements, ALTERs among them, on a database and a world.
type changer struct {
	t      *rapid.T
	ctx    context.Context
	fsys   *vfs.Mem
	opts   Options
	db     *DB
	world  world
	files  int
	fresh  int // names of columns
	mu     sync.Mutex
	calls  int
	stop   int
	clones []*vfs.Mem
	held   []heldSnapshot
}

// heldSnapshot is a snapshot that is kept, and what it showed at first.
type heldSnapshot struct {
	*Snapshot
	shown string
}

func (c *changer) inject(op vfs.Op) error {
	if !op.Kind.Changes() {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == c.stop {
		for _, loss := range []vfs.Loss{vfs.LoseUnsynced, vfs.LoseNothing, vfs.LoseSome} {
			c.clones = append(c.clones, c.fsys.CrashClone(vfs.CrashOptions{Loss: loss, Rand: rand.New(rand.NewPCG(uint64(c.calls), uint64(loss)))}))
		}
	}
	c.calls++
	return nil
}

var errGivenUp = errors.New("given up")

// step runs a statement that turns the world into what next makes of it; first, now and then, so that it fails at its end.
func (c *changer) step(next func(w *world), fn func(tx *Tx) error) {
	before, after := c.world, c.world.clone()
	next(&after)
	if rapid.IntRange(0, 3).Draw(c.t, "fail first") == 0 {
		require.ErrorIs(c.t, c.db.Update(c.ctx, func(tx *Tx) error {
			require.NoError(c.t, fn(tx))
			return errGivenUp
		}), errGivenUp)
		require.Equal(c.t, before.String(), observed(c.t, c.db))
	}
	c.crashing(before, after, func() error { return c.db.Update(c.ctx, fn) })
}

// crashing runs an operation, takes a clone of the disk somewhere in it, and opens that.
func (c *changer) crashing(before, after world, op func() error) {
	c.mu.Lock()
	c.clones, c.calls, c.stop = nil, 0, rapid.IntRange(-10, 10).Draw(c.t, "crash at")
	c.mu.Unlock()
	require.NoError(c.t, op())
	c.db.background.Wait()
	c.mu.Lock()
	c.stop = -1
	c.mu.Unlock()
	c.world = after
	require.Equal(c.t, after.String(), observed(c.t, c.db))
	for _, h := range c.held {
		require.Equal(c.t, h.shown, observedIn(c.t, h.Snapshot))
	}
	for i, disk := range c.clones {
		opts := c.opts
		opts.FS = disk
		db, err := Open(c.ctx, "/db", &opts)
		require.NoError(c.t, err)
		if got := observed(c.t, db); got != before.String() {
			require.Equal(c.t, after.String(), got, "crash %d", i)
		}
		require.NoError(c.t, db.Close())
	}
}

// value makes a text of a type's value, or NULL.
func (c *changer) value(t arrowschema.Type, n int64) (string, bool) {
	if n%5 == 4 {
		return "", false
	}
	switch t {
	case arrowschema.Date:
		return fmt.Sprintf("2025-10-%02d", 1+n%28), true
	case arrowschema.Timestamp:
		return fmt.Sprintf("2025-10-%02d 12:00:00", 1+n%28), true
	case arrowschema.Float4, arrowschema.Float8:
		return fmt.Sprint(n%100) + ".5", true
	case arrowschema.Text, arrowschema.Varchar:
		return fmt.Sprint("text ", n%17), true
	}
	return fmt.Sprint(n % 100), true
}

// batch makes rows with these keys under the world's definition.
func (c *changer) batch(w *world, keys []int64, seed int64) *vec.Batch {
	b := tables.NewBuilder(w.def, len(keys))
	for _, k := range keys {
		row := map[int32]string{}
		for i, col := range w.def.Columns {
			if col.Name == "id" {
				b.AppendInt(i, k)
				row[col.ID] = fmt.Sprint(k)
				continue
			}
			text, ok := c.value(col.Type, k*7+seed+int64(col.ID))
			if col.Name == "tag" { // unique
				text, ok = fmt.Sprint("tag", k), true
			}
			if !ok {
				b.AppendNull(i)
				continue
			}
			v, err := vec.Constant(col.Type, text)
			require.NoError(c.t, err)
			b.AppendValue(i, v, 0)
			row[col.ID] = text
		}
		w.rows[k] = row
	}
	out, err := b.Batch()
	require.NoError(c.t, err)
	return out
}

func (c *changer) keys() []int64 {
	lo, n := rapid.Int64Range(0, 60).Draw(c.t, "from"), rapid.Int64Range(1, 25).Draw(c.t, "n")
	var out []int64
	for k := lo; k < lo+n; k++ {
		out = append(out, k)
	}
	return out
}

// there skips the action unless the table is there.
func (c *changer) there(t *rapid.T) {
	if c.t = t; c.world.def == nil {
		t.Skip("no table")
	}
}

// Upsert deletes the rows with some keys and inserts others.
func (c *changer) Upsert(t *rapid.T) {
	c.there(t)
	keys, seed := c.keys(), rapid.Int64Range(0, 1000).Draw(t, "seed")
	var b *vec.Batch
	c.step(func(w *world) { b = c.batch(w, keys, seed) }, func(tx *Tx) error {
		if err := c.delete(tx, keys); err != nil {
			return err
		}
		return tx.Insert(c.world.def.Name, b)
	})
}

func (c *changer) delete(tx *Tx, keys []int64) error {
	primary, _ := c.world.def.PrimaryKey()
	ids, err := tx.Find(c.world.def.Name, primary, []*vec.Vec{vec.NewFlat(arrowschema.Int8, keys, nil)})
	if err != nil {
		return err
	}
	for i, id := range ids {
		_, ok := c.world.rows[keys[i]]
		require.Equal(c.t, ok, id != 0)
	}
	return tx.Delete(c.world.def.Name, slices.DeleteFunc(ids, func(id tables.RowID) bool { return id == 0 }))
}

func (c *changer) Delete(t *rapid.T) {
	c.there(t)
	keys := c.keys()
	c.step(func(w *world) {
		for _, k := range keys {
			delete(w.rows, k)
		}
	}, func(tx *Tx) error { return c.delete(tx, keys) })
}

// evolve changes the definition; rows are the world's to change.
func (c *changer) evolve(change func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error), rows func(w *world)) {
	c.evolveAnd(change, rows, func(*Tx) error { return nil }, func(*Tx) error { return nil })
}

func (c *changer) evolveAnd(change func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error), rows func(w *world), first, then func(*Tx) error) {
	next, changes, err := change(c.world.def)
	require.NoError(c.t, err)
	c.step(func(w *world) {
		w.def = next
		rows(w)
		if changes != "" {
			w.changes[next.Name] = append(w.changes[next.Name], changes)
		}
	}, func(tx *Tx) error {
		if err := first(tx); err != nil {
			return err
		}
		if err := tx.ReplaceDefinition(next, changes); err != nil {
			return err
		}
		return then(tx)
	})
}

func (c *changer) AddColumn(t *rapid.T) {
	c.there(t)
	c.fresh++
	col := schemahistory.Column{
		Name: fmt.Sprint("c", c.fresh), Dictionary: rapid.Bool().Draw(t, "dictionary"),
		Type: rapid.SampledFrom([]arrowschema.Type{arrowschema.Int2, arrowschema.Int4, arrowschema.Float4, arrowschema.Varchar, arrowschema.Date, arrowschema.Numeric}).Draw(t, "type"),
	}
	text, ok := c.value(col.Type, rapid.Int64Range(0, 9).Draw(t, "missing"))
	if ok {
		col.Missing = &text
	}
	c.evolve(func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.AddColumn(col)
	}, func(w *world) {
		for _, r := range w.rows {
			if ok {
				r[w.def.LastColumn] = text
			}
		}
	})
}

// column draws a column that is not the primary key.
func (c *changer) column(t *rapid.T) schemahistory.Column {
	c.there(t)
	if len(c.world.def.Columns) < 2 {
		t.Skip("no column")
	}
	i := rapid.IntRange(1, len(c.world.def.Columns)-1).Draw(t, "column")
	return c.world.def.Columns[i]
}
