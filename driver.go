package stoa

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"io"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

// init registers the driver: database/sql offers no other way, and the name is fixed.
func init() { sql.Register("stoa", sqlDriver{}) }

// sqlDriver is the database/sql driver. A data source name is a database's directory, followed by ?read_only=true if it is only to be read.
type sqlDriver struct{}

// Open implements driver.Driver.
func (d sqlDriver) Open(name string) (driver.Conn, error) {
	c, err := d.OpenConnector(name)
	if err != nil {
		return nil, err
	}
	return c.Connect(context.Background())
}

// OpenConnector implements driver.DriverContext.
func (d sqlDriver) OpenConnector(name string) (driver.Connector, error) {
	dir, query, _ := strings.Cut(name, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, sqlstate.Wrap(sqlstate.InvalidParameterValue, err, "data source name %q", name)
	}
	opts := &Options{}
	for k := range values {
		if k != "read_only" {
			return nil, sqlstate.New(sqlstate.InvalidParameterValue, "unknown option %q in the data source name", k).WithHint("The options are: read_only.")
		}
		if opts.ReadOnly, err = strconv.ParseBool(values.Get(k)); err != nil {
			return nil, sqlstate.Wrap(sqlstate.InvalidParameterValue, err, "option %q of the data source name", k)
		}
	}
	return &connector{dir: dir, opts: opts}, nil
}

// Connector gives a database/sql connector of an open database: sql.OpenDB(stoa.Connector(db)). Closing the sql.DB leaves db open.
func Connector(db *DB) driver.Connector { return &connector{db: db, borrowed: true} }

// connector shares one database among the connections of an sql.DB: a directory has one writer.
type connector struct {
	dir      string
	opts     *Options
	borrowed bool

	mu sync.Mutex
	db *DB
}

// Connect implements driver.Connector.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db == nil {
		db, err := Open(ctx, c.dir, c.opts)
		if err != nil {
			return nil, err
		}
		c.db = db
	}
	return &conn{session: c.db.Session()}, nil
}

// Driver implements driver.Connector.
func (c *connector) Driver() driver.Driver { return sqlDriver{} }

// Close implements io.Closer: sql.DB.Close calls it.
func (c *connector) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db == nil || c.borrowed {
		return nil
	}
	err := c.db.Close()
	c.db = nil
	return err
}

// conn is a connection: a session.
type conn struct{ session *exec.Session }

// Prepare implements driver.Conn.
func (c *conn) Prepare(query string) (driver.Stmt, error) {
	stmts, err := parser.Parse(query)
	if err != nil {
		return nil, err
	}
	if len(stmts) != 1 {
		return nil, sqlstate.New(sqlstate.SyntaxError, "cannot insert multiple commands into a prepared statement")
	}
	return &stmt{conn: c, parsed: stmts[0]}, nil
}

// Close implements driver.Conn.
func (c *conn) Close() error { return nil }

// Begin implements driver.Conn.
func (c *conn) Begin() (driver.Tx, error) {
	return nil, sqlstate.New(sqlstate.FeatureNotSupported, "transactions of several statements are not supported").
		WithHint("Every statement is atomic and durable by itself.")
}

// CheckNamedValue implements driver.NamedValueChecker: every value that DB.Query takes is welcome.
func (c *conn) CheckNamedValue(v *driver.NamedValue) error {
	_, err := paramOf(v.Value)
	return err
}

// stmt is a parsed statement.
type stmt struct {
	conn   *conn
	parsed parser.Stmt
}

// Close implements driver.Stmt.
func (s *stmt) Close() error { return nil }

// NumInput implements driver.Stmt: the binder checks the parameters.
func (s *stmt) NumInput() int { return -1 }

// Exec implements driver.Stmt.
func (s *stmt) Exec([]driver.Value) (driver.Result, error) { return nil, driver.ErrSkip }

// Query implements driver.Stmt.
func (s *stmt) Query([]driver.Value) (driver.Rows, error) { return nil, driver.ErrSkip }

func (s *stmt) run(ctx context.Context, args []driver.NamedValue) (*exec.Result, error) {
	values := make([]any, len(args))
	for i, a := range args {
		if a.Name != "" {
			return nil, sqlstate.New(sqlstate.FeatureNotSupported, "named parameters are not supported").WithHint("Write $1, $2, ….")
		}
		values[i] = a.Value
	}
	params, err := paramsOf(values)
	if err != nil {
		return nil, err
	}
	return s.conn.session.Execute(ctx, s.parsed, params)
}

// ExecContext implements driver.StmtExecContext.
func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	res, err := s.run(ctx, args)
	if err != nil {
		return nil, err
	}
	defer res.Close()
	for {
		b, err := res.Next()
		if err != nil {
			return nil, err
		}
		if b == nil {
			return driver.RowsAffected(rowsAffected(res.Tag())), nil
		}
	}
}

// QueryContext implements driver.StmtQueryContext.
func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	res, err := s.run(ctx, args)
	if err != nil {
		return nil, err
	}
	return &sqlRows{result: res, zone: s.conn.session.Zone()}, nil
}

// sqlRows hands rows out one by one.
type sqlRows struct {
	result *exec.Result
	zone   *time.Location
	batch  *vec.Batch
	row    int
}

// Columns implements driver.Rows.
func (r *sqlRows) Columns() []string {
	names := make([]string, len(r.result.Columns))
	for i, c := range r.result.Columns {
		names[i] = c.Name
	}
	return names
}

// ColumnTypeDatabaseTypeName gives PostgreSQL's name of a column's type, in upper case as drivers do.
func (r *sqlRows) ColumnTypeDatabaseTypeName(i int) string {
	return strings.ToUpper(r.column(i).Type.Name())
}

// ColumnTypeScanType gives the Go type of a column's values.
func (r *sqlRows) ColumnTypeScanType(i int) reflect.Type {
	switch t := r.column(i).Type; {
	case t == arrowschema.Bool:
		return reflect.TypeFor[bool]()
	case t.Integer():
		return reflect.TypeFor[int64]()
	case t == arrowschema.Float4 || t == arrowschema.Float8:
		return reflect.TypeFor[float64]()
	case t == arrowschema.Timestamp || t == arrowschema.TimestampTZ || t == arrowschema.Date:
		return reflect.TypeFor[time.Time]()
	}
	return reflect.TypeFor[string]()
}

func (r *sqlRows) column(i int) plan.Column { return r.result.Columns[i] }

// Close implements driver.Rows.
func (r *sqlRows) Close() error {
	r.result.Close()
	return nil
}

// Next implements driver.Rows.
func (r *sqlRows) Next(dest []driver.Value) error {
	for r.batch == nil || r.row >= r.batch.N {
		b, err := r.result.Next()
		if err != nil {
			return err
		}
		if b == nil {
			return io.EOF
		}
		r.batch, r.row = b, 0
	}
	for i, c := range r.batch.Cols {
		dest[i] = r.value(c, r.row)
	}
	r.row++
	return nil
}

// value gives bool, int64, float64 and time.Time for the types that are these, and PostgreSQL's text for all others: also for the infinite times, which
// Go's times cannot be.
func (r *sqlRows) value(v *vec.Vec, row int) driver.Value {
	if v.IsNull(row) {
		return nil
	}
	holder, i := v.Value(row)
	switch {
	case v.Type == arrowschema.Bool:
		return holder.Bools[i]
	case v.Type.Integer():
		return holder.Ints[i]
	case v.Type == arrowschema.Float4 || v.Type == arrowschema.Float8:
		return holder.Floats[i]
	case v.Type.Physical() == arrowschema.Ints && !temporal.IsFinite(holder.Ints[i]):
	case v.Type == arrowschema.Timestamp:
		return time.UnixMicro(holder.Ints[i]).UTC()
	case v.Type == arrowschema.TimestampTZ:
		return time.UnixMicro(holder.Ints[i]).In(r.zone)
	case v.Type == arrowschema.Date:
		return time.Unix(holder.Ints[i]*86400, 0).UTC()
	}
	return string(vec.AppendText(nil, v, row, r.zone))
}
