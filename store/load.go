package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path/filepath"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// liveRows gives the rows of sel, offsets in [lo, hi) of a segment, with their serial numbers.
func liveRows(v *TableView, s *tables.SegmentView, lo, hi int, sel []int32) (*vec.Batch, []serialRun) {
	b := &vec.Batch{N: len(sel), Cols: make([]*vec.Vec, len(v.Def.Columns))}
	runs := serialsOf(s, sel)
	if len(sel) < hi-lo {
		for i := range b.Cols {
			b.Cols[i] = s.Column(i).Gather(sel)
		}
		return b, runs
	}
	for i := range b.Cols {
		b.Cols[i] = s.Column(i).Slice(lo, hi)
	}
	return b, runs
}

// loadCheckpoint reads a checkpoint into the replayer: the one whose block heads come to sum, if that is known.
func (r *replayer) loadCheckpoint(number uint64, sum *uint32) (err error) {
	path := filepath.Join(r.db.dir, checkpointName(number))
	f, err := r.db.opts.FS.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	size, err := vfs.Size(f)
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(f, int(min(size, 1<<20)))
	head := make([]byte, checkpointHeader)
	if _, err := io.ReadFull(in, head); err != nil || string(head[:8]) != checkpointMagic {
		return wrapCheckpoint(path, 0, "it does not begin as a checkpoint")
	}
	if v := le.Uint32(head[8:]); v == 0 {
		return wrapCheckpoint(path, 8, "version 0")
	} else if v > checkpointVersion {
		return fmt.Errorf("%s: %w %d", path, ErrVersion, v)
	}
	got, err := r.blocks(path, in, size)
	if err == nil && sum != nil && got != *sum {
		return wrapCheckpoint(path, -1, "it is whole, but not the checkpoint that MANIFEST names")
	}
	return err
}

// blocks reads the blocks of a checkpoint of that size, and gives what their heads sum up to.
func (r *replayer) blocks(path string, in io.Reader, size int64) (sum uint32, err error) {
	var buf []byte
	for off := int64(checkpointHeader); ; {
		var head [blockHeader]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return 0, wrapCheckpoint(path, off, "it is cut: %v", err)
		}
		length := int64(le.Uint32(head[4:]))
		if length > size-off-blockHeader {
			return 0, wrapCheckpoint(path, off, "a block of %d bytes", length)
		}
		if int64(cap(buf)) < length {
			buf = make([]byte, length)
		}
		buf = buf[:length]
		if _, err := io.ReadFull(in, buf); err != nil {
			return 0, wrapCheckpoint(path, off, "it is cut: %v", err)
		}
		if crc32.Update(crc32.Checksum(head[4:], castagnoli()), castagnoli(), buf) != le.Uint32(head[:]) {
			return 0, wrapCheckpoint(path, off, "the checksum of a block is wrong")
		}
		if err := r.ctx.Err(); err != nil {
			return 0, err
		}
		if err := r.record(buf); err != nil {
			if isDamage(err) {
				return 0, &CorruptError{File: path, Offset: off, Reason: "a block has no meaning: " + recordWords(err)}
			}
			return 0, fmt.Errorf("%s at byte %d: %w", path, off, err)
		}
		sum = crc32.Update(sum, castagnoli(), head[:])
		off += blockHeader + length
		if !r.pending {
			if off != size {
				return 0, wrapCheckpoint(path, off, "%d bytes after its last block", size-off)
			}
			return sum, nil
		}
	}
}

// loadTables puts what was recovered in order: indexes, views, the rows of system.table_schemas, the first state.
func (db *DB) loadTables(ctx context.Context, r *replayer) error {
	for _, t := range db.tables {
		if err := t.hot.Reindex(ctx); err != nil {
			if ctx.Err() != nil { // the opening was interrupted: nothing is wrong with the database
				return err
			}
			return fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
		db.names[t.def.Name] = t
	}
	if err := db.loadVersions(r); err != nil {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	for _, t := range db.tables {
		t.countRows(db)
	}
	db.openState(r.commit, r.logSeq, r.histories)
	return nil
}

// loadVersions makes the rows of system.table_schemas, which are the versions.
func (db *DB) loadVersions(r *replayer) error {
	t := db.tables[tables.TableSchemasTable]
	if t == nil || len(r.order) == 0 {
		return nil
	}
	rows := tables.NewBuilder(t.def, len(r.order))
	for _, o := range r.order {
		v := &r.histories[o.name].Versions[o.number-1]
		versionRow(o.name, v).AppendTo(rows)
	}
	b, err := rows.Batch()
	if err != nil {
		return err
	}
	if c := t.hot.Append(b, nil); c != nil {
		return duplicateKey(t.def, c.Key, b, c.Row)
	}
	t.hot.Commit(nil, r.commit)
	return nil
}

// openState makes the first state of an opened database. A reader shows it when it has read the log.
func (db *DB) openState(commit, logSeq uint64, versions histories) {
	for _, t := range db.tables {
		t.view = &TableView{Def: t.def, Hot: t.hot.View(commit), Files: t.files}
	}
	db.head = db.stateOfViews(commit, logSeq, versions)
	if !db.opts.ReadOnly {
		db.publishFirst()
	}
}
