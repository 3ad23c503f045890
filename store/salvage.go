package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// salvagedPrefix begins the names of the directories that keep what a salvage has replaced.
const salvagedPrefix = "salvaged-"

// SalvageOptions are the choices of Salvage. nil means the defaults.
type SalvageOptions struct {
	// FS is the file system; nil means vfs.OS().
	FS vfs.FS
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Progress is told how many bytes of flushed files have been read, and of how many: now and then, never twice at once.
	Progress func(done, total int64)
}

// SalvageReport is what Salvage found and did.
type SalvageReport struct {
	Dir string `json:"dir"`
	// Damaged is what was found to be damaged or missing, Lost what could therefore not be kept.
	Damaged []Finding `json:"damaged"`
	Lost    []Finding `json:"lost"`
	// Rewritten are flushed files that were written anew with the rows that could be read, Adopted such as were found although no description of them is left.
	Rewritten []string `json:"rewritten,omitempty"`
	Adopted   []string `json:"adopted,omitempty"`
	// Left are flushed files in the storages that the database does not know and that were not taken over, although they can be read.
	Left []string `json:"left,omitempty"`
	// Kept is the directory with the damaged originals, "" when nothing was wrong; then nothing was changed.
	Kept string `json:"kept,omitempty"`
	// What the database has now.
	Tables   int           `json:"tables"`
	Files    int           `json:"files"`
	Rows     int64         `json:"rows"`
	Duration time.Duration `json:"-"`
}

// Changed tells whether something was wrong, and so something was done.
func (r *SalvageReport) Changed() bool { return r.Kept != "" }

// Salvage repairs a damaged database in its place: it keeps what is whole, and reports what is not. It needs to be the only writer.
//
// What is kept is what checksums vouch for: blocks of the checkpoint, records of the log, row groups of flushed files. Without a manifest the newest checkpoint
// that is whole counts, without a checkpoint the log and the flushed files in the storages, which say what they are. Records behind a gap in the log are applied;
// what they say of something that is lost is passed over. So a row that only a lost record deleted or changed stands as it was before, unless another row has its
// key: the report says which commits are lost. A row group of which a column is damaged is lost as a whole; the others are written to a new file beside the old.
// What was appended to a file is left out, and one damaged byte of its footer is put right by the checksum; of a file whose footer is damaged worse nothing can be
// read.
//
// Everything that is replaced is kept in a directory of the database, salvaged-YYYYMMDD-HHMMSS (UTC). The new state becomes the database's when MANIFEST is
// renamed, the last step; before that the database is as it was, and Salvage can be interrupted anywhere and repeated. When nothing is wrong nothing is changed.
//
// The error is one that kept it from its work: a lock, the disk, ctx; 58P01 when a storage outside the database's directory is not there at all, since its files may
// be. A database of a newer format is refused with ErrVersion.
func Salvage(ctx context.Context, dir string, opts *SalvageOptions) (*SalvageReport, error) {
	var o SalvageOptions
	if opts != nil {
		o = *opts
	}
	if o.FS == nil {
		o.FS = vfs.OS()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	start := time.Now()
	report := &SalvageReport{Dir: dir, Damaged: []Finding{}, Lost: []Finding{}}
	s := &salvage{ctx: ctx, dir: dir, opts: o, report: report, adopted: map[string]bool{}}
	err := s.run()
	report.Duration = time.Since(start)
	return report, err
}

// salvage is a salvage on its way.
type salvage struct {
	ctx    context.Context
	dir    string
	opts   SalvageOptions
	report *SalvageReport
	rescue *rescue
	db     *DB

	gone        []*FileRef // damaged originals that the new state does without
	adopted     map[string]bool
	changed     bool // the state that was read is not the one to be written
	done, total int64
}

func (s *salvage) damaged(f Finding) { s.report.Damaged = append(s.report.Damaged, f) }
func (s *salvage) lost(f Finding)    { s.report.Lost = append(s.report.Lost, f) }

func (s *salvage) run() error {
	there, err := Exists(s.opts.FS, s.dir)
	if err == nil && !there {
		there, err = leftovers(s.opts.FS, s.dir)
	}
	if err != nil {
		return err
	}
	if !there {
		return fmt.Errorf("%w in %s", ErrNotFound, s.dir)
	}
	lock, err := s.opts.FS.Lock(filepath.Join(s.dir, lockName), vfs.Exclusive)
	if err != nil {
		return err
	}
	err = errors.Join(s.locked(), lock.Close())
	if err != nil || !s.report.Changed() {
		return err
	}
	return s.try()
}

// try opens the database as anybody would, which also removes what is not needed any more. Who was quicker has done the same.
func (s *salvage) try() error {
	db, err := Open(s.ctx, s.dir, &Options{FS: s.opts.FS, Now: s.opts.Now, MustExist: true})
	if held := (*vfs.LockedError)(nil); errors.As(err, &held) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening the salvaged database: %w", err)
	}
	return db.Close()
}

// locked does the work under the writer's lock.
func (s *salvage) locked() error {
	strict, err := s.openable()
	if err != nil {
		return err
	}
	if s.rescue, err = readRescue(s.ctx, s.dir, s.opts.FS); err != nil {
		return err
	}
	s.db = s.rescue.db
	s.db.opts.Now = s.opts.Now
	defer s.db.stop()
	if err := s.rescue.settle(); err != nil {
		return err
	}
	s.report.Damaged = append(s.report.Damaged, s.rescue.found...)
	s.report.Lost = append(s.report.Lost, s.rescue.lost...)
	if strict != nil && len(s.report.Damaged)+len(s.report.Lost) == 0 {
		s.damaged(findingOf(s.dir, strict))
	}
	s.changed = len(s.report.Damaged)+len(s.report.Lost) > 0
	if err := s.files(); err != nil {
		return err
	}
	if s.rescue.catalogueLost || s.rescue.logLost {
		if err := s.adopt(); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.db.tables)) {
		if err := s.keys(s.db.tables[id]); err != nil {
			return err
		}
	}
	s.tellAdopted()
	if s.changed {
		s.db.openState(s.rescue.replay.commit+1, s.rescue.logNext-1, s.rescue.replay.histories)
		if err := s.write(); err != nil {
			return err
		}
	}
	s.count()
	return nil
}

// openable tells why the database cannot be opened, nil when it can.
func (s *salvage) openable() (strict, err error) {
	db, err := Open(s.ctx, s.dir, &Options{FS: s.opts.FS, ReadOnly: true})
	switch {
	case err == nil:
		return nil, db.Close()
	case isDamage(err) || errors.Is(err, ErrNotFound) || errors.Is(err, ErrVersion) || errors.Is(err, wal.ErrVersion):
		return err, nil // a newer version is refused by who reads the manifest
	}
	return nil, err
}

// count counts what the database has.
func (s *salvage) count() {
	for _, t := range s.db.tables {
		s.report.Tables++
		s.report.Files += len(t.files)
		s.report.Rows += int64(t.hot.Rows())
		for _, f := range t.files {
			s.report.Rows += f.LiveRows()
		}
	}
}

// files checks every flushed file, and replaces those that are damaged by what can be read of them.
func (s *salvage) files() error {
	for _, t := range s.db.tables {
		for _, f := range t.files {
			s.total += f.Size
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.db.tables)) {
		t := s.db.tables[id]
		kept := make([]*FileRef, 0, len(t.files))
		var anew []*FileRef
		for _, f := range t.files {
			whole, instead, err := s.file(t, f)
			if err != nil {
				return err
			}
			if whole {
				kept = append(kept, f)
				continue
			}
			s.changed = true
			s.gone = append(s.gone, f)
			if instead != nil {
				anew = append(anew, instead)
			}
		}
		for _, f := range anew {
			f.Number = t.nextFile
			t.nextFile++
			kept = append(kept, f)
		}
		t.files = kept
	}
	return nil
}

// file checks a flushed file. whole says that it stays; otherwise instead is what takes its place, nil for nothing.
func (s *salvage) file(t *table, f *FileRef) (whole bool, instead *FileRef, err error) {
	path := s.db.Path(f.Path)
	if err := s.mounted(f, path); err != nil {
		return false, nil, err
	}
	var found []Finding
	c := &fileCheck{ctx: s.ctx, fsys: s.opts.FS, def: t.def, ref: f, path: path, tell: func(f Finding) { found = append(found, f) }}
	if err := c.run(); err != nil {
		return false, nil, fmt.Errorf("reading %s: %w", path, err)
	}
	s.done += f.Size
	if s.opts.Progress != nil {
		s.opts.Progress(s.done, s.total)
	}
	if !c.lost && len(c.bad) == 0 && !c.worn {
		return true, nil, nil
	}
	if c.lost {
		if c, err = s.mended(c); err != nil {
			return false, nil, fmt.Errorf("reading %s: %w", path, err)
		}
	}
	s.report.Damaged = append(s.report.Damaged, found...)
	if c.lost {
		gone := findingIn(path, "nothing of the file can be kept")
		gone.Table, gone.Rows, gone.Key = t.def.Name.String(), f.LiveRows(), f.keyRange()
		s.lost(gone)
		return false, nil, nil
	}
	w := &rewriter{salvage: s, table: t, from: f, source: c.fsys, path: path, bad: c.bad}
	instead, err = w.run()
	if instead != nil {
		s.report.Rewritten = append(s.report.Rewritten, s.db.Path(instead.Path))
	}
	return false, instead, err
}

// mended checks a file of which nothing can be read again, as it reads when it is mended. It gives the check from before when that does not help.
func (s *salvage) mended(c *fileCheck) (*fileCheck, error) {
	fsys, err := mend(c.fsys, c.path, c.ref)
	if fsys == nil || err != nil {
		return c, err
	}
	var found []Finding
	again := *c
	again.fsys, again.lost, again.tell = fsys, false, func(f Finding) { found = append(found, f) }
	if err := again.run(); err != nil || again.lost {
		return c, err
	}
	for _, f := range found {
		c.tell(f)
	}
	return &again, nil
}

// mounted refuses to take the files of a storage for lost that is not there at all.
func (s *salvage) mounted(f *FileRef, path string) error {
	if !filepath.IsAbs(filepath.FromSlash(f.Path)) {
		return nil
	}
	there, err := vfs.Exists(s.opts.FS, filepath.Dir(path))
	if err != nil && !isMissing(err) || there {
		return err
	}
	return sqlstate.New(sqlstate.UndefinedFile, "directory %q does not exist, in which files of storage %q should be", filepath.Dir(path), f.Storage).
		WithHint("Mount the storage; or make the directory, if its files are lost.")
}
