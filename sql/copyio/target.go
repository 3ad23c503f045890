package copyio

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/vfs"
)

// writeBuffer is what is collected before the file is written to.
const writeBuffer = 256 << 10

// file is a file that is being written: under a temporary name until it is complete, as [vfs.AtomicWrite] does it, or directly when it is no
// regular file.
type file struct {
	fs     vfs.FS
	path   string
	f      vfs.File
	temp   string // "" when it is written directly
	closed bool
}

// createFile starts to write a file.
func createFile(fsys vfs.FS, path string) (*file, error) {
	info, err := fsys.Stat(path)
	exists := err == nil
	if !exists && !errors.Is(err, fs.ErrNotExist) { // what is there is unknown, and must not be replaced
		return nil, fileError(err, path, "could not stat file \"%s\"")
	}
	if exists && info.IsDir() {
		return nil, sqlstate.New(sqlstate.WrongObjectType, "\"%s\" is a directory", path)
	}
	t := &file{fs: fsys, path: path}
	name := path
	if direct := exists && !info.Mode().IsRegular() || special(path); !direct {
		t.temp = path + vfs.TempSuffix
		name = t.temp
	}
	if t.f, err = fsys.Create(name); err != nil {
		return nil, fileError(err, path, "could not open file \"%s\" for writing")
	}
	return t, nil
}

// special tells whether a path is one of the system's, such as /dev/stdout: a link there may lead to a regular file, and must not be renamed over.
func special(path string) bool {
	clean := filepath.ToSlash(filepath.Clean(path))
	return strings.HasPrefix(clean, "/dev/") || strings.HasPrefix(clean, "/proc/")
}

func (t *file) Write(p []byte) (int, error) {
	n, err := t.f.Write(p)
	if err != nil {
		err = fileError(err, t.path, "could not write to file \"%s\"")
	}
	return n, err
}

// complete gives the file its name.
func (t *file) complete() error {
	t.closed = true
	if t.temp == "" {
		if err := t.f.Close(); err != nil {
			return fileError(err, t.path, "could not close file \"%s\"")
		}
		return nil
	}
	err := t.f.Sync()
	if cerr := t.f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = t.fs.Rename(t.temp, t.path)
	}
	if err != nil {
		_ = t.fs.Remove(t.temp) // the first error is the one to tell
		return fileError(err, t.path, "could not write to file \"%s\"")
	}
	if err := t.fs.SyncDir(filepath.Dir(t.path)); err != nil {
		return fileError(err, t.path, "could not fsync the directory of file \"%s\"")
	}
	return nil
}

// giveUp removes what was written.
func (t *file) giveUp() {
	if t.closed {
		return
	}
	t.closed = true
	_ = t.f.Close()
	if t.temp != "" {
		_ = t.fs.Remove(t.temp)
	}
}

// output is a buffer, a compressor if the file's name asks for one, and what lies below.
type output struct {
	*bufio.Writer
	packer io.WriteCloser
	file   *file // nil when the writer is the caller's
	done   bool
}

// newOutput writes to w, compressed as packing says.
func newOutput(w io.Writer, f *file, packed string) (*output, error) {
	o := &output{file: f}
	switch packed {
	case "gzip":
		o.packer = gzip.NewWriter(w)
	case "zstd":
		z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		o.packer = z
	}
	if o.packer != nil {
		w = o.packer
	}
	o.Writer = bufio.NewWriterSize(w, writeBuffer)
	return o, nil
}

// Close completes the output.
func (o *output) Close() error {
	if o.done {
		return nil
	}
	err := o.Flush()
	if o.packer != nil {
		if perr := o.packer.Close(); err == nil {
			err = perr
		}
	}
	if err != nil {
		o.Abort()
		return err
	}
	o.done = true
	if o.file != nil {
		return o.file.complete()
	}
	return nil
}

// Abort gives the output up.
func (o *output) Abort() {
	if o.done {
		return
	}
	o.done = true
	if o.file != nil {
		o.file.giveUp()
	}
}
