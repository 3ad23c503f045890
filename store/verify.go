package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/stoadb/stoa/arrowschema/arrowjson"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// VerifyOptions are the choices of Verify. nil means the defaults.
type VerifyOptions struct {
	// FS is the file system; nil means vfs.OS().
	FS vfs.FS
	// Progress is told how many bytes of flushed files have been read, and of how many: now and then, never twice at once.
	Progress func(done, total int64)
	// KeyBytes bounds the memory in which keys are compared; 0 means 256 MiB. With less the key columns are read more often.
	KeyBytes int64
	// MaxFindings bounds what is listed; 0 means 10,000. What is beyond is counted.
	MaxFindings int
}

// VerifyReport is what Verify found.
type VerifyReport struct {
	Dir string `json:"dir"`
	// Findings is what is damaged or wrong. An empty list means that all was read, and is what was written.
	Findings []Finding `json:"findings"`
	More     int       `json:"more_findings"` // that are not listed
	// Notes are no damage: files that nobody knows, and what crashes leave for the next opening to put in order.
	Notes []Finding `json:"notes"`
	// What was read: tables that are there, flushed files, rows that are not deleted, records and bytes of the log, bytes of all files.
	Tables     int           `json:"tables"`
	Files      int           `json:"files"`
	Rows       int64         `json:"rows"`
	LogRecords int64         `json:"log_records"`
	Bytes      int64         `json:"bytes"`
	Commit     uint64        `json:"commit"` // the state that was read
	Duration   time.Duration `json:"-"`
}

// Clean tells whether there is no damage.
func (r *VerifyReport) Clean() bool { return len(r.Findings) == 0 }

const (
	defaultKeyBytes = 256 << 20
	maxFindings     = 10000
)

// Verify reads all of a database and says what is damaged. It changes nothing on the disk, takes no lock, and reads the newest committed state beside a writer if
// there is one.
//
// It reads the manifest, the checkpoint and the log, whose records must be whole, follow one another and mean something; every flushed file, its footer, pages,
// page indexes and bloom filters, whose checksums it compares and whose statistics and bounds it holds against the values; and it checks that keys are unique over
// hot and flushed rows, that NOT NULL and CHECKs hold, that deletes are of rows that are there, and that definitions and versions of schemas agree. When the
// manifest, the checkpoint or the log is damaged it goes on with what can be read of them.
//
// Memory: the hot rows, one column of a row group, and KeyBytes. The error is one that kept it from reading, such as ErrNotFound, ErrVersion, or of ctx; what is
// damaged is in the report.
func Verify(ctx context.Context, dir string, opts *VerifyOptions) (*VerifyReport, error) {
	var o VerifyOptions
	if opts != nil {
		o = *opts
	}
	if o.FS == nil {
		o.FS = vfs.OS()
	}
	if o.KeyBytes <= 0 {
		o.KeyBytes = defaultKeyBytes
	}
	if o.MaxFindings <= 0 {
		o.MaxFindings = maxFindings
	}
	start := time.Now()
	v := &verifier{ctx: ctx, opts: o, report: &VerifyReport{Dir: dir, Findings: []Finding{}, Notes: []Finding{}}}
	err := v.run(dir)
	v.report.Duration = time.Since(start)
	return v.report, err
}

// verifier is a verification on its way.
type verifier struct {
	ctx    context.Context
	opts   VerifyOptions
	report *VerifyReport
	db     *DB
	snap   *Snapshot

	done, total int64
	missing     []missingFile
	unread      map[string]map[int]bool // row groups that cannot be read, by path; -1: nothing of the file can
}

// missingFile is a file that was not there when it was to be read.
type missingFile struct {
	ref     *FileRef
	table   uint32
	finding Finding
}

func (v *verifier) find(f Finding) {
	if len(v.report.Findings) >= v.opts.MaxFindings {
		v.report.More++
		return
	}
	v.report.Findings = append(v.report.Findings, f)
}

func (v *verifier) note(f Finding) {
	if len(v.report.Notes) < v.opts.MaxFindings {
		v.report.Notes = append(v.report.Notes, f)
	}
}

func (v *verifier) run(dir string) error {
	if err := v.open(dir); err != nil {
		return err
	}
	defer v.db.Close() // opened for reading: nothing is lost
	v.snap = v.db.Snapshot()
	defer v.snap.Close()
	if err := v.checkManifest(); err != nil {
		return err
	}
	v.report.Commit = v.snap.Seq()
	v.unread = map[string]map[int]bool{}
	for _, t := range v.snap.Tables() {
		for _, f := range t.Files {
			v.total += f.Size
		}
	}
	for _, t := range v.snap.Tables() {
		if err := v.table(t); err != nil {
			return err
		}
	}
	v.versions()
	if err := v.settleMissing(); err != nil {
		return err
	}
	return v.places()
}

// open reads manifest, checkpoint and log: as a reader does, or when they are damaged as a salvage would.
func (v *verifier) open(dir string) error {
	db, err := Open(v.ctx, dir, &Options{FS: v.opts.FS, ReadOnly: true})
	if err == nil {
		v.db = db
		v.readLog(db)
		return nil
	}
	if errors.Is(err, ErrNotFound) {
		there, lerr := leftovers(v.opts.FS, dir)
		if lerr != nil || !there {
			return err
		}
	} else if !isDamage(err) && !errors.Is(err, ErrVersion) {
		return err
	}
	r, rerr := rescueState(v.ctx, dir, v.opts.FS)
	if rerr != nil {
		return rerr
	}
	v.db = r.db
	v.report.LogRecords = r.records
	for _, f := range r.found {
		v.find(f)
	}
	for _, f := range r.lost {
		v.find(f)
	}
	if len(r.found)+len(r.lost) == 0 { // what stands against opening is none of what a salvage finds
		v.find(findingOf(dir, err))
	}
	return nil
}

// readLog takes over what the opening found.
func (v *verifier) readLog(db *DB) {
	log := db.recovery.Log
	v.report.LogRecords, v.report.Bytes = log.Records, log.Bytes
	if log.Last+1 < db.manifest.log {
		v.find(findingIn(filepath.Join(db.dir, logDir), "the log ends with record %d, though the checkpoint has %d", log.Last, db.manifest.log-1))
	}
	if log.TornBytes > 0 {
		f := findingIn(log.TornFile, "the log ends in %d bytes of a torn write (%s), which the next opening for writing cuts off", log.TornBytes, log.TornReason)
		f.Offset = log.TornOffset
		v.note(f)
	}
	if db.recovery.Unfinished > 0 {
		v.note(findingIn(filepath.Join(db.dir, logDir), "the log ends within a statement, which does not count"))
	}
}

// checkManifest tells whether the manifest is, byte for byte, what is written for what it says.
func (v *verifier) checkManifest() error {
	path := filepath.Join(v.db.dir, manifestName)
	b, err := vfs.ReadFile(v.opts.FS, path, maxManifest)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, vfs.ErrTooLarge) {
			return nil // told of
		}
		return err
	}
	v.report.Bytes += int64(len(b))
	m, err := decodeManifest(b)
	if err == nil && m.format == formatVersion && string(m.encode()) != string(b) {
		v.find(findingIn(path, "the manifest is not written as it should be"))
	}
	if info, serr := v.opts.FS.Stat(filepath.Join(v.db.dir, checkpointName(m.checkpoint))); err == nil && serr == nil {
		v.report.Bytes += info.Size()
	}
	return nil
}

// table checks a table: its hot rows, its files, its keys.
func (v *verifier) table(t *TableView) error {
	v.report.Tables++
	v.report.Rows += t.Rows()
	v.hot(t)
	for _, f := range t.Files {
		if err := v.file(t, f); err != nil {
			return err
		}
	}
	for _, key := range t.Def.Keys {
		if err := v.key(t, key); err != nil {
			return err
		}
	}
	return nil
}

// hot checks the constraints of hot rows.
func (v *verifier) hot(t *TableView) {
	segments := t.Hot.Segments()
	for s := range segments {
		seg := &segments[s]
		for c := range t.Def.Columns {
			if p := constraintProblem(t.Def, &t.Def.Columns[c], seg.Column(c), seg.IsLive); p != "" {
				f := findingIn("", "%s", p)
				f.Table, f.Column = t.Def.Name.String(), t.Def.Columns[c].Name
				v.find(f)
			}
		}
	}
}

// file checks a flushed file.
func (v *verifier) file(t *TableView, f *FileRef) error {
	v.report.Files++
	path := v.db.Path(f.Path)
	c := &fileCheck{ctx: v.ctx, fsys: v.opts.FS, def: t.Def, ref: f, path: path, tell: v.find}
	if there, err := vfs.Exists(v.opts.FS, path); !there && (err == nil || errors.Is(err, fs.ErrNotExist)) {
		c.tell = func(found Finding) { v.missing = append(v.missing, missingFile{f, t.Def.ID, found}) }
	}
	if err := c.run(); err != nil {
		if v.ctx.Err() != nil {
			return v.ctx.Err()
		}
		return fmt.Errorf("verifying %s: %w", path, err)
	}
	if c.lost || len(c.bad) > 0 {
		v.unread[f.Path] = c.bad
		c.bad[-1] = c.lost
	}
	v.report.Bytes += f.Size
	v.done += f.Size
	if v.opts.Progress != nil {
		v.opts.Progress(v.done, v.total)
	}
	return nil
}

// key looks for rows that share a key.
func (v *verifier) key(t *TableView, key schemahistory.Key) error {
	k := &keyScan{ctx: v.ctx, db: v.db, view: t, key: key, limit: int(max(v.opts.KeyBytes/8, 1024)), skip: v.skips}
	groups, more, err := k.duplicates()
	if isMissing(err) || isDamage(err) {
		return nil // beside a writer: told of with the file, or gone with it
	}
	if err != nil {
		return err
	}
	if len(groups) == 0 {
		return nil
	}
	rows := int64(0)
	for _, g := range groups {
		rows += int64(len(g))
	}
	f := findingIn("", "key %s is not unique: %d values are those of more than one row", key.Name, len(groups))
	if more {
		f.Problem += ", at least"
	}
	f.Table, f.Rows = t.Def.Name.String(), rows
	v.find(f)
	return nil
}

func (v *verifier) skips(f *FileRef, group int) bool {
	bad := v.unread[f.Path]
	return bad[-1] || group >= 0 && bad[group]
}

// versions checks that the versions of schemas, the rows of system.table_schemas and the definitions agree.
func (v *verifier) versions() {
	schemas, ok := v.snap.TableByID(tables.TableSchemasTable)
	if !ok {
		return // the older form keeps none
	}
	wrong := func(table schemahistory.Name, format string, args ...any) {
		f := findingIn("", format, args...)
		f.Table = table.String()
		v.find(f)
	}
	count := 0
	for _, h := range v.snap.Histories() {
		for i, version := range h.Versions {
			if version.Number != int64(i)+1 {
				wrong(h.Name, "version %d of its schema stands in the place of version %d", version.Number, i+1)
			}
			if _, err := arrowjson.ParseSchema(version.Schema); err != nil {
				wrong(h.Name, "version %d of its schema is no Arrow schema", version.Number)
			}
		}
		count += len(h.Versions)
	}
	if int64(count) != schemas.Rows() {
		wrong(schemas.Def.Name, "it has %d rows, and there are %d versions of schemas", schemas.Rows(), count)
	}
	for _, t := range v.snap.Tables() {
		if last := v.snap.History(t.Def.Name).Last(); t.Def.Version != last {
			wrong(t.Def.Name, "its definition is of version %d, and the last version of its schema is %d", t.Def.Version, last)
		}
		for i := range t.Def.Columns {
			if m := t.Def.Columns[i].Missing; m != nil {
				if _, err := vec.Constant(t.Def.Columns[i].Type, *m); err != nil {
					wrong(t.Def.Name, "what older rows have in column %s is no value of its type", t.Def.Columns[i].Name)
				}
			}
		}
	}
}

// settleMissing tells of the files that are missing, unless a writer has removed them meanwhile: then its newer state does without them.
func (v *verifier) settleMissing() error {
	if len(v.missing) == 0 {
		return nil
	}
	again, err := Open(v.ctx, v.db.dir, &Options{FS: v.opts.FS, ReadOnly: true})
	if err != nil && !isDamage(err) && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrVersion) {
		return err
	}
	var now *Snapshot
	if err == nil {
		defer again.Close()
		now = again.Snapshot()
		defer now.Close()
	}
	for _, m := range v.missing {
		if now != nil && now.Seq() > v.snap.Seq() {
			t, ok := now.TableByID(m.table)
			if !ok {
				continue
			}
			if f, ok := t.File(m.ref.Number); !ok || f.Path != m.ref.Path {
				continue
			}
		}
		v.find(m.finding)
	}
	return nil
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
