package vec_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// The sample's values are distinct and ascending: so must be what Compare says of them, and their keys.
func TestCompareAndKeys(t *testing.T) {
	t.Parallel()
	for _, typ := range types() {
		t.Run(typ.Name(), func(t *testing.T) {
			t.Parallel()
			v := distinct(t, typ)
			r := rand.New(rand.NewPCG(5, 5))
			for _, w := range forms(t, r, v) {
				for i := range v.N {
					for j := range v.N {
						same := string(vec.AppendKey(nil, v, i)) == string(vec.AppendKey(nil, w, j))
						require.Equal(t, i == j, same, "%s, %s", text(v)[i], text(w)[j])
						if typ != arrowschema.JSON { // which has no order
							require.Equal(t, sign(i-j), sign(vec.Compare(v, i, w, j)), "%s, %s", text(v)[i], text(w)[j])
						}
					}
				}
			}
		})
	}
}

func sign(x int) int {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}

// Values that are written differently and equal in SQL have one key.
func TestEqualValues(t *testing.T) {
	t.Parallel()
	numbers, floats, intervals, docs := vec.NewBuilder(arrowschema.Numeric, 0), vec.NewBuilder(arrowschema.Float8, 0), vec.NewBuilder(arrowschema.Interval, 0),
		vec.NewBuilder(arrowschema.JSONB, 0)
	for _, s := range []string{"100", "1e2", "100.0", "100.0000000000000000000000000000000000000000000"} {
		numbers.AppendDec(dec(t, s))
	}
	for _, f := range []float64{0, math.Copysign(0, -1)} {
		floats.AppendFloat(f)
	}
	for _, i := range []temporal.Interval{{Months: 1}, {Days: 30}, {Micros: 30 * temporal.MicrosPerDay}, {Months: 2, Days: -31, Micros: temporal.MicrosPerDay}} {
		intervals.AppendInterval(i)
	}
	for _, s := range []string{`{"a": 1, "b": [1.0, "x"]}`, `{"b": [1.00, "x"], "a": 1.0}`, `{"b":[10e-1,"\u0078"],"a":2,"a":1}`} {
		text, err := jsontext.Canonical(s)
		require.NoError(t, err)
		docs.AppendString(text)
	}
	nans := vec.NewFlat(arrowschema.Float8, []float64{math.NaN(), math.Float64frombits(0x7ff8000000000123), math.Float64frombits(0xfff8000000000001)}, nil)
	for _, v := range []*vec.Vec{numbers.Vec(), floats.Vec(), intervals.Vec(), docs.Vec(), nans} {
		for i := range v.N {
			require.Zero(t, vec.Compare(v, 0, v, i), text(v)[i])
			require.Equal(t, vec.AppendKey(nil, v, 0), vec.AppendKey(nil, v, i), text(v)[i])
		}
	}
}

// A composite key says where each part ends: no two rows of two columns share one unless both parts are equal.
func TestCompositeKeys(t *testing.T) {
	t.Parallel()
	for _, typ := range types() {
		v := distinct(t, typ)
		b := vec.NewBuilder(typ, 0)
		b.Append(v)
		b.AppendNull()
		v = b.Vec()
		seen := map[string][2]int{}
		for i := range v.N {
			for j := range v.N {
				key := string(vec.AppendKey(vec.AppendKey([]byte("prefix"), v, i), v, j))
				before, found := seen[key]
				require.False(t, found, "%s: %v and %v", typ, before, [2]int{i, j})
				seen[key] = [2]int{i, j}
			}
		}
	}
}

// Whatever is random, two rows compare equal exactly when their keys are equal.
func TestRandomDecimalsAndIntervals(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(6, 6))
	numbers, intervals := vec.NewBuilder(arrowschema.Numeric, 0), vec.NewBuilder(arrowschema.Interval, 0)
	for range 120 {
		digits := []string{"1", "10", "12", "120", "0.5", "0.50", "-3", "-3.000"}[r.IntN(8)]
		numbers.AppendDec(dec(t, digits+[]string{"", "e1", "e-1", "e2", "e30", "e-30"}[r.IntN(6)]))
		intervals.AppendInterval(temporal.Interval{Months: int32(r.IntN(3) - 1), Days: int32(r.IntN(121) - 60), Micros: int64(r.IntN(5)-2) * temporal.MicrosPerDay / 2})
	}
	for _, v := range []*vec.Vec{numbers.Vec(), intervals.Vec()} {
		for i := range v.N {
			for j := range v.N {
				same := string(vec.AppendKey(nil, v, i)) == string(vec.AppendKey(nil, v, j))
				require.Equal(t, vec.Compare(v, i, v, j) == 0, same, "%s, %s", text(v)[i], text(v)[j])
				require.Equal(t, sign(vec.Compare(v, i, v, j)), -sign(vec.Compare(v, j, v, i)))
			}
		}
	}
}

func BenchmarkAppendKey(b *testing.B) {
	for _, typ := range []arrowschema.Type{arrowschema.Int8, arrowschema.Text, arrowschema.UUID, arrowschema.Numeric, arrowschema.JSONB} {
		b.Run(typ.Name(), func(b *testing.B) {
			v := distinct(b, typ)
			key, i := make([]byte, 0, 64), 0
			b.ReportAllocs()
			for b.Loop() {
				key = vec.AppendKey(key[:0], v, i)
				if i++; i == v.N {
					i = 0
				}
			}
		})
	}
}
