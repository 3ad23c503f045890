package exec

import (
	"io/fs"
	"os"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/vfs"
)

// steadyFS opens files that must not change: after each read it is asked whether the file is still what it was when it was opened first. Others than us write
// the files of read_parquet, some in place, and half of one file and half of another would be an answer that was never true.
type steadyFS struct {
	vfs.FS
	// keep says that files stay open. With more files than a process may have open, each read opens its file anew.
	keep bool
}

// Open implements vfs.FS for regular files.
func (s *steadyFS) Open(name string) (vfs.File, error) {
	info, err := s.FS.Stat(name) // opening a pipe would wait for a writer
	if err != nil {
		return nil, err
	}
	switch {
	case info.IsDir():
		return nil, sqlstate.New(sqlstate.WrongObjectType, "\"%s\" is a directory", name).WithHint("Name the files in it by a pattern: '%s/*.parquet'.", name)
	case !info.Mode().IsRegular():
		return nil, sqlstate.New(sqlstate.WrongObjectType, "\"%s\" is not a regular file", name)
	}
	f, err := s.FS.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err != nil {
		f.Close()
		return nil, err
	}
	out := &steadyFile{File: f, fs: s.FS, info: info, keep: s.keep}
	if !s.keep {
		err = f.Close()
	}
	return out, err
}

// steadyFile is a file that was opened. Of its methods ReadAt, Stat, Close and Name are for use.
type steadyFile struct {
	vfs.File
	fs   vfs.FS
	info fs.FileInfo // as it was at first
	keep bool
}

// ReadAt reads, and then asks.
func (f *steadyFile) ReadAt(p []byte, off int64) (int, error) {
	from := f.File
	if !f.keep {
		var err error
		if from, err = f.fs.Open(f.Name()); err != nil {
			return 0, err
		}
		defer from.Close()
	}
	n, err := from.ReadAt(p, off)
	if lost := f.unchanged(from); lost != nil {
		return 0, lost
	}
	return n, err
}

// unchanged tells whether an open file is the one that it was, by size and time, and by its identity where the system has one.
func (f *steadyFile) unchanged(now vfs.File) error {
	info, err := now.Stat()
	if err != nil {
		return err
	}
	same := info.Size() == f.info.Size() && info.ModTime().Equal(f.info.ModTime())
	if os.SameFile(info, info) { // a file of the system's
		same = same && os.SameFile(info, f.info)
	}
	if same {
		return nil
	}
	return sqlstate.New(sqlstate.IOError, "file \"%s\" changed while it was being read", f.Name())
}

// Stat gives what the file was when it was opened.
func (f *steadyFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close closes what is open.
func (f *steadyFile) Close() error {
	if !f.keep {
		return nil
	}
	return f.File.Close()
}
