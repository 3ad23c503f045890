package copyio

import (
	"bufio"
	"context"
	"io"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// Column is a column of a statement. Name, Type and Modifier count; for a Parquet file that is written NotNull and Dictionary do too.
type Column = schemahistory.Column

// DefaultRows is the number of rows in a batch when the caller of Read does not say: enough to spread the cost of a batch, few enough that its
// text stays in the second-level cache.
const DefaultRows = 8192

// Reader reads the rows of a file. It is used by one goroutine.
type Reader interface {
	// Read gives the next rows, at most maxRows of them (DefaultRows when maxRows is not positive), in the statement's columns and their
	// types; nil after the last. The vectors belong to the caller. It gives fewer rows than asked for where the file makes it so. After an
	// error, which is an *sqlstate.Error where the file is to blame, the reader is only to be closed.
	Read(ctx context.Context, maxRows int) (*vec.Batch, error)
	// Place gives the place of a row of the batch that was read last.
	Place(row int) Place
	// Refused words an error about a row, which somebody else has found, also after more was read and after Close: with PostgreSQL's CONTEXT, "COPY jobs, line 3",
	// as much of it as is known, and for a file without what it quotes. column is the table's whose value is to blame, "" for the row.
	Refused(err error, at Place, column string) error
	Close() error
}

// Place is where a row stands in what a Reader reads. It stays true as the Reader reads on. The zero Place is that of no row.
type Place struct {
	number int64 // of the line, or of the row, from 1; 0 is unknown
	row    int   // of its batch
}

// Writer writes rows to a file. It is used by one goroutine.
type Writer interface {
	// Write takes the rows of a batch with the statement's columns.
	Write(b *vec.Batch) error
	// Close completes the file: until it returns nil, there is none. After an error of Write or Close the file is gone.
	Close() error
	// Abort gives the file up. After Close it does nothing, so that it can be deferred.
	Abort()
}

// NewReader reads rows from r for the columns in target. relation is the table's name, for the CONTEXT of errors; reg has the casts from text,
// and ectx is what they may know. Parquet needs a file: see [Open]. r is not closed.
func NewReader(r io.Reader, opts *Options, target []Column, relation string, reg *exprs.Registry, ectx *exprs.Ctx) (Reader, error) {
	opts = opts.withDefaults()
	if opts.Format == Parquet {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "COPY FROM STDIN in the format \"parquet\" is not supported").
			WithHint("Parquet is read from its end: name a file.")
	}
	plain, err := decompress(bufio.NewReaderSize(r, sniffBytes))
	if err != nil {
		return nil, err
	}
	return newReader(plain, opts, target, origin{relation: relation}, reg, ectx)
}

// newReader reads a stream that is not compressed, and closes it.
func newReader(r *stream, opts *Options, target []Column, from origin, reg *exprs.Registry, ectx *exprs.Ctx) (_ Reader, err error) {
	defer func() {
		if err != nil {
			r.Close()
		}
	}()
	conv, err := newConverters(target, reg, r.memory.charge(ectx))
	if err != nil {
		return nil, err
	}
	switch opts.Format {
	case NDJSON:
		return newJSONReader(r, r.memory, opts, target, from, conv)
	case SWF:
		return newSWFReader(r, r.memory, target, from)
	default:
		return newLineReader(r, r.memory, opts, target, from, conv)
	}
}

// Open reads rows from a file; the other arguments are those of [NewReader]. Closing the reader closes the file. The reader's errors quote nothing of what the file
// holds, not even where PostgreSQL does, which reads files for superusers alone: they name the file, the line, the column of the table and its type. Only the columns that a
// sound Parquet file declares are named, where they are matched with those of the table.
//
// Errors: 58P01 for a file that is not there, 42809 for a directory, 42501 for one that may not be read, 58030 otherwise; 22P04 for what is no
// Parquet file; 42703 for columns that do not match.
func Open(fsys vfs.FS, path string, opts *Options, target []Column, relation string, reg *exprs.Registry, ectx *exprs.Ctx) (Reader, error) {
	opts = opts.withDefaults()
	from := origin{relation: relation, file: path}
	if opts.Format == Parquet {
		r, err := openParquet(fsys, path, opts, target, from, reg, ectx)
		if err != nil {
			return nil, err
		}
		return &discreet{r, from}, nil
	}
	ctx := context.Background()
	if ectx != nil && ectx.Context != nil {
		ctx = ectx.Context
	}
	f, err := openFile(ctx, fsys, path, opts.Others)
	if err != nil {
		return nil, err
	}
	r, err := newReader(f, opts, target, from, reg, ectx)
	if err != nil {
		return nil, err
	}
	return &discreet{r, from}, nil
}
