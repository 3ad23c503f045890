package stoa_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
)

// queryRows gives the rows of a query as Go values: what database/sql would give, in text.
func queryRows(t testing.TB, db *stoa.DB, sql string, args ...any) []string {
	t.Helper()
	rows, err := db.Query(context.Background(), sql, args...)
	require.NoError(t, err, sql)
	defer rows.Release()
	var out []string
	for rows.Next() {
		rec := rows.RecordBatch()
		for i := range int(rec.NumRows()) {
			line := ""
			for c, col := range rec.Columns() {
				if c > 0 {
					line += "|"
				}
				line += cellText(col, i)
			}
			out = append(out, line)
		}
	}
	require.NoError(t, rows.Err(), sql)
	return out
}

// cellText gives a value as arrow-go writes it; of the extension arrow.opaque, which it does not write, what it is stored as.
func cellText(a arrow.Array, i int) string {
	if ext, ok := a.(*extensions.OpaqueArray); ok {
		a = ext.Storage()
	}
	return a.ValueStr(i)
}

func mustExec(t testing.TB, db *stoa.DB, sql string, args ...any) stoa.Result {
	t.Helper()
	res, err := db.Exec(context.Background(), sql, args...)
	require.NoError(t, err, sql)
	return res
}

// reader makes a record reader of JSON texts, one a batch.
func reader(t testing.TB, mem memory.Allocator, schema *arrow.Schema, batches ...string) array.RecordReader {
	t.Helper()
	var records []arrow.RecordBatch
	for _, text := range batches {
		rec, _, err := array.RecordFromJSON(mem, schema, strings.NewReader(text))
		require.NoError(t, err)
		records = append(records, rec)
	}
	r, err := array.NewRecordReader(schema, records)
	require.NoError(t, err)
	for _, rec := range records {
		rec.Release()
	}
	return r
}

func fields(of ...any) *arrow.Schema {
	var out []arrow.Field
	for i := 0; i < len(of); i += 2 {
		out = append(out, arrow.Field{Name: of[i].(string), Type: of[i+1].(arrow.DataType), Nullable: true})
	}
	return arrow.NewSchema(out, nil)
}

var (
	int64Type  = arrow.PrimitiveTypes.Int64
	stringType = arrow.BinaryTypes.String
)

// Columns are matched by name, in any order; those that are not there get their defaults; values are converted and made to fit.
func TestAppend(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := memDB(t)
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	mustExec(t, db, "CREATE TABLE a (id int PRIMARY KEY, s text DEFAULT 'none', n numeric(6,2), doc jsonb, at timestamp DEFAULT now(), code varchar(3))")
	r := reader(t, mem, fields("doc", stringType, "id", int64Type, "n", stringType),
		`[{"doc": "{\"b\": 1, \"a\":[1.0]}", "id": 1, "n": "1.005"}, {"doc": null, "id": 2, "n": null}]`, `[]`, `[{"doc": "[]", "id": 3, "n": "-7"}]`)
	n, err := db.Append(ctx, "public", "a", r)
	require.NoError(t, err)
	require.EqualValues(t, 3, n)
	r.Release()
	require.Equal(t, []string{
		`1|none|1.01|{"a": [1.0], "b": 1}|2025-10-21 14:30:22.123456|(null)`, "2|none|(null)|(null)|2025-10-21 14:30:22.123456|(null)",
		"3|none|-7.00|[]|2025-10-21 14:30:22.123456|(null)",
	}, queryRows(t, db, "SELECT id, s, n, doc::text, at::text, code FROM a ORDER BY id"))

	empty := reader(t, mem, fields("id", int64Type))
	n, err = db.Append(ctx, "public", "a", empty)
	require.NoError(t, err)
	require.Zero(t, n)
	empty.Release()
}

// What does not fit is refused with the column's name, and of the batches before it nothing stays.
func TestAppendRefuses(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := memDB(t)
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	mustExec(t, db, "CREATE TABLE a (id int PRIMARY KEY, s text NOT NULL, doc jsonb, code varchar(3), kind text CHECK (kind IN ('x', 'y')))")
	mustExec(t, db, "INSERT INTO a VALUES (100, 'there')")
	good := `[{"id": 1, "s": "a"}, {"id": 2, "s": "b"}]`
	for _, c := range []struct {
		code, column string
		schema       *arrow.Schema
		bad          string
	}{
		{"42703", "nosuch", fields("id", int64Type, "s", stringType, "nosuch", int64Type), `[]`},
		{"42701", "s", fields("id", int64Type, "s", stringType, "s", stringType), ``},
		{"42804", "id", fields("id", stringType, "s", stringType), `[{"id": "7", "s": "x"}]`},
		{"42804", "s", fields("id", int64Type, "s", int64Type), `[{"id": 7, "s": 5}]`},
		{"22003", "id", fields("id", int64Type, "s", stringType), `[{"id": 2147483648, "s": "x"}]`},
		{"22P02", "doc", fields("id", int64Type, "s", stringType, "doc", stringType), `[{"id": 7, "s": "x", "doc": "{"}]`},
		{"22021", "s", fields("id", int64Type, "s", stringType), `[{"id": 7, "s": "a\u0000b"}]`},
		{"23502", "s", fields("id", int64Type, "s", stringType), `[{"id": 7, "s": null}]`},
		{"23505", "a_pkey", fields("id", int64Type, "s", stringType), `[{"id": 100, "s": "x"}]`},
		{"23505", "a_pkey", fields("id", int64Type, "s", stringType), `[{"id": 1, "s": "x"}]`},
		{"23514", "kind", fields("id", int64Type, "s", stringType, "kind", stringType), `[{"id": 7, "s": "x", "kind": "z"}]`},
		{"22001", "", fields("id", int64Type, "s", stringType, "code", stringType), `[{"id": 7, "s": "x", "code": "abcd"}]`},
	} {
		batches := []string{good, c.bad}
		if c.bad == "" || c.code == "42804" {
			batches = []string{c.bad}
		}
		if c.bad == "" {
			batches = nil
		}
		r := reader(t, mem, c.schema, batches...)
		_, err := db.Append(ctx, "public", "a", r)
		r.Release()
		require.Equal(t, c.code, stoa.CodeOf(err), "%s: %v", c.bad, err)
		require.ErrorContains(t, err, c.column)
		require.Equal(t, []string{"100"}, queryRows(t, db, "SELECT id FROM a"))
	}
	r := reader(t, mem, fields("id", int64Type), `[{"id": 1}]`)
	_, err := db.Append(ctx, "public", "nosuch", r)
	require.Equal(t, "42P01", stoa.CodeOf(err))
	_, err = db.Append(ctx, "public", "a", r)
	require.Equal(t, "23502", stoa.CodeOf(err), "a column without a default that must not be NULL")
	r.Release()
}

// Append is no way around the guard of storages.
func TestAppendStorage(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := memDB(t)
	schema := fields("storage_id", arrow.PrimitiveTypes.Int64, "name", stringType, "base_path", stringType, "path_template", stringType)
	schema = arrow.NewSchema(append([]arrow.Field{{Name: "storage_id", Type: &arrow.FixedSizeBinaryType{ByteWidth: 16}}}, schema.Fields()[1:]...), nil)
	r := reader(t, memory.DefaultAllocator, schema, `[{"storage_id": "AAAAAAAAAAAAAAAAAAAAAQ==", "name": "x", "base_path": "data", "path_template": "{storageLocation}/../{tableName}/"}]`)
	_, err := db.Append(ctx, "system", "storages", r)
	require.Equal(t, "22023", stoa.CodeOf(err), "%v", err)
	require.Equal(t, []string{"primary"}, queryRows(t, db, "SELECT name FROM system.storages"))
}

// failing is a reader that fails, or cancels, after its first batch.
type failing struct {
	array.RecordReader
	n    int
	then func() error
	err  error
}

func (f *failing) Next() bool {
	if f.n++; f.n > 1 {
		f.err = f.then()
		return f.err == nil && f.n < 4
	}
	return f.RecordReader.Next()
}
func (f *failing) Err() error { return f.err }

func TestAppendReaderFails(t *testing.T) {
	t.Parallel()
	db, _ := memDB(t)
	mustExec(t, db, "CREATE TABLE a (id bigint)")
	mine := errors.New("the network is gone")
	make := func(then func() error) *failing {
		return &failing{RecordReader: reader(t, memory.DefaultAllocator, fields("id", int64Type), `[{"id": 1}]`), then: then}
	}
	_, err := db.Append(context.Background(), "public", "a", make(func() error { return mine }))
	require.ErrorIs(t, err, mine)
	ctx, cancel := context.WithCancel(context.Background())
	_, err = db.Append(ctx, "public", "a", make(func() error { cancel(); return nil }))
	require.Equal(t, "57014", stoa.CodeOf(err))
	_, err = db.Append(context.Background(), "public", "a", make(func() error { panic("a reader of somebody else's") }))
	require.Equal(t, "XX000", stoa.CodeOf(err))
	require.Equal(t, []string{"0"}, queryRows(t, db, "SELECT count(*) FROM a"))
	mustExec(t, db, "INSERT INTO a VALUES (1)")
}

// What a query gives can be appended to another table: every type, NULLs, from memory and from files.
func TestAppendWhatAQueryGives(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := memDB(t)
	columns := "(i2 smallint, i4 int, i8 bigint, n numeric, f4 real, f8 double precision, v varchar, s text, u uuid, j json, jb jsonb, d date, t time, " +
		"ts timestamp, tz timestamptz, iv interval, b boolean)"
	mustExec(t, db, "CREATE TABLE one "+columns)
	mustExec(t, db, `INSERT INTO one VALUES (-32768, 2147483647, -9223372036854775808, 1.500, 0.1, 1e-300, 'v', E'é\n''', '00000000-0000-0000-0000-0000000000ff', '{"b" :1}', '{"b" :1}',
		'-infinity', '23:59:59.999999', 'infinity', '1969-12-31 23:59:59.999999+00', '-1 year 3 days -00:00:01', true)`)
	mustExec(t, db, "INSERT INTO one (s) VALUES (NULL), ('')")
	for i, flush := range []bool{false, true} {
		name := fmt.Sprint("copy", i)
		mustExec(t, db, "CREATE TABLE "+name+" "+columns)
		if flush {
			mustExec(t, db, "CALL system.flush('one', all_rows => true)")
		}
		rows, err := db.Query(ctx, "SELECT * FROM one")
		require.NoError(t, err)
		n, err := db.Append(ctx, "public", name, rows)
		rows.Release()
		require.NoError(t, err)
		require.EqualValues(t, 3, n)
		all := "i2, i4, i8, n::text, f4::text, f8::text, v, s, u::text, j::text, jb::text, d::text, t::text, ts::text, tz::text, iv::text, b"
		require.Equal(t, queryRows(t, db, "SELECT "+all+" FROM one ORDER BY i2, s"), queryRows(t, db, "SELECT "+all+" FROM "+name+" ORDER BY i2, s"))
	}
}
