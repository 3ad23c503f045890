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
	modifier            []int32
	hidden              bool // only its qualified name finds it: one side of USING
}

// scope is the names visible to an expression. Position i is column i of the input.
type scope struct {
	cols   []scopeColumn
	tables map[string]bool // the aliases, to tell an unknown column from an unknown table
	keys   []tableKey      // of the stored tables among them
	// mentioned is what FROM names, also what an alias or another query level hides: to say why a reference finds nothing.
	mentioned []mention
	outer     *scope // of the enclosing query
}

// tableKey is the place of a stored table's columns in a scope, and of its primary key, on which they depend.
type tableKey struct {
	lo, hi  int
	primary []int
}

// mention is a table of FROM: what stands there and what it is called.
type mention struct{ schema, name, alias string }

func newScope(outer *scope) *scope { return &scope{tables: map[string]bool{}, outer: outer} }

// addTable makes the columns of a relation visible under an alias.
func (s *scope) addTable(schema, alias string, cols []plan.Column) {
	for _, c := range cols {
		s.cols = append(s.cols, scopeColumn{schema: schema, table: alias, name: c.Name, typ: c.Type, modifier: c.Modifier})
	}
	s.tables[alias] = true
}

// join gives a scope in which the names of both sides are visible; an alias used twice is refused.
func (s *scope) join(other *scope, at parser.Pos) (*scope, error) {
	out := newScope(s.outer)
	out.cols = append(append(out.cols, s.cols...), other.cols...)
	out.mentioned = append(append(out.mentioned, s.mentioned...), other.mentioned...)
	out.keys = append(shiftKeys(s.keys, 0), shiftKeys(other.keys, len(s.cols))...)
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

// shiftKeys gives the keys of a table that stands by positions further right.
func shiftKeys(keys []tableKey, by int) []tableKey {
	out := make([]tableKey, len(keys))
	for i, k := range keys {
		out[i] = tableKey{k.lo + by, k.hi + by, make([]int, len(k.primary))}
		for j, c := range k.primary {
			out[i].primary[j] = c + by
		}
	}
	return out
}

// find resolves a column reference to its position, or fails with PostgreSQL's error.
func (s *scope) find(ref *parser.ColumnRef) (int, error) {
	if len(ref.Parts) > 3 {
		return 0, sqlstate.New(sqlstate.FeatureNotSupported, "cross-database references are not implemented: %s", strings.Join(ref.Parts, ".")).At(int(ref.Pos))
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
		if s.tables[name] {
			return unsupported(ref.Pos, "the row of a table as a value")
		}
		err := sqlstate.New(sqlstate.UndefinedColumn, "column %q does not exist", name).At(int(ref.Pos))
		return s.suggest(err, name)
	}
	table := ref.Parts[:len(ref.Parts)-1]
	if !s.visible(table) {
		return s.missingTable(table, ref.Pos)
	}
	err := sqlstate.New(sqlstate.UndefinedColumn, "column %s.%s does not exist", table[len(table)-1], name).At(int(ref.Pos))
	return s.suggest(err, name)
}

// visible tells whether a table can be referred to by a name, qualified or not.
func (s *scope) visible(name []string) bool {
	table := name[len(name)-1]
	if len(name) == 1 {
		return s.tables[table]
	}
	for _, c := range s.cols {
		if c.table == table && c.schema == name[len(name)-2] {
			return true
		}
	}
	return false
}

// missingTable words the error for a table that cannot be referred to: it is not in FROM, or is there under another name or out of reach.
func (s *scope) missingTable(name []string, at parser.Pos) error {
	table, schema := name[len(name)-1], ""
	if len(name) > 1 {
		schema = name[len(name)-2]
	}
	for o := s; o != nil; o = o.outer {
		for _, m := range o.mentioned {
			same := m.name == table && m.schema == schema
			if m.alias != table && !same {
				continue
			}
			err := sqlstate.New(sqlstate.UndefinedTable, "invalid reference to FROM-clause entry for table %q", table).At(int(at))
			if same && m.alias != table && s.tables[m.alias] {
				return err.WithHint("Perhaps you meant to reference the table alias %q.", m.alias)
			}
			return err.WithHint("There is an entry for table %q, but it cannot be referenced from this part of the query.", m.alias)
		}
	}
	return sqlstate.New(sqlstate.UndefinedTable, "missing FROM-clause entry for table %q", table).At(int(at))
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
	if len(ref.Table) > 0 && len(out) == 0 && !s.visible(ref.Table) {
		return nil, s.missingTable(ref.Table, ref.Pos)
	}
	if len(ref.Table) == 0 && len(s.cols) == 0 {
		return nil, sqlstate.New(sqlstate.SyntaxError, "SELECT * with no tables specified is not valid").At(int(ref.Pos))
	}
	return out, nil
}

// modifierOf gives the modifier of an expression's type: a column's, or what a cast asks for; nil when there is none.
func (s *scope) modifierOf(e exprs.Expr) []int32 {
	switch e := e.(type) {
	case *exprs.Column:
		return s.cols[e.Index].modifier
	case *exprs.Call:
		if e.Fn.Name != fitFunction {
			return nil
		}
		mods := make([]int32, 2)
		for i := range mods {
			c, ok := e.Args[1+i].(*exprs.Const)
			if !ok {
				return nil
			}
			mods[i] = int32(c.V.Ints[0])
		}
		return mods
	}
	return nil
}
