package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

func (c *changer) DropColumn(t *rapid.T) {
	name := c.column(t).Name
	c.evolve(func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.DropColumn(name)
	}, func(*world) {})
}

func (c *changer) RenameColumn(t *rapid.T) {
	name := c.column(t).Name
	if name == "tag" {
		t.Skip("it says that it is unique")
	}
	c.fresh++
	c.evolve(func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.RenameColumn(name, fmt.Sprint("c", c.fresh))
	}, func(*world) {})
}

// wider lists the types to which a column can be widened.
var wider = map[arrowschema.Type][]arrowschema.Type{
	arrowschema.Int2:   {arrowschema.Int4, arrowschema.Int8, arrowschema.Numeric, arrowschema.Float4, arrowschema.Float8},
	arrowschema.Int4:   {arrowschema.Int8, arrowschema.Numeric, arrowschema.Float8},
	arrowschema.Int8:   {arrowschema.Numeric},
	arrowschema.Float4: {arrowschema.Float8}, arrowschema.Varchar: {arrowschema.Text}, arrowschema.Text: {arrowschema.Varchar},
	arrowschema.Date: {arrowschema.Timestamp},
}

func (c *changer) Widen(t *rapid.T) {
	col := c.column(t)
	to := wider[col.Type]
	if len(to) == 0 {
		t.Skip("nothing is wider")
	}
	typ := rapid.SampledFrom(to).Draw(t, "to")
	c.evolve(func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.SetType(col.Name, typ, nil)
	}, func(w *world) {
		for _, r := range w.rows {
			if text, ok := r[col.ID]; ok && col.Type == arrowschema.Date {
				r[col.ID] = text + " 00:00:00"
			}
		}
	})
}

// Rewrite replaces a column by its text, row by row, as an ALTER COLUMN … TYPE text does that no reader could do for it.
func (c *changer) Rewrite(t *rapid.T) {
	col := c.column(t)
	if col.Name == "tag" || col.Type == arrowschema.Text {
		t.Skip("it is text")
	}
	at := c.world.def.Find(col.Name)
	c.evolveAnd(func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.ReplaceColumn(col.Name, schemahistory.Column{Type: arrowschema.Text, Dictionary: true})
	}, func(w *world) {
		for _, r := range w.rows {
			if text, ok := r[col.ID]; ok {
				delete(r, col.ID)
				r[w.def.LastColumn] = text
			}
		}
	}, func(tx *Tx) error { return tx.Clear(c.world.def.Name) }, func(tx *Tx) error {
		rows, err := tx.allRowsOf(c.world.def.Name)
		if err != nil || rows.N == 0 {
			return err
		}
		b := vec.NewBuilder(arrowschema.Text, rows.N)
		for i := range rows.N {
			if text, ok := textAt(rows.Cols[at], i); ok {
				b.AppendString(text)
			} else {
				b.AppendNull()
			}
		}
		rows.Cols[at] = b.Vec()
		return tx.Insert(c.world.def.Name, rows)
	})
}

// allRowsOf reads the rows of a table as they were before the statement, from the snapshot.
func (tx *Tx) allRowsOf(name schemahistory.Name) (*vec.Batch, error) {
	s := tx.Snapshot()
	v, _ := s.Table(name)
	var ids []tables.RowID
	for _, f := range v.Files {
		for i := range f.Rows {
			if !deletedIn(f, uint32(i)) {
				ids = append(ids, tables.ColdID(f.Number, uint32(i)))
			}
		}
	}
	segments := v.Hot.Segments()
	for i := range segments {
		for _, row := range segments[i].Live(0, segments[i].Rows(), nil) {
			ids = append(ids, tables.HotID(segments[i].Number(), int(row)))
		}
	}
	return s.Rows(tx.ctx, name, ids, allColumns(v.Def))
}

// Truncate clears the table, after a deletion and before an insertion in the same statement.
func (c *changer) Truncate(t *rapid.T) {
	c.there(t)
	keys, seed := c.keys(), rapid.Int64Range(0, 1000).Draw(t, "seed")
	twice := rapid.Bool().Draw(t, "twice")
	var b *vec.Batch
	c.step(func(w *world) {
		w.rows = map[int64]map[int32]string{}
		b = c.batch(w, keys, seed)
	}, func(tx *Tx) error {
		name := c.world.def.Name
		if err := c.delete(tx, keys); err != nil {
			return err
		}
		if err := tx.Insert(name, b); err != nil {
			return err
		}
		if err := tx.Clear(name); err != nil {
			return err
		}
		if twice {
			if err := tx.Insert(name, b); err != nil {
				return err
			}
			if err := tx.Clear(name); err != nil {
				return err
			}
		}
		return tx.Insert(name, b)
	})
}

func (c *changer) RenameTable(t *rapid.T) {
	c.there(t)
	from := c.world.def.Name
	to := schemahistory.Name{Namespace: "chat", Table: rapid.SampledFrom([]string{"messages", "posts", "notes"}).Draw(t, "to")}
	if from == to {
		t.Skip("its name")
	}
	next, changes, err := c.world.def.Rename(to)
	require.NoError(t, err)
	c.step(func(w *world) {
		w.def = next
		if len(w.changes[to]) > 0 {
			w.changes[from] = append(w.changes[from], "renamed to "+to.String())
		} else {
			w.changes[to], w.changes[from] = w.changes[from], nil
		}
		w.changes[to] = append(w.changes[to], changes)
	}, func(tx *Tx) error { return tx.ReplaceDefinition(next, changes) })
}

func (c *changer) DropTable(t *rapid.T) {
	c.there(t)
	name := c.world.def.Name
	c.step(func(w *world) {
		w.def, w.rows = nil, map[int64]map[int32]string{}
		w.changes[name] = append(w.changes[name], "dropped the table")
	}, func(tx *Tx) error { return tx.DropTable(name) })
}

func (c *changer) CreateTable(t *rapid.T) {
	if c.t = t; c.world.def != nil {
		t.Skip("there is a table")
	}
	d := messagesDefinition()
	d.ID = uint32(100 + len(c.world.changes[chatMessages])) // the same one when it is done again
	d.Columns = append(d.Columns, schemahistory.Column{ID: 4, Name: "tag", Type: arrowschema.Varchar, Dictionary: true})
	d.Columns[1].NotNull, d.UserColumn = false, -1
	d.Keys = append(d.Keys, schemahistory.Key{Name: "messages_tag_key", Columns: []int{3}})
	d.LastColumn = 4
	c.step(func(w *world) {
		w.def = d
		changes := "created the table"
		if len(w.changes[chatMessages]) > 0 {
			changes += " anew"
		}
		w.changes[chatMessages] = append(w.changes[chatMessages], changes)
	}, func(tx *Tx) error { return tx.CreateTable(d) })
}

// InsertVersions inserts versions of the table's schema, or of one that is not there, through system.table_schemas.
func (c *changer) InsertVersions(t *rapid.T) {
	c.t = t
	name := schemahistory.Name{Namespace: "chat", Table: rapid.SampledFrom([]string{"messages", "posts", "notes"}).Draw(t, "name")}
	n := rapid.IntRange(1, 3).Draw(t, "versions")
	c.files++
	c.step(func(w *world) { w.changes[name] = append(w.changes[name], make([]string, n)...) }, func(tx *Tx) error {
		var rows []*tables.TableSchema
		last := tx.History(name).Last()
		for i := range n {
			r := version(name, last+int64(n-i), anyJSON)
			r.SchemaID[0], r.SchemaID[1] = byte(c.files), byte(c.files>>8)
			rows = append(rows, r)
		}
		b, err := tables.BatchOf(schemahistory.Contract()[3], rows)
		require.NoError(c.t, err)
		return tx.Insert(schemahistory.TableSchemas, b)
	})
}

// Flush writes the hot rows to a Parquet file, under the definition of now.
func (c *changer) Flush(t *rapid.T) {
	c.there(t)
	c.files++
	file := fmt.Sprintf("files/batch-%d.parquet", c.files)
	part := rapid.Uint64Range(1, 3).Draw(t, "one in")
	c.crashing(c.world, c.world, func() error { return flushTable(c.ctx, c.db, c.world.def.Name, file, part) })
}

// flushTable writes some of a table's hot rows to a file, in place of them.
func flushTable(ctx context.Context, db *DB, name schemahistory.Name, file string, part uint64) error {
	s := db.Snapshot()
	defer s.Close()
	v, _ := s.Table(name)
	var ids []tables.RowID
	segments := v.Hot.Segments()
	for i := range segments {
		for _, row := range segments[i].Live(0, segments[i].Rows(), nil) {
			if id := tables.HotID(segments[i].Number(), int(row)); uint64(id)%part == 0 {
				ids = append(ids, id)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := db.Reserve(ctx, file); err != nil {
		return err
	}
	b, err := s.Rows(ctx, name, ids, allColumns(v.Def))
	if err != nil {
		return err
	}
	info, err := writeParquet(db, file, v.Def, b)
	if err != nil {
		return err
	}
	return db.Update(ctx, func(tx *Tx) error {
		_, err := tx.AddFile(name, FileRef{
			Path: file, Rows: info.Rows, Size: info.Bytes, FooterCRC: info.FooterCRC, ChunkCRCs: info.ChunkCRCs, SchemaVersion: v.Def.Version,
		})
		if err != nil {
			return err
		}
		return tx.Delete(name, ids)
	})
}

func writeParquet(db *DB, file string, def *schemahistory.TableDefinition, b *vec.Batch) (info parquetio.Info, err error) {
	full := db.Path(file)
	if err := vfs.MkdirAllSync(db.FS(), filepath.Dir(full)); err != nil {
		return info, err
	}
	f, err := db.FS().Create(TempName(full))
	if err != nil {
		return info, err
	}
	w, err := parquetio.NewWriter(f, def, nil)
	if err != nil {
		return info, err
	}
	if err := w.Write(b); err != nil {
		return info, err
	}
	if info, err = w.Close(); err != nil {
		return info, err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return info, err
	}
	if err := db.FS().RenameNoReplace(TempName(full), full); err != nil {
		return info, err
	}
	return info, db.FS().SyncDir(filepath.Dir(full))
}

// Hold keeps a snapshot, which must go on to show what it shows, whatever becomes of the table.
func (c *changer) Hold(t *rapid.T) {
	if len(c.held) == 3 {
		c.release()
	}
	s := c.db.Snapshot()
	c.held = append(c.held, heldSnapshot{s, observedIn(t, s)})
}

func (c *changer) release() {
	for _, h := range c.held {
		h.Close()
	}
	c.held = nil
}

func (c *changer) Checkpoint(t *rapid.T) {
	c.t = t
	c.crashing(c.world, c.world, func() error { return c.db.Checkpoint(c.ctx) })
}

func (c *changer) Reopen(t *rapid.T) {
	c.t = t
	c.release()
	c.crashing(c.world, c.world, func() error {
		if err := c.db.Close(); err != nil {
			return err
		}
		db, err := Open(c.ctx, "/db", &c.opts)
		c.db = db
		return err
	})
}

func (c *changer) Check(*rapid.T) {}

// TestRandomChanges runs statements that change rows and the table's definition: each fails without a trace, takes effect whole, and is whole or not there
// after a crash at any file-system call; and old rows and files are read under the new definition as a model of texts has them.
func TestRandomChanges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := &changer{t: t, ctx: context.Background(), fsys: vfs.NewMem(), stop: -1, world: world{rows: map[int64]map[int32]string{}, changes: map[schemahistory.Name][]string{}}}
		c.opts = Options{
			FS: vfs.WithFaults(c.fsys, c.inject), Now: testOptions(nil).Now,
			SegmentRows:     rapid.SampledFrom([]int{1, 3, 16, 64}).Draw(t, "segment rows"),
			CheckpointBytes: rapid.SampledFrom([]int64{-1, 1, 5000}).Draw(t, "checkpoint bytes"),
			partSize:        rapid.SampledFrom([]int{0, 1, 3000}).Draw(t, "part size"),
			KeyCacheBytes:   rapid.SampledFrom([]int64{0, 1}).Draw(t, "key cache"),
		}
		db, err := Open(c.ctx, "/db", &c.opts)
		require.NoError(t, err)
		c.db = db
		defer func() {
			c.release()
			_ = c.db.Close()
		}()
		c.CreateTable(t)
		t.Repeat(rapid.StateMachineActions(c))
	})
}
