package jsontext

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

var seeds = []string{
	`["chat", "messages", "jamal"]`, `{"last_rows": 100, "buffer_size": 1000}`, `{"b":1,"a":[1.50,{"c":"\ud83d\ude00\u0001"}],"b":2}`, `"\ud800"`, `[1e5,-0.0,"\u0000"]`,
	`{"a": {"a": [[], {}, null]}}`, `[`, `{"a`, `"\`, `-`, ``, ` 1 `, `[1, 2`, `{"a": `, `]`, `[,`, `{"\t": 1}`, `"\u12`,
}

// FuzzCanonical: canonical text stays as it is, agrees with encoding/json on what is JSON, and the value survives.
func FuzzCanonical(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		doc, err := Canonical(s)
		valid := json.Valid([]byte(s))
		if err != nil {
			if valid && utf8.ValidString(s) {
				require.NotContains(t, err.Error(), "Expected")
			}
			return
		}
		require.True(t, valid, s)
		require.NoError(t, ValidJSON(s))
		require.True(t, isCanonical(doc), doc)
		again, err := Canonical(doc)
		require.NoError(t, err)
		require.Equal(t, doc, again)
		slow := writer{limit: MaxSize}
		require.NoError(t, parse(s, true, &slow, nil))
		require.Equal(t, slow.finish(), doc, "what the fast check gives, the parser gives")
		slow = writer{limit: MaxSize}
		require.NoError(t, parse(doc, true, &slow, nil))
		require.Equal(t, doc, slow.finish(), "and leaves alone")
		readAll(doc, doc)
	})
}

// FuzzContains compares Contains, Compare and AppendKey with the oracle.
func FuzzContains(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, `["chat"]`)
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		readAll(a, b) // on whatever it is: no panic, no endless loop
		a, errA := Canonical(a)
		b, errB := Canonical(b)
		if errA != nil || errB != nil || len(a)+len(b) > 1<<16 {
			return
		}
		treeA, treeB := tree(t, a), tree(t, b)
		require.Equal(t, treeContains(treeA, treeB, true), Contains(a, b), "%s @> %s", a, b)
		equal := treeCompare(treeA, treeB) == 0
		require.Equal(t, equal, Compare(a, b) == 0, "%s = %s", a, b)
		require.Equal(t, equal, string(AppendKey(nil, a)) == string(AppendKey(nil, b)))
	})
}

// readAll calls everything that takes canonical text.
func readAll(a, b string) {
	Contains(a, b)
	Compare(a, b)
	AppendKey(nil, a)
	Concat(a, b)
	Exists(a, b)
	Field(a, b)
	Index(a, -1)
	Index(a, 1)
	Path(a, []string{"a", "1", b})
	Text(a)
	StripNulls(a)
	Pretty(a)
	DeleteKey(a, "a")
	DeleteIndex(a, 1)
	ArrayLength(a)
	RawField(a, "a")
	RawText(a)
	if seq, err := EachText(a); err == nil {
		for range seq {
			continue
		}
	}
	if seq, err := ElementsText(a); err == nil {
		for range seq {
			continue
		}
	}
	rawElement(a, -1)
	rawPath(a, []string{"a", "1"}, true)
	RawArrayLength(a)
}
