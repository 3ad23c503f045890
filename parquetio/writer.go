package parquetio

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/metadata"

	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

const magic = "PAR1"

// WriteOptions are the choices of a Writer. nil means the defaults.
type WriteOptions struct {
	// Metadata is added to the key-value metadata: the storage, its template, the job. Keys that begin with "stoa." are allowed but not those
	// that the Writer sets. Keys and values are UTF-8.
	Metadata map[string]string
	// RowGroupRows is the number of rows in a row group; 0 means RowGroupRows. It is rounded up to a multiple of 64.
	RowGroupRows int
	// PageRows is the number of rows in a data page at most; 0 means what was measured best.
	PageRows int
	// Effort is the time spent on small files.
	Effort Effort
	// Profile says how types are stored; "" means ProfileStandard.
	Profile Profile
	// BloomFPP is the share of false positives of the bloom filters of the primary key, less than 1; 0 means DefaultBloomFPP, a negative number no
	// filters.
	BloomFPP float64
	// Aggregates puts aggregates of each row group into the footer; nil means none.
	Aggregates *AggregateOptions
	// Workers is the number of goroutines that encode columns; 0 means one, the caller's.
	Workers int
	// Stop is asked before each page of each column is encoded, by any of these goroutines; its error ends Write or Close. nil lets all be written.
	Stop func() error
}

// Info is what became of a file.
type Info struct {
	Rows, Bytes int64
	RowGroups   int
	// FooterCRC is the CRC-32C of the file's last bytes from the beginning of the footer on, the closing length and magic included.
	FooterCRC uint32
	// ChunkCRCs has the CRC-32C of each column chunk, by row group, then by column. The footer holds them too.
	ChunkCRCs [][]uint32
	// SortMin and SortMax are the least and the greatest value of the sort column in microseconds; HasSort is false when there is no such
	// column or all its rows are NULL.
	SortMin, SortMax int64
	HasSort          bool
}

// Writer writes one file. It is used by one goroutine. It neither closes nor syncs what it writes to. After an error it stays unusable and the
// file is to be thrown away.
type Writer struct {
	def    *schemahistory.TableDefinition
	out    *sink
	zstd   []*compressor // of the workers
	cols   []*columnBuffer
	chunks []*chunkEncoder // of the columns
	blooms []int           // columns with a bloom filter

	footer *metadata.FileMetaDataBuilder
	index  metadata.PageIndexBuilder
	extra  map[string]string

	aggregates *aggregator // nil when they are not asked for
	profile    Profile
	fpp        float64
	groupRows  int
	workers    int
	rows       int // buffered
	sorted     []bool
	sums       checksums
	info       Info
	err        error
	closed     bool
}

// NewWriter starts a file for rows of def on w.
func NewWriter(w io.Writer, def *schemahistory.TableDefinition, opts *WriteOptions) (*Writer, error) {
	if opts == nil {
		opts = &WriteOptions{}
	}
	workers, stop := max(opts.Workers, 1), opts.Stop
	if stop == nil {
		stop = func() error { return nil }
	}
	rowsOfPage := pageRows
	if opts.PageRows > 0 {
		rowsOfPage = opts.PageRows
	}
	if err := opts.Profile.Check(); err != nil {
		return nil, fmt.Errorf("table %s: %w", def.Name, err)
	}
	if !(opts.BloomFPP < 1) {
		return nil, fmt.Errorf("table %s: bloom filters with a share of false positives of %v", def.Name, opts.BloomFPP)
	}
	sc, forms, err := parquetSchema(def, opts.Profile)
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", def.Name, err)
	}
	out := &sink{w: w, table: castagnoli()}
	t := &Writer{
		def: def, out: out, workers: workers, extra: opts.Metadata, groupRows: (max(opts.RowGroupRows, 0) + 63) &^ 63,
		footer: metadata.NewFileMetadataBuilder(sc, parquet.NewWriterProperties(parquet.WithCreatedBy(createdByPrefix+WriterVersion)), nil),
		index:  metadata.PageIndexBuilder{Schema: sc},
	}
	if t.groupRows == 0 {
		t.groupRows = RowGroupRows
	}
	for i, c := range def.Columns {
		t.cols = append(t.cols, newColumnBuffer(c.Name, c.Type, forms[i], c.Dictionary))
		t.chunks = append(t.chunks, &chunkEncoder{pageRows: rowsOfPage, stop: stop})
	}
	t.profile, t.fpp = opts.Profile, opts.BloomFPP
	if t.profile == "" {
		t.profile = ProfileStandard
	}
	if t.fpp == 0 {
		t.fpp = DefaultBloomFPP
	}
	if t.fpp > 0 {
		t.blooms = bloomColumns(def)
	}
	for range workers {
		enc, err := newCompressor(opts.Effort)
		if err != nil {
			return nil, err
		}
		t.zstd = append(t.zstd, enc)
	}
	if opts.Aggregates != nil {
		if t.aggregates, err = newAggregator(def, forms, opts.Aggregates); err != nil {
			return nil, err
		}
	}
	_, err = out.Write([]byte(magic))
	return t, err
}

// bloomColumns gives the columns of the primary key.
func bloomColumns(def *schemahistory.TableDefinition) []int {
	key, ok := def.PrimaryKey()
	if !ok {
		return nil
	}
	columns := slices.Clone(key.Columns)
	slices.Sort(columns)
	return columns
}

// Write takes the rows of b, whose columns are the table's, in order. The vectors may be flat, constant or dictionary-coded, and may be referred
// to until the file is closed. NULL in a NOT NULL column is an error.
func (w *Writer) Write(b *vec.Batch) (err error) {
	if w.err != nil {
		return w.err
	}
	if w.closed {
		return errors.New("parquetio: Write after Close")
	}
	defer w.keep(&err)
	if len(b.Cols) != len(w.cols) {
		return fmt.Errorf("table %s: batch has %d columns, the table %d", w.def.Name, len(b.Cols), len(w.cols))
	}
	for i, c := range w.cols {
		if v := b.Cols[i]; v == nil || v.N != b.N || v.Type.Physical() != c.typ.Physical() {
			return fmt.Errorf("table %s: column %s of the batch is not %d rows of %s", w.def.Name, c.name, b.N, c.typ)
		}
	}
	for row := 0; row < b.N; {
		n := min(b.N-row, w.groupRows-w.rows)
		if err := w.buffer(b.Slice(row, row+n)); err != nil {
			return fmt.Errorf("table %s: %w", w.def.Name, err)
		}
		row += n
		if w.rows == w.groupRows || w.heavy() {
			if err := w.writeGroup(); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep makes the first error last, and an error of a panic in a library.
func (w *Writer) keep(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("parquetio: writing: %v", r)
	}
	if *err != nil && w.err == nil {
		w.err = *err
	}
}

// buffer takes rows that fit into the row group.
func (w *Writer) buffer(b *vec.Batch) error {
	for i, c := range w.cols {
		if err := c.append(b.Cols[i]); err != nil {
			return err
		}
		if c.nulls > 0 && !c.form.optional {
			return fmt.Errorf("column %s: NULL in a NOT NULL column", c.name)
		}
	}
	w.rows += b.N
	return nil
}

// heavy tells whether a column holds enough text to end the row group early.
func (w *Writer) heavy() bool {
	for _, c := range w.cols {
		if c.size() > rowGroupBytes {
			return true
		}
	}
	return false
}

// writeGroup writes the buffered rows as a row group.
func (w *Writer) writeGroup() error {
	ordinal := w.info.RowGroups
	if ordinal > math.MaxInt16 {
		return fmt.Errorf("table %s: more than %d row groups", w.def.Name, math.MaxInt16+1)
	}
	group := w.footer.AppendRowGroup()
	if err := w.index.AppendRowGroup(); err != nil {
		return err
	}
	w.noteSort()
	if w.aggregates != nil {
		w.aggregates.add(w.cols, w.rows)
	}
	if err := w.encode(); err != nil {
		return err
	}
	builders := make([]*metadata.ColumnChunkMetaDataBuilder, len(w.cols))
	sums := make([]uint32, len(w.cols))
	for i, c := range w.cols {
		builders[i] = group.NextColumnChunk()
		columns, err := w.index.GetColumnIndexBuilder(i)
		if err != nil {
			return err
		}
		offsets, err := w.index.GetOffsetIndexBuilder(i)
		if err != nil {
			return err
		}
		written, err := w.chunks[i].emit(w.out, columns, offsets)
		if err != nil {
			return fmt.Errorf("column %s: %w", c.name, err)
		}
		if err := errors.Join(columns.Finish(), offsets.Finish(0), written.describe(builders[i], w.rows, c.form)); err != nil {
			return err
		}
		sums[i] = written.crc
	}
	if err := w.writeBlooms(builders); err != nil {
		return err
	}
	for _, c := range w.cols {
		c.reset()
	}
	w.sums.Chunks = append(w.sums.Chunks, hexSums(sums))
	w.info.ChunkCRCs = append(w.info.ChunkCRCs, sums)
	w.info.RowGroups++
	w.info.Rows += int64(w.rows)
	group.SetNumRows(w.rows)
	w.rows = 0
	return group.Finish(0, int16(ordinal))
}

// encode encodes the columns of the row group, the largest first, on as many goroutines as there are workers.
func (w *Writer) encode() error {
	order := make([]int, len(w.cols))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return w.cols[b].weight() - w.cols[a].weight() })
	var next atomic.Int64
	work := func(worker int) error {
		for i := next.Add(1) - 1; int(i) < len(order); i = next.Add(1) - 1 {
			c := order[i]
			if err := w.chunks[c].encode(w.cols[c], w.zstd[worker]); err != nil {
				return err
			}
		}
		return nil
	}
	var wg sync.WaitGroup
	errs := make([]error, w.workers)
	for i := 1; i < min(w.workers, len(order)); i++ {
		wg.Go(func() {
			defer recovered(&errs[i], "parquetio: writing")
			errs[i] = work(i)
		})
	}
	errs[0] = work(0)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// writeBlooms writes the bloom filters of the row group.
func (w *Writer) writeBlooms(builders []*metadata.ColumnChunkMetaDataBuilder) error {
	var sums []uint32
	for _, i := range w.blooms {
		filter := bloomOf(w.cols[i], w.fpp)
		if filter == nil {
			continue
		}
		offset := w.out.mark()
		if _, err := w.out.Write(bloomHeader(len(filter))); err != nil {
			return err
		}
		if _, err := w.out.Write(filter); err != nil {
			return err
		}
		length := int32(w.out.Tell() - offset)
		meta := builders[i].Contents().MetaData
		meta.BloomFilterOffset, meta.BloomFilterLength = &offset, &length
		sums = append(sums, w.out.crc)
	}
	if len(w.blooms) > 0 {
		w.sums.Blooms = append(w.sums.Blooms, hexSums(sums))
	}
	return nil
}

// noteSort takes note of the sort column's bounds, and of whether the row group is sorted by it: only then the footer may say so.
func (w *Writer) noteSort() {
	sorted := false
	if s := w.def.SortColumn; s >= 0 && w.cols[s].form.physical == physInt64 {
		values := w.cols[s].ints
		sorted = w.cols[s].nulls == 0 && slices.IsSorted(values)
		if len(values) > 0 {
			lo, hi := slices.Min(values), slices.Max(values)
			if lo == timestampNegInfinity {
				lo = temporal.NegInfinity
			}
			if hi == timestampNegInfinity {
				hi = temporal.NegInfinity
			}
			if !w.info.HasSort {
				w.info.SortMin, w.info.SortMax, w.info.HasSort = lo, hi, true
			}
			w.info.SortMin, w.info.SortMax = min(w.info.SortMin, lo), max(w.info.SortMax, hi)
		}
	}
	w.sorted = append(w.sorted, sorted)
}

// Close writes what is buffered and the footer. A file without rows has no row groups.
func (w *Writer) Close() (info Info, err error) {
	if w.err != nil {
		return Info{}, w.err
	}
	if w.closed {
		return w.info, nil
	}
	defer w.keep(&err)
	defer func() {
		for _, z := range w.zstd {
			z.common.Close()
		}
	}()
	w.closed = true
	if w.rows > 0 {
		if err := w.writeGroup(); err != nil {
			return Info{}, err
		}
	}
	if err := w.writeFooter(); err != nil {
		return Info{}, err
	}
	w.info.Bytes = w.out.Tell()
	return w.info, nil
}

// writeFooter writes the page indexes, the footer and its length.
func (w *Writer) writeFooter() error {
	w.out.mark()
	var where metadata.PageIndexLocation
	w.index.Finish()
	if err := w.index.WriteTo(w.out, &where); err != nil {
		return err
	}
	if err := w.footer.SetPageIndexLocation(where); err != nil {
		return err
	}
	w.sums.Index = hexSums([]uint32{w.out.crc})
	if err := w.appendEntries(); err != nil {
		return err
	}
	meta, err := w.footer.Finish()
	if err != nil {
		return err
	}
	for i, sorted := range w.sorted {
		if sorted {
			meta.RowGroups[i].SortingColumns = []*parquet.SortingColumn{{ColumnIdx: int32(w.def.SortColumn)}}
		}
	}
	w.out.mark()
	n, err := meta.WriteTo(w.out, nil)
	if err != nil {
		return err
	}
	tail := append(binary.LittleEndian.AppendUint32(nil, uint32(n)), magic...)
	_, err = w.out.Write(tail)
	w.info.FooterCRC = w.out.crc
	return err
}

// appendEntries adds the key-value metadata to the footer.
func (w *Writer) appendEntries() error {
	entries, err := tableEntries(w.def, w.profile)
	if err != nil {
		return err
	}
	entries = append(entries, [2]string{KeyRows, strconv.FormatInt(w.info.Rows, 10)})
	if w.def.SortColumn >= 0 {
		entries = append(entries, [2]string{KeySortColumn, w.def.Columns[w.def.SortColumn].Name})
	}
	if len(w.blooms) > 0 {
		entries = append(entries, [2]string{KeyBloomFPP, strconv.FormatFloat(w.fpp, 'g', -1, 64)})
	}
	if w.info.HasSort {
		entries = append(entries, [2]string{KeySortMin, strconv.FormatInt(w.info.SortMin, 10)})
		entries = append(entries, [2]string{KeySortMax, strconv.FormatInt(w.info.SortMax, 10)})
	}
	if w.aggregates != nil {
		if text := w.aggregates.entry(); text != "" {
			entries = append(entries, [2]string{KeyAggregates, text})
		}
	}
	sums, err := json.Marshal(w.sums)
	if err != nil {
		return err
	}
	entries = append(entries, [2]string{KeyChecksums, string(sums)})
	own := map[string]bool{}
	for _, e := range entries {
		own[e[0]] = true
	}
	for _, k := range slices.Sorted(maps.Keys(w.extra)) {
		if own[k] {
			return fmt.Errorf("table %s: key %s of the metadata belongs to the writer", w.def.Name, k)
		}
		entries = append(entries, [2]string{k, w.extra[k]})
	}
	for _, e := range entries {
		if err := w.footer.AppendKeyValueMetadata(e[0], e[1]); err != nil {
			return err
		}
	}
	return nil
}
