package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// orphan is a flushed file of which no description is known, as it describes itself.
type orphan struct {
	path    string
	table   schemahistory.Name
	version int64
	columns []parquetio.StoredColumn
	sort    string
	ref     *FileRef
}

// adopt looks in the storages for files that belong to tables of the database and whose descriptions are lost, with a part of the checkpoint or of the log. Their
// rows are taken for those of the table as far as no other row has their keys. A file of a table without a key is taken only when all descriptions are lost: else
// nobody could tell whether its rows are there already.
func (s *salvage) adopt() error {
	orphans, err := s.orphans()
	if err != nil {
		return err
	}
	for _, o := range orphans {
		t := s.tableNamed(o.table)
		if t == nil && s.rescue.catalogueLost {
			if t, err = s.define(o); err != nil {
				return err
			}
		}
		problem := "its table is not known"
		if t != nil {
			problem = s.fits(t, o)
		}
		if problem == "" {
			var found []Finding
			o.ref.SchemaVersion = min(o.ref.SchemaVersion, t.def.Version)
			c := &fileCheck{ctx: s.ctx, fsys: s.opts.FS, def: t.def, ref: o.ref, path: o.path, tell: func(f Finding) { found = append(found, f) }}
			if err := c.run(); err != nil {
				return err
			}
			if c.lost || c.worn || len(c.bad) > 0 {
				problem = "it is damaged itself"
			}
		}
		if problem != "" {
			f := s.left(o.path, problem)
			f.Rows, f.Table, f.Key = o.ref.Rows, o.table.String(), o.ref.keyRange()
			s.lost(f)
			s.report.Left = append(s.report.Left, o.path)
			continue
		}
		o.ref.Number = t.nextFile
		t.nextFile++
		t.files = append(slices.Clip(t.files), o.ref)
		s.adopted[o.ref.Path] = true
	}
	return nil
}

// left tells of a file that stays where it is.
func (s *salvage) left(path, problem string) Finding {
	return findingIn(path, "the file is not known to the database, and is left as it is: %s", problem)
}

// tellAdopted lists the files that were taken over.
func (s *salvage) tellAdopted() {
	for path := range s.adopted {
		s.report.Adopted = append(s.report.Adopted, s.db.Path(path))
	}
	slices.Sort(s.report.Adopted)
	for _, path := range s.report.Adopted {
		s.lost(findingIn(path, "the file was found and is taken over; its deletes are not known: rows of it that were deleted or changed may be back"))
		s.changed = true
	}
}

func (s *salvage) tableNamed(name schemahistory.Name) *table {
	for _, t := range s.db.tables {
		if t.def.Name == name {
			return t
		}
	}
	return nil
}

// orphans finds the files, in order of table, version and name.
func (s *salvage) orphans() ([]*orphan, error) {
	known := map[string]bool{}
	for _, t := range s.db.tables {
		for _, f := range t.files {
			known[s.db.Path(f.Path)] = true
		}
	}
	for _, f := range s.gone {
		known[s.db.Path(f.Path)] = true
	}
	for path := range s.db.reserved { // half written, or done with
		known[s.db.Path(path)] = true
	}
	snap := s.db.Snapshot()
	defer snap.Close()
	var out []*orphan
	budget := maxEntries
	for _, dir := range s.db.storageDirs(snap) {
		err := walkFiles(s.opts.FS, dir, s.db.notStorage, &budget, func(path string) error {
			if known[path] || !strings.HasSuffix(path, ".parquet") || strings.HasPrefix(filepath.Base(path), tempPrefix) {
				return s.ctx.Err()
			}
			o, err := s.orphan(path)
			if o != nil {
				out = append(out, o)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b *orphan) int {
		return cmp.Or(compareNames(a.table, b.table), cmp.Compare(b.version, a.version), cmp.Compare(filepath.Base(a.path), filepath.Base(b.path)))
	})
	return out, nil
}

// orphan reads what a file says of itself; nil when it is none of ours, or what an interrupted salvage has left.
func (s *salvage) orphan(path string) (*orphan, error) {
	file, err := parquetio.Open(s.opts.FS, path, nil)
	if err != nil {
		if !isDamage(err) {
			return nil, err
		}
		s.lost(s.left(path, "it cannot be read"))
		return nil, nil
	}
	defer file.Close() // opened for reading: nothing is lost
	meta := file.Metadata()
	o := &orphan{path: path, table: schemahistory.Name{Namespace: meta[parquetio.KeyNamespace], Table: meta[parquetio.KeyTable]}, sort: meta[parquetio.KeySortColumn]}
	if o.table.Table == "" || json.Unmarshal([]byte(meta[parquetio.KeyColumns]), &o.columns) != nil || len(o.columns) == 0 {
		return nil, nil
	}
	if from, ok := meta[keySalvaged]; ok {
		if there, err := vfs.Exists(s.opts.FS, s.db.Path(from)); there || err != nil && !isMissing(err) {
			return nil, err
		}
	}
	rel, err := filepath.Rel(filepath.Clean(s.dir), path)
	if err != nil || !filepath.IsLocal(rel) {
		rel = path
	}
	o.ref = &FileRef{Path: filepath.ToSlash(rel), Rows: file.Rows(), Size: file.Size(), Storage: meta[keyStorage], User: meta[keyUser], CreatedAt: s.db.Now().UnixMicro()}
	if !o.describe(meta) {
		s.lost(s.left(path, "what it says of itself is not understood"))
		s.report.Left = append(s.report.Left, path)
		return nil, nil
	}
	o.ref.FooterCRC, err = footerSum(s.opts.FS, path, file.Size())
	return o, err
}

// describe takes the numbers that a file says of itself, and tells whether they are numbers.
func (o *orphan) describe(meta map[string]string) bool {
	whole := true
	number := func(key string) int64 {
		n, err := strconv.ParseInt(meta[key], 10, 64)
		whole = whole && err == nil
		return n
	}
	o.version = number(parquetio.KeySchemaVersion)
	o.ref.SchemaVersion = o.version
	if _, sorted := meta[parquetio.KeySortMin]; sorted {
		o.ref.SortMin, o.ref.SortMax, o.ref.HasSort = number(parquetio.KeySortMin), number(parquetio.KeySortMax), true
	}
	return whole
}

// footerSum gives the checksum of a file from its footer on.
func footerSum(fsys vfs.FS, path string, size int64) (uint32, error) {
	f, err := fsys.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close() // opened for reading: nothing is lost
	var end [8]byte
	if _, err := f.ReadAt(end[:], size-int64(len(end))); err != nil {
		return 0, err
	}
	tail := make([]byte, min(int64(le.Uint32(end[:]))+int64(len(end)), size))
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil {
		return 0, err
	}
	return crc32.Checksum(tail, castagnoli()), nil
}

// fits says why a file cannot be one of a table's, "" when it can.
func (s *salvage) fits(t *table, o *orphan) string {
	if len(t.def.Keys) == 0 && !s.rescue.catalogueLost {
		return "its table has no key by which its rows could be told from those that are there"
	}
	for _, c := range o.columns {
		typ, ok := arrowschema.ByName(c.Type)
		known := columnWithID(t.def, c.ID)
		switch {
		case !ok || c.ID <= 0:
			return fmt.Sprintf("its column %s is not understood", c.Name)
		case known == nil && c.ID > lastColumn(t.def):
			return fmt.Sprintf("the table has no column number %d", c.ID)
		case known != nil && !vec.Widens(typ, known.Type):
			return fmt.Sprintf("its column %s is %s, and the table's %s", c.Name, typ, known.Type)
		}
	}
	for _, key := range t.def.Keys {
		for _, i := range key.Columns {
			if key.Primary && !slices.ContainsFunc(o.columns, func(c parquetio.StoredColumn) bool { return c.ID == t.def.Columns[i].ID }) {
				return "it lacks a column of the primary key"
			}
		}
	}
	return ""
}

// define makes the table of a file whose definition is lost, as far as the file tells: columns, types, NOT NULL, defaults and the primary key. The first file is
// the one of the latest version.
func (s *salvage) define(o *orphan) (*table, error) {
	now := s.db.Now().UnixMicro()
	def := &schemahistory.TableDefinition{ID: s.db.nextTable, Name: o.table, SortColumn: -1, UserColumn: -1, Storage: o.ref.Storage, CreatedAt: now, UpdatedAt: now}
	var primary []int
	for i, c := range o.columns {
		typ, ok := arrowschema.ByName(c.Type)
		if !ok {
			return nil, nil
		}
		def.Columns = append(def.Columns, schemahistory.Column{
			ID: c.ID, Name: c.Name, Type: typ, Modifier: c.Modifier, NotNull: c.NotNull, Default: c.Default, Dictionary: c.Dictionary,
			Missing: c.Missing,
		})
		if c.PrimaryKey {
			primary = append(primary, i)
		}
		if c.Name == o.sort {
			def.SortColumn = i
		}
		if c.Name == "user_id" && typ == arrowschema.Text {
			def.UserColumn = i
		}
	}
	if len(primary) > 0 {
		def.Keys = []schemahistory.Key{{Name: o.table.Table + "_pkey", Columns: primary, Primary: true}}
	}
	def.LastColumn = lastColumn(def)
	if err := checkDefinition(def); err != nil {
		return nil, nil // the file is listed
	}
	t := s.db.newTable(def)
	s.db.tables[def.ID], s.db.names[def.Name] = t, t
	s.db.nextTable++
	f := findingIn(o.path, "the table's definition is made of what the file says; CHECKs and UNIQUE constraints are lost")
	f.Table = o.table.String()
	s.lost(f)
	if err := s.rescue.addVersion(t); err != nil {
		return nil, err
	}
	// The rows of system.table_schemas are made already.
	schemas := s.db.tables[tables.TableSchemasTable]
	if schemas == nil {
		return t, nil
	}
	versions := s.rescue.replay.histories[t.def.Name].Versions
	b, err := versionRows(schemas.def, t.def.Name, versions[len(versions)-1:])
	if err != nil {
		return nil, err
	}
	if c := schemas.hot.Append(b, nil); c != nil {
		return nil, duplicateKey(schemas.def, c.Key, b, c.Row)
	}
	schemas.hot.Commit(nil, s.rescue.replay.commit)
	return t, nil
}
