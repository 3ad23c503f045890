package schemahistory

import (
	"testing"

	"github.com/stretchr/testify/require"

	. "github.com/stoadb/stoa/arrowschema"
)

func TestWidens(t *testing.T) {
	t.Parallel()
	type typ struct {
		t    Type
		mods []int32
	}
	mod := func(t Type, mods ...int32) typ { return typ{t, mods} }
	plain := []Type{Bool, Int2, Int4, Int8, Numeric, Float4, Float8, Varchar, Text, UUID, JSON, JSONB, Date, Time, Timestamp, TimestampTZ, Interval}
	wider := map[Type][]Type{
		Int2: {Int4, Int8, Numeric, Float4, Float8}, Int4: {Int8, Numeric, Float8}, Int8: {Numeric}, Float4: {Float8}, Varchar: {Text}, Text: {Varchar},
		Date: {Timestamp},
	}
	for _, from := range plain {
		for _, to := range plain {
			want := from == to
			for _, w := range wider[from] {
				want = want || w == to
			}
			require.Equal(t, want, Widens(Column{Type: from}, Column{Type: to}), "%s to %s", from, to)
		}
	}
	for _, test := range []struct {
		from, to typ
		want     bool
	}{
		{mod(Varchar, 3), mod(Varchar, 3), true}, {mod(Varchar, 3), mod(Varchar, 4), true}, {mod(Varchar, 4), mod(Varchar, 3), false},
		{mod(Varchar, 3), mod(Varchar), true}, {mod(Varchar), mod(Varchar, 3), false}, {mod(Varchar, 3), mod(Text), true}, {mod(Text), mod(Varchar, 3), false},
		{mod(Numeric, 5, 2), mod(Numeric, 6, 2), true}, {mod(Numeric, 5, 2), mod(Numeric, 6, 3), false}, {mod(Numeric, 5, 2), mod(Numeric, 4, 2), false},
		{mod(Numeric, 5, 2), mod(Numeric), true}, {mod(Numeric), mod(Numeric, 5, 2), false}, {mod(Numeric, 5), mod(Numeric, 7, 0), true},
		{mod(Numeric, 5, -2), mod(Numeric, 7, -2), true}, {mod(Numeric, 5, 2), mod(Numeric, 9), false},
		{mod(Int4), mod(Numeric, 20), false}, {mod(Int2), mod(Numeric, 20, 2), false},
		{mod(Timestamp, 3), mod(Timestamp), true}, {mod(Timestamp), mod(Timestamp, 3), false}, {mod(Timestamp, 3), mod(Timestamp, 6), true},
		{mod(Date), mod(Timestamp, 0), true}, {mod(Interval, 3), mod(Interval, 4), false}, {mod(Interval, 3), mod(Interval, 3), true},
	} {
		got := Widens(Column{Type: test.from.t, Modifier: test.from.mods}, Column{Type: test.to.t, Modifier: test.to.mods})
		require.Equal(t, test.want, got, "%s to %s", test.from.t.Format(test.from.mods), test.to.t.Format(test.to.mods))
	}
}

// TestWidensTwice holds that what was widened step by step can be read in one step: rows keep the type under which they were written.
func TestWidensTwice(t *testing.T) {
	t.Parallel()
	for a := Bool; a <= Interval; a++ {
		for b := Bool; b <= Interval; b++ {
			for c := Bool; c <= Interval; c++ {
				if Widens(Column{Type: a}, Column{Type: b}) && Widens(Column{Type: b}, Column{Type: c}) {
					require.True(t, Widens(Column{Type: a}, Column{Type: c}), "%s to %s to %s", a, b, c)
				}
			}
		}
	}
}

// TestKeepsRows holds that the values of a key keep the form in which the key holds them.
func TestKeepsRows(t *testing.T) {
	t.Parallel()
	d := messages()
	require.True(t, d.KeepsRows("u", Int8, nil), "a key, but integers both")
	require.False(t, d.KeepsRows("u", Numeric, nil), "a key")
	require.False(t, d.KeepsRows("w", Float8, nil), "in a key of two columns")
	require.True(t, d.KeepsRows("a", Numeric, nil), "indexes are declarations only")
	require.False(t, d.KeepsRows("a", Text, nil))
	require.False(t, d.KeepsRows("none", Text, nil))
}

// TestMissingWidens compares the values of rows from before a column was added, widened, with PostgreSQL's:
//
//	ALTER TABLE f ADD COLUMN x real DEFAULT 0.1; ALTER TABLE f ALTER COLUMN x TYPE double precision;
func TestMissingWidens(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		from, to   Type
		text, want string
	}{
		{Float4, Float8, "0.1", "0.10000000149011612"}, {Float4, Float8, "1e+20", "1.0000000200408773e+20"}, {Float4, Float8, "16777216", "1.6777216e+07"},
		{Float4, Float8, "Infinity", "Infinity"}, {Float4, Float8, "-Infinity", "-Infinity"}, {Float4, Float8, "NaN", "NaN"}, {Float4, Float8, "-0", "-0"},
		{Int4, Numeric, "7", "7"}, {Date, Timestamp, "2024-01-02", "2024-01-02"},
	} {
		d := messages()
		text := test.text
		d, _, err := d.AddColumn(Column{Name: "x", Type: test.from, Missing: &text})
		require.NoError(t, err)
		next, _, err := d.SetType("x", test.to, nil)
		require.NoError(t, err)
		require.Equal(t, test.want, *next.Columns[9].Missing)
		require.Equal(t, d.Columns[9].ID, next.Columns[9].ID)
		require.Equal(t, test.text, text)
		next, _, err = d.ReplaceColumn("x", Column{Type: test.to, Missing: &text})
		require.NoError(t, err)
		require.Nil(t, next.Columns[9].Missing, "the rows are written anew")
	}
}

// TestTypedChecks holds that a text column with a CHECK stays text; a varchar column with one, which PostgreSQL lets go, is refused as unsupported.
func TestTypedChecks(t *testing.T) {
	t.Parallel()
	d := messages()
	next, _, err := d.SetType("c", Varchar, nil)
	require.NoError(t, err)
	require.Equal(t, "m_c_check (c)", constraints(next)[3])
	_, _, err = next.ReplaceColumn("c", Column{Type: Bool})
	require.ErrorContains(t, err, "0A000")
	_, _, err = next.ReplaceColumn("c", Column{Type: Varchar, Modifier: []int32{1}})
	require.NoError(t, err)
}
