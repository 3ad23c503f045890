package bind

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

// scopeColumn is a column that expressions can name.
type scopeColumn struct {
	schema, table, name string
	typ                 arrowschema.Type
	hidden              bool // only its qualified name finds it: one side of USING
}

// scope is the names visible to an expression. Position i is column i of the input.
type scope struct {
	cols   []scopeColumn
	tables map[string]bool // the aliases, to tell an unknown column from an unknown table
	outer  *scope          // of the enclosing query
}

func newScope(outer *scope) *scope { return &scope{tables: map[string]bool{}, outer: outer} }

// addTable makes the columns of a relation visible under an alias.
func (s *scope) addTable(schema, alias string, cols []plan.Column) {
	for _, c := range cols {
		s.cols = append(s.cols, scopeColumn{schema: schema, table: alias, name: c.Name, typ: c.Type})
	}
	s.tables[alias] = true
}

// join gives a scope in which the names of both sides are visible; an alias used twice is refused.
func (s *scope) join(other *scope, at parser.Pos) (*scope, error) {
	out := newScope(s.outer)
	out.cols = append(append(out.cols, s.cols...), other.cols...)
	for t := range s.tables {
		out.tables[t] = true
	}
	for t := range other.tables {
		if out.tables[t] {
			return nil, sqlstate.New(sqlstate.DuplicateAlias, "table name %q specified more than once", t).At(int(at))
		}
		out.tables[t] = true
	}
	return out, nil
}

// find resolves a column reference to its position, or fails with PostgreSQL's error.
func (s *scope) find(ref *parser.ColumnRef) (int, error) {
	if len(ref.Parts) > 3 {
		return 0, unsupported(ref.Pos, "the reference %s", strings.Join(ref.Parts, "."))
	}
	found := -1
	for i, c := range s.cols {
		if !c.matches(ref.Parts) {
			continue
		}
		if found >= 0 {
			return 0, sqlstate.New(sqlstate.AmbiguousColumn, "column reference %q is ambiguous", ref.Parts[len(ref.Parts)-1]).At(int(ref.Pos))
		}
		found = i
	}
	if found >= 0 {
		return found, nil
	}
	return 0, s.missing(ref)
}

func (c *scopeColumn) matches(parts []string) bool {
	n := len(parts)
	if c.name != parts[n-1] {
		return false
	}
	switch n {
	case 1:
		return !c.hidden
	case 2:
		return c.table == parts[0]
	default:
		return c.schema == parts[0] && c.table == parts[1]
	}
}

// missing words the error for a reference that nothing matches.
func (s *scope) missing(ref *parser.ColumnRef) error {
	for o := s.outer; o != nil; o = o.outer {
		for i := range o.cols {
			if o.cols[i].matches(ref.Parts) {
				return unsupported(ref.Pos, "a sub-query that refers to column %q of the outer query", strings.Join(ref.Parts, "."))
			}
		}
	}
	name := ref.Parts[len(ref.Parts)-1]
	if len(ref.Parts) == 1 {
		err := sqlstate.New(sqlstate.UndefinedColumn, "column %q does not exist", name).At(int(ref.Pos))
		return s.suggest(err, name)
	}
	table := ref.Parts[len(ref.Parts)-2]
	if !s.tables[table] {
		return sqlstate.New(sqlstate.UndefinedTable, "missing FROM-clause entry for table %q", table).At(int(ref.Pos))
	}
	err := sqlstate.New(sqlstate.UndefinedColumn, "column %s.%s does not exist", table, name).At(int(ref.Pos))
	return s.suggest(err, name)
}

// suggest adds the hint that PostgreSQL gives when a column's name is nearly right.
func (s *scope) suggest(err *sqlstate.Error, name string) error {
	best, hint := 1+len(name)/3, ""
	for _, c := range s.cols {
		if d := editDistance(name, c.name, best); d < best {
			best, hint = d, c.table+"."+c.name
		}
	}
	if hint != "" {
		err.Hint = `Perhaps you meant to reference the column "` + hint + `".`
	}
	return err
}

// editDistance is Levenshtein's, or limit when it is not below that.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return min(row[len(b)], limit)
}

// column gives the expression for position i.
func (s *scope) column(i int, at parser.Pos) *exprs.Column {
	c := s.cols[i]
	name := c.name
	if c.table != "" {
		name = c.table + "." + c.name
	}
	return &exprs.Column{Index: i, T: c.typ, Name: name, Pos: int(at)}
}

// star gives the positions that * or t.* stands for.
func (s *scope) star(ref *parser.Star) ([]int, error) {
	var out []int
	for i, c := range s.cols {
		n := len(ref.Table)
		switch {
		case n == 0 && c.hidden:
			continue
		case n == 1 && c.table != ref.Table[0]:
			continue
		case n >= 2 && (c.table != ref.Table[n-1] || c.schema != ref.Table[n-2]):
			continue
		}
		out = append(out, i)
	}
	if len(ref.Table) > 0 && len(out) == 0 && !s.tables[ref.Table[len(ref.Table)-1]] {
		return nil, sqlstate.New(sqlstate.UndefinedTable, "missing FROM-clause entry for table %q", ref.Table[len(ref.Table)-1]).At(int(ref.Pos))
	}
	if len(ref.Table) == 0 && len(s.cols) == 0 {
		return nil, sqlstate.New(sqlstate.SyntaxError, "SELECT * with no tables specified is not valid").At(int(ref.Pos))
	}
	return out, nil
}
