package parquetio

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/zstd"

	"github.com/stoadb/stoa/vfs"
)

// ReadOptions say what is known of a file and how much memory reading it may take. nil means: nothing is known, default limits.
type ReadOptions struct {
	// Size is the file's size when it is known, else 0.
	Size int64
	// FooterCRC is Info.FooterCRC when HasFooterCRC is set.
	FooterCRC    uint32
	HasFooterCRC bool
	// ChunkCRCs is Info.ChunkCRCs, or nil: then the sums in the footer are used, if the file is one of ours and has them.
	ChunkCRCs [][]uint32
	// MaxMemory bounds the bytes that one call may allocate for a column; 0 means 256 MiB and ten times the file's size, which no honest file
	// needs and a hostile one cannot exceed.
	MaxMemory int64
	// Memory is asked besides for what vectors and decompressed pages take, by all reads of the file together; nil is asked nothing. [File.ReadCounted] and
	// [Chunk] give back what they have taken; the other ways of reading do not.
	Memory Memory
	// Foreign says that nobody vouches for the file, whoever it names as its writer: of its texts and times all are checked, jsonb is made canonical, and its
	// aggregates are not believed. Its bounds are, as everybody's.
	Foreign bool
}

const (
	// footerGuess is how much of the file's end is read at once: the footer of a usual file is in it.
	footerGuess = 64 << 10
	// maxFooter is the longest footer that is read: 16 million row groups of one column.
	maxFooter = 1 << 30
	baseLimit = 256 << 20
	fileLimit = 10
)

// File is an open Parquet file.
type File struct {
	path    string
	file    vfs.File
	size    int64
	footer  int64 // bytes of the footer, its length and the magic
	limit   int64
	memory  Memory
	meta    *fileMeta
	own     bool // a Writer of ours made it, or so it says
	foreign bool // whatever it says
	columns []Column
	leaves  []leaf
	entries map[string]string

	chunkSums [][]uint32 // nil when unknown
	bloomSums [][]uint32 // by row group, in the order of the columns that have a filter; nil when unknown
	table     *crc32.Table

	hasIndexSum bool
	indexSum    uint32 // of all page indexes
	indexOnce   sync.Once
	indexes     pageIndexes
	pages       sync.Map // chunkKey → *Pages

	aggregatesOnce sync.Once
	aggregates     []*Aggregates // nil when there are none

	readers sync.Pool // of *ColumnReader
	blooms  sync.Map  // chunkKey → []byte
	cached  atomic.Int64
}

// chunkKey names a column chunk.
type chunkKey struct{ group, column int }

// Open opens a file, reads its footer and checks that what it says can be true.
func Open(fs vfs.FS, path string, opts *ReadOptions) (_ *File, err error) {
	if opts == nil {
		opts = &ReadOptions{}
	}
	file, err := fs.Open(path)
	if err != nil {
		return nil, err
	}
	f := &File{path: path, file: file, table: castagnoli(), chunkSums: opts.ChunkCRCs, memory: opts.Memory, foreign: opts.Foreign}
	defer func() {
		if err != nil {
			file.Close()
		}
	}()
	defer recovered(&err, path)
	if err := f.readFooter(opts); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f.describe()
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// recovered turns a panic, of a decompressor on a file that lies, into an error.
func recovered(err *error, path string) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%s: %w: %v", path, ErrCorrupt, r)
	}
}

// readFooter finds, checks and parses the footer.
func (f *File) readFooter(opts *ReadOptions) error {
	stat, err := f.file.Stat()
	if err != nil {
		return err
	}
	f.size = stat.Size()
	if opts.Size != 0 && f.size != opts.Size {
		return fmt.Errorf("%w: it has %d bytes, not %d", ErrCorrupt, f.size, opts.Size)
	}
	if stat.IsDir() || f.size < int64(2*len(magic)+4) {
		return ErrNotParquet
	}
	tail, err := readAt(f.file, max(0, f.size-footerGuess), int(min(f.size, footerGuess)))
	if err != nil {
		return err
	}
	footer, err := f.footerOf(tail)
	if err != nil {
		return err
	}
	f.footer = int64(len(footer))
	if opts.HasFooterCRC && crc32.Checksum(footer, f.table) != opts.FooterCRC {
		return fmt.Errorf("%w: the footer's checksum is wrong", ErrCorrupt)
	}
	footer = footer[:len(footer)-len(magic)-4]
	if f.limit = opts.MaxMemory; f.limit <= 0 {
		f.limit = baseLimit + fileLimit*f.size
	}
	if f.meta, err = parseFooter(footer, (baseLimit+fileLimit*f.size)/2); err != nil {
		return fmt.Errorf("%w: footer: %w", ErrCorrupt, err)
	}
	return nil
}

// footerOf gives the footer with its length and the magic, of which tail, which belongs to it, has at least the end.
func (f *File) footerOf(tail []byte) ([]byte, error) {
	head := tail[:len(magic)]
	if int64(len(tail)) < f.size {
		var err error
		if head, err = readAt(f.file, 0, len(magic)); err != nil {
			return nil, err
		}
	}
	end := tail[len(tail)-len(magic):]
	if string(head) == "PARE" || string(end) == "PARE" {
		return nil, errors.New("the file is encrypted, which is not supported")
	}
	if string(head) != magic || string(end) != magic {
		return nil, ErrNotParquet
	}
	length := int64(le32(tail[len(tail)-8:]))
	total := length + int64(len(magic)) + 4
	if total > f.size-int64(len(magic)) || length > maxFooter || length == 0 {
		return nil, fmt.Errorf("%w: a footer of %d bytes in a file of %d", ErrCorrupt, length, f.size)
	}
	if total > int64(len(tail)) {
		return readAt(f.file, f.size-total, int(total))
	}
	footer := tail[int64(len(tail))-total:]
	if total < int64(len(tail))/4 { // the open file keeps the footer's bytes: not many more besides
		footer = bytes.Clone(footer)
	}
	return footer, nil
}

// readAt reads n bytes, all or an error.
func readAt(r io.ReaderAt, off int64, n int) ([]byte, error) {
	b := make([]byte, n)
	return b, readFull(r, b, off)
}

// readFull fills b.
func readFull(r io.ReaderAt, b []byte, off int64) error {
	n, err := r.ReadAt(b, off)
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// describe derives columns, metadata and checksums from the footer.
func (f *File) describe() {
	f.entries = f.meta.entries
	// Tools that rewrite a file copy its entries: they are believed only in a file that is ours.
	f.own = strings.HasPrefix(f.meta.createdBy, createdByPrefix)
	if !f.own {
		f.columns, f.leaves = columnsOf(f.meta, nil, "", true)
		return
	}
	f.columns, f.leaves = columnsOf(f.meta, storedTypes(f.entries[KeyColumns]), f.Profile(), f.foreign)
	f.readSums(f.entries[KeyChecksums])
}

// readSums reads the checksums in the footer.
func (f *File) readSums(text string) {
	if len(text) > maxEntry { // half a million chunks
		return
	}
	stored, ok := plainSums(text)
	if !ok {
		stored = checksums{}
		ok = readEntry(text, &stored)
	}
	if !ok || len(stored.Chunks) != len(f.meta.groups) {
		return
	}
	parse := func(lists []string) [][]uint32 {
		out := slices.Grow([][]uint32(nil), len(lists)) // nil if there are none
		for _, s := range lists {
			sums, err := parseSums(s)
			if err != nil {
				return nil
			}
			out = append(out, sums)
		}
		return out
	}
	if f.chunkSums == nil {
		f.chunkSums = parse(stored.Chunks)
	}
	if sums, err := parseSums(stored.Index); err == nil && len(sums) == 1 {
		f.indexSum, f.hasIndexSum = sums[0], true
	}
	if len(stored.Blooms) == len(f.meta.groups) {
		f.bloomSums = parse(stored.Blooms)
	}
}

// Close closes the file. Vectors that were read stay valid.
func (f *File) Close() error {
	return f.file.Close()
}

// Path gives the name that the file was opened by.
func (f *File) Path() string { return f.path }

// Size gives the file's size in bytes.
func (f *File) Size() int64 { return f.size }

// Columns gives the columns, in the file's order. The caller must not change the slice.
func (f *File) Columns() []Column { return f.columns }

// Rows gives the number of rows.
func (f *File) Rows() int64 { return f.meta.rows }

// RowGroups gives the number of row groups.
func (f *File) RowGroups() int { return len(f.meta.groups) }

// RowGroupRows gives the number of rows in a row group.
func (f *File) RowGroupRows(rg int) int { return int(f.meta.groups[rg].rows) }

// MaxMemory gives the bytes that one call may allocate for a column.
func (f *File) MaxMemory() int64 { return f.limit }

// Metadata gives the key-value metadata. The caller must not change the map.
func (f *File) Metadata() map[string]string { return f.entries }

// CreatedBy gives the writer's name as the footer has it.
func (f *File) CreatedBy() string { return f.meta.createdBy }

// zstdDecoder gives the decoder that all goroutines share, of all files: its tables are dear to a file of few rows. It decodes into the space it is given and
// no further. Of as many pages as there are processors, each has a decoder's memory to itself, and others wait.
var zstdDecoder = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderConcurrency(0), zstd.WithDecoderLowmem(true))
})

// wrap names file, row group and column in an error.
func (f *File) wrap(err error, rg, col int) error {
	return fmt.Errorf("%s: row group %d, column %s: %w", f.path, rg, short(f.columns[col].Name), err)
}

// short bounds a name within a message.
func short(name string) string {
	const most = 100
	if len(name) > most {
		return strings.ToValidUTF8(name[:most], "") + "…"
	}
	return name
}
