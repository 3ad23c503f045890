package store

import (
	"cmp"
	"fmt"
	"path"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/stoadb/stoa/tables"
)

// keys leaves of the rows with one key, hot and flushed, the newest: a hot one, and the latest; else the one in the file with the latest name.
func (s *salvage) keys(t *table) error {
	for _, key := range t.def.Keys {
		seq := s.rescue.replay.commit
		view := &TableView{Def: t.def, Hot: t.hot.View(seq), Files: t.files}
		k := &keyScan{ctx: s.ctx, db: s.db, view: view, key: key, limit: defaultKeyBytes / 8}
		groups, more, err := k.duplicates()
		if err == nil && more {
			err = fmt.Errorf("%w: %s has too many rows with the same keys", ErrCorrupt, t.def.Name)
		}
		if err != nil {
			return err
		}
		if len(groups) > 0 {
			s.changed = true
			s.leaveNewest(t, groups)
		}
	}
	return nil
}

// leaveNewest deletes all rows of each group but the newest.
func (s *salvage) leaveNewest(t *table, groups [][]tables.RowID) {
	age := map[uint32]*FileRef{}
	for _, f := range t.files {
		age[f.Number] = f
	}
	newer := func(a, b tables.RowID) int {
		switch {
		case a.Cold() != b.Cold():
			if a.Cold() {
				return 1
			}
			return -1
		case !a.Cold():
			return cmp.Compare(t.hot.Serial(b), t.hot.Serial(a))
		}
		return cmp.Or(cmp.Compare(path.Base(age[b.File()].Path), path.Base(age[a.File()].Path)), cmp.Compare(b, a))
	}
	var dead []tables.RowID
	deletes := map[uint32]*roaring.Bitmap{}
	for _, ids := range groups {
		slices.SortFunc(ids, newer)
		for _, id := range ids[1:] {
			if !id.Cold() {
				dead = append(dead, id)
				continue
			}
			if deletes[id.File()] == nil {
				deletes[id.File()] = roaring.New()
			}
			deletes[id.File()].Add(id.Position())
		}
	}
	slices.Sort(dead)
	t.hot.Commit(slices.Compact(dead), s.rescue.replay.commit)
	if len(dead) > 0 {
		f := findingIn("", "rows are left out since newer ones have their keys")
		f.Table, f.Rows = t.def.Name.String(), int64(len(dead))
		s.lost(f)
	}
	kept := make([]*FileRef, 0, len(t.files))
	for _, f := range t.files {
		if d := deletes[f.Number]; d != nil {
			s.superseded(t, f, int64(d.GetCardinality()))
			f = f.withDeletes(d)
		}
		if f.LiveRows() == 0 && f.Rows > 0 && deletes[f.Number] != nil {
			if s.adopted[f.Path] { // it was none of the database's after all: it stays where it is
				delete(s.adopted, f.Path)
			} else {
				s.gone = append(s.gone, f)
			}
			continue
		}
		kept = append(kept, f)
	}
	t.files = kept
}

// superseded lists rows of a file that others have taken the place of, unless the file was only looked into because descriptions of files are lost.
func (s *salvage) superseded(t *table, f *FileRef, rows int64) {
	if s.adopted[f.Path] {
		return
	}
	found := findingIn(s.db.Path(f.Path), "rows are left out since newer ones have their keys")
	found.Table, found.Rows = t.def.Name.String(), rows
	s.lost(found)
}
