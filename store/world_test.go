package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// world is what a database of one table should hold: the definition, the rows as texts by column ID under their keys, and what changed in the versions.
// It is copied, not changed.
type world struct {
	def     *schemahistory.TableDefinition // nil when the table is dropped
	rows    map[int64]map[int32]string     // a column that is not there is NULL
	changes map[schemahistory.Name][]string
}

func (w world) clone() world {
	out := world{def: w.def, rows: map[int64]map[int32]string{}, changes: map[schemahistory.Name][]string{}}
	for k, r := range w.rows {
		out.rows[k] = maps.Clone(r)
	}
	for n, c := range w.changes {
		out.changes[n] = slices.Clone(c)
	}
	return out
}

// String gives the world as text to be compared.
func (w world) String() string {
	var b strings.Builder
	if w.def != nil {
		fmt.Fprintf(&b, "%s version %d\n", w.def.Name, len(w.changes[w.def.Name]))
		for _, c := range w.def.Columns {
			fmt.Fprintf(&b, "%d %s %s\n", c.ID, c.Name, c.Type)
		}
		for _, k := range slices.Sorted(maps.Keys(w.rows)) {
			for _, c := range w.def.Columns {
				text, ok := w.rows[k][c.ID]
				fmt.Fprintf(&b, "%s|", valueText(text, ok))
			}
			b.WriteByte('\n')
		}
	}
	for _, n := range slices.SortedFunc(maps.Keys(w.changes), compareNames) {
		if len(w.changes[n]) > 0 {
			fmt.Fprintf(&b, "%s: %s\n", n, strings.Join(w.changes[n], "; "))
		}
	}
	return b.String()
}

func valueText(text string, ok bool) string {
	if !ok {
		return "null"
	}
	return strconv.Quote(text)
}

// observed gives the database as world.String does, and checks on the way that every way to the rows leads to the same.
func observed(t require.TestingT, db *DB) string {
	s := db.Snapshot()
	defer s.Close()
	return observedIn(t, s)
}

func observedIn(t require.TestingT, s *Snapshot) string {
	w := world{changes: map[schemahistory.Name][]string{}}
	for _, h := range s.Histories() {
		if h.Name.Namespace == "chat" {
			w.changes[h.Name] = changesOf(s, h.Name)
		}
	}
	require.Equal(t, rowsOfHistories(s), schemaRows(t, s))
	for _, v := range s.Tables() {
		require.Equal(t, s.History(v.Def.Name).Last(), v.Def.Version)
		if v.Def.Name.Namespace != "chat" {
			continue
		}
		require.Nil(t, w.def)
		w.def, w.rows = v.Def, rowTexts(t, s, v)
	}
	return w.String()
}

// rowTexts reads the rows of a view by id, hot and cold; by the columns of its segments; and by their keys.
func rowTexts(t require.TestingT, s *Snapshot, v *TableView) map[int64]map[int32]string {
	var ids []tables.RowID
	segments := v.Hot.Segments()
	for i := range segments {
		seg := &segments[i]
		for _, row := range seg.Live(0, seg.Rows(), nil) {
			ids = append(ids, tables.HotID(seg.Number(), int(row)))
			for c := range v.Def.Columns {
				checkStats(t, seg, c, int(row))
			}
		}
	}
	hotRows := len(ids)
	for _, f := range v.Files {
		for i := range f.Rows {
			if !deletedIn(f, uint32(i)) {
				ids = append(ids, tables.ColdID(f.Number, uint32(i)))
			}
		}
	}
	b, err := s.Rows(context.Background(), v.Def.Name, ids, allColumns(v.Def))
	require.NoError(t, err)
	out := map[int64]map[int32]string{}
	key := v.Def.Find("id")
	for i := range ids {
		row := map[int32]string{}
		for c, col := range b.Cols {
			require.Equal(t, v.Def.Columns[c].Type, col.Type)
			if text, ok := textAt(col, i); ok {
				row[v.Def.Columns[c].ID] = text
			}
			if i < hotRows {
				seg := slices.IndexFunc(segments, func(s tables.SegmentView) bool { return s.Number() == ids[i].Segment() })
				want, wantOK := textAt(segments[seg].Column(c), ids[i].Offset())
				got, ok := textAt(col, i)
				require.Equal(t, valueText(want, wantOK), valueText(got, ok))
			}
		}
		require.NotContains(t, out, b.Cols[key].Ints[i])
		out[b.Cols[key].Ints[i]] = row
	}
	require.EqualValues(t, len(out), v.Rows())
	for _, k := range v.Def.Keys {
		found, err := s.Find(context.Background(), v.Def.Name, k, keyColumns(b, k))
		require.NoError(t, err)
		for i, id := range ids {
			if k.Primary || !b.Cols[k.Columns[0]].IsNull(i) {
				require.Equal(t, id, found[i], k.Name)
			}
		}
	}
	return out
}

// checkStats holds a value against the zone map of its column.
func checkStats(t require.TestingT, seg *tables.SegmentView, c, row int) {
	lo, hi, nulls := seg.Stats(c)
	v := seg.Column(c)
	if v.IsNull(row) {
		require.NotZero(t, nulls)
		return
	}
	if lo != nil {
		require.Equal(t, v.Type, lo.Type)
		require.LessOrEqual(t, vec.Compare(lo, 0, v, row), 0)
		require.GreaterOrEqual(t, vec.Compare(hi, 0, v, row), 0)
	}
}

func textAt(v *vec.Vec, i int) (string, bool) {
	if v.IsNull(i) {
		return "", false
	}
	return string(vec.AppendText(nil, v, i, time.UTC)), true
}
