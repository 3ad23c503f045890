package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store/rowcodec"
	"github.com/stoadb/stoa/tables"
)

// replayer applies records, of a checkpoint and of the log, to tables whose indexes are off.
//
// Rows and definitions are applied as they come, so that a statement of any size needs no memory beside its rows; the rest waits for the statement's last
// record. If another statement's record comes instead, the rows are rolled back, as they were when it failed.
type replayer struct {
	ctx  context.Context
	db   *DB
	rows int64

	commit  uint64 // the last that was applied
	logSeq  uint64
	commits int64

	histories histories
	order     []versionOrder

	pending bool // a statement's last record has not come yet
	running uint64
	touched []*replayed
	later   []func() error
	undo    []func() // of what the running statement did to the versions, in order

	// A reader that follows the log goes on while there are views, and with the indexes on.
	live         bool
	ownHistories bool            // no state has the map histories
	shown        histories       // of the last settled commit
	settled      uint64          // its number
	dirty        map[uint32]bool // tables that have changed since
	obsolete     []string        // files that have gone since
	held         *heldRecord     // the record before which a cancelled reading stopped
	broken       bool            // a record was applied in part
}

// heldRecord is a record that has been read and not applied.
type heldRecord struct {
	seq     uint64
	payload []byte
}

// replayed is a table that the running statement has touched.
type replayed struct {
	*table
	mark    tables.Mark
	old     *schemahistory.TableDefinition
	created bool
	dead    []tables.RowID
	dropped bool
	cleared uint64 // rows with lower serial numbers are gone
	own     bool   // the slice of files is the statement's own
}

// Gone implements tables.Gone for the rows that the statement has let die.
func (t *replayed) Gone(id tables.RowID) bool { return slices.Contains(t.dead, id) }

// logRecord is given the log's records. r.logSeq follows, so that the state knows what the log has of it.
func (r *replayer) logRecord(seq uint64, kind byte, payload []byte) error {
	if kind != recordEdit {
		return badRecord("type %d", kind)
	}
	if err := r.ctx.Err(); err != nil {
		if r.live {
			r.held = &heldRecord{seq, slices.Clone(payload)}
		}
		return err
	}
	if err := r.record(payload); err != nil {
		r.broken = true
		if r.ctx.Err() != nil || errors.Is(err, ErrVersion) {
			return err
		}
		return fmt.Errorf("%w: record %d of the log in %s does not go with the checkpoint that %s names: %w", ErrCorrupt, seq, filepath.Join(r.db.dir, logDir), manifestName, err)
	}
	r.logSeq = seq
	return nil
}

// record applies a record.
func (r *replayer) record(payload []byte) error {
	d := &wire{src: payload}
	h, err := readHeader(d)
	if err != nil {
		return err
	}
	goesOn := h.flags&recordGoesOn != 0
	if r.pending && !goesOn {
		r.discard()
	}
	if goesOn && (!r.pending || r.running != h.commit) {
		return badRecord("commit %d goes on without having begun", h.commit)
	}
	if h.flags&recordMore != 0 && !goesOn {
		r.settle() // what comes now must not be seen before the statement's last record
	}
	r.pending, r.running = true, h.commit
	if err := eachOp(d, r.op); err != nil {
		return err
	}
	if h.flags&recordMore != 0 {
		return nil
	}
	return r.finish()
}

// finish commits the running statement.
func (r *replayer) finish() error {
	for _, fn := range r.later {
		if err := fn(); err != nil {
			return err
		}
	}
	for _, t := range r.touched {
		if !t.dropped {
			t.hot.Commit(t.dead, r.running)
		}
		if r.live {
			r.dirty[t.def.ID] = true
		}
	}
	r.commit = r.running
	r.commits++
	r.reset()
	return nil
}

func (r *replayer) reset() {
	r.pending = false
	clear(r.touched)
	r.touched = r.touched[:0]
	clear(r.later)
	r.later = r.later[:0]
	clear(r.undo)
	r.undo = r.undo[:0]
}

// discard rolls the running statement back.
func (r *replayer) discard() {
	for _, fn := range slices.Backward(r.undo) {
		fn()
	}
	for _, t := range slices.Backward(r.touched) {
		if t.created {
			delete(r.db.tables, t.old.ID)
			continue
		}
		t.hot.Rollback(t.mark)
		if t.hot.Def() != t.old {
			t.hot.SetDefinition(t.old)
		}
		t.def = t.old
	}
	r.reset()
}

// op applies an operation, or keeps it for the end.
func (r *replayer) op(kind opKind, d *wire) error {
	switch kind {
	case opDefine:
		def, err := readDefinition(d)
		if err != nil {
			return err
		}
		return r.define(def)
	case opReserve, opRelease:
		paths := readTexts(d)
		r.later = append(r.later, func() error { r.reserve(kind, paths); return nil })
		return d.err
	case opVersion:
		return r.version(d)
	case opMoveVersions:
		return r.moveVersions(d)
	}
	t, err := r.touch(uint32(d.uvarint()))
	if err != nil {
		return err
	}
	switch kind {
	case opRows:
		return r.restore(t, d)
	case opKill:
		runs, _ := readRuns(d)
		r.later = append(r.later, func() error { return t.kill(runs) })
	case opDelete:
		file, positions := uint32(d.uvarint()), readPositions(d)
		r.later = append(r.later, func() error { return r.deletePositions(t, file, positions) })
	case opAddFile:
		f := readFile(d)
		r.later = append(r.later, func() error { return r.addFile(t, f) })
	case opRemoveFile:
		number := uint32(d.uvarint())
		r.later = append(r.later, func() error { return r.removeFile(t, number) })
	case opClear:
		files := uint32(d.uvarint())
		t.cleared = t.hot.NextSerial()
		t.hot.Clear()
		r.later = append(r.later, func() error { r.clearFiles(t, files); return nil })
	case opDrop:
		r.later = append(r.later, func() error { r.drop(t); return nil })
	default:
		return badRecord("operation %d", kind)
	}
	return d.err
}

func (r *replayer) touch(id uint32) (*replayed, error) {
	for _, t := range r.touched {
		if t.def.ID == id {
			return t, nil
		}
	}
	t := r.db.tables[id]
	if t == nil {
		return nil, badRecord("table number %d is not there", id)
	}
	out := &replayed{table: t, old: t.def, mark: t.hot.Mark()}
	r.touched = append(r.touched, out)
	return out, nil
}

func (r *replayer) define(def *schemahistory.TableDefinition) error {
	r.db.nextTable = max(r.db.nextTable, def.ID+1)
	if r.db.tables[def.ID] != nil {
		t, err := r.touch(def.ID)
		if err != nil {
			return err
		}
		t.hot.SetDefinition(def)
		t.def = def
		return nil
	}
	t := r.db.newTable(def)
	if !r.live {
		t.hot.Recover()
	}
	r.db.tables[def.ID] = t
	r.touched = append(r.touched, &replayed{table: t, old: def, created: true, mark: t.hot.Mark()})
	return nil
}

func (r *replayer) restore(t *replayed, d *wire) error {
	runs, rows := readRuns(d)
	if d.err != nil {
		return d.err
	}
	types := make([]arrowschema.Type, len(t.def.Columns))
	for i, c := range t.def.Columns {
		types[i] = c.Type
	}
	b, err := rowcodec.Decode(d.src, types)
	if err != nil {
		return err
	}
	d.src = nil
	if uint64(b.N) != rows {
		return badRecord("%d rows with %d numbers", b.N, rows)
	}
	r.rows += int64(b.N)
	return t.hot.Restore(b, runs)
}

func (t *replayed) kill(runs []serialRun) error {
	for _, run := range runs {
		for i := range run.Rows {
			if run.First+uint64(i) < t.cleared {
				continue
			}
			id := t.hot.Locate(run.First + uint64(i))
			if id == 0 {
				return badRecord("row number %d of %s dies and is not there", run.First+uint64(i), t.def.Name)
			}
			t.dead = append(t.dead, id)
		}
	}
	return nil
}

func (t *replayed) fileAt(number uint32) (int, error) {
	i := slices.IndexFunc(t.files, func(f *FileRef) bool { return f.Number == number })
	if i < 0 {
		return 0, badRecord("file %d of %s is not there", number, t.def.Name)
	}
	return i, nil
}

// ownFiles makes the slice of files the statement's own if views share it. While the whole log is replayed there are none.
func (r *replayer) ownFiles(t *replayed) {
	if r.live && !t.own {
		t.files, t.own = slices.Clone(t.files), true
	}
}

// lose notes that a file has gone: a recovery must see that it is removed, and a reader closes it.
func (r *replayer) lose(f *FileRef) {
	if r.live {
		r.obsolete = append(r.obsolete, f.Path)
		return
	}
	r.db.reserved[f.Path] = true
}

func (r *replayer) deletePositions(t *replayed, file uint32, positions *roaring.Bitmap) error {
	i, err := t.fileAt(file)
	if err != nil || positions == nil {
		return err
	}
	if int64(positions.Maximum()) >= t.files[i].Rows {
		return badRecord("a position beyond the rows of file %d of %s", file, t.def.Name)
	}
	r.ownFiles(t)
	t.files[i] = t.files[i].withDeletes(positions)
	return nil
}

func (r *replayer) addFile(t *replayed, f *FileRef) error {
	if n := len(t.files); f.Number == 0 || f.Number >= 1<<31 || n > 0 && t.files[n-1].Number >= f.Number {
		return badRecord("file %d of %s is out of order", f.Number, t.def.Name)
	}
	if f.Rows < 0 || f.Size < 0 || f.Deletes != nil && int64(f.Deletes.Maximum()) >= f.Rows {
		return badRecord("file %d of %s has %d rows", f.Number, t.def.Name, f.Rows)
	}
	r.ownFiles(t)
	t.files = append(t.files, f)
	t.nextFile = max(t.nextFile, f.Number+1)
	delete(r.db.reserved, f.Path)
	return nil
}

func (r *replayer) removeFile(t *replayed, number uint32) error {
	i, err := t.fileAt(number)
	if err != nil {
		return err
	}
	r.ownFiles(t)
	r.lose(t.files[i])
	t.files = slices.Delete(t.files, i, i+1)
	return nil
}

// clearFiles removes the files with numbers below a bound.
func (r *replayer) clearFiles(t *replayed, bound uint32) {
	t.files = slices.DeleteFunc(slices.Clone(t.files), func(f *FileRef) bool {
		if f.Number < bound {
			r.lose(f)
		}
		return f.Number < bound
	})
}

func (r *replayer) drop(t *replayed) {
	for _, f := range t.files {
		r.lose(f)
	}
	delete(r.db.tables, t.def.ID)
	t.dropped = true
}

func (r *replayer) reserve(kind opKind, paths []string) {
	if r.live { // it removes nothing
		return
	}
	for _, p := range paths {
		if kind == opReserve {
			r.db.reserved[p] = true
		} else {
			delete(r.db.reserved, p)
		}
	}
}
