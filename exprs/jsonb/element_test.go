package jsonb

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/exprs/jsontext"
)

// What scalarElement knows is what jsontext says, and it knows the usual.
func TestScalarElement(t *testing.T) {
	t.Parallel()
	item := rapid.SampledFrom([]string{
		`"chat"`, `"a longer name, with a comma"`, `""`, `"é]["`, `"\""`, `"\\"`, `12`, `-1.50`, `true`, `null`, `[1, "x"]`, `{"a": [2]}`, `[]`, `{}`,
	})
	rapid.Check(t, func(t *rapid.T) {
		doc := "[" + strings.Join(rapid.SliceOfN(item, 0, 6).Draw(t, "items"), ", ") + "]"
		if rapid.IntRange(0, 9).Draw(t, "no array") == 0 {
			doc = item.Draw(t, "document")
		}
		index := rapid.Int64Range(-7, 7).Draw(t, "index")
		want, ok := jsontext.Index(doc, index)
		if got, known := scalarElement(doc, index, false); known {
			require.True(t, ok, doc)
			require.Equal(t, want, got, doc)
		}
		wantText, ok := asText(want, ok)
		if got, known := scalarElement(doc, index, true); known {
			require.True(t, ok, doc)
			require.Equal(t, wantText, got, doc)
		}
	})
	for i, want := range []string{"ns", "table", "42"} {
		for _, index := range []int64{int64(i), int64(i) - 3} {
			got, known := scalarElement(`["ns", "table", 42]`, index, true)
			require.True(t, known)
			require.Equal(t, want, got)
		}
	}
}

// Text that is not canonical gets a wrong answer, not a panic.
func FuzzScalarElement(f *testing.F) {
	f.Add(`["a", 1]`, int64(1))
	f.Add(`["`, int64(0))
	f.Add(`[,`, int64(3))
	f.Fuzz(func(t *testing.T, doc string, index int64) {
		scalarElement(doc, index, true)
		scalarElement(doc, index, false)
	})
}
