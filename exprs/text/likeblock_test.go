package text

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/exprs/vec"
)

// onePiece lays texts one behind the other, as a page does.
func onePiece(texts []string) []string {
	all, at := strings.Join(texts, ""), 0
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i], at = all[at:at+len(s)], at+len(s)
	}
	return out
}

// Texts in one piece are searched as a whole, and the answers are those of the texts one by one, NULLs aside: also where a literal would go over the border of
// two texts, where texts are empty, and under negation.
func TestLikeInOnePiece(t *testing.T) {
	t.Parallel()
	whole, searched := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		filler := strings.Repeat("-", rapid.IntRange(0, 60).Draw(t, "filler"))
		piece := rapid.StringOfN(rapid.SampledFrom([]rune("abé")), 0, 4, -1)
		texts := make([]string, rapid.IntRange(50, 300).Draw(t, "texts"))
		valid := vec.NewBitmap(len(texts))
		pool := rapid.SliceOfN(piece, 1, 12).Draw(t, "pieces")
		for i := range texts {
			texts[i] = pool[(i*7+i/5)%len(pool)] + filler + pool[(i*11+i/3)%len(pool)] + filler + pool[i%len(pool)]
		}
		strs := onePiece(texts)
		for i := range strs {
			if (i*i)%7 == 3 && i > 0 {
				valid.Clear(i)
				strs[i] = strs[i-1] // garbage, as a reader of pages leaves it
			}
		}
		strs = compacted(strs, valid)
		literals := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("ab-é")), 1, 4, -1), 1, 3).Draw(t, "literals")
		p, negated := compileLike("%"+strings.Join(literals, "%")+"%"), rapid.Bool().Draw(t, "negated")
		got := make([]bool, len(strs))
		likeSimple(p, negated, strs, valid, got)
		if (&pieceProbe{strs, valid}).whole() {
			whole++
		}
		places := vec.New(i4, len(strs))
		places.Valid = valid
		known, err := positions(runningContext(), vec.NewFlat(txt, strs, valid), literals[0], places)
		require.NoError(t, err)
		for i, s := range strs {
			if !valid.Get(i) {
				continue
			}
			if known {
				want, err := strpos(runningContext(), s, literals[0])
				require.NoError(t, err)
				require.Equal(t, want, places.Ints[i])
				searched++
			}
			want, err := p.match(s)
			require.NoError(t, err)
			require.Equal(t, want != negated, got[i], "row %d: %q LIKE %q", i, s, literals)
		}
	})
	require.Positive(t, whole)
	require.Positive(t, searched)
}

// compacted lays the texts that are not NULL one behind the other.
func compacted(strs []string, valid vec.Bitmap) []string {
	var real []string
	for i, s := range strs {
		if valid.Get(i) {
			real = append(real, s)
		}
	}
	real = onePiece(real)
	out := append([]string(nil), strs...)
	for i := range out {
		if valid.Get(i) {
			out[i], real = real[0], real[1:]
		}
	}
	return out
}

type pieceProbe struct {
	strs  []string
	valid vec.Bitmap
}

func (p *pieceProbe) whole() bool { return (&piece{strs: p.strs, valid: p.valid}).find() }

func BenchmarkLikeInOnePiece(b *testing.B) {
	texts := make([]string, 8192)
	for i := range texts {
		texts[i] = fmt.Sprintf("Flushed %d records to ./data/storage/ns%d/users/user%d/events/j/batch-2025-10-21-143022.parquet", i*37%20000, i%40, i*7919%100000)
	}
	texts[4000] = "Flushed 5 records to ./data/storage/chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet"
	for name, strs := range map[string][]string{"one piece": onePiece(texts), "scattered": texts} {
		for _, pattern := range []string{"%chat/messages%", "%records to%chat%"} {
			b.Run(name+" "+pattern, func(b *testing.B) {
				p, r := compileLike(pattern), make([]bool, len(strs))
				b.ReportAllocs()
				for b.Loop() {
					likeSimple(p, false, strs, nil, r)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(strs)), "ns/row")
			})
		}
	}
}
