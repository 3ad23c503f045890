package jsontext

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The oracle is jsonb done the slow way: encoding/json's trees, big.Rat for numbers, and PostgreSQL's rules spelt out on them.

func tree(t require.TestingT, doc string) any {
	d := json.NewDecoder(bytes.NewReader([]byte(doc)))
	d.UseNumber()
	var v any
	require.NoError(t, d.Decode(&v), doc)
	return v
}

func rank(v any) int {
	switch v.(type) {
	case nil:
		return 0
	case string:
		return 1
	case json.Number:
		return 2
	case bool:
		return 3
	case []any:
		return 4
	}
	return 5
}

func treeCompare(a, b any) int {
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	switch x := a.(type) {
	case string:
		return cmp.Compare(x, b.(string))
	case json.Number:
		r, _ := new(big.Rat).SetString(string(x))
		s, _ := new(big.Rat).SetString(string(b.(json.Number)))
		return r.Cmp(s)
	case bool:
		n := map[bool]int{true: 1}
		return cmp.Compare(n[x], n[b.(bool)])
	case []any:
		y := b.([]any)
		if c := cmp.Compare(len(x), len(y)); c != 0 {
			return c
		}
		return slices.CompareFunc(x, y, treeCompare)
	case map[string]any:
		return treeCompareObjects(x, b.(map[string]any))
	}
	return 0
}

func treeCompareObjects(x, y map[string]any) int {
	if c := cmp.Compare(len(x), len(y)); c != 0 {
		return c
	}
	keysX, keysY := sortedKeys(x), sortedKeys(y)
	for i := range keysX {
		if c := cmp.Compare(keysX[i], keysY[i]); c != 0 {
			return c
		}
		if c := treeCompare(x[keysX[i]], y[keysY[i]]); c != 0 {
			return c
		}
	}
	return 0
}

func sortedKeys(m map[string]any) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return keys
}

func treeContains(a, b any, top bool) bool {
	switch y := b.(type) {
	case map[string]any:
		x, ok := a.(map[string]any)
		for k, v := range y {
			w, has := x[k]
			if ok = ok && has && treeContains(w, v, false); !ok {
				return false
			}
		}
		return ok
	case []any:
		x, ok := a.([]any)
		for _, v := range y {
			ok = ok && slices.ContainsFunc(x, func(w any) bool { return treeContains(w, v, false) })
		}
		return ok
	}
	if x, ok := a.([]any); ok {
		return top && slices.ContainsFunc(x, func(w any) bool { return treeContains(w, b, false) })
	}
	return rank(a) == rank(b) && treeCompare(a, b) == 0
}

// anyDocument draws JSON text that is not canonical, from few words so that documents meet.
func anyDocument(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		kind := rapid.IntRange(0, 6).Draw(t, "kind")
		if depth == 0 {
			kind %= 3
		}
		space := rapid.SampledFrom([]string{"", " ", "\n\t"}).Draw(t, "space")
		switch kind {
		case 0:
			return rapid.SampledFrom([]string{"null", "true", "false", `""`, `"a"`, `"\u0061"`, `"a\""`, `"ü"`, `"\n"`}).Draw(t, "word")
		case 1:
			return rapid.SampledFrom([]string{"0", "-0.0", "1", "1.0", "1e1", "10", "-1", "-1.50", "-1.5", "9", "0.09", "1e-3", "123e20"}).Draw(t, "number")
		case 2:
			return string(mustMarshal(rapid.String().Filter(func(s string) bool { return !strings.Contains(s, "\x00") }).Draw(t, "string")))
		case 3, 4:
			return "[" + space + strings.Join(rapid.SliceOfN(anyDocument(depth-1), 0, 4).Draw(t, "items"), space+",") + "]"
		}
		items := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			key := rapid.SampledFrom([]string{`""`, `"a"`, `"b"`, `"\u0061"`, `"aa"`, `"\t"`, `"é"`, `"z\\"`}).Draw(t, "key")
			return key + space + ":" + anyDocument(depth-1).Draw(t, "value")
		}), 0, 4).Draw(t, "members")
		return "{" + strings.Join(items, ","+space) + space + "}"
	})
}

func mustMarshal(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

func TestAgainstTrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rawA, rawB := anyDocument(3).Draw(t, "a"), anyDocument(3).Draw(t, "b")
		if rapid.Bool().Draw(t, "related") {
			rawB = "[" + rawA + "," + rawB + "]"
			rawA = "[" + rawB + ", " + rawA + "]"
		}
		a, err := Canonical(rawA)
		require.NoError(t, err)
		b, err := Canonical(rawB)
		require.NoError(t, err)
		treeA, treeB := tree(t, rawA), tree(t, rawB)
		require.Zero(t, treeCompare(treeA, tree(t, a)), "Canonical keeps the value")
		require.Equal(t, treeContains(treeA, treeB, true), Contains(a, b), "%s @> %s", a, b)
		require.True(t, Contains(a, a))
		checkOrder(t, a, b, treeA, treeB)
		checkParts(t, a, treeA)
	})
}

func checkOrder(t *rapid.T, a, b string, treeA, treeB any) {
	want := treeCompare(treeA, treeB)
	switch { // the quirk of empty arrays at the top
	case a == "[]" && rank(treeB) < 4:
		want = -1
	case b == "[]" && rank(treeA) < 4:
		want = 1
	}
	require.Equal(t, want, Compare(a, b), "%s ? %s", a, b)
	require.Equal(t, -want, Compare(b, a), "%s ? %s", b, a)
	require.Equal(t, want == 0, string(AppendKey(nil, a)) == string(AppendKey(nil, b)))
}

// checkParts takes a document apart and puts it together again.
func checkParts(t *rapid.T, doc string, v any) {
	switch x := v.(type) {
	case []any:
		n, err := ArrayLength(doc)
		require.NoError(t, err)
		require.EqualValues(t, len(x), n)
		var b ArrayBuilder
		for i := range x {
			elem, ok := Index(doc, int64(i))
			require.True(t, ok)
			same, _ := Index(doc, int64(i-len(x)))
			require.Equal(t, elem, same)
			b.Append(elem)
		}
		again, err := b.Finish()
		require.NoError(t, err)
		require.Equal(t, doc, again)
	case map[string]any:
		var b ObjectBuilder
		for _, k := range slices.Backward(sortedKeys(x)) {
			value, ok := Field(doc, k)
			require.True(t, ok && Exists(doc, k))
			b.Add(k, "0")
			b.Add(k, value)
		}
		again, err := b.Finish()
		require.NoError(t, err)
		require.Equal(t, doc, again)
	case string:
		text, isNull := Text(doc)
		require.False(t, isNull)
		require.Equal(t, x, text)
		require.Equal(t, doc, Quote(x))
	}
	pretty, err := Pretty(doc)
	require.NoError(t, err)
	back, err := Canonical(pretty)
	require.NoError(t, err)
	require.Equal(t, doc, back)
}
