package render

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/plan"
)

const hostile = "a\x1b[31m\x07\b\r\n\tb\x7f\u0085\u009b2J\u202egnp.exe\u2066x\u2029é漢\u200d\xff\xc3"

func TestScreen(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	s := NewScreen(&out)
	n, err := s.Write([]byte(hostile + "!"))
	require.NoError(t, err)
	require.Equal(t, len(hostile)+1, n)
	require.Equal(t, `a\x1B[31m\x07\x08\r`+"\n\t"+`b\x7F\u0085\u009B2J\u202Egnp.exe\u2066x\u2029é漢`+"\u200d"+`\xFF\xC3!`, out.String())
	require.Equal(t, &out, s.Unwrap())
	require.True(t, Harmless("é漢 x"))
	for _, bad := range []string{"a\x1bb", "\xff", "a\u202e", "a\n", "\t", "\u0090"} {
		require.False(t, Harmless(bad), "%q", bad)
	}
}

// However a text is cut into writes, the same arrives, and nothing of it acts on a terminal.
func TestScreenPieces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOf(rapid.SampledFrom([]byte("ab\x1b\xc2\x9b\xe2\x80\xae\xf0\x9f\x98\x80\n\r\t\xff"))).Draw(t, "text")
		text = append(text, 'x') // an unfinished character at the end waits for its rest
		var whole, cut bytes.Buffer
		_, err := NewScreen(&whole).Write(text)
		require.NoError(t, err)
		s := NewScreen(&cut)
		for rest := text; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			_, err := s.Write(rest[:n])
			require.NoError(t, err)
			rest = rest[n:]
		}
		require.Equal(t, whole.String(), cut.String())
		for _, line := range strings.Split(strings.ReplaceAll(whole.String(), "\t", " "), "\n") {
			require.True(t, Harmless(line), "%q", line)
		}
	})
}

// The formats that people read escape on their own, those that programs read keep every byte where no screen is before them.
func TestHostileValues(t *testing.T) {
	t.Parallel()
	cols := []plan.Column{{Name: "evil\x1b[2J\u202e", Type: arrowschema.Text}}
	text := "x\x1b]0;title\x07\u009b31m\u202egnp\r\n\x00z"
	for _, f := range []Format{Table, Records, CSV, JSON, NDJSON, Markdown} {
		for _, screened := range []bool{false, true} {
			var out bytes.Buffer
			var w Writer
			var err error
			if screened {
				w, err = New(NewScreen(&out), f, cols, nil)
			} else {
				w, err = New(&out, f, cols, nil)
			}
			require.NoError(t, err)
			require.NoError(t, w.Write(&vec.Batch{N: 1, Cols: []*vec.Vec{vec.NewFlat(arrowschema.Text, []string{text}, nil)}}))
			require.NoError(t, w.Close())
			if screened || f == Table || f == Records {
				for _, line := range strings.Split(out.String(), "\n") {
					require.True(t, Harmless(line), "%s: %q", f, line)
				}
			}
			if !screened && f == CSV {
				require.Contains(t, out.String(), text)
			}
		}
	}
}
