package exec

import (
	"context"
	"errors"
	"fmt"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/sql/bind"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/sql/rules"
	"github.com/stoadb/stoa/store"
)

// statement is one statement while it runs.
type statement struct {
	session  *Session
	engine   *Engine
	ctx      context.Context
	text     string
	params   []*vec.Vec
	now      int64
	memory   *scan.Budget
	counters *scan.Counters
	scans    map[*plan.Scan]*scan.Counters // of EXPLAIN ANALYZE: what each scan of the plan did

	deprecated bool              // it uses system.table_schemas
	files      []*parquetio.File // of read_parquet, open until the statement ends
}

// execute runs the statement by its kind.
func (s *statement) execute(node parser.Statement) (*Result, error) {
	if err := s.checkWritable(node); err != nil {
		return nil, err
	}
	switch n := node.(type) {
	case *parser.Query:
		return s.query(n)
	case *parser.Insert:
		return s.insert(n)
	case *parser.Update:
		return s.update(n)
	case *parser.Delete:
		return s.delete(n)
	case *parser.Truncate:
		return s.truncate(n)
	case *parser.Copy:
		return s.copy(n)
	case *parser.CreateTable:
		return s.createTable(n)
	case *parser.CreateIndex:
		return s.createIndex(n)
	case *parser.CreateSchema:
		return s.createSchema(n)
	case *parser.AlterTable:
		return s.alterTable(n)
	case *parser.Drop:
		return s.drop(n)
	case *parser.Call:
		return s.call(n)
	case *parser.Explain:
		return s.explain(n)
	case *parser.Set:
		return s.set(n)
	case *parser.Show:
		return s.show(n)
	case *parser.Reset:
		return s.reset(n)
	case *parser.Transaction:
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "transactions of several statements are not supported").At(n.Position()).
			WithHint("Every statement is atomic and durable by itself.")
	}
	return nil, sqlstate.New(sqlstate.FeatureNotSupported, "this statement is not supported").At(node.Position())
}

// checkWritable refuses what changes a database that was opened for reading.
func (s *statement) checkWritable(node parser.Statement) error {
	if !s.engine.db.ReadOnly() {
		return nil
	}
	word := ""
	switch n := node.(type) {
	case *parser.Insert:
		word = "INSERT"
	case *parser.Update:
		word = "UPDATE"
	case *parser.Delete:
		word = "DELETE"
	case *parser.Truncate:
		word = "TRUNCATE TABLE"
	case *parser.CreateTable:
		word = "CREATE TABLE"
	case *parser.CreateIndex:
		word = "CREATE INDEX"
	case *parser.CreateSchema:
		word = "CREATE SCHEMA"
	case *parser.AlterTable:
		word = "ALTER TABLE"
	case *parser.Drop:
		word = "DROP TABLE"
	case *parser.Call:
		word = "CALL"
	case *parser.Copy:
		if n.From {
			word = "COPY FROM"
		}
	}
	if word == "" {
		return nil
	}
	return sqlstate.New(sqlstate.ReadOnlyTransaction, "cannot execute %s in a read-only transaction", word).
		WithHint("The database is open for reading only.")
}

// eval gives the context in which constants and plans are evaluated.
func (s *statement) eval() *exprs.Ctx {
	ctx := exprs.NewCtx(s.ctx, s.now, s.session.zone)
	ctx.Memory = s.memory
	ctx.Session = exprs.Session{User: "stoa", Database: "stoa", Schema: "public", Version: s.engine.opts.Version}
	return ctx
}

// env gives the environment of the statement's operators.
func (s *statement) env() *scan.Env {
	return &scan.Env{
		Context: s.ctx, Workers: s.engine.opts.Workers, BatchRows: s.engine.opts.BatchRows,
		Memory: s.memory, Eval: s.eval(), Counters: s.counters,
		NoFooters: s.setting("aggregate_footers") == "off",
	}
}

// binder binds on what a snapshot shows.
func (s *statement) binder(snap *store.Snapshot) *bind.Binder {
	return &bind.Binder{
		Registry: s.engine.registry, Catalog: &catalog{snap: snap, stmt: s}, Params: s.params, Eval: s.eval(),
		Run:         func(n plan.Node, limit int64) (*vec.Batch, error) { return s.collect(n, limit) },
		ReadParquet: s.readParquet,
	}
}

// bare gives a binder for expressions that name no tables: defaults, checks.
func (s *statement) bare() *bind.Binder {
	return &bind.Binder{Registry: s.engine.registry, Eval: s.eval()}
}

// open optimises a plan and opens it as one stream.
func (s *statement) open(n plan.Node) (*scan.Env, scan.Stream, error) {
	n, err := rules.Optimise(s.eval(), n)
	if err != nil {
		return nil, nil, err
	}
	source, err := s.build(n)
	if err != nil {
		return nil, nil, err
	}
	env := s.env()
	streams, err := source.Open(env, 1)
	if err != nil {
		return nil, nil, err
	}
	return env, streams[0], nil
}

// each runs a plan and hands on its batches.
func (s *statement) each(n plan.Node, consume func(*vec.Batch) error) error {
	env, stream, err := s.open(n)
	if err != nil {
		return err
	}
	for {
		b, err := scan.Pull(env, stream)
		if err != nil || b == nil {
			return err
		}
		if err := consume(b); err != nil {
			return err
		}
	}
}

// collect runs a plan and puts its rows together; more than limit rows need not be given when limit is not negative.
func (s *statement) collect(n plan.Node, limit int64) (*vec.Batch, error) {
	if limit >= 0 {
		n = &plan.Limit{Input: n, Count: limit}
	}
	cols := n.Columns()
	builders := make([]*vec.Builder, len(cols))
	for i, c := range cols {
		builders[i] = vec.NewBuilder(c.Type, 0)
	}
	out := &vec.Batch{}
	err := s.each(n, func(b *vec.Batch) error {
		out.N += b.N
		for i, c := range b.Cols {
			builders[i].Append(c)
		}
		// The vectors grow by a quarter, and are there twice meanwhile.
		return s.memory.Reserve(9 * scan.Bytes(b) / 4)
	})
	for _, b := range builders {
		out.Cols = append(out.Cols, b.Vec())
	}
	s.memory.Release(5 * scan.Bytes(out) / 4)
	return out, err
}

// query runs a SELECT: its snapshot lives until the result is closed.
func (s *statement) query(q *parser.Query) (*Result, error) {
	snap, err := s.engine.db.Latest(s.ctx)
	if err != nil {
		return nil, err
	}
	n, err := s.binder(snap).Query(q)
	if err != nil {
		snap.Close()
		return nil, err
	}
	env, stream, err := s.open(n)
	if err != nil {
		snap.Close()
		return nil, err
	}
	return &Result{
		Columns: n.Columns(), Counters: s.counters, close: snap.Close,
		next: func() (*vec.Batch, error) {
			b, err := scan.Pull(env, stream)
			return b, Cancelled(err)
		},
		tag: func(rows int64) string { return fmt.Sprintf("SELECT %d", rows) },
	}, nil
}

// Cancelled words the error of a context that has ended, or of the disk, unless it is worded already. Other errors stay as they are.
func Cancelled(err error) error {
	words := ""
	switch {
	case sqlstate.CodeOf(err) != sqlstate.InternalError:
		return err
	case errors.Is(err, context.Canceled):
		words = "canceling statement due to user request"
	case errors.Is(err, context.DeadlineExceeded):
		words = "canceling statement due to statement timeout"
	default:
		return store.Worded(err)
	}
	return &sqlstate.Error{Code: sqlstate.QueryCanceled, Message: words, Cause: err}
}
