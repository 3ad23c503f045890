package stoa

import (
	"context"
	"errors"

	"github.com/stoadb/stoa/flush"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// CompactOptions restrict a compaction. nil means all that is worth it.
type CompactOptions struct {
	Namespace, Table string // one table; "" means all
	Partition        string // one directory, relative to its storage's base path; "" means all
	// Progress is told how many rows of all that are to be written have been written: now and then, from any goroutine, never twice at once.
	Progress func(done, total int64)
}

// CompactReport is what a compaction did, table by table.
type CompactReport = flush.CompactReport

// Compact merges small flushed files into larger ones and rewrites those of which many rows are deleted; CALL system.compact() in SQL. Each table in which
// there is something to do is a job of type 'compact'. Readers and writers go on meanwhile.
//
// 42P01 when there is no such table, 42704 when there is no such partition, XX001 when a file is damaged. What the report tells of is compacted even then.
func (db *DB) Compact(ctx context.Context, opts *CompactOptions) (*CompactReport, error) {
	if opts == nil {
		opts = &CompactOptions{}
	}
	req := flush.CompactRequest{Node: db.node, Progress: opts.Progress}
	if opts.Table != "" {
		req.Table = &schemahistory.Name{Namespace: opts.Namespace, Table: opts.Table}
	}
	if opts.Partition != "" {
		req.Partition = &opts.Partition
	}
	report, err := flush.Compact(ctx, db.store, req)
	return &report, err
}

// BackupOptions are the choices of a backup. nil means all tables, copied.
type BackupOptions struct {
	Namespace      string // of the tables; "" means all. The system's own are in every backup.
	NoSystemTables bool   // leave the rows of system.jobs and system.live_queries out
	Link           bool   // give flushed files a second name instead of copying them, where the file system can
	// Progress is told how many bytes of flushed files are in the backup, and of how many, as in CompactOptions.
	Progress func(done, total int64)
}

// BackupReport is what a backup has.
type BackupReport = flush.BackupReport

// Backup writes the database as it is at the call's beginning to a directory that must not exist or be empty; CALL system.backup('dir') in SQL. What is made
// is a database of its own that depends on nothing else, complete or not there at all, all of whose files have been read again. Writers go on meanwhile.
// It is a job of type 'backup', which is not in the backup; a database that was opened read-only is backed up without one.
//
// 22023 when the directory is in a database or one of its storages, 58P02 when it is not empty, 3F000 when there is no such namespace, XX001 when a file is damaged.
func (db *DB) Backup(ctx context.Context, dir string, opts *BackupOptions) (*BackupReport, error) {
	if opts == nil {
		opts = &BackupOptions{}
	}
	req := flush.BackupRequest{Dest: dir, NoSystemTables: opts.NoSystemTables, Link: opts.Link, Node: db.node, Progress: opts.Progress}
	if opts.Namespace != "" {
		req.Namespace = &opts.Namespace
	}
	if err := db.notified.settle(ctx); err != nil { // what was counted before the call is in the backup
		return &BackupReport{}, err
	}
	report, err := flush.Backup(ctx, db.store, req)
	return &report, err
}

// RestoreOptions are the choices of a restoration. nil means none.
type RestoreOptions struct {
	Link     bool                    // as in BackupOptions
	Progress func(done, total int64) // as in BackupOptions
	FS       vfs.FS                  // the file system; the operating system's by default
}

// RestoreReport is what a restored database has.
type RestoreReport = flush.CopyReport

// Restore makes a database in dir, which must not exist or be empty, of a backup, which it only reads: all of its files, whose checksums are compared before
// dir gets its name. Storages with a relative base_path are in dir then; those with an absolute one will be flushed to where they were, and what they had
// is below dir/outside.
func Restore(ctx context.Context, backup, dir string, opts *RestoreOptions) (*RestoreReport, error) {
	if opts == nil {
		opts = &RestoreOptions{}
	}
	from, err := store.Open(ctx, backup, &store.Options{FS: opts.FS, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	report, err := flush.Restore(ctx, from, dir, &flush.RestoreOptions{Link: opts.Link, Progress: opts.Progress})
	return &report, errors.Join(err, from.Close())
}
