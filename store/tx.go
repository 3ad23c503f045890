package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// Tx is a statement that is being made, within Update. It is for the goroutine of fn.
type Tx struct {
	ctx  context.Context
	db   *DB
	snap *Snapshot
	seq  uint64

	touched []*txTable
	record  []byte // operations that are not in the log yet
	parts   int    // records already in the log
	logSeq  uint64 // of the last
	failed  error  // of streaming: the statement cannot be committed
	applied bool

	reserve, release []string

	histories    histories
	ownHistories bool             // the map is the statement's own
	pending      []pendingVersion // inserted into system.table_schemas
	versions     int              // the number of all that were
}

// txTable is a table that the statement has touched.
type txTable struct {
	*table
	old     *schemahistory.TableDefinition
	mark    tables.Mark
	created bool
	dropped bool
	cleared bool

	gone    goneRows
	added   []*FileRef
	removed map[uint32]bool
	deletes map[uint32]*roaring.Bitmap // of this statement, by file

	replaced map[int]*groupIndex // of deleted rows, by the number of the key; only where a file cannot be read
}

func newTx(ctx context.Context, db *DB) *Tx {
	return &Tx{ctx: ctx, db: db, seq: db.head.seq + 1, record: db.buffer[:0], histories: db.head.histories}
}

// maxBuffer is the largest buffer that is kept for the next statement: that of a large one, whose records have a part and a last operation.
const maxBuffer = 4 * defaultPartSize

// end gives what the statement held back.
func (tx *Tx) end() {
	tx.snap.Close()
	if cap(tx.record) <= maxBuffer {
		tx.db.buffer = tx.record[:0]
	}
	tx.db = nil
}

// Context gives the context of the statement.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Snapshot gives everything that was committed before the statement, also what still waits for its fsync; not what the statement has done
// itself. It is closed with the statement.
func (tx *Tx) Snapshot() *Snapshot {
	if tx.snap == nil {
		tx.db.head.acquire() // the newest state is always referred to by the one before it or as the current one
		tx.snap = &Snapshot{db: tx.db, state: tx.db.head}
	}
	return tx.snap
}

// empty tells whether the statement changed nothing.
func (tx *Tx) empty() bool { return len(tx.record) == 0 && tx.parts == 0 }

// Table gives the definition of a table as the statement has it.
func (tx *Tx) Table(name schemahistory.Name) (*schemahistory.TableDefinition, bool) {
	if t := tx.find(name); t != nil {
		return t.def, true
	}
	return nil, false
}

// TableByID gives the definition of a table by its number, under whatever name: those of the contract's tables are in package tables.
func (tx *Tx) TableByID(id uint32) (*schemahistory.TableDefinition, bool) {
	if t := tx.byNumber(id); t != nil {
		return t.def, true
	}
	return nil, false
}

// byNumber gives a table by its number, touched if it was not; nil when there is none.
func (tx *Tx) byNumber(id uint32) *txTable {
	for _, t := range tx.touched {
		if t.def.ID == id {
			if t.dropped {
				return nil
			}
			return t
		}
	}
	if t := tx.db.tables[id]; t != nil {
		return tx.touch(t)
	}
	return nil
}

// find gives a table by name, touched if it was not; nil when there is none.
func (tx *Tx) find(name schemahistory.Name) *txTable {
	for _, t := range tx.touched {
		if t.def.Name == name && !t.dropped {
			return t
		}
	}
	t := tx.db.names[name]
	if t == nil {
		return nil
	}
	for _, o := range tx.touched {
		if o.table == t {
			return nil // dropped, or renamed
		}
	}
	return tx.touch(t)
}

func (tx *Tx) touch(t *table) *txTable {
	touched := &txTable{table: t, old: t.def, mark: t.hot.Mark()}
	tx.touched = append(tx.touched, touched)
	return touched
}

func (tx *Tx) table(name schemahistory.Name) (*txTable, error) {
	if t := tx.find(name); t != nil {
		return t, nil
	}
	return nil, undefinedTable(name)
}

// rollback takes everything back that the statement did in memory.
func (tx *Tx) rollback() {
	for _, t := range slices.Backward(tx.touched) {
		if t.created {
			continue
		}
		t.hot.Rollback(t.mark)
		if t.hot.Def() != t.old {
			t.hot.SetDefinition(t.old)
		}
		t.def = t.old
	}
}

// apply makes the table's part of the edit final and its view new.
func (t *txTable) apply(seq uint64) {
	if t.dropped {
		return
	}
	few, many := t.gone.deaths()
	t.hot.Commit(few, seq, many...)
	if len(t.added) > 0 || len(t.removed) > 0 || len(t.deletes) > 0 {
		t.files = t.newFiles()
	}
	t.view = &TableView{Def: t.def, Hot: t.hot.View(seq), Files: t.files}
}

// newFiles gives the table's files with the statement's changes.
func (t *txTable) newFiles() []*FileRef {
	out := make([]*FileRef, 0, len(t.files)+len(t.added))
	for _, f := range slices.Concat(t.files, t.added) {
		if t.removed[f.Number] {
			continue
		}
		if more := t.deletes[f.Number]; more != nil {
			f = f.withDeletes(more)
		}
		out = append(out, f)
	}
	return out
}

// withDeletes gives the file with more rows deleted.
func (f *FileRef) withDeletes(more *roaring.Bitmap) *FileRef {
	with := *f
	if f.Deletes == nil {
		with.Deletes = more
	} else {
		with.Deletes = roaring.Or(f.Deletes, more)
	}
	return &with
}

// obsolete gives the paths of the files that the table does without from now on.
func (t *txTable) obsolete(db *DB) []string {
	var out []string
	for _, f := range t.files {
		if t.dropped {
			out = append(out, f.Path)
		}
	}
	if t.dropped || len(t.removed) == 0 {
		return out
	}
	if v, ok := db.head.index[t.old.Name]; ok && !t.created {
		for _, f := range db.head.views[v].Files {
			if t.removed[f.Number] {
				out = append(out, f.Path)
			}
		}
	}
	return out
}

// checkBatch tells whether a batch has the columns of a definition.
func checkBatch(def *schemahistory.TableDefinition, b *vec.Batch) error {
	if len(b.Cols) != len(def.Columns) {
		return fmt.Errorf("store: a batch of %d columns for %s, which has %d", len(b.Cols), def.Name, len(def.Columns))
	}
	for i, v := range b.Cols {
		c := &def.Columns[i]
		if v == nil || v.N != b.N || v.Type.Physical() != c.Type.Physical() {
			return fmt.Errorf("store: column %s of a batch for %s is not %d rows of %s", c.Name, def.Name, b.N, c.Type)
		}
	}
	return nil
}
