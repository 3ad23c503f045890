package decimal

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The square root by halves is math/big's, and the remainder belongs to it, also next to squares, where the correction is made.
func TestBigSqrt(t *testing.T) {
	t.Parallel()
	check := func(t require.TestingT, z *big.Int) {
		before := new(big.Int).Set(z)
		s, r := sqrtRem(z)
		require.Zero(t, z.Cmp(before), "the argument has changed")
		require.Zero(t, s.Cmp(new(big.Int).Sqrt(z)), "of %d bits", z.BitLen())
		require.Zero(t, r.Add(r, new(big.Int).Mul(s, s)).Cmp(z), "of %d bits", z.BitLen())
	}
	for bits := range uint(4500) {
		z := new(big.Int).Lsh(big.NewInt(1), bits)
		check(t, z)
		check(t, new(big.Int).Sub(z, big.NewInt(1)))
	}
	rapid.Check(t, func(t *rapid.T) {
		z := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 1, 2000).Draw(t, "bytes"))
		if rapid.Bool().Draw(t, "square") {
			z.Mul(z, z)
		}
		z.Add(z, big.NewInt(rapid.Int64Range(-2, 2).Draw(t, "off")))
		check(t, z.Abs(z))
	})
}

func BenchmarkSqrtLongest(b *testing.B) {
	d := unchecked(bigPow10(131071), 0)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = Sqrt(d)
	}
}
