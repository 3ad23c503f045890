package store

import (
	"context"
	"fmt"
	"path/filepath"
)

// refuseToCreate refuses to make a database in a directory that has the checkpoint of one: its manifest is lost. A creation that was interrupted leaves one too,
// without anything in it: number 1, of the first commit.
func (db *DB) refuseToCreate(ctx context.Context) error {
	entries, err := db.opts.FS.ReadDir(db.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		number, ok := parseCheckpointName(e.Name())
		if !ok || e.IsDir() {
			continue
		}
		if number == 1 {
			scratch := newDB(db.dir, db.opts)
			r := &replayer{ctx: ctx, db: scratch}
			err := r.loadCheckpoint(number, nil)
			scratch.stop()
			if err == nil && r.commit <= 1 {
				continue
			}
			if err != nil && !isDamage(err) {
				return err
			}
		}
		return &CorruptError{File: filepath.Join(db.dir, manifestName), Offset: -1, Reason: fmt.Sprintf("the file is missing, though there is %s", e.Name())}
	}
	return nil
}
