package text

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// codedColumn draws a column over a dictionary of which an entry may be NULL.
func codedColumn(t *rapid.T, typ arrowschema.Type, n int) *vec.Vec {
	dict := vec.NewFlat(typ, rapid.SliceOfN(rapid.StringN(0, 1, -1), 1, rapid.SampledFrom([]int{5, 50}).Draw(t, "most")).Draw(t, "entries"), nil)
	if rapid.Bool().Draw(t, "null entry") {
		dict.SetNull(0)
	}
	codes := make([]uint16, n)
	for i := range codes {
		codes[i] = uint16(rapid.IntRange(0, dict.N-1).Draw(t, "code"))
	}
	v := vec.NewDict(codes, dict, nil)
	if rapid.Bool().Draw(t, "nulls") {
		v.Valid = vec.NewBitmap(n)
		for i := range n {
			if rapid.IntRange(0, 3).Draw(t, "null") == 0 {
				v.Valid.Clear(i)
			}
		}
	}
	return v
}

// What is computed once for each combination of dictionary-coded columns is what is computed for each row.
func TestCombinations(t *testing.T) {
	t.Parallel()
	coded := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "rows")
		functions := append(concatFunctions(), concatOperators()[0])
		f := functions[rapid.IntRange(0, len(functions)-1).Draw(t, "function")]
		typ, constant := txt, exprs.NewConst(vec.NewConst(txt, "-", 1))
		if f.Name == "concat" {
			typ = Any
		}
		first, second := codedColumn(t, typ, n), codedColumn(t, typ, n)
		args := []exprs.Expr{&exprs.Column{Index: 0, T: typ}, &exprs.Column{Index: 1, T: typ}}
		if f.Name != "||" {
			args = append(args, constant)
		}
		call, err := exprs.NewCall(&f, args)
		require.NoError(t, err)
		got, err := call.Eval(runningContext(), &vec.Batch{N: n, Cols: []*vec.Vec{first, second}})
		require.NoError(t, err)
		want, err := call.Eval(runningContext(), &vec.Batch{N: n, Cols: []*vec.Vec{first.Flat(), second.Flat()}})
		require.NoError(t, err)
		if got.Dict != nil {
			coded++
		}
		for i := range n {
			require.Equal(t, want.IsNull(i), got.IsNull(i))
			if !got.IsNull(i) {
				v, at := got.Value(i)
				w, from := want.Value(i)
				require.Equal(t, w.Strs[from], v.Strs[at])
			}
		}
	})
	require.Positive(t, coded)
}
