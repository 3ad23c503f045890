package flush

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"sync"
	"unicode/utf8"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// writer writes the files of a table.
type writer struct {
	*tableFlush
	sorter    *sorter
	assembler *assembler
}

const (
	// largeRows is the number of rows from which on a file is written by as many workers as there are processors: more would only hold more row
	// groups in memory.
	largeRows = parquetio.RowGroupRows / 2
	// smallWorkers write small files, each of which mostly waits for two fsyncs.
	smallWorkers = 8
)

// all writes all files: the large ones first, the small ones after them, each worker with one file open at a time.
func (w *writer) all(ctx context.Context) error {
	var large, small []*target
	for _, t := range w.targets {
		if len(t.refs) >= largeRows {
			large = append(large, t)
		} else {
			small = append(small, t)
		}
	}
	if err := w.parallel(ctx, large, runtime.GOMAXPROCS(0)); err != nil {
		return err
	}
	return w.parallel(ctx, small, max(smallWorkers, runtime.GOMAXPROCS(0)))
}

// parallel writes files by up to n workers, and gives the first error, on which the others stop.
func (w *writer) parallel(ctx context.Context, targets []*target, n int) error {
	if len(targets) < 2 { // no goroutine for the usual flush
		for _, t := range targets {
			if err := w.write(ctx, t); err != nil {
				return err
			}
		}
		return nil
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue := make(chan *target, len(targets))
	for _, t := range targets {
		queue <- t
	}
	close(queue)
	var workers sync.WaitGroup
	for range min(n, len(targets)) {
		workers.Go(func() {
			defer w.meter.work()()
			for t := range queue {
				if ctx.Err() != nil {
					return
				}
				if err := w.guarded(ctx, t); err != nil {
					stop(err)
					return
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

// guarded makes an error of a panic in a worker.
func (w *writer) guarded(ctx context.Context, t *target) (err error) {
	defer recovered(&err)
	return w.write(ctx, t)
}

// write writes one file: temporary, synced, renamed, its directory synced.
func (w *writer) write(ctx context.Context, t *target) error {
	var err error
	if t.refs, err = w.sorter.sort(ctx, t.refs); err != nil {
		return err
	}
	dir := filepath.Dir(w.db.Path(t.path))
	if err := w.dirs.make(dir); err != nil {
		return err
	}
	file, err := w.create(ctx, t)
	if err != nil {
		return err
	}
	info, err := w.fill(ctx, t, file)
	if err == nil {
		err = file.Sync()
	}
	if cerr := file.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if info.Rows != int64(len(t.refs)) {
		return fmt.Errorf("flush: %s has %d rows and not %d", t.path, info.Rows, len(t.refs))
	}
	if err := w.rename(ctx, t); err != nil {
		return err
	}
	t.ref = w.fileRef(t, info)
	return w.db.FS().SyncDir(dir)
}

// create creates the temporary file, under another name when somebody who shares the directory is using it.
func (w *writer) create(ctx context.Context, t *target) (vfs.File, error) {
	for {
		file, err := w.db.FS().CreateNew(store.TempName(w.db.Path(t.path)))
		if err == nil {
			t.temp = true
			return file, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			t.temp = true // it may be there all the same; it was not, before
			return nil, err
		}
		if err := t.move(ctx, w.db, w.at); err != nil {
			return nil, err
		}
	}
}

// rename gives the file its name, or another one when that is taken.
func (w *writer) rename(ctx context.Context, t *target) error {
	for {
		name := w.db.Path(t.path)
		err := w.db.FS().RenameNoReplace(store.TempName(name), name)
		if err == nil {
			t.temp, t.final = false, true
			return nil
		}
		if !errors.Is(err, fs.ErrExist) {
			// Was it carried out? Where the temporary file still is, it was not, or not to its end.
			if there, serr := vfs.Exists(w.db.FS(), store.TempName(name)); serr != nil {
				t.unsure = true
			} else if !there {
				t.temp, t.final = false, true
			}
			return err
		}
		if err := t.move(ctx, w.db, w.at); err != nil {
			return err
		}
	}
}

// fileBuffer gathers the small writes of a file's footer and of small files.
const fileBuffer = 64 << 10

// fill writes the rows.
func (w *writer) fill(ctx context.Context, t *target, file vfs.File) (parquetio.Info, error) {
	buffer := bufio.NewWriterSize(file, fileBuffer)
	w.meter.held(fileBuffer + cap(t.refs)*4)
	out, err := parquetio.NewWriter(buffer, w.rows.def, &parquetio.WriteOptions{Metadata: w.metadata(t)})
	if err != nil {
		return parquetio.Info{}, err
	}
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

// The entries of a file's metadata that say where it comes from.
const (
	keyStorage = "stoa.storage"
	keyUser    = "stoa.user"
	keyJob     = "stoa.job_id"
)

func (w *writer) metadata(t *target) map[string]string {
	m := map[string]string{keyJob: w.job.JobID.String()}
	if utf8.ValidString(w.storage.name) {
		m[keyStorage] = w.storage.name
	}
	if w.storage.template.UsesUser() && utf8.ValidString(t.user) {
		m[keyUser] = t.user
	}
	return m
}

func (w *writer) fileRef(t *target, info parquetio.Info) store.FileRef {
	return store.FileRef{
		Path: t.path, Rows: info.Rows, Size: info.Bytes, SchemaVersion: w.rows.def.Version, FooterCRC: info.FooterCRC, ChunkCRCs: info.ChunkCRCs,
		SortMin: info.SortMin, SortMax: info.SortMax, HasSort: info.HasSort, Storage: w.storage.name, User: t.user, CreatedAt: w.at.UnixMicro(),
	}
}
