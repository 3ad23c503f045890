package text

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
)

func TestGrowing(t *testing.T) {
	t.Parallel()
	sizes := rapid.OneOf(rapid.IntRange(0, 40), rapid.IntRange(leastPiece-3, leastPiece+3), rapid.IntRange(0, 3*mostPiece/2))
	rapid.Check(t, func(t *rapid.T) {
		memory, ctx := &countingMemory{}, runningContext()
		ctx.Memory = memory
		var texts [2]Growing
		var want [2]strings.Builder
		for i, n := range rapid.SliceOfN(sizes, 0, 12).Draw(t, "sizes") {
			s := strings.Repeat(string(rune('a'+i)), n)
			require.NoError(t, texts[i%2].Append(ctx, s))
			want[i%2].WriteString(s)
		}
		held := texts[0].Held() + texts[1].Held()
		require.LessOrEqual(t, int64(held), memory.taken+4*leastPiece, "what is long is asked for")
		skip := min(1, texts[1].Len())
		require.NoError(t, texts[0].Join(ctx, &texts[1], skip))
		want[0].WriteString(want[1].String()[skip:])
		require.Equal(t, want[0].Len(), texts[0].Len())
		require.LessOrEqual(t, texts[0].Held(), want[0].Len()*5/4+2*mostPiece)
		got, err := texts[0].Text(ctx, "")
		require.NoError(t, err)
		ended, err := texts[0].Text(ctx, "]")
		require.NoError(t, err)
		require.NoError(t, texts[0].Append(ctx, "more")) // leaves them alone
		require.True(t, want[0].String() == got)
		require.True(t, got+"]" == ended)
	})
}

// A single match may make a text of any length of its replacement, and what stands before a match may be long.
func TestReplacementsAreCounted(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 4<<20)
	for name, c := range map[string]struct{ s, pattern, with string }{
		"many matches": {long, "x", "yyyyyyyy"},
		"one match":    {long, "x+", strings.Repeat(`\&`, 1000)},
		"a long text":  {strings.Repeat(long, 3) + "y", "y", ""},
	} {
		r, err := compileReplacement(nil, c.pattern, "g")
		require.NoError(t, err)
		ctx := runningContext()
		memory := &boundedMemory{limit: 16 << 20}
		ctx.Memory = memory
		_, err = r.replace(&budget{ctx: ctx}, c.s, c.with)
		require.Equal(t, sqlstate.OutOfMemory, sqlstate.CodeOf(err), name)
		require.Less(t, memory.taken, int64(32<<20), name)
	}
	r, err := compileReplacement(nil, "(x+)y?", "g")
	require.NoError(t, err)
	got, err := r.replace(&budget{ctx: runningContext()}, long+"y-"+long, `<\1\\\&>\`)
	require.NoError(t, err)
	require.True(t, `<`+long+`\`+long+`y>\-<`+long+`\`+long+`>\` == got)
}

// boundedMemory refuses what is more than its limit.
type boundedMemory struct{ taken, limit int64 }

func (m *boundedMemory) Reserve(n int64) error {
	if m.taken += n; m.taken > m.limit {
		return sqlstate.New(sqlstate.OutOfMemory, "out of memory")
	}
	return nil
}

func (m *boundedMemory) Release(n int64) { m.taken -= n }

var _ exprs.Memory = (*boundedMemory)(nil)
