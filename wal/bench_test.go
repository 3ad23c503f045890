package wal_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/wal"
)

// BenchmarkAppendSync measures acknowledged records of 500 bytes on the host's disk. fsyncs/op below 1 is what group commit saves.
func BenchmarkAppendSync(b *testing.B) {
	for _, writers := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			l, _, err := wal.Open(b.TempDir(), 0, nil, nil)
			require.NoError(b, err)
			data := make([]byte, 500)
			var group sync.WaitGroup
			b.ResetTimer()
			for w := range writers {
				group.Go(func() {
					for range (b.N + w) / writers {
						seq, err := l.Append(1, data)
						if err == nil {
							err = l.Sync(context.Background(), seq)
						}
						if err != nil {
							b.Error(err)
						}
					}
				})
			}
			group.Wait()
			b.StopTimer()
			b.ReportMetric(float64(l.Stats().Syncs)/float64(b.N), "fsyncs/op")
			require.NoError(b, l.Close())
		})
	}
}

// BenchmarkAppend measures appending without waiting, written but not synced.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{100, 1000, 64 << 10, 4 << 20} {
		b.Run(fmt.Sprintf("bytes=%d", size), func(b *testing.B) {
			l, _, err := wal.Open(b.TempDir(), 0, &wal.Options{Durability: wal.Off}, nil)
			require.NoError(b, err)
			data := make([]byte, size)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := l.Append(1, data); err != nil {
					b.Fatal(err)
				}
				if l.Last()%1024 == 0 {
					if err := l.TruncateBefore(l.Last()); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.StopTimer()
			require.NoError(b, l.Close())
		})
	}
}

// benchLog makes a log of about total bytes with records of a size, and leaves it as a killed process does.
func benchLog(b *testing.B, total, size int) (path string, records int64) {
	path = b.TempDir()
	l, _, err := wal.Open(path, 0, &wal.Options{Durability: wal.Off}, nil)
	require.NoError(b, err)
	data := make([]byte, size)
	for range total / (size + 24) {
		if _, err := l.Append(1, data); err != nil {
			b.Fatal(err)
		}
	}
	require.NoError(b, l.Flush(b.Context()))
	return path, int64(total / (size + 24))
}

// BenchmarkReplay measures reading a log of 256 MiB, and with STOA_TORTURE of 1 GiB, from the page cache.
func BenchmarkReplay(b *testing.B) {
	total := 256 << 20
	if torture(b) > 1 {
		total = 1 << 30
	}
	for _, size := range []int{100, 250, 1000, 64 << 10, 4 << 20} {
		b.Run(fmt.Sprintf("bytes=%d", size), func(b *testing.B) {
			path, records := benchLog(b, total, size)
			b.SetBytes(int64(total))
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				found, err := wal.Replay(path, 0, nil, func(_ uint64, _ byte, p []byte) error { n += len(p); return nil })
				require.NoError(b, err)
				require.Equal(b, records, found.Records)
				require.EqualValues(b, records*int64(size), n)
			}
		})
	}
}

// BenchmarkOpen measures the recovery of a log that was killed: reading it, and making its end durable.
func BenchmarkOpen(b *testing.B) {
	total := 256 << 20
	if torture(b) > 1 {
		total = 1 << 30
	}
	path, records := benchLog(b, total, 250)
	b.SetBytes(int64(total))
	for b.Loop() {
		_, found, err := wal.Open(path, 0, nil, func(uint64, byte, []byte) error { return nil })
		require.NoError(b, err)
		require.Equal(b, records, found.Records)
		require.Zero(b, found.TornBytes)
	}
}
