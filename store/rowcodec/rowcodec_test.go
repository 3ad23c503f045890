package rowcodec

import (
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

var allTypes = []arrowschema.Type{
	arrowschema.Bool, arrowschema.Int8, arrowschema.Timestamp, arrowschema.Float8, arrowschema.Text, arrowschema.JSONB, arrowschema.UUID,
	arrowschema.Numeric, arrowschema.Interval,
}

// drawVec draws a vector of n rows in any of the three forms.
func drawVec(t *rapid.T, typ arrowschema.Type, n int) *vec.Vec {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	form := rapid.SampledFrom([]string{"flat", "nulls", "const", "null", "coded", "wide"}).Draw(t, "form")
	rows := n
	if form == "const" {
		rows = 1
	}
	if form == "null" {
		return vec.NewNull(typ, n)
	}
	if form == "coded" && typ.Physical() == arrowschema.Strings && n > 0 {
		entries := 1 + r.IntN(min(2*n, 400))
		dict := fillVec(r, vec.New(typ, entries), form)
		codes := make([]uint16, n)
		for i := range codes {
			codes[i] = uint16(r.IntN(entries))
		}
		v := vec.NewDict(codes, dict, nil)
		if r.IntN(2) == 0 {
			v.Valid = randomBits(r, n)
		}
		if r.IntN(4) == 0 {
			dict.Valid = randomBits(r, entries)
		}
		return v
	}
	v := fillVec(r, vec.New(typ, rows), form)
	if form == "nulls" && n > 0 {
		v.Valid = randomBits(r, n)
	}
	if form == "const" {
		v.Const, v.N = true, n
	}
	return v
}

func randomBits(r *rand.Rand, n int) vec.Bitmap {
	b := vec.NewBitmap(n)
	for i := range n {
		if r.IntN(3) == 0 {
			b.Clear(i)
		}
	}
	return b
}

func fillVec(r *rand.Rand, v *vec.Vec, form string) *vec.Vec {
	shift := uint(r.IntN(64))
	for i := range v.N {
		x := int64(r.Uint64() >> shift)
		if r.IntN(2) == 0 {
			x = -x
		}
		switch v.Type.Physical() {
		case arrowschema.Bools:
			v.Bools[i] = x%2 == 0
		case arrowschema.Ints:
			v.Ints[i] = x
		case arrowschema.Floats:
			v.Floats[i] = math.Float64frombits(uint64(x))
		case arrowschema.Strings:
			v.Strs[i] = strings.Repeat("é", r.IntN(1+int(shift))) + fmt.Sprint(x%100)
			if r.IntN(4) == 0 {
				v.Strs[i] = ""
			}
			if form == "wide" && i == 0 {
				v.Strs[i] = strings.Repeat("x", 70000)
			}
		case arrowschema.UUIDs:
			v.UUIDs[i][r.IntN(16)] = byte(x)
		case arrowschema.Decs:
			v.Decs[i] = decimal.New(x, r.IntN(20))
			if r.IntN(9) == 0 {
				v.Decs[i] = decimal.NaN()
			}
		case arrowschema.Intervals:
			v.Intervals[i] = temporal.Interval{Months: int32(x), Days: int32(x >> 7), Micros: x}
		}
	}
	return v
}

// requireEqual compares values by text, which shows the scale of numerics and every bit that a value has.
func requireEqual(t require.TestingT, want, got *vec.Vec) {
	require.Equal(t, want.N, got.N)
	for i := range want.N {
		require.Equal(t, want.IsNull(i), got.IsNull(i), "row %d", i)
		if want.IsNull(i) {
			continue
		}
		require.Equal(t, string(vec.AppendText(nil, want, i, nil)), string(vec.AppendText(nil, got, i, nil)))
		if want.Type.Physical() == arrowschema.Floats {
			a, j := want.Value(i)
			b, k := got.Value(i)
			require.Equal(t, math.Float64bits(a.Floats[j]), math.Float64bits(b.Floats[k]))
		}
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{0, 1, 2, 63, 64, 65, 300, 1000}).Draw(t, "rows")
		types := rapid.SliceOfN(rapid.SampledFrom(allTypes), 0, 5).Draw(t, "types")
		b := &vec.Batch{N: n}
		for _, typ := range types {
			b.Cols = append(b.Cols, drawVec(t, typ, n))
		}
		lo := rapid.IntRange(0, n).Draw(t, "lo")
		hi := rapid.IntRange(lo, n).Draw(t, "hi")
		raw := Append([]byte("before"), b, lo, hi)
		got, err := Decode(raw[6:], types)
		require.NoError(t, err)
		require.Equal(t, hi-lo, got.N)
		for i, v := range b.Cols {
			requireEqual(t, v.Slice(lo, hi), got.Cols[i])
		}
		if len(raw) > 7 { // what is cut is never a batch
			_, err = Decode(raw[6:len(raw)-1], types)
			require.ErrorIs(t, err, ErrFormat)
		}
	})
}

// TestGolden pins the format: old logs must stay readable.
func TestGolden(t *testing.T) {
	t.Parallel()
	dict := vec.NewFlat(arrowschema.Text, []string{"flush", "compact"}, nil)
	b := &vec.Batch{N: 3, Cols: []*vec.Vec{
		vec.NewFlat(arrowschema.Int8, []int64{1000, 0, 1003}, vec.Bitmap{5}),
		vec.NewDict([]uint16{0, 1, 0}, dict, nil),
		vec.NewConst(arrowschema.Bool, true, 3),
		vec.NewNull(arrowschema.JSONB, 3),
		vec.NewFlat(arrowschema.Numeric, []decimal.Dec{decimal.New(150, 2), decimal.New(0, 0), decimal.New(-7, 0)}, nil),
	}}
	raw := Append(nil, b, 0, 3)
	require.Equal(t, "010305"+
		"41"+"05"+"01"+"d00f"+"00"+"18"+"03"+
		"23"+"02"+"01"+"0507"+hex.EncodeToString([]byte("flushcompact"))+"000100"+
		"10"+"01"+
		"83"+
		"05"+"01"+"040102"+hex.EncodeToString([]byte("1.500-7")), hex.EncodeToString(raw))
}

// TestHostileSizes feeds small inputs that claim much.
func TestHostileSizes(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"", "02", "01ffffffffff0f01", "0180800401" + "01000000", "0180800401" + "01080000", "01808004" + "01" + "0304" + "ffffffff",
		"0101" + "01" + "23ffff0301", "0101" + "01" + "2300", "0102" + "01" + "2301" + "0100" + "0001", "01010103" + "03",
	} {
		src, err := hex.DecodeString(raw)
		require.NoError(t, err)
		for _, typ := range allTypes {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err = Decode(src, []arrowschema.Type{typ})
			runtime.ReadMemStats(&after)
			if err != nil {
				require.ErrorIs(t, err, ErrFormat)
			}
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20))
		}
	}
}

func FuzzDecode(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 1))
	b := &vec.Batch{N: 70}
	for _, typ := range allTypes {
		v := fillVec(r, vec.New(typ, 70), "")
		v.Valid = randomBits(r, 70)
		b.Cols = append(b.Cols, v)
	}
	f.Add(Append(nil, b, 0, 70))
	f.Add(Append(nil, b, 3, 5))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := Decode(raw, allTypes)
		if err != nil {
			return
		}
		again, err := Decode(Append(nil, got, 0, got.N), allTypes)
		require.NoError(t, err)
		for i := range allTypes {
			requireEqual(t, got.Cols[i], again.Cols[i])
		}
	})
}

func benchBatch() (*vec.Batch, []arrowschema.Type) {
	const n = 16384
	r := rand.New(rand.NewPCG(1, 1))
	b := &vec.Batch{N: n, Cols: []*vec.Vec{
		vec.New(arrowschema.UUID, n), vec.New(arrowschema.Text, n), vec.New(arrowschema.Int8, n), vec.New(arrowschema.Timestamp, n),
	}}
	types := make([]arrowschema.Type, len(b.Cols))
	for i := range n {
		b.Cols[0].UUIDs[i] = [16]byte{byte(i), byte(r.Uint32())}
		b.Cols[1].Strs[i] = fmt.Sprintf("Flushed %d records to ./data/storage/chat/users/user%d/messages", r.IntN(100000), i)
		b.Cols[2].Ints[i], b.Cols[3].Ints[i] = r.Int64N(1<<32), 1763899200000000+int64(i)*1000
	}
	for i, c := range b.Cols {
		types[i] = c.Type
	}
	return b, types
}

func BenchmarkAppend(b *testing.B) {
	batch, _ := benchBatch()
	var raw []byte
	b.ReportAllocs()
	for b.Loop() {
		raw = Append(raw[:0], batch, 0, batch.N)
	}
	b.SetBytes(int64(len(raw)))
}

func BenchmarkDecode(b *testing.B) {
	batch, types := benchBatch()
	raw := Append(nil, batch, 0, batch.N)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(raw, types); err != nil {
			b.Fatal(err)
		}
	}
}
