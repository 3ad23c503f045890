package scan_test

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// fixture is a table of every kind of place that a row can be in: files of several row groups and hot segments, some of whose rows are deleted, and some of
// which were written before the last columns were added and others were widened.
type fixture struct {
	db    *store.DB
	name  schemahistory.Name
	live  map[int64]bool             // ids
	truth map[int64]map[int32]string // what was written, by id and column ID, as text; a NULL is not there
	view  *store.TableView
	next  int64
	r     *rand.Rand
}

// The columns of the fixture's table.
const (
	idColumn = iota
	nColumn
	sColumn
	tColumn
	fColumn
	tsColumn
	dColumn
	uColumn
	jColumn
	bColumn
	numColumn
	i2Column
	// Those that are widened half-way: int4 to numeric, int2 to float8, date to timestamp, int4 to int8, varchar to text.
	wideNumColumn
	wideFloatColumn
	wideTimeColumn
	wideIntColumn
	wideTextColumn
	// Those that are added half-way; the rows that are there then have a value in all but the first.
	laterColumn
	laterTextColumn
	laterTimeColumn
	laterJSONColumn
	laterNumColumn
)

// missing are the values of rows that are there when a column is added.
var missing = map[int]string{
	laterTextColumn: "compact", laterTimeColumn: "1970-01-01 00:00:05", laterJSONColumn: `{"a": 1}`, laterNumColumn: "1.50",
}

func fixtureDefinition() *schemahistory.TableDefinition {
	def := &schemahistory.TableDefinition{
		Name: schemahistory.Name{Namespace: "public", Table: "things"}, Storage: "primary", SortColumn: tsColumn, UserColumn: -1,
		Keys: []schemahistory.Key{{Name: "things_pkey", Columns: []int{idColumn}, Primary: true}},
	}
	for i, t := range []arrowschema.Type{
		integer, integer, str, str, arrowschema.Float8, arrowschema.Timestamp, arrowschema.Date, arrowschema.UUID, arrowschema.JSONB, arrowschema.Bool,
		arrowschema.Numeric, arrowschema.Int2, arrowschema.Int4, arrowschema.Int2, arrowschema.Date, arrowschema.Int4, arrowschema.Varchar,
	} {
		c := schemahistory.Column{ID: int32(i + 1), Name: fmt.Sprint("c", i), Type: t, NotNull: i == idColumn, Dictionary: i == sColumn || i == jColumn}
		def.Columns = append(def.Columns, c)
	}
	return def
}

// newFixture makes the table: files of 200 rows in row groups of 64 and pages of 16, and segments of 64 rows.
func newFixture(t testing.TB, seed uint64) *fixture {
	db, err := store.Open(context.Background(), "/db", &store.Options{FS: vfs.NewMem(), SegmentRows: 64, CheckpointBytes: -1})
	require.NoError(t, err)
	def := fixtureDefinition()
	fx := &fixture{db: db, name: def.Name, live: map[int64]bool{}, truth: map[int64]map[int32]string{}, r: rand.New(rand.NewPCG(seed, 1))}
	fx.update(t, func(tx *store.Tx) error { return tx.CreateTable(def) })
	fx.addFile(t, 200)
	fx.addFile(t, 1)
	fx.insert(t, 100)
	fx.evolve(t)
	fx.addFile(t, 200)
	fx.addFile(t, 130)
	for range 4 {
		fx.insert(t, 75)
	}
	fx.deleteSome(t)
	fx.insert(t, 10)
	snap := db.Snapshot()
	fx.view, _ = snap.Table(fx.name)
	t.Cleanup(func() {
		snap.Close()
		require.NoError(t, db.Close())
	})
	return fx
}

// evolve widens columns and adds some.
func (fx *fixture) evolve(t testing.TB) {
	fx.update(t, func(tx *store.Tx) error {
		def, _ := tx.Table(fx.name)
		var err error
		for c, typ := range map[int]arrowschema.Type{
			wideNumColumn: arrowschema.Numeric, wideFloatColumn: arrowschema.Float8, wideTimeColumn: arrowschema.Timestamp, wideIntColumn: integer, wideTextColumn: str,
		} {
			def, _, err = def.SetType(fmt.Sprint("c", c), typ, nil)
			require.NoError(t, err)
		}
		for i, typ := range []arrowschema.Type{str, str, arrowschema.Timestamp, arrowschema.JSONB, arrowschema.Numeric} {
			c := laterColumn + i
			col := schemahistory.Column{Name: fmt.Sprint("c", c), Type: typ, Dictionary: i%2 == 0}
			if text, ok := missing[c]; ok {
				col.Missing = &text
			}
			def, _, err = def.AddColumn(col)
			require.NoError(t, err)
			for _, row := range fx.truth {
				if col.Missing != nil {
					row[def.LastColumn] = *col.Missing
				}
			}
		}
		for _, row := range fx.truth {
			if date, ok := row[def.Columns[wideTimeColumn].ID]; ok {
				row[def.Columns[wideTimeColumn].ID] = date + " 00:00:00"
			}
		}
		return tx.ReplaceDefinition(def, "widened and added columns")
	})
}

func (fx *fixture) update(t testing.TB, fn func(*store.Tx) error) {
	t.Helper()
	require.NoError(t, fx.db.Update(context.Background(), fn))
}

// batch makes rows. Values of neighbours are near to each other, so that statistics have something to say, and a fifth is NULL.
func (fx *fixture) batch(def *schemahistory.TableDefinition, n int) *vec.Batch {
	b := &vec.Batch{N: n}
	first := fx.next
	fx.next += int64(n)
	for c, col := range def.Columns {
		out := vec.NewBuilder(col.Type, n)
		nulls := fx.r.IntN(6) == 0 // throughout
		some := fx.r.IntN(2) > 0
		for i := range n {
			at := first + int64(i)
			switch {
			case c == idColumn:
				fx.live[2*at] = true // the odd numbers lie between, but are not there
				out.AppendInt(2 * at)
			case nulls || some && fx.r.IntN(5) == 0:
				out.AppendNull()
			default:
				fx.value(out, c, col.Type, at)
			}
		}
		v := out.Vec()
		for i := range n {
			id := 2 * (first + int64(i))
			if fx.truth[id] == nil {
				fx.truth[id] = map[int32]string{}
			}
			if !v.IsNull(i) {
				fx.truth[id][col.ID] = string(vec.AppendText(nil, v, i, time.UTC))
			}
		}
		b.Cols = append(b.Cols, v)
	}
	return b
}

func (fx *fixture) value(out *vec.Builder, c int, t arrowschema.Type, at int64) {
	near := at/40 + fx.r.Int64N(4)
	switch c {
	case wideNumColumn, wideFloatColumn, wideTimeColumn: // some are values that the narrower type has
		switch t {
		case arrowschema.Numeric:
			out.AppendDec(decimal.New(2*near-5, int(near%2)))
		case arrowschema.Float8:
			out.AppendFloat(float64(near)/2 - 5)
		case arrowschema.Timestamp:
			out.AppendInt(near*temporal.MicrosPerDay + near%2)
		default:
			out.AppendInt(near - 5)
		}
	case laterTimeColumn:
		out.AppendInt(near * 1e6)
	case sColumn, laterColumn, laterTextColumn, wideTextColumn:
		out.AppendString([]string{"", "a", "backup", "compact", "flush", "é", "z"}[(near/3)%7])
	case tColumn:
		out.AppendString(fmt.Sprintf("%c-%d\u00e9", 'a'+near%26, at))
	case fColumn:
		special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 0}
		if k := fx.r.IntN(60); k < len(special) {
			out.AppendFloat(special[k])
		} else {
			out.AppendFloat(float64(near) - 10)
		}
	case tsColumn:
		if fx.r.IntN(60) == 0 {
			out.AppendInt(temporal.Infinity)
		} else {
			out.AppendInt(near * 1e6)
		}
	case dColumn:
		out.AppendInt(near)
	case uColumn:
		out.AppendUUID([16]byte{0: byte(near), 5: byte(fx.r.IntN(3))})
	case jColumn, laterJSONColumn: // whose order is not that of its text
		out.AppendString([]string{"[]", "null", `"a"`, "-2", "10", "9", "true", `{"a": 1}`, "[1, 2]"}[near%9])
	case bColumn:
		out.AppendBool(near%4 == 0)
	case numColumn, laterNumColumn:
		out.AppendDec(decimal.New(near*10-50, int(near%3)))
	default:
		out.AppendInt(near - 5)
	}
}

func (fx *fixture) insert(t testing.TB, n int) {
	fx.update(t, func(tx *store.Tx) error {
		def, _ := tx.Table(fx.name)
		return tx.Insert(fx.name, fx.batch(def, n))
	})
}

// addFile writes a file of short row groups and adds it.
func (fx *fixture) addFile(t testing.TB, n int) { fx.addGroups(t, n, 64, 16) }

// addGroups writes a file of row groups and pages of some rows and adds it.
func (fx *fixture) addGroups(t testing.TB, n, groupRows, pageRows int) {
	fx.update(t, func(tx *store.Tx) error {
		def, _ := tx.Table(fx.name)
		path := fmt.Sprintf("batch-%d.parquet", fx.next)
		file, err := fx.db.FS().CreateNew(fx.db.Path(path))
		require.NoError(t, err)
		buffer := bufio.NewWriter(file)
		opts := &parquetio.WriteOptions{RowGroupRows: groupRows, PageRows: pageRows, Aggregates: &parquetio.AggregateOptions{GroupBy: []string{def.Columns[sColumn].Name}}}
		if len(def.Columns) > laterColumn && fx.r.IntN(2) == 0 {
			opts.Aggregates.GroupBy = append(opts.Aggregates.GroupBy, def.Columns[laterColumn].Name)
		}
		w, err := parquetio.NewWriter(buffer, def, opts)
		require.NoError(t, err)
		require.NoError(t, w.Write(fx.batch(def, n)))
		info, err := w.Close()
		require.NoError(t, err)
		require.NoError(t, buffer.Flush())
		require.NoError(t, file.Close())
		_, err = tx.AddFile(fx.name, store.FileRef{
			Path: path, Rows: info.Rows, Size: info.Bytes, SchemaVersion: def.Version, FooterCRC: info.FooterCRC, ChunkCRCs: info.ChunkCRCs,
			SortMin: info.SortMin, SortMax: info.SortMax, HasSort: info.HasSort,
		})
		return err
	})
}

// deleteSome deletes a quarter of the rows, hot and cold: all rows of a row group and all of a segment among them, and of one row group one row.
func (fx *fixture) deleteSome(t testing.TB) {
	fx.update(t, func(tx *store.Tx) error {
		def, _ := tx.Table(fx.name)
		var ids []int64
		for id := range fx.live {
			doomed := fx.r.IntN(4) == 0 || id >= 128 && id < 256 || id >= 480 && id < 600
			if id >= 2*301 && id < 2*(301+64) { // the first row group of the third file
				doomed = id == 2*310
			}
			if doomed {
				ids = append(ids, id)
				delete(fx.live, id)
			}
		}
		found, err := tx.Find(fx.name, def.Keys[0], []*vec.Vec{vec.NewFlat(integer, ids, nil)})
		require.NoError(t, err)
		require.NotContains(t, found, tables.RowID(0))
		return tx.Delete(fx.name, found)
	})
}

// scan gives a scan of all columns, and of the rows' identifiers.
func (fx *fixture) scan(conds ...exprs.Expr) *scan.Table {
	t := &scan.Table{View: fx.view, Files: fx.db.OpenFile, RowID: true, Conds: conds}
	for i := range fx.view.Def.Columns {
		t.Cols = append(t.Cols, i)
	}
	return t
}
