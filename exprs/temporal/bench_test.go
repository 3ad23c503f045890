package temporal

import (
	"testing"
	"time"
)

// A few thousand timestamps over two years, so that branches are not learnt by heart.
func benchTimestamps() []int64 {
	out := make([]int64, 4096)
	for i := range out {
		out[i] = 1_700_000_000*MicrosPerSecond + int64(i)*15_432_123_457
	}
	return out
}

func BenchmarkParseTimestampISO(b *testing.B) {
	texts := make([]string, 0, 4096)
	for _, ts := range benchTimestamps() {
		texts = append(texts, string(AppendTimestamp(nil, ts)))
	}
	p := &Parser{}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := p.Timestamp(texts[i&4095]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkParseTimestampFree(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseTimestamp("Tue Oct 21 14:30:22.5 2025"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseInterval(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseInterval("1 day 02:03:04.5"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendTimestamp(b *testing.B) {
	values, buf, i := benchTimestamps(), make([]byte, 0, 64), 0
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendTimestamp(buf[:0], values[i&4095])
		i++
	}
}

func BenchmarkAppendTimestampTZNamed(b *testing.B) {
	zone, err := LoadZone("America/New_York")
	if err != nil {
		b.Skip(err)
	}
	values, buf, i := benchTimestamps(), make([]byte, 0, 64), 0
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendTimestampTZ(buf[:0], values[i&4095], zone)
		i++
	}
}

func BenchmarkTimestampSub(b *testing.B) {
	values, i := benchTimestamps(), 0
	for b.Loop() {
		if _, err := TimestampSub(values[i&4095], values[(i+1)&4095]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkTimestampAddInterval(b *testing.B) {
	values, i := benchTimestamps(), 0
	iv := Interval{Months: 1, Days: 2, Micros: 3}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := TimestampAddInterval(values[i&4095], iv); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkExtractTimestamp(b *testing.B) {
	for name, f := range map[string]Field{"epoch": FieldEpoch, "hour": FieldHour, "month": FieldMonth, "week": FieldWeek, "julian": FieldJulian} {
		b.Run(name, func(b *testing.B) {
			values, i := benchTimestamps(), 0
			for b.Loop() {
				_ = ExtractTimestamp(f, values[i&4095])
				i++
			}
		})
	}
}

func BenchmarkTruncTimestamp(b *testing.B) {
	values, i := benchTimestamps(), 0
	for b.Loop() {
		_, _ = TruncTimestampTZ(FieldMonth, values[i&4095], time.UTC)
		i++
	}
}

func BenchmarkIntervalMulFloat(b *testing.B) {
	iv := Interval{Months: 14, Days: 9, Micros: 123456789}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = iv.MulFloat(0.37)
	}
}
