package stoa

import (
	"context"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/exec"
)

// Conn is a session in which settings stay: SET, and what follows it. It is used by one goroutine at a time, and needs no closing.
type Conn struct {
	db      *DB
	session *exec.Session
}

// Conn opens a session of its own. DB.Query and DB.Exec run each statement in a fresh one.
func (db *DB) Conn() *Conn { return &Conn{db, db.Session()} }

// Query is DB.Query in this session.
func (c *Conn) Query(ctx context.Context, sql string, args ...any) (*Rows, error) {
	res, err := c.db.run(ctx, c.session, sql, args)
	if err != nil {
		return nil, err
	}
	rows := &Rows{schema: schemaOf(res.Columns), result: res}
	rows.refs.Store(1)
	return rows, nil
}

// Exec is DB.Exec in this session.
func (c *Conn) Exec(ctx context.Context, sql string, args ...any) (Result, error) {
	res, err := c.db.run(ctx, c.session, sql, args)
	if err != nil {
		return Result{}, err
	}
	defer res.Close()
	for {
		b, err := res.Next()
		if err != nil {
			return Result{}, err
		}
		if b == nil {
			return Result{Tag: res.Tag(), RowsAffected: rowsAffected(res.Tag())}, nil
		}
	}
}

// run parses and executes exactly one statement.
func (db *DB) run(ctx context.Context, session *exec.Session, sql string, args []any) (*exec.Result, error) {
	if db.closed.Load() {
		return nil, sqlstate.New("57P01", "the database is closed")
	}
	stmts, err := session.Parse(ctx, sql)
	if err != nil {
		return nil, err
	}
	if len(stmts) == 0 {
		return nil, sqlstate.New(sqlstate.SyntaxError, "there is no statement in the text")
	}
	if len(stmts) != 1 {
		return nil, sqlstate.New(sqlstate.SyntaxError, "cannot insert multiple commands into a prepared statement").
			WithHint("Run one statement at a time.")
	}
	var params []*vec.Vec
	if params, err = paramsOf(args); err != nil {
		return nil, err
	}
	return session.Execute(ctx, stmts[0], params)
}
