package vec_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
)

// TestConstantRoundTrip reads what AppendText writes, for values of every type.
func TestConstantRoundTrip(t *testing.T) {
	t.Parallel()
	for _, typ := range types() {
		values := distinct(t, typ)
		for i := range values.N {
			text := string(vec.AppendText(nil, values, i, time.UTC))
			v, err := vec.Constant(typ, text)
			require.NoError(t, err, "%s %s", typ, text)
			require.True(t, v.Const)
			require.Equal(t, 1, v.N)
			require.Equal(t, typ, v.Type)
			require.Equal(t, text, string(vec.AppendText(nil, v, 0, time.UTC)))
			require.Zero(t, vec.Compare(values, i, v, 0))
			require.Equal(t, 5, v.Resize(5).N)
		}
	}
}

// TestConstantErrors holds the codes and words against PostgreSQL 15's.
func TestConstantErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typ     arrowschema.Type
		text    string
		code    sqlstate.Code
		message string
	}{
		{arrowschema.Bool, "maybe", "22P02", `invalid input syntax for type boolean: "maybe"`},
		{arrowschema.Int2, "40000", "22003", `value "40000" is out of range for type smallint`},
		{arrowschema.Int8, "x1", "22P02", `invalid input syntax for type bigint: "x1"`},
		{arrowschema.Float8, "1e400", "22003", `"1e400" is out of range for type double precision`},
		{arrowschema.Float4, "1e50", "22003", `"1e50" is out of range for type real`},
		{arrowschema.Float4, "abc", "22P02", `invalid input syntax for type real: "abc"`},
		{arrowschema.UUID, "00000000-0000-4000-8000-00000000000", "22P02", `invalid input syntax for type uuid: "00000000-0000-4000-8000-00000000000"`},
		{arrowschema.UUID, "00000000-0000-4000-8000-00000000000-", "22P02", ""},
		{arrowschema.UUID, "0000----0000-4000-8000-00000000000-0", "22P02", ""},
		{arrowschema.Date, "2025-02-30", "22008", `date/time field value out of range: "2025-02-30"`},
		{arrowschema.JSONB, "{", "22P02", ""},
		{arrowschema.JSON, "[1,]", "22P02", ""},
		{arrowschema.Text, "a\x00", "22021", ""},
		{arrowschema.Numeric, "1.2.3", "22P02", ""},
		{arrowschema.Interval, "soon", "22007", ""},
	} {
		_, err := vec.Constant(c.typ, c.text)
		require.Equal(t, c.code, sqlstate.CodeOf(err), "%s %q: %v", c.typ, c.text, err)
		require.ErrorContains(t, err, c.message)
	}
}

// TestWiden widens values in every form; the texts are PostgreSQL's.
func TestWiden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to arrowschema.Type
		texts    map[string]string
	}{
		{arrowschema.Int2, arrowschema.Int8, map[string]string{"-32768": "-32768", "7": "7"}},
		{arrowschema.Int4, arrowschema.Numeric, map[string]string{"-2147483648": "-2147483648", "0": "0"}},
		{arrowschema.Int8, arrowschema.Numeric, map[string]string{"-9223372036854775808": "-9223372036854775808", "9223372036854775807": "9223372036854775807"}},
		{arrowschema.Int2, arrowschema.Float4, map[string]string{"32767": "32767", "-1": "-1"}},
		{arrowschema.Int4, arrowschema.Float8, map[string]string{"2147483647": "2147483647", "-1": "-1"}},
		{arrowschema.Float4, arrowschema.Float8, map[string]string{"0.1": "0.10000000149011612", "1.5": "1.5", "NaN": "NaN"}},
		{arrowschema.Varchar, arrowschema.Text, map[string]string{"a": "a", "": ""}},
		{arrowschema.Text, arrowschema.Varchar, map[string]string{"a": "a"}},
		{arrowschema.Date, arrowschema.Timestamp, map[string]string{
			"4714-11-24 BC": "4714-11-24 00:00:00 BC", "0001-01-01": "0001-01-01 00:00:00", "1969-12-31": "1969-12-31 00:00:00",
			"2025-10-21": "2025-10-21 00:00:00", "294247-01-10": "294247-01-10 00:00:00", "infinity": "infinity", "-infinity": "-infinity",
			"294247-01-11": "infinity", // beyond the last timestamp, which PostgreSQL would refuse
		}},
	} {
		require.True(t, vec.Widens(c.from, c.to))
		require.Equal(t, c.from.Physical() == c.to.Physical() && c.from != arrowschema.Date, vec.Alike(c.from, c.to))
		for text, want := range c.texts {
			one, err := vec.Constant(c.from, text)
			require.NoError(t, err)
			flat := vec.NewBuilder(c.from, 3)
			flat.AppendRow(one, 0)
			flat.AppendNull()
			flat.AppendRow(one, 0)
			v := flat.Vec()
			forms := []*vec.Vec{v, vec.NewDict([]uint16{0, 1, 0}, v, nil), vec.NewDict([]uint16{2, 0, 2}, v, v.Valid), one.Resize(3), vec.NewNull(c.from, 3)}
			for i, form := range forms {
				got := vec.Widen(form, c.to)
				require.Equal(t, c.to, got.Type)
				require.Equal(t, 3, got.N)
				require.Equal(t, form.Const, got.Const)
				require.Equal(t, form.Dict != nil, got.Dict != nil)
				for row := range 3 {
					require.Equal(t, form.IsNull(row), got.IsNull(row))
					if !got.IsNull(row) {
						require.Equal(t, want, string(vec.AppendText(nil, got, row, time.UTC)), "form %d", i)
					}
				}
			}
			require.Equal(t, text, string(vec.AppendText(nil, v, 0, time.UTC)), "the vector is not changed")
		}
	}
	for _, c := range [][2]arrowschema.Type{
		{arrowschema.Text, arrowschema.Int4}, {arrowschema.Timestamp, arrowschema.Date}, {arrowschema.Int8, arrowschema.Float8},
		{arrowschema.Date, arrowschema.Int8}, {arrowschema.Numeric, arrowschema.Int8},
	} {
		require.False(t, vec.Widens(c[0], c[1]))
		v := vec.NewNull(c[0], 1)
		require.Same(t, v, vec.Widen(v, c[1]))
	}
}
