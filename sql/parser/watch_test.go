package parser

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// A token may be the whole of a long text: its reading ends when the budget says so, and the text is counted.
func TestLongTokens(t *testing.T) {
	t.Parallel()
	stop := sqlstate.New(sqlstate.QueryCanceled, "stop")
	for _, c := range []struct{ before, filler, after string }{
		{"SELECT '", "abcdefgh", "'"}, {"SELECT '", "''''''''", "'"}, {"SELECT E'", `\u00e9\n`, "'"}, {"SELECT 1 /*", "/**/    ", "*/"}, {"-- ", "comment ", "\nSELECT 1"},
		{"SELECT", "        ", "1"}, {"SELECT ", "12345678", ""}, {"SELECT 1 AS ", "abcdefgh", ""}, {"SELECT 1 AS \"", "\"\"\"\"abcd", "\""}, {"SELECT $x$", "$y$ $$ $", "$x$"},
		{"SELECT ", "/**/    ", "1"},
	} {
		sql := c.before + strings.Repeat(c.filler, 4*lookEvery/8) + c.after
		asked, bytes := 0, int64(0)
		_, err := ParseWithin(sql, func(n int64) error { asked++; bytes += n; return nil })
		require.NoError(t, err, c.filler)
		require.GreaterOrEqual(t, asked, 4, c.filler)
		require.GreaterOrEqual(t, bytes, int64(len(sql)))
		for at := 1; at <= asked; at += 2 {
			n := 0
			_, err := ParseWithin(sql, func(int64) error {
				if n++; n >= at {
					return stop
				}
				return nil
			})
			require.ErrorIs(t, err, stop, "%s at %d of %d", c.filler, at, asked)
			require.LessOrEqual(t, n, at+1, "%s at %d of %d: it went on", c.filler, at, asked)
		}
		_, err = ParseWithin(sql, func(int64) error { return errors.New("plain") })
		require.ErrorContains(t, err, "plain")
	}
}

// What is longer than a name can be is cut, wherever the reading of it looks at the budget.
func TestLongNames(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"SELECT 1 AS " + strings.Repeat("AbC", 1<<20):           strings.Repeat("abc", 21),
		"SELECT 1 AS \"" + strings.Repeat("\"\"", 1<<20) + "\"": strings.Repeat("\"", 63),
		"SELECT 1 AS \"" + strings.Repeat("é", 1<<20) + "\"":    strings.Repeat("é", 31),
		"SELECT 1 AS \"a" + strings.Repeat("\"\"", 100) + "b\"": "a" + strings.Repeat("\"", 62),
		"SELECT 1 AS x": "x",
		"SELECT 1 AS \"" + strings.Repeat("Ab", 20) + "\"":       strings.Repeat("Ab", 20),
		"SELECT 1 AS É" + strings.Repeat("É", 50) + "abcdefghij": strings.Repeat("É", 31),
	} {
		l := newLexer(sql, nil)
		for range 3 {
			l.token()
		}
		name := l.token()
		require.Nil(t, l.err)
		require.Equal(t, tokIdent, name.kind)
		require.Equal(t, want, name.text)
	}
	_, err := Parse("SELECT 1 " + strings.Repeat("+-", 1<<19) + " 1")
	require.Error(t, err, "and at once")
}
