package bind

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

// ParquetFiles is what a call of read_parquet asks for.
type ParquetFiles struct {
	At          parser.Pos // of the call
	Paths       []string   // names of files, or patterns
	Filename    bool       // a further column, filename, is to say which file a row is of
	UnionByName bool       // a column that a file does not have is NULL there
}

// readParquet is the one function that gives rows.
const readParquet = "read_parquet"

// tableFunction binds a function in FROM.
func (b *Binder) tableFunction(e *parser.FunctionTable, outer *scope) (plan.Node, *scope, error) {
	f, ok := e.Func.(*parser.FuncCall)
	switch {
	case !ok || f.Schema != "" || f.Name != readParquet || b.ReadParquet == nil:
		return nil, nil, unsupported(e.Pos, "a function in FROM")
	case e.Ordinality:
		return nil, nil, unsupported(e.Pos, "WITH ORDINALITY")
	case len(e.ColumnDefs) > 0:
		return nil, nil, sqlstate.New(sqlstate.SyntaxError, "a column definition list is only allowed for functions returning \"record\"").
			At(int(e.ColumnDefs[0].Pos))
	}
	if err := b.relate(1); err != nil {
		return nil, nil, err
	}
	files, err := b.parquetFiles(f)
	if err != nil {
		return nil, nil, err
	}
	scan, err := b.ReadParquet(files)
	if err != nil {
		return nil, nil, err
	}
	if scan.Alias = readParquet; e.Alias != nil {
		scan.Alias = e.Alias.Name
	}
	cols, err := aliased(scan.Columns(), e.Alias)
	if err != nil {
		return nil, nil, err
	}
	sc := newScope(outer)
	sc.addTable("", scan.Alias, cols)
	sc.mentioned = []mention{{alias: scan.Alias}}
	return scan, sc, nil
}

// parquetFiles evaluates the arguments of read_parquet: names and patterns, one by one or as ARRAY[…], and options by name.
func (b *Binder) parquetFiles(f *parser.FuncCall) (*ParquetFiles, error) {
	files := &ParquetFiles{At: f.Pos}
	if f.Star || f.Distinct || f.OrderBy != nil {
		return nil, noSuchFunction(f)
	}
	for _, arg := range f.Args {
		if named, ok := arg.(*parser.NamedArg); ok {
			if err := b.parquetOption(files, named); err != nil {
				return nil, err
			}
			continue
		}
		if err := b.parquetPath(files, arg); err != nil {
			return nil, err
		}
	}
	if len(files.Paths) == 0 {
		return nil, noSuchFunction(f)
	}
	return files, nil
}

func noSuchFunction(f *parser.FuncCall) error {
	return sqlstate.New(sqlstate.UndefinedFunction, "function %s with these arguments does not exist", f.Name).At(int(f.Pos)).
		WithHint("It takes the names of files, or patterns of names, and the options filename => true and union_by_name => true.")
}

// parquetPath adds the names that an argument gives.
func (b *Binder) parquetPath(files *ParquetFiles, arg parser.Expr) error {
	if list, ok := arg.(*parser.Array); ok {
		for _, e := range list.Elems {
			if err := b.parquetPath(files, e); err != nil {
				return err
			}
		}
		return nil
	}
	c, err := b.Constant(arg, arrowschema.Text)
	if err != nil {
		return err
	}
	if c.IsNull() {
		return sqlstate.New("22004", "the name of a file must not be null").At(int(pos(arg)))
	}
	files.Paths = append(files.Paths, c.V.Strs[0])
	return nil
}

// parquetOption sets an option.
func (b *Binder) parquetOption(files *ParquetFiles, arg *parser.NamedArg) error {
	var to *bool
	switch arg.Name {
	case "filename":
		to = &files.Filename
	case "union_by_name":
		to = &files.UnionByName
	default:
		return sqlstate.New(sqlstate.UndefinedFunction, "function %s has no argument named %q", readParquet, arg.Name).At(int(arg.Pos)).
			WithHint("The options are filename and union_by_name.")
	}
	c, err := b.Constant(arg.Value, arrowschema.Bool)
	if err != nil {
		return err
	}
	if c.IsNull() {
		return sqlstate.New("22004", "argument %q must not be null", arg.Name).At(int(arg.Pos))
	}
	*to = c.V.Bools[0]
	return nil
}
