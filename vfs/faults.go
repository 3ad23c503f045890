package vfs

import (
	"errors"
	"io"
	"io/fs"
	"sync/atomic"
)

// Op is one call of a file system or of a file, as an injector sees it before it is carried out.
type Op struct {
	Kind OpKind
	// Path is the name given in the call, or the name that the file was opened by. To is the new name of a rename.
	Path, To string
	// N numbers the calls of this file system from 1 in the order in which they came.
	N uint64
	// Bytes is how many bytes a read or write asks for.
	Bytes int
}

// OpKind is a kind of call.
type OpKind uint8

// The kinds of calls, named as the methods. OpFileStat is File.Stat.
const (
	OpCreate OpKind = iota
	OpCreateNew
	OpOpen
	OpOpenReadWrite
	OpRemove
	OpRename
	OpRenameNoReplace
	OpMkdirAll
	OpReadDir
	OpStat
	OpSyncDir
	OpLock
	OpRead
	OpReadAt
	OpWrite
	OpWriteAt
	OpSync
	OpTruncate
	OpFileStat
	OpClose
	opKinds
)

var opNames = [opKinds]string{
	"Create", "CreateNew", "Open", "OpenReadWrite", "Remove", "Rename", "RenameNoReplace", "MkdirAll", "ReadDir", "Stat", "SyncDir", "Lock",
	"Read", "ReadAt", "Write", "WriteAt", "Sync", "Truncate", "FileStat", "Close",
}

// String is the method's name.
func (k OpKind) String() string {
	if k < opKinds {
		return opNames[k]
	}
	return "unknown"
}

// Changes says whether calls of this kind change what a crash could leave behind. Only before and after these is a crash worth trying.
func (k OpKind) Changes() bool {
	switch k {
	case OpCreate, OpCreateNew, OpRemove, OpRename, OpRenameNoReplace, OpMkdirAll, OpSyncDir, OpLock, OpWrite, OpWriteAt, OpSync, OpTruncate:
		return true
	default:
		return false
	}
}

// Injector is told of every call before it is carried out and decides its fate: nil lets it pass; a *[Fault] fails it in a particular way;
// any other error is what the call returns, without having done anything. It may be called by several goroutines at once, and may use the
// file system underneath, for instance to clone it as it stands.
type Injector func(Op) error

// Fault is an error that says how much of the call happens before it fails.
type Fault struct {
	// Err is what the call returns. nil is a short transfer: a short Read is then no error at all, as io.Reader permits; a short ReadAt
	// returns io.ErrUnexpectedEOF, a short write io.ErrShortWrite.
	Err error
	// Bytes is how many bytes a read or write transfers nevertheless.
	Bytes int
	// Done: the call is carried out in full and fails all the same, like an answer that was lost.
	Done bool
}

func (f *Fault) Error() string {
	if f.Err == nil {
		return "short transfer"
	}
	return f.Err.Error()
}

// Unwrap returns Err.
func (f *Fault) Unwrap() error { return f.Err }

// WithFaults returns fsys with every call shown to inject first. Seek, Name and Abs do no input or output and are not shown. A Close always
// closes. A failed Sync on a [Mem] file forgets what it was to make durable, as Linux does: only writing the bytes anew can save them.
func WithFaults(fsys FS, inject Injector) FS {
	return &faultFS{fs: fsys, inject: inject}
}

type faultFS struct {
	fs     FS
	inject Injector
	n      atomic.Uint64
}

// call shows op to the injector and does what it says. do is the real call; part is the call for only so many bytes, if it transfers any.
func (f *faultFS) call(op Op, do func() error, part func(n int)) error {
	op.N = f.n.Add(1)
	err := f.inject(op)
	if err == nil {
		return do()
	}
	fault := (*Fault)(nil)
	if !errors.As(err, &fault) {
		return &fs.PathError{Op: op.Kind.String(), Path: op.Path, Err: err}
	}
	if fault.Done {
		if derr := do(); derr != nil {
			return derr
		}
	} else if part != nil && fault.Bytes > 0 {
		part(min(fault.Bytes, op.Bytes))
	}
	if fault.Err == nil {
		return shortTransfer(op.Kind)
	}
	return &fs.PathError{Op: op.Kind.String(), Path: op.Path, Err: fault.Err}
}

func shortTransfer(k OpKind) error {
	switch k {
	case OpRead:
		return nil
	case OpReadAt:
		return io.ErrUnexpectedEOF
	default:
		return io.ErrShortWrite
	}
}

func (f *faultFS) open(kind OpKind, name string, open func(string) (File, error)) (File, error) {
	var file File
	err := f.call(Op{Kind: kind, Path: name}, func() (err error) { file, err = open(name); return err }, nil)
	if err != nil {
		if file != nil { // Fault.Done: opened, yet nobody will ever close it
			_ = file.Close()
		}
		return nil, err
	}
	return &faultFile{File: file, fs: f}, nil
}

func (f *faultFS) Create(name string) (File, error) { return f.open(OpCreate, name, f.fs.Create) }
func (f *faultFS) CreateNew(name string) (File, error) {
	return f.open(OpCreateNew, name, f.fs.CreateNew)
}
func (f *faultFS) Open(name string) (File, error) { return f.open(OpOpen, name, f.fs.Open) }
func (f *faultFS) OpenReadWrite(name string) (File, error) {
	return f.open(OpOpenReadWrite, name, f.fs.OpenReadWrite)
}
func (f *faultFS) Abs(name string) (string, error) { return f.fs.Abs(name) }

func (f *faultFS) Remove(name string) error {
	return f.call(Op{Kind: OpRemove, Path: name}, func() error { return f.fs.Remove(name) }, nil)
}

func (f *faultFS) Rename(oldName, newName string) error {
	return f.call(Op{Kind: OpRename, Path: oldName, To: newName}, func() error { return f.fs.Rename(oldName, newName) }, nil)
}

func (f *faultFS) RenameNoReplace(oldName, newName string) error {
	return f.call(Op{Kind: OpRenameNoReplace, Path: oldName, To: newName}, func() error { return f.fs.RenameNoReplace(oldName, newName) }, nil)
}

func (f *faultFS) MkdirAll(name string) error {
	return f.call(Op{Kind: OpMkdirAll, Path: name}, func() error { return f.fs.MkdirAll(name) }, nil)
}

func (f *faultFS) SyncDir(name string) error {
	return f.call(Op{Kind: OpSyncDir, Path: name}, func() error { return f.fs.SyncDir(name) }, nil)
}

func (f *faultFS) ReadDir(name string) (entries []fs.DirEntry, err error) {
	err = f.call(Op{Kind: OpReadDir, Path: name}, func() (err error) { entries, err = f.fs.ReadDir(name); return err }, nil)
	return entries, err
}

func (f *faultFS) Stat(name string) (info fs.FileInfo, err error) {
	err = f.call(Op{Kind: OpStat, Path: name}, func() (err error) { info, err = f.fs.Stat(name); return err }, nil)
	return info, err
}

func (f *faultFS) Lock(name string, mode LockMode) (lock io.Closer, err error) {
	err = f.call(Op{Kind: OpLock, Path: name}, func() (err error) { lock, err = f.fs.Lock(name, mode); return err }, nil)
	if err != nil && lock != nil {
		_ = lock.Close()
		lock = nil
	}
	return lock, err
}

// faultFile shows the calls of one file.
type faultFile struct {
	File
	fs *faultFS
}

// transfer is a call that moves bytes of p by move.
func (f *faultFile) transfer(kind OpKind, p []byte, move func([]byte) (int, error)) (n int, err error) {
	err = f.fs.call(Op{Kind: kind, Path: f.Name(), Bytes: len(p)},
		func() (err error) { n, err = move(p); return err },
		func(part int) { n, _ = move(p[:part]) })
	return n, err
}

func (f *faultFile) Read(p []byte) (int, error)  { return f.transfer(OpRead, p, f.File.Read) }
func (f *faultFile) Write(p []byte) (int, error) { return f.transfer(OpWrite, p, f.File.Write) }

func (f *faultFile) ReadAt(p []byte, off int64) (int, error) {
	return f.transfer(OpReadAt, p, func(p []byte) (int, error) { return f.File.ReadAt(p, off) })
}

func (f *faultFile) WriteAt(p []byte, off int64) (int, error) {
	return f.transfer(OpWriteAt, p, func(p []byte) (int, error) { return f.File.WriteAt(p, off) })
}

func (f *faultFile) Sync() error     { return f.sync(f.File.Sync) }
func (f *faultFile) SyncData() error { return f.sync(func() error { return SyncData(f.File) }) }

func (f *faultFile) sync(do func() error) error {
	done := false
	err := f.fs.call(Op{Kind: OpSync, Path: f.Name()}, func() error { done = true; return do() }, nil)
	if m, ok := f.File.(interface{ forgetDirty() }); ok && err != nil && !done {
		m.forgetDirty()
	}
	return err
}

func (f *faultFile) Truncate(size int64) error {
	return f.fs.call(Op{Kind: OpTruncate, Path: f.Name()}, func() error { return f.File.Truncate(size) }, nil)
}

func (f *faultFile) Stat() (info fs.FileInfo, err error) {
	err = f.fs.call(Op{Kind: OpFileStat, Path: f.Name()}, func() (err error) { info, err = f.File.Stat(); return err }, nil)
	return info, err
}

func (f *faultFile) Close() error {
	closed := false
	err := f.fs.call(Op{Kind: OpClose, Path: f.Name()}, func() error { closed = true; return f.File.Close() }, nil)
	if !closed {
		_ = f.File.Close()
	}
	return err
}
