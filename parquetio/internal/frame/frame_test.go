package frame

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// requireDecodes checks that all ways of compressing src give frames that decode to it.
func requireDecodes(t require.TestingT, e *Encoder, dec *zstd.Decoder, src []byte) {
	out := e.Append([]byte("before"), src)
	requireFrame(t, dec, src, out)
	require.True(t, bytes.Equal(out, (&Encoder{}).Append([]byte("before"), src)), "it depends on what was before")
	requireFrame(t, dec, src, e.AppendSorted([]byte("before"), src))
}

func requireFrame(t require.TestingT, dec *zstd.Decoder, src, out []byte) {
	got, err := dec.DecodeAll(out[len("before"):], nil)
	require.NoError(t, err)
	require.True(t, bytes.Equal(src, got), "%d bytes, %d bytes", len(src), len(got))
	require.LessOrEqual(t, len(out), len(src)+6+9+3*(len(src)/maxBlock+1))
}

func decoder(t testing.TB) *zstd.Decoder {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	require.NoError(t, err)
	t.Cleanup(dec.Close)
	return dec
}

// results gives n lines as jobs write them.
func results(n int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	var b []byte
	for i := range n {
		user := int(r.ExpFloat64() * 300)
		b = fmt.Appendf(b, "Flushed %d,%03d records to ./data/storage/ns%d/users/user%d/table%d/u/batch-2025-09-26-%06d.parquet", r.IntN(90)+1, r.IntN(1000),
			r.IntN(8), user, r.IntN(48), 180000+i/3)
	}
	return b
}

// sortedPage gives a page of strings in order, each after its length.
func sortedPage(values []string) (b []byte) {
	slices.Sort(values)
	for _, s := range values {
		b = append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	return b
}

func TestFrames(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	random := make([]byte, 300_000)
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	digits := make([]byte, 200_000)
	for i := range digits {
		digits[i] = "0123456789"[r.IntN(10)]
	}
	rare := bytes.Repeat([]byte("x"), 140_000)
	for i := range 60 {
		rare[i*2000] = byte(i)
	}
	var names []string
	for i := range 20000 {
		names = append(names, fmt.Sprintf("[\"ns%d\", \"table%d\", \"user%d\"]", i%8, i%48, r.IntN(100000)))
	}
	long := strings.Repeat("a long string ", 30000)
	e, dec := &Encoder{}, decoder(t)
	for name, src := range map[string][]byte{
		"empty": {}, "one": {7}, "few": []byte("hello, hello, hello"), "equal": bytes.Repeat([]byte{0}, 1<<20), "random": random, "digits": digits, "rare": rare,
		"results": results(20000, 1), "sorted": sortedPage(names), "long": []byte(long), "long sorted": sortedPage([]string{long, long + "a", long + "b", "x"}),
		"mixed": slices.Concat(random[:200_000], results(5000, 2), rare, random[:1000], results(5000, 2)), "alternating": bytes.Repeat([]byte("ab"), 100_000),
		"exactly a block": results(3000, 5)[:maxBlock], "a byte more": results(3000, 5)[:maxBlock+1],
	} {
		t.Run(name, func(t *testing.T) { requireDecodes(t, e, dec, src) })
	}
}

// Any bytes come back, whatever was compressed before.
func TestFramesOfAnything(t *testing.T) {
	t.Parallel()
	e, dec := &Encoder{}, decoder(t)
	rapid.Check(t, func(t *rapid.T) {
		var src []byte
		for range rapid.IntRange(0, 30).Draw(t, "pieces") {
			switch k := rapid.IntRange(0, 4).Draw(t, "kind"); {
			case k == 0 && len(src) > 0: // a repetition
				from := rapid.IntRange(0, len(src)-1).Draw(t, "from")
				src = append(src, src[from:min(len(src), from+rapid.IntRange(1, 5000).Draw(t, "length"))]...)
			case k == 1:
				src = append(src, bytes.Repeat([]byte{rapid.Byte().Draw(t, "byte")}, rapid.IntRange(1, 70000).Draw(t, "times"))...)
			case k == 2:
				src = append(src, rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "bytes")...)
			case k == 3:
				src = append(src, rapid.StringMatching(`[a-d]{0,50}`).Draw(t, "letters")...)
			default:
				src = append(src, results(rapid.IntRange(1, 50).Draw(t, "lines"), rapid.Uint64().Draw(t, "seed"))...)
			}
		}
		requireDecodes(t, e, dec, src)
	})
}

// The last positions of the longest page are told apart from the first ones.
func TestLongestPage(t *testing.T) {
	t.Parallel()
	e, dec := &Encoder{}, decoder(t)
	src := results(MaxPage/80, 9)
	src = append(src, bytes.Repeat([]byte{1}, MaxPage)...)[:MaxPage]
	copy(src[MaxPage-1<<20:], src)
	requireFrame(t, dec, src, e.Append([]byte("before"), src))
}

func TestSizes(t *testing.T) {
	t.Parallel()
	src := results(10000, 4)
	common, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	require.NoError(t, err)
	defer common.Close()
	require.Less(t, len((&Encoder{}).Append(nil, src)), len(common.EncodeAll(src, nil))*97/100)
}

// The tables of codes agree with the bases and the extra bits of the codes.
func TestCodes(t *testing.T) {
	t.Parallel()
	for n := range uint32(maxBlock) {
		c := literalCode(n)
		require.True(t, n >= literalBase[c] && n-literalBase[c] < 1<<literalBits[c], "%d literals", n)
		if n >= 3 {
			c = matchCode(n)
			require.True(t, n >= matchBase[c] && n-matchBase[c] < 1<<matchBits[c], "a match of %d", n)
		}
	}
}

func FuzzFrame(f *testing.F) {
	f.Add([]byte("hello, hello, hello"))
	f.Add(results(20, 1))
	f.Add(sortedPage([]string{"a", "ab", "abc", "b"}))
	f.Fuzz(func(t *testing.T, src []byte) { requireDecodes(t, &Encoder{}, decoder(t), src) })
}

func BenchmarkFrame(b *testing.B) {
	src := results(10000, 4)
	e := &Encoder{}
	b.Run("frame", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		var out []byte
		for b.Loop() {
			out = e.Append(out[:0], src)
		}
		b.ReportMetric(float64(len(out))/10000, "bytes/line")
	})
	for _, level := range []zstd.EncoderLevel{zstd.SpeedFastest, zstd.SpeedDefault, zstd.SpeedBetterCompression, zstd.SpeedBestCompression} {
		b.Run("klauspost-"+level.String(), func(b *testing.B) {
			enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1))
			require.NoError(b, err)
			defer enc.Close()
			b.SetBytes(int64(len(src)))
			var out []byte
			for b.Loop() {
				out = enc.EncodeAll(src, out[:0])
			}
			b.ReportMetric(float64(len(out))/10000, "bytes/line")
		})
	}
}
