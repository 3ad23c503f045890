package exec

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/sql/copyio"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/store"
)

// buildForeign makes the operators that read files.
func (s *statement) buildForeign(n *plan.Scan) (scan.Source, error) {
	place := -1 // of the file's name in the output
	for i, c := range n.Cols {
		if err := n.Foreign.Refused[c]; err != nil {
			return nil, err
		}
		if c == n.Foreign.Filename {
			place = i
		}
	}
	if err := s.reserveRowGroups(n); err != nil {
		return nil, err
	}
	if place < 0 {
		return &scan.Table{View: n.Table, Files: n.Foreign.Open, Memory: fileMemory, Cols: n.Cols, RowID: n.RowID, Conds: n.Conds, Counters: s.countersOf(n)}, nil
	}
	// The name is a constant for each file: each is a table of its own, whose conditions and columns know it.
	union := &scan.Union{}
	for _, ref := range n.Table.Files {
		union.Inputs = append(union.Inputs, s.namedFile(n, ref, place))
	}
	return union, nil
}

// namedFile reads one file, with its name at a place of the output.
func (s *statement) namedFile(n *plan.Scan, ref *store.FileRef, place int) scan.Source {
	name := exprs.NewConst(vec.NewConst(arrowschema.Text, ref.Path, 1))
	view := &store.TableView{Def: n.Table.Def, Hot: n.Table.Hot, Files: []*store.FileRef{ref}}
	t := &scan.Table{View: view, Files: n.Foreign.Open, Memory: fileMemory, Counters: s.countersOf(n)}
	out := make([]exprs.Expr, len(n.Cols))
	for i, c := range n.Cols {
		if i == place {
			out[i] = name
			continue
		}
		out[i] = &exprs.Column{Index: len(t.Cols), T: n.Table.Def.Columns[c].Type, Name: n.Table.Def.Columns[c].Name}
		t.Cols = append(t.Cols, c)
	}
	for _, c := range n.Conds {
		c = exprs.Rewrite(c, func(e exprs.Expr) exprs.Expr {
			if col, ok := e.(*exprs.Column); ok {
				return out[col.Index]
			}
			return e
		})
		t.Conds = append(t.Conds, s.known(c))
	}
	return &scan.Project{Input: t, Exprs: out}
}

// fileMemory bounds what one scan of a file may take at a time.
func fileMemory(ref *store.FileRef) parquetio.Memory { return copyio.FileMemory(ref.Path, ref.Size) }

// known evaluates a condition without columns, so that it rules out whole files; one that fails will fail again on the first row.
func (s *statement) known(c exprs.Expr) exprs.Expr {
	constant := true
	exprs.Walk(c, func(e exprs.Expr) bool {
		_, column := e.(*exprs.Column)
		call, calls := e.(*exprs.Call)
		constant = constant && !column && !(calls && call.Fn.Volatility == exprs.Volatile)
		return constant
	})
	if !constant {
		return c
	}
	v, err := c.Eval(s.eval(), &vec.Batch{N: 1})
	if err != nil {
		return c
	}
	return exprs.NewConst(v)
}

// usualRows is the largest row group that is read without asking the budget, as those of tables are: DuckDB writes 122,880 rows. Spark and pyarrow write row
// groups of millions, of which a column is decoded as a whole.
const usualRows = 1 << 18

// markBytes is what a scan takes for each row of a row group to find out which rows pass.
const markBytes = 5

// reserveRowGroups takes the memory that the largest row groups need that are decoded at the same time, 8 or 16 bytes a value. A row group that needs more than
// its file's size justifies is refused: a file of a kilobyte can have one of 2^31 rows.
func (s *statement) reserveRowGroups(n *plan.Scan) error {
	width := int64(0)
	for _, c := range n.Cols {
		width += 8
		if form := n.Table.Def.Columns[c].Type.Physical(); form == arrowschema.Strings || form == arrowschema.UUIDs || form == arrowschema.Decs {
			width += 8
		}
	}
	var large []int64
	for _, ref := range n.Table.Files {
		f, err := n.Foreign.Open(ref)
		if err != nil {
			return err
		}
		for rg := range f.RowGroups() {
			rows := f.RowGroupRows(rg)
			if rows > usualRows && int64(rows) > f.MaxMemory()/(width+markBytes) {
				return sqlstate.New(sqlstate.ProgramLimitExceeded, "the rows of file \"%s\" need too much memory", ref.Path).
					WithDetail("Row group %d has %d rows, which a file of %d bytes does not justify.", rg, rows, ref.Size)
			}
			if rows > usualRows {
				large = append(large, int64(rows)*width)
			}
		}
	}
	slices.SortFunc(large, func(a, b int64) int { return cmp.Compare(b, a) })
	var bytes int64
	for _, size := range large[:min(len(large), s.engine.opts.Workers)] {
		bytes += size
	}
	return s.memory.Reserve(bytes)
}

// closeFiles closes what read_parquet has opened.
func (s *statement) closeFiles() {
	for _, f := range s.files {
		_ = f.Close() // they were read
	}
	s.files = nil
}

// foreign gives an error of reading the files of read_parquet its SQLSTATE, and takes from one about a value, which may be theirs, what it quotes. A position says that
// it is about the statement's text, or about the columns of the files.
func (s *statement) foreign(err error) error {
	if err == nil || len(s.files) == 0 {
		return err
	}
	var coded *sqlstate.Error
	if errors.As(err, &coded) {
		around := strings.TrimSuffix(err.Error(), coded.Error()) // in which file, row group and column
		known := around != err.Error() && around != ""
		if class := string(coded.Code)[:2]; coded.Position == 0 && (class == "22" || class == "23") {
			err = copyio.Unquoted(coded)
			errors.As(err, &coded)
		}
		if known && coded.Where == "" {
			c := *coded
			return c.InContext("%s", strings.TrimSuffix(around, ": "))
		}
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return copyio.ReadError(err, s.files[0].Path())
}

// shownFiles is how many files EXPLAIN names.
const shownFiles = 5

// describeForeign names the files that a scan reads, for EXPLAIN.
func describeForeign(n *plan.Scan) (string, []string) {
	title := "Scan on read_parquet"
	if n.Alias != n.Table.Def.Name.Table {
		title += " " + n.Alias
	}
	paths := strings.Join(n.Foreign.Paths[:min(len(n.Foreign.Paths), shownFiles)], ", ")
	if more := len(n.Foreign.Paths) - shownFiles; more > 0 {
		paths += fmt.Sprintf(" and %d more", more)
	}
	var cols []string
	for _, c := range n.Columns() {
		cols = append(cols, c.Name)
	}
	return title, append([]string{"Parquet Files: " + paths, "Columns: " + strings.Join(cols, ", ")}, labelled("Filter: ", n.Conds, " AND ")...)
}
