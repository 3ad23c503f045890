package store

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

var (
	// ErrClosed is the error of using a database after Close.
	ErrClosed = errors.New("store: the database is closed")
	// ErrVersion refuses a database that was written by a newer version of the format. It is left as it is.
	ErrVersion = errors.New("store: unknown format version")
	// ErrNotFound says that a directory holds no database, where there must be one.
	ErrNotFound = errors.New("store: there is no database")
	// ErrCorrupt says that the manifest or a checkpoint is not what was written. The log has errors of its own (wal.CorruptError).
	ErrCorrupt = errors.New("store: damaged")
)

// DB is an open database. Its methods may be called by any number of goroutines.
type DB struct {
	dir  string
	opts Options
	lock io.Closer // of the one writer; nil when read-only
	log  *wal.Log  // nil when read-only

	current atomic.Pointer[state] // what is durable
	publish sync.Mutex            // held while current is replaced

	// writer is held by putting something in: a channel, and not a mutex, so that who waits for it can give up.
	writer chan struct{}
	closed bool // guarded by writer

	// The rest belongs to who holds writer.
	head      *state // what is applied
	tables    map[uint32]*table
	names     map[schemahistory.Name]*table
	nextTable uint32
	buffer    []byte // of the last statement's record, to be used again

	// A reader's: where it is in the log, and the locks on the writer's slots.
	follower *wal.Follower
	replayer *replayer
	holding  sync.Mutex
	holds    [slots]*hold // guarded by holding

	reservations sync.Mutex
	reserved     map[string]bool      // paths that a recovery must look after; guarded by reservations
	spent        map[string]time.Time // paths of files that were removed, and when; guarded by reservations

	manifest     manifest
	checkpoints  chan struct{} // held by the one that makes a checkpoint; guards manifest
	logged       atomic.Int64  // bytes that a recovery would read from the log
	hotRows      atomic.Int64  // alive
	checkpointed atomic.Int64  // rows of the last checkpoint
	patience     atomic.Int64  // the size of the log at which a checkpoint that failed is tried again

	removals sync.Mutex // held while obsolete files are removed; guards the next three
	retired  []*retired // what is to be removed when no reader needs it
	turn     int        // the slot to which readers are pointed
	given    bool       // the directory is given up, and may be another's

	work       sync.Mutex // guards the next three, and so the beginning of background work
	ended      bool       // Close has begun
	busy       bool       // a checkpoint is made in the background
	waiting    bool       // somebody waits in the background for readers to end
	background sync.WaitGroup
	stop       context.CancelFunc
	running    context.Context

	recovery Recovery
	keys     *keyCache
	files    *fileCache
}

// table is a table as the writer sees it.
type table struct {
	def      *schemahistory.TableDefinition
	hot      *tables.Table
	files    []*FileRef // in order of number; replaced, never changed, since views share it
	nextFile uint32
	counted  int        // rows that are in DB.hotRows
	view     *TableView // of the last commit
}

// Recovery says what Open found.
type Recovery struct {
	Created bool // there was nothing, and a database was made
	Log     wal.Recovery
	// Commits and Rows are what was applied from the log, and CheckpointRows what was loaded from the checkpoint.
	Commits, Rows, CheckpointRows int64
	// Unfinished is 1 when the log ended within a statement, which was left out.
	Unfinished int
	Duration   time.Duration
}

// Recovery says what Open found.
func (db *DB) Recovery() Recovery { return db.recovery }

// Dir gives the database's directory, as it was given to Open.
func (db *DB) Dir() string { return db.dir }

// FS gives the file system.
func (db *DB) FS() vfs.FS { return db.opts.FS }

// Now gives the time of the database's clock.
func (db *DB) Now() time.Time { return db.opts.Now() }

// ReadOnly tells whether the database was opened for reading.
func (db *DB) ReadOnly() bool { return db.opts.ReadOnly }

// Path gives the path of a file of the database: names in FileRef, and base paths of storages, are relative to its directory.
func (db *DB) Path(name string) string {
	if filepath.IsAbs(filepath.FromSlash(name)) {
		return filepath.FromSlash(name)
	}
	return filepath.Join(db.dir, filepath.FromSlash(name))
}

// Snapshot gives the newest durable state. Close it. Of a database that is open for writing it never waits. Of one that is open for reading it is Latest, and
// where that fails, the state that was read last: whose files the writer beside it need not keep.
func (db *DB) Snapshot() *Snapshot {
	if db.opts.ReadOnly {
		if s, err := db.Latest(context.Background()); err == nil {
			return s
		}
	}
	return db.newest()
}

// newest gives the current state.
func (db *DB) newest() *Snapshot {
	for {
		// A state that is replaced as the current one between the two steps may have been released; the next one is there then.
		if s := db.current.Load(); s.acquire() {
			return &Snapshot{db: db, state: s}
		}
	}
}

// publishState makes s the current state unless a later one is.
func (db *DB) publishState(s *state) {
	db.publish.Lock()
	old := db.current.Load()
	if old != nil && old.seq >= s.seq {
		db.publish.Unlock()
		return
	}
	s.refs.Add(1)
	db.current.Store(s)
	db.publish.Unlock()
	if old != nil {
		db.removeObsolete(old.release())
	}
}

// enter takes the writer's lock.
func (db *DB) enter(ctx context.Context) error {
	select {
	case db.writer <- struct{}{}:
	default:
		select {
		case db.writer <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if db.closed {
		<-db.writer
		return ErrClosed
	}
	return nil
}

func (db *DB) leave() { <-db.writer }

// Err gives the failure after which the database takes no more writes until it is opened again, or nil.
func (db *DB) Err() error {
	if db.log == nil {
		return nil
	}
	return db.log.Err()
}
