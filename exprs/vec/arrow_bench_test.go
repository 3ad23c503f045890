package vec_test

import (
	"fmt"
	"testing"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

func BenchmarkTextsToArrow(b *testing.B) {
	texts, numerics := vec.New(arrowschema.Text, 8192), vec.New(arrowschema.Numeric, 8192)
	for i := range texts.Strs {
		texts.Strs[i] = fmt.Sprintf("namespace-%d.table_%d", i%40, i%7919)
		numerics.Decs[i] = decimal.FromInt128(int64(i%3), uint64(i)*0x9E3779B97F4A7C15, 20)
	}
	codes := make([]uint16, texts.N)
	for i := range codes {
		codes[i] = uint16(i * 31 % 100)
	}
	for name, v := range map[string]*vec.Vec{"text": texts, "numeric": numerics, "dictionary": vec.NewDict(codes, texts.Slice(0, 100), nil)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				vec.ToArrow(v).Release()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(v.N), "ns/row")
		})
	}
}
