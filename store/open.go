package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// Open opens the database in a directory, or makes one there: with the contract's tables, and the storage `primary`. A database of an older format is
// brought to the present one.
//
// A database of a newer format is refused with ErrVersion, damage with ErrCorrupt or a *wal.CorruptError, and both are left as they are. A second
// writer is refused with a *vfs.LockedError, which names the first if that is known. What a crash left (a torn end of the log, half-written
// files) is put in order; Recovery tells. Open can itself be interrupted anywhere, also by ctx, and repeated.
func Open(ctx context.Context, dir string, opts *Options) (*DB, error) {
	o, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	if o.openCold == nil {
		o.openCold = openParquetCold
	}
	start := time.Now()
	_, err = readManifest(o.FS, dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil && o.MustExist {
		if err := lostManifest(ctx, &o, dir); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("%w in %s", ErrNotFound, dir)
	}
	db := newDB(dir, o)
	if o.ReadOnly {
		err = db.openReader(ctx)
	} else {
		err = db.openWriter(ctx)
	}
	if err != nil {
		db.abandon()
		return nil, err
	}
	db.recovery.Duration = time.Since(start)
	return db, nil
}

func newDB(dir string, o Options) *DB {
	db := &DB{
		dir: dir, opts: o, writer: make(chan struct{}, 1), checkpoints: make(chan struct{}, 1),
		keys: newKeyCache(o.KeyCacheBytes), files: newFileCache(o.OpenFiles),
	}
	db.running, db.stop = context.WithCancel(context.Background())
	db.forget()
	return db
}

// forget empties the database before what is on the disk is read.
func (db *DB) forget() {
	db.tables, db.names, db.reserved = map[uint32]*table{}, map[schemahistory.Name]*table{}, map[string]bool{}
	db.nextTable = tables.TableSchemasTable + 1 // the numbers of the contract's tables are theirs, also while one is not there
}

// abandon gives back what a failed Open holds.
func (db *DB) abandon() {
	db.work.Lock()
	db.ended = true
	db.work.Unlock()
	db.stop()
	db.background.Wait()
	db.giveUp()
	if db.log != nil {
		_ = db.log.Close() // the error that is returned is the first
	}
	if db.lock != nil {
		_ = db.lock.Close()
	}
}

// openWriter opens for writing.
func (db *DB) openWriter(ctx context.Context) error {
	if err := vfs.MkdirAllSync(db.opts.FS, db.dir); err != nil {
		return err
	}
	lock, err := db.opts.FS.Lock(filepath.Join(db.dir, lockName), vfs.Exclusive)
	if err != nil {
		if held := (*vfs.LockedError)(nil); errors.As(err, &held) {
			return &sqlstate.Error{
				Code: objectInUse, Message: fmt.Sprintf("the database in %s is open for writing elsewhere: %v", db.dir, err),
				Hint: "stoa sql --read-only reads the newest committed state beside the writer.", Cause: err,
			}
		}
		return err
	}
	db.lock = lock
	m, err := readManifest(db.opts.FS, db.dir) // again, now that nobody changes it
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := lostManifest(ctx, &db.opts, db.dir); err != nil {
			return err
		}
		return db.create(ctx)
	case err != nil:
		return err
	}
	db.manifest = m
	r := &replayer{ctx: ctx, db: db}
	if err := r.loadCheckpoint(m.checkpoint, m.sum); err != nil {
		return checkpointError(db.dir, err)
	}
	db.checkpointed.Store(r.rows)
	db.recovery.CheckpointRows, r.rows, r.commits, r.logSeq = r.rows, 0, 0, m.log-1
	db.log, db.recovery.Log, err = wal.Open(filepath.Join(db.dir, logDir), m.log, db.opts.log(), r.logRecord)
	if err != nil {
		return err
	}
	if err := db.recovered(ctx, r); err != nil {
		return err
	}
	db.logged.Store(db.recovery.Log.Bytes)
	if err := db.sweep(db.openSlots()); err != nil {
		return err
	}
	return db.upgrade(ctx)
}

// recovered ends a recovery.
func (db *DB) recovered(ctx context.Context, r *replayer) error {
	if r.pending {
		r.discard()
		db.recovery.Unfinished = 1
	}
	db.recovery.Commits, db.recovery.Rows = r.commits, r.rows
	return db.loadTables(ctx, r)
}

// create makes a database. It exists with its manifest, which is written last; what a crash leaves before that is begun anew.
func (db *DB) create(ctx context.Context) error {
	refuse := func(seq uint64, _ byte, _ []byte) error {
		return &CorruptError{File: filepath.Join(db.dir, manifestName), Offset: -1, Reason: "the file is missing, though there is a log"}
	}
	err := db.refuseToCreate(ctx)
	if err != nil {
		return err
	}
	db.log, db.recovery.Log, err = wal.Open(filepath.Join(db.dir, logDir), 0, db.opts.log(), refuse)
	if err != nil {
		return err
	}
	now := db.Now()
	r := &replayer{db: db, commit: 1, logSeq: db.log.Last()}
	if err := db.addSystemTables(r, now); err != nil {
		return err
	}
	if err := db.addPrimary(now); err != nil {
		return err
	}
	if err := db.loadTables(ctx, r); err != nil {
		return err
	}
	c := db.capture()
	defer c.snap.Close()
	db.openSlots()
	if err := db.checkpoint(ctx, c); err != nil {
		return err
	}
	db.recovery.Created = true
	return nil
}

// addSystemTables makes the contract's tables, and the first versions of their schemas.
func (db *DB) addSystemTables(r *replayer, now time.Time) error {
	defs := schemahistory.Contract()
	if db.opts.Legacy {
		defs = schemahistory.Legacy()
	}
	for _, def := range defs {
		def.Version, def.CreatedAt, def.UpdatedAt = 0, now.UnixMicro(), now.UnixMicro()
		if !db.opts.Legacy {
			id, err := uuid.NewRandom()
			if err != nil {
				return err
			}
			text, err := schemaText(def)
			if err != nil {
				return err
			}
			def.Version = 1
			v := schemahistory.Version{ID: id, Number: 1, CreatedAt: now.UnixMicro(), Schema: text, Changes: createdTable}
			v.Describes(def)
			r.putVersion(def.Name, v)
		}
		db.tables[def.ID] = db.newTable(def)
	}
	return nil
}

// addPrimary adds the storage `primary`.
func (db *DB) addPrimary(now time.Time) error {
	t := db.tables[tables.StoragesTable]
	id, err := uuid.NewRandom()
	if err != nil {
		return err
	}
	row := tables.PrimaryStorage()
	row.StorageID, row.CreatedAt = id, now
	b, err := tables.BatchOf(t.def, []*tables.Storage{&row})
	if err != nil {
		return err
	}
	if c := t.hot.Append(b, nil); c != nil {
		return fmt.Errorf("store: %s is not empty", t.def.Name)
	}
	t.hot.Commit(nil, 1)
	return nil
}

// Close waits for the running statement and checkpoint, makes a checkpoint if it makes the next opening quicker, and gives the directory up.
// Snapshots that are still open keep their hot rows, not their files. Closing twice is no error.
func (db *DB) Close() error {
	db.work.Lock()
	again := db.ended
	db.ended = true
	db.work.Unlock()
	if again {
		return nil
	}
	db.stop()
	db.background.Wait()
	db.writer <- struct{}{}
	db.closed = true
	var errs []error
	if db.log != nil {
		if db.log.Err() == nil && db.pays() {
			c := db.capture()
			if err := db.checkpoint(context.Background(), c); !vfs.IsFull(err) { // without room the next opening takes longer, and nothing is lost
				errs = append(errs, err)
			}
			c.snap.Close()
		}
		db.lastReap()
		errs = append(errs, db.log.Close())
	}
	<-db.writer
	db.giveUp()
	db.files.close()
	if db.lock != nil {
		errs = append(errs, db.lock.Close())
	}
	return errors.Join(errs...)
}
