package text

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// slowLike is LIKE as its definition reads, with runes and backtracking.
func slowLike(s, p []rune) bool {
	switch {
	case len(p) == 0:
		return len(s) == 0
	case p[0] == '%':
		return slowLike(s, p[1:]) || len(s) > 0 && slowLike(s[1:], p)
	case len(s) == 0:
		return false
	case p[0] == '_':
		return slowLike(s[1:], p[1:])
	case p[0] == '\\':
		return len(p) > 1 && s[0] == p[1] && slowLike(s[1:], p[2:])
	default:
		return s[0] == p[0] && slowLike(s[1:], p[1:])
	}
}

func TestLikeAgainstItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom([]rune("ab%_\\é")), 0, 24, -1).Draw(t, "text")
		p := rapid.StringOfN(rapid.SampledFrom([]rune("ab%%____\\é")), 0, 14, -1).Draw(t, "pattern")
		compiled := compileLike(p)
		if compiled.dangling != nil {
			return
		}
		got, err := compiled.match(s)
		require.NoError(t, err)
		require.Equal(t, slowLike([]rune(s), []rune(p)), got, "%q LIKE %q", s, p)
	})
}

func TestLikeShapes(t *testing.T) {
	t.Parallel()
	for pattern, kind := range map[string]likeKind{
		"abc": likeExact, "": likeExact, `a\%b`: likeExact, "abc%": likePrefix, "node-1:%": likePrefix, "%": likePrefix, "%%": likePrefix,
		"%abc": likeSuffix, "%abc%": likeInfix, "%%a%%": likeInfix, "a%b": likeChain, "%a%b%": likeChain, "a%_b": likeGeneral, "a_c": likeGeneral, "_": likeGeneral, "%a_%": likeGeneral,
	} {
		require.Equal(t, kind, compileLike(pattern).kind, pattern)
	}
}
