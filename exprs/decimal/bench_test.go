package decimal

import "testing"

// The operands lie in vectors, as in the engine, so that nothing is folded or predicted away.
const benchLen = 1024

func benchOperands() (a, b []Dec) {
	for i := range int64(benchLen) {
		a = append(a, New(1_000_000_007*(i+1)%987_654_321_012, 2))
		b = append(b, New(998_244_353*(i+3)%123_456_789+1, 2))
	}
	return a, b
}

func benchBinary(b *testing.B, x, y []Dec, f func(a, b Dec) (Dec, error)) {
	b.ReportAllocs()
	out := make([]Dec, len(x))
	i := 0
	for b.Loop() {
		out[i], _ = f(x[i], y[i])
		i = (i + 1) % benchLen
	}
}

func BenchmarkAdd(b *testing.B) {
	x, y := benchOperands()
	benchBinary(b, x, y, Add)
}

func BenchmarkAddScales(b *testing.B) {
	x, y := benchOperands()
	for i := range y {
		y[i].meta = 6
	}
	benchBinary(b, x, y, Add)
}

func BenchmarkMul(b *testing.B) {
	x, y := benchOperands()
	benchBinary(b, x, y, Mul)
}

func BenchmarkDiv(b *testing.B) {
	x, y := benchOperands()
	benchBinary(b, x, y, Div)
}

func BenchmarkDivSlow(b *testing.B) {
	x, y := benchOperands()
	benchBinary(b, x, y, divSlow)
}

func BenchmarkCmp(b *testing.B) {
	x, y := benchOperands()
	b.ReportAllocs()
	n, i := 0, 0
	for b.Loop() {
		n += Cmp(x[i], y[i])
		i = (i + 1) % benchLen
	}
}

func BenchmarkCmpScales(b *testing.B) {
	x, y := benchOperands()
	for i := range y {
		y[i].meta = 6
	}
	b.ReportAllocs()
	n, i := 0, 0
	for b.Loop() {
		n += Cmp(x[i], y[i])
		i = (i + 1) % benchLen
	}
}

func BenchmarkAppendTo(b *testing.B) {
	x, y := benchOperands()
	for i := range x {
		x[i], _ = Div(x[i], y[i])
	}
	b.ReportAllocs()
	buf := make([]byte, 0, 64)
	i := 0
	for b.Loop() {
		buf = x[i].AppendTo(buf[:0])
		i = (i + 1) % benchLen
	}
}

func BenchmarkAppendToInt(b *testing.B) {
	b.ReportAllocs()
	buf := make([]byte, 0, 64)
	i := int64(1)
	for b.Loop() {
		buf = FromInt64(i * 7919).AppendTo(buf[:0])
		i++
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = Parse("-1234567890.12345678")
	}
}

func BenchmarkSum(b *testing.B) {
	x, _ := benchOperands()
	b.ReportAllocs()
	var s Sum
	i := 0
	for b.Loop() {
		s.Add(x[i])
		i = (i + 1) % benchLen
	}
}

func BenchmarkSumInt128(b *testing.B) {
	var s Int128
	i := int64(0)
	for b.Loop() {
		s.Add(i)
		i++
	}
}

func BenchmarkAppendKey(b *testing.B) {
	x, _ := benchOperands()
	b.ReportAllocs()
	buf := make([]byte, 0, 64)
	i := 0
	for b.Loop() {
		buf = AppendKey(buf[:0], x[i])
		i = (i + 1) % benchLen
	}
}

func BenchmarkHash(b *testing.B) {
	x, _ := benchOperands()
	var h uint64
	i := 0
	for b.Loop() {
		h ^= x[i].Hash()
		i = (i + 1) % benchLen
	}
}

func BenchmarkExp(b *testing.B) {
	for b.Loop() {
		_, _ = Exp(New(12345, 4))
	}
}

func BenchmarkLn(b *testing.B) {
	for b.Loop() {
		_, _ = Ln(New(12345, 1))
	}
}
