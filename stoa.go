// Package stoa is a columnar engine for the tables in which a system describes itself: jobs, live queries, storages, schema versions.
//
// A database is a directory. Open it, write with the typed writers (DB.Jobs, DB.LiveQueries, DB.Storages), by batch (DB.Append) or in SQL (DB.Exec), and read
// with DB.Query, whose results are Arrow record batches, or through database/sql with the driver named "stoa". The SQL is PostgreSQL's dialect, and so
// are its answers; errors carry SQLSTATE.
//
//	db, err := stoa.Open(ctx, "./data", nil)
//	id, err := db.Jobs().Create(ctx, stoa.NewJob{Type: "flush", Parameters: []any{"chat", "messages"}})
//	rows, err := db.Query(ctx, "SELECT job_id, status FROM system.jobs WHERE job_type = $1", "flush")
//
// What an acknowledged call wrote is durable. One process writes a directory; others may read it beside it. A DB may be used by any number of goroutines.
package stoa

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/flush"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// Version is the version of the engine: version() and stoa version give it, and the footers of flushed files name it as that of their writer. How a database's
// directory and its files are laid out has versions of its own.
const Version = parquetio.WriterVersion

// Durability is what a write that has returned has survived.
type Durability = wal.Durability

// The durabilities. Full is the default.
const (
	Full     = wal.Full     // in the log on disk, fsynced with its group, before the call returns
	Interval = wal.Interval // written to the log, fsynced within Options.SyncInterval
	Off      = wal.Off      // written to the log, fsynced when the system likes
)

// Options of a database. nil means the defaults; so does the zero value of each field.
type Options struct {
	ReadOnly     bool             // read the newest committed state beside a writer, and change nothing
	MustExist    bool             // refuse a directory that holds no database instead of making one
	Legacy       bool             // make a new database in the older form, which DB.Migrate brings to the contract's; one that is there is opened as it is
	Now          func() time.Time // the clock; time.Now by default
	Durability   Durability
	SyncInterval time.Duration // of Interval
	Workers      int           // goroutines that one query may use; GOMAXPROCS by default
	BatchRows    int           // rows in a batch of a result; 2048 by default
	MemoryLimit  int64         // bytes that the operators of one query may hold; 4 GiB by default, no limit when negative
	Node         string        // name of this node in the traces of the engine's own jobs; the host's name by default
	FS           vfs.FS        // the file system; the operating system's by default
}

// DB is an open database.
type DB struct {
	store  *store.DB
	engine *exec.Engine
	node   string
	closed atomic.Bool

	notified *notifications
}

// Open opens the database in a directory, or makes one there. ctx bounds the recovery of the log. Jobs of the engine's own that a killed process left running are
// ended as failed, when there is room on the disk.
func Open(ctx context.Context, dir string, opts *Options) (*DB, error) {
	var o Options
	if opts != nil {
		o = *opts
	}
	return open(ctx, dir, &o, &store.Options{
		FS: o.FS, ReadOnly: o.ReadOnly, MustExist: o.MustExist, Legacy: o.Legacy, Now: o.Now, Durability: o.Durability, Interval: o.SyncInterval,
	})
}

// open opens a database with these options of the store.
func open(ctx context.Context, dir string, o *Options, so *store.Options) (*DB, error) {
	st, err := store.Open(ctx, dir, so)
	if err != nil {
		return nil, err
	}
	if !o.ReadOnly {
		// On a full disk the jobs that a killed process left stay as they are until the next opening: that is no reason to refuse this one.
		if _, err := flush.Recover(ctx, st); err != nil && !vfs.IsFull(err) {
			return nil, errors.Join(err, st.Close())
		}
	}
	db := &DB{store: st, node: o.Node}
	db.notified = newNotifications(db)
	db.engine = exec.New(st, builtin.Registry(), &exec.Options{
		Workers: o.Workers, BatchRows: o.BatchRows, MemoryLimit: o.MemoryLimit, Version: Version, Node: o.Node,
		Before: db.notified.before,
	})
	return db, nil
}

// Close ends the use of the database. Results must have been released before.
func (db *DB) Close() error {
	err := db.notified.close()
	db.closed.Store(true)
	return errors.Join(err, db.store.Close())
}

// Dir gives the database's directory.
func (db *DB) Dir() string { return db.store.Dir() }

// Store gives the database below SQL: snapshots and edits.
func (db *DB) Store() *store.DB { return db.store }

// Session opens a session of its own: a time zone, notices, the streams of COPY FROM STDIN and TO STDOUT. DB.Query and DB.Exec run each statement in a
// fresh one.
func (db *DB) Session() *exec.Session { return db.engine.NewSession() }

// CodeOf gives the SQLSTATE of an error, "" for nil and "XX000" for an error that has none.
func CodeOf(err error) string { return string(sqlstate.CodeOf(err)) }
