package parquetio

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/exprs/vec"
)

// codesGen draws codes of width bits with runs among them.
func codesGen(t *rapid.T, width int) []uint16 {
	var codes []uint16
	for range rapid.IntRange(0, 20).Draw(t, "stretches") {
		n := rapid.IntRange(1, 100).Draw(t, "n")
		c := uint16(rapid.IntRange(0, 1<<width-1).Draw(t, "code"))
		mixed := rapid.Bool().Draw(t, "mixed")
		for i := range n {
			codes = append(codes, c)
			if mixed {
				codes[len(codes)-1] = uint16((int(c) + i*7) & (1<<width - 1))
			}
		}
	}
	return codes
}

func TestCodesRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 16).Draw(t, "width")
		codes := codesGen(t, width)
		packed := appendCodes(nil, codes, width)
		got := make([]uint16, len(codes))
		if err := decodeCodes(got, packed, 1<<width); err != nil {
			t.Fatal(err)
		}
		wide := make([]uint32, len(codes))
		if err := decodeIndexes(wide, packed, 1<<width); err != nil {
			t.Fatal(err)
		}
		top := 0
		for i, c := range codes {
			if got[i] != c || wide[i] != uint32(c) {
				t.Fatalf("code %d: %d, %d, not %d", i, got[i], wide[i], c)
			}
			top = max(top, int(c))
		}
		if len(codes) > 0 && top > 0 {
			if decodeCodes(got, packed, top) == nil || decodeIndexes(wide, packed, top) == nil {
				t.Fatalf("code %d in a dictionary of %d entries", top, top)
			}
		}
		for cut := range len(packed) - 1 { // never a panic
			_ = decodeCodes(got, packed[:cut], 1<<width)
		}
	})
}

func TestLevelsRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 2000).Draw(t, "n")
		lo := rapid.IntRange(0, n).Draw(t, "lo")
		at := rapid.IntRange(0, 130).Draw(t, "at")
		valid := make(vec.Bitmap, (n+63)/64)
		run := rapid.IntRange(1, 500).Draw(t, "run")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for i, bit := 0, true; i < n; i, bit = i+1, bit != (random.IntN(run) == 0) {
			if bit {
				valid.Set(i)
			}
		}
		packed := appendLevels(nil, valid, lo, n)[4:]
		got := make(vec.Bitmap, (at+n-lo+63)/64)
		ones, err := decodeLevels(packed, n-lo, got, at)
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for i := lo; i < n; i++ {
			if valid.Get(i) {
				want++
			}
			if got.Get(at+i-lo) != valid.Get(i) {
				t.Fatalf("bit %d", i)
			}
		}
		if ones != want || got.Count(at+n-lo) != want {
			t.Fatalf("%d ones, %d bits, not %d", ones, got.Count(at+n-lo), want)
		}
	})
}

func TestDeltaRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 1000).Draw(t, "n")
		width := rapid.IntRange(0, 64).Draw(t, "width")
		narrow := rapid.Bool().Draw(t, "narrow")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		values := make([]int64, n)
		for i := range values {
			if width > 0 {
				values[i] = int64(random.Uint64() >> (64 - width))
			}
			if random.IntN(50) == 0 {
				values[i] = []int64{math.MinInt64, math.MaxInt64, 0, -1}[random.IntN(4)]
			}
			if narrow {
				values[i] = int64(int32(values[i]))
			}
		}
		packed := appendDelta(nil, values, narrow)
		got := make([]int64, n)
		rest, err := decodeDelta(got, append(packed, "rest"...), narrow)
		if err != nil {
			t.Fatal(err)
		}
		if string(rest) != "rest" {
			t.Fatalf("%q is left", rest)
		}
		if _, err := decodeDelta(got, packed, narrow); err != nil {
			t.Fatal(err)
		}
		for i := range values {
			if got[i] != values[i] {
				t.Fatalf("value %d: %d, not %d", i, got[i], values[i])
			}
		}
		for cut := range len(packed) {
			_, _ = decodeDelta(got, packed[:cut], narrow)
		}
		if _, err := decodeDelta(make([]int64, n+1), packed, narrow); err == nil {
			t.Fatal("more values than there are")
		}
	})
}

func TestStringsRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.String(), 0, 300).Draw(t, "values")
		got := make([]string, len(values))
		if err := plainStrings(got, appendPlainStrings(nil, values)); err != nil {
			t.Fatal(err)
		}
		more := make([]string, len(values))
		if err := decodeDeltaLengths(more, appendDeltaLengths(nil, values, make([]int64, len(values))), make([]int64, len(values))); err != nil {
			t.Fatal(err)
		}
		for i, s := range values {
			if got[i] != s || more[i] != s {
				t.Fatalf("%d: %q, %q, not %q", i, got[i], more[i], s)
			}
		}
	})
}

func TestSpread(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, at := rapid.IntRange(0, 500).Draw(t, "n"), rapid.IntRange(0, 130).Draw(t, "at")
		share := rapid.IntRange(0, 64).Draw(t, "share")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		valid := make(vec.Bitmap, (at+n+63)/64)
		for i := range valid {
			valid[i] = random.Uint64() // bits of other pages too
			if random.IntN(64) < share {
				valid[i] = ^uint64(0) * (random.Uint64() & 1)
			}
		}
		s, want, values := make([]int, n), make([]int, n), 0
		for i := range n {
			if valid.Get(at + i) {
				values++
				s[values-1], want[i] = values, values
			}
		}
		for i := values; i < n; i++ {
			s[i] = -1 // what another chunk left there
		}
		spread(s, values, valid, at)
		for i := range want {
			if s[i] < 0 || s[i] > values || valid.Get(at+i) && s[i] != want[i] {
				t.Fatalf("row %d: %d, not %d", i, s[i], want[i])
			}
		}
	})
}

func TestAppendBits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var b vec.Bitmap
		var want []bool
		for range rapid.IntRange(1, 8).Draw(t, "parts") {
			n := rapid.IntRange(0, 200).Draw(t, "n")
			if rapid.Bool().Draw(t, "ones") {
				b = appendOnes(b, len(want), n)
				for range n {
					want = append(want, true)
				}
				continue
			}
			src := make(vec.Bitmap, (n+63)/64)
			for i := range src {
				src[i] = rapid.Uint64().Draw(t, "word") // garbage behind the end too
			}
			b = appendBits(b, len(want), src, n)
			for i := range n {
				want = append(want, src.Get(i))
			}
		}
		for i, bit := range want {
			if b.Get(i) != bit {
				t.Fatalf("bit %d", i)
			}
		}
		if rest := len(want) % 64; rest != 0 && b[len(b)-1]>>rest != 0 {
			t.Fatal("bits behind the end")
		}
	})
}

func TestCutBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := []byte(rapid.String().Draw(t, "s") + strings.Repeat(rapid.SampledFrom([]string{"x", "é", "\U0010ffff", "\ud7ff", "~"}).Draw(t, "c"), rapid.IntRange(0, 100).Draw(t, "n")))
		n := rapid.IntRange(4, 80).Draw(t, "cut")
		lower := cutLower(s, n)
		if bytes.Compare(lower, s) > 0 || len(lower) > n || !utf8.Valid(lower) {
			t.Fatalf("lower bound %q of %q", lower, s)
		}
		if upper, ok := cutUpper(s, n); ok && (bytes.Compare(upper, s) < 0 || len(upper) > n+4 || !utf8.Valid(upper)) {
			t.Fatalf("upper bound %q of %q", upper, s)
		}
	})
	_, ok := cutUpper(bytes.Repeat([]byte("\U0010ffff"), 30), 64)
	require.False(t, ok)
}

func TestBloom(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 100, 10000} {
		filter := newBloom(n, DefaultBloomFPP)
		require.Zero(t, len(filter)&(len(filter)-1))
		r := rand.New(rand.NewPCG(uint64(n), 1))
		hashes := makeValues(n, r.Uint64)
		for _, h := range hashes {
			bloomInsert(filter, h)
		}
		has := func(h uint64) bool { return bloomHas(filter[bloomBlockOf(h, len(filter)):], h) }
		for _, h := range hashes {
			require.True(t, has(h))
		}
		hits := 0
		for range 10000 {
			if has(r.Uint64()) {
				hits++
			}
		}
		require.LessOrEqual(t, hits, 150)
		head := bloomHeader(len(filter))
		used, size, err := readBloomHeader(append(head, 1, 2, 3))
		require.NoError(t, err)
		require.Equal(t, len(head), used)
		require.Equal(t, len(filter), size)
		for cut := range head {
			_, _, err := readBloomHeader(head[:cut])
			require.Error(t, err)
		}
	}
}

func TestHalfFloat(t *testing.T) {
	t.Parallel()
	for bits, want := range map[uint16]float64{
		0: 0, 0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x0001: 5.9604644775390625e-08, 0x0400: 6.103515625e-05, 0x7c00: math.Inf(1), 0xfc00: math.Inf(-1),
		0x3555: 0.333251953125,
	} {
		got, err := halfFloat(string([]byte{byte(bits), byte(bits >> 8)}))
		require.NoError(t, err)
		require.Equal(t, want, got, "%04x", bits)
	}
	nan, err := halfFloat("\x01\x7e")
	require.NoError(t, err)
	require.True(t, math.IsNaN(nan))
	_, err = halfFloat("x")
	require.Error(t, err)
}

// The kernels decode what arrow-go's encoders make of any values, and never panic on other bytes.
func FuzzCodes(f *testing.F) {
	f.Add(uint8(3), uint16(7), []byte{3, 0x88, 0xc6, 0xfa})
	f.Add(uint8(16), uint16(0xffff), []byte{2, 1})
	f.Fuzz(func(t *testing.T, width uint8, entries uint16, src []byte) {
		w := int(width)%16 + 1
		codes := make([]uint16, len(src))
		for i, b := range src {
			codes[i] = uint16(int(b)*257) & uint16(1<<w-1)
		}
		packed := appendCodes(nil, codes, w)
		got, wide := make([]uint16, len(codes)), make([]uint32, len(codes))
		if err := decodeCodes(got, packed, 1<<w); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, codes) {
			t.Fatalf("%v, not %v", got, codes)
		}
		below := !slices.ContainsFunc(codes, func(c uint16) bool { return c >= entries })
		if codesBelow(codes, int(entries)) != below {
			t.Fatalf("codes below %d: %v", entries, codes)
		}
		for n := range 70 { // anything, as codes and as indexes of any number of values: both find the same
			a, b := decodeCodes(got[:min(n, len(got))], src, int(entries)), decodeIndexes(wide[:min(n, len(got))], src, int(entries))
			if (a == nil) != (b == nil) {
				t.Fatalf("%v, %v", a, b)
			}
			for i := range got[:min(n, len(got))] {
				if a == nil && uint32(got[i]) != wide[i] {
					t.Fatalf("value %d: %d, %d", i, got[i], wide[i])
				}
			}
		}
	})
}

func FuzzDelta(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, false, uint16(40))
	f.Add(appendDelta(nil, []int64{7, 5, 3, 1, 2, 3, 4, 5}, false), true, uint16(8))
	f.Fuzz(func(t *testing.T, src []byte, narrow bool, n uint16) {
		values := make([]int64, len(src)/3)
		for i := range values {
			values[i] = int64(binary.LittleEndian.Uint16(src[3*i:])) << (src[3*i+2] % 50)
			if src[3*i+2]&0x80 != 0 {
				values[i] = -values[i]
			}
			if narrow {
				values[i] = int64(int32(values[i]))
			}
		}
		packed := appendDelta(nil, values, narrow)
		got := make([]int64, len(values))
		rest, err := decodeDelta(got, packed, narrow)
		if err != nil || len(rest) > 0 || !slices.Equal(got, values) {
			t.Fatalf("%v: %v, not %v", err, got, values)
		}
		_, _ = decodeDelta(make([]int64, n%4096), src, narrow)
		_ = decodeDeltaLengths(make([]string, n%4096), src, make([]int64, n%4096))
		_ = decodeDeltaStrings(make([]string, n%4096), src, make([]int64, n%4096), within(1<<20))
	})
}

func FuzzPageIndex(f *testing.F) {
	f.Add([]byte{0x19, 0x1c, 0x16, 8, 0x15, 20, 0x16, 0, 0, 0})
	f.Fuzz(func(t *testing.T, src []byte) {
		where, err := readOffsetIndex(src)
		if err == nil {
			_ = checkLocations(where, 4, 1<<20, 1000)
		}
		_, _ = readColumnIndex(src)
	})
}

func FuzzStrings(f *testing.F) {
	f.Add([]byte("one\ntwo\nthree\n\ntwotwo\nthree and four"))
	f.Fuzz(func(t *testing.T, src []byte) {
		values := strings.Split(string(src), "\n")
		n := len(values)
		var rest []byte
		packed, _ := appendDeltaStrings(nil, values, make([]int64, n), rest)
		got := make([]string, n)
		if err := decodeDeltaStrings(got, packed, make([]int64, n), within(1<<30)); err != nil || !slices.Equal(got, values) {
			t.Fatalf("%v: %q, not %q", err, got, values)
		}
		codes := newInterner()
		for _, s := range values {
			codes.code(s)
		}
		codes.sort(&sortScratch{})
		slices.Sort(values)
		if !slices.Equal(codes.entries, slices.Compact(values)) {
			t.Fatalf("%q, not %q", codes.entries, values)
		}
	})
}

// Booleans are unpacked eight at a time.
func TestUnpackBools(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 300 {
		src := makeValues((n+7)/8, func() byte { return byte(r.Uint32()) })
		got := make([]bool, n)
		require.NoError(t, plainBools(got, src))
		for i, b := range got {
			require.Equal(t, src[i/8]>>(i%8)&1 != 0, b)
		}
	}
}

// The order of a dictionary is that of its bytes, however long its entries are and however many agree in how many bytes.
func TestSortEntries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		prefix := strings.Repeat("\x00a", rapid.IntRange(0, 9).Draw(t, "prefix"))
		values := map[string]bool{}
		for range rapid.IntRange(0, 2000).Draw(t, "n") {
			b := []byte(prefix[:min(len(prefix), r.IntN(20))])
			for range r.IntN(20) {
				b = append(b, "\x00\x01ab\xff"[r.IntN(5)])
			}
			values[string(b)] = true
		}
		d := newInterner()
		want := slices.Sorted(maps.Keys(values))
		for v := range values {
			d.code(v)
		}
		before := slices.Clone(d.entries)
		rank := d.sort(&sortScratch{})
		if !slices.Equal(d.entries, want) {
			t.Fatalf("%q, not %q", d.entries, want)
		}
		for old, s := range before {
			if d.entries[rank[old]] != s {
				t.Fatalf("%q has become %q", s, d.entries[rank[old]])
			}
		}
	})
}

// within allows a number of bytes.
func within(limit int64) func(int64) error {
	return func(n int64) error {
		if n > limit {
			return errTooMuch
		}
		return nil
	}
}
