package flush

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"sync"

	"github.com/stoadb/stoa/vfs"
)

// directories makes the directories of a flush and sees to it that their names become durable. 100,000 users may mean as many directories under one
// parent: each parent is synced once, at the end, and not for each child.
type directories struct {
	fs   vfs.FS
	base string // the storage's base path: what is above it is made durably at once

	mu    sync.Mutex
	known map[string]bool
	based bool
}

// make makes a directory, below the base path or the base path itself.
func (d *directories) make(dir string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil {
		d.known = map[string]bool{}
	}
	if !d.based {
		if err := vfs.MkdirAllSync(d.fs, d.base); err != nil {
			return err
		}
		d.based = true
	}
	if d.known[dir] {
		return nil
	}
	if err := d.fs.MkdirAll(dir); err != nil {
		return err
	}
	for ; len(dir) > len(d.base) && !d.known[dir]; dir = filepath.Dir(dir) {
		d.known[dir] = true
	}
	d.known[d.base] = true
	return nil
}

// sync makes the names of all directories durable: also of those that were there, since whoever made them may have been killed before this.
func (d *directories) sync(ctx context.Context) error {
	parents := map[string]bool{}
	for dir := range d.known {
		if dir != d.base {
			parents[filepath.Dir(dir)] = true
		}
	}
	for dir := range parents {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.fs.SyncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

// removeFile removes a file; that there is none is no error.
func removeFile(fsys vfs.FS, name string) error {
	if err := fsys.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
