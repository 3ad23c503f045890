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

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/metadata"

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
	// Rows is the number of rows that the file will have, where it is known. What is left over by full row groups then comes first instead of last, so that
	// the newest rows of a sorted file are in a full one. 0 means not known; another number of rows is no error.
	Rows int64
	// PageRows is the number of rows in a data page at most; 0 means what was measured best.
	PageRows int
	// Profile says how types are stored; "" means ProfileStandard.
	Profile Profile
	// BloomFPP is the share of false positives of the bloom filters of the primary key, less than 1; 0 means DefaultBloomFPP, a negative number no
	// filters.
	BloomFPP float64
	// Aggregates puts aggregates of each row group into the footer; nil means none.
	Aggregates *AggregateOptions
	// Workers is the number of goroutines that encode row groups beside the caller's, which writes them in their order; up to 1 means that the caller's
	// encodes them itself. The bytes of the file are the same. The memory that it takes is that of the row groups being encoded and of three more.
	Workers int
	// Working is called by each of these goroutines when it begins with a row group, and what it gives at its end; nil if nobody wants to know.
	Working func() (end func())
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
// file is to be thrown away. With workers, an error may be told by a later call than the one that brought the rows, and whoever gives up a file without Close
// calls Stop.
type Writer struct {
	def    *schemahistory.TableDefinition
	shared *shared
	out    *sink

	workers  *workers // nil when there are none
	scratch  scratch  // of the caller's goroutine, when there are none
	pageRows int
	filling  *rowGroup   // nil between row groups
	flying   []*rowGroup // that workers encode or have encoded, in the file's order
	free     []*rowGroup
	started  int          // row groups
	rulings  []*precedent // by column, the last
	footer   *metadata.FileMetaDataBuilder
	index    metadata.PageIndexBuilder
	extra    map[string]string
	profile  Profile

	groupRows int
	firstRows int // of the first row group
	sorted    []bool
	sums      checksums
	info      Info
	err       error
	closed    bool
}

// NewWriter starts a file for rows of def on w.
func NewWriter(w io.Writer, def *schemahistory.TableDefinition, opts *WriteOptions) (*Writer, error) {
	if opts == nil {
		opts = &WriteOptions{}
	}
	stop := opts.Stop
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
		def: def, shared: &shared{table: def.Name.String(), forms: forms, fpp: opts.BloomFPP, sortColumn: def.SortColumn, stop: stop}, out: out,
		pageRows: rowsOfPage, rulings: make([]*precedent, len(def.Columns)),
		footer: metadata.NewFileMetadataBuilder(sc, parquet.NewWriterProperties(parquet.WithCreatedBy(createdByPrefix+WriterVersion)), nil),
		index:  metadata.PageIndexBuilder{Schema: sc}, extra: opts.Metadata, profile: opts.Profile, groupRows: (max(opts.RowGroupRows, 0) + 63) &^ 63,
	}
	if opts.Workers > 1 {
		t.workers = &workers{most: opts.Workers, working: opts.Working}
	}
	if t.groupRows == 0 {
		t.groupRows = RowGroupRows
	}
	t.firstRows = (int(max(opts.Rows, 0)%int64(t.groupRows)) + 63) &^ 63
	if t.firstRows == 0 {
		t.firstRows = t.groupRows
	}
	if t.profile == "" {
		t.profile = ProfileStandard
	}
	if t.shared.fpp == 0 {
		t.shared.fpp = DefaultBloomFPP
	}
	if t.shared.fpp > 0 {
		t.shared.blooms = bloomColumns(def)
	}
	if opts.Aggregates != nil {
		if t.shared.aggregator, err = newAggregator(def, forms, opts.Aggregates); err != nil {
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
	if len(b.Cols) != len(w.def.Columns) {
		return fmt.Errorf("table %s: batch has %d columns, the table %d", w.def.Name, len(b.Cols), len(w.def.Columns))
	}
	for i := range w.def.Columns {
		c := &w.def.Columns[i]
		if v := b.Cols[i]; v == nil || v.N != b.N || v.Type.Physical() != c.Type.Physical() {
			return fmt.Errorf("table %s: column %s of the batch is not %d rows of %s", w.def.Name, c.Name, b.N, c.Type)
		}
	}
	for row := 0; row < b.N; {
		g := w.group()
		full := w.groupRows
		if g.number == 0 {
			full = w.firstRows
		}
		n := min(b.N-row, full-g.rows)
		if err := g.add(b.Slice(row, row+n), w.workers != nil); err != nil {
			return err
		}
		row += n
		if g.rows == full || g.heavy() {
			if err := w.finishGroup(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Stop gives the file up, unless it is closed, and waits for its workers.
func (w *Writer) Stop() {
	w.shared.failed.Store(true)
	for _, g := range w.flying {
		<-g.done
	}
	w.flying = nil
	if w.err == nil && !w.closed {
		w.err = errGivenUp
	}
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

// group gives the row group that is being filled.
func (w *Writer) group() *rowGroup {
	if w.filling != nil {
		return w.filling
	}
	if n := len(w.free); n > 0 {
		w.filling, w.free = w.free[n-1], w.free[:n-1]
	} else {
		w.filling = newRowGroup(w.shared, w.def, w.pageRows)
	}
	w.rulings = w.filling.begin(w.started, w.rulings)
	w.started++
	return w.filling
}

// finishGroup has the row group that was filled encoded, by a worker if there are some, and writes what comes before it.
func (w *Writer) finishGroup() error {
	g := w.filling
	w.filling = nil
	if g.number > math.MaxInt16 {
		return fmt.Errorf("table %s: more than %d row groups", w.def.Name, math.MaxInt16+1)
	}
	if w.workers == nil {
		if err := g.encode(&w.scratch); err != nil {
			return err
		}
		return w.writeGroup(g)
	}
	g.done, g.err = make(chan struct{}), nil
	w.flying = append(w.flying, g)
	w.workers.encode(g)
	if len(w.flying) < w.workers.most+2 { // one waits for the first worker that has ended
		return nil
	}
	oldest := w.flying[0]
	w.flying = w.flying[1:]
	<-oldest.done
	if oldest.err != nil {
		return w.failure(oldest.err)
	}
	return w.writeGroup(oldest)
}

// land writes the row groups that workers still encode.
func (w *Writer) land() error {
	for len(w.flying) > 0 {
		g := w.flying[0]
		w.flying = w.flying[1:]
		<-g.done
		if g.err != nil {
			return w.failure(g.err)
		}
		if err := w.writeGroup(g); err != nil {
			return err
		}
	}
	return nil
}

// failure waits for the workers after the error of one, and gives the error that was there first.
func (w *Writer) failure(err error) error {
	for _, g := range w.flying {
		if <-g.done; errors.Is(err, errGivenUp) && g.err != nil {
			err = g.err
		}
	}
	w.flying = nil
	return err
}

// writeGroup writes an encoded row group.
func (w *Writer) writeGroup(g *rowGroup) error {
	ordinal := w.info.RowGroups
	group := w.footer.AppendRowGroup()
	if err := w.index.AppendRowGroup(); err != nil {
		return err
	}
	w.noteSort(&g.sort)
	if w.shared.aggregator != nil {
		w.shared.aggregator.add(g.aggregates)
	}
	builders := make([]*metadata.ColumnChunkMetaDataBuilder, len(g.cols))
	sums := make([]uint32, len(g.cols))
	for i, c := range g.cols {
		builders[i] = group.NextColumnChunk()
		columns, err := w.index.GetColumnIndexBuilder(i)
		if err != nil {
			return err
		}
		offsets, err := w.index.GetOffsetIndexBuilder(i)
		if err != nil {
			return err
		}
		written, err := g.chunks[i].emit(w.out, columns, offsets)
		if err != nil {
			return fmt.Errorf("column %s: %w", c.name, err)
		}
		if err := errors.Join(columns.Finish(), offsets.Finish(0), written.describe(builders[i], g.rows, c.form)); err != nil {
			return err
		}
		sums[i] = written.crc
	}
	if err := w.writeBlooms(g, builders); err != nil {
		return err
	}
	w.sums.Chunks = append(w.sums.Chunks, hexSums(sums))
	w.info.ChunkCRCs = append(w.info.ChunkCRCs, sums)
	w.info.RowGroups++
	w.info.Rows += int64(g.rows)
	group.SetNumRows(g.rows)
	g.reset()
	w.free = append(w.free, g)
	return group.Finish(0, int16(ordinal))
}

// writeBlooms writes the bloom filters of the row group.
func (w *Writer) writeBlooms(g *rowGroup, builders []*metadata.ColumnChunkMetaDataBuilder) error {
	var sums []uint32
	for k, i := range w.shared.blooms {
		filter := g.blooms[k]
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
	if len(w.shared.blooms) > 0 {
		w.sums.Blooms = append(w.sums.Blooms, hexSums(sums))
	}
	return nil
}

// noteSort takes note of a row group's sort column: only when its rows are sorted by it the footer may say so.
func (w *Writer) noteSort(n *sortNote) {
	w.sorted = append(w.sorted, n.sorted)
	switch {
	case !n.has:
	case !w.info.HasSort:
		w.info.SortMin, w.info.SortMax, w.info.HasSort = n.min, n.max, true
	default:
		w.info.SortMin, w.info.SortMax = min(w.info.SortMin, n.min), max(w.info.SortMax, n.max)
	}
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
	w.closed = true
	if w.filling != nil {
		if err := w.finishGroup(); err != nil {
			return Info{}, err
		}
	}
	if err := w.land(); err != nil {
		return Info{}, err
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
	if len(w.shared.blooms) > 0 {
		entries = append(entries, [2]string{KeyBloomFPP, strconv.FormatFloat(w.shared.fpp, 'g', -1, 64)})
	}
	if w.info.HasSort {
		entries = append(entries, [2]string{KeySortMin, strconv.FormatInt(w.info.SortMin, 10)})
		entries = append(entries, [2]string{KeySortMax, strconv.FormatInt(w.info.SortMax, 10)})
	}
	if w.shared.aggregator != nil {
		if text := w.shared.aggregator.entry(); text != "" {
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
