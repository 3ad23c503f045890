package vfs

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Mem is a file system in memory that knows what of it is durable. Bytes become so by File.Sync, names by SyncDir, and nothing else does it:
// real file systems often do more than they promise, and this one never. [Mem.CrashClone] gives what a crash would leave behind.
//
// "a/b", "./a/b" and "/a/b" are the same file. Removed files live on in the files that are open. Time stands still unless set.
type Mem struct {
	mu    sync.Mutex
	root  *memNode
	locks map[*memNode]*memLocks
	seq   uint64 // numbers changes of names over all directories
	used  int64  // bytes in files that have a name or are open
	files int    // files and directories that have a name or are open
	quota Quota
	now   time.Time
}

// memNode is a file or a directory (names != nil).
type memNode struct {
	data  memData
	names map[string]*memNode // now
	safe  map[string]*memNode // at the last SyncDir
	// pending are the changes of names since the last SyncDir, in order.
	pending []nameChange
	links   int // names + open files: at 0 the bytes are free again
	mtime   time.Time
}

// nameChange is what one call did to the names of one directory: it happens whole or not at all. A nil node means that the name is gone.
type nameChange struct {
	seq  uint64
	sets []nameSet
}

type nameSet struct {
	name string
	node *memNode
}

type memLocks struct {
	exclusive bool
	shared    int
}

// NewMem returns an empty file system, whose root directory exists.
func NewMem() *Mem {
	return &Mem{root: newDir(), locks: map[*memNode]*memLocks{}, now: time.Unix(0, 0).UTC()}
}

func newDir() *memNode {
	return &memNode{names: map[string]*memNode{}, safe: map[string]*memNode{}, links: 1}
}

// SetTime sets the time that changed files get.
func (m *Mem) SetTime(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = t
}

// split turns a name into its steps from the root.
func split(name string) []string {
	clean := strings.Trim(path.Clean("/"+filepath.ToSlash(name)), "/")
	if clean == "" {
		return nil
	}
	return strings.Split(clean, "/")
}

func memError(op, name string, err error) error { return &fs.PathError{Op: op, Path: name, Err: err} }

// find returns the node at name.
func (m *Mem) find(name string) (*memNode, error) {
	n := m.root
	for _, step := range split(name) {
		if n.names == nil {
			return nil, syscall.ENOTDIR
		}
		if n = n.names[step]; n == nil {
			return nil, fs.ErrNotExist
		}
	}
	return n, nil
}

// parent returns the directory that holds name, and the last step.
func (m *Mem) parent(name string) (*memNode, string, error) {
	steps := split(name)
	if len(steps) == 0 {
		return nil, "", fs.ErrInvalid // the root has no name to change
	}
	dir, err := m.find(strings.Join(steps[:len(steps)-1], "/"))
	if err == nil && dir.names == nil {
		err = syscall.ENOTDIR
	}
	return dir, steps[len(steps)-1], err
}

// set changes names of one directory in one step.
func (m *Mem) set(dir *memNode, sets ...nameSet) {
	m.seq++
	for _, s := range sets {
		if s.node == nil {
			delete(dir.names, s.name)
		} else {
			dir.names[s.name] = s.node
		}
	}
	dir.pending = append(dir.pending, nameChange{seq: m.seq, sets: sets})
	dir.mtime = m.now
}

// unlink gives up one name of, or one open file on, a node.
func (m *Mem) unlink(n *memNode) {
	if n.links--; n.links > 0 {
		return
	}
	m.files--
	if n.names == nil {
		m.used -= n.data.size
	}
}

// open is the one way to a file.
func (m *Mem) open(op, name string, flags memFlags) (File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.openNode(name, flags)
	if err != nil {
		return nil, memError(op, name, err)
	}
	n.links++
	return &memFile{m: m, node: n, name: name, write: flags&memWrite != 0}, nil
}

type memFlags uint8

const (
	memWrite memFlags = 1 << iota
	memCreate
	memExclusive
	memTruncate
)

func (m *Mem) openNode(name string, flags memFlags) (*memNode, error) {
	n, err := m.find(name)
	switch {
	case err == nil && flags&memExclusive != 0:
		return nil, fs.ErrExist
	case err == nil && n.names != nil && flags&memWrite != 0:
		return nil, syscall.EISDIR
	case err == nil:
		if flags&memTruncate != 0 {
			m.resize(n, 0)
		}
		return n, nil
	case !errors.Is(err, fs.ErrNotExist) || flags&memCreate == 0:
		return nil, err
	}
	dir, base, err := m.parent(name)
	if err != nil {
		return nil, err
	}
	if err := m.more(); err != nil {
		return nil, err
	}
	n = &memNode{links: 1, mtime: m.now}
	m.set(dir, nameSet{base, n})
	return n, nil
}

// Create implements FS.
func (m *Mem) Create(name string) (File, error) {
	return m.open("open", name, memWrite|memCreate|memTruncate)
}

// CreateNew implements FS.
func (m *Mem) CreateNew(name string) (File, error) {
	return m.open("open", name, memWrite|memCreate|memExclusive)
}

// Open implements FS.
func (m *Mem) Open(name string) (File, error) { return m.open("open", name, 0) }

// OpenReadWrite implements FS.
func (m *Mem) OpenReadWrite(name string) (File, error) { return m.open("open", name, memWrite) }

// Remove implements FS.
func (m *Mem) Remove(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir, base, err := m.parent(name)
	if err != nil {
		return memError("remove", name, err)
	}
	n := dir.names[base]
	switch {
	case n == nil:
		return memError("remove", name, fs.ErrNotExist)
	case len(n.names) > 0:
		return memError("remove", name, syscall.ENOTEMPTY)
	}
	m.set(dir, nameSet{base, nil})
	m.unlink(n)
	return nil
}

// Rename implements FS.
func (m *Mem) Rename(oldName, newName string) error { return m.rename(oldName, newName, true) }

// RenameNoReplace implements FS, in one step.
func (m *Mem) RenameNoReplace(oldName, newName string) error {
	return m.rename(oldName, newName, false)
}

func (m *Mem) rename(oldName, newName string, replace bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	from, oldBase, err := m.parent(oldName)
	if err != nil {
		return memError("rename", oldName, err)
	}
	to, newBase, err := m.parent(newName)
	if err != nil {
		return memError("rename", newName, err)
	}
	n, taken := from.names[oldBase], to.names[newBase]
	switch {
	case n == nil:
		return memError("rename", oldName, fs.ErrNotExist)
	case taken != nil && !replace:
		return memError("rename", newName, fs.ErrExist)
	case taken == n:
		return nil
	case taken != nil && (n.names != nil) != (taken.names != nil), taken != nil && len(taken.names) > 0:
		return memError("rename", newName, fs.ErrExist)
	case n.names != nil && strings.HasPrefix(strings.Join(split(newName), "/")+"/", strings.Join(split(oldName), "/")+"/"):
		return memError("rename", newName, fs.ErrInvalid) // a directory into itself
	}
	if from == to {
		m.set(from, nameSet{oldBase, nil}, nameSet{newBase, n})
	} else { // two directories: each is made durable by a sync of its own
		m.set(to, nameSet{newBase, n})
		m.set(from, nameSet{oldBase, nil})
	}
	if taken != nil {
		m.unlink(taken)
	}
	return nil
}

// MkdirAll implements FS.
func (m *Mem) MkdirAll(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.root
	for _, step := range split(name) {
		if n.names == nil {
			return memError("mkdir", name, syscall.ENOTDIR)
		}
		next := n.names[step]
		if next == nil {
			if err := m.more(); err != nil {
				return memError("mkdir", name, err)
			}
			next = newDir()
			next.mtime = m.now
			m.set(n, nameSet{step, next})
		}
		n = next
	}
	if n.names == nil {
		return memError("mkdir", name, syscall.ENOTDIR)
	}
	return nil
}

// ReadDir implements FS.
func (m *Mem) ReadDir(name string) ([]fs.DirEntry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.find(name)
	if err == nil && n.names == nil {
		err = syscall.ENOTDIR
	}
	if err != nil {
		return nil, memError("open", name, err)
	}
	entries := make([]fs.DirEntry, 0, len(n.names))
	for base, child := range n.names {
		entries = append(entries, fs.FileInfoToDirEntry(child.info(base)))
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// Stat implements FS.
func (m *Mem) Stat(name string) (fs.FileInfo, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.find(name)
	if err != nil {
		return nil, memError("stat", name, err)
	}
	return n.info(path.Base(filepath.ToSlash(name))), nil
}

// SyncDir implements FS.
func (m *Mem) SyncDir(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.find(name)
	if err == nil && n.names == nil {
		err = syscall.ENOTDIR
	}
	if err != nil {
		return memError("sync", name, err)
	}
	for _, change := range n.pending {
		apply(n.safe, change)
	}
	n.pending = nil
	return nil
}

// apply carries a change out on a list of names.
func apply(names map[string]*memNode, change nameChange) {
	for _, s := range change.sets {
		if s.node == nil {
			delete(names, s.name)
		} else {
			names[s.name] = s.node
		}
	}
}

// Abs implements FS.
func (m *Mem) Abs(name string) (string, error) {
	return filepath.FromSlash("/" + strings.Join(split(name), "/")), nil
}

// Lock implements FS. A clone made by [Mem.CrashClone] has no locks: their holders are dead.
func (m *Mem) Lock(name string, mode LockMode) (io.Closer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.openNode(name, memWrite|memCreate)
	if err != nil {
		return nil, memError("lock", name, err)
	}
	held := m.locks[n]
	if held == nil {
		held = &memLocks{}
		m.locks[n] = held
	}
	if held.exclusive || mode == Exclusive && held.shared > 0 {
		return nil, &LockedError{Path: name}
	}
	if mode == Exclusive {
		held.exclusive = true
	} else {
		held.shared++
	}
	return &memLock{m: m, node: n, mode: mode}, nil
}

type memLock struct {
	m      *Mem
	node   *memNode
	mode   LockMode
	closed bool
}

func (l *memLock) Close() error {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	if l.closed {
		return fs.ErrClosed
	}
	l.closed = true
	if held := l.m.locks[l.node]; l.mode == Exclusive {
		held.exclusive = false
	} else {
		held.shared--
	}
	return nil
}
