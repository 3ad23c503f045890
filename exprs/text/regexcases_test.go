package text

import (
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs"
)

// TestRegexCases compares letters that match in either case, alone and in ranges, with what PostgreSQL makes of them: their lower and their upper case.
func TestRegexCases(t *testing.T) {
	t.Parallel()
	letters := []rune("kKsSiIaZzK\u212aſıİÅÅåµμΜςσΣßẞǅǆǄéÉÿŸ日1_")
	matches := func(pattern string, text rune) bool {
		re, err := compileRegex(pattern, true, false)
		require.NoError(t, err, pattern)
		hit, err := re.prepare().matches(&exprs.Ctx{}, string(text))
		require.NoError(t, err)
		return hit
	}
	for _, p := range letters {
		for _, x := range letters {
			want := x == unicode.ToLower(p) || x == unicode.ToUpper(p)
			for _, pattern := range []string{string(p), "^" + string(p) + "$", "(q|" + string(p) + ")"} {
				require.Equal(t, want, matches(pattern, x), "%c ~* %s", x, pattern)
			}
		}
	}
	for _, ends := range []string{"az", "AZ", "jl", "éÿ", "\u2100\u2200", "\u0001\U0010FFFF"} {
		from, to := []rune(ends)[0], []rune(ends)[1]
		for _, x := range letters {
			want := false
			for r := from; r <= to; r++ {
				want = want || x == r || x == unicode.ToLower(r) || x == unicode.ToUpper(r)
			}
			require.Equal(t, want, matches("["+string(from)+"-"+string(to)+"]", x), "%c ~* [%s]", x, ends)
			require.Equal(t, !want, matches("[^"+string(from)+"-"+string(to)+"]", x), "%c ~* [^%s]", x, ends)
		}
	}
}
