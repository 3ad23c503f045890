package exec_test

import (
	"bytes"
	"fmt"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/parquetio/badfiles"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/exec"
)

// Whatever a file says of itself, read_parquet checks its values and computes its aggregates: here the writer is given documents that no row of a table can have.
func TestReadParquetBelievesNoClaims(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	def := &schemahistory.TableDefinition{Name: schemahistory.Name{Namespace: "x", Table: "y"}, SortColumn: -1, UserColumn: -1, Columns: []schemahistory.Column{
		{ID: 1, Name: "k", Type: arrowschema.Text, Dictionary: true}, {ID: 2, Name: "j", Type: arrowschema.JSONB}, {ID: 3, Name: "n", Type: arrowschema.Int8},
		{ID: 4, Name: "d", Type: arrowschema.JSONB, Dictionary: true},
	}}
	write := func(path, key string, doc func(i int) string) {
		const rows = 1000
		keys, docs, numbers := make([]string, rows), make([]string, rows), make([]int64, rows)
		for i := range rows {
			keys[i], docs[i], numbers[i] = key, doc(i), int64(i)
		}
		var out bytes.Buffer
		w, err := parquetio.NewWriter(&out, def, &parquetio.WriteOptions{Aggregates: &parquetio.AggregateOptions{}})
		require.NoError(t, err)
		repeated := make([]string, rows)
		for i := range repeated {
			repeated[i] = doc(i % 3)
		}
		require.NoError(t, w.Write(&vec.Batch{N: rows, Cols: []*vec.Vec{
			vec.NewFlat(arrowschema.Text, keys, nil), vec.NewFlat(arrowschema.JSONB, docs, nil), vec.NewFlat(arrowschema.Int8, numbers, nil),
			vec.NewFlat(arrowschema.JSONB, repeated, nil),
		}}))
		_, err = w.Close()
		require.NoError(t, err)
		db.write(path, out.String())
	}
	write("/loose.parquet", "a", func(i int) string { return fmt.Sprintf(`{"bb":1 , "a":%d,"a":%d.0}`, i, i+1) })
	require.Equal(t, []string{`{"a": 8.0, "bb": 1}|{"a": 2.0, "bb": 1}|jsonb`}, db.rows("SELECT j, d, pg_typeof(j) FROM read_parquet('/loose.parquet') WHERE n = 7"))
	require.Equal(t, []string{"1|1"}, db.rows(`SELECT count(*), min(n + 1) FROM read_parquet('/loose.parquet') WHERE j = '{"a": 1.0, "bb": 1}'`))
	require.Equal(t, []string{"3"}, db.rows("SELECT count(DISTINCT d) FROM read_parquet('/loose.parquet')"))
	write("/text.parquet", "a", func(i int) string { return "no json" })
	db.fails(sqlstate.InvalidTextRepresentation, "SELECT j FROM read_parquet('/text.parquet')")
	write("/bytes.parquet", "a\xff", func(i int) string { return "1" })
	db.fails(sqlstate.CharacterNotInRepertoire, "SELECT k FROM read_parquet('/bytes.parquet')")
	// The aggregates in the footer would answer this; they may be another's.
	write("/sound.parquet", "a", func(i int) string { return "1" })
	plan := fmt.Sprint(db.rows("EXPLAIN (ANALYZE) SELECT k, count(*), sum(n) FROM read_parquet('/sound.parquet') GROUP BY k"))
	require.NotContains(t, plan, "Footers")
	require.Regexp(t, `Row Groups: 1 read`, plan)
	require.Equal(t, []string{"a|1000|499500"}, db.rows("SELECT k, count(*), sum(n) FROM read_parquet('/sound.parquet') GROUP BY k"))
}

// Small files that come to gigabytes are refused, or read within what their size justifies. Only memory that is in use is counted, and so rarely collected that
// a collection more does not hide it.
func TestReadParquetBombs(t *testing.T) { // not parallel: memory is watched
	defer debug.SetGCPercent(debug.SetGCPercent(25))
	db := newDatabase(t, &exec.Options{Workers: 2, Node: "test"})
	refused := 0
	for _, c := range badfiles.Bombs() {
		db.write("/bomb.parquet", string(c.Data))
		for _, query := range []string{"SELECT * FROM read_parquet('/bomb.parquet') ORDER BY 1 LIMIT 3", "SELECT count(*) FROM read_parquet('/bomb.parquet') WHERE a::text = 'x'"} {
			var err error
			peak := badfiles.Watch(func() { err = db.run(query).err })
			// Files of more than 4 MiB may take 30 times more, as those that COPY reads.
			limit := badfiles.Limit(len(c.Data)) + 2*30*uint64(max(0, len(c.Data)-4<<20))
			require.LessOrEqual(t, peak, limit, "memory for %s", c.Name)
			if err != nil {
				refused++
				require.NotEqual(t, sqlstate.InternalError, sqlstate.CodeOf(err), "%s: %v", c.Name, err)
			}
		}
	}
	require.Positive(t, refused)
}
