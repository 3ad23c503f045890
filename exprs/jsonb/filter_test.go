package jsonb

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
)

// Documents that lie in one piece of memory, as those of a page do, and are searched as one, have the answers that they have one by one.
func TestFilteredPredicates(t *testing.T) {
	t.Parallel()
	docs := make([]string, 900)
	for i := range docs {
		docs[i] = []string{
			`["chat", "messages", "user%d"]`, `{"a": "chat", "bb": [%d, "x\"y"]}`, `["chats", ["chat"], %d]`, `{"chat": %d}`, `"chat"`, `["a", "%d", {"k": "x\"y"}]`, `%d`,
		}[i%7]
		if strings.Contains(docs[i], "%d") {
			docs[i] = fmt.Sprintf(docs[i], i)
		}
	}
	all, at := strings.Join(docs, ""), 0
	v := vec.NewFlat(jb, make([]string, len(docs)), vec.NewBitmap(len(docs)))
	for i, d := range docs {
		v.Strs[i], at = all[at:at+len(d)], at+len(d)
	}
	hits := 0
	check := func(f exprs.Func, right *vec.Vec, want func(doc string) bool) {
		k, err := f.Bind([]exprs.Expr{&exprs.Column{T: jb}, exprs.NewConst(right)})
		require.NoError(t, err)
		out := vec.New(flag, v.N)
		out.Valid = v.Valid
		require.NoError(t, k(exprs.NewCtx(context.Background(), 0, nil), []*vec.Vec{v, right.Resize(v.N)}, out))
		for i, d := range docs {
			require.Equal(t, want(d), out.Bools[i], "%s %s %s", d, f.Name, right.Strs[0])
			if out.Bools[i] {
				hits++
			}
		}
	}
	for _, part := range []string{`["chat"]`, `[]`, `{"a": "chat"}`, `{}`, `"chat"`, `["x\"y"]`, `[{"k": "x\"y"}]`, `{"bb": ["x\"y"]}`, `[8]`, `["none"]`} {
		f := filtered("@>", exprs.BinaryCtx(contains), longestString, jb, jb)
		check(f, vec.NewConst(jb, part, 1), func(doc string) bool { return jsontext.Contains(doc, part) })
	}
	for _, key := range []string{"chat", "", "a", `x"y`, "user7"} {
		f := filtered("?", checked(jsontext.Exists), jsontext.Quote, jb, txt)
		check(f, vec.NewConst(txt, key, 1), func(doc string) bool { return jsontext.Exists(doc, key) })
	}
	require.Positive(t, hits)
	require.Equal(t, `"b\"]"`, longestString(`{"a": ["b\"]", 1]}`))
	require.Empty(t, longestString(`[1, {}]`))
}
