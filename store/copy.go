package store

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// Copy says what of a snapshot a copy of the database has. Its zero value is everything, with the files under the paths that they have.
type Copy struct {
	// Name tells of a qualified name whether the copy has the table and the versions of schemas under it; nil means that it has all.
	Name func(name schemahistory.Name) bool
	// Rows tells of a table that the copy has whether it has its rows and files too; nil means that it has. system.table_schemas has its rows in any case:
	// they are the versions.
	Rows func(t *TableView) bool
	// Path gives the path that a file has in the copy, relative to its directory, with slashes; nil means the path that it has. An absolute one stays one.
	Path func(f *FileRef) string
}

// WriteCopy makes a database in a directory that is there and has none: what the snapshot shows, as one checkpoint and an empty log. The flushed files are the
// caller's affair: they must be durable under their paths before, since the last thing that is written, and the moment from which on the directory
// is a database, is the manifest. It gives the bytes that were written, is durable but for the directory's own name, and may be called while
// others write the database.
func (s *Snapshot) WriteCopy(ctx context.Context, dir string, c *Copy) (bytes int64, err error) {
	if c == nil {
		c = &Copy{}
	}
	state, err := c.state(s.state)
	if err != nil {
		return 0, err
	}
	out := &DB{dir: dir, opts: s.db.opts}
	if there, err := Exists(out.opts.FS, dir); err != nil || there {
		if err == nil {
			err = fmt.Errorf("store: there is a database in %s", dir)
		}
		return 0, err
	}
	log, _, err := wal.Open(filepath.Join(dir, logDir), 0, out.opts.log(), nil)
	if err != nil {
		return 0, err
	}
	if err := log.Close(); err != nil {
		return 0, err
	}
	m := manifest{format: formatVersion, checkpoint: 1, log: 1}
	if m.sum, err = out.writeCheckpoint(ctx, m.checkpoint, captured{snap: &Snapshot{db: out, state: state}}); err != nil {
		return 0, err
	}
	info, err := out.opts.FS.Stat(filepath.Join(dir, checkpointName(m.checkpoint)))
	if err != nil {
		return 0, err
	}
	return info.Size() + int64(len(m.encode())), writeManifest(out.opts.FS, dir, m)
}

// state gives the state that the copy has.
func (c *Copy) state(of *state) (*state, error) {
	out := newState(of.seq, 0)
	out.histories = of.histories
	if c.Name != nil {
		out.histories = histories{}
		for name, h := range of.histories {
			if c.Name(name) {
				out.histories[name] = h
			}
		}
	}
	for _, v := range of.views {
		if c.Name != nil && !c.Name(v.Def.Name) {
			continue
		}
		next := &TableView{Def: v.Def, Hot: v.Hot}
		switch {
		case v.Def.ID == tables.TableSchemasTable:
			if len(out.histories) < len(of.histories) {
				var err error
				if next.Hot, err = someVersions(v, out.histories); err != nil {
					return nil, err
				}
			}
		case c.Rows != nil && !c.Rows(v):
			next.Hot = tables.New(v.Def, 0).View(0)
		default:
			next.Files = c.files(v.Files)
		}
		out.views = append(out.views, next)
	}
	out.index = indexViews(out.views)
	return out, nil
}

func (c *Copy) files(files []*FileRef) []*FileRef {
	if c.Path == nil {
		return files
	}
	out := make([]*FileRef, len(files))
	for i, f := range files {
		moved := *f
		moved.Path = filepath.ToSlash(c.Path(f))
		out[i] = &moved
	}
	return out
}

// someVersions gives the rows of system.table_schemas that are versions of some names.
func someVersions(v *TableView, some histories) (*tables.View, error) {
	t := tables.New(v.Def, 0)
	for _, h := range some.sorted() {
		b, err := versionRows(v.Def, h.Name, h.Versions)
		if err != nil {
			return nil, err
		}
		if c := t.Append(b, nil); c != nil {
			return nil, duplicateKey(v.Def, c.Key, b, c.Row)
		}
	}
	t.Commit(nil, 1)
	return t.View(1), nil
}

// Verify reads the file, or a copy of it, at a path of the file system, and compares its checksums: those of the footer, of every column chunk and of
// the bloom filters.
func (f *FileRef) Verify(ctx context.Context, fsys vfs.FS, path string) error {
	file, err := f.Open(fsys, path)
	if err != nil {
		return err
	}
	defer file.Close() // opened for reading: nothing is lost
	if file.Rows() != f.Rows {
		return fmt.Errorf("%w: %s has %d rows, not %d", ErrCorrupt, path, file.Rows(), f.Rows)
	}
	return file.Verify(ctx)
}
