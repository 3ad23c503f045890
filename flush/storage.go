package flush

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/flush/pathtemplate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// ValidateStorage tells whether a row of system.storages is in order; it is asked whenever one is inserted or changed. The error is a
// *sqlstate.Error: 22023 for a template that cannot be used, or a base path with NUL. A base path that is no directory of this machine may
// stand there, for other programs to know of; flushing to it is refused.
func ValidateStorage(name, basePath, template string) error {
	if strings.ContainsRune(basePath, 0) {
		return sqlstate.New(sqlstate.InvalidParameterValue, "invalid base_path %q of storage %q", basePath, name).WithDetail("It contains NUL.")
	}
	_, err := pathtemplate.Parse(template)
	return err
}

func parseStorage(name, basePath, template string) (*pathtemplate.Template, error) {
	switch {
	case strings.ContainsRune(basePath, 0):
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "invalid base_path %q of storage %q", basePath, name).WithDetail("It contains NUL.")
	case strings.Contains(basePath, "://"):
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "base_path %q of storage %q is not supported", basePath, name).
			WithDetail("Storages are directories; object stores are not supported.").WithHint("Mount the store, and give its directory.")
	}
	return pathtemplate.Parse(template)
}

// storage is where the files of a table go.
type storage struct {
	name     string
	template *pathtemplate.Template
	// path is the base path as a FileRef has it: relative to the database's directory, or absolute when it is outside. shown is how users are told.
	path, shown string
}

// defaultStorage is the storage that every database begins with, and that of a table whose definition names none.
const defaultStorage = "primary"

// CheckStorage tells whether the storage that a table is to have exists: 42704 when it does not.
func CheckStorage(tx *store.Tx, table schemahistory.Name, name string) error {
	_, err := findStorage(tx, table, name)
	return err
}

// findStorage reads a storage's row, hot or flushed.
func findStorage(tx *store.Tx, table schemahistory.Name, name string) (tables.Storage, error) {
	missing := func() error {
		return sqlstate.New(sqlstate.UndefinedObject, "storage %q of table %s does not exist", name, table).
			WithHint("Insert a row of that name into system.storages, or give the table another one with ALTER TABLE … SET (storage = '…').")
	}
	def, ok := tx.TableByID(tables.StoragesTable)
	if !ok {
		return tables.Storage{}, missing()
	}
	byName := def.Find("name")
	k := slices.IndexFunc(def.Keys, func(k schemahistory.Key) bool { return len(k.Columns) == 1 && k.Columns[0] == byName })
	if k < 0 {
		return tables.Storage{}, missing()
	}
	ids, err := tx.Find(def.Name, def.Keys[k], []*vec.Vec{vec.NewFlat(arrowschema.Text, []string{name}, nil)})
	if err != nil {
		return tables.Storage{}, err
	}
	if primary := tables.PrimaryStorage(); ids[0] == 0 && name == primary.Name {
		return primary, nil
	}
	if ids[0] == 0 {
		return tables.Storage{}, missing()
	}
	b, err := tx.Rows(def.Name, ids, allColumns(def))
	if err != nil {
		return tables.Storage{}, err
	}
	return tables.StorageAt(def, b, 0), nil
}

func allColumns(def *schemahistory.TableDefinition) []int {
	out := make([]int, len(def.Columns))
	for i := range out {
		out[i] = i
	}
	return out
}

// resolveStorage finds out where a storage is.
func resolveStorage(db *store.DB, row tables.Storage) (*storage, error) {
	template, err := parseStorage(row.Name, row.BasePath, row.PathTemplate)
	if err != nil {
		return nil, err
	}
	if row.BasePath == "" {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "the base_path of storage %q is empty", row.Name).WithHint("Give it a directory.")
	}
	s := &storage{name: row.Name, template: template}
	base := filepath.Clean(filepath.FromSlash(row.BasePath))
	if filepath.IsLocal(base) {
		s.path = filepath.ToSlash(base)
		s.shown = joinShown(filepath.ToSlash(db.Dir()), s.path)
		return s, nil
	}
	if !filepath.IsAbs(base) {
		base = filepath.Join(db.Dir(), base)
	}
	fsys := db.FS()
	if base, err = fsys.Abs(base); err != nil {
		return nil, err
	}
	home, err := fsys.Abs(db.Dir())
	if err != nil {
		return nil, err
	}
	s.path, s.shown = filepath.ToSlash(base), filepath.ToSlash(base)
	if rel, err := filepath.Rel(home, base); err == nil && filepath.IsLocal(rel) {
		s.path = filepath.ToSlash(rel) // within the database's directory, which so can be moved
	}
	return s, nil
}

// joinShown joins paths without cleaning the first: ./data and storage/x are ./data/storage/x, as a user would write it.
func joinShown(dir, name string) string {
	if name == "." {
		return dir
	}
	return strings.TrimSuffix(dir, "/") + "/" + name
}

// logDirectory is the one directory in the database's own that is not for files of tables.
const logDirectory = "wal"

// directory gives the path of a directory in the storage, as a FileRef has it.
func (s *storage) directory(name string) (string, error) {
	dir := path.Join(s.path, name)
	if first, _, _ := strings.Cut(dir, "/"); strings.EqualFold(first, logDirectory) {
		return "", sqlstate.New(sqlstate.InvalidParameterValue, "storage %q would put files into the database's log directory", s.name).
			WithHint("Give it a base_path that is not the database's directory itself.")
	}
	return dir, nil
}

// show gives the name under which users are told of a path within the storage.
func (s *storage) show(name string) string {
	rel := strings.TrimPrefix(strings.TrimPrefix(name, s.path), "/")
	if s.path == "." {
		rel = name
	}
	return joinShown(s.shown, rel)
}

// resultText words a job's result as the contract does.
func resultText(rows int64, files []FileReport) string {
	switch len(files) {
	case 0:
		return fmt.Sprintf("Flushed %s records: all others were changed while they were written", grouped(rows))
	case 1:
		return fmt.Sprintf("Flushed %s records to %s", grouped(rows), files[0].Path)
	}
	common := parentOf(files[0].Path)
	for _, f := range files[1:] {
		for !within(f.Path, common) {
			common = parentOf(common)
		}
	}
	return fmt.Sprintf("Flushed %s records to %s files under %s", grouped(rows), grouped(int64(len(files))), common)
}

func within(name, dir string) bool {
	return dir == "" || dir == "." || dir == "/" || strings.HasPrefix(name, dir+"/")
}

// parentOf is path.Dir without cleaning: the leading ./ stays.
func parentOf(dir string) string {
	at := strings.LastIndexByte(dir, '/')
	switch {
	case at > 0:
		return dir[:at]
	case at == 0:
		return "/"
	default:
		return "."
	}
}

// grouped writes a number with commas between groups of three digits.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}
