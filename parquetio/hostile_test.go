package parquetio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
)

// memFS is a file system of one file in memory, for reading.
type memFS struct {
	vfs.FS
	data []byte
}

func (m memFS) Open(string) (vfs.File, error) { return &memFile{Reader: bytes.NewReader(m.data)}, nil }

type memFile struct {
	vfs.File
	*bytes.Reader
}

func (m *memFile) Read(p []byte) (int, error)                { return m.Reader.Read(p) }
func (m *memFile) ReadAt(p []byte, off int64) (int, error)   { return m.Reader.ReadAt(p, off) }
func (m *memFile) Seek(off int64, whence int) (int64, error) { return m.Reader.Seek(off, whence) }
func (m *memFile) Close() error                              { return nil }
func (m *memFile) Stat() (fs.FileInfo, error)                { return memInfo{m.Size()}, nil }

type memInfo struct{ size int64 }

func (i memInfo) Name() string       { return "mem" }
func (i memInfo) Size() int64        { return i.size }
func (i memInfo) Mode() fs.FileMode  { return 0o600 }
func (i memInfo) ModTime() time.Time { return time.Time{} }
func (i memInfo) IsDir() bool        { return false }
func (i memInfo) Sys() any           { return nil }

// exercise does everything that reads, and gives the errors.
func exercise(data []byte) (errs []error) {
	f, err := Open(memFS{data: data}, "mem", &ReadOptions{MaxMemory: 16 << 20})
	if err != nil {
		return []error{err}
	}
	defer f.Close()
	note := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	for rg := range min(f.RowGroups(), 40) {
		for col := range f.Columns()[:min(len(f.Columns()), 200)] {
			f.RowGroupStats(rg, col)
			if n := f.RowGroupRows(rg); n > 2 {
				v, err := f.ReadRows(context.Background(), rg, col, []RowRange{{1, 2}, {n / 2, n - 1}})
				note(err)
				if err == nil {
					v.Flat()
				}
			}
			if p, err := f.Pages(rg, col); err != nil {
				note(err)
			} else if p != nil {
				for i := range p.Len() {
					p.Stats(i)
				}
			}
			_, err := f.DictionaryOf(context.Background(), rg, col)
			note(err)
			v, err := f.ReadColumn(context.Background(), rg, col)
			note(err)
			if err == nil && v.N > 0 {
				f.MayContain(rg, col, v)
				v.Flat() // codes must be within the dictionary
			}
			if c, err := f.Chunk(context.Background(), rg, col); err == nil {
				for {
					v, err := c.Next(1000)
					note(err)
					if v == nil || err != nil {
						break
					}
					v.Flat()
				}
			}
		}
	}
	_, err = Inspect(memFS{data: data}, "mem")
	note(err)
	return errs
}

// samples gives small files of all makers.
func samples(t testing.TB) map[string][]byte {
	out := map[string][]byte{}
	paths, err := filepath.Glob("testdata/foreign/*.parquet")
	require.NoError(t, err)
	for _, p := range paths {
		data, err := os.ReadFile(p)
		require.NoError(t, err)
		out[filepath.Base(p)] = data
	}
	var buf bytes.Buffer
	d := allTypes()
	w, err := NewWriter(&buf, d, &WriteOptions{RowGroupRows: 64})
	require.NoError(t, err)
	require.NoError(t, w.Write(allRows(d, 0, 100, 20, everyThird)))
	_, err = w.Close()
	require.NoError(t, err)
	out["own.parquet"] = buf.Bytes()
	return out
}

func TestDamagedFilesGiveErrors(t *testing.T) {
	t.Parallel()
	for name, data := range samples(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(len(data)), 1))
			for range 60 {
				bad := bytes.Clone(data)
				switch r.IntN(4) {
				case 0:
					bad = bad[:r.IntN(len(bad))]
				case 1: // the footer and the page index
					at := len(bad) - 1 - r.IntN(min(len(bad), 3000))
					bad[at] ^= 1 << r.IntN(8)
				case 2:
					bad[r.IntN(len(bad))] = byte(r.Uint32())
				default:
					for range 5 {
						bad[r.IntN(len(bad))] ^= 1 << r.IntN(8)
					}
				}
				for _, err := range exercise(bad) {
					requireOwnError(t, err)
				}
			}
		})
	}
}

// requireOwnError checks that an error was found by a check, not by a panic.
func requireOwnError(t testing.TB, err error) {
	t.Helper()
	if strings.Contains(err.Error(), "runtime error") {
		require.Fail(t, "a panic in a decoder", "%v", err)
	}
}

// TestFlippedBitsAreNoticed flips bits of a file of ours whose checksums are known: each flip is noticed, or hits bytes that no reader looks at.
func TestFlippedBitsAreNoticed(t *testing.T) {
	t.Parallel()
	d := allTypes()
	var buf bytes.Buffer
	w, err := NewWriter(&buf, d, nil)
	require.NoError(t, err)
	b := allRows(d, 0, 200, 20, everyThird)
	require.NoError(t, w.Write(b))
	info, err := w.Close()
	require.NoError(t, err)
	data := buf.Bytes()
	opts := &ReadOptions{Size: info.Bytes, FooterCRC: info.FooterCRC, HasFooterCRC: true, ChunkCRCs: info.ChunkCRCs}
	f, err := Open(memFS{data: data}, "mem", opts)
	require.NoError(t, err)
	end := int64(0) // of the column chunks
	for col := range f.Columns() {
		from, size := f.chunkRange(0, col)
		end = max(end, from+size)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 400 {
		bad := bytes.Clone(data)
		at := r.IntN(len(bad))
		bad[at] ^= 1 << r.IntN(8)
		f, err := Open(memFS{data: bad}, "mem", opts)
		if int64(at) >= info.Bytes-f0(f, err, info) || at < 4 {
			require.Error(t, err, "byte %d", at)
			continue
		}
		require.NoError(t, err)
		err = f.Verify(context.Background())
		if int64(at) < end {
			require.ErrorIs(t, err, ErrCorrupt, "byte %d", at)
		}
		if err == nil { // the page index, which is not read
			requireRows(t, f, b)
		}
	}
}

// TestFlippedHeadersAreNoticed flips each bit of the headers of pages, which no checksum of a page covers: what is read of pages alone, of their dictionary or of
// some of their rows, is right or an error.
func TestFlippedHeadersAreNoticed(t *testing.T) {
	t.Parallel()
	const rows, headerBytes = 200, 40
	d := allTypes()
	b := allRows(d, 0, rows, 20, everyThird)
	f, info, path := writeFile(t, d, &WriteOptions{PageRows: 50}, b)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	damaged, err := Open(memFS{data: data}, "mem", &ReadOptions{ChunkCRCs: info.ChunkCRCs})
	require.NoError(t, err)
	ranges := []RowRange{{60, 70}, {160, 161}}
	ctx := context.Background()
	noticed, harmless := 0, 0
	for col := range f.Columns() {
		dictionary, err := f.DictionaryOf(ctx, 0, col)
		require.NoError(t, err)
		some, err := f.ReadRows(ctx, 0, col, ranges)
		require.NoError(t, err)
		pages, err := f.Pages(0, col)
		require.NoError(t, err)
		from, _ := f.chunkRange(0, col)
		starts := []int64{from}
		for _, p := range pages.where {
			starts = append(starts, p.offset)
		}
		for bit := range 8 * headerBytes * len(starts) {
			at := starts[bit/(8*headerBytes)] + int64(bit/8%headerBytes)
			data[at] ^= 1 << (bit % 8)
			gotDictionary, err := damaged.DictionaryOf(ctx, 0, col)
			if err == nil && dictionary != nil {
				requireEqual(t, dictionary, gotDictionary, fmt.Sprintf("dictionary of %s, byte %d", d.Columns[col].Name, at))
			}
			got, err2 := damaged.ReadRows(ctx, 0, col, ranges)
			r := ColumnReader{Keep: KeepAll}
			require.NoError(t, r.Open(damaged, 0, col))
			present, err3 := r.ReadPresence(ctx, ranges)
			data[at] ^= 1 << (bit % 8)
			if err2 == nil {
				requireEqual(t, some, got, fmt.Sprintf("%s, byte %d", d.Columns[col].Name, at))
			}
			for i := 0; err3 == nil && i < some.N; i++ {
				require.Equal(t, some.IsNull(i), present.IsNull(i), "presence in %s, byte %d", d.Columns[col].Name, at)
			}
			if err != nil || err2 != nil || err3 != nil {
				noticed++
			} else {
				harmless++
			}
		}
	}
	require.Greater(t, noticed, harmless/2)
}

// f0 is the size of the footer of the good file.
func f0(f *File, err error, info Info) int64 {
	if err != nil {
		return info.Bytes
	}
	return f.footer
}

func TestNotParquet(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "x", "PAR1", "PAR1PAR1", strings.Repeat("hello, world", 100), "PAR1" + strings.Repeat("x", 100)} {
		_, err := Open(memFS{data: []byte(text)}, "some/file", nil)
		require.ErrorIs(t, err, ErrNotParquet, "%q", text)
		require.ErrorContains(t, err, "some/file")
	}
	_, err := Open(memFS{data: []byte("PARE" + strings.Repeat("x", 100) + "PARE")}, "f", nil)
	require.ErrorContains(t, err, "encrypted")
	_, err = Open(memFS{data: []byte("PAR1xxxx\xff\xff\xff\x7fPAR1")}, "f", nil)
	require.ErrorIs(t, err, ErrCorrupt)
	_, err = Open(vfs.OS(), filepath.Join(t.TempDir(), "none"), nil)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestMemoryLimit(t *testing.T) {
	t.Parallel()
	d := allTypes()
	b := allRows(d, 0, 20000, 20, never)
	var buf bytes.Buffer
	w, err := NewWriter(&buf, d, nil)
	require.NoError(t, err)
	require.NoError(t, w.Write(b))
	_, err = w.Close()
	require.NoError(t, err)
	f, err := Open(memFS{data: buf.Bytes()}, "mem", &ReadOptions{MaxMemory: 1000})
	require.NoError(t, err)
	defer f.Close()
	for col := range f.Columns() {
		_, err := f.ReadColumn(context.Background(), 0, col)
		require.ErrorIs(t, err, errTooMuch)
		require.ErrorContains(t, err, f.Columns()[col].Name)
	}
}

func TestCancelledReads(t *testing.T) {
	t.Parallel()
	d := allTypes()
	b := allRows(d, 0, 100, 20, never)
	f, _, _ := writeFile(t, d, nil, b)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := f.ReadColumn(ctx, 0, 0)
	require.ErrorIs(t, err, context.Canceled)
	c, err := f.Chunk(ctx, 0, 0)
	require.NoError(t, err)
	_, err = c.Next(1)
	require.ErrorIs(t, err, context.Canceled)
}

// failing is a writer that fails after some bytes.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if len(p) > f.left {
		n := f.left
		f.left = 0
		return n, io.ErrShortBuffer
	}
	f.left -= len(p)
	return len(p), nil
}

func TestFailingDisk(t *testing.T) {
	t.Parallel()
	d := allTypes()
	b := allRows(d, 0, 300, 20, everyThird)
	for _, left := range []int{0, 3, 4, 100, 5000, 20000} {
		t.Run(fmt.Sprint(left), func(t *testing.T) {
			t.Parallel()
			w, err := NewWriter(&failing{left}, d, &WriteOptions{RowGroupRows: 128})
			if err == nil {
				err = w.Write(b)
				_, closeErr := w.Close()
				require.Error(t, closeErr)
				err = errors.Join(err, closeErr)
			}
			require.ErrorIs(t, err, io.ErrShortBuffer)
		})
	}
}

func FuzzFile(f *testing.F) {
	for _, data := range samples(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, err := range exercise(data) {
			requireOwnError(t, err)
		}
	})
}
