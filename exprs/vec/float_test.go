package vec_test

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs/vec"
)

// The golden files have what PostgreSQL 15 writes for the floats with the given bits:
//
//	CREATE TEMP TABLE t (n serial, bits text, v float8);   -- v read from 17 digits
//	SELECT bits, v FROM t ORDER BY n;
//
// Among them are powers of two and of ten with their neighbours, subnormal numbers, and floats whose neighbours lie as far from a short decimal as they do.
func TestFloatText(t *testing.T) {
	t.Parallel()
	for name, bits := range map[string]int{"float8": 64, "float4": 32} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := os.Open("testdata/" + name + ".tsv")
			require.NoError(t, err)
			defer f.Close()
			lines := 0
			for s := bufio.NewScanner(f); s.Scan(); lines++ {
				raw, want, _ := strings.Cut(s.Text(), "\t")
				u, err := strconv.ParseUint(raw, 16, 64)
				require.NoError(t, err)
				x := math.Float64frombits(u)
				if bits == 32 {
					x = float64(math.Float32frombits(uint32(u)))
				}
				require.Equal(t, want, string(vec.AppendFloat(nil, x, bits)), raw)
			}
			require.Greater(t, lines, 2000)
		})
	}
}

func TestFloatSpecials(t *testing.T) {
	t.Parallel()
	for _, bits := range []int{32, 64} {
		for want, x := range map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1), "0": 0, "-0": math.Copysign(0, -1)} {
			require.Equal(t, "x"+want, string(vec.AppendFloat([]byte("x"), x, bits)))
		}
	}
}

func BenchmarkAppendFloat(b *testing.B) {
	for name, x := range map[string]float64{"short": 12.5, "long": 0.1234567890123456, "large": 1.2345678901234568e+30, "halfway": 1e23} {
		b.Run(name, func(b *testing.B) {
			var buf []byte
			b.ReportAllocs()
			for b.Loop() {
				buf = vec.AppendFloat(buf[:0], x, 64)
			}
		})
	}
}
