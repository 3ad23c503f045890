package schemahistory

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// messages is the table
//
//	CREATE TABLE chat.m (id bigint PRIMARY KEY, a int, b text, c text CHECK (c IN ('x', 'y')), created_at timestamp, u int UNIQUE, v int, w int, user_id text, UNIQUE (v, w));
//	CREATE INDEX m_ab ON chat.m (a, b); CREATE INDEX m_b ON chat.m (b);
//
// of which PostgreSQL 15.20 was asked for every message and for what is left after each change.
func messages() *TableDefinition {
	d := &TableDefinition{
		ID: 100, Name: Name{"chat", "m"}, Version: 3, Storage: "primary", SortColumn: -1, UserColumn: -1,
		Keys: []Key{
			{Name: "m_pkey", Columns: []int{0}, Primary: true}, {Name: "m_u_key", Columns: []int{5}}, {Name: "m_v_w_key", Columns: []int{6, 7}},
		},
		Checks:  []Check{{Name: "m_c_check", Column: 3, Values: []string{"x", "y"}}},
		Indexes: []Index{index("m_ab", "a", "b"), index("m_b", "b")},
	}
	for i, c := range []Column{
		column("id", arrowschema.Int8, required, ""), column("a", arrowschema.Int4, 0, ""), column("b", arrowschema.Text, repeats, ""),
		column("c", arrowschema.Text, repeats, ""), column("created_at", arrowschema.Timestamp, 0, ""), column("u", arrowschema.Int4, 0, ""),
		column("v", arrowschema.Int4, 0, ""), column("w", arrowschema.Int4, 0, ""), column("user_id", arrowschema.Text, repeats, ""),
	} {
		c.ID = int32(i + 1)
		d.Columns = append(d.Columns, c)
	}
	d.LastColumn = int32(len(d.Columns))
	GuessColumns(d)
	return d
}

// constraints names what hangs on the columns of a definition.
func constraints(d *TableDefinition) []string {
	var names []string
	for _, k := range d.Keys {
		names = append(names, k.Name+" ("+d.KeyText(k)+")")
	}
	for _, c := range d.Checks {
		names = append(names, c.Name+" ("+d.Columns[c.Column].Name+")")
	}
	for _, x := range d.Indexes {
		text := x.Name + " ("
		for i, c := range x.Columns {
			if i > 0 {
				text += ", "
			}
			text += c.Name
		}
		names = append(names, text+")")
	}
	return names
}

func TestDropColumn(t *testing.T) {
	t.Parallel()
	all := []string{"m_pkey (id)", "m_u_key (u)", "m_v_w_key (v, w)", "m_c_check (c)", "m_ab (a, b)", "m_b (b)"}
	require.Equal(t, all, constraints(messages()))
	for name, want := range map[string][]string{
		"id":         {"m_u_key (u)", "m_v_w_key (v, w)", "m_c_check (c)", "m_ab (a, b)", "m_b (b)"},
		"a":          {"m_pkey (id)", "m_u_key (u)", "m_v_w_key (v, w)", "m_c_check (c)", "m_b (b)"},
		"b":          {"m_pkey (id)", "m_u_key (u)", "m_v_w_key (v, w)", "m_c_check (c)"},
		"c":          {"m_pkey (id)", "m_u_key (u)", "m_v_w_key (v, w)", "m_ab (a, b)", "m_b (b)"},
		"u":          {"m_pkey (id)", "m_v_w_key (v, w)", "m_c_check (c)", "m_ab (a, b)", "m_b (b)"},
		"v":          {"m_pkey (id)", "m_u_key (u)", "m_c_check (c)", "m_ab (a, b)", "m_b (b)"},
		"created_at": all,
	} {
		d := messages()
		next, text, err := d.DropColumn(name)
		require.NoError(t, err, name)
		require.Equal(t, "dropped column "+name, text)
		require.Equal(t, want, constraints(next), name)
		require.Equal(t, -1, next.Find(name))
		require.Equal(t, int32(9), next.LastColumn)
		require.Equal(t, messages(), d, "the definition must not change")
	}
}

// TestDropKeepsNotNull holds that the other columns of a primary key that goes stay NOT NULL, as in PostgreSQL.
func TestDropKeepsNotNull(t *testing.T) {
	t.Parallel()
	d := messages()
	d.Keys[0].Columns = []int{0, 1}
	d.Columns[1].NotNull = true
	next, _, err := d.DropColumn("id")
	require.NoError(t, err)
	_, has := next.PrimaryKey()
	require.False(t, has)
	require.True(t, next.Columns[next.Find("a")].NotNull)
}

func TestDropLastColumn(t *testing.T) {
	t.Parallel()
	d := &TableDefinition{Name: Name{"chat", "one"}, Columns: []Column{{ID: 1, Name: "x", Type: arrowschema.Int4}}, SortColumn: -1, UserColumn: -1}
	_, _, err := d.DropColumn("x")
	require.Equal(t, sqlstate.FeatureNotSupported, sqlstate.CodeOf(err))
}

// TestRoles follows the sort and user column through the changes.
func TestRoles(t *testing.T) {
	t.Parallel()
	d := messages()
	require.Equal(t, []int{4, 8}, []int{d.SortColumn, d.UserColumn})
	step := func(next *TableDefinition, _ string, err error) {
		t.Helper()
		require.NoError(t, err)
		d = next
	}
	roles := func() [2]string {
		var names [2]string
		for i, c := range []int{d.SortColumn, d.UserColumn} {
			if c >= 0 {
				names[i] = d.Columns[c].Name
			}
		}
		return names
	}
	step(d.DropColumn("a"))
	require.Equal(t, [2]string{"created_at", "user_id"}, roles())
	step(d.RenameColumn("created_at", "made"))
	step(d.RenameColumn("user_id", "owner"))
	require.Equal(t, [2]string{"made", "owner"}, roles(), "a renamed column keeps its role")
	step(d.AddColumn(Column{Name: "created_at", Type: arrowschema.Timestamp}))
	step(d.AddColumn(Column{Name: "user_id", Type: arrowschema.Text}))
	require.Equal(t, [2]string{"made", "owner"}, roles(), "there is one")
	step(d.DropColumn("made"))
	step(d.DropColumn("owner"))
	require.Equal(t, [2]string{"created_at", "user_id"}, roles(), "guessed anew")
	step(d.ReplaceColumn("created_at", Column{Type: arrowschema.TimestampTZ}))
	step(d.SetType("user_id", arrowschema.Varchar, nil))
	require.Equal(t, [2]string{"", "user_id"}, roles())
	step(d.ReplaceColumn("user_id", Column{Type: arrowschema.UUID}))
	require.Equal(t, [2]string{"", ""}, roles())
	step(d.AddColumn(Column{Name: "at", Type: arrowschema.Timestamp}))
	require.Equal(t, [2]string{"", ""}, roles(), "only created_at takes the role")
	step(d.ReplaceColumn("created_at", Column{Type: arrowschema.Date}))
	step(d.SetType("created_at", arrowschema.Timestamp, nil))
	step(d.DropColumn("user_id"))
	step(d.AddColumn(Column{Name: "user_id", Type: arrowschema.Text}))
	require.Equal(t, [2]string{"created_at", "user_id"}, roles())
	step(d.DropColumn("created_at"))
	require.Equal(t, [2]string{"at", "user_id"}, roles(), "the first timestamp when there is no created_at")
}

// TestTexts holds what is said of changes.
func TestTexts(t *testing.T) {
	t.Parallel()
	d := messages()
	d.Columns[1].Default = "7"
	for _, test := range []struct {
		want   string
		change func() (*TableDefinition, string, error)
	}{
		{"added column trace text", func() (*TableDefinition, string, error) {
			return d.AddColumn(Column{Name: "trace", Type: arrowschema.Text})
		}},
		{`added column "My ""price""" numeric(10,2)`, func() (*TableDefinition, string, error) {
			return d.AddColumn(Column{Name: `My "price"`, Type: arrowschema.Numeric, Modifier: []int32{10, 2}})
		}},
		{"dropped column a", func() (*TableDefinition, string, error) { return d.DropColumn("a") }},
		{"renamed column a to x", func() (*TableDefinition, string, error) { return d.RenameColumn("a", "x") }},
		{`renamed column a to "A"`, func() (*TableDefinition, string, error) { return d.RenameColumn("a", "A") }},
		{"changed type of column a from integer to bigint", func() (*TableDefinition, string, error) { return d.SetType("a", arrowschema.Int8, nil) }},
		{"", func() (*TableDefinition, string, error) { return d.SetType("a", arrowschema.Int4, nil) }},
		{"changed type of column a from integer to character varying(9)", func() (*TableDefinition, string, error) {
			return d.ReplaceColumn("a", Column{Type: arrowschema.Varchar, Modifier: []int32{9}})
		}},
		{"rewrote column a", func() (*TableDefinition, string, error) { return d.ReplaceColumn("a", d.Columns[1]) }},
		{"column a is NOT NULL", func() (*TableDefinition, string, error) { return d.SetNotNull("a", true) }},
		{"", func() (*TableDefinition, string, error) { return d.SetNotNull("a", false) }},
		{"", func() (*TableDefinition, string, error) { return d.SetNotNull("id", true) }},
		{"default of column b is now()", func() (*TableDefinition, string, error) { return d.SetDefault("b", "now()") }},
		{"column a has no default", func() (*TableDefinition, string, error) { return d.SetDefault("a", "") }},
		{"", func() (*TableDefinition, string, error) { return d.SetDefault("a", "7") }},
		{"renamed from chat.m", func() (*TableDefinition, string, error) { return d.Rename(Name{"talk", "n"}) }},
	} {
		next, text, err := test.change()
		require.NoError(t, err, test.want)
		require.Equal(t, test.want, text)
		require.NoError(t, valid(next))
		if text == "" {
			require.Equal(t, d, next)
		}
	}
	notNull, _, err := d.SetNotNull("a", true)
	require.NoError(t, err)
	_, text, err := notNull.SetNotNull("a", false)
	require.NoError(t, err)
	require.Equal(t, "column a allows NULL", text)
}

// TestErrors holds PostgreSQL 15's answers to changes that cannot be: code and message, asked of the server.
func TestErrors(t *testing.T) {
	t.Parallel()
	d := messages()
	wide := messages()
	for i := len(wide.Columns); i < maxColumns; i++ {
		wide.Columns = append(wide.Columns, Column{ID: int32(i + 1), Name: "c" + string(rune(0x4e00+i)), Type: arrowschema.Int4})
	}
	for _, test := range []struct {
		code    sqlstate.Code
		message string
		change  func() (*TableDefinition, string, error)
	}{
		{"42701", `column "a" of relation "m" already exists`, func() (*TableDefinition, string, error) { return d.AddColumn(Column{Name: "a"}) }},
		{"42701", `column name "ctid" conflicts with a system column name`, func() (*TableDefinition, string, error) { return d.AddColumn(Column{Name: "ctid"}) }},
		{"54011", `tables can have at most 1600 columns`, func() (*TableDefinition, string, error) { return wide.AddColumn(Column{Name: "x"}) }},
		{"42703", `column "zz" of relation "m" does not exist`, func() (*TableDefinition, string, error) { return d.DropColumn("zz") }},
		{"0A000", `cannot drop system column "ctid"`, func() (*TableDefinition, string, error) { return d.DropColumn("ctid") }},
		{"42703", `column "zz" does not exist`, func() (*TableDefinition, string, error) { return d.RenameColumn("zz", "y") }},
		{"42703", `column "zz" does not exist`, func() (*TableDefinition, string, error) { return d.RenameColumn("zz", "b") }},
		{"42701", `column "b" of relation "m" already exists`, func() (*TableDefinition, string, error) { return d.RenameColumn("a", "b") }},
		{"42701", `column "a" of relation "m" already exists`, func() (*TableDefinition, string, error) { return d.RenameColumn("a", "a") }},
		{"42701", `column name "ctid" conflicts with a system column name`, func() (*TableDefinition, string, error) { return d.RenameColumn("a", "ctid") }},
		{"0A000", `cannot rename system column "ctid"`, func() (*TableDefinition, string, error) { return d.RenameColumn("ctid", "x") }},
		{"42703", `column "zz" of relation "m" does not exist`, func() (*TableDefinition, string, error) { return d.SetNotNull("zz", true) }},
		{"0A000", `cannot alter system column "ctid"`, func() (*TableDefinition, string, error) { return d.SetNotNull("ctid", true) }},
		{"42P16", `column "id" is in a primary key`, func() (*TableDefinition, string, error) { return d.SetNotNull("id", false) }},
		{"42703", `column "zz" of relation "m" does not exist`, func() (*TableDefinition, string, error) { return d.SetDefault("zz", "1") }},
		{"42703", `column "zz" of relation "m" does not exist`, func() (*TableDefinition, string, error) { return d.SetType("zz", arrowschema.Int8, nil) }},
		{"42703", `column "zz" of relation "m" does not exist`, func() (*TableDefinition, string, error) { return d.ReplaceColumn("zz", Column{}) }},
		{"42704", `data type json has no default operator class for access method "btree"`, func() (*TableDefinition, string, error) {
			return d.ReplaceColumn("id", Column{Type: arrowschema.JSON})
		}},
		{"42704", `data type json has no default operator class for access method "btree"`, func() (*TableDefinition, string, error) {
			return d.ReplaceColumn("b", Column{Type: arrowschema.JSON})
		}},
		{"42883", `operator does not exist: jsonb = text`, func() (*TableDefinition, string, error) { return d.ReplaceColumn("c", Column{Type: arrowschema.JSONB}) }},
		{"42883", `operator does not exist: boolean = text`, func() (*TableDefinition, string, error) { return d.ReplaceColumn("c", Column{Type: arrowschema.Bool}) }},
		{"42P07", `relation "m" already exists`, func() (*TableDefinition, string, error) { return d.Rename(d.Name) }},
		{"0A000", `changing the type of column "a" from integer to uuid needs its rows to be rewritten`, func() (*TableDefinition, string, error) {
			return d.SetType("a", arrowschema.UUID, nil)
		}},
		{"0A000", `changing the type of column "u" from integer to numeric needs its rows to be rewritten`, func() (*TableDefinition, string, error) {
			return d.SetType("u", arrowschema.Numeric, nil)
		}},
	} {
		next, text, err := test.change()
		require.Nil(t, next)
		require.Empty(t, text)
		var e *sqlstate.Error
		require.ErrorAs(t, err, &e, test.message)
		require.Equal(t, test.message, e.Message)
		require.Equal(t, test.code, e.Code, test.message)
	}
	require.Equal(t, messages(), d)
}

// TestOrdinals holds that places are given once: those of dropped columns stay empty, and rewriting leaves a column where it is.
func TestOrdinals(t *testing.T) {
	t.Parallel()
	ordinals := func(d *TableDefinition) []int {
		var out []int
		for i := range d.Columns {
			out = append(out, d.OrdinalPosition(i))
		}
		return out
	}
	d := messages()
	d, _, err := d.ReplaceColumn("a", Column{Type: arrowschema.UUID})
	require.NoError(t, err)
	d, _, err = d.AddColumn(Column{Name: "x"})
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, ordinals(d))
	require.Zero(t, d.LastOrdinal)
	before := d
	for _, name := range []string{"user_id", "x"} {
		d, _, err = d.DropColumn(name)
		require.NoError(t, err)
	}
	require.Equal(t, 10, before.OrdinalPosition(9))
	d, _, err = d.AddColumn(Column{Name: "x", Ordinal: 3})
	require.NoError(t, err)
	left := slices.DeleteFunc([]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 11}, func(n int) bool { return n == before.Find("user_id")+1 })
	require.Equal(t, left, ordinals(d))
	d, _, err = d.ReplaceColumn("x", Column{Type: arrowschema.Int4, Ordinal: 3})
	require.NoError(t, err)
	require.Equal(t, left, ordinals(d))
	for _, d := range Legacy() {
		require.Zero(t, d.LastOrdinal)
		require.Equal(t, 1, d.OrdinalPosition(0))
		require.Equal(t, len(d.Columns), d.OrdinalPosition(len(d.Columns)-1))
	}
}

// TestIDs holds that an ID is given once, also when the last column was dropped and when the definition was stored before LastColumn was kept.
func TestIDs(t *testing.T) {
	t.Parallel()
	d := messages()
	d.LastColumn = 0
	d, _, err := d.DropColumn("user_id")
	require.NoError(t, err)
	d, _, err = d.AddColumn(Column{Name: "x", ID: 3})
	require.NoError(t, err)
	require.Equal(t, int32(10), d.Columns[8].ID)
	d, _, err = d.ReplaceColumn("x", Column{Type: arrowschema.Int4, ID: 2, Name: "y"})
	require.NoError(t, err)
	require.Equal(t, int32(11), d.Columns[8].ID)
	require.Equal(t, "x", d.Columns[8].Name)
	require.Equal(t, int32(11), d.LastColumn)

	d = messages()
	d.LastColumn = 0
	d, _, err = d.ReplaceColumn("a", Column{Type: arrowschema.UUID})
	require.NoError(t, err)
	require.Equal(t, []int32{1, 10, 3, 4, 5, 6, 7, 8, 9}, d.ColumnIDs())
}
