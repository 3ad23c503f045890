package decimal

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyDec draws finite numbers around the bounds of the representation: small, near powers of two and ten, beyond 128 bits.
var anyDec = rapid.Custom(func(t *rapid.T) Dec {
	z := new(big.Int)
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		z.SetInt64(rapid.Int64Range(-1000, 1000).Draw(t, "coef"))
	case 1:
		z.SetInt64(rapid.Int64().Draw(t, "coef"))
	case 2:
		z.Lsh(big.NewInt(1), uint(rapid.IntRange(0, 135).Draw(t, "bits")))
		z.Add(z, big.NewInt(rapid.Int64Range(-2, 2).Draw(t, "off")))
	case 3:
		z.Add(bigPow10(rapid.IntRange(0, 45).Draw(t, "ten")), big.NewInt(rapid.Int64Range(-2, 2).Draw(t, "off")))
	case 4:
		z.SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "bytes"))
	}
	if rapid.Bool().Draw(t, "neg") {
		z.Neg(z)
	}
	d, err := FromBig(z, rapid.IntRange(0, 45).Draw(t, "scale"))
	require.NoError(t, err)
	return d
})

// rat is the slow model: the exact value.
func rat(d Dec) *big.Rat { return new(big.Rat).SetFrac(d.coef(), bigPow10(d.Scale())) }

// atScale rounds the model half away from zero.
func atScale(r *big.Rat, scale int) *big.Int {
	s := new(big.Rat).Mul(r, new(big.Rat).SetInt(bigPow10(scale)))
	return roundDiv(s.Num(), s.Denom())
}

// valid checks the promise of one representation: what 128 bits hold is small.
func valid(t require.TestingT, d Dec) {
	if d.ext != nil {
		_, _, ok := unchecked(d.ext, d.Scale()).Coef128()
		require.False(t, ok, "a small coefficient is kept big")
	}
}

func TestCoef128At(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDec.Draw(t, "d")
		scale := d.Scale() + rapid.IntRange(0, 45).Draw(t, "more")
		want := new(big.Int).Mul(d.coef(), bigPow10(scale-d.Scale()))
		hi, lo, ok := Coef128At(d, scale)
		x, err := FromBig(want, scale)
		require.NoError(t, err)
		_, _, fits := x.Coef128()
		require.Equal(t, d.small() && fits, ok)
		if ok {
			require.Equal(t, want.String(), FromInt128(hi, lo, 0).String())
		}
	})
	_, _, ok := Coef128At(NaN(), 0)
	require.False(t, ok)
}

func TestArithmeticAgainstRat(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyDec.Draw(t, "a"), anyDec.Draw(t, "b")
		x, y := rat(a), rat(b)
		check := func(d Dec, err error, want *big.Rat, scale int) {
			require.NoError(t, err)
			valid(t, d)
			require.Equal(t, scale, d.Scale())
			require.Zero(t, rat(d).Cmp(want), "%s, want %s", d, want.FloatString(scale))
		}
		d, err := Add(a, b)
		check(d, err, new(big.Rat).Add(x, y), max(a.Scale(), b.Scale()))
		d, err = Sub(a, b)
		check(d, err, new(big.Rat).Sub(x, y), max(a.Scale(), b.Scale()))
		d, err = Mul(a, b)
		check(d, err, new(big.Rat).Mul(x, y), a.Scale()+b.Scale())
		check(Neg(a), nil, new(big.Rat).Neg(x), a.Scale())
		check(Abs(a), nil, new(big.Rat).Abs(x), a.Scale())
		require.Equal(t, x.Cmp(y), Cmp(a, b))
		require.Equal(t, x.Cmp(y) == 0, string(AppendKey(nil, a)) == string(AppendKey(nil, b)))
		require.Equal(t, x.Cmp(y) == 0, a.Hash() == b.Hash())
	})
}

func TestDivisionAgainstRat(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyDec.Draw(t, "a"), anyDec.Draw(t, "b")
		if b.Sign() == 0 {
			return
		}
		quo := new(big.Rat).Quo(rat(a), rat(b))
		q, err := Div(a, b)
		require.NoError(t, err)
		valid(t, q)
		require.Zero(t, atScale(quo, q.Scale()).Cmp(q.Coef()))
		whole, err := DivTrunc(a, b)
		require.NoError(t, err)
		valid(t, whole)
		require.Zero(t, whole.Scale())
		require.Zero(t, whole.Coef().Cmp(new(big.Int).Quo(quo.Num(), quo.Denom())))
		m, err := Mod(a, b)
		require.NoError(t, err)
		valid(t, m)
		require.Equal(t, max(a.Scale(), b.Scale()), m.Scale())
		back := new(big.Rat).Add(rat(m), new(big.Rat).Mul(rat(whole), rat(b)))
		require.Zero(t, back.Cmp(rat(a)))
	})
}

func TestRoundingAgainstRat(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, scale := anyDec.Draw(t, "d"), rapid.IntRange(0, 60).Draw(t, "scale")
		r, err := Round(d, scale)
		require.NoError(t, err)
		valid(t, r)
		require.Zero(t, atScale(rat(d), scale).Cmp(r.Coef()))
		cut := Trunc(d, scale)
		require.LessOrEqual(t, Cmp(Abs(cut), Abs(d)), 0)
		up, err := Ceil(d)
		require.NoError(t, err)
		down, err := Floor(d)
		require.NoError(t, err)
		require.True(t, Cmp(down, d) <= 0 && Cmp(d, up) <= 0)
		width, err := Sub(up, down)
		require.NoError(t, err)
		require.LessOrEqual(t, Cmp(width, FromInt64(1)), 0)
		trimmed := TrimScale(d)
		require.Zero(t, Cmp(trimmed, d))
		require.True(t, trimmed.Scale() == 0 || new(big.Int).Rem(trimmed.coef(), big.NewInt(10)).Sign() != 0)
		v, ok := ToInt64(d)
		whole := atScale(rat(d), 0)
		require.Equal(t, whole.IsInt64(), ok)
		if ok {
			require.Equal(t, whole.Int64(), v)
		}
	})
}

func TestTextAgainstRat(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDec.Draw(t, "d")
		require.Equal(t, rat(d).FloatString(d.Scale()), d.String())
		back, err := Parse(d.String())
		require.NoError(t, err)
		require.Equal(t, d.Scale(), back.Scale())
		require.Zero(t, Cmp(d, back))
		f, _ := rat(d).Float64()
		require.Equal(t, f, ToFloat64(d))
	})
}

func TestSumAgainstRat(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(anyDec, 1, 20).Draw(t, "values")
		parts := make([]Sum, 3)
		want, scale := new(big.Rat), 0
		for i, d := range list {
			parts[i%3].Add(d)
			want.Add(want, rat(d))
			scale = max(scale, d.Scale())
		}
		parts[1].Merge(&parts[2])
		parts[0].Merge(&parts[1])
		got := parts[0].Result()
		valid(t, got)
		require.Equal(t, scale, got.Scale())
		require.Zero(t, rat(got).Cmp(want))
	})
}

func TestQuoRem256(t *testing.T) {
	t.Parallel()
	word := rapid.OneOf(rapid.Uint64(), rapid.SampledFrom([]uint64{0, 1, 2, 1 << 63, 1<<63 - 1, 1<<64 - 1, 1<<64 - 2, 1 << 32}))
	wide := rapid.Custom(func(t *rapid.T) u128 { return u128{word.Draw(t, "hi"), word.Draw(t, "lo")} })
	rapid.Check(t, func(t *rapid.T) {
		hi, lo, d := wide.Draw(t, "hi"), wide.Draw(t, "lo"), wide.Draw(t, "d")
		if d.isZero() {
			return
		}
		n := hi.big()
		n.Or(n.Lsh(n, 128), lo.big())
		wantQ, wantR := new(big.Int).QuoRem(n, d.big(), new(big.Int))
		q, r, ok := quoRem256(hi, lo, d)
		require.Equal(t, wantQ.BitLen() <= 128, ok)
		if ok {
			require.Zero(t, q.big().Cmp(wantQ))
			require.Zero(t, r.big().Cmp(wantR))
		}
		q, r = lo.quoRem(d)
		wantQ.QuoRem(lo.big(), d.big(), wantR)
		require.Zero(t, q.big().Cmp(wantQ))
		require.Zero(t, r.big().Cmp(wantR))
		ph, pl := lo.mul(d)
		product := ph.big()
		product.Or(product.Lsh(product, 128), pl.big())
		require.Zero(t, product.Cmp(new(big.Int).Mul(lo.big(), d.big())))
	})
}

// TestLogAndExpInverse checks the transcendental functions where there is no golden value: each undoes the other to the digits they share.
func TestLogAndExpInverse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := New(rapid.Int64Range(1, 1<<50).Draw(t, "coef"), rapid.IntRange(0, 12).Draw(t, "scale"))
		wide, err := d.rescale(60, halfAway) // a larger scale asks for more digits
		require.NoError(t, err)
		ln, err := Ln(wide)
		require.NoError(t, err)
		back, err := Exp(ln)
		require.NoError(t, err)
		off, err := Sub(back, d)
		require.NoError(t, err)
		bound, err := Mul(wide, New(1, 55))
		require.NoError(t, err)
		require.LessOrEqual(t, Cmp(Abs(off), bound), 0, "exp(ln(%s)) = %s", d, back)
		root, err := Sqrt(d)
		require.NoError(t, err)
		require.Zero(t, roundQuo(rootFloor(root, d), 1).Cmp(root.Coef()))
	})
}

// rootFloor gives the root of d at one digit more than root shows, rounded down: the largest whole number whose square does not exceed d.
func rootFloor(root, d Dec) *big.Int {
	target := shiftBig(d.coef(), 2*(root.Scale()+1)-d.Scale())
	z := new(big.Int).Mul(root.coef(), big.NewInt(10))
	for z.Sub(z, big.NewInt(6)); ; {
		next := new(big.Int).Add(z, big.NewInt(1))
		if new(big.Int).Mul(next, next).Cmp(target) > 0 {
			return z
		}
		z = next
	}
}
