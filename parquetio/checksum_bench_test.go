package parquetio

import (
	"context"
	"hash/crc32"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
)

// BenchmarkChecksums is the cost of checking what is read: of the footer when a file is opened, of a column chunk when it is read first. A row group of jobs is
// read, all columns; "checksum alone" is the CRC-32C of the same bytes in memory, so that its share of "chunks" is what checking costs; "pages" is what a reader
// does who knows no sums of chunks and checks those in the page headers.
func BenchmarkChecksums(b *testing.B) {
	path := filepath.Join(b.TempDir(), "jobs.parquet")
	writeJobs(b, path, RowGroupRows, nil)
	fs, ctx := vfs.OS(), context.Background()
	f, err := Open(fs, path, nil)
	require.NoError(b, err)
	defer f.Close()
	raw, err := vfs.ReadFile(fs, path, 1<<30)
	require.NoError(b, err)
	footer := raw[int64(len(raw))-f.footer:]
	bytes := int64(0)
	for col := range f.columns {
		_, size := f.chunkRange(0, f.leaves[col].index)
		bytes += size
	}
	for name, opts := range map[string]*ReadOptions{
		"open/checked": {Size: f.size, FooterCRC: crc32.Checksum(footer, castagnoli()), HasFooterCRC: true}, "open/unchecked": {Size: f.size},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				g, err := Open(fs, path, opts)
				require.NoError(b, err)
				require.NoError(b, g.Close())
			}
		})
	}
	read := func(b *testing.B, r *ColumnReader) {
		b.SetBytes(bytes)
		for b.Loop() {
			for col := range f.columns {
				require.NoError(b, r.Open(f, 0, col))
				_, err := r.Read(ctx, nil)
				require.NoError(b, err)
			}
		}
	}
	sums := f.chunkSums
	require.NotNil(b, sums)
	b.Run("read/chunks", func(b *testing.B) { read(b, &ColumnReader{}) })
	b.Run("read/pages", func(b *testing.B) {
		f.chunkSums = nil
		defer func() { f.chunkSums = sums }()
		read(b, &ColumnReader{})
	})
	b.Run("read/checksum alone", func(b *testing.B) {
		b.SetBytes(bytes)
		for b.Loop() {
			for col := range f.columns {
				from, size := f.chunkRange(0, f.leaves[col].index)
				require.Equal(b, sums[0][f.leaves[col].index], crc32.Checksum(raw[from:from+size], f.table))
			}
		}
	})
}
