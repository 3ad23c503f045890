package text

import (
	"context"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
)

func endedContext() *exprs.Ctx {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return exprs.NewCtx(ctx, 0, time.UTC)
}

func runningContext() *exprs.Ctx { return exprs.NewCtx(context.Background(), 0, time.UTC) }

// allMatches is the definition of each: Go's matches, and an empty one right behind another.
func allMatches(c *compiledRegex, s string) [][]int {
	matches := c.FindAllStringSubmatchIndex(s, -1)
	if c.contextual {
		return matches
	}
	var out [][]int
	for i, m := range matches {
		out = append(out, m)
		end := m[1]
		if m[0] == end || i+1 < len(matches) && matches[i+1][0] == end {
			continue
		}
		if empty := c.FindStringSubmatchIndex(s[end:]); len(empty) > 0 && empty[0] == 0 && empty[1] == 0 {
			for j := range empty {
				if empty[j] >= 0 {
					empty[j] += end
				}
			}
			out = append(out, empty)
		}
	}
	return out
}

var patterns = []string{"a", "a*", "(a|b)*", "", "b?", "^a", "a$", "\\y", "(a)(b)?", "é", "[^a]", "a+b*", "(a*)b", "x|", "a{2,3}", ".*?b"}

func TestEachMatch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, err := compileRegex(rapid.SampledFrom(patterns).Draw(t, "pattern"), false, false)
		require.NoError(t, err)
		s := rapid.StringOfN(rapid.SampledFrom([]rune("aabbé \n")), 0, 40, -1).Draw(t, "text")
		var got [][]int
		require.NoError(t, c.each(runningContext(), s, -1, func(m []int) error { got = append(got, m); return nil }))
		require.Equal(t, allMatches(c, s), got)
		w := c.watch(runningContext(), s)
		require.Equal(t, c.FindStringSubmatchIndex(s), c.FindReaderSubmatchIndex(w), "fed character by character")
	})
}

func TestLongLike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.SampledFrom([]rune(`aab%%__é\`)), 0, 12, -1).Draw(t, "pattern")
		s := rapid.StringOfN(rapid.SampledFrom([]rune("aaabé")), 0, 30, -1).Draw(t, "text")
		p := compileLike(pattern)
		if p.dangling != nil {
			return
		}
		want, err := p.match(s)
		require.NoError(t, err)
		l := longMatch{ctx: runningContext()}
		got, err := l.general(p, s)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

// What takes long ends soon after its context has.
func TestLongTextsEnd(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 4<<20)
	c, err := compileRegex("(a?){100}a{100}b", false, false)
	require.NoError(t, err)
	like := compileLike("%" + strings.Repeat("a", 1<<20) + "_b%")
	for name, call := range map[string]func(ctx *exprs.Ctx) error{
		"regex":  func(ctx *exprs.Ctx) error { _, err := c.matches(ctx, long); return err },
		"like":   func(ctx *exprs.Ctx) error { _, err := like.matches(ctx, long); return err },
		"md5":    func(ctx *exprs.Ctx) error { _, err := digest(ctx, long); return err },
		"repeat": func(ctx *exprs.Ctx) error { _, err := repeated(ctx, "", "ab", 10<<20, ""); return err },
		"replace": func(ctx *exprs.Ctx) error {
			_, err := replaceLong(ctx, long, "a", "b", len(long))
			return err
		},
		"count":   func(ctx *exprs.Ctx) error { _, err := countOf(ctx, long, "aa"); return err },
		"index":   func(ctx *exprs.Ctx) error { _, err := indexOf(ctx, long, "aab"); return err },
		"strpos":  func(ctx *exprs.Ctx) error { _, err := strpos(ctx, long, "b"); return err },
		"part":    func(ctx *exprs.Ctx) error { _, err := splitPart(ctx, long, "b", 2); return err },
		"infix":   func(ctx *exprs.Ctx) error { _, err := compileLike("%ab%").matches(ctx, long); return err },
		"chain":   func(ctx *exprs.Ctx) error { _, err := compileLike("%ab%c%").matches(ctx, long); return err },
		"reverse": func(ctx *exprs.Ctx) error { _, err := reverse(ctx, long); return err },
		"fold":    func(ctx *exprs.Ctx) error { _, err := (&folder{ctx: ctx, letters: toLower()}).fold(long); return err },
		"pattern": func(ctx *exprs.Ctx) error { _, err := compileLikeWithin(ctx, long); return err },
		"escape":  func(ctx *exprs.Ctx) error { _, err := likeEscape(ctx, long, "e"); return err },
		"places": func(ctx *exprs.Ctx) error {
			_, err := (&longMatch{ctx: ctx}).general(compileLike(strings.Repeat("_", len(long))+"%"), long)
			return err
		},
	} {
		start := time.Now()
		require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(call(endedContext())), name)
		require.Less(t, time.Since(start), 2*time.Second, name)
	}
}

// A long pattern is asked for before it is compiled, however it is made up.
func TestLongPatternsAreCounted(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"a%", "_a", "_%", "%", `\_a`, "a", "é"} {
		pattern = strings.Repeat(pattern, 1<<20)
		memory, ctx := &countingMemory{}, runningContext()
		ctx.Memory = memory
		p, err := compileLikeWithin(ctx, pattern)
		require.NoError(t, err)
		require.LessOrEqual(t, held(p), memory.taken, "%.10s", pattern)
	}
}

// countingMemory counts what is reserved.
type countingMemory struct{ taken int64 }

func (m *countingMemory) Reserve(n int64) error { m.taken += n; return nil }

func (m *countingMemory) Release(n int64) { m.taken -= n }

// held gives the bytes of a compiled pattern.
func held(p *likePattern) int64 {
	n := int64(cap(p.segments)) * int64(unsafe.Sizeof(likeSegment{}))
	for _, s := range p.segments {
		n += int64(cap(s.pieces)) * int64(unsafe.Sizeof(likePiece{}))
		for _, piece := range s.pieces {
			n += int64(len(piece.literal))
		}
	}
	return n
}

// A text is the same in lower case whether it is mapped in pieces or at once.
func TestFold(t *testing.T) {
	t.Parallel()
	f := folder{ctx: runningContext(), letters: toLower()}
	for _, s := range []string{"", "ABC", strings.Repeat("AbÉ漢", chunk), "É", strings.Repeat("Ⱥ", 3*chunk), strings.Repeat("Ab", chunk)} {
		got, err := f.fold(s)
		require.NoError(t, err)
		require.True(t, lower(s) == got)
	}
}

// Where a long text is searched in pieces, what lies across two of them is found, once.
func TestSearchInPieces(t *testing.T) {
	t.Parallel()
	ctx := runningContext()
	rapid.Check(t, func(t *rapid.T) {
		filler := rapid.SampledFrom([]string{"x", "ab", "aab"}).Draw(t, "filler")
		before, between := rapid.IntRange(chunk-10, chunk+3).Draw(t, "before"), rapid.IntRange(0, 2*chunk).Draw(t, "between")
		what := rapid.SampledFrom([]string{"", "aba", "abab", "xxb", "x", strings.Repeat("xb", chunk/3)}).Draw(t, "what")
		s := strings.Repeat(filler, before)[:before] + what + strings.Repeat(filler, between)[:between] + what
		at, err := indexOf(ctx, s, what)
		require.NoError(t, err)
		require.Equal(t, strings.Index(s, what), at)
		if what != "" {
			n, err := countOf(ctx, s, what)
			require.NoError(t, err)
			require.EqualValues(t, strings.Count(s, what), n)
		}
	})
}

// Long texts, which are worked on in pieces, come out as short ones do.
func TestPieces(t *testing.T) {
	t.Parallel()
	s := strings.Repeat("aé漢\U0001F600b ", chunk/8) // characters of every length lie across the cuts
	ctx := runningContext()
	var b strings.Builder
	require.NoError(t, pieces(ctx, s, func(p string) {
		require.LessOrEqual(t, len(p), chunk)
		b.WriteString(p)
	}))
	require.True(t, b.String() == s)
	back, err := reverse(ctx, s)
	require.NoError(t, err)
	again, err := reverse(ctx, back)
	require.NoError(t, err)
	require.True(t, again == s)
	for _, c := range []struct{ s, old, with string }{{s, "é漢", "x"}, {s, "b", "yyy"}, {s, " ", ""}} {
		want := strings.ReplaceAll(c.s, c.old, c.with)
		got, err := replaceLong(ctx, c.s, c.old, c.with, len(want))
		require.NoError(t, err)
		require.True(t, got == want)
	}
	text, err := repeated(ctx, "<", "abc", chunk, ">")
	require.NoError(t, err)
	require.True(t, text == "<"+strings.Repeat("abc", chunk)+">")
}
