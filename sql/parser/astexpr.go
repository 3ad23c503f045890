package parser

// ColumnRef is a possibly qualified column: Parts is [column], [table column] or [schema table column], or longer.
type ColumnRef struct {
	Pos
	Parts []string
}

// Star is * or t.*: an output column list, or the argument of count(t.*). Table is empty for the plain one.
type Star struct {
	Pos
	Table []string
}

// Param is $1, $2, ….
type Param struct {
	Pos
	Number int
}

// NullLit is NULL.
type NullLit struct{ Pos }

// BoolLit is TRUE or FALSE.
type BoolLit struct {
	Pos
	Value bool
}

// IntLit is an integer that fits int64: an int4 if it fits that, otherwise an int8. A minus sign before a literal is folded into it.
type IntLit struct {
	Pos
	Value int64
}

// NumericLit is any other number, as it was written (perhaps with a folded minus sign): a numeric constant.
type NumericLit struct {
	Pos
	Text string
}

// StringLit is a string constant with its quotes and escapes removed; its type is unknown until the binder gives it one.
type StringLit struct {
	Pos
	Value string
}

// BitLit is b'…' or x'…'.
type BitLit struct {
	Pos
	Digits string
	Hex    bool
}

// Default is the word DEFAULT where an expression stands: only VALUES of an INSERT and SET of an UPDATE can make use of it.
type Default struct{ Pos }

// CastForm says how a cast was written.
type CastForm int

// The forms of casts.
const (
	CastOperator CastForm = iota // x::type
	CastFunction                 // CAST(x AS type)
	CastLiteral                  // type 'string'
)

// Cast is a cast. PostgreSQL puts its position at the :: operator, the word CAST or the type's name.
type Cast struct {
	Pos
	Arg   Expr
	Type  *TypeName
	Form  CastForm
	Start Pos // Location(Arg) of x::type, so that it is not looked for down a long chain; else 0
}

// TypeName is a type, synonyms resolved to PostgreSQL's internal names: int → int4, char → bpchar(1), timestamp with time zone → timestamptz.
type TypeName struct {
	Pos
	Schema         string // "" unless qualified
	Name           string // int4, int8, numeric, varchar, bpchar, float8, timestamptz, bool, interval …
	Mods           []int  // numeric(p,s), varchar(n), timestamp(p), interval(p)
	IntervalFields string // "hour", "day to second" …: the fields of an interval type
	ArrayDims      int    // 1 for int[], 2 for int[][]
	SetOf          bool
}

// UnaryOp is a prefix operator.
type UnaryOp struct {
	Pos
	Op     string
	Schema string // of OPERATOR(schema.op), otherwise ""
	Arg    Expr
}

// BinaryOp is any infix operator that is an operator in PostgreSQL's catalog: arithmetic, comparison (<> also for !=), ||, ->, @> …. Pos is that of
// the operator.
type BinaryOp struct {
	Pos
	Op          string
	Schema      string // of OPERATOR(schema.op), otherwise ""
	Left, Right Expr
	Start       Pos // Location(Left), or 0: see Cast
}

// And is a conjunction of two or more; chains are flattened.
type And struct {
	Pos
	Args []Expr
}

// Or is a disjunction of two or more; chains are flattened.
type Or struct {
	Pos
	Args []Expr
}

// Not is NOT x.
type Not struct {
	Pos
	Arg Expr
}

// IsNull is IS [NOT] NULL, ISNULL, NOTNULL. Pos of this and the next two is that of IS.
type IsNull struct {
	Pos
	Arg Expr
	Not bool
}

// Truth is what IS tests for.
type Truth int

// The tests of IS.
const (
	IsTrue Truth = iota
	IsFalse
	IsUnknown
)

// IsBool is IS [NOT] TRUE, FALSE or UNKNOWN.
type IsBool struct {
	Pos
	Arg   Expr
	Truth Truth
	Not   bool
}

// IsDistinct is IS [NOT] DISTINCT FROM; with Not it is equality that treats NULLs as equal.
type IsDistinct struct {
	Pos
	Left, Right Expr
	Not         bool
}

// LikeKind is which pattern language a *Like uses.
type LikeKind int

// The kinds of pattern matching with a keyword.
const (
	LikeMatch  LikeKind = iota // LIKE, operator ~~
	ILikeMatch                 // ILIKE, operator ~~*
	SimilarTo                  // SIMILAR TO: ~ similar_to_escape(pattern)
)

// Like is [NOT] LIKE, ILIKE or SIMILAR TO. Escape is nil when not given.
type Like struct {
	Pos
	Kind                 LikeKind
	Not                  bool
	Arg, Pattern, Escape Expr
}

// Between is [NOT] BETWEEN [SYMMETRIC] low AND high.
type Between struct {
	Pos
	Not, Symmetric bool
	Arg, Low, High Expr
}

// InList is [NOT] IN (a, b, …), with at least one element.
type InList struct {
	Pos
	Not  bool
	Arg  Expr
	List []Expr
}

// InQuery is [NOT] IN (SELECT …).
type InQuery struct {
	Pos
	Not   bool
	Arg   Expr
	Query *Query
}

// Quantified is x op ANY|SOME|ALL (array or query). Exactly one of Array and Query is set.
type Quantified struct {
	Pos
	Arg    Expr
	Op     string // = <> < … or any other operator; LIKE is ~~, NOT LIKE !~~, ILIKE ~~*, NOT ILIKE !~~*
	Schema string // of OPERATOR(schema.op)
	All    bool
	Array  Expr
	Query  *Query
}

// When is a branch of a *Case.
type When struct {
	Pos
	Cond, Result Expr
}

// Case is CASE; Arg is nil in the searched form, Else nil when absent.
type Case struct {
	Pos
	Arg   Expr
	Whens []When
	Else  Expr
}

// Coalesce is COALESCE(…).
type Coalesce struct {
	Pos
	Args []Expr
}

// NullIf is NULLIF(left, right).
type NullIf struct {
	Pos
	Left, Right Expr
}

// MinMax is GREATEST(…) or LEAST(…).
type MinMax struct {
	Pos
	Least bool
	Args  []Expr
}

// FuncCall is a function call. The forms with words between their arguments are calls too, as PostgreSQL makes them, with SQLSyntax set:
//
//	EXTRACT(f FROM x)         extract('f', x)
//	x AT TIME ZONE z          timezone(z, x)
//	SUBSTRING(x FROM a FOR n) substring(x, a, n); FOR n alone: substring(x, 1, n::int4); SIMILAR p ESCAPE e: substring(x, p, e)
//	TRIM(BOTH c FROM x)       btrim(x, c); LEADING ltrim, TRAILING rtrim
//	POSITION(a IN x)          position(x, a)
//	OVERLAY(x PLACING y FROM a FOR n) overlay(x, y, a, n)
//	NORMALIZE(x, NFC)         normalize(x, 'NFC')
//	(a, b) OVERLAPS (c, d)    overlaps(a, b, c, d)
//	COLLATION FOR (x)         pg_collation_for(x)
type FuncCall struct {
	Pos
	Schema      string // "" unless qualified
	Name        string
	Args        []Expr // a *NamedArg for name => value, which come last
	Star        bool   // count(*)
	Distinct    bool
	Variadic    bool       // the last argument was marked VARIADIC
	OrderBy     []SortItem // inside the parentheses
	WithinGroup []SortItem
	Filter      Expr
	Over        *WindowSpec
	SQLSyntax   bool
}

// NamedArg is name => value (or name := value).
type NamedArg struct {
	Pos
	Name  string
	Value Expr
}

// WindowSpec is what follows OVER, or a window's definition. OVER w has only Name set; OVER (w …) has Base.
type WindowSpec struct {
	Pos
	Name        string
	Base        string
	PartitionBy []Expr
	OrderBy     []SortItem
	Frame       *Frame
}

// Frame is a window's frame. End is nil when only a start was given.
type Frame struct {
	Pos
	Mode    string // "range", "rows" or "groups"
	Start   FrameBound
	End     *FrameBound
	Exclude string // "", "current row", "group", "ties" or "no others"
}

// FrameBound is one end of a frame: "unbounded preceding", "preceding", "current row", "following" or "unbounded following".
type FrameBound struct {
	Pos
	Kind   string
	Offset Expr
}

// ValueFunc is a function that is written without parentheses: current_timestamp, current_date, current_time, localtime, localtimestamp,
// current_user, session_user, user, current_role, current_catalog, current_schema. Precision is -1 when not given.
type ValueFunc struct {
	Pos
	Name      string
	Precision int
}

// Array is ARRAY[…]; nested brackets are *Array elements.
type Array struct {
	Pos
	Elems []Expr
}

// ArrayQuery is ARRAY(SELECT …).
type ArrayQuery struct {
	Pos
	Query *Query
}

// Subscript is a[i], or the slice a[lo:hi], of which either end may be nil.
type Subscript struct {
	Pos
	Arg    Expr
	Index  Expr
	Slice  bool
	Lo, Hi Expr
}

// FieldSelect is (x).name, or (x).* when Star is set.
type FieldSelect struct {
	Pos
	Arg  Expr
	Name string
	Star bool
}

// Row is ROW(…) or (a, b, …). Explicit says that the word ROW was there.
type Row struct {
	Pos
	Explicit bool
	Fields   []Expr
}

// Subquery is a scalar sub-query.
type Subquery struct {
	Pos
	Query *Query
}

// Exists is EXISTS (SELECT …).
type Exists struct {
	Pos
	Query *Query
}

// Collate is x COLLATE name.
type Collate struct {
	Pos
	Arg       Expr
	Collation ObjectName
	Start     Pos // Location(Arg), or 0: see Cast
}

// Grouping is GROUPING(…).
type Grouping struct {
	Pos
	Args []Expr
}

func (*ColumnRef) expr()   {}
func (*Star) expr()        {}
func (*Param) expr()       {}
func (*NullLit) expr()     {}
func (*BoolLit) expr()     {}
func (*IntLit) expr()      {}
func (*NumericLit) expr()  {}
func (*StringLit) expr()   {}
func (*BitLit) expr()      {}
func (*Default) expr()     {}
func (*Cast) expr()        {}
func (*UnaryOp) expr()     {}
func (*BinaryOp) expr()    {}
func (*And) expr()         {}
func (*Or) expr()          {}
func (*Not) expr()         {}
func (*IsNull) expr()      {}
func (*IsBool) expr()      {}
func (*IsDistinct) expr()  {}
func (*Like) expr()        {}
func (*Between) expr()     {}
func (*InList) expr()      {}
func (*InQuery) expr()     {}
func (*Quantified) expr()  {}
func (*Case) expr()        {}
func (*Coalesce) expr()    {}
func (*NullIf) expr()      {}
func (*MinMax) expr()      {}
func (*FuncCall) expr()    {}
func (*NamedArg) expr()    {}
func (*ValueFunc) expr()   {}
func (*Array) expr()       {}
func (*ArrayQuery) expr()  {}
func (*Subscript) expr()   {}
func (*FieldSelect) expr() {}
func (*Row) expr()         {}
func (*Subquery) expr()    {}
func (*Exists) expr()      {}
func (*Collate) expr()     {}
func (*Grouping) expr()    {}
