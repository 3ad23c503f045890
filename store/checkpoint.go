package store

import (
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"path/filepath"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// A checkpoint is the database at one commit as one large statement that makes it from nothing. Format version 1, little-endian:
//
//	file    +------------+---------+---------+---------+ ... +---------+
//	        | "stoa.ckp" | version | block 0 | block 1 |     | block n |
//	        | 8          | 4       |         |         |     |         |
//	        +------------+---------+---------+---------+ ... +---------+
//
//	block   +-----+--------+---------+
//	        | CRC | length | payload |     CRC-32C of length and payload; the payload is a record as in the log (record.go)
//	        | 4   | 4      | length  |
//	        +-----+--------+---------+
//
// The records' flags tell the last block, with which the file must end. The CRC-32C of all block heads, the 8 bytes before the payloads, is in MANIFEST: so a
// checkpoint that another one was put in the place of is not taken for it. The first holds the definitions, files and reserved paths, the others
// hot rows with their serial numbers, and the versions of schemas.
const (
	checkpointMagic   = "stoa.ckp"
	checkpointVersion = 1
	checkpointHeader  = 12
	blockHeader       = 8
	// blockSize ends a block: one write, and one buffer of a reader.
	blockSize = 1 << 20
)

// Checkpoint writes the database to a new checkpoint and removes the part of the log that it makes needless, when no reader needs it. Writers go on meanwhile.
func (db *DB) Checkpoint(ctx context.Context) error {
	if db.log == nil {
		return nil
	}
	if err := db.enter(ctx); err != nil {
		return err
	}
	s := db.capture()
	db.leave()
	defer s.snap.Close()
	return db.checkpoint(ctx, s)
}

// captured is what a checkpoint is made of.
type captured struct {
	snap     *Snapshot
	reserved []string
	logged   int64
	rows     int64 // hot
}

// capture takes what is applied; the caller holds the writer's lock, so no statement is half in the log.
func (db *DB) capture() captured {
	db.head.acquire()
	return captured{snap: &Snapshot{db: db, state: db.head}, reserved: db.reservedPaths(), logged: db.logged.Load(), rows: db.hotRows.Load()}
}

// checkpoint writes a checkpoint of what was captured, unless a newer one is there, and switches to it.
func (db *DB) checkpoint(ctx context.Context, c captured) error {
	select {
	case db.checkpoints <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-db.checkpoints }()
	next := manifest{format: formatVersion, checkpoint: db.manifest.checkpoint + 1, log: c.snap.state.logSeq + 1}
	if next.log <= db.manifest.log && db.manifest.checkpoint > 0 {
		return nil
	}
	if err := db.log.Flush(ctx); err != nil { // a checkpoint must not hold what the log may lose
		return err
	}
	var err error
	if next.sum, err = db.writeCheckpoint(ctx, next.checkpoint, c); err != nil {
		return err
	}
	if err := writeManifest(db.opts.FS, db.dir, next); err != nil {
		return err
	}
	old := db.manifest
	db.manifest = next
	db.logged.Add(-c.logged)
	db.checkpointed.Store(c.rows)
	return db.retire(&retired{log: next.log, checkpoints: []uint64{old.checkpoint}})
}

// writeCheckpoint gives what the heads of its blocks sum up to.
func (db *DB) writeCheckpoint(ctx context.Context, number uint64, c captured) (sum *uint32, err error) {
	path := filepath.Join(db.dir, checkpointName(number))
	sum = new(uint32)
	return sum, vfs.AtomicWrite(db.opts.FS, path, func(out io.Writer) error {
		w := &checkpointWriter{ctx: ctx, out: out, commit: c.snap.state.seq, time: db.Now().UnixMicro()}
		if _, err := out.Write(le.AppendUint32([]byte(checkpointMagic), checkpointVersion)); err != nil {
			return err
		}
		w.begin(recordMore)
		if err := w.catalogue(c); err != nil {
			return err
		}
		for _, v := range c.snap.state.views {
			write := w.rows
			if v.Def.ID == tables.TableSchemasTable {
				write = func(v *TableView) error { return w.versions(v, c.snap.state.histories) }
			}
			if err := write(v); err != nil {
				return err
			}
		}
		w.buf[blockHeader+1] &^= recordMore // the flags of the record in the last block
		err := w.write()
		*sum = w.sum
		return err
	})
}

// checkpointWriter collects operations into blocks.
type checkpointWriter struct {
	ctx    context.Context
	out    io.Writer
	commit uint64
	time   int64
	buf    []byte
	sel    []int32
	blocks int
	sum    uint32 // of the heads of the blocks so far
}

// begin begins a block.
func (w *checkpointWriter) begin(flags byte) {
	if w.blocks > 0 {
		flags |= recordGoesOn
	}
	w.buf = append(w.buf[:0], make([]byte, blockHeader)...)
	w.buf = recordHeader{flags: flags, commit: w.commit, time: w.time}.append(w.buf)
}

func (w *checkpointWriter) write() error {
	le.PutUint32(w.buf[4:], uint32(len(w.buf)-blockHeader))
	le.PutUint32(w.buf, crc32.Checksum(w.buf[4:], castagnoli()))
	w.sum = crc32.Update(w.sum, castagnoli(), w.buf[:blockHeader])
	_, err := w.out.Write(w.buf)
	w.blocks++
	return err
}

// next writes the block if it is large enough, and begins another.
func (w *checkpointWriter) next() error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if len(w.buf) < blockSize {
		return nil
	}
	if err := w.write(); err != nil {
		return err
	}
	w.begin(recordMore)
	return nil
}

// catalogue writes definitions, files and reserved paths.
func (w *checkpointWriter) catalogue(c captured) error {
	for _, v := range c.snap.state.views {
		dst, at := beginOp(w.buf, opDefine)
		w.buf = endOp(appendDefinition(dst, v.Def), at)
		for _, f := range v.Files {
			dst, at := beginOp(w.buf, opAddFile)
			w.buf = endOp(appendFile(appendUvarint(dst, uint64(v.Def.ID)), f), at)
			if err := w.next(); err != nil {
				return err
			}
		}
	}
	dst, at := beginOp(w.buf, opReserve)
	w.buf = endOp(appendTexts(dst, c.reserved), at)
	return w.next()
}

// versions writes the versions of schemas, in the order in which system.table_schemas, whose rows they are, has them, but for those of one name, which
// are in order of number.
func (w *checkpointWriter) versions(v *TableView, versions histories) error {
	segments := v.Hot.Segments()
	written := map[schemahistory.Name]int64{}
	for i := range segments {
		s := &segments[i]
		b := &vec.Batch{N: s.Rows()}
		for c := range v.Def.Columns {
			b.Cols = append(b.Cols, s.Column(c))
		}
		for _, row := range s.Live(0, s.Rows(), nil) {
			at := tables.TableSchemaAt(v.Def, b, int(row))
			name := schemahistory.Name{Namespace: at.NamespaceID, Table: at.TableName}
			h := versions[name]
			n := written[name]
			if written[name]++; n >= h.Last() {
				return badRecord("version %d of the schema of %s is a row alone", at.SchemaVersion, name)
			}
			dst, start := beginOp(w.buf, opVersion)
			w.buf = endOp(appendVersion(dst, name, &h.Versions[n]), start)
			if err := w.next(); err != nil {
				return err
			}
		}
	}
	return nil
}

// rows writes the live hot rows of a table.
func (w *checkpointWriter) rows(v *TableView) error {
	segments := v.Hot.Segments()
	for i := range segments {
		s := &segments[i]
		for lo := 0; lo < s.Rows(); lo += recordRows {
			if err := w.piece(v, s, lo, min(lo+recordRows, s.Rows())); err != nil {
				return err
			}
		}
	}
	return nil
}

// piece writes the living rows [lo, hi) of a segment, in several pieces if their texts are long.
func (w *checkpointWriter) piece(v *TableView, s *tables.SegmentView, lo, hi int) error {
	w.sel = s.Live(lo, hi, w.sel[:0])
	if len(w.sel) == 0 {
		return nil
	}
	b, runs := liveRows(v, s, lo, hi, w.sel)
	if mid := lo + (hi-lo)/2; shareTexts(b) > pieceBytes && mid > lo {
		if err := w.piece(v, s, lo, mid); err != nil {
			return err
		}
		return w.piece(v, s, mid, hi)
	}
	w.buf = appendRows(w.buf, v.Def.ID, runs, b, 0, b.N)
	return w.next()
}

// maybeCheckpoint begins a checkpoint, which goes on beside the writers, when the log has become long.
func (db *DB) maybeCheckpoint() {
	limit := db.opts.CheckpointBytes
	if limit < 0 || db.logged.Load() < max(limit, 4*rowBytes*db.hotRows.Load(), db.patience.Load()) {
		return
	}
	db.work.Lock()
	defer db.work.Unlock()
	if db.ended || db.busy {
		return
	}
	db.busy = true
	db.background.Go(func() {
		defer func() {
			db.work.Lock()
			db.busy = false
			db.work.Unlock()
		}()
		if err := db.Checkpoint(db.running); err != nil {
			// The log has all that the checkpoint would have; it is tried again when there is as much more of it.
			db.patience.Store(2 * db.logged.Load())
			return
		}
		db.patience.Store(0)
	})
}

// rowBytes is about what a hot job takes in the log and in a checkpoint (BenchmarkBatch: 206 bytes with a result of 90).
const rowBytes = 200

// pays tells whether a checkpoint makes the next opening quicker: whether it would leave out more than half of a log that takes time to read, or more than
// half of the rows of the last checkpoint, as after a flush.
func (db *DB) pays() bool {
	if db.opts.CheckpointBytes < 0 {
		return false
	}
	logged, rows := db.logged.Load(), db.hotRows.Load()
	return logged > 4<<20 && logged > 2*rowBytes*rows || db.checkpointed.Load() > max(manyRows, 2*rows)
}

// manyRows is how many rows of a checkpoint take time to load, some 10 ms.
const manyRows = 20_000

func (t *table) countRows(db *DB) {
	rows := t.hot.Rows()
	db.hotRows.Add(int64(rows - t.counted))
	t.counted = rows
}

func wrapCheckpoint(path string, offset int64, format string, args ...any) error {
	return &CorruptError{File: path, Offset: offset, Reason: fmt.Sprintf(format, args...)}
}

// serialsOf gives the serial numbers of rows of a segment.
func serialsOf(s *tables.SegmentView, sel []int32) (runs []serialRun) {
	s.Serials(sel, func(first uint64, rows int) { runs = append(runs, serialRun{First: first, Rows: rows}) })
	return runs
}
