package text

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func drawTexts(t *rapid.T) *vec.Vec {
	ascii := rapid.StringOfN(rapid.RuneFrom([]rune("@AMZ[`amz{09 \x00\x7f")), 0, 40, -1)
	any := rapid.StringOfN(rapid.RuneFrom([]rune("AZaz@İK\u212aſßÄé日\x80")), 0, 20, -1)
	raw := rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 20), func(b []byte) string { return string(b) })
	texts := rapid.SliceOfN(rapid.OneOf(ascii, ascii, any, raw), 1, 70).Draw(t, "texts")
	v := vec.NewFlat(arrowschema.Text, texts, vec.NewBitmap(len(texts)))
	for i := range texts {
		if rapid.IntRange(0, 9).Draw(t, "null") == 0 {
			v.Valid.Clear(i)
		}
	}
	return v
}

// layInOnePiece makes the texts longer, and ASCII if asked to, and lays them one behind the other: enough for them to be worked on as a whole.
func layInOnePiece(v *vec.Vec, ascii bool) {
	for i, s := range v.Strs {
		if ascii {
			s = strings.Map(func(r rune) rune { return min(r, 'Z') }, s)
		}
		if i%7 == 0 {
			s += strings.Repeat("Mn[z", likeBlock/8)
		}
		v.Strs[i] = s
	}
	v.Strs = compacted(onePiece(v.Strs), v.Valid)
}

// Eight bytes at once give what characters one by one do, for ASCII and for everything else.
func TestLettersAndLengths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := drawTexts(t)
		if rapid.Bool().Draw(t, "one piece") {
			layInOnePiece(v, rapid.Bool().Draw(t, "ascii"))
		}
		ctx := exprs.NewCtx(context.Background(), 0, nil)
		small, large, lengths := vec.New(txt, v.N), vec.New(txt, v.N), vec.New(i4, v.N)
		small.Valid, large.Valid, lengths.Valid = v.Valid, v.Valid, v.Valid
		require.NoError(t, caseKernel(toLower())(ctx, []*vec.Vec{v}, small))
		require.NoError(t, caseKernel(toUpper())(ctx, []*vec.Vec{v}, large))
		require.NoError(t, lengthKernel(ctx, []*vec.Vec{v}, lengths))
		for i, s := range v.Strs {
			if v.Valid.Get(i) {
				require.Equal(t, lower(s), small.Strs[i])
				require.Equal(t, upper(s), large.Strs[i])
				require.EqualValues(t, utf8.RuneCountInString(s), lengths.Ints[i])
			}
		}
	})
}

// ILIKE of a column is LIKE of each text and the pattern in lower case, for all shapes of patterns.
func TestILikeOfColumns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := drawTexts(t)
		pattern := rapid.StringOfN(rapid.RuneFrom([]rune("aAzZ%%%_İkſ")), 0, 6, -1).Draw(t, "pattern")
		out := vec.New(flag, v.N)
		out.Valid = v.Valid
		ctx := exprs.NewCtx(context.Background(), 0, nil)
		p := compileLike(lower(pattern))
		require.NoError(t, likeConstant(p, false, true)(ctx, []*vec.Vec{v}, out))
		for i, s := range v.Strs {
			if v.Valid.Get(i) {
				want, err := p.match(lower(s))
				require.NoError(t, err)
				require.Equal(t, want, out.Bools[i], "%q ILIKE %q", s, pattern)
			}
		}
	})
}

func BenchmarkLetters(b *testing.B) {
	v := vec.New(txt, 8192)
	for i := range v.Strs {
		v.Strs[i] = strings.Repeat("Flushed 12 to ", i%8) + "x.parquet"
	}
	ctx := exprs.NewCtx(context.Background(), 0, nil)
	for name, k := range map[string]exprs.Kernel{"lower": caseKernel(toLower()), "one by one": mapped(lower), "length": lengthKernel} {
		b.Run(name, func(b *testing.B) {
			t := txt
			if name == "length" {
				t = i4
			}
			for b.Loop() {
				require.NoError(b, k(ctx, []*vec.Vec{v}, vec.New(t, v.N)))
				ctx.Settle()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(v.N), "ns/row")
		})
	}
}
