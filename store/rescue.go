package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// rescue is a database that is read as far as it can be: into memory, without changing anything on the disk.
//
// Everything is believed for its own checksum: blocks of the checkpoint, records of the log. What is damaged is left out, and what is known of it is noted. A
// statement counts when all of its records are there. What a later record says of something that was lost, such as the death of a row, is passed over; a row
// whose key a row from before has takes its place, since the statement that inserted it had found the key free.
type rescue struct {
	ctx      context.Context
	db       *DB
	replay   *replayer
	manifest manifest // as far as it is known
	named    bool     // the manifest can be read

	found []Finding // what is damaged
	lost  []Finding // what is not there because of it

	last           uint64 // the highest number of a checkpoint that there is
	base           uint64 // the checkpoint that was read, 0 if none could be
	catalogueLost  bool   // definitions or files are missing that the checkpoint had
	logLost        bool   // records are missing
	logBad         bool   // the log cannot be opened
	logNext        uint64 // above every sequence that the log has, or is known to have had
	records        int64
	lastSeq        uint64            // of the record that was read last
	skipping       uint64            // the statement whose beginning is lost
	unknownFiles   map[fileKey]int64 // and how many rows are deleted in each
	versionsSpoilt map[schemahistory.Name]bool
}

// fileKey names a file that no description is known of.
type fileKey struct{ table, file uint32 }

// rescueState reads what can be read and makes a state of it.
func rescueState(ctx context.Context, dir string, fsys vfs.FS) (*rescue, error) {
	r, err := readRescue(ctx, dir, fsys)
	if err != nil {
		return nil, err
	}
	return r, r.settle()
}

// readRescue reads manifest, checkpoint and log.
func readRescue(ctx context.Context, dir string, fsys vfs.FS) (*rescue, error) {
	o, err := (&Options{FS: fsys, MustExist: true}).withDefaults()
	if err != nil {
		return nil, err
	}
	o.openCold = openParquetCold
	r := &rescue{
		ctx: ctx, db: newDB(dir, o), unknownFiles: map[fileKey]int64{}, versionsSpoilt: map[schemahistory.Name]bool{},
	}
	r.replay = &replayer{ctx: ctx, db: r.db}
	if err := r.readManifest(); err != nil {
		return nil, err
	}
	if err := r.readCheckpoint(); err != nil {
		return nil, err
	}
	if err := r.readLog(); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *rescue) lose(f Finding) { r.lost = append(r.lost, f) }

// readManifest reads the manifest if it can be. One of a newer version, whose checksum is right, is an error.
func (r *rescue) readManifest() error {
	path := filepath.Join(r.db.dir, manifestName)
	b, err := vfs.ReadFile(r.db.opts.FS, path, maxManifest)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.found = append(r.found, findingIn(path, "the file is missing"))
		return nil
	case errors.Is(err, vfs.ErrTooLarge):
		r.found = append(r.found, findingIn(path, "it is longer than any manifest"))
		return nil
	case err != nil:
		return err
	}
	m, err := decodeManifest(b)
	if errors.Is(err, ErrVersion) {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err != nil {
		r.found = append(r.found, findingOf(path, err))
		return nil
	}
	if m.format < formatVersion {
		return fmt.Errorf("%s: %w: a database of format %d is brought to format %d first, by opening it for writing", path, ErrVersion, m.format, formatVersion)
	}
	r.manifest, r.named = m, true
	if string(m.encode()) != string(b) {
		r.found = append(r.found, findingIn(path, "the manifest is not written as it should be"))
	}
	return nil
}

// readCheckpoint reads the checkpoint that the manifest names, or a newer one that is whole; without a manifest the newest that is whole. When there is none
// such, it takes from the newest what can be read of it.
func (r *rescue) readCheckpoint() error {
	entries, err := r.db.opts.FS.ReadDir(r.db.dir)
	if err != nil {
		return err
	}
	var numbers []uint64
	for _, e := range entries {
		if n, ok := parseCheckpointName(e.Name()); ok && !e.IsDir() {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	slices.Reverse(numbers)
	if len(numbers) > 0 {
		r.last = numbers[0]
	}
	r.last = max(r.last, r.manifest.checkpoint)
	if r.named {
		newer := slices.DeleteFunc(slices.Clone(numbers), func(n uint64) bool { return n <= r.manifest.checkpoint })
		numbers = append([]uint64{r.manifest.checkpoint}, newer...)
	}
	var worst error
	for _, n := range numbers {
		var sum *uint32
		if r.named && n == r.manifest.checkpoint {
			sum = r.manifest.sum
		}
		err := r.replay.loadCheckpoint(n, sum)
		if err == nil {
			r.base = n
			return nil
		}
		if !isDamage(err) && !isMissing(err) && !errors.Is(err, ErrVersion) {
			return err
		}
		if worst == nil {
			worst = err
		}
		r.begin()
	}
	if len(numbers) == 0 {
		r.catalogueLost = true
		r.lose(findingIn(filepath.Join(r.db.dir, "checkpoint-*"), "there is no checkpoint: what was written before the log begins is lost"))
		return r.defineContract()
	}
	r.base = numbers[0]
	return r.salvageCheckpoint(numbers[0], worst)
}

// begin forgets what was read.
func (r *rescue) begin() {
	r.db.forget()
	r.replay = &replayer{ctx: r.ctx, db: r.db}
}

// readLog reads the log, whose records up to the checkpoint's commit are passed over.
func (r *rescue) readLog() error {
	dir := filepath.Join(r.db.dir, logDir)
	from := uint64(1)
	if r.named {
		from = r.manifest.log
	}
	r.logNext = from
	r.replay.commits, r.replay.rows = 0, 0
	// What a strict reading makes of the log decides whether it can stay as it is.
	found, strict := wal.Replay(dir, from, r.db.opts.log(), nil)
	switch {
	case strict != nil && !isDamage(strict) && !isMissing(strict) && !errors.Is(strict, wal.ErrVersion):
		return strict
	case strict == nil && found.Last+1 < from:
		strict = &wal.CorruptError{File: dir, Reason: fmt.Sprintf("the log ends with record %d, though %d were applied", found.Last, from-1)}
	}
	damages, err := wal.Salvage(dir, r.db.opts.log(), r.logRecord)
	if isMissing(err) {
		r.found = append(r.found, findingIn(dir, "the log is missing"))
		r.logBad, r.logLost = true, true
		return nil
	}
	if err != nil {
		return err
	}
	r.logNext = max(r.logNext, r.lastSeq+1)
	r.endLog(damages, strict != nil)
	if strict != nil && len(damages) == 0 {
		r.found = append(r.found, findingOf(dir, strict))
	}
	r.logBad = strict != nil
	return nil
}

// endLog ends the reading of the log: what is damaged, and what is lost because of it.
func (r *rescue) endLog(damages []wal.Damage, bad bool) {
	for _, d := range damages {
		r.logNext = max(r.logNext, d.To+1)
		f := findingIn(d.File, "%s", d.Reason)
		f.Offset = d.Offset
		switch {
		case !bad: // the torn end of a log that was not closed
			continue
		case r.named && d.To < r.manifest.log && d.From < r.manifest.log && d.To >= d.From:
			f.Problem += fmt.Sprintf(" (records %d to %d, which the checkpoint has)", d.From, d.To)
		case d.To > d.From:
			f.Problem += fmt.Sprintf(" (records %d to %d are lost)", d.From, d.To)
			r.logLost = true
		case d.To == d.From:
			f.Problem += fmt.Sprintf(" (record %d is lost)", d.From)
			r.logLost = true
		case d.Bytes > 0:
			f.Problem += fmt.Sprintf(" (%d bytes)", d.Bytes)
			r.logLost = true
		}
		r.found = append(r.found, f)
	}
	if r.replay.pending {
		if bad {
			r.lose(findingIn(filepath.Join(r.db.dir, logDir), "the last records of commit %d are lost, and with them all of the statement", r.replay.running))
		}
		r.replay.discard()
	}
	for key, n := range r.unknownFiles {
		f := findingIn("", "deletes in file number %d, whose description is lost, are of no effect: if its rows are there, they may be back", key.file)
		f.Rows = n
		if t := r.db.tables[key.table]; t != nil {
			f.Table = t.def.Name.String()
		}
		r.lose(f)
	}
}

// settle makes the first state: rows without others of their keys, versions that go with the definitions.
func (r *rescue) settle() error {
	r.replay.commit++ // the salvage is a commit of its own
	for _, t := range r.db.tables {
		if err := r.settleKeys(t); err != nil {
			return err
		}
	}
	if err := r.settleVersions(); err != nil {
		return err
	}
	r.replay.logSeq = r.logNext - 1
	return r.db.loadTables(r.ctx, r.replay)
}

// settleKeys leaves of the hot rows with one key the one that was inserted last.
func (r *rescue) settleKeys(t *table) error {
	var dead []tables.RowID
	for _, key := range t.def.Keys {
		view := &TableView{Def: t.def, Hot: t.hot.View(r.replay.commit)}
		groups, more, err := (&keyScan{ctx: r.ctx, db: r.db, view: view, key: key, limit: defaultKeyBytes / 8}).duplicates()
		if err == nil && more {
			err = fmt.Errorf("%w: %s has too many rows with the same keys", ErrCorrupt, t.def.Name)
		}
		if err != nil {
			return err
		}
		for _, ids := range groups {
			slices.SortFunc(ids, func(a, b tables.RowID) int { return int(int64(t.hot.Serial(a)) - int64(t.hot.Serial(b))) })
			dead = append(dead, ids[:len(ids)-1]...)
		}
		if len(groups) > 0 {
			f := findingIn("", "rows that must have been deleted by lost records, since later rows have their keys (%s), are left out", key.Name)
			f.Table, f.Rows = t.def.Name.String(), int64(len(dead))
			r.lose(f)
		}
	}
	slices.Sort(dead)
	t.hot.Commit(slices.Compact(dead), r.replay.commit)
	return nil
}

// settleVersions gives every table a version of its present schema when the last version that is known is another.
func (r *rescue) settleVersions() error {
	if r.db.tables[tables.TableSchemasTable] == nil {
		return nil
	}
	byName := map[schemahistory.Name]*table{}
	for _, t := range r.db.tables {
		byName[t.def.Name] = t
	}
	for _, name := range sortedNames(byName) {
		t := byName[name]
		last := r.replay.histories[name].Last()
		if t.def.Version == last {
			continue
		}
		f := findingIn("", "versions of its schema are lost; one of its present schema is kept as version %d", last+1)
		f.Table = name.String()
		r.lose(f)
		if err := r.addVersion(t); err != nil {
			return err
		}
	}
	return nil
}

// addVersion gives a table a version of its present schema.
func (r *rescue) addVersion(t *table) error {
	id, err := uuid.NewRandom()
	if err != nil {
		return err
	}
	d := *t.def
	d.Version = r.replay.histories[t.def.Name].Last() + 1
	v, err := schemahistory.Record(&d, id, d.Version, r.db.Now().UnixMicro(), "as it was salvaged")
	if err != nil {
		return err
	}
	r.replay.putVersion(d.Name, v)
	t.hot.SetDefinition(&d)
	t.def = &d
	return nil
}

func sortedNames(m map[schemahistory.Name]*table) []schemahistory.Name {
	names := make([]schemahistory.Name, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	slices.SortFunc(names, compareNames)
	return names
}
