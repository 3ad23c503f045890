package schemahistory

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
)

// valid tells what is wrong with a definition.
func valid(d *TableDefinition) error {
	ids, names := map[int32]bool{}, map[string]bool{}
	for _, c := range d.Columns {
		if c.ID < 1 || c.ID > d.LastColumn || ids[c.ID] || names[c.Name] {
			return fmt.Errorf("column %q, %d of at most %d: a number or name twice or out of range", c.Name, c.ID, d.LastColumn)
		}
		ids[c.ID], names[c.Name] = true, true
	}
	in := func(i int) bool { return i >= 0 && i < len(d.Columns) }
	for i, k := range d.Keys {
		if len(k.Columns) == 0 || (k.Primary && i > 0) {
			return fmt.Errorf("key %s", k.Name)
		}
		for _, c := range k.Columns {
			if !in(c) || (k.Primary && !d.Columns[c].NotNull) {
				return fmt.Errorf("key %s: column %d", k.Name, c)
			}
		}
	}
	for _, c := range d.Checks {
		if !in(c.Column) || !d.Columns[c.Column].holdsText() {
			return fmt.Errorf("check %s: column %d", c.Name, c.Column)
		}
	}
	for _, x := range d.Indexes {
		for _, c := range x.Columns {
			if !names[c.Name] {
				return fmt.Errorf("index %s: column %s", x.Name, c.Name)
			}
		}
	}
	if s := d.SortColumn; s != -1 && (!in(s) || d.Columns[s].Type != arrowschema.Timestamp) {
		return fmt.Errorf("sort column %d", s)
	}
	if u := d.UserColumn; u != -1 && (!in(u) || !d.Columns[u].holdsText()) {
		return fmt.Errorf("user column %d", u)
	}
	return nil
}

var (
	columnNames = rapid.SampledFrom([]string{"id", "a", "b", "c", "created_at", "u", "v", "w", "user_id", "x", "y", "z", "No 1", "ctid"})
	someTypes   = rapid.SampledFrom([]arrowschema.Type{
		arrowschema.Bool, arrowschema.Int2, arrowschema.Int4, arrowschema.Int8, arrowschema.Numeric, arrowschema.Float4, arrowschema.Float8, arrowschema.Varchar,
		arrowschema.Text, arrowschema.UUID, arrowschema.JSON, arrowschema.JSONB, arrowschema.Date, arrowschema.Timestamp, arrowschema.TimestampTZ,
	})
)

// evolve makes a change drawn at random.
func evolve(t *rapid.T, d *TableDefinition) (*TableDefinition, string, error) {
	name, typ := columnNames.Draw(t, "name"), someTypes.Draw(t, "type")
	switch rapid.IntRange(0, 7).Draw(t, "change") {
	case 0, 1:
		return d.AddColumn(Column{Name: name, Type: typ, NotNull: rapid.Bool().Draw(t, "not null"), ID: rapid.Int32().Draw(t, "id")})
	case 2:
		return d.DropColumn(name)
	case 3:
		return d.RenameColumn(name, columnNames.Draw(t, "to"))
	case 4:
		return d.SetNotNull(name, rapid.Bool().Draw(t, "not null"))
	case 5:
		return d.SetDefault(name, rapid.SampledFrom([]string{"", "now()", "0"}).Draw(t, "default"))
	case 6:
		return d.SetType(name, typ, nil)
	default:
		i := d.Find(name)
		return d.ReplaceColumn(name, Column{Type: typ, NotNull: i >= 0 && d.Columns[i].NotNull})
	}
}

// TestEvolutions holds, over random sequences of changes: a definition stays valid and the one before it untouched, an error gives nothing, LastColumn
// never falls, an ID never comes back for another column, and what a column ID stands for keeps its rows' values unless a value widens.
func TestEvolutions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := messages()
		gone := map[int32]bool{}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			before := d.clone()
			next, text, err := evolve(t, d)
			require.Equal(t, before, d.clone(), "the definition was changed in place")
			if err != nil {
				require.Nil(t, next)
				require.Empty(t, text)
				continue
			}
			require.NoError(t, valid(next))
			require.GreaterOrEqual(t, next.LastColumn, d.LastColumn)
			require.Equal(t, text == "", fmt.Sprint(*d.clone()) == fmt.Sprint(*next.clone()), "%q", text)
			old := map[int32]Column{}
			for _, c := range d.Columns {
				old[c.ID] = c
			}
			for _, c := range next.Columns {
				require.False(t, gone[c.ID], "column ID %d came back", c.ID)
				if was, ok := old[c.ID]; ok {
					require.True(t, Widens(was, c))
					delete(old, c.ID)
				}
			}
			for id := range old {
				gone[id] = true
			}
			d = next
		}
	})
}
