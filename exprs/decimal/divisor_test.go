package decimal

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// awkwardDec draws values of all sizes and scales, with many near powers of ten and near each other.
func awkwardDec(t *rapid.T, name string) Dec {
	scale := rapid.SampledFrom([]int{0, 0, 0, 1, 2, 3, 4, 6, 7, 16, 20, 25, 60}).Draw(t, name+" scale")
	if rapid.Bool().Draw(t, name+" random") {
		hi := rapid.Int64().Draw(t, name+" hi") >> rapid.IntRange(0, 63).Draw(t, name+" cut")
		return FromInt128(hi, rapid.Uint64().Draw(t, name+" lo"), scale)
	}
	p := pow10[rapid.IntRange(0, 37).Draw(t, name+" power")]
	d := FromInt128(int64(p.hi), p.lo, scale)
	by := rapid.Int64Range(-10000, 10000).Draw(t, name+" factor")
	d, _ = Mul(d, FromInt64(by))
	d, _ = Add(d, New(rapid.Int64Range(-3, 3).Draw(t, name+" beside"), scale))
	return d
}

// Divisor.Quo is Div: value, scale and error, whatever was divided before.
func TestDivisorIsDiv(t *testing.T) {
	t.Parallel()
	constants := []Dec{New(10485760, 1), New(10240, 1), New(1, 3), New(3, 0), New(-7, 2), New(9999, 0), New(10000, 0), New(1000, 0), NaN(), Inf(1), Zero}
	rapid.Check(t, func(t *rapid.T) {
		by := rapid.SampledFrom(constants).Draw(t, "constant")
		if rapid.Bool().Draw(t, "random") {
			by = awkwardDec(t, "by")
		}
		v := NewDivisor(by)
		base := awkwardDec(t, "base")
		for range 12 {
			a := base
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				a = awkwardDec(t, "a")
			case 1:
				a, _ = Add(base, New(rapid.Int64Range(-5, 5).Draw(t, "near"), base.Scale()))
			case 2:
				a = FromInt64(rapid.Int64().Draw(t, "int") >> rapid.IntRange(0, 63).Draw(t, "bits"))
			}
			want, wantErr := Div(a, by)
			got, err := v.Quo(a)
			require.Equal(t, wantErr, err)
			require.Equal(t, want.String(), got.String(), "%s / %s", a, by)
			require.Equal(t, want.meta, got.meta)
		}
	})
}

// Around every dividend where the scale of the quotient changes.
func TestDivisorAtSteps(t *testing.T) {
	t.Parallel()
	for _, by := range []Dec{New(10485760, 1), New(1024, 0), New(7, 0), New(12345678, 4), New(1, 0), New(9999, 0), New(99990001, 4), New(5, 9)} {
		v := NewDivisor(by)
		for scale := range 8 {
			for weight := -4; weight < 9; weight++ {
				m := v.step(weight, scale)
				if m.hi > 1<<62 {
					continue
				}
				for delta := -2; delta <= 2; delta++ {
					a, err := Add(FromInt128(int64(m.hi), m.lo, scale), New(int64(delta), scale))
					require.NoError(t, err)
					for range 2 { // learned, then known
						want, _ := Div(a, by)
						got, _ := v.Quo(a)
						require.Equal(t, want.String(), got.String(), "%s / %s", a, by)
					}
				}
			}
		}
	}
}

// Scales as large as the words that tell NaN and infinities from numbers change nothing of these.
func TestRoundSpecials(t *testing.T) {
	t.Parallel()
	for _, d := range []Dec{NaN(), Inf(1), Inf(-1)} {
		for places := range 1 << 19 {
			got, err := Round(d, places)
			require.True(t, err == nil && got == d)
		}
	}
}

// Div and Round of what 64 bits hold are those of integers of any size.
func TestShortDivAndRound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := awkwardDec(t, "a"), awkwardDec(t, "b")
		if b.Sign() != 0 && !b.special() && !a.special() {
			want, err := divSlow(a, b)
			require.NoError(t, err)
			got, err := Div(a, b)
			require.NoError(t, err)
			require.Equal(t, want.String(), got.String(), "%s / %s", a, b)
		}
		scale := rapid.IntRange(-2, 40).Draw(t, "places")
		want, err := a.dropBig(max(a.Scale()-scale, 0), min(scale, a.Scale()), halfAway)
		require.NoError(t, err)
		got, err := Round(a, scale)
		require.NoError(t, err)
		require.Equal(t, 0, Cmp(want, got), "round(%s, %d)", a, scale)
		require.Equal(t, max(scale, 0), got.Scale())
	})
}
