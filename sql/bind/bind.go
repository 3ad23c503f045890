// Package bind gives names and types to a syntax tree: it resolves tables, columns, functions and operators by PostgreSQL's rules, inserts the casts
// that PostgreSQL would, and makes the typed plan.
//
// Every refusal carries PostgreSQL's words, SQLSTATE and position; what the parser accepts but nothing executes is refused with 0A000, saying
// what is missing. The package reads no rows: sub-queries that do not depend on the outer query are run through Binder.Run and become constants.
package bind

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/store"
)

// Relation is what a table name stands for: a stored table, or rows computed when the statement is planned.
type Relation struct {
	Table   *store.TableView
	Virtual func() (*plan.Virtual, error)
}

// Catalog finds relations. schema is "" for a name that is looked up along the search path.
type Catalog interface {
	Relation(schema, name string) (Relation, bool)
	// Hint advises a user whose relation does not exist; "" when there is nothing to say.
	Hint(schema, name string) string
}

// Binder binds one statement. It belongs to one goroutine.
type Binder struct {
	Registry *exprs.Registry
	Catalog  Catalog
	Params   []*vec.Vec // the values of $1, $2, …: constants
	Eval     *exprs.Ctx // for constants: now() and the time zone are the statement's
	// Run executes a plan to its end; the binder calls it for uncorrelated sub-queries. limit is the number of rows beyond which no more are needed.
	Run func(n plan.Node, limit int64) (*vec.Batch, error)

	// ReadParquet opens the files of read_parquet and makes their scan; nil where no files can be read.
	ReadParquet func(files *ParquetFiles) (*plan.Scan, error)

	bound     int // expressions so far
	copies    int // besides, of expressions that stand in the bound ones more than once
	nested    int // copies of copies
	relations int // of the plan so far
	ctes      []*cte
	forward   []parser.CTE // of the WITH at hand, those not bound yet
}

// cte is a common table expression in scope.
type cte struct {
	name      string
	node      plan.Node
	relations int // in node
}

const (
	// perExpr is the memory of a bound expression, in bytes, about: a constant and its vector.
	perExpr = 320
	// maxRelations bounds the relations in a plan, those of a common table expression counted wherever it is named: a chain of thirty of them, each naming
	// the one before it twice, would make a billion. The rules walk over the whole plan.
	maxRelations = 4096
	// maxNested bounds how often copies are copied: of 60 BETWEENs, each the first operand of the next, the innermost stands in the bound expression 2^60 times.
	// Rules and evaluation walk over them all.
	maxNested = 1 << 18
	// lightOperand is the weight of an operand that may be copied for each item of a list of any length.
	lightOperand = 8
)

// weight is how many expressions there are so far, each counted as often as it stands somewhere, and how many of them are copies.
type weight struct{ all, copies int }

func (b *Binder) weight() weight { return weight{b.bound + b.copies, b.copies} }

// since gives by how much the weight has grown: that of what was bound.
func (b *Binder) since(before weight) weight {
	now := b.weight()
	return weight{now.all - before.all, now.copies - before.copies}
}

// beyond gives the weight without n expressions that are no copies.
func (w weight) beyond(n int) weight { return weight{max(0, w.all-n), w.copies} }

// repeat accounts for expressions of a weight that are to stand n times more. What is copied once is bounded by the statement; copies of copies double.
func (b *Binder) repeat(w weight, n int, at parser.Pos) error {
	b.copies += w.all * n
	return b.nest(w.copies*n, at)
}

// nest accounts for n copies of copies.
func (b *Binder) nest(n int, at parser.Pos) error {
	if b.nested += n; b.nested > maxNested {
		return sqlstate.New(sqlstate.StatementTooComplex, "the statement is too complex").
			WithDetail("Operands of BETWEEN, CASE, IN, IS DISTINCT FROM, NULLIF and rows that are compared stand in one another more than %d times.", maxNested).
			At(int(at))
	}
	return nil
}

// tick accounts for one more expression, and looks at the context now and then.
func (b *Binder) tick() error {
	if b.bound++; b.bound%64 != 0 {
		return nil
	}
	return b.Eval.Reserve(64 * perExpr)
}

// relate counts n more relations.
func (b *Binder) relate(n int) error {
	if b.relations += n; b.relations > maxRelations {
		return sqlstate.New(sqlstate.ProgramLimitExceeded, "too many range table entries").
			WithDetail("A statement may name %d relations, those within common table expressions each time.", maxRelations)
	}
	return b.Eval.Check()
}

// Query binds a query. The plan's output columns have the names a client sees.
func (b *Binder) Query(q *parser.Query) (plan.Node, error) {
	n, err := b.query(q, nil)
	if err != nil {
		return nil, err
	}
	return b.settleUnknown(n), nil
}

// unsupported refuses a form that the grammar has and the engine does not.
func unsupported(at parser.Pos, format string, args ...any) error {
	return sqlstate.New(sqlstate.FeatureNotSupported, format+" is not supported", args...).At(int(at))
}

// newBatch gives n rows without columns.
func newBatch(n int) *vec.Batch { return &vec.Batch{N: n} }

// Constant binds an expression without columns and evaluates it to a value of type t.
func (b *Binder) Constant(e parser.Expr, t arrowschema.Type) (*exprs.Const, error) {
	eb := &exprBinder{Binder: b, scope: newScope(nil), where: "arguments"}
	x, err := eb.bind(e)
	if err != nil {
		return nil, err
	}
	if x, err = b.coerce(x, t, exprs.Assignment, pos(e)); err != nil {
		return nil, err
	}
	return b.constant(x)
}
