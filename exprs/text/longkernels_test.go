package text

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// What is done piece by piece to long texts gives what is done to short ones at once.
func TestLongPieces(t *testing.T) {
	t.Parallel()
	ctx := runningContext()
	long := strings.Repeat(`aé'\"漢,`, 60_000)
	require.Greater(t, len(long), 2*chunk)
	for _, quote := range []func(string) string{QuoteLiteral, QuoteIdent} {
		for _, s := range []string{long, strings.ReplaceAll(long, `\`, "/")} {
			got, err := quoteLong(ctx, s, quote)
			require.NoError(t, err)
			require.True(t, quote(s) == got)
		}
	}
	chars := int64(utf8.RuneCountInString(long))
	n, err := charCount(ctx, long)
	require.NoError(t, err)
	require.Equal(t, chars, n)
	for _, at := range []int64{-1, 0, 1, 5, 100_003, 150_000, 299_999, chars - 1, chars, chars + 1, int64(len(long)), int64(len(long)) + 5} {
		got, err := offsetIn(ctx, long, at)
		require.NoError(t, err)
		require.Equal(t, offset(long, at), got, at)
	}
	for _, field := range []int64{1, 2, 40_000, 60_001, 60_002, -1, -59_999} {
		got, err := splitPart(ctx, long, ",", field)
		require.NoError(t, err)
		parts := strings.Split(long, ",")
		want := ""
		if i := field - 1; field > 0 && i < int64(len(parts)) {
			want = parts[i]
		} else if i := int64(len(parts)) + field; field < 0 && i >= 0 {
			want = parts[i]
		}
		require.Equal(t, want, got, field)
	}
	part, err := substring(ctx, long, 100_000, 7)
	require.NoError(t, err)
	require.Equal(t, string([]rune(long)[99_999:100_006]), part)
	tail, err := right(ctx, long, 9)
	require.NoError(t, err)
	require.Equal(t, string([]rune(long)[chars-9:]), tail)
}

// A pattern that would make a large automaton is refused before it is made.
func TestLargePatterns(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{
		strings.Repeat(`[^\w\s]|`, 10_000) + "c", strings.Repeat("a?b|", 100_000) + "c", "((((a{200}b){5}){1,100})+(c{255}d{255}){100})x", strings.Repeat("(a?)", 10_000),
		strings.Repeat("(", 200_000), strings.Repeat("a{255}", 2000),
	} {
		start := time.Now()
		_, err := compileRegex(pattern, false, false)
		require.EqualValues(t, "2201B", sqlstate.CodeOf(err), "%.20s", pattern)
		require.Less(t, time.Since(start), 10*time.Second)
	}
	for _, pattern := range []string{`(\w+\s+){20}`, strings.Repeat(`\w`, 200), strings.Repeat("word|", 5000) + "x", strings.Repeat("(a)", 50), "(ab){255}"} {
		_, err := compileRegex(pattern, false, false)
		require.NoError(t, err, "%.20s", pattern)
	}
}
