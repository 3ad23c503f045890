// Package parser turns SQL text in PostgreSQL 15's dialect into a syntax tree.
//
// The lexer and the recursive-descent parser are written by hand after the grammar of PostgreSQL 15: the same tokens, operator precedence, keyword
// classes, default column names, and errors (SQLSTATE 42601, wording and position). Two forms of the system tables' contract that PostgreSQL does
// not have are accepted besides: INDEX (…) in CREATE TABLE, and ALTER TABLE … RENAME TO schema.name.
//
// It promises that no input makes it panic, that a tree is never higher than a fixed bound (deeper nesting is refused with 54001), so that
// recursive walks over a tree are safe, and that ParseExpr(Format(e)) gives the tree of e again (see Format). It knows no catalog: names, types and functions are
// the binder's concern, and so is refusing what the grammar accepts but nothing executes.
//
// # Positions
//
// Every node embeds a Pos, which counts characters (not bytes) from 1 in the text given to Parse, as PostgreSQL's error positions do. Where several
// statements are parsed at once they all count from the start of that text.
//
// # Ownership
//
// Trees hold sub-strings of the text that was parsed and share no other memory. They are not modified after Parse returns and may be read by many
// goroutines.
package parser

// Pos is the position of a node: the 1-based character in the parsed text where PostgreSQL's error cursor for the node would stand; 0 is unknown.
type Pos int

// Position gives the position as a plain number, for sqlstate.Error.At.
func (p Pos) Position() int { return int(p) }

// Stmt is one statement of a text, with where it came from.
type Stmt struct {
	Node Statement
	Text string // the statement's source from its first token to its last, without the semicolon
	Pos  Pos    // of the first token
}

// Statement is one of *Query, *Insert, *Update, *Delete, *Truncate, *Copy, *CreateTable, *CreateIndex, *CreateSchema, *AlterTable, *Drop, *Call,
// *Explain, *Set, *Show, *Reset, *Transaction.
type Statement interface {
	Position() int
	statement()
}

// Expr is a scalar expression: one of the types in astexpr.go.
type Expr interface {
	Position() int
	expr()
}

// TableExpr is an item of FROM: *Table, *DerivedTable, *FunctionTable or *Join.
type TableExpr interface {
	Position() int
	tableExpr()
}

// QueryBody is what a query computes before ORDER BY and LIMIT: *Select, *Values or *SetOperation.
type QueryBody interface {
	Position() int
	queryBody()
}

// Ident is a name with its position: folded to lower case unless it was quoted, and cut to 63 bytes.
type Ident struct {
	Pos
	Name string
}

// ObjectName is a table's, index's or function's name, which may be qualified: Schema is "" when it is not.
type ObjectName struct {
	Pos
	Schema string
	Name   string
}

// Query is a whole query expression: SELECT, VALUES, TABLE or a set operation, with the clauses that apply to its result.
type Query struct {
	Pos
	With     *With
	Body     QueryBody
	OrderBy  []SortItem
	Limit    Expr // nil without LIMIT; LIMIT ALL and LIMIT NULL give a *NullLit
	Offset   Expr // nil without OFFSET
	WithTies bool // FETCH FIRST n ROWS WITH TIES
	Locking  []Locking
}

// With is a WITH clause.
type With struct {
	Pos
	Recursive bool
	CTEs      []CTE
}

// CTE is a common table expression. Query is a *Query, *Insert, *Update or *Delete.
type CTE struct {
	Pos
	Name         string
	Columns      []Ident
	Materialized *bool // nil when neither MATERIALIZED nor NOT MATERIALIZED was said
	Query        Statement
}

// Locking is FOR UPDATE and its weaker forms.
type Locking struct {
	Pos
	Strength string // "update", "no key update", "share" or "key share"
	Of       []ObjectName
	Wait     string // "", "nowait" or "skip locked"
}

// Select is SELECT … HAVING. TABLE t is given as SELECT * FROM t.
type Select struct {
	Pos
	Distinct   bool   // SELECT DISTINCT, with or without ON
	DistinctOn []Expr // the expressions of DISTINCT ON
	Items      []SelectItem
	From       []TableExpr
	Where      Expr
	GroupBy    []Expr // an *IntLit here is an ordinal; an empty grouping set () is a *Row without fields
	All        bool   // SELECT ALL was spelled out
	Having     Expr
	Windows    []NamedWindow
}

// NamedWindow is an entry of the WINDOW clause.
type NamedWindow struct {
	Pos
	Name string
	Spec *WindowSpec
}

// SelectItem is an output column: of a select list or of RETURNING. Expr is a *Star for * and t.*.
type SelectItem struct {
	Pos
	Expr  Expr
	Alias string // "" when none was given: OutputName gives the name then
}

// Values is a VALUES list. In an INSERT a value may be a *Default.
type Values struct {
	Pos
	Rows [][]Expr
}

// SetOperator is UNION, INTERSECT or EXCEPT.
type SetOperator int

// The set operators.
const (
	Union SetOperator = iota
	Intersect
	Except
)

// SetOperation combines two queries. Pos is that of the operator.
type SetOperation struct {
	Pos
	Op          SetOperator
	All         bool
	Left, Right *Query
}

// SortItem is one key of ORDER BY.
type SortItem struct {
	Pos
	Expr  Expr // an *IntLit at the top level is an ordinal
	Desc  bool
	Nulls NullsOrder
	Using string // the operator of ORDER BY x USING op
}

// NullsOrder says where NULLs sort.
type NullsOrder int

// The places of NULLs; by default they are last ascending and first descending.
const (
	NullsDefault NullsOrder = iota
	NullsFirst
	NullsLast
)

// Alias is the AS clause of a FROM item.
type Alias struct {
	Pos
	Name    string
	Columns []Ident
}

// Table is a table named in FROM, or the target of a statement.
type Table struct {
	ObjectName
	Only  bool
	Alias *Alias
}

// DerivedTable is a sub-query in FROM. PostgreSQL 15 asks for an alias, and so do we.
type DerivedTable struct {
	Pos
	Lateral bool
	Query   *Query
	Alias   *Alias
}

// FunctionTable is a function in FROM. Func is a *FuncCall, or one of the expressions that look like calls (*Coalesce, *ValueFunc, *Cast …).
type FunctionTable struct {
	Pos
	Lateral    bool
	Func       Expr
	Ordinality bool
	Alias      *Alias      // nil without one; the Name is "" for AS (a int, …)
	ColumnDefs []ColumnDef // the column definition list of AS t(a int, …)
}

// JoinKind is the kind of a join.
type JoinKind int

// The kinds of joins. NATURAL and USING are properties beside the kind.
const (
	InnerJoin JoinKind = iota
	LeftJoin
	RightJoin
	FullJoin
	CrossJoin
)

// Join is a join of two FROM items. At most one of Natural, Using and On is given; none for CROSS JOIN. Alias is that of a join in parentheses.
type Join struct {
	Pos
	Kind        JoinKind
	Natural     bool
	Left, Right TableExpr
	Using       []Ident
	UsingAlias  *Alias // USING (…) AS x
	On          Expr
	Alias       *Alias
}

func (*Table) tableExpr()         {}
func (*DerivedTable) tableExpr()  {}
func (*FunctionTable) tableExpr() {}
func (*Join) tableExpr()          {}

func (*Select) queryBody()       {}
func (*Values) queryBody()       {}
func (*SetOperation) queryBody() {}

func (*Query) statement() {}
