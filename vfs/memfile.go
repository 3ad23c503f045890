package vfs

import (
	"io"
	"io/fs"
	"syscall"
	"time"
)

// memInfo describes a node as it was.
type memInfo struct {
	name  string
	size  int64
	mode  fs.FileMode
	mtime time.Time
}

func (n *memNode) info(name string) memInfo {
	if n.names != nil {
		return memInfo{name: name, mode: fs.ModeDir | dirPerm, mtime: n.mtime}
	}
	return memInfo{name: name, size: n.data.size, mode: filePerm, mtime: n.mtime}
}

func (i memInfo) Name() string       { return i.name }
func (i memInfo) Size() int64        { return i.size }
func (i memInfo) Mode() fs.FileMode  { return i.mode }
func (i memInfo) ModTime() time.Time { return i.mtime }
func (i memInfo) IsDir() bool        { return i.mode.IsDir() }
func (i memInfo) Sys() any           { return nil }

// memFile is an open file of a Mem, guarded by its mutex.
type memFile struct {
	m      *Mem
	node   *memNode
	name   string
	pos    int64
	write  bool
	closed bool
}

// enter locks the file system for one call; leave, which must follow if err is nil, unlocks it.
func (f *memFile) enter(op string, write bool) error {
	f.m.mu.Lock()
	var err error
	switch {
	case f.closed:
		err = fs.ErrClosed
	case write && !f.write:
		err = syscall.EBADF
	case f.node.names != nil && op != "stat" && op != "close":
		err = syscall.EISDIR
	default:
		return nil
	}
	f.m.mu.Unlock()
	return memError(op, f.name, err)
}

func (f *memFile) leave() { f.m.mu.Unlock() }

func (f *memFile) Name() string { return f.name }

func (f *memFile) Read(p []byte) (int, error) {
	if err := f.enter("read", false); err != nil {
		return 0, err
	}
	defer f.leave()
	n := f.node.data.readAt(p, f.pos)
	f.pos += int64(n)
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (f *memFile) ReadAt(p []byte, off int64) (int, error) {
	if err := f.enter("read", false); err != nil {
		return 0, err
	}
	defer f.leave()
	if off < 0 {
		return 0, memError("read", f.name, fs.ErrInvalid)
	}
	n := f.node.data.readAt(p, off)
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *memFile) Write(p []byte) (int, error) {
	if err := f.enter("write", true); err != nil {
		return 0, err
	}
	defer f.leave()
	n, err := f.m.writeAt(f.node, p, f.pos)
	f.pos += int64(n)
	if err != nil {
		err = memError("write", f.name, err)
	}
	return n, err
}

func (f *memFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.enter("write", true); err != nil {
		return 0, err
	}
	defer f.leave()
	if off < 0 {
		return 0, memError("write", f.name, fs.ErrInvalid)
	}
	n, err := f.m.writeAt(f.node, p, off)
	if err != nil {
		err = memError("write", f.name, err)
	}
	return n, err
}

func (f *memFile) Seek(offset int64, whence int) (int64, error) {
	if err := f.enter("seek", false); err != nil {
		return 0, err
	}
	defer f.leave()
	switch whence {
	case io.SeekCurrent:
		offset += f.pos
	case io.SeekEnd:
		offset += f.node.data.size
	}
	if offset < 0 || whence < io.SeekStart || whence > io.SeekEnd {
		return 0, memError("seek", f.name, fs.ErrInvalid)
	}
	f.pos = offset
	return offset, nil
}

func (f *memFile) Truncate(size int64) error {
	if err := f.enter("truncate", true); err != nil {
		return err
	}
	defer f.leave()
	if size < 0 {
		return memError("truncate", f.name, fs.ErrInvalid)
	}
	f.m.resize(f.node, size)
	return nil
}

func (f *memFile) Sync() error {
	if err := f.enter("sync", false); err != nil {
		return err
	}
	defer f.leave()
	f.node.data.sync()
	return nil
}

// forgetDirty is what an fsync that fails does on Linux: the pages count as clean and are never written.
func (f *memFile) forgetDirty() {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	f.node.data.forget()
}

func (f *memFile) Stat() (fs.FileInfo, error) {
	if err := f.enter("stat", false); err != nil {
		return nil, err
	}
	defer f.leave()
	return f.node.info(f.name), nil
}

func (f *memFile) Close() error {
	if err := f.enter("close", false); err != nil {
		return err
	}
	defer f.leave()
	f.closed = true
	f.m.unlink(f.node)
	return nil
}
