package exec

import (
	"errors"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/bind"
	"github.com/stoadb/stoa/sql/copyio"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

const (
	// openFiles is how many files of one read_parquet stay open: a process may have 1,024 open at least on usual systems.
	openFiles = 256
	// perFile and perChunk are the memory of an open file and of what its footer says of a column chunk, in bytes, about.
	perFile, perChunk = 16 << 10, 600
	// filenameColumn is the column that option filename adds.
	filenameColumn = "filename"
)

// readParquet opens the files of read_parquet. Their columns are matched by name: those of the same name, and the same place among those of that name, are
// one column, of the widest of their types. The files stay open until the statement ends.
func (s *statement) readParquet(call *bind.ParquetFiles) (*plan.Scan, error) {
	r := &parquetRelation{stmt: s, call: call, refused: map[int]error{}, places: map[columnKey]int{}}
	n, err := r.open()
	var coded *sqlstate.Error
	if errors.As(err, &coded) && coded.Position == 0 {
		c := *coded
		return nil, c.At(int(call.At))
	}
	return n, err
}

// parquetRelation is what the files of one read_parquet have in common.
type parquetRelation struct {
	stmt    *statement
	call    *bind.ParquetFiles
	paths   []string
	files   []*parquetio.File
	columns []schemahistory.Column
	source  []int // of each column, the file that had it first
	refused map[int]error
	places  map[columnKey]int
}

// columnKey names a column: a file may have several of one name.
type columnKey struct {
	name string
	nth  int
}

func (r *parquetRelation) open() (*plan.Scan, error) {
	s := r.stmt
	for _, p := range r.call.Paths {
		paths, err := filesOf(s.ctx, s.engine.db.FS(), p)
		if err != nil {
			return nil, err
		}
		r.paths = append(r.paths, paths...)
	}
	fsys := &steadyFS{FS: s.engine.db.FS(), keep: len(s.files)+len(r.paths) <= openFiles}
	for _, p := range r.paths {
		if err := s.ctx.Err(); err != nil {
			return nil, err
		}
		f, err := copyio.OpenParquet(fsys, p)
		if err != nil {
			return nil, err
		}
		s.files, r.files = append(s.files, f), append(r.files, f)
		if err := s.memory.Reserve(perFile + perChunk*int64(f.RowGroups()*len(f.Columns()))); err != nil {
			return nil, err
		}
	}
	for i := range r.files {
		if err := r.match(i); err != nil {
			return nil, err
		}
	}
	return r.scan()
}

// match finds the columns of a file among those there are, and gives them their numbers.
func (r *parquetRelation) match(i int) error {
	f := r.files[i]
	ids, have := make([]int32, len(f.Columns())), map[int]bool{}
	nth := map[string]int{}
	for at := range f.Columns() {
		name := f.Columns()[at].Name
		key := columnKey{name, nth[name]}
		nth[name]++
		c, known := r.places[key]
		switch {
		case known:
			if err := r.reconcile(c, i, at); err != nil {
				return err
			}
		case i > 0 && !r.call.UnionByName:
			return r.missing(name, r.paths[i], r.paths[0])
		default:
			c = len(r.columns)
			r.places[key] = c
			r.add(i, at)
		}
		ids[at], have[c] = int32(c+1), true
	}
	for c := range r.columns {
		if !have[c] && !r.call.UnionByName {
			return r.missing(r.columns[c].Name, r.paths[r.source[c]], r.paths[i])
		}
	}
	f.Renumber(ids)
	return nil
}

func (r *parquetRelation) missing(column, in, from string) error {
	return sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" of file \"%s\" is missing from file \"%s\"", column, in, from).
		WithHint("With union_by_name => true, files without a column have NULL in it.")
}

// add makes a column of one that no file before had.
func (r *parquetRelation) add(file, at int) {
	c := r.files[file].Columns()[at]
	col := schemahistory.Column{ID: int32(len(r.columns) + 1), Name: c.Name, Type: c.Type}
	if why := r.files[file].Refusal(at); why != "" {
		r.refuse(len(r.columns), file, c.Name, why)
		col.Type = arrowschema.Text
	}
	r.columns, r.source = append(r.columns, col), append(r.source, file)
}

func (r *parquetRelation) refuse(c, file int, name, why string) {
	r.refused[c] = sqlstate.New(sqlstate.FeatureNotSupported, "column \"%s\" of file \"%s\" cannot be read: %s", name, r.paths[file], why).
		WithHint("Name the columns to read in the place of *.")
}

// reconcile makes a column wide enough for what a further file has in it.
func (r *parquetRelation) reconcile(c, file, at int) error {
	if r.refused[c] != nil {
		return nil
	}
	col, f := &r.columns[c], r.files[file]
	if why := f.Refusal(at); why != "" {
		r.refuse(c, file, col.Name, why)
		return nil
	}
	f.ReadAs(at, col.Type)
	t := f.Columns()[at].Type
	common, ok := widest(col.Type, t)
	if !ok {
		return sqlstate.New(sqlstate.DatatypeMismatch, "column \"%s\" is of type %s in file \"%s\" and of type %s in file \"%s\"",
			col.Name, col.Type, r.paths[r.source[c]], t, r.paths[file]).WithHint("Read the files one by one, with a cast, and combine them with UNION ALL.")
	}
	col.Type = common
	return nil
}

// widest gives the one of two types whose values those of the other are, too.
func widest(a, b arrowschema.Type) (arrowschema.Type, bool) {
	switch {
	case a == b, holds(a, b):
		return a, true
	case holds(b, a):
		return b, true
	}
	return a, false
}

// holds tells whether a column of one type has room for every value of the other.
func holds(wide, narrow arrowschema.Type) bool {
	switch wide {
	case arrowschema.Int4, arrowschema.Int8:
		return narrow.Integer() && narrow < wide
	case arrowschema.Text:
		return narrow == arrowschema.Varchar
	case arrowschema.Float8:
		return narrow == arrowschema.Float4 || narrow == arrowschema.Int2 || narrow == arrowschema.Int4
	case arrowschema.Numeric, arrowschema.Float4, arrowschema.Timestamp:
		return vec.Widens(narrow, wide) && !vec.Alike(narrow, wide)
	}
	return false
}

// scan makes the plan's node: a table of the files' columns that has no hot rows.
func (r *parquetRelation) scan() (*plan.Scan, error) {
	filename := -1
	if r.call.Filename {
		if _, taken := r.places[columnKey{filenameColumn, 0}]; taken {
			return nil, sqlstate.New(sqlstate.DuplicateColumn, "column %q specified more than once", filenameColumn).
				WithDetail("The files have a column of that name.")
		}
		filename = len(r.columns)
		r.columns = append(r.columns, schemahistory.Column{ID: int32(filename + 1), Name: filenameColumn, Type: arrowschema.Text})
	}
	def := &schemahistory.TableDefinition{
		Name: schemahistory.Name{Table: "read_parquet"}, Columns: r.columns, SortColumn: -1, UserColumn: -1,
	}
	view := &store.TableView{Def: def, Hot: &tables.View{}}
	for i, f := range r.files {
		view.Files = append(view.Files, &store.FileRef{Number: uint32(i + 1), Path: r.paths[i], Rows: f.Rows(), Size: f.Size()})
	}
	n := &plan.Scan{Table: view, Cols: make([]int, len(r.columns)), Foreign: &plan.Foreign{
		Paths: r.paths, Filename: filename, Refused: r.refused,
		Open: func(ref *store.FileRef) (*parquetio.File, error) { return r.files[ref.Number-1], nil },
	}}
	for i := range n.Cols {
		n.Cols[i] = i
	}
	return n, nil
}
