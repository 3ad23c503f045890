package vec_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// Whatever its form, a vector's rows are the same, and so are those of a gather, a slice, a flat copy and a builder of it.
func TestForms(t *testing.T) {
	t.Parallel()
	for _, typ := range types() {
		t.Run(typ.Name(), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, uint64(typ)))
			rows := randomRows(t, r, typ, 150)
			want := text(rows)
			for name, v := range forms(t, r, rows) {
				require.Equal(t, want, text(v), name)
				require.Equal(t, want, text(v.Flat()), name)
				require.Nil(t, v.Decoded().Dict)
				require.Equal(t, want, text(v.Decoded()), name)
				checkGather(t, r, v, want, name)
				checkSlices(t, v, want, name)
				checkBuilder(t, v, want, name)
			}
		})
	}
}

func checkGather(t *testing.T, r *rand.Rand, v *vec.Vec, want []string, name string) {
	sel, picked := make([]int32, 70), make([]string, 70)
	for i := range sel {
		sel[i] = int32(r.IntN(v.N))
		picked[i] = want[sel[i]]
	}
	require.Equal(t, picked, text(v.Gather(sel)), name)
	require.Zero(t, v.Gather(nil).N)
}

// checkSlices cuts at offsets on both sides of the bounds of words, and slices of slices.
func checkSlices(t *testing.T, v *vec.Vec, want []string, name string) {
	for _, lo := range []int{0, 1, 63, 64, 65, 127, 128, 149, 150} {
		for _, hi := range []int{lo, lo + 1, lo + 63, lo + 64, lo + 65, 150} {
			if hi < lo || hi > v.N {
				continue
			}
			part := v.Slice(lo, hi)
			require.Equal(t, hi-lo, part.N)
			require.Equal(t, want[lo:hi], text(part), "%s [%d:%d]", name, lo, hi)
			require.Equal(t, want[lo:hi], text(part.Flat()))
			if part.N > 3 {
				require.Equal(t, want[lo+2:hi-1], text(part.Slice(2, part.N-1)), "%s [%d:%d][2:]", name, lo, hi)
			}
		}
	}
}

func checkBuilder(t *testing.T, v *vec.Vec, want []string, name string) {
	b := vec.NewBuilder(v.Type, 1)
	b.AppendNull()
	b.Append(v)
	b.Append(v.Slice(0, 0))
	b.Append(v.Slice(5, 9))
	for i := range v.N {
		b.AppendRow(v, i)
	}
	require.Equal(t, 1+2*v.N+4, b.Len())
	out := b.Vec()
	require.Equal(t, append(append(append([]string{"NULL"}, want...), want[5:9]...), want...), text(out), name)
	require.Zero(t, b.Len())
	b.AppendRow(v, 0) // it starts anew, and what it gave stays as it is
	require.Equal(t, "NULL", text(out)[0])
	require.Equal(t, want[:1], text(b.Vec()))
}

func TestConstants(t *testing.T) {
	t.Parallel()
	for _, typ := range types() {
		null := vec.NewNull(typ, 5)
		require.True(t, null.NullConst() && null.HasNulls())
		require.Equal(t, []string{"NULL", "NULL", "NULL", "NULL", "NULL"}, text(null))
		one := *distinct(t, typ).Slice(1, 2)
		one.Const, one.N = true, 4
		want := text(&one)
		require.Len(t, want, 4)
		require.False(t, one.NullConst() || one.HasNulls())
		for _, v := range []*vec.Vec{&one, one.Resize(9).Resize(4), one.Resize(9).Slice(5, 9), one.Resize(7).Gather(make([]int32, 4)), one.Flat(), one.Decoded()} {
			require.Equal(t, want, text(v), typ)
		}
		require.Zero(t, one.Resize(0).Flat().N)
		require.Equal(t, []string{"NULL", "NULL"}, text(null.Slice(1, 3).Flat()))
	}
}

// An empty dictionary has no codes that mean anything: all rows are NULL.
func TestEmptyDictionary(t *testing.T) {
	t.Parallel()
	v := vec.NewDict(make([]uint16, 3), vec.New(arrowschema.Text, 0), make(vec.Bitmap, 1))
	require.Equal(t, []string{"NULL", "NULL", "NULL"}, text(v))
	require.Equal(t, []string{"NULL", "NULL", "NULL"}, text(v.Flat()))
}

func TestScatter(t *testing.T) {
	t.Parallel()
	for _, typ := range types() {
		r := rand.New(rand.NewPCG(2, uint64(typ)))
		rows := randomRows(t, r, typ, 100)
		want := make([]string, 200)
		for i := range want {
			want[i] = "NULL"
		}
		order := r.Perm(200)[:100]
		s := vec.NewScatter(typ, 200)
		for name, v := range forms(t, r, rows) {
			if name != "dictionary" && name != "slice" {
				continue
			}
			half := 0
			if name == "slice" {
				half = 50
			}
			var places []int32
			for i := half; i < half+50; i++ {
				places = append(places, int32(order[i]))
				want[order[i]] = text(rows)[i]
			}
			s.Put(places, v.Slice(half, half+50))
		}
		s.Put(nil, rows.Slice(0, 0))
		require.Equal(t, want, text(s.Vec()), typ)
	}
	full := vec.NewScatter(arrowschema.Int8, 3)
	full.Put([]int32{2, 0, 1}, vec.NewFlat(arrowschema.Int8, []int64{1, 2, 3}, nil))
	v := full.Vec()
	require.Nil(t, v.Valid)
	require.Equal(t, []int64{2, 3, 1}, v.Ints)
}

// A batch may lack columns that nobody reads.
func TestBatch(t *testing.T) {
	t.Parallel()
	b := &vec.Batch{N: 4, Ord: 10, Cols: []*vec.Vec{nil, vec.NewFlat(arrowschema.Int8, []int64{1, 2, 3, 4}, nil)}}
	part := b.Slice(1, 3)
	require.Equal(t, uint64(11), part.Ord)
	require.Nil(t, part.Cols[0])
	require.Equal(t, []string{"2", "3"}, text(part.Cols[1]))
	picked := b.Gather([]int32{0, 3})
	require.Nil(t, picked.Cols[0])
	require.Equal(t, []string{"1", "4"}, text(picked.Cols[1]))
}

func TestBitmap(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{0, 1, 63, 64, 65, 200} {
		b, bits := make(vec.Bitmap, (n+63)/64), make([]bool, n)
		for i := range n {
			if bits[i] = r.IntN(2) == 0; bits[i] {
				b.Set(i)
			}
		}
		count := 0
		for i := range n {
			require.Equal(t, bits[i], b.Get(i))
			if bits[i] {
				count++
			}
		}
		require.Equal(t, count, b.Count(n))
		c := b.Clone(n)
		if n > 0 {
			c.Clear(0)
			c.Set(n - 1)
			require.Equal(t, bits[0], b.Get(0))
		}
		require.Equal(t, n, vec.Bitmap(nil).Clone(n).Count(n))
		require.Equal(t, n, vec.Bitmap(nil).Count(n))
		require.Equal(t, count, vec.And(b, nil, n).Count(n))
		require.Equal(t, count, vec.And(vec.NewBitmap(n), b, n).Count(n))
	}
	require.Nil(t, vec.Bitmap(nil).Slice(3, 9))
	require.Nil(t, vec.Bitmap(nil).Gather([]int32{1}))
}

func BenchmarkGather(b *testing.B) {
	r := rand.New(rand.NewPCG(4, 4))
	sel := make([]int32, vec.DefaultRows/2)
	for i := range sel {
		sel[i] = int32(2*i) + int32(r.IntN(2))
	}
	for _, typ := range []arrowschema.Type{arrowschema.Int8, arrowschema.Text, arrowschema.UUID} {
		for _, nulls := range []bool{false, true} {
			v := vec.New(typ, vec.DefaultRows)
			if nulls {
				v.SetNull(7)
			}
			b.Run(fmt.Sprintf("%s/nulls=%v", typ.Name(), nulls), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					v.Gather(sel)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(sel)), "ns/row")
			})
		}
	}
}
