package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/store"
)

// markName is the file by which the demo knows a database that it made.
const markName = "stoa-demo.json"

// demoMark says what the demo left behind.
type demoMark struct {
	Finished bool   `json:"finished"`
	Seq      uint64 `json:"seq"` // the last commit when it ended: a later one is somebody else's
}

func markDemo(dir string, m demoMark) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, markName), append(text, '\n'), 0o644)
}

// prepareDir makes dir an empty directory that is marked as the demo's. What is in it is removed only if it is a database, and one that the demo made and
// nobody has written to since, unless it is forced.
func prepareDir(ctx context.Context, dir string, force bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		if err := mayReplace(ctx, dir, force); err != nil {
			return err
		}
		for _, e := range entries {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return markDemo(dir, demoMark{})
}

// mayReplace refuses to replace what is not the demo's.
func mayReplace(ctx context.Context, dir string, force bool) error {
	var mark demoMark
	text, err := os.ReadFile(filepath.Join(dir, markName))
	made := err == nil && json.Unmarshal(text, &mark) == nil
	if made && !mark.Finished {
		force = true // an earlier demo that was interrupted
	}
	// Opened for writing, so that a database in use is refused.
	db, err := openDatabase(ctx, dir, &stoa.Options{MustExist: true})
	if errors.Is(err, store.ErrNotFound) {
		if made {
			return nil
		}
		return sqlstate.New(sqlstate.DuplicateFile, "the directory %s is not empty and holds no database", dir).
			WithHint("Give the demo a directory of its own with --dir.")
	}
	if err != nil {
		return err
	}
	snap := db.Store().Snapshot()
	seq := snap.Seq()
	snap.Close()
	if err := db.Close(); err != nil {
		return err
	}
	switch {
	case force:
		return nil
	case !made:
		return sqlstate.New(sqlstate.DuplicateFile, "the directory %s holds a database that the demo did not make", dir).
			WithHint("Give the demo a directory of its own with --dir; --force replaces the database.")
	case seq != mark.Seq:
		return sqlstate.New(sqlstate.DuplicateFile, "the database in %s has been written to since the demo made it", dir).
			WithHint("Give the demo another directory with --dir; --force replaces the database.")
	}
	return nil
}
