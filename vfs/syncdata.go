package vfs

import "os"

// SyncData makes a file's bytes durable, and of its size what is needed to read them back, but not its times: fdatasync, where the system
// has it and f is a file of [OS] or has a method SyncData, and File.Sync otherwise. After a failure the same holds as after one of Sync.
// To an [Injector] it is an OpSync. On a journaling file system it saves the journal's write if the file's size has not changed.
func SyncData(f File) error {
	switch f := f.(type) {
	case *os.File:
		return syncData(f)
	case interface{ SyncData() error }:
		return f.SyncData()
	}
	return f.Sync()
}
