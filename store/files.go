package store

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"syscall"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/vfs"
)

// OpenFile gives a flushed file of a snapshot that is not closed, open for reading. It is shared and cached: do not close it.
func (db *DB) OpenFile(f *FileRef) (*parquetio.File, error) {
	o, err := db.openCached(f)
	if err != nil {
		return nil, err
	}
	return o.file, nil
}

func (db *DB) openCached(f *FileRef) (*openFile, error) {
	open := func() (*parquetio.File, error) { return f.Open(db.opts.FS, db.Path(f.Path)) }
	o, err := db.files.open(f, open)
	if err == nil && !o.is(f) { // two files have one name, of which at most one can be there
		file, err := open()
		return &openFile{path: f.Path, file: file, ref: f}, err
	}
	return o, err
}

// Open opens the file, or a copy of it, at a path of the file system, beside the cache of those that queries read. Its size and its footer are checked, and
// what is read from it will be. Close it.
func (f *FileRef) Open(fsys vfs.FS, path string) (*parquetio.File, error) {
	if err := Ordinary(fsys, path); err != nil {
		return nil, err
	}
	return parquetio.Open(fsys, path, &parquetio.ReadOptions{
		Size: f.Size, FooterCRC: f.FooterCRC, HasFooterCRC: f.FooterCRC != 0, ChunkCRCs: f.ChunkCRCs,
	})
}

// Ordinary gives an error that wraps parquetio.ErrCorrupt if something that is no file has a flushed file's name.
func Ordinary(fsys vfs.FS, path string) error {
	if irregular(fsys, path) {
		return fmt.Errorf("%s: %w: it is no ordinary file", path, parquetio.ErrCorrupt)
	}
	return nil
}

// irregular tells whether something that is no file has a file's name. It is not opened: that of a pipe would wait for whoever writes to it.
func irregular(fsys vfs.FS, path string) bool {
	info, err := fsys.Stat(path)
	return err == nil && !info.Mode().IsRegular()
}

// fileCache keeps files open, those used last, up to a number. A file that falls out may be in use: it is left to the collector, which closes
// the descriptor of an *os.File that nobody holds.
type fileCache struct {
	mu     sync.Mutex
	limit  int
	byPath map[string]*list.Element
	order  list.List // the one used last in front; of *openFile
}

type openFile struct {
	path   string
	once   sync.Once
	ref    *FileRef // as which it was opened
	file   *parquetio.File
	err    error
	bounds sync.Map // of columns that keys are looked up in: column → []bounds, by row group
}

// bounds are the smallest and the largest value of a column in a row group, nil when unknown.
type bounds struct{ min, max *vec.Vec }

func newFileCache(limit int) *fileCache {
	return &fileCache{limit: limit, byPath: map[string]*list.Element{}}
}

// is tells whether it was opened as that file, deletes aside.
func (o *openFile) is(f *FileRef) bool {
	return o.ref == f || o.ref.Size == f.Size && o.ref.FooterCRC == f.FooterCRC && o.ref.Rows == f.Rows
}

// open gives the file with a FileRef's path, which open opens if it is not in the cache; others that ask for it meanwhile wait.
func (c *fileCache) open(f *FileRef, open func() (*parquetio.File, error)) (*openFile, error) {
	o := c.entry(f.Path)
	o.once.Do(func() {
		o.ref = f
		if o.file, o.err = open(); errors.Is(o.err, syscall.EMFILE) {
			runtime.GC() // closes what fell out of the cache and nobody holds
			o.file, o.err = open()
		}
	})
	if o.err != nil {
		c.drop(f.Path, o) // the next one tries again
	}
	return o, o.err
}

func (c *fileCache) entry(path string) *openFile {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.byPath[path]; e != nil {
		c.order.MoveToFront(e)
		return e.Value.(*openFile)
	}
	o := &openFile{path: path}
	c.byPath[path] = c.order.PushFront(o)
	for c.order.Len() > c.limit {
		last := c.order.Back()
		c.order.Remove(last)
		delete(c.byPath, last.Value.(*openFile).path)
	}
	return o
}

func (c *fileCache) drop(path string, o *openFile) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.byPath[path]; e != nil && e.Value.(*openFile) == o {
		c.order.Remove(e)
		delete(c.byPath, path)
	}
}

// forget closes a file that nobody can be using any more.
func (c *fileCache) forget(path string) {
	c.mu.Lock()
	e := c.byPath[path]
	if e != nil {
		c.order.Remove(e)
		delete(c.byPath, path)
	}
	c.mu.Unlock()
	if e == nil {
		return
	}
	o := e.Value.(*openFile)
	o.once.Do(func() { o.err = ErrClosed })
	if o.file != nil {
		_ = o.file.Close() // opened for reading: nothing is lost
	}
}

// close closes all files.
func (c *fileCache) close() {
	for {
		c.mu.Lock()
		front := c.order.Front()
		c.mu.Unlock()
		if front == nil {
			return
		}
		c.forget(front.Value.(*openFile).path)
	}
}

// parquetCold is a Parquet file as the key checks see it.
type parquetCold struct {
	*parquetio.File
	entry *openFile
}

func openParquetCold(_ context.Context, db *DB, f *FileRef) (coldFile, error) {
	o, err := db.openCached(f)
	if err != nil {
		return nil, err
	}
	return parquetCold{o.file, o}, nil
}

// Column implements coldFile.
func (p parquetCold) Column(id int32) int {
	for i, c := range p.Columns() {
		if c.FieldID == id {
			return i
		}
	}
	return -1
}

// Type implements coldFile.
func (p parquetCold) Type(col int) arrowschema.Type { return p.Columns()[col].Type }

// Bounds implements coldFile. The footer's bounds are decoded once.
func (p parquetCold) Bounds(rg, col int) (min, max *vec.Vec) {
	if known, ok := p.entry.bounds.Load(col); ok {
		b := known.([]bounds)[rg]
		return b.min, b.max
	}
	all := make([]bounds, p.RowGroups())
	for i := range all {
		s := p.RowGroupStats(i, col)
		all[i] = bounds{s.Min, s.Max}
	}
	p.entry.bounds.Store(col, all)
	return all[rg].min, all[rg].max
}
