package stoa_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
)

type (
	namedString string
	namedInt    int32
	valuer      struct{ text string }
	onPointer   struct{ n int64 }
)

// Each type of Go is a type of SQL, and its value arrives as it is.
func TestParameters(t *testing.T) {
	t.Parallel()
	db, _ := memDB(t)
	zone := time.FixedZone("", 2*3600)
	id := uuid.MustParse("00000000-0000-0000-0000-0000000000ff")
	var none *string
	for _, c := range []struct {
		arg       any
		typ, text string
	}{
		{true, "boolean", "true"}, {int8(-1), "smallint", "-1"}, {int16(math.MinInt16), "smallint", "-32768"}, {uint8(255), "smallint", "255"},
		{int32(7), "integer", "7"}, {uint16(65535), "integer", "65535"}, {namedInt(5), "integer", "5"}, {int64(math.MinInt64), "bigint", "-9223372036854775808"},
		{7, "bigint", "7"}, {uint(7), "bigint", "7"}, {uint32(math.MaxUint32), "bigint", "4294967295"}, {uint64(math.MaxInt64), "bigint", "9223372036854775807"},
		{float32(0.1), "real", "0.1"}, {0.1, "double precision", "0.1"}, {math.NaN(), "double precision", "NaN"}, {math.Inf(-1), "double precision", "-Infinity"},
		{"it's", "unknown", "it's"}, {namedString("x"), "unknown", "x"}, {[]byte("bytes"), "unknown", "bytes"}, {"", "unknown", ""},
		{json.RawMessage(`{"b":1, "a":2}`), "jsonb", `{"a": 2, "b": 1}`}, {id, "uuid", id.String()}, {ptr(id), "uuid", id.String()},
		{time.Date(2025, 10, 21, 14, 30, 22, 123456789, zone), "timestamp with time zone", "2025-10-21 12:30:22.123456+00"},
		{90 * time.Second, "interval", "00:01:30"}, {-time.Hour, "interval", "-01:00:00"},
		{ptr("p"), "unknown", "p"}, {ptr(ptr(int64(9))), "bigint", "9"}, {none, "unknown", "(null)"}, {nil, "unknown", "(null)"}, {[]byte(nil), "unknown", "(null)"}, {json.RawMessage(nil), "unknown", "(null)"},
		{sql.NullInt64{Int64: 4, Valid: true}, "bigint", "4"}, {sql.NullString{}, "unknown", "(null)"}, {uuid.NullUUID{UUID: id, Valid: true}, "unknown", id.String()},
	} {
		got := queryRows(t, db, "SELECT pg_typeof($1), ($1)::text", c.arg)
		require.Equal(t, []string{c.typ + "|" + c.text}, got, "%T %v", c.arg, c.arg)
	}
}

// Parameters that cannot be are refused, with their number.
func TestParametersRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := memDB(t)
	for _, c := range []struct {
		arg  any
		code string
	}{
		{uint64(math.MaxInt64) + 1, "22003"}, {[]string{"a"}, "0A000"}, {map[string]int{}, "0A000"}, {struct{}{}, "0A000"}, {complex(1, 2), "0A000"},
		{"a\xff", "22021"}, {"a\x00", "22021"}, {json.RawMessage(`{`), "22P02"}, {time.Date(300000, 1, 1, 0, 0, 0, 0, time.UTC), "22008"},
	} {
		_, err := db.Query(ctx, "SELECT $1, $2", 1, c.arg)
		require.Equal(t, c.code, stoa.CodeOf(err), "%T: %v", c.arg, err)
		require.ErrorContains(t, err, "$2")
	}
	_, err := db.Query(ctx, "SELECT $2", 1)
	require.Equal(t, "42P02", stoa.CodeOf(err))
	_, err = db.Query(ctx, "SELECT $0")
	require.Equal(t, "42P02", stoa.CodeOf(err))
}

// A parameter is a value, whatever is in it.
func TestParametersAreNotText(t *testing.T) {
	t.Parallel()
	db, _ := memDB(t)
	mustExec(t, db, "CREATE TABLE p (id int PRIMARY KEY, s text)")
	evil := []string{"'; DROP TABLE p; --", `\'`, "$1", "$$", "%", "a'||'b", "\"", "é\n--", "NULL", "1) OR (1=1"}
	for i, s := range evil {
		require.Equal(t, "INSERT 0 1", mustExec(t, db, "INSERT INTO p VALUES ($1, $2)", i, s).Tag)
	}
	for i, s := range evil {
		require.Equal(t, []string{fmt.Sprint(i)}, queryRows(t, db, "SELECT id FROM p WHERE s = $1", s))
		require.Equal(t, []string{s}, queryRows(t, db, "SELECT s FROM p WHERE id = $1", i))
		require.Equal(t, []string{s + "$1" + s}, queryRows(t, db, "SELECT $1 || '$1' || $1", s))
	}
	require.EqualValues(t, len(evil), mustExec(t, db, "UPDATE p SET s = s || $1 WHERE s <> $2", "!", "nobody").RowsAffected)
	require.EqualValues(t, 1, mustExec(t, db, "DELETE FROM p WHERE s LIKE $1", "NULL%").RowsAffected)
}

// An untyped parameter takes the type of its context, as a literal does.
func TestParameterContext(t *testing.T) {
	t.Parallel()
	db, _ := memDB(t)
	mustExec(t, db, "CREATE TABLE c (id uuid PRIMARY KEY, n numeric, at timestamp, doc jsonb, k int)")
	mustExec(t, db, "INSERT INTO c VALUES ($1, $2, $3, $4, $5)", "00000000-0000-0000-0000-000000000001", "1.50", "2025-10-21 14:30:22", `{"a":1}`, "7")
	require.Equal(t, []string{"1.50"}, queryRows(t, db, "SELECT n::text FROM c WHERE id = $1 AND at < $2 AND doc @> $3 AND k IN ($4, $5)",
		"00000000-0000-0000-0000-000000000001", "2025-10-22", `{"a": 1}`, "7", "8"))
	require.Equal(t, []string{"7"}, queryRows(t, db, "SELECT k FROM c WHERE at > $1 - $2 LIMIT $3", goldenNow, time.Hour, 1))
	_, err := db.Query(context.Background(), "SELECT * FROM c WHERE id = $1", "no uuid")
	require.Equal(t, "22P02", stoa.CodeOf(err))
}

// A result's columns are Arrow's types, with the canonical extensions where there are some, whether there are rows or not.
func TestResultTypes(t *testing.T) {
	t.Parallel()
	db, _ := memDB(t)
	for sql, want := range map[string]string{
		"1::smallint": "int16", "1": "int32", "1::bigint": "int64", "1.5": "extension<arrow.opaque[storage_type=utf8, type_name=numeric, vendor_name=PostgreSQL]>",
		"1::real": "float32", "1::double precision": "float64", "'a'": "utf8", "'a'::varchar": "utf8", "gen_random_uuid()": "extension<arrow.uuid>",
		"'{}'::json": "extension<arrow.json[storage_type=utf8]>", "'{}'::jsonb": "extension<arrow.json[storage_type=utf8]>", "date '2025-10-21'": "date32",
		"time '12:00'": "time64[us]", "timestamp '2025-10-21'": "timestamp[us]", "now()": "timestamp[us, tz=UTC]", "interval '1 day'": "month_day_nano_interval",
		"true": "bool", "NULL": "utf8",
	} {
		for _, where := range []string{"true", "false"} {
			rows, err := db.Query(context.Background(), "SELECT "+sql+" AS x WHERE "+where)
			require.NoError(t, err, sql)
			f := rows.Schema().Field(0)
			require.Equal(t, "x", f.Name)
			require.True(t, f.Nullable)
			require.Equal(t, want, f.Type.String(), sql)
			n := 0
			for rows.Next() {
				rec := rows.RecordBatch()
				require.True(t, arrow.TypeEqual(f.Type, rec.Column(0).DataType()), sql)
				require.True(t, rec.Schema().Equal(rows.Schema()))
				n += int(rec.NumRows())
			}
			require.NoError(t, rows.Err())
			require.Equal(t, map[string]int{"true": 1, "false": 0}[where], n)
			rows.Release()
		}
	}
}

// A record batch lives until the next one is asked for, unless it is retained; a retained result until its last release.
func TestResultLifetimes(t *testing.T) {
	t.Parallel()
	db, _ := memDB(t)
	mustExec(t, db, "CREATE TABLE l (n bigint)")
	mustExec(t, db, "INSERT INTO l SELECT * FROM (VALUES "+strings.TrimSuffix(strings.Repeat("(1),", 5000), ",")+") v(n)")
	rows, err := db.Query(context.Background(), "SELECT n FROM l")
	require.NoError(t, err)
	var kept []arrow.RecordBatch
	for rows.Next() {
		rows.RecordBatch().Retain()
		kept = append(kept, rows.RecordBatch())
	}
	require.NoError(t, rows.Err())
	require.False(t, rows.Next())
	rows.Retain()
	rows.Release()
	rows.Release()
	require.Greater(t, len(kept), 1)
	var sum int64
	for _, rec := range kept {
		for _, x := range rec.Column(0).(*array.Int64).Int64Values() {
			sum += x
		}
		rec.Release()
	}
	require.EqualValues(t, 5000, sum)

	early, err := db.Query(context.Background(), "SELECT n FROM l") // given up after the first batch
	require.NoError(t, err)
	require.True(t, early.Next())
	early.Release()
	unread, err := db.Query(context.Background(), "SELECT n FROM l")
	require.NoError(t, err)
	unread.Release()
}

// A result shows the database as it was, whatever is written beside it; and its snapshot's files stay until it is released.
func TestResultIsASnapshot(t *testing.T) {
	t.Parallel()
	db, _ := memDB(t)
	mustExec(t, db, "CREATE TABLE s (n bigint)")
	values := "(0)"
	for i := 1; i < 6000; i++ {
		values += fmt.Sprintf(",(%d)", i)
	}
	mustExec(t, db, "INSERT INTO s VALUES "+values)
	mustExec(t, db, "CALL system.flush('s', all_rows => true)")
	rows, err := db.Query(context.Background(), "SELECT n FROM s")
	require.NoError(t, err)
	require.True(t, rows.Next())
	n := rows.RecordBatch().NumRows()
	mustExec(t, db, "UPDATE s SET n = n + 1")
	mustExec(t, db, "DROP TABLE s")
	for rows.Next() {
		n += rows.RecordBatch().NumRows()
	}
	require.NoError(t, rows.Err())
	require.EqualValues(t, 6000, n)
	rows.Release()
}

func TestExecTags(t *testing.T) {
	t.Parallel()
	db, _ := memDB(t)
	for _, c := range []struct {
		sql, tag string
		n        int64
	}{
		{"CREATE TABLE e (n int)", "CREATE TABLE", 0}, {"INSERT INTO e VALUES (1), (2), (3)", "INSERT 0 3", 3}, {"UPDATE e SET n = n WHERE n > 1", "UPDATE 2", 2},
		{"SELECT * FROM e", "SELECT 3", 3}, {"DELETE FROM e WHERE n = 1 RETURNING n", "DELETE 1", 1}, {"SET timezone = 'UTC'", "SET", 0}, {"DROP TABLE e", "DROP TABLE", 0},
	} {
		require.Equal(t, stoa.Result{Tag: c.tag, RowsAffected: c.n}, mustExec(t, db, c.sql), c.sql)
	}
	for _, sql := range []string{"", ";", "SELECT 1; SELECT 2", "SELEC 1"} {
		_, err := db.Exec(context.Background(), sql)
		require.Equal(t, "42601", stoa.CodeOf(err), sql)
	}
}

// A query whose context ends while its rows are read ends with 57014, and soon.
func TestQueryCancelled(t *testing.T) {
	t.Parallel()
	db, _ := memDB(t)
	mustExec(t, db, "CREATE TABLE n (x int)")
	mustExec(t, db, "INSERT INTO n VALUES "+strings.TrimSuffix(strings.Repeat("(1),", 1000), ","))
	ctx, cancel := context.WithCancel(context.Background())
	rows, err := db.Query(ctx, "SELECT a.x FROM n a, n b, n c")
	require.NoError(t, err)
	defer rows.Release()
	require.True(t, rows.Next())
	time.AfterFunc(20*time.Millisecond, cancel)
	start := time.Now()
	for rows.Next() {
	}
	require.Equal(t, "57014", stoa.CodeOf(rows.Err()))
	require.ErrorIs(t, rows.Err(), context.Canceled)
	require.Less(t, time.Since(start), time.Second)
	require.False(t, rows.Next(), "it stays at its end")
}

// Many goroutines query and write one database.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := memDB(t)
	mustExec(t, db, "CREATE TABLE c (worker int, n int, PRIMARY KEY (worker, n))")
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 25 {
				if _, err := db.Exec(ctx, "INSERT INTO c VALUES ($1, $2)", w, i); err != nil {
					t.Error(err)
				}
				rows, err := db.Query(ctx, "SELECT count(*) FROM c WHERE worker = $1", w)
				if err != nil {
					t.Error(err)
					return
				}
				if !rows.Next() || rows.RecordBatch().Column(0).(*array.Int64).Value(0) != int64(i+1) {
					t.Error("a goroutine does not see what it wrote")
				}
				rows.Release()
			}
		})
	}
	wg.Wait()
	require.Equal(t, []string{"100"}, queryRows(t, db, "SELECT count(*) FROM c"))
}

// Value implements driver.Valuer.
func (v valuer) Value() (driver.Value, error) {
	if v.text == "bad" {
		return nil, errors.New("no value")
	}
	return v.text, nil
}

// Value implements driver.Valuer.
func (p *onPointer) Value() (driver.Value, error) { return p.n, nil }

func TestValuers(t *testing.T) {
	t.Parallel()
	db, _ := memDB(t)
	require.Equal(t, []string{"a|a|5|(null)"}, queryRows(t, db, "SELECT $1, $2, $3, $4", valuer{"a"}, &valuer{"a"}, &onPointer{5}, (*onPointer)(nil)))
	_, err := db.Query(context.Background(), "SELECT $1", valuer{"bad"})
	require.ErrorContains(t, err, "no value")
}
