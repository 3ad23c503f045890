package jsontext

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// isCanonical tells whether Canonical returns s as it is.
func isCanonical(s string) bool {
	doc, ok := spaced(s)
	return ok && doc == s
}

func TestSpaced(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`["a","b",36]`: `["a", "b", 36]`, ` [ ] `: `[]`, "{\t}": `{}`, `[1 ,2]`: `[1, 2]`, `[1,  2 ]`: `[1, 2]`, `{"a":1,"b":[{"c" : null}]}`: `{"a": 1, "b": [{"c": null}]}`,
		"\n\"a b\"\r": `"a b"`, `["a, b","[ ]"]`: `["a, b", "[ ]"]`, ` 1.50`: `1.50`,
	} {
		got, ok := spaced(in)
		require.True(t, ok, in)
		require.Equal(t, want, got, in)
	}
	for _, in := range []string{``, ` `, `[1,]`, `[,1]`, `[1 2]`, `{"a"}`, `{"a":}`, `{"b":1,"a":2}`, `{"a":1,"a":2}`, `[1`, `[1 `, `{"a":1 `, `1e3`, `[1]x`, `"\u0041"`, "[1,\v2]", `[1, ,2]`} {
		_, ok := spaced(in)
		require.False(t, ok, in)
	}
}

// TestSpacedAsParsed compares with the parser what is put together from pieces that are mostly JSON.
func TestSpacedAsParsed(t *testing.T) {
	t.Parallel()
	pieces := rapid.SampledFrom([]string{"[", "]", "{", "}", ",", ":", " ", ", ", ": ", "\n", `"a"`, `"b": `, `"bc"`, `"é"`, "1", "-2.50", "null", "true", `["x", "y"]`, `{"k":1}`, `[1,2]`})
	rapid.Check(t, func(t *rapid.T) {
		s := ""
		for _, p := range rapid.SliceOfN(pieces, 1, 12).Draw(t, "pieces") {
			s += p
		}
		doc, ok := spaced(s)
		if !ok {
			return
		}
		slow, err := canonical(s, nil)
		require.NoError(t, err, s)
		require.Equal(t, slow, doc, s)
	})
}
