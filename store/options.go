package store

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// Options of a database. nil means the defaults.
type Options struct {
	// FS is the file system; nil means vfs.OS().
	FS vfs.FS
	// ReadOnly opens the newest committed state beside a writer, if there is one, and changes nothing on the disk.
	ReadOnly bool
	// MustExist refuses a directory that holds no database, instead of making one there. ReadOnly implies it.
	MustExist bool
	// Legacy makes a database that is not there in the older form (schemahistory.Legacy): without the columns and the table that the contract calls new,
	// without versions of schemas, and the storages under their older name. It says nothing of a database that is there.
	Legacy bool
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Durability is what a nil error of Update promises; the default is wal.Full. Interval is the time between fsyncs under wal.Interval.
	Durability wal.Durability
	Interval   time.Duration
	// LogSegmentBytes is the size of a log segment; 0 means the log's default.
	LogSegmentBytes int64
	// CheckpointBytes is the size of the log at which a checkpoint is made, unless four times the live hot rows are more; 0 means 256 MiB,
	// a negative size that Checkpoint alone makes one.
	CheckpointBytes int64
	// SegmentRows is the number of rows in a hot segment; 0 means tables.MaxSegmentRows. Tests take small ones.
	SegmentRows int
	// KeyCacheBytes bounds the memory of the indexes over the key columns of flushed files; 0 means 256 MiB.
	KeyCacheBytes int64
	// OpenFiles bounds the number of flushed files that are kept open; 0 means 512.
	OpenFiles int

	openCold func(ctx context.Context, db *DB, f *FileRef) (coldFile, error) // for tests; nil means Parquet
	partSize int                                                             // bytes of a statement's record before it is continued in another; for tests
}

const (
	defaultCheckpointBytes = 256 << 20
	defaultKeyCacheBytes   = 256 << 20
	defaultOpenFiles       = 512
	// defaultPartSize ends a record of a large statement: large enough that framing costs nothing and the log writes it straight from our
	// memory, small enough that recovery decodes it in place.
	defaultPartSize = 4 << 20
)

func (o *Options) withDefaults() (Options, error) {
	var out Options
	if o != nil {
		out = *o
	}
	if out.FS == nil {
		out.FS = vfs.OS()
	}
	if out.Now == nil {
		out.Now = time.Now
	}
	if out.SegmentRows == 0 {
		out.SegmentRows = tables.MaxSegmentRows
	}
	if out.SegmentRows < 1 || out.SegmentRows > tables.MaxSegmentRows {
		return out, fmt.Errorf("store: invalid options: segments of %d rows", out.SegmentRows)
	}
	if out.CheckpointBytes == 0 {
		out.CheckpointBytes = defaultCheckpointBytes
	}
	if out.KeyCacheBytes == 0 {
		out.KeyCacheBytes = defaultKeyCacheBytes
	}
	if out.OpenFiles <= 0 {
		out.OpenFiles = defaultOpenFiles
	}
	if out.partSize <= 0 {
		out.partSize = defaultPartSize
	}
	out.MustExist = out.MustExist || out.ReadOnly
	return out, nil
}

// log gives the log's options.
func (o *Options) log() *wal.Options {
	return &wal.Options{FS: o.FS, SegmentBytes: o.LogSegmentBytes, Durability: o.Durability, Interval: o.Interval}
}

// The names in a database's directory.
const (
	lockName     = "LOCK"
	manifestName = "MANIFEST"
	logDir       = "wal"
)

// checkpointName gives the file name of a checkpoint.
func checkpointName(number uint64) string { return fmt.Sprintf("checkpoint-%06d", number) }

// tempPrefix marks the temporary files of flushes and compactions: hidden from globs, and told from the files of others.
const tempPrefix = ".stoa-"

// TempName gives the name under which a file of the database is written before it is renamed to path: in the same directory, hidden, and
// recognised by vfs.IsTemp. What bears such a name when the database is opened after a crash, and was told of by Reserve, is removed.
func TempName(path string) string {
	return filepath.Join(filepath.Dir(path), tempPrefix+filepath.Base(path)+vfs.TempSuffix)
}
