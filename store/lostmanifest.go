package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// lostManifest gives the error for a directory without a manifest that holds more than the beginnings of a database: a log with records, or a checkpoint that
// is not the first of a new one. Nobody has acknowledged anything of what a crash in create leaves, and that is made anew.
func lostManifest(ctx context.Context, o *Options, dir string) error {
	lost := fmt.Errorf("%w: %s is gone, though there is a database's log or checkpoint beside it", ErrCorrupt, filepath.Join(dir, manifestName))
	entries, err := o.FS.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		number, ok := parseCheckpointName(e.Name())
		if !ok {
			continue
		}
		if commit, err := checkpointCommit(o.FS, filepath.Join(dir, e.Name())); number > 1 || err != nil || commit > 1 {
			return lost
		}
	}
	_, err = wal.Replay(filepath.Join(dir, logDir), 0, o.log(), func(uint64, byte, []byte) error { return lost })
	if damaged := (*wal.CorruptError)(nil); errors.As(err, &damaged) {
		return fmt.Errorf("%w, and %w", lost, err)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return ctx.Err()
	}
	return err
}

// checkpointCommit reads the number of the commit that a checkpoint shows.
func checkpointCommit(fsys vfs.FS, path string) (commit uint64, err error) {
	f, err := fsys.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	head := make([]byte, checkpointHeader+blockHeader+2+binary.MaxVarintLen64+8)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, err
	}
	h, err := readHeader(&wire{src: head[min(n, checkpointHeader+blockHeader):n]})
	return h.commit, err
}
