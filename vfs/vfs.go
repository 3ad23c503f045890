// Package vfs is the file-system seam through which every byte of a database goes.
//
// It is an interface of the few calls that a database needs ([FS], [File]), the real file system behind it ([OS]), and what tests need
// to try code that is written against FS with every crash and every failing call:
//
//   - [NewMem] is a file system in memory that knows what of it is durable. [Mem.CrashClone] is what a crash leaves: without what was not
//     synced, or with any part of it, in sectors of 512 bytes and in any order; without the names whose directory was not synced.
//     [Mem.WriteBack] makes some of it durable in between, as a system does of its own accord. [Mem.SetQuota] bounds bytes and files, until
//     some are removed.
//   - [WithFaults] shows every call to an [Injector], which may make it fail, wholly, in part, or after it was done. [FailNth] fails the n-th
//     call of some kinds ([Kinds]), once or for good, with any error.
//   - [Counter] counts calls, and [Sites] notes the places in the program that they come from and which of these have failed; package
//     callsites finds all there are in the source.
//
// What the interface promises is what POSIX promises and no more, because that is what a power cut leaves:
//
//   - Bytes written are durable when [File.Sync] has returned nil, not before, and reach the disk in any order.
//   - A name (created, renamed, removed) is durable when [FS.SyncDir] of its directory has returned nil, not before. Syncing a file does
//     not make its name durable; syncing a directory does not make its parents' names durable.
//   - After Sync has failed, what was written since the last good Sync may be lost for good, even if a later Sync returns nil.
//   - A rename within one directory is atomic: after a crash there is the old state or the new one.
//
// [AtomicWrite] and [MkdirAllSync] put these rules together for the two common cases.
//
// Names are host paths, as in package os and path/filepath. Errors match fs.ErrNotExist, fs.ErrExist and fs.ErrPermission under errors.Is
// and name the path. Package vfs holds no buffers and no policy: it is not a virtual tree, has no mounts and no remote stores.
package vfs

import (
	"fmt"
	"io"
	"io/fs"
)

// FS is a file system. Its methods may be called by any number of goroutines at once.
type FS interface {
	// Create opens a file for reading and writing, and empties it if it exists. Its directory must exist.
	Create(name string) (File, error)
	// CreateNew is Create of a file that must not exist: else the error is fs.ErrExist.
	CreateNew(name string) (File, error)
	// Open opens an existing file for reading. Pipes, devices and sockets are refused.
	Open(name string) (File, error)
	// OpenReadWrite opens an existing file for reading and writing, with the offset at its beginning.
	OpenReadWrite(name string) (File, error)

	// Remove removes a file or an empty directory.
	Remove(name string) error
	// Rename gives a file or directory another name and atomically replaces a file that has it.
	Rename(oldName, newName string) error
	// RenameNoReplace is Rename that never replaces: if the new name is taken, the error is fs.ErrExist and nothing has changed. On systems
	// that cannot do it in one step a crash may leave the file with both names, never with neither.
	RenameNoReplace(oldName, newName string) error
	// MkdirAll makes a directory and the parents it lacks. None is durable: see [MkdirAllSync].
	MkdirAll(name string) error
	// ReadDir lists a directory in the order of its names.
	ReadDir(name string) ([]fs.DirEntry, error)
	// Stat describes a file or directory; symbolic links are followed.
	Stat(name string) (fs.FileInfo, error)
	// SyncDir makes the names in a directory durable. Where the system has no such call (Windows) it does nothing.
	SyncDir(name string) error
	// Lock takes an advisory lock on a file, made if need be, without waiting. It is held until the Closer is closed or the process ends,
	// however it ends. If it is held by another process, or through another Lock call of this one, the error is a *[LockedError]. A shared
	// lock needs no right to write to an existing file, and neither mode room on the disk if the file exists.
	Lock(name string, mode LockMode) (io.Closer, error)
	// Abs returns the name as an absolute path, for messages and comparison.
	Abs(name string) (string, error)
}

// File is an open file. ReadAt and WriteAt may be called by several goroutines at once; Read, Write and Seek share one offset. After Close
// every call fails with fs.ErrClosed.
type File interface {
	io.Reader
	io.ReaderAt
	io.Writer
	io.WriterAt
	io.Seeker
	io.Closer
	// Sync makes the file's bytes and size durable.
	Sync() error
	// Truncate cuts the file to size bytes, or extends it with zeros. The offset does not move.
	Truncate(size int64) error
	// Stat describes the file.
	Stat() (fs.FileInfo, error)
	// Name is the name that the file was opened by.
	Name() string
}

// LockMode says whom a lock excludes.
type LockMode uint8

const (
	// Exclusive is the lock of the one writer: nobody else holds the lock in either mode.
	Exclusive LockMode = iota
	// Shared is held by any number at once, and excludes only Exclusive.
	Shared
)

// LockedError says that a lock is held by somebody else.
type LockedError struct {
	Path string
	// Holder is the process number that the last exclusive holder wrote into the file, or 0 if unknown.
	Holder int
}

// Error names the file and, if known, the process.
func (e *LockedError) Error() string {
	if e.Holder > 0 {
		return fmt.Sprintf("%s is locked by another process (number %d)", e.Path, e.Holder)
	}
	return fmt.Sprintf("%s is locked by another process", e.Path)
}
