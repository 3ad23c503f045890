package tables

import (
	"fmt"
	"testing"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// jobRows makes a batch of jobs.
func jobRows(b *testing.B, lo, n int) *vec.Batch {
	jobs := make([]*Job, n)
	for i := range jobs {
		k := lo + i
		text := fmt.Sprintf("Flushed %d records", k)
		trace := fmt.Sprintf("node-%d:actor-%d:thread-%d", k%32, k%8, k%16)
		jobs[i] = &Job{JobType: "flush", Status: Completed, Result: &text, Trace: &trace}
		jobs[i].JobID[0], jobs[i].JobID[5], jobs[i].JobID[6], jobs[i].JobID[15] = byte(k), byte(k>>8), byte(k>>16), byte(k>>24)
	}
	batch, err := BatchOf(schemahistory.Contract()[0], jobs)
	if err != nil {
		b.Fatal(err)
	}
	return batch
}

func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{1, 65536} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			table := New(schemahistory.Contract()[0], 0)
			batch := jobRows(b, 0, n)
			b.ReportAllocs()
			seq := uint64(0)
			for b.Loop() {
				for i := range batch.Cols[0].UUIDs {
					batch.Cols[0].UUIDs[i][10] = byte(seq)
					batch.Cols[0].UUIDs[i][11] = byte(seq >> 8)
					batch.Cols[0].UUIDs[i][12] = byte(seq >> 16)
				}
				seq++
				if c := table.Append(batch, nil); c != nil {
					b.Fatal(c)
				}
				table.Commit(nil, seq)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkLive(b *testing.B) {
	table := New(schemahistory.Contract()[0], 0)
	table.Append(jobRows(b, 0, 65536), nil)
	table.Commit(nil, 1)
	table.Commit([]RowID{HotID(1, 5)}, 2)
	segment := &table.View(2).Segments()[0]
	sel := make([]int32, 0, 65536)
	b.SetBytes(8 * 65536)
	for b.Loop() {
		sel = segment.Live(0, 65536, sel[:0])
	}
}

func BenchmarkView(b *testing.B) {
	table := New(schemahistory.Contract()[0], 16)
	table.Append(jobRows(b, 0, 65536), nil)
	table.Commit(nil, 1)
	b.ReportAllocs()
	for b.Loop() {
		table.View(1)
	}
}
