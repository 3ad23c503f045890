package parser

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestSplitStatement cuts texts with every kind of quote and comment.
func TestSplitStatement(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		buf, stmt, rest string
		complete        bool
	}{
		{"", "", "", false},
		{"  \n -- nothing", "", "", false},
		{"/* a; */", "", "", false},
		{"-", "-", "", false},
		{";", "", "", true},
		{" select 1 ; select 2", "select 1", " select 2", true},
		{"select 1", "select 1", "", false},
		{"select ';';x", "select ';'", "x", true},
		{"select 'a'';';x", "select 'a'';'", "x", true},
		{`select 'a\';x';`, `select 'a\'`, "x';", true},
		{`select E'a\';x';y`, `select E'a\';x'`, "y", true},
		{`select e'a\\';y`, `select e'a\\'`, "y", true},
		{"select E'a'\n'\\';';y", "select E'a'\n'\\';'", "y", true},
		{`select type'a\';x`, `select type'a\'`, "x", true},
		{`select "a;""b;";x`, `select "a;""b;"`, "x", true},
		{"select $$;$$;x", "select $$;$$", "x", true},
		{"select $a$;$$;$b$;$a$;x", "select $a$;$$;$b$;$a$", "x", true},
		{"select $1;$2;", "select $1", "$2;", true},
		{"select a$b$;c$b$;", "select a$b$", "c$b$;", true},
		{"select 1$b$;c$b$;", "select 1$b$;c$b$", "", true},
		{"select $a;b$", "select $a", "b$", true},
		{"select -- ;\n1;x", "select -- ;\n1", "x", true},
		{"select /* ; /* ; */ ; */ 1;x", "select /* ; /* ; */ ; */ 1", "x", true},
		{"select 1 - /* */ 2 / 3;x", "select 1 - /* */ 2 / 3", "x", true},
		{"select (1;x", "select (1", "x", true},
		{"select 'abc", "select 'abc", "", false},
		{"select $a$ ; $b$ ;", "select $a$ ; $b$ ;", "", false},
		{"select /* ;", "select /* ;", "", false},
		{"select 'ü;€';x", "select 'ü;€'", "x", true},
	} {
		stmt, rest, complete := SplitStatement(c.buf)
		require.Equal(t, []any{c.stmt, c.rest, c.complete}, []any{stmt, rest, complete}, c.buf)
	}
}

// TestSplitterPieces feeds a Splitter random texts in random pieces: it must cut as SplitStatement cuts the whole.
func TestSplitterPieces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"'", `"`, "$", "$$", "$a$", "-", "--", "/", "*", "/*", "*/", ";", ";", "\n", " ", "e'", "E",
			`\`, "a", "1", "select", "ü"})).Draw(t, "text"), "")
		var want []string
		rest, complete := text, true
		for {
			var stmt, tail string
			if stmt, tail, complete = SplitStatement(rest); !complete {
				break
			}
			want, rest = append(want, stmt), tail
		}
		var s Splitter
		var got []string
		for left := text; left != ""; {
			n := rapid.IntRange(1, len(left)).Draw(t, "n")
			s.Write(left[:n])
			left = left[n:]
			for {
				stmt, ok := s.Next()
				if !ok {
					break
				}
				got = append(got, stmt)
			}
		}
		require.Equal(t, want, got)
		require.Equal(t, rest, s.Rest())
	})
}

// TestSplitterAgreesWithParser cuts the contract, and parses each piece alone.
func TestSplitterAgreesWithParser(t *testing.T) {
	t.Parallel()
	text := contract(t)
	all, err := Parse(text)
	require.NoError(t, err)
	var s Splitter
	n := 0
	for line := range strings.Lines(text) {
		s.Write(line)
		for {
			piece, ok := s.Next()
			if !ok {
				break
			}
			one, err := Parse(piece)
			require.NoError(t, err)
			require.Equal(t, all[n].Text, one[0].Text)
			n++
		}
	}
	require.Len(t, all, n)
	require.Empty(t, strings.TrimSpace(s.Rest()))
}

// TestPending pins what the prompt of a shell can show.
func TestPending(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", " \n": "", "-- x": "", "select": "-", "select 'a": "'", "select E'a": "'", `select "a`: `"`,
		"select $a$": "$", "/* a": "*", "select 1;": "", "select 1; x": "-"} {
		var s Splitter
		s.Write(text)
		for {
			if _, ok := s.Next(); !ok {
				break
			}
		}
		require.Equal(t, want, s.Pending(), text)
	}
}
