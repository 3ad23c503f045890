package copyio

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"strings"
	"syscall"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
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

// openFile opens a file for reading, decompressed.
func openFile(fsys vfs.FS, path string) (io.ReadCloser, error) {
	f, err := fsys.Open(path)
	if err != nil {
		return nil, fileError(err, path, "could not open file \"%s\" for reading")
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, sqlstate.New(sqlstate.WrongObjectType, "\"%s\" is a directory", path)
	}
	s, err := decompress(bufio.NewReaderSize(&fileReader{f: f, path: path}, sniffBytes))
	if err != nil {
		f.Close()
		return nil, err
	}
	s.closers = append(s.closers, f.Close)
	return s, nil
}

// fileReader gives read errors their SQLSTATE.
type fileReader struct {
	f    io.Reader
	path string
}

func (r *fileReader) Read(p []byte) (int, error) {
	n, err := r.f.Read(p)
	if err != nil && err != io.EOF {
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
		return &stream{Reader: &packedReader{z}, closers: []func() error{z.Close}}, nil
	case bytes.Equal(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, damaged(err)
		}
		return &stream{Reader: &packedReader{z}, closers: []func() error{func() error { z.Close(); return nil }}}, nil
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
