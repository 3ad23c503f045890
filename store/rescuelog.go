package store

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/stoadb/stoa/schemahistory"
)

// logRecord applies a record of a log of which others may be missing.
func (r *rescue) logRecord(seq uint64, kind byte, payload []byte) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	gap := r.records > 0 && seq != r.lastSeq+1
	r.records++
	r.lastSeq = seq
	d := &wire{src: payload}
	h, err := readHeader(d)
	if err == nil && kind != recordEdit {
		err = badRecord("type %d", kind)
	}
	if err != nil {
		r.abandonStatement(seq, err)
		return nil
	}
	goesOn := h.flags&recordGoesOn != 0
	if r.replay.pending && (!goesOn || gap || h.commit != r.replay.running) {
		if gap {
			r.loseStatement(r.replay.running, "some of its records are lost")
		}
		r.replay.discard()
	}
	switch {
	case h.commit <= r.replay.commit: // the checkpoint has it
		return nil
	case goesOn && !r.replay.pending:
		if r.skipping != h.commit {
			r.loseStatement(h.commit, "its first record is lost")
		}
		r.skipping = h.commit
		return nil
	case !r.replay.pending && h.commit > r.replay.commit+1 && r.skipping < h.commit-1:
		r.loseCommits(max(r.replay.commit, r.skipping)+1, h.commit-1)
	}
	if err := r.apply(h, d); err != nil {
		r.abandonStatement(seq, err)
	}
	return nil
}

func (r *rescue) logFinding(format string, args ...any) Finding {
	return findingIn(filepath.Join(r.db.dir, logDir), format, args...)
}

func (r *rescue) loseStatement(commit uint64, why string) {
	r.logLost = true
	r.lose(r.logFinding("commit %d is lost: %s", commit, why))
}

func (r *rescue) loseCommits(from, to uint64) {
	r.logLost = true
	words := fmt.Sprintf("commits %d to %d are lost", from, to)
	if from == to {
		words = fmt.Sprintf("commit %d is lost", from)
	}
	r.lose(r.logFinding("%s; rows that it deleted or changed stand as they were before", words))
}

// abandonStatement leaves out a statement one of whose records, whole as it is, means nothing.
func (r *rescue) abandonStatement(seq uint64, err error) {
	if r.replay.pending {
		r.replay.discard()
	}
	r.logLost, r.logBad = true, true
	r.found = append(r.found, r.logFinding("record %d has no meaning, and its statement is left out: %s", seq, recordWords(err)))
}

// recordWords gives the words of an error about a record.
func recordWords(err error) string {
	words := err.Error()
	if prefix := ErrRecord.Error() + ": "; len(words) > len(prefix) && words[:len(prefix)] == prefix {
		return words[len(prefix):]
	}
	return words
}

// apply applies the operations of a record of the running statement, and commits it with the last.
func (r *rescue) apply(h recordHeader, d *wire) error {
	r.replay.pending, r.replay.running = true, h.commit
	if err := eachOp(d, r.op); err != nil {
		return err
	}
	if h.flags&recordMore != 0 {
		return nil
	}
	return r.replay.finish()
}

// op applies an operation, or keeps it for the end of the statement. What is said of something that is not there is passed over.
func (r *rescue) op(kind opKind, d *wire) error {
	switch kind {
	case opReserve, opRelease:
		return r.replay.op(kind, d)
	case opDefine:
		def, err := readDefinition(d)
		if err != nil {
			return err
		}
		return r.define(def)
	case opVersion, opMoveVersions:
		r.version(kind, d)
		return nil
	}
	id := uint32(d.uvarint())
	if d.err != nil {
		return d.err
	}
	t, err := r.touch(id)
	if err != nil || t == nil {
		r.unknownTable(id, kind, d)
		return nil
	}
	switch kind {
	case opRows:
		return r.rows(t, d)
	case opKill:
		runs, _ := readRuns(d)
		r.replay.later = append(r.replay.later, func() error { t.killKnown(runs); return nil })
	case opDelete:
		file, positions := uint32(d.uvarint()), readPositions(d)
		r.replay.later = append(r.replay.later, func() error {
			if _, err := t.fileAt(file); err != nil {
				t.nextFile = max(t.nextFile, file+1)
				if positions != nil {
					r.unknownFiles[fileKey{id, file}] += int64(positions.GetCardinality())
				}
				return nil
			}
			return r.replay.deletePositions(t, file, positions)
		})
	case opAddFile:
		f := readFile(d)
		r.replay.later = append(r.replay.later, func() error { return r.replay.addFile(t, f) })
	case opRemoveFile:
		number := uint32(d.uvarint())
		r.replay.later = append(r.replay.later, func() error {
			t.nextFile = max(t.nextFile, number+1)
			delete(r.unknownFiles, fileKey{id, number})
			if _, err := t.fileAt(number); err != nil {
				return nil
			}
			return r.replay.removeFile(t, number)
		})
	case opClear:
		files := uint32(d.uvarint())
		t.cleared = t.hot.NextSerial()
		t.hot.Clear()
		r.replay.later = append(r.replay.later, func() error { r.replay.clearFiles(t, files); return nil })
	case opDrop:
		r.replay.later = append(r.replay.later, func() error { r.replay.drop(t); return nil })
	default:
		return badRecord("operation %d", kind)
	}
	return d.err
}

// touch finds a table. When the definitions are lost the contract's own are as the contract says.
func (r *rescue) touch(id uint32) (*replayed, error) {
	if r.db.tables[id] == nil && r.catalogueLost {
		if def := schemahistory.ContractOf(id); def != nil {
			if err := r.define(def); err != nil {
				return nil, err
			}
		}
	}
	return r.replay.touch(id)
}

// unknownTable notes that a record speaks of a table whose definition is lost.
func (r *rescue) unknownTable(id uint32, kind opKind, d *wire) {
	r.db.nextTable = max(r.db.nextTable, id+1)
	if kind != opRows {
		return
	}
	runs, rows := readRuns(d)
	if len(runs) == 0 {
		return
	}
	f := findingIn("", "rows of table number %d, whose definition is lost", id)
	f.Rows = int64(rows)
	r.lose(f)
}

// define takes over a definition, unless rows that are there cannot be read under it, which only a lost statement can have changed.
func (r *rescue) define(def *schemahistory.TableDefinition) error {
	if t := r.db.tables[def.ID]; t != nil {
		for i := range def.Columns {
			if o := columnWithID(t.def, def.Columns[i].ID); o != nil && o.Type != def.Columns[i].Type && !widens(o.Type, def.Columns[i].Type) {
				return badRecord("column %s of %s cannot be read as %s", o.Name, def.Name, def.Columns[i].Type)
			}
		}
	}
	for _, t := range r.db.tables {
		if t.def.Name == def.Name && t.def.ID != def.ID {
			return badRecord("there is a table %s already", def.Name)
		}
	}
	return r.replay.define(def)
}

// rows appends rows. Those of a layout that is not the table's, or whose numbers are taken, are lost.
func (r *rescue) rows(t *replayed, d *wire) error {
	all := *d
	_, rows := readRuns(&all)
	err := r.replay.restore(t, d)
	if err == nil {
		return nil
	}
	f := findingIn("", "rows that do not go with the table's definition: %s", recordWords(err))
	f.Table, f.Rows = t.def.Name.String(), int64(rows)
	r.lose(f)
	return err
}

// killKnown notes the deaths of those rows that are there.
func (t *replayed) killKnown(runs []serialRun) {
	for _, run := range runs {
		for i := range run.Rows {
			serial := run.First + uint64(i)
			if serial >= t.hot.NextSerial() {
				return
			}
			if serial < t.cleared {
				continue
			}
			if id := t.hot.Locate(serial); id != 0 && !slices.Contains(t.dead[max(0, len(t.dead)-1):], id) {
				t.dead = append(t.dead, id)
			}
		}
	}
}

// version takes over a version of a schema, or moves a history, if it follows what is there.
func (r *rescue) version(kind opKind, d *wire) {
	whole := *d
	err := r.replay.op(kind, d)
	if err == nil {
		return
	}
	name := readName(&whole)
	d.err, d.src = nil, nil
	if r.versionsSpoilt[name] {
		return
	}
	r.versionsSpoilt[name] = true
	f := findingIn("", "versions of its schema that follow lost ones are left out")
	f.Table = name.String()
	r.lose(f)
}
