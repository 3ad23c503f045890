package jsontext

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// goldenRow is a document with PostgreSQL's comparison of it with every document of the file.
type goldenRow struct {
	Doc      string `json:"doc"`
	Compare  string `json:"compare"`
	Contains string `json:"contains"`
}

func TestGoldenPairs(t *testing.T) {
	t.Parallel()
	docs := readLines[goldenRow](t, "pairs.jsonl")
	require.Greater(t, len(docs), 100)
	for _, a := range docs {
		canonical, err := Canonical(a.Doc)
		require.NoError(t, err)
		require.Equal(t, a.Doc, canonical)
		for n, b := range docs {
			if got := "<=>"[Compare(a.Doc, b.Doc)+1]; got != a.Compare[n] {
				t.Errorf("%s %c %s, want %c", a.Doc, got, b.Doc, a.Compare[n])
			}
			if got := Contains(a.Doc, b.Doc); got != (a.Contains[n] == '1') {
				t.Errorf("%s @> %s: %v", a.Doc, b.Doc, got)
			}
			equal := a.Compare[n] == '='
			require.Equal(t, equal, Equal(a.Doc, b.Doc), "%s = %s", a.Doc, b.Doc)
			require.Equal(t, equal, string(AppendKey(nil, a.Doc)) == string(AppendKey(nil, b.Doc)), "keys of %s and %s", a.Doc, b.Doc)
		}
	}
}
