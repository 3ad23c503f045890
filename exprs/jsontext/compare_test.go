package jsontext

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The number of items decides before the items do, also of objects within containers, behind which the comparison goes on. The answers are PostgreSQL's.
func TestObjectsOfDifferentSizes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ less, more string }{
		{`[{}, null]`, `[{"": []}, null]`},
		{`[{}, null]`, `[{"a": []}, null]`},
		{`[{}, 1]`, `[{"a": [1, {"b": 2}], "c": "}"}, 0]`},
		{`[{"b": 9}, 1, 1]`, `[{"a": 0, "b": {"c": [1]}}, 0, 0]`},
		{`{"a": {}, "b": 2}`, `{"a": {"x": {"y": 1}, "z": 2}, "b": 1}`},
	} {
		require.Equal(t, -1, Compare(c.less, c.more), "%s < %s", c.less, c.more)
		require.Equal(t, 1, Compare(c.more, c.less), "%s > %s", c.more, c.less)
	}
}
