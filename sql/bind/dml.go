package bind

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

// Returning is a bound RETURNING clause: expressions on the table's columns.
type Returning struct {
	Exprs []exprs.Expr
	Names []string
}

// Insert is a bound INSERT. Source's columns are the table's, in order, of their types.
type Insert struct {
	Def       *schemahistory.TableDefinition
	Source    plan.Node
	Conflict  *Conflict
	Returning *Returning
}

// Conflict is a bound ON CONFLICT.
type Conflict struct {
	Keys []schemahistory.Key // the keys whose conflicts are handled: one, or all without a target
	// Update is nil for DO NOTHING. Otherwise Update[i], where not nil, is the new value of column i, on the existing row's columns followed by the
	// excluded row's; Where, if any, is on the same.
	Update []exprs.Expr
	Where  exprs.Expr
}

// Update is a bound UPDATE.
type Update struct {
	Def *schemahistory.TableDefinition
	// Source gives, for each row to change, its new values, the table's columns in order, and last its identifier.
	Source    plan.Node
	Returning *Returning
}

// Delete is a bound DELETE: Source gives the rows to delete, the table's columns in order, and last the row's identifier.
type Delete struct {
	Def       *schemahistory.TableDefinition
	Source    plan.Node
	Returning *Returning
}

// Insert binds an INSERT.
func (b *Binder) Insert(st *parser.Insert) (*Insert, error) {
	if st.With != nil {
		saved := len(b.ctes)
		defer func() { b.ctes = b.ctes[:saved] }()
		if err := b.with(st.With, nil); err != nil {
			return nil, err
		}
	}
	if st.Overriding != "" {
		return nil, unsupported(st.Pos, "OVERRIDING")
	}
	scan, err := b.storedTable(st.Table)
	if err != nil {
		return nil, err
	}
	def := scan.Table.Def
	target, err := targetColumns(def, st.Columns)
	if err != nil {
		return nil, err
	}
	out := &Insert{Def: def}
	if out.Source, err = b.insertSource(def, st, target); err != nil {
		return nil, err
	}
	alias := st.Table.Name
	if st.Table.Alias != nil {
		alias = st.Table.Alias.Name
	}
	if st.OnConflict != nil {
		if out.Conflict, err = b.conflict(def, alias, st.OnConflict); err != nil {
			return nil, err
		}
	}
	out.Returning, err = b.returning(def, alias, st.Returning)
	return out, err
}

// targetColumns resolves a column list; without one, all columns.
func targetColumns(def *schemahistory.TableDefinition, names []parser.Ident) ([]int, error) {
	var target []int
	if len(names) == 0 {
		for i := range def.Columns {
			target = append(target, i)
		}
		return target, nil
	}
	seen := map[int]bool{}
	for _, id := range names {
		i, err := ColumnOf(def, id)
		if err != nil {
			return nil, err
		}
		if seen[i] {
			return nil, sqlstate.New(sqlstate.DuplicateColumn, "column %q specified more than once", id.Name).At(int(id.Pos))
		}
		seen[i] = true
		target = append(target, i)
	}
	return target, nil
}

// TargetColumns resolves the column list of COPY; without one, all columns.
func TargetColumns(def *schemahistory.TableDefinition, names []parser.Ident) ([]int, error) {
	return targetColumns(def, names)
}

// ColumnOf finds a column of a table that a statement changes.
func ColumnOf(def *schemahistory.TableDefinition, id parser.Ident) (int, error) {
	if i := def.Find(id.Name); i >= 0 {
		return i, nil
	}
	return 0, sqlstate.New(sqlstate.UndefinedColumn, "column %q of relation %q does not exist", id.Name, def.Name.Table).At(int(id.Pos))
}

// insertSource binds the rows of an INSERT and completes them with defaults.
func (b *Binder) insertSource(def *schemahistory.TableDefinition, st *parser.Insert, target []int) (plan.Node, error) {
	if st.Source == nil {
		return b.WithDefaults(def, nil, nil, 0)
	}
	if values, ok := st.Source.Body.(*parser.Values); ok && len(st.Source.OrderBy) == 0 && st.Source.Limit == nil && st.Source.Offset == nil {
		return b.insertValues(def, st, values, target)
	}
	n, err := b.query(st.Source, nil)
	if err != nil {
		return nil, err
	}
	cols := n.Columns()
	if err := countColumns(len(cols), target, st, func(i int) parser.Pos { return outputPos(st.Source, i) }); err != nil {
		return nil, err
	}
	return b.withDefaults(def, n, target[:len(cols)], func(i int) parser.Pos { return outputPos(st.Source, i) })
}

// countColumns checks the number of values against that of the target columns: fewer values are welcome only without a column list. at gives the position
// of a value.
func countColumns(values int, target []int, st *parser.Insert, at func(i int) parser.Pos) error {
	if values > len(target) {
		return sqlstate.New(sqlstate.SyntaxError, "INSERT has more expressions than target columns").At(int(at(len(target))))
	}
	if values < len(st.Columns) {
		return sqlstate.New(sqlstate.SyntaxError, "INSERT has more target columns than expressions").At(int(st.Columns[values].Pos))
	}
	return nil
}

// insertValues binds VALUES, in which DEFAULT may stand for a column's default.
func (b *Binder) insertValues(def *schemahistory.TableDefinition, st *parser.Insert, values *parser.Values, target []int) (plan.Node, error) {
	eb := &exprBinder{Binder: b, scope: newScope(nil), where: "VALUES"}
	cells := make([][]exprs.Expr, len(def.Columns))
	for _, row := range values.Rows {
		if err := countColumns(len(row), target, st, func(i int) parser.Pos { return pos(row[i]) }); err != nil {
			return nil, err
		}
		given := map[int]parser.Expr{}
		for i, e := range row {
			given[target[i]] = e
		}
		for c := range def.Columns {
			e, err := b.cell(eb, def, c, given[c])
			if err != nil {
				return nil, err
			}
			cells[c] = append(cells[c], e)
		}
	}
	return b.Cells(def, cells, len(values.Rows))
}

// cell binds one value of an inserted row.
func (b *Binder) cell(eb *exprBinder, def *schemahistory.TableDefinition, c int, e parser.Expr) (exprs.Expr, error) {
	col := def.Columns[c]
	if _, isDefault := e.(*parser.Default); e == nil || isDefault {
		return b.DefaultOf(col)
	}
	x, err := eb.bind(e)
	if err != nil {
		return nil, err
	}
	return b.toColumn(x, col.Type, col.Modifier, col.Name, pos(e))
}

// Cells evaluates a grid of expressions without columns into rows of a table.
func (b *Binder) Cells(def *schemahistory.TableDefinition, cells [][]exprs.Expr, rows int) (plan.Node, error) {
	out := &plan.Virtual{Name: "values"}
	batch := newBatch(rows)
	for c, col := range def.Columns {
		v, err := b.column(cells[c], col.Type)
		if err != nil {
			return nil, err
		}
		out.Cols = append(out.Cols, plan.Column{Name: col.Name, Type: col.Type})
		batch.Cols = append(batch.Cols, v)
	}
	out.Rows = batch
	return out, nil
}

// DefaultOf binds a column's default; NULL when it has none.
func (b *Binder) DefaultOf(col schemahistory.Column) (exprs.Expr, error) {
	if col.Default == "" {
		return exprs.Null(col.Type), nil
	}
	e, err := parser.ParseExpr(col.Default)
	if err != nil {
		return nil, err
	}
	eb := &exprBinder{Binder: b, scope: newScope(nil), where: inDefault}
	x, err := eb.bind(e)
	if err != nil {
		return nil, err
	}
	return b.toColumn(x, col.Type, col.Modifier, col.Name, 0)
}

// WithDefaults completes the rows of n, whose columns are the table's columns target, with the defaults of the others, and casts them. A nil n is one row
// of defaults.
func (b *Binder) WithDefaults(def *schemahistory.TableDefinition, n plan.Node, target []int, at parser.Pos) (plan.Node, error) {
	return b.withDefaults(def, n, target, func(int) parser.Pos { return at })
}

// withDefaults is WithDefaults with a position for each column of n.
func (b *Binder) withDefaults(def *schemahistory.TableDefinition, n plan.Node, target []int, at func(i int) parser.Pos) (plan.Node, error) {
	from := map[int]int{}
	for i, c := range target {
		from[c] = i
	}
	if n == nil {
		n = &plan.Virtual{Name: "result", Rows: newBatch(1)}
	}
	cols := n.Columns()
	p := &plan.Project{Input: n}
	for c, col := range def.Columns {
		var e exprs.Expr
		var err error
		if i, ok := from[c]; ok {
			e = &exprs.Column{Index: i, T: cols[i].Type, Name: cols[i].Name}
			if known := untyped(n, i); known != nil {
				e = known
			}
			e, err = b.toColumn(e, col.Type, col.Modifier, col.Name, at(i))
		} else {
			e, err = b.DefaultOf(col)
		}
		if err != nil {
			return nil, err
		}
		p.Exprs, p.Names = append(p.Exprs, e), append(p.Names, col.Name)
	}
	return p, nil
}

// tableScope makes a table's columns visible under an alias.
func tableScope(def *schemahistory.TableDefinition, alias string) *scope {
	sc := newScope(nil)
	cols := make([]plan.Column, len(def.Columns))
	for i, c := range def.Columns {
		cols[i] = plan.Column{Name: c.Name, Type: c.Type, Modifier: c.Modifier}
	}
	schema := ""
	if alias == def.Name.Table {
		schema = def.Name.Namespace
	}
	sc.addTable(schema, alias, cols)
	sc.mentioned = []mention{{def.Name.Namespace, def.Name.Table, alias}}
	return sc
}

func (b *Binder) returning(def *schemahistory.TableDefinition, alias string, list []parser.SelectItem) (*Returning, error) {
	if len(list) == 0 {
		return nil, nil
	}
	eb := &exprBinder{Binder: b, scope: tableScope(def, alias), where: "RETURNING"}
	items, err := eb.selectItems(list)
	if err != nil {
		return nil, err
	}
	out := &Returning{}
	for _, it := range items {
		e := it.expr
		if e.Type() == arrowschema.Unknown {
			if e, err = b.literal(e, arrowschema.Text, it.at); err != nil {
				return nil, err
			}
		}
		out.Exprs, out.Names = append(out.Exprs, e), append(out.Names, it.name)
	}
	return out, nil
}

// assignments binds SET: the value of column i at i, nil where it is not set.
func (b *Binder) assignments(eb *exprBinder, def *schemahistory.TableDefinition, set []parser.Assignment) ([]exprs.Expr, error) {
	out := make([]exprs.Expr, len(def.Columns))
	for _, a := range set {
		if len(a.Columns) != 1 {
			return nil, unsupported(a.Pos, "assignment of a sub-query to several columns")
		}
		i, err := ColumnOf(def, a.Columns[0])
		if err != nil {
			return nil, err
		}
		if out[i] != nil {
			return nil, sqlstate.New(sqlstate.SyntaxError, "multiple assignments to same column %q", def.Columns[i].Name).At(int(a.Pos))
		}
		if out[i], err = b.cell(eb, def, i, a.Value); err != nil {
			return nil, err
		}
	}
	return out, nil
}
