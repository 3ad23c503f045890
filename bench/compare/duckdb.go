//go:build duckdb_arrow

package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/duckdb/duckdb-go/v2"

	"github.com/stoadb/stoa/bench/suite"
)

// The names of DuckDB's engines.
const (
	duckNative = "DuckDB, native table"
	duckOwn    = "DuckDB, its Parquet"
	duckOurs   = "DuckDB, Stoa's Parquet"
)

// duckEngine is a DuckDB database of its own with the tables sys.jobs and sys.live_queries.
type duckEngine struct {
	name      string
	connector *duckdb.Connector
	db        *sql.DB
	conn      driver.Conn
	arrow     *duckdb.Arrow
}

// openDuck opens a database file, or one in memory when path is empty.
func openDuck(name, path string, threads int) (*duckEngine, error) {
	connector, err := duckdb.NewConnector(path, nil)
	if err != nil {
		return nil, err
	}
	e := &duckEngine{name: name, connector: connector, db: sql.OpenDB(connector)}
	if e.conn, err = connector.Connect(context.Background()); err == nil {
		e.arrow, err = duckdb.NewArrowFromConn(e.conn)
	}
	if err == nil {
		err = e.exec(fmt.Sprintf("SET threads = %d; SET TimeZone = 'UTC'; SET enable_progress_bar = false; CREATE SCHEMA IF NOT EXISTS sys", threads))
	}
	if err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func (e *duckEngine) close() error {
	var err error
	if e.conn != nil {
		err = e.conn.Close()
	}
	return errors.Join(err, e.db.Close(), e.connector.Close())
}

func (e *duckEngine) exec(text string) error {
	_, err := e.conn.(driver.ExecerContext).ExecContext(context.Background(), text, nil)
	return err
}

// Name implements measure.Engine.
func (e *duckEngine) Name() string { return e.name }

// Query implements measure.Engine.
func (e *duckEngine) Query(ctx context.Context, q *suite.Query) (array.RecordReader, error) {
	return e.arrow.QueryContext(ctx, q.Duck)
}

// native makes tables of Parquet files.
func (e *duckEngine) native(jobs, live string) error {
	return e.exec(fmt.Sprintf("CREATE TABLE sys.jobs AS SELECT * FROM read_parquet(%s); CREATE TABLE sys.live_queries AS SELECT * FROM read_parquet(%s); CHECKPOINT",
		quoted(jobs), quoted(live)))
}

// views makes views of Parquet files, for which patterns may stand.
func (e *duckEngine) views(jobs, live string) error {
	return e.exec(fmt.Sprintf("CREATE VIEW sys.jobs AS SELECT * FROM read_parquet(%s); CREATE VIEW sys.live_queries AS SELECT * FROM read_parquet(%s)",
		quoted(jobs), quoted(live)))
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// version gives DuckDB's own.
func (e *duckEngine) version(ctx context.Context) (v string, err error) {
	return v, e.db.QueryRowContext(ctx, "SELECT version()").Scan(&v)
}
