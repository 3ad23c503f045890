package parquetio

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// jobsRows gives n rows shaped like a job history: random UUIDs, few types, states, nodes and users, log-normal sizes and times, one long text
// in two. coded tells whether text comes as codes, as hot segments hold it, or as strings.
func jobsRows(n int, coded bool, seed uint64) *vec.Batch {
	d := schemahistory.Contract()[0]
	r := rand.New(rand.NewPCG(seed, 7))
	b := &vec.Batch{N: n}
	for _, c := range d.Columns {
		b.Cols = append(b.Cols, vec.New(c.Type, n))
	}
	types, states := []string{"flush", "compact", "backup", "migrate"}, []string{"completed", "completed", "completed", "completed", "failed", "cancelled"}
	at := int64(1_760_000_000_000_000)
	for i := range n {
		for k := range 16 {
			b.Cols[0].UUIDs[i][k] = byte(r.Uint32())
		}
		at += r.Int64N(2_000_000)
		b.Cols[1].Strs[i] = types[r.IntN(len(types))]
		state := states[r.IntN(len(states))]
		b.Cols[2].Strs[i] = state
		b.Cols[3].Strs[i] = fmt.Sprintf(`["ns%d", "table%d", "user%d"]`, r.IntN(20), r.IntN(200), r.IntN(5))
		b.Cols[5].Strs[i] = fmt.Sprintf("node-%d:flush-actor-%d:thread-%d", r.IntN(8), r.IntN(8), r.IntN(32))
		b.Cols[6].Ints[i] = int64(r.ExpFloat64() * 52428800)
		b.Cols[7].Ints[i] = int64(r.ExpFloat64() * 1500000)
		b.Cols[8].Ints[i], b.Cols[9].Ints[i] = at, at+r.Int64N(5_000_000)
		b.Cols[10].Ints[i] = b.Cols[9].Ints[i] + int64(r.ExpFloat64()*3_000_000)
		if state == "failed" {
			b.Cols[4].SetNull(i)
			b.Cols[11].Strs[i] = fmt.Sprintf("connection reset by node-%d", r.IntN(8))
		} else {
			b.Cols[4].Strs[i] = fmt.Sprintf("Flushed %d,%03d records to ./data/storage/chat/table%d/batch-2025-10-21-%06d.parquet", r.IntN(90)+10, r.IntN(1000),
				r.IntN(200), r.IntN(240000))
			b.Cols[11].SetNull(i)
		}
	}
	if coded {
		for i, c := range d.Columns {
			if c.Dictionary && i != 4 {
				b.Cols[i] = encodeDict(b.Cols[i])
			}
		}
	}
	return b
}

// encodeDict gives a string vector in dictionary-coded form.
func encodeDict(v *vec.Vec) *vec.Vec {
	codes, places := make([]uint16, v.N), map[string]uint16{}
	var entries []string
	for i, s := range v.Strs {
		if v.IsNull(i) {
			continue
		}
		c, ok := places[s]
		if !ok {
			c = uint16(len(entries))
			places[s], entries = c, append(entries, s)
		}
		codes[i] = c
	}
	return vec.NewDict(codes, vec.NewFlat(v.Type, entries, nil), v.Valid)
}

// cpuTime is the processor time of the process, in which other processes on the machine show less than in elapsed time.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkWriteJobs(b *testing.B) {
	for _, coded := range []bool{true, false} {
		b.Run(fmt.Sprintf("coded=%v", coded), func(b *testing.B) {
			rows := jobsRows(4*RowGroupRows, coded, 1)
			d := schemahistory.Contract()[0]
			var bytes int64
			start := cpuTime()
			for b.Loop() {
				w, err := NewWriter(io.Discard, d, nil)
				require.NoError(b, err)
				for lo := 0; lo < rows.N; lo += 4096 {
					require.NoError(b, w.Write(rows.Slice(lo, lo+4096)))
				}
				info, err := w.Close()
				require.NoError(b, err)
				bytes = info.Bytes
			}
			b.ReportMetric(float64(rows.N)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
			b.ReportMetric(float64(bytes)/float64(rows.N), "bytes/row")
			b.ReportMetric(float64(cpuTime()-start)/float64(rows.N)/float64(b.N), "cpu-ns/row")
		})
	}
}

// BenchmarkWriteSmallFile is a flush into many directories: a file of ten rows.
func BenchmarkWriteSmallFile(b *testing.B) {
	rows := jobsRows(10, true, 1)
	d := schemahistory.Contract()[0]
	b.ReportAllocs()
	for b.Loop() {
		w, err := NewWriter(io.Discard, d, nil)
		require.NoError(b, err)
		require.NoError(b, w.Write(rows))
		_, err = w.Close()
		require.NoError(b, err)
	}
}

// writeJobs writes a file of one row group.
func writeJobs(t testing.TB, path string, rows int, opts *WriteOptions) {
	out, err := os.Create(path)
	require.NoError(t, err)
	w, err := NewWriter(out, schemahistory.Contract()[0], opts)
	require.NoError(t, err)
	require.NoError(t, w.Write(jobsRows(rows, true, 1)))
	_, err = w.Close()
	require.NoError(t, err)
	require.NoError(t, out.Close())
}

// least runs f again and again and reports the shortest time for each of n values, which other work on the machine changes less than the mean.
func least(b *testing.B, n int, f func() error) {
	best := time.Duration(math.MaxInt64)
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		if err := f(); err != nil {
			b.Fatal(err)
		}
		best = min(best, time.Since(start))
	}
	b.ReportMetric(float64(best)/float64(n), "least-ns/value")
}

// BenchmarkReadJobs reads each column of a row group: into memory of its own, into memory that is used again, a page of it alone, its page index, and
// with arrow-go's reader into memory that is used again.
func BenchmarkReadJobs(b *testing.B) {
	path := filepath.Join(b.TempDir(), "jobs.parquet")
	writeJobs(b, path, RowGroupRows, nil)
	f, err := Open(vfs.OS(), path, nil)
	require.NoError(b, err)
	defer f.Close()
	arrow, err := file.OpenParquetFile(path, false)
	require.NoError(b, err)
	defer arrow.Close()
	ctx := context.Background()
	for i, c := range f.Columns() {
		b.Run(c.Name+"/fresh", func(b *testing.B) {
			least(b, RowGroupRows, func() error {
				_, err := f.ReadColumn(ctx, 0, i)
				return err
			})
		})
		r := &ColumnReader{}
		b.Run(c.Name+"/again", func(b *testing.B) {
			least(b, RowGroupRows, func() error {
				if err := r.Open(f, 0, i); err != nil {
					return err
				}
				_, err := r.Read(ctx, nil)
				return err
			})
		})
		pages, err := f.Pages(0, i)
		require.NoError(b, err)
		page := pages.Rows(1)
		b.Run(c.Name+"/page", func(b *testing.B) {
			least(b, page.Hi-page.Lo, func() error {
				if err := r.Open(f, 0, i); err != nil {
					return err
				}
				_, err := r.Read(ctx, []RowRange{page})
				return err
			})
		})
		b.Run(c.Name+"/arrow-go", func(b *testing.B) {
			into := arrowBatch{levels: make([]int16, RowGroupRows)}
			least(b, RowGroupRows, func() error {
				column, err := arrow.RowGroup(0).Column(i)
				if err != nil {
					return err
				}
				return into.read(column)
			})
		})
	}
}

// BenchmarkReadSmallFile opens a file of ten rows and reads all of it, which is what a query of many small files does.
func BenchmarkReadSmallFile(b *testing.B) {
	path := filepath.Join(b.TempDir(), "jobs.parquet")
	writeJobs(b, path, 10, nil)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		f, err := Open(vfs.OS(), path, nil)
		require.NoError(b, err)
		for i := range f.Columns() {
			_, err := f.ReadColumn(ctx, 0, i)
			require.NoError(b, err)
		}
		require.NoError(b, f.Close())
	}
}

// arrowBatch is memory into which arrow-go reads columns.
type arrowBatch struct {
	levels []int16
	ints   []int64
	bytes  []parquet.ByteArray
	fixed  []parquet.FixedLenByteArray
}

func (a *arrowBatch) read(column file.ColumnChunkReader) error {
	var err error
	for more := true; more && err == nil; more = column.HasNext() {
		switch r := column.(type) {
		case *file.Int64ColumnChunkReader:
			_, _, err = r.ReadBatch(RowGroupRows, sized(&a.ints, RowGroupRows), a.levels, nil)
		case *file.ByteArrayColumnChunkReader:
			_, _, err = r.ReadBatch(RowGroupRows, sized(&a.bytes, RowGroupRows), a.levels, nil)
		case *file.FixedLenByteArrayColumnChunkReader:
			_, _, err = r.ReadBatch(RowGroupRows, sized(&a.fixed, RowGroupRows), a.levels, nil)
		}
	}
	return err
}

func BenchmarkKernels(b *testing.B) {
	const n = 16384
	r := rand.New(rand.NewPCG(1, 2))
	run := func(name string, f func()) {
		b.Run(name, func(b *testing.B) {
			least(b, n, func() error {
				f()
				return nil
			})
		})
	}
	ints := make([]int64, n)
	for _, width := range []int{1, 8, 13, 20, 30, 60} {
		for i := range ints {
			ints[i] = r.Int64N(1 << width)
		}
		packed := appendDelta(nil, ints, false)
		run(fmt.Sprintf("delta decode %d bits", width), func() {
			if _, err := decodeDelta(ints, packed, false); err != nil {
				b.Fatal(err)
			}
		})
		run(fmt.Sprintf("delta encode %d bits", width), func() { packed = appendDelta(packed[:0], ints, false) })
	}
	codes := make([]uint16, n)
	for _, width := range []int{1, 3, 8, 11, 16} {
		for i := range codes {
			codes[i] = uint16(r.IntN(1 << width))
		}
		packed := appendCodes(nil, codes, width)
		run(fmt.Sprintf("codes decode %d bits", width), func() {
			if err := decodeCodes(codes, packed, 1<<width); err != nil {
				b.Fatal(err)
			}
		})
		run(fmt.Sprintf("codes encode %d bits", width), func() { packed = appendCodes(packed[:0], codes, width) })
	}
	valid := make(vec.Bitmap, n/64)
	for i := range valid {
		valid[i] = r.Uint64()
	}
	levels := appendLevels(nil, valid, 0, n)[4:]
	out := make(vec.Bitmap, n/64)
	run("levels decode", func() {
		clear(out)
		if _, err := decodeLevels(levels, n, out, 0); err != nil {
			b.Fatal(err)
		}
	})
	half := valid.Count(n)
	run("spread", func() { spread(ints, half, valid, 0) })
	strs := make([]string, n)
	for i := range strs {
		strs[i] = fmt.Sprintf("Flushed %d records to ./data/storage", r.IntN(100000))
	}
	plain, lengths := appendPlainStrings(nil, strs), appendDeltaLengths(nil, strs, make([]int64, n))
	scratch := make([]int64, n)
	run("strings plain", func() { _ = plainStrings(strs, plain) })
	run("strings delta length", func() { _ = decodeDeltaLengths(strs, lengths, scratch) })
	run("strings check UTF-8", func() { _ = checkText(strs, nil) })
}

// BenchmarkOpen opens files of jobs: one as a flush leaves it for a user, and one of many row groups.
func BenchmarkOpen(b *testing.B) {
	for _, c := range []struct {
		name string
		rows int
		opts *WriteOptions
	}{
		{"1 row group", 200, &WriteOptions{Aggregates: &AggregateOptions{GroupBy: []string{"job_type", "status"}}}},
		{"100 row groups", 6400, &WriteOptions{RowGroupRows: 64}},
	} {
		b.Run(c.name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "jobs.parquet")
			writeJobs(b, path, c.rows, c.opts)
			b.ReportAllocs()
			start := cpuTime()
			for b.Loop() {
				f, err := Open(vfs.OS(), path, nil)
				if err != nil {
					b.Fatal(err)
				}
				if err := f.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(cpuTime()-start)/float64(b.N), "cpu-ns/op")
		})
	}
}
