package copyio

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"sync"
	"syscall"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/vfs"
)

const (
	// sniffBytes is the buffer in front of a decompressor.
	sniffBytes = 64 << 10
	// maxWindow bounds what a Zstandard frame may ask a decoder to remember: 128 MiB is what `zstd --long` makes at most without more ado.
	maxWindow = 128 << 20
)

// insufficientPrivilege is what PostgreSQL reports for EACCES.
const insufficientPrivilege sqlstate.Code = "42501"

// stream is a readable file, decompressed, and all there is to close.
type stream struct {
	io.Reader
	closers []func() error
	packed  bool
	memory  *budget // of its rows; nil for what is no file of a known size
}

func (s *stream) Close() error {
	var first error
	for _, c := range s.closers {
		if err := c(); err != nil && first == nil {
			first = err
		}
	}
	s.closers = nil
	return first
}

// openFile opens a file for reading, decompressed; others are the columns that its rows have beside those that are read. The end of ctx ends the wait for whoever writes to a pipe, and that for what it writes.
func openFile(ctx context.Context, fsys vfs.FS, path string, others []Column) (*stream, error) {
	f, err := waitFor(ctx, fsys, path)
	if err != nil {
		if ctx.Err() != nil {
			return nil, exprs.Cancelled(ctx)
		}
		return nil, fileError(err, path, "could not open file \"%s\" for reading")
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		f.Close()
		return nil, sqlstate.New(sqlstate.WrongObjectType, "\"%s\" is a directory", path)
	}
	closing := f.Close
	regular := err == nil && info.Mode().IsRegular()
	if !regular {
		once := sync.OnceValue(f.Close)
		stop := context.AfterFunc(ctx, func() { _ = once() })
		closing = func() error { stop(); return once() }
	}
	s, err := decompress(bufio.NewReaderSize(&fileReader{ctx: ctx, f: f, path: path}, sniffBytes))
	if err != nil {
		return nil, errors.Join(err, closing())
	}
	s.closers = append(s.closers, closing)
	if regular && info.Size() > 0 { // files of /proc say that they are empty
		s.memory = newBudget(path, info.Size(), others)
		s.memory.grown = !s.packed
		if s.packed {
			s.memory.full = s.memory.full.WithHint("Decompress it first.")
		}
	}
	return s, nil
}

// waitFor opens a file, which for a pipe takes until somebody writes to it.
func waitFor(ctx context.Context, fsys vfs.FS, path string) (vfs.File, error) {
	info, err := fsys.Stat(path)
	if err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		return vfs.OpenStream(fsys, path)
	}
	type opened struct {
		f   vfs.File
		err error
	}
	done := make(chan opened, 1)
	go func() {
		f, err := vfs.OpenStream(fsys, path)
		done <- opened{f, err}
	}()
	select {
	case o := <-done:
		return o.f, o.err
	case <-ctx.Done():
		go func() { // when somebody comes after all
			if o := <-done; o.err == nil {
				o.f.Close()
			}
		}()
		return nil, ctx.Err()
	}
}

// fileReader gives read errors their SQLSTATE.
type fileReader struct {
	ctx  context.Context
	f    io.Reader
	path string
}

func (r *fileReader) Read(p []byte) (int, error) {
	n, err := r.f.Read(p)
	if err != nil && err != io.EOF {
		if r.ctx.Err() != nil { // which may have closed it
			return n, exprs.Cancelled(r.ctx)
		}
		err = fileError(err, r.path, "could not read file \"%s\"")
	}
	return n, err
}

// fileError words an error of the file system as PostgreSQL does; format has a place for the path.
func fileError(err error, path, format string) error {
	code := sqlstate.IOError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		code = sqlstate.UndefinedFile
	case errors.Is(err, fs.ErrPermission):
		code = insufficientPrivilege
	case errors.Is(err, syscall.ENOSPC):
		code = sqlstate.DiskFull
	case errors.Is(err, syscall.EISDIR):
		code = sqlstate.WrongObjectType
	}
	cause := err
	var p *fs.PathError
	if errors.As(err, &p) {
		cause = p.Err // the message names the path already
	}
	e := sqlstate.Wrap(code, cause, format, path)
	e.Cause = err
	return e
}

// decompress looks at the first bytes and puts a decompressor in front of a file that needs one. Neither magic is valid UTF-8, so that no text
// is mistaken for a compressed file.
func decompress(r *bufio.Reader) (*stream, error) {
	head, err := r.Peek(4)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, damaged(err)
		}
		return &stream{Reader: &packedReader{z}, closers: []func() error{z.Close}, packed: true}, nil
	case bytes.Equal(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, damaged(err)
		}
		return &stream{Reader: &packedReader{z}, closers: []func() error{func() error { z.Close(); return nil }}, packed: true}, nil
	}
	return &stream{Reader: r}, nil
}

// packedReader words the errors of a decompressor.
type packedReader struct{ r io.Reader }

func (p *packedReader) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	var known *sqlstate.Error
	if err != nil && err != io.EOF && !errors.As(err, &known) {
		err = damaged(err)
	}
	return n, err
}

func damaged(err error) error {
	return sqlstate.Wrap(sqlstate.BadCopyFileFormat, err, "the compressed data is damaged")
}

// packing says how a file is compressed when it is written, by its name.
func packing(path string) string {
	switch lower := strings.ToLower(path); {
	case strings.HasSuffix(lower, ".gz"):
		return "gzip"
	case strings.HasSuffix(lower, ".zst"):
		return "zstd"
	}
	return ""
}
