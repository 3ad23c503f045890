package stoa_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
)

// sqlDB opens a database by the driver's connector.
func sqlDB(t testing.TB) (*sql.DB, *stoa.DB) {
	db, _ := memDB(t)
	pool := sql.OpenDB(stoa.Connector(db))
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return pool, db
}

// Each type of SQL scans into the Go types that one expects, and so does NULL into those that can be it.
func TestScan(t *testing.T) {
	t.Parallel()
	pool, _ := sqlDB(t)
	rows, err := pool.Query(`SELECT true AS b, 7::smallint AS i2, 7 AS i4, 7::bigint AS i8, 1.50 AS n, 0.5::real AS f4, 0.1::double precision AS f8, 'é' AS s,
		'00000000-0000-0000-0000-0000000000ff'::uuid AS u, '{"b":1}'::jsonb AS j, date '2025-10-21' AS d, time '14:30' AS t, timestamp '2025-10-21 14:30:22.5' AS ts,
		timestamptz '2025-10-21 14:30:22+02' AS tz, interval '1 day 2 hours' AS iv`)
	require.NoError(t, err)
	defer rows.Close()
	types, err := rows.ColumnTypes()
	require.NoError(t, err)
	var names, scans []string
	for _, c := range types {
		names, scans = append(names, c.DatabaseTypeName()), append(scans, c.ScanType().String())
	}
	require.Equal(t, []string{"BOOL", "INT2", "INT4", "INT8", "NUMERIC", "FLOAT4", "FLOAT8", "TEXT", "UUID", "JSONB", "DATE", "TIME", "TIMESTAMP", "TIMESTAMPTZ", "INTERVAL"}, names)
	require.Equal(t, []string{"bool", "int64", "int64", "int64", "string", "float64", "float64", "string", "string", "string", "time.Time", "string", "time.Time", "time.Time", "string"}, scans)
	var (
		b               bool
		i2              int16
		i4              int
		i8              int64
		f4, f8          float64
		n, s, j, tm, iv string
		u               uuid.UUID
		d, ts, tz       time.Time
	)
	require.True(t, rows.Next())
	require.NoError(t, rows.Scan(&b, &i2, &i4, &i8, &n, &f4, &f8, &s, &u, &j, &d, &tm, &ts, &tz, &iv))
	require.Equal(t, "true 7 7 7 1.50 0.5 0.1 é 00000000-0000-0000-0000-0000000000ff {\"b\": 1} 14:30:00 1 day 02:00:00",
		fmt.Sprint(b, " ", i2, i4, i8, " ", n, " ", f4, f8, " ", s, " ", u, " ", j, " ", tm, " ", iv))
	require.Equal(t, time.Date(2025, 10, 21, 0, 0, 0, 0, time.UTC), d)
	require.Equal(t, time.Date(2025, 10, 21, 14, 30, 22, 5e8, time.UTC), ts)
	require.True(t, time.Date(2025, 10, 21, 12, 30, 22, 0, time.UTC).Equal(tz))
	require.False(t, rows.Next())
	require.NoError(t, rows.Err())

	var any1 any
	require.NoError(t, pool.QueryRow("SELECT 1.50").Scan(&any1))
	require.Equal(t, "1.50", any1)
	var forever string
	require.NoError(t, pool.QueryRow("SELECT timestamp 'infinity'").Scan(&forever))
	require.Equal(t, "infinity", forever, "which no time.Time is")
	require.NoError(t, pool.QueryRow("SELECT date '-infinity'").Scan(&forever))
	require.Equal(t, "-infinity", forever)
	var raw []byte
	require.NoError(t, pool.QueryRow("SELECT parameters FROM (VALUES ('[1,2]'::jsonb)) v(parameters)").Scan(&raw))
	require.Equal(t, "[1, 2]", string(raw))
}

func TestScanNull(t *testing.T) {
	t.Parallel()
	pool, _ := sqlDB(t)
	var (
		s  sql.NullString
		i  sql.NullInt64
		f  sql.NullFloat64
		b  sql.NullBool
		tm sql.NullTime
		u  uuid.NullUUID
		p  *string
	)
	row := pool.QueryRow("SELECT NULL::text, NULL::bigint, NULL::double precision, NULL::boolean, NULL::timestamp, NULL::uuid, NULL::text")
	require.NoError(t, row.Scan(&s, &i, &f, &b, &tm, &u, &p))
	require.False(t, s.Valid || i.Valid || f.Valid || b.Valid || tm.Valid || u.Valid || p != nil)
	var plain string
	require.Error(t, pool.QueryRow("SELECT NULL::text").Scan(&plain))
	require.ErrorIs(t, pool.QueryRow("SELECT 1 WHERE false").Scan(&plain), sql.ErrNoRows)
}

func TestDriverStatements(t *testing.T) {
	t.Parallel()
	pool, _ := sqlDB(t)
	res, err := pool.Exec("CREATE TABLE d (id int PRIMARY KEY, s text, at timestamp)")
	require.NoError(t, err)
	n, err := res.RowsAffected()
	require.NoError(t, err)
	require.Zero(t, n)
	_, err = res.LastInsertId()
	require.Error(t, err)
	stmt, err := pool.Prepare("INSERT INTO d VALUES ($1, $2, $3)")
	require.NoError(t, err)
	defer stmt.Close()
	at := time.Date(2025, 10, 21, 14, 30, 22, 123456000, time.FixedZone("", 3600))
	for i, s := range []any{"it's", nil, ptr("p"), sql.NullString{String: "n", Valid: true}} {
		res, err := stmt.Exec(i, s, at)
		require.NoError(t, err)
		n, err := res.RowsAffected()
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
	}
	query, err := pool.Prepare("SELECT count(*) FROM d WHERE s = $1 OR id = $2")
	require.NoError(t, err)
	defer query.Close()
	for arg, want := range map[string]int{"it's": 2, "p": 2, "nobody": 1} {
		var n int
		require.NoError(t, query.QueryRow(arg, 1).Scan(&n))
		require.Equal(t, want, n)
	}
	var back time.Time
	require.NoError(t, pool.QueryRow("SELECT max(at) FROM d").Scan(&back))
	require.Equal(t, at.UTC(), back, "a timestamp is in the session's zone, UTC")

	for _, c := range []struct {
		code string
		run  func() error
	}{
		{"42601", func() error { _, err := pool.Exec("SELECT 1; SELECT 2"); return err }},
		{"42601", func() error { _, err := pool.Prepare("SELEC"); return err }},
		{"42P01", func() error { _, err := pool.Query("SELECT * FROM nosuch"); return err }},
		{"0A000", func() error { _, err := pool.Exec("SELECT $1", sql.Named("x", 1)); return err }},
		{"0A000", func() error { _, err := pool.Exec("SELECT $1", []int{1}); return err }},
		{"0A000", func() error { _, err := pool.Begin(); return err }},
		{"23505", func() error { _, err := stmt.Exec(1, "", at); return err }},
		{"22012", func() error { var x int; return pool.QueryRow("SELECT 1 / (id - id) FROM d").Scan(&x) }},
		{"57014", func() error {
			ctx, cancel := context.WithCancel(context.Background())
			rows, err := pool.QueryContext(ctx, "SELECT count(*) FROM d a, d b, d c, d e, d f, d g, d h, d i, d j, d k, d l, d m, d n, d o")
			cancel()
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
			}
			if rows.Err() == context.Canceled { // database/sql was quicker than the engine
				_, err = pool.ExecContext(ctx, "SELECT 1")
				if err == context.Canceled {
					return errCanceledEarly
				}
				return err
			}
			return rows.Err()
		}},
	} {
		err := c.run()
		if err == errCanceledEarly {
			continue
		}
		require.Equal(t, c.code, stoa.CodeOf(err), "%v", err)
	}
}

// errCanceledEarly stands for a cancellation that database/sql itself has reported.
var errCanceledEarly = fmt.Errorf("canceled by database/sql: %w", context.Canceled)

// A pool is used by many goroutines; its connections are sessions.
func TestPool(t *testing.T) {
	t.Parallel()
	pool, _ := sqlDB(t)
	_, err := pool.Exec("CREATE TABLE p (worker int, n int)")
	require.NoError(t, err)
	var wg sync.WaitGroup
	for w := range 6 {
		wg.Go(func() {
			for i := range 15 {
				if _, err := pool.Exec("INSERT INTO p VALUES ($1, $2)", w, i); err != nil {
					t.Error(err)
				}
				var n int
				if err := pool.QueryRow("SELECT count(*) FROM p WHERE worker = $1", w).Scan(&n); err != nil || n != i+1 {
					t.Error(n, err)
				}
			}
		})
	}
	wg.Wait()
	ctx := context.Background()
	one, err := pool.Conn(ctx)
	require.NoError(t, err)
	defer one.Close()
	_, err = one.ExecContext(ctx, "SET timezone = 'Asia/Kolkata'")
	require.NoError(t, err)
	var at time.Time
	require.NoError(t, one.QueryRowContext(ctx, "SELECT now()").Scan(&at))
	require.True(t, at.Equal(goldenNow))
	require.Equal(t, "Asia/Kolkata", at.Location().String())
	require.NoError(t, pool.QueryRow("SELECT now()").Scan(&at))
	require.Equal(t, "UTC", at.Location().String(), "another connection is another session")
}

// The data source name is a directory and options.
func TestDataSourceName(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	reader, err := sql.Open("stoa", dir+"?read_only=true")
	require.NoError(t, err)
	require.ErrorContains(t, reader.Ping(), dir, "there is none to read")
	pool, err := sql.Open("stoa", dir)
	require.NoError(t, err)
	_, err = pool.Exec("CREATE TABLE t (n int)")
	require.NoError(t, err)
	require.NoError(t, reader.Ping())
	_, err = reader.Exec("INSERT INTO t VALUES (1)")
	require.Equal(t, "25006", stoa.CodeOf(err))
	require.NoError(t, reader.Close())
	second, err := sql.Open("stoa", dir)
	require.NoError(t, err)
	require.ErrorContains(t, second.Ping(), "is open for writing")
	require.NoError(t, pool.Close())
	require.NoError(t, second.Ping(), "the first has gone")
	require.NoError(t, second.Close())
	for _, name := range []string{dir + "?nosuch=1", dir + "?read_only=perhaps", dir + "?%zz"} {
		_, err := sql.Open("stoa", name)
		require.Equal(t, "22023", stoa.CodeOf(err), name)
	}
}

// Closing a pool over a database that is open leaves it open.
func TestConnectorLeavesTheDatabaseOpen(t *testing.T) {
	t.Parallel()
	db, _ := memDB(t)
	pool := sql.OpenDB(stoa.Connector(db))
	require.NoError(t, pool.Ping())
	require.NoError(t, pool.Close())
	mustExec(t, db, "CREATE TABLE still (n int)")
	require.Equal(t, reflect.TypeOf(pool.Driver()), reflect.TypeOf(stoa.Connector(db).Driver()))
}
