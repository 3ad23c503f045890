package flush

import (
	"bufio"
	"context"
	"io"
	"path/filepath"
	"runtime"
	"sync"
	"unicode/utf8"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
)

// writer writes the files of a table.
type writer struct {
	*tableFlush
	sorter    *sorter
	assembler *assembler
}

const (
	// longRows is the number of rows from which on files are written one after the other, the row groups of each by all processors: with fewer, some would
	// have no work at the end of each.
	longRows = 4 * parquetio.RowGroupRows
	// maxEncoders bounds the workers that encode row groups of one file. Each has a row group in memory, as have the reader before them and the writer
	// behind: ten of jobs take about 300 MB.
	maxEncoders = 8
	// largeRows is the number of rows from which on a file is written by as many workers as there are processors: more would only hold more row
	// groups in memory.
	largeRows = parquetio.RowGroupRows / 2
	// smallWorkers write small files, each of which mostly waits for two fsyncs.
	smallWorkers = 8
)

// all writes all files: the long ones first, one after the other, the large ones after them, and then the small ones, each worker with one file open at a
// time.
func (w *writer) all(ctx context.Context) error {
	var long, large, small []*target
	for _, t := range w.targets {
		switch rows := len(t.refs); {
		case rows >= longRows:
			long = append(long, t)
		case rows >= largeRows:
			large = append(large, t)
		default:
			small = append(small, t)
		}
	}
	if err := inParallel(ctx, w.meter, 1, long, w.write); err != nil {
		return err
	}
	if err := inParallel(ctx, w.meter, runtime.GOMAXPROCS(0), large, w.write); err != nil {
		return err
	}
	return inParallel(ctx, w.meter, max(smallWorkers, runtime.GOMAXPROCS(0)), small, w.write)
}

// write writes one file: temporary, synced, renamed, its directory synced.
func (w *writer) write(ctx context.Context, t *target) error {
	var err error
	if t.refs, err = w.sorter.sort(ctx, t.refs); err != nil {
		return err
	}
	if err := w.dirs.make(filepath.Dir(w.db.Path(t.path))); err != nil {
		return err
	}
	info, err := t.write(ctx, w.db, w.at, int64(len(t.refs)), w.meter, func(file io.Writer) (parquetio.Info, error) { return w.fill(ctx, t, file) })
	if err != nil {
		return err
	}
	t.ref = w.fileRef(t, info)
	return nil
}

// fileBuffer gathers the small writes of a file's footer and of small files.
const fileBuffer = 64 << 10

var fileBuffers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, fileBuffer) }}

// newFileBuffer gives a buffer before a file, and what to call when it is not used any more: most files are much smaller than their buffer.
func newFileBuffer(to io.Writer) (buffer *bufio.Writer, spare func()) {
	buffer = fileBuffers.Get().(*bufio.Writer)
	buffer.Reset(to)
	return buffer, func() {
		buffer.Reset(nil)
		fileBuffers.Put(buffer)
	}
}

// fill writes the rows.
func (w *writer) fill(ctx context.Context, t *target, file io.Writer) (parquetio.Info, error) {
	buffer, spare := newFileBuffer(file)
	defer spare()
	w.meter.held(fileBuffer + cap(t.refs)*4)
	out, err := parquetio.NewWriter(buffer, w.rows.def, writeOptions(ctx, w.rows.def, w.metadata(t), int64(len(t.refs)), w.meter))
	if err != nil {
		return parquetio.Info{}, err
	}
	defer out.Stop()
	for refs := t.refs; len(refs) > 0; {
		if err := ctx.Err(); err != nil {
			return parquetio.Info{}, err
		}
		var b *vec.Batch
		b, refs = w.assembler.next(refs)
		if err := out.Write(b); err != nil {
			return parquetio.Info{}, err
		}
		w.meter.look()
		w.progress.add(b.N)
	}
	info, err := out.Close()
	w.meter.look()
	if err != nil {
		return info, err
	}
	return info, buffer.Flush()
}

// Aggregates in the footer take about 6 KiB for a full row group of jobs, a tenth of a byte a row. Eight times that is allowed, so that a table of the user's
// own with more groups has them too, and a mebibyte for files of any size; what goes beyond leaves the last row groups without.
const (
	leastAggregateBytes  = 1 << 20
	aggregateRowsPerByte = 1
)

// writeOptions are how all files are written, by flushes and by compactions, with the rows that they will have.
func writeOptions(ctx context.Context, def *schemahistory.TableDefinition, metadata map[string]string, rows int64, m *meter) *parquetio.WriteOptions {
	most := int(min(max(leastAggregateBytes, rows/aggregateRowsPerByte), 1<<30))
	opts := &parquetio.WriteOptions{
		Profile: parquetio.Profile(def.Profile), Metadata: metadata, Aggregates: &parquetio.AggregateOptions{MaxBytes: most}, Rows: rows, Working: m.work,
		Stop: ctx.Err,
	}
	if rows >= longRows {
		opts.Workers = min(runtime.GOMAXPROCS(0), maxEncoders)
	}
	return opts
}

// The entries of a file's metadata that say where it comes from.
const (
	keyStorage  = "stoa.storage"
	keyTemplate = "stoa.path_template" // by which the flush chose the directory
	keyUser     = "stoa.user"
	keyJob      = "stoa.job_id"
)

func (w *writer) metadata(t *target) map[string]string {
	m := map[string]string{keyJob: w.job.JobID.String()}
	if utf8.ValidString(w.storage.name) {
		m[keyStorage] = w.storage.name
	}
	if template := w.storage.template.String(); utf8.ValidString(template) {
		m[keyTemplate] = template
	}
	if w.storage.template.UsesUser() && utf8.ValidString(t.user) {
		m[keyUser] = t.user
	}
	return m
}

func (w *writer) fileRef(t *target, info parquetio.Info) store.FileRef {
	ref := store.FileRef{
		Path: t.path, Rows: info.Rows, Size: info.Bytes, SchemaVersion: w.rows.def.Version, FooterCRC: info.FooterCRC, ChunkCRCs: info.ChunkCRCs,
		SortMin: info.SortMin, SortMax: info.SortMax, HasSort: info.HasSort, Storage: w.storage.name, User: t.user, CreatedAt: w.at.UnixMicro(),
		SortID: w.rows.def.IDAt(w.rows.def.SortColumn),
	}
	if t.user != "" {
		ref.UserID = w.rows.def.IDAt(w.rows.def.UserColumn)
	}
	return ref
}
