package text

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func drawRegex(t *rapid.T) string {
	atom := rapid.SampledFrom([]string{"a", "b", "K", "s", "é", "ab", "ka", ".", "[ab]", "[^a]", `\d`, `\w`, "^", "$", `\A`, `\Z`, `\y`, "(a|b)", "(?:ab|bK|)", "1"})
	more := rapid.SampledFrom([]string{"", "", "", "*", "+", "?", "{2}", "{1,3}", "|", "+?"})
	var b strings.Builder
	for range rapid.IntRange(1, 6).Draw(t, "atoms") {
		a, m := atom.Draw(t, "atom"), more.Draw(t, "more")
		if strings.ContainsAny(a, "^$\\") && m != "|" && a[len(a)-1] != 'd' && a[len(a)-1] != 'w' {
			m = ""
		}
		b.WriteString(a + m)
	}
	return b.String()
}

// What a table knows, and what literals tell, is what package regexp says.
func TestTablesOfRegularExpressions(t *testing.T) {
	t.Parallel()
	text := rapid.StringOfN(rapid.RuneFrom([]rune("aaabbbkKsS1_\n")), 0, 12, -1)
	other := rapid.StringOfN(rapid.RuneFrom([]rune("abkKsSé\u212aſ1")), 0, 12, -1)
	tables, literals := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		pattern, fold := drawRegex(t), rapid.Bool().Draw(t, "fold")
		re, err := compileRegex(pattern, fold, rapid.Bool().Draw(t, "lines"))
		if err != nil {
			t.Skip("no pattern")
		}
		plain := re.Regexp
		re.prepare()
		for _, s := range rapid.SliceOfN(rapid.OneOf(text, text, other), 1, 20).Draw(t, "texts") {
			want := plain.MatchString(s)
			if re.table != nil {
				tables++
				hit, known := re.table.matches(s)
				require.True(t, known || !isASCII(s))
				require.True(t, !known || hit == want, "%q ~ %q", s, pattern)
				if from, to, known := re.table.find(s); known && !re.lazy {
					m := plain.FindStringIndex(s)
					require.Equal(t, m != nil, to >= 0, "%q ~ %q", s, pattern)
					require.True(t, m == nil || slices.Equal(m, []int{from, to}), "%q in %q: %d to %d, %v", pattern, s, from, to, m)
				}
			}
			if n := re.needed; n != nil && (!n.fold || isASCII(s)) {
				literals++
				if n.fold {
					s = lower(s)
				}
				has := slices.ContainsFunc(n.any, func(l string) bool { return strings.Contains(s, l) })
				require.True(t, has || !want, "%q ~ %q needs %q", s, pattern, n.any)
				require.True(t, !has || want || !n.all, "%q ~ %q needs only %q", s, pattern, n.any)
			}
		}
	})
	require.Positive(t, tables)
	require.Positive(t, literals)
}

// Replacing with a table gives what replacing match by match does.
func TestQuickReplacement(t *testing.T) {
	t.Parallel()
	text := rapid.StringOfN(rapid.RuneFrom([]rune("aaabbbkKsS1_\né")), 0, 12, -1)
	quick := 0
	rapid.Check(t, func(t *rapid.T) {
		r, err := compileReplacement(runningContext(), drawRegex(t), rapid.SampledFrom([]string{"", "g", "gi"}).Draw(t, "flags"))
		if err != nil {
			t.Skip("no pattern")
		}
		s, with := text.Draw(t, "text"), rapid.SampledFrom([]string{"", "x", "<>", `\\`}).Draw(t, "with")
		want, err := r.replace(&budget{ctx: runningContext()}, s, with)
		require.NoError(t, err)
		r.re.prepare()
		if got, known := r.quick(nil, s, with); known {
			quick++
			require.Equal(t, want, string(got), "%q in %q", r.pattern, s)
		}
	})
	require.Positive(t, quick)
}

// A column of texts in one piece has the matches that its texts have.
func TestRegexOfColumns(t *testing.T) {
	t.Parallel()
	texts := make([]string, 600)
	for i := range texts {
		texts[i] = fmt.Sprintf("Flushed %d records to %s/users/é%d", i*37, []string{"shop", "Chat", "iot", "SHOP", "ſhop"}[i%5], i%11)
	}
	v := vec.NewFlat(arrowschema.Text, onePiece(texts), nil)
	for _, pattern := range []string{"shop", "shop|chat", "^Flushed [0-9]+ records to Chat", "users/é1$", "(iot|chat)/users", "x?", "s[ho]+p/", "records.*SHOP"} {
		for _, fold := range []bool{false, true} {
			re, err := compileRegex(pattern, fold, false)
			require.NoError(t, err)
			k, err := bindMatch(true, fold)([]exprs.Expr{&exprs.Column{T: txt}, exprs.NewConst(vec.NewConst(txt, pattern, 1))})
			require.NoError(t, err)
			out := vec.New(flag, v.N)
			ctx := exprs.NewCtx(context.Background(), 0, nil)
			require.NoError(t, k(ctx, []*vec.Vec{v, vec.NewConst(txt, pattern, v.N)}, out))
			for i, s := range texts {
				require.Equal(t, !re.MatchString(s), out.Bools[i], "%q ~ %q, %v", s, pattern, fold)
			}
		}
	}
}

// Patterns that would make large tables, and searches that would take long with one, are package regexp's.
func TestTablesHaveLimits(t *testing.T) {
	t.Parallel()
	require.Nil(t, newTable("(?s)(a|b)*a(a|b){12}"))
	require.Nil(t, newTable("(?s)(abc|bcd){200}"))
	require.NotNil(t, newTable(`(?s)[0-9]+ records to \w+`))
	_, _, known := newTable("(?s)(aa)*b").find(strings.Repeat("a", 5000))
	require.False(t, known)
}

func BenchmarkRegex(b *testing.B) {
	s := "Flushed 79359 records to logs/users/user913/batch-0.parquet"
	for _, pattern := range []string{"^Flushed [0-9]+ records to shop", "[0-9]+/b", `user\d+/batch-1`} {
		re, err := compileRegex(pattern, false, false)
		require.NoError(b, err)
		re.prepare()
		for name, f := range map[string]func(){
			"table":  func() { re.table.matches(s) },
			"regexp": func() { re.MatchString(s) },
		} {
			b.Run(pattern+" "+name, func(b *testing.B) {
				for b.Loop() {
					f()
				}
			})
		}
	}
}
