package wal

import (
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"path/filepath"

	"github.com/stoadb/stoa/vfs"
)

// Renew makes ready a new log behind one that cannot be gone on with: an empty segment that begins with the sequence first, above all that the old log has, and
// the mark of a clean close for it. Whoever opens the log from first on then finds the new one; opened from an earlier sequence it is damaged, as it was. It is
// durable when Renew returns, and can be repeated. RemoveBefore then removes the old log. Nobody may have the log open.
func Renew(dir string, first uint64, opts *Options) error {
	o, err := opts.withDefaults()
	if err != nil {
		return err
	}
	if err := vfs.MkdirAllSync(o.FS, dir); err != nil {
		return err
	}
	h := segmentHeader{first: first, salt: rand.Uint32()} // the chain 0 says that nothing is before it
	err = vfs.AtomicWrite(o.FS, filepath.Join(dir, segmentName(first)), func(f io.Writer) error {
		_, err := f.Write(h.encode())
		return err
	})
	if err != nil {
		return err
	}
	return writeMark(o.FS, dir, mark{first: first, last: first - 1, size: headerSize})
}

// RemoveBefore removes the segments that begin below the sequence seq, the oldest first, of a log that nobody has open and of which nothing below seq is needed.
func RemoveBefore(dir string, seq uint64, opts *Options) error {
	o, err := opts.withDefaults()
	if err != nil {
		return err
	}
	firsts, err := listSegments(o.FS, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, first := range firsts {
		if first >= seq {
			break
		}
		if err := removeIfThere(o.FS, filepath.Join(dir, segmentName(first))); err != nil {
			return err
		}
		if err := o.FS.SyncDir(dir); err != nil {
			return err
		}
	}
	return nil
}
