package parser

// Insert is INSERT. Source holds the rows: its body is a *Values (in which a value may be a *Default) or any query; it is nil for DEFAULT VALUES.
type Insert struct {
	Pos
	With       *With
	Table      *Table
	Columns    []Ident
	Overriding string // "", "user" or "system": OVERRIDING … VALUE
	Source     *Query
	OnConflict *OnConflict
	Returning  []SelectItem
}

// OnConflict is ON CONFLICT. Target and Constraint are both empty when no target was given.
type OnConflict struct {
	Pos
	Target      []IndexElem
	TargetWhere Expr
	Constraint  string
	DoUpdate    bool
	Set         []Assignment
	Where       Expr
}

// Assignment is c = e. (c, d) = (e, f) is split into two of them; with a sub-query, (c, d) = (SELECT …), it has several columns and a *Subquery.
type Assignment struct {
	Pos
	Columns []Ident
	Value   Expr // a *Default for DEFAULT
}

// Update is UPDATE.
type Update struct {
	Pos
	With      *With
	Table     *Table
	Set       []Assignment
	From      []TableExpr
	Where     Expr
	Returning []SelectItem
}

// Delete is DELETE.
type Delete struct {
	Pos
	With      *With
	Table     *Table
	Using     []TableExpr
	Where     Expr
	Returning []SelectItem
}

// Truncate is TRUNCATE.
type Truncate struct {
	Pos
	Tables          []*Table
	RestartIdentity bool
	Cascade         bool
}

// Option is a named setting: of COPY, WITH (…), EXPLAIN (…), ALTER TABLE … SET (…). Name is in lower case unless it was quoted. Value is nil when no
// value was given; a word (TRUE, OFF, csv) is a *StringLit in the spelling of an identifier, a number an *IntLit or *NumericLit, * a *Star, and a
// list in parentheses a *Row of words.
type Option struct {
	Pos
	Name  string
	Value Expr
}

// Copy is COPY. Exactly one of Table and Query is set. The old forms (WITH CSV HEADER …, DELIMITERS '…') give the same options as the new:
// format, freeze, delimiter, null, header, quote, escape, force_quote, force_not_null, force_null, encoding.
type Copy struct {
	Pos
	Table   *Table
	Columns []Ident
	Query   Statement // COPY (query) TO: a *Query, or an *Insert, *Update or *Delete with RETURNING
	From    bool      // FROM, otherwise TO
	Program bool      // File is a command to run
	File    string    // "" is STDIN or STDOUT when Std is set
	Std     bool
	Options []Option
	Where   Expr // COPY … FROM … WHERE
}

// ColumnDef is a column of CREATE TABLE or ADD COLUMN. The constraints that matter to every reader are set apart: NotNull, Default, and so on
// repeat what Constraints hold in order.
type ColumnDef struct {
	Pos
	Name        string
	Type        *TypeName
	Collation   *ObjectName
	Default     Expr
	NotNull     bool // by NOT NULL; PRIMARY KEY implies it too
	Null        bool // an explicit NULL
	PrimaryKey  bool
	Unique      bool
	Constraints []Constraint // all but NOT NULL, NULL and DEFAULT, in the order written
}

// ConstraintKind is the kind of a constraint.
type ConstraintKind int

// The kinds of constraints. IndexConstraint is the contract's INDEX (…) inside CREATE TABLE: no constraint at all, but an index.
const (
	PrimaryKeyConstraint ConstraintKind = iota
	UniqueConstraint
	CheckConstraint
	ForeignKeyConstraint
	IndexConstraint
	GeneratedConstraint // GENERATED ALWAYS AS (…) STORED
	IdentityConstraint  // GENERATED … AS IDENTITY
)

// Constraint is a constraint of a column (Columns is then empty, except that it names the column for PRIMARY KEY and UNIQUE) or of a table.
type Constraint struct {
	Pos
	Name              string
	Kind              ConstraintKind
	Columns           []Ident     // PRIMARY KEY, UNIQUE and FOREIGN KEY
	Index             []IndexElem // INDEX
	Expr              Expr        // CHECK and GENERATED
	NoInherit         bool
	NotValid          bool
	NullsNotDistinct  bool
	References        *ObjectName
	ReferencedColumns []Ident
	OnDelete          string // "", "no action", "restrict", "cascade", "set null" or "set default"
	OnUpdate          string
	Match             string // "", "full" or "simple"
	Deferrable        bool
	InitiallyDeferred bool
	Options           []Option // WITH (…) of its index
}

// CreateTable is CREATE TABLE, also CREATE TABLE … AS.
type CreateTable struct {
	Pos
	Name        ObjectName
	Temporary   bool
	Unlogged    bool
	IfNotExists bool
	Columns     []ColumnDef
	Constraints []Constraint
	Options     []Option
	As          *Query  // CREATE TABLE … AS query
	AsColumns   []Ident // the column names of that form
	WithNoData  bool
}

// IndexElem is a key of an index or of ON CONFLICT: a column or an expression.
type IndexElem struct {
	Pos
	Column    string
	Expr      Expr // nil when Column is set
	Collation *ObjectName
	OpClass   *ObjectName
	Desc      bool
	Nulls     NullsOrder
}

// CreateIndex is CREATE INDEX.
type CreateIndex struct {
	Pos
	Name             string // "" when it is left to be chosen
	Table            *Table
	Unique           bool
	Concurrently     bool
	IfNotExists      bool
	Method           string // "" is btree
	Elems            []IndexElem
	Include          []IndexElem
	NullsNotDistinct bool
	Options          []Option
	Where            Expr
}

// CreateSchema is CREATE SCHEMA without schema elements. Authorization is "" when not given.
type CreateSchema struct {
	Pos
	Name          string
	IfNotExists   bool
	Authorization string
}

// AlterTable is ALTER TABLE.
type AlterTable struct {
	Pos
	Table    *Table
	IfExists bool
	Actions  []AlterAction
}

// AlterAction is one of the types below.
type AlterAction interface {
	Position() int
	alterAction()
}

type (
	// AddColumn is ADD [COLUMN].
	AddColumn struct {
		Pos
		Column      ColumnDef
		IfNotExists bool
	}
	// DropColumn is DROP [COLUMN].
	DropColumn struct {
		Pos
		Column   string
		IfExists bool
		Cascade  bool
	}
	// SetNotNull is ALTER COLUMN … SET NOT NULL, or with Drop DROP NOT NULL.
	SetNotNull struct {
		Pos
		Column string
		Drop   bool
	}
	// SetDefault is ALTER COLUMN … SET DEFAULT; DROP DEFAULT when Expr is nil.
	SetDefault struct {
		Pos
		Column string
		Expr   Expr
	}
	// SetType is ALTER COLUMN … TYPE.
	SetType struct {
		Pos
		Column    string
		Type      *TypeName
		Collation *ObjectName
		Using     Expr
	}
	// RenameColumn is RENAME [COLUMN] a TO b.
	RenameColumn struct {
		Pos
		From, To string
	}
	// RenameConstraint is RENAME CONSTRAINT a TO b.
	RenameConstraint struct {
		Pos
		From, To string
	}
	// RenameTable is RENAME TO name. The contract's extension RENAME TO schema.name sets the schema too.
	RenameTable struct {
		Pos
		To ObjectName
	}
	// SetSchema is SET SCHEMA.
	SetSchema struct {
		Pos
		Schema string
	}
	// SetOptions is SET (k = v, …), or with Reset RESET (k, …).
	SetOptions struct {
		Pos
		Options []Option
		Reset   bool
	}
	// AddConstraint is ADD [CONSTRAINT n] ….
	AddConstraint struct {
		Pos
		Constraint Constraint
	}
	// DropConstraint is DROP CONSTRAINT.
	DropConstraint struct {
		Pos
		Name     string
		IfExists bool
		Cascade  bool
	}
)

// ObjectKind is what a DROP drops.
type ObjectKind int

// The kinds of objects.
const (
	TableObject ObjectKind = iota
	IndexObject
	SchemaObject
	ViewObject
)

// Drop is DROP TABLE, INDEX, SCHEMA or VIEW.
type Drop struct {
	Pos
	Kind         ObjectKind
	Names        []ObjectName
	IfExists     bool
	Concurrently bool
	Cascade      bool
}

// Call is CALL.
type Call struct {
	Pos
	Func *FuncCall
}

// Explain is EXPLAIN. EXPLAIN ANALYZE VERBOSE gives the same options as EXPLAIN (ANALYZE, VERBOSE).
type Explain struct {
	Pos
	Options   []Option
	Statement Statement
}

// Set is SET name TO value. SET TIME ZONE is Name "timezone". Values is empty for DEFAULT; LOCAL and DEFAULT of TIME ZONE mean DEFAULT.
type Set struct {
	Pos
	Local  bool
	Name   string // in lower case unless quoted; parts joined with a dot
	Values []Expr // constants; words are *StringLit; SET TIME ZONE INTERVAL '…' gives a *Cast
}

// Show is SHOW. Name is "all" for SHOW ALL.
type Show struct {
	Pos
	Name string
}

// Reset is RESET. Name is "all" for RESET ALL.
type Reset struct {
	Pos
	Name string
}

// TransactionKind is which command about transactions it is.
type TransactionKind int

// The commands about transactions.
const (
	Begin TransactionKind = iota
	Commit
	Rollback
	Savepoint
	ReleaseSavepoint
	RollbackToSavepoint
	SetTransaction
)

// Transaction is BEGIN, START TRANSACTION, COMMIT, END, ROLLBACK, ABORT, SAVEPOINT, RELEASE, ROLLBACK TO, SET TRANSACTION.
type Transaction struct {
	Pos
	Kind      TransactionKind
	Savepoint string
	Modes     []string // "read only", "read write", "isolation level serializable", "deferrable" …
	Chain     bool     // AND CHAIN
}

func (*Insert) statement()       {}
func (*Update) statement()       {}
func (*Delete) statement()       {}
func (*Truncate) statement()     {}
func (*Copy) statement()         {}
func (*CreateTable) statement()  {}
func (*CreateIndex) statement()  {}
func (*CreateSchema) statement() {}
func (*AlterTable) statement()   {}
func (*Drop) statement()         {}
func (*Call) statement()         {}
func (*Explain) statement()      {}
func (*Set) statement()          {}
func (*Show) statement()         {}
func (*Reset) statement()        {}
func (*Transaction) statement()  {}

func (*AddColumn) alterAction()        {}
func (*DropColumn) alterAction()       {}
func (*SetNotNull) alterAction()       {}
func (*SetDefault) alterAction()       {}
func (*SetType) alterAction()          {}
func (*RenameColumn) alterAction()     {}
func (*RenameConstraint) alterAction() {}
func (*RenameTable) alterAction()      {}
func (*SetSchema) alterAction()        {}
func (*SetOptions) alterAction()       {}
func (*AddConstraint) alterAction()    {}
func (*DropConstraint) alterAction()   {}
