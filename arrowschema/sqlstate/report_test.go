package sqlstate

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestReport(t *testing.T) {
	t.Parallel()
	require.Equal(t, "ERROR:  plain\n", Report(fmt.Errorf("plain"), "SELECT 1"))
	require.Equal(t, "ERROR:  a (SQLSTATE 42601)\nDETAIL:  b\nHINT:  c\nCONTEXT:  d\n",
		Report(fmt.Errorf("wrapped: %w", New(SyntaxError, "a").WithDetail("b").WithHint("c").InContext("d")), "SELECT 1"))
	// What psql 15 shows.
	for _, c := range []struct {
		sql  string
		pos  int
		line string
	}{
		{"SELECT x", 8,
			"LINE 1: SELECT x\n               ^\n"},
		{"SELECT\n\tx,\ny", 9,
			"LINE 2:  x,\n         ^\n"},
		{"SELECT 'é', x", 13,
			"LINE 1: SELECT 'é', x\n                    ^\n"},
		{"SELECT (", 9,
			"LINE 1: SELECT (\n                ^\n"},
		{"SELECT x + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 2", 8,
			"LINE 1: SELECT x + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1...\n               ^\n"},
		{"SELECT 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + x", 88,
			"LINE 1: ... + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + x\n                                                                      ^\n"},
		{"SELECT 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + x + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 2", 88,
			"LINE 1: ...+ 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + x + 1 + 1 ...\n                                                             ^\n"},
		{"SELECT 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + x + 1 + 2", 56,
			"LINE 1: ...CT 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + x + 1 + 2\n                                                              ^\n"},
		{"SELECT 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + x + 1 + 22", 52,
			"LINE 1: ...ELECT 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + x + 1 + 22\n                                                             ^\n"},
		{"SELECT 1,\n       1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + x,\n 2", 138,
			"LINE 2: ...+ 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + x,\n                                                                     ^\n"},
		{"SELECT 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + xyz", 60,
			"LINE 1: ...LECT 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + xyz\n                                                                    ^\n"},
		{"SELECT 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + x + 1 + 1 + 2", 48,
			"LINE 1: SELECT 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + x + 1 + 1 + 2\n                                                       ^\n"},
		{"SELECT 'éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé' + x", 83,
			"LINE 1: ...ééééééééééééééééééééééééééééééééééééééééééééééééééééééé' + x\n                                                                      ^\n"},
		{"SELECT x + 'éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé'", 8,
			"LINE 1: SELECT x + 'éééééééééééééééééééééééééééééééééééééééééééééééé...\n               ^\n"},
	} {
		require.Equal(t, "ERROR:  e (SQLSTATE 42601)\n"+c.line, Report(New(SyntaxError, "e").At(c.pos), c.sql), c.sql)
	}
	require.Equal(t, "ERROR:  e (SQLSTATE 42601)\nLINE 1: x\n         ^\n", Report(New(SyntaxError, "e").At(99), "x"), "a position behind the end")
}

// A message quotes no more of what it is about than can be read.
func TestLongMessages(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("é", 50<<20)
	for _, a := range []any{text, []byte(text)} {
		e := New(SyntaxError, "%s near %q at %d", "é", a, 7).WithHint("a %s", a).WithDetail("b %s", a).InContext("c %s", a)
		require.True(t, strings.HasPrefix(e.Message, "é near \"éé"))
		require.True(t, strings.HasSuffix(e.Message, "é…\" at 7"), e.Message[len(e.Message)-20:])
		require.True(t, utf8.ValidString(e.Message))
		require.Less(t, len(e.Message), maxText)
		require.Less(t, len(Report(e, text)), 4*maxShown+500)
	}
	require.Less(t, len(Wrap(SyntaxError, fmt.Errorf("%s", text), "%s", text).Message), maxText+10)
	require.Less(t, len(Report(&Error{Message: text, Detail: text, Position: 1}, text)), 3*maxShown)
	require.Less(t, len(Report(fmt.Errorf("%s", text), "")), maxShown+20)
	short := strings.Repeat("x", maxArg)
	require.Equal(t, short+short, New(SyntaxError, "%s%s", short, []byte(short)).Message)
}
