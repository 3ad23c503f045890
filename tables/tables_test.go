package tables

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// wideDef is a table with a column of every physical form, two of them coded, and two keys.
func wideDef() *schemahistory.TableDefinition {
	types := []arrowschema.Type{
		arrowschema.Int8, arrowschema.Text, arrowschema.Text, arrowschema.JSONB, arrowschema.UUID, arrowschema.Float8, arrowschema.Bool,
		arrowschema.Numeric, arrowschema.Interval, arrowschema.Int4,
	}
	d := &schemahistory.TableDefinition{ID: 9, Name: schemahistory.Name{Namespace: "test", Table: "wide"}, Version: 1}
	for i, t := range types {
		d.Columns = append(d.Columns, schemahistory.Column{ID: int32(i + 1), Name: fmt.Sprintf("c%d", i), Type: t, Dictionary: i == 2 || i == 3})
	}
	d.Keys = []schemahistory.Key{{Name: "wide_pkey", Columns: []int{0}, Primary: true}, {Name: "wide_key", Columns: []int{2, 9}}}
	return d
}

// wideRow is row n of the table in the model: nil means NULL.
func wideRow(n int) []any {
	row := []any{
		int64(n), fmt.Sprintf("text %d", n), fmt.Sprintf("code %d", n%5), fmt.Sprintf(`{"a": %d}`, n%3), [16]byte{byte(n), byte(n >> 8), 1},
		float64(n) / 3, n%2 == 0, decimal.New(int64(n), n%4), temporal.Interval{Months: int32(n)}, int64(n),
	}
	for c := 1; c < len(row); c++ {
		if n%(c+5) == 0 {
			row[c] = nil
		}
	}
	return row
}

// batchOfRows makes a batch in one of several forms.
func batchOfRows(def *schemahistory.TableDefinition, rows [][]any, form int) *vec.Batch {
	b := NewBuilder(def, len(rows))
	for _, row := range rows {
		for c, x := range row {
			switch x := x.(type) {
			case nil:
				b.AppendNull(c)
			case int64:
				b.AppendInt(c, x)
			case string:
				b.AppendText(c, x)
			case [16]byte:
				b.AppendUUID(c, x)
			case float64:
				b.AppendValue(c, vec.NewConst(def.Columns[c].Type, x, 1), 0)
			case bool:
				b.AppendValue(c, vec.NewConst(def.Columns[c].Type, x, 1), 0)
			case decimal.Dec:
				b.AppendValue(c, vec.NewConst(def.Columns[c].Type, x, 1), 0)
			case temporal.Interval:
				b.AppendValue(c, vec.NewConst(def.Columns[c].Type, x, 1), 0)
			}
		}
	}
	out, err := b.Batch()
	if err != nil {
		panic(err)
	}
	for c, v := range out.Cols {
		if form == 1 && v.Type.Physical() == arrowschema.Strings {
			out.Cols[c] = codedForm(v)
		}
	}
	return out
}

// codedForm gives a text vector in dictionary-coded form, its NULLs as an entry of the dictionary where there is one.
func codedForm(v *vec.Vec) *vec.Vec {
	dict := &vec.Vec{Type: v.Type}
	codes := make([]uint16, v.N)
	for i := range v.N {
		s := v.Strs[i]
		if v.IsNull(i) {
			s = "\x00null"
		}
		at := slices.Index(dict.Strs, s)
		if at < 0 {
			at = len(dict.Strs)
			dict.Strs = append(dict.Strs, s)
		}
		codes[i] = uint16(at)
	}
	dict.N = len(dict.Strs)
	if at := slices.Index(dict.Strs, "\x00null"); at >= 0 {
		dict.Valid = vec.NewBitmap(dict.N)
		dict.Valid.Clear(at)
	}
	return vec.NewDict(codes, dict, nil)
}

func cell(v *vec.Vec, i int) string {
	if v.IsNull(i) {
		return "NULL"
	}
	return string(vec.AppendText(nil, v, i, nil))
}

// viewRows gives the visible rows of a view as text, with their ids.
func viewRows(v *View) (rows []string, ids []RowID) {
	rows = []string{}
	segments := v.Segments()
	for i := range segments {
		s := &segments[i]
		for _, row := range s.Live(0, s.Rows(), nil) {
			var parts []string
			for c := range v.Def().Columns {
				parts = append(parts, cell(s.Column(c), int(row)))
			}
			rows, ids = append(rows, strings.Join(parts, "|")), append(ids, HotID(s.Number(), int(row)))
		}
	}
	return rows, ids
}

func rowText(def *schemahistory.TableDefinition, row []any) string {
	b := batchOfRows(def, [][]any{row}, 0)
	var parts []string
	for _, c := range b.Cols {
		parts = append(parts, cell(c, 0))
	}
	return strings.Join(parts, "|")
}

type goneSet map[RowID]bool

func (g goneSet) Gone(id RowID) bool { return g[id] }

// TestModel runs random statements, some of which are rolled back, against a list of rows, and holds every view against what it showed at first.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		def := wideDef()
		table := New(def, rapid.SampledFrom([]int{1, 2, 7, 64, 100, 4096}).Draw(t, "segment rows"))
		type shown struct {
			view *View
			rows []string
		}
		var views []shown
		model := []string{}
		next, seq := 0, uint64(0)
		for range rapid.IntRange(1, 12).Draw(t, "statements") {
			seq++
			mark := table.Mark()
			now := slices.Clone(model)
			_, ids := viewRows(table.View(seq - 1))
			gone := goneSet{}
			var dead []RowID
			for range rapid.IntRange(0, min(len(ids), 50)).Draw(t, "deletes") {
				i := rapid.IntRange(0, len(ids)-1).Draw(t, "which")
				if gone[ids[i]] {
					continue
				}
				gone[ids[i]] = true
				dead = append(dead, ids[i])
				now[i] = ""
			}
			for range rapid.IntRange(0, 2).Draw(t, "whole segments") {
				if len(ids) == 0 {
					break
				}
				segment := rapid.SampledFrom(ids).Draw(t, "segment").Segment()
				for i, id := range ids {
					if id.Segment() == segment && !gone[id] {
						gone[id], now[i] = true, ""
						dead = append(dead, id)
					}
				}
			}
			var reborn [][]any
			if len(dead) > 0 && rapid.Bool().Draw(t, "again") { // a deleted key may come back in the same statement
				fetched, err := table.Fetch(dead[:1], []int{0})
				require.NoError(t, err)
				reborn = append(reborn, wideRow(int(fetched.Cols[0].Ints[0])))
			}
			for range rapid.IntRange(0, 3).Draw(t, "inserts") {
				n := rapid.SampledFrom([]int{1, 2, 30, 90}).Draw(t, "rows")
				rows := reborn
				reborn = nil
				for range n {
					rows = append(rows, wideRow(next))
					next++
				}
				require.Nil(t, table.Append(batchOfRows(def, rows, rapid.IntRange(0, 1).Draw(t, "form")), gone))
				for _, r := range rows {
					now = append(now, rowText(def, r))
				}
			}
			if rapid.IntRange(0, 3).Draw(t, "roll back") == 0 {
				table.Rollback(mark)
			} else {
				model = slices.DeleteFunc(now, func(s string) bool { return s == "" })
				few := rapid.IntRange(0, len(dead)).Draw(t, "listed")
				table.Commit(dead[:few], seq, deathsOf(table, dead[few:])...)
			}
			view := table.View(seq)
			got, _ := viewRows(view)
			require.Equal(t, model, got)
			require.Equal(t, len(model), table.Rows())
			require.Equal(t, len(model), view.Rows())
			views = append(views, shown{view, got})
			checkIndex(t, table, view)
		}
		for _, s := range views {
			fresh := &View{def: s.view.def, layout: s.view.layout, segs: s.view.segs, last: s.view.last, seq: s.view.seq}
			for _, v := range []*View{s.view, fresh} {
				got, _ := viewRows(v)
				require.Equal(t, s.rows, got)
			}
			checkView(t, s.view, next)
		}
	})
}

// checkIndex finds every visible row by its keys, and by its serial number, and not what is not there.
func checkIndex(t require.TestingT, table *Table, view *View) {
	_, ids := viewRows(view)
	require.GreaterOrEqual(t, table.keys[0].used, len(ids))
	for k, key := range table.def.Keys {
		b, err := table.Fetch(ids, key.Columns)
		require.NoError(t, err)
		found := make([]RowID, len(ids))
		table.Find(k, b.Cols, found)
		for i, id := range ids {
			if k == 1 && (b.Cols[0].IsNull(i) || b.Cols[1].IsNull(i)) {
				id = 0
			}
			require.Equal(t, id, found[i])
		}
		view.Find(k, b.Cols, found)
		for i, id := range ids {
			if k == 1 && (b.Cols[0].IsNull(i) || b.Cols[1].IsNull(i)) {
				id = 0
			}
			require.Equal(t, id, found[i], "by the view")
		}
	}
	for _, id := range ids {
		require.Equal(t, id, table.Locate(table.Serial(id)))
	}
	found := make([]RowID, 1)
	table.Find(0, []*vec.Vec{vec.NewConst(arrowschema.Int8, int64(-1), 1)}, found)
	require.Zero(t, found[0])
	require.Zero(t, table.Locate(1<<40))
}

// checkView finds what an old view shows by key, and does not find what it does not show.
func checkView(t require.TestingT, view *View, next int) {
	_, ids := viewRows(view)
	visible := map[int64]RowID{}
	if len(ids) > 0 {
		b, err := view.Fetch(ids, []int{0})
		require.NoError(t, err)
		for i, id := range ids {
			visible[b.Cols[0].Ints[i]] = id
		}
	}
	all := make([]int64, next+1)
	for n := range all {
		all[n] = int64(n)
	}
	found := make([]RowID, len(all))
	view.Find(0, []*vec.Vec{vec.NewFlat(arrowschema.Int8, all, nil)}, found)
	for n, id := range found {
		require.Equal(t, visible[int64(n)], id, "key %d", n)
	}
}

func TestConflicts(t *testing.T) {
	t.Parallel()
	def := wideDef()
	table := New(def, 64)
	rows := func(numbers ...int) *vec.Batch {
		var out [][]any
		for _, n := range numbers {
			out = append(out, wideRow(n))
		}
		return batchOfRows(def, out, 0)
	}
	require.Nil(t, table.Append(rows(1, 2, 3, 4), nil))
	table.Commit(nil, 1)
	c := table.Append(rows(5, 6, 3), nil)
	require.Equal(t, &Conflict{Key: 0, Row: 2, Existing: HotID(1, 2)}, c)
	c = table.Append(rows(5, 5), nil)
	require.Equal(t, &Conflict{Key: 0, Row: 1}, c)
	second := wideRow(8)
	second[2], second[9] = wideRow(4)[2], wideRow(4)[9]
	c = table.Append(batchOfRows(def, [][]any{wideRow(7), second}, 1), nil)
	require.Equal(t, &Conflict{Key: 1, Row: 1, Existing: HotID(1, 3)}, c)
	require.Nil(t, table.Append(rows(3), goneSet{HotID(1, 2): true}))
	table.Rollback(Mark{segs: 1, rows: 4, serial: 5})
	c = table.Append(rows(3), nil)
	require.Equal(t, HotID(1, 2), c.Existing)
	require.Equal(t, 4, table.Rows())
}

func TestFlatWhenTooManyValues(t *testing.T) {
	t.Parallel()
	def := wideDef()
	def.Keys = nil
	table := New(def, 0)
	var want []string
	var all [][]any
	for n := range 6000 {
		row := wideRow(n)
		row[2] = fmt.Sprintf("distinct %d", n)
		if n%11 == 0 {
			row[2] = nil
		}
		all = append(all, row)
		want = append(want, rowText(def, row))
	}
	for lo := 0; lo < len(all); lo += 700 {
		require.Nil(t, table.Append(batchOfRows(def, all[lo:min(lo+700, len(all))], lo%2), nil))
	}
	table.Commit(nil, 1)
	view := table.View(1)
	segment := &view.Segments()[0]
	require.Nil(t, segment.Column(2).Dict)
	require.NotNil(t, segment.Column(3).Dict)
	require.Same(t, segment.Column(3), segment.Column(3))
	got, _ := viewRows(view)
	require.Equal(t, want, got)
}

func TestRecordBatch(t *testing.T) {
	t.Parallel()
	def := wideDef()
	table := New(def, 100)
	var rows [][]any
	for n := range 150 {
		rows = append(rows, wideRow(n))
	}
	require.Nil(t, table.Append(batchOfRows(def, rows, 0), nil))
	table.Commit(nil, 1)
	view := table.View(1)
	for i, sealed := range []bool{true, false} {
		segment := &view.Segments()[i]
		require.Equal(t, sealed, segment.Sealed())
		batch := segment.RecordBatch()
		require.EqualValues(t, segment.Rows(), batch.NumRows())
		require.Equal(t, arrow.DICTIONARY, batch.Column(2).DataType().ID())
		require.Equal(t, "arrow.uuid", batch.Column(4).DataType().(arrow.ExtensionType).ExtensionName())
		for c := range def.Columns {
			back, err := vec.FromArrow(def.Columns[c].Type, batch.Column(c))
			if def.Columns[c].Type == arrowschema.Numeric {
				continue // text in Arrow
			}
			require.NoError(t, err)
			for r := range back.N {
				require.Equal(t, cell(segment.Column(c), r), cell(back, r))
			}
		}
		if sealed {
			require.Same(t, batch, segment.RecordBatch())
			ints := batch.Column(0).(*array.Int64)
			require.Same(t, &segment.Column(0).Ints[0], &ints.Int64Values()[0], "shared")
		}
		batch.Release()
	}

}

func TestStats(t *testing.T) {
	t.Parallel()
	def := wideDef()
	table := New(def, 100)
	var rows [][]any
	for n := range 150 {
		rows = append(rows, wideRow(n+1))
	}
	require.Nil(t, table.Append(batchOfRows(def, rows, 0), nil))
	table.Commit(nil, 1)
	view := table.View(1)
	sealed, open := &view.Segments()[0], &view.Segments()[1]
	lo, hi, nulls := sealed.Stats(0)
	require.Equal(t, "1 100 0", fmt.Sprint(cell(lo, 0), " ", cell(hi, 0), " ", nulls))
	lo, hi, nulls = sealed.Stats(2)
	require.Equal(t, "code 0 code 4 14", fmt.Sprint(cell(lo, 0), " ", cell(hi, 0), " ", nulls))
	lo, hi, nulls = open.Stats(0)
	require.Nil(t, lo)
	require.Nil(t, hi)
	require.Equal(t, -1, nulls)
}

func TestAddedColumn(t *testing.T) {
	t.Parallel()
	def := wideDef()
	table := New(def, 100)
	require.Nil(t, table.Append(batchOfRows(def, [][]any{wideRow(1), wideRow(2)}, 0), nil))
	table.Commit(nil, 1)
	before := table.View(1)
	second := *def
	second.Version = 2
	second.Columns = append([]schemahistory.Column{{ID: 50, Name: "new", Type: arrowschema.Text}}, slices.Clone(def.Columns[:9])...)
	second.Keys = []schemahistory.Key{{Name: "wide_pkey", Columns: []int{1}, Primary: true}}
	table.SetDefinition(&second)
	require.Nil(t, table.Append(batchOfRows(&second, [][]any{append([]any{"hello"}, wideRow(3)[:9]...)}, 0), nil))
	require.NotNil(t, table.Append(batchOfRows(&second, [][]any{append([]any{"again"}, wideRow(2)[:9]...)}, 0), nil))
	table.Commit(nil, 2)
	view := table.View(2)
	require.Equal(t, 2, before.Rows())
	require.Len(t, before.Segments(), 1)
	require.Equal(t, "2", cell(before.Segments()[0].Column(9), 1))
	segments := view.Segments()
	require.Equal(t, "NULL", cell(segments[0].Column(0), 1))
	require.Equal(t, "2", cell(segments[0].Column(1), 1))
	require.Equal(t, "hello", cell(segments[1].Column(0), 0))
	_, _, nulls := segments[0].Stats(0)
	require.Equal(t, 2, nulls)
	got, err := table.Fetch([]RowID{HotID(segments[1].Number(), 0), HotID(segments[0].Number(), 1)}, []int{0, 1})
	require.NoError(t, err)
	require.Equal(t, []string{"hello", "NULL", "3", "2"}, []string{cell(got.Cols[0], 0), cell(got.Cols[0], 1), cell(got.Cols[1], 0), cell(got.Cols[1], 1)})
}

func TestDeadSegmentsAreDropped(t *testing.T) {
	t.Parallel()
	def := wideDef()
	table := New(def, 10)
	var rows [][]any
	for n := range 35 {
		rows = append(rows, wideRow(n))
	}
	require.Nil(t, table.Append(batchOfRows(def, rows, 0), nil))
	table.Commit(nil, 1)
	first := table.View(1)
	_, ids := viewRows(first)
	table.Commit(ids[:30], 2)
	require.Len(t, table.View(2).Segments(), 1)
	require.Equal(t, 35, first.Rows())
	require.False(t, table.Alive(ids[0]))
	require.True(t, table.Alive(ids[34]))
	_, err := table.Fetch(ids[:1], []int{0})
	require.Error(t, err)
	require.Nil(t, table.Append(batchOfRows(def, rows[:30], 0), nil))
	table.Commit(nil, 3)
	require.Equal(t, 35, table.View(3).Rows())
	checkIndex(t, table, table.View(3))
}

func TestRestore(t *testing.T) {
	t.Parallel()
	def := wideDef()
	table := New(def, 10)
	table.Recover()
	var rows [][]any
	for n := range 30 {
		rows = append(rows, wideRow(n))
	}
	runs := []SerialRun{{First: 5, Rows: 12}, {First: 40, Rows: 1}, {First: 50, Rows: 17}}
	require.NoError(t, table.Restore(batchOfRows(def, rows, 0), slices.Clone(runs)))
	require.EqualValues(t, 67, table.NextSerial())
	require.NoError(t, table.Reindex(context.Background()))
	table.Commit(nil, 7)
	view := table.View(7)
	checkIndex(t, table, view)
	var got []SerialRun
	segments := view.Segments()
	for i := range segments {
		segments[i].Serials(segments[i].Live(0, segments[i].Rows(), nil), func(first uint64, n int) {
			if k := len(got); k > 0 && got[k-1].First+uint64(got[k-1].Rows) == first {
				got[k-1].Rows += n
				return
			}
			got = append(got, SerialRun{First: first, Rows: n})
		})
	}
	require.Equal(t, runs, got)
	table.Recover()
	require.Error(t, table.Restore(batchOfRows(def, rows[:1], 0), []SerialRun{{First: 60, Rows: 1}}))

	twice := New(def, 10)
	twice.Recover()
	require.NoError(t, twice.Restore(batchOfRows(def, append(rows[:3:3], rows[1]), 0), []SerialRun{{First: 1, Rows: 4}}))
	require.ErrorContains(t, twice.Reindex(context.Background()), "wide_pkey")
}

// TestReadersWhileWriting reads views while the writer appends, kills, seals and rolls back; run it with the race detector.
func TestReadersWhileWriting(t *testing.T) {
	t.Parallel()
	def := wideDef()
	table := New(def, 200)
	views := make(chan *View, 8)
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for v := range views {
				got, _ := viewRows(v)
				again, _ := viewRows(v)
				checkView(t, v, 4000)
				if !slices.Equal(got, again) || len(got) != v.Rows() {
					t.Error("a view changed")
				}
				segments := v.Segments()
				for i := range segments {
					segments[i].Stats(2)
					segments[i].RecordBatch().Release()
					segments[i].Serials(segments[i].Live(0, segments[i].Rows(), nil), func(uint64, int) {})
				}
			}
		})
	}
	r := rand.New(rand.NewPCG(1, 1))
	next := 0
	for seq := uint64(1); seq < 150; seq++ {
		mark := table.Mark()
		var rows [][]any
		for range 1 + r.IntN(40) {
			rows = append(rows, wideRow(next))
			next++
		}
		if c := table.Append(batchOfRows(def, rows, r.IntN(2)), nil); c != nil {
			t.Fatal(c)
		}
		if r.IntN(4) == 0 {
			table.Rollback(mark)
			continue
		}
		_, ids := viewRows(table.View(seq))
		table.Commit(ids[:r.IntN(len(ids)/4+1)], seq)
		views <- table.View(seq)
	}
	close(views)
	readers.Wait()
}

// TestIndexBytes holds the bound against the indexes of a table that grows.
func TestIndexBytes(t *testing.T) {
	t.Parallel()
	def := wideDef()
	tab, n := New(def, 1000), 0
	for size := range 40 {
		var rows [][]any
		for range size * size {
			rows = append(rows, wideRow(n))
			n++
		}
		before := make([]int, len(tab.keys))
		for k, x := range tab.keys {
			before[k] = len(x.slots)
		}
		require.Nil(t, tab.Append(batchOfRows(def, rows, 0), nil))
		for k, x := range tab.keys {
			held := len(x.slots)
			if held != before[k] {
				held += before[k]
			}
			require.LessOrEqual(t, int64(8*held), IndexBytes(n), "%d rows", n)
		}
	}
}
