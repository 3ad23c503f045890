package parquetio

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// arrowValues reads a column with arrow-go: a value per row, nil for NULL.
func arrowValues(t testing.TB, r *file.Reader, col int) (out []any) {
	t.Helper()
	for rg := range r.NumRowGroups() {
		chunk, err := r.RowGroup(rg).Column(col)
		require.NoError(t, err)
		switch c := chunk.(type) {
		case *file.BooleanColumnChunkReader:
			out = append(out, batches(t, c, c.ReadBatch)...)
		case *file.Int32ColumnChunkReader:
			out = append(out, batches(t, c, c.ReadBatch)...)
		case *file.Int64ColumnChunkReader:
			out = append(out, batches(t, c, c.ReadBatch)...)
		case *file.Float32ColumnChunkReader:
			out = append(out, batches(t, c, c.ReadBatch)...)
		case *file.Float64ColumnChunkReader:
			out = append(out, batches(t, c, c.ReadBatch)...)
		case *file.ByteArrayColumnChunkReader:
			out = append(out, batches(t, c, c.ReadBatch)...)
		case *file.FixedLenByteArrayColumnChunkReader:
			out = append(out, batches(t, c, c.ReadBatch)...)
		default:
			require.Failf(t, "reader", "%T", c)
		}
	}
	return out
}

func batches[T any](t testing.TB, c file.ColumnChunkReader, read func(int64, []T, []int16, []int16) (int64, int, error)) (out []any) {
	values, levels := make([]T, 777), make([]int16, 777)
	for c.HasNext() {
		n, _, err := read(777, values, levels, nil)
		require.NoError(t, err)
		k := 0
		for i := range n {
			if c.Descriptor().MaxDefinitionLevel() == 1 && levels[i] == 0 {
				out = append(out, nil)
				continue
			}
			out = append(out, plainValue(values[k]))
			k++
		}
	}
	require.NoError(t, c.Err())
	return out
}

// plainValue makes comparable copies.
func plainValue(v any) any {
	switch v := v.(type) {
	case parquet.ByteArray:
		return string(v)
	case parquet.FixedLenByteArray:
		return string(v)
	case int32:
		return int64(v)
	case float32:
		return math.Float64bits(float64(v))
	case float64:
		return math.Float64bits(v)
	}
	return v
}

// vecValues gives the values of a vector as arrow-go would give them.
func vecValues(v *vec.Vec) []any {
	out := make([]any, v.N)
	for i := range out {
		if v.IsNull(i) {
			continue
		}
		switch at, k := v.Value(i); v.Type.Physical() {
		case arrowschema.Bools:
			out[i] = at.Bools[k]
		case arrowschema.Ints:
			out[i] = at.Ints[k]
		case arrowschema.Floats:
			out[i] = math.Float64bits(at.Floats[k])
		case arrowschema.UUIDs:
			out[i] = string(at.UUIDs[k][:])
		case arrowschema.Strings:
			out[i] = at.Strs[k]
		default:
			out[i] = string(vec.AppendText(nil, at, k, nil))
		}
	}
	return out
}

func TestArrowGoReadsOurFiles(t *testing.T) {
	t.Parallel()
	d := allTypes()
	b := allRows(d, 0, 20000, 300, everyThird)
	f, _, path := writeFile(t, d, &WriteOptions{RowGroupRows: 17000, Metadata: map[string]string{"stoa.storage": "primary"}}, b)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	r, err := file.NewParquetReader(bytes.NewReader(data))
	require.NoError(t, err)
	defer r.Close()
	require.Equal(t, "primary", f.Metadata()["stoa.storage"])
	for col := range d.Columns {
		want := storedInfinities(d.Columns[col].Type, vecValues(b.Cols[col]))
		got := arrowValues(t, r, col)
		require.Equal(t, len(want), len(got))
		for i := range want {
			require.Equal(t, want[i], got[i], "%s row %d", d.Columns[col].Name, i)
		}
	}
	checkBlooms(t, r, b)
	checkPageIndex(t, r, b)
	for col := range d.Columns {
		checkStats(t, f, col)
	}
}

// storedInfinities puts in the place of infinite dates and timestamps what files have for them.
func storedInfinities(t arrowschema.Type, values []any) []any {
	for i, v := range values {
		switch {
		case t == arrowschema.Date && v == int64(math.MaxInt64):
			values[i] = int64(math.MaxInt32)
		case v == int64(math.MinInt64) && (t == arrowschema.Timestamp || t == arrowschema.TimestampTZ):
			values[i] = int64(-math.MaxInt64)
		}
	}
	return values
}

// checkBlooms asks arrow-go's reader of our bloom filters for every key, and for keys that are not there.
func checkBlooms(t *testing.T, r *file.Reader, b *vec.Batch) {
	reader := r.GetBloomFilterReader()
	row := 0
	for rg := range r.NumRowGroups() {
		group, err := reader.RowGroup(rg)
		require.NoError(t, err)
		filter, err := group.GetColumnBloomFilter(0)
		require.NoError(t, err)
		typed := metadata.TypedBloomFilter[parquet.FixedLenByteArray]{BloomFilter: filter}
		for range r.MetaData().RowGroup(rg).NumRows() {
			require.True(t, typed.Check(b.Cols[0].UUIDs[row][:]))
			row++
		}
		hits, random := 0, rand.New(rand.NewPCG(1, 1))
		for range 10000 {
			var u [16]byte
			for i := range u {
				u[i] = byte(random.Uint32())
			}
			if typed.Check(u[:]) {
				hits++
			}
		}
		require.Less(t, hits, 200, "more than 2 % false positives")
	}
}

// checkPageIndex checks that the bounds of each page of the sort column are those of its rows.
func checkPageIndex(t *testing.T, r *file.Reader, b *vec.Batch) {
	first := 0
	for rg := range r.NumRowGroups() {
		group, err := r.GetPageIndexReader().RowGroup(rg)
		require.NoError(t, err)
		columns, err := group.GetColumnIndex(1)
		require.NoError(t, err)
		offsets, err := group.GetOffsetIndex(1)
		require.NoError(t, err)
		typed := columns.(*metadata.TypedColumnIndex[int64])
		rows := int(r.MetaData().RowGroup(rg).NumRows())
		pages := offsets.GetPageLocations()
		require.Len(t, typed.MinValues(), len(pages))
		for i, p := range pages {
			end := rows
			if i+1 < len(pages) {
				end = int(pages[i+1].FirstRowIndex)
			}
			require.Equal(t, b.Cols[1].Ints[first+int(p.FirstRowIndex)], typed.MinValues()[i])
			require.Equal(t, b.Cols[1].Ints[first+end-1], typed.MaxValues()[i])
		}
		require.Equal(t, parquet.SortingColumn{ColumnIdx: 1}, r.MetaData().RowGroup(rg).SortingColumns()[0])
		first += rows
	}
}

// arrowFile writes values with arrow-go: one column per physical type, in one encoding.
type arrowCase struct {
	enc     parquet.Encoding
	dict    bool
	version parquet.DataPageVersion
	codec   compress.Compression
	nulls   int // one in so many rows; 0 for a required column
	n       int
	spread  int64 // values are below it
	page    int64
}

func (c arrowCase) String() string {
	return fmt.Sprintf("%v dict=%v v%d %v nulls=%d n=%d spread=%d page=%d", c.enc, c.dict, c.version, c.codec, c.nulls, c.n, c.spread, c.page)
}

// write writes one column of a physical type.
func (c arrowCase) write(t testing.TB, physical parquet.Type, seed uint64) []byte {
	repetition := parquet.Repetitions.Required
	if c.nulls > 0 {
		repetition = parquet.Repetitions.Optional
	}
	node, err := schema.NewPrimitiveNodeLogical("c", repetition, logicalFor(physical), physical, 16, -1)
	require.NoError(t, err)
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, schema.FieldList{node}, -1)
	require.NoError(t, err)
	props := parquet.NewWriterProperties(parquet.WithDictionaryDefault(c.dict), parquet.WithEncoding(c.enc), parquet.WithDataPageVersion(c.version),
		parquet.WithCompression(c.codec), parquet.WithDataPageSize(c.page), parquet.WithDictionaryPageSizeLimit(20000), parquet.WithBatchSize(64))
	var buf bytes.Buffer
	w := file.NewParquetWriter(&buf, root, file.WithWriterProps(props))
	group, err := w.AppendRowGroupChecked()
	require.NoError(t, err)
	column, err := group.NextColumn()
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(seed, uint64(c.n)))
	levels, values := make([]int16, c.n), 0
	for i := range levels {
		if c.nulls == 0 || r.IntN(c.nulls) != 0 {
			levels[i] = 1
			values++
		}
	}
	if c.nulls == 0 {
		levels = nil
	}
	c.writeValues(t, column, r, values, levels)
	require.NoError(t, w.Close())
	sameFooter(t, buf.Bytes())
	return buf.Bytes()
}

func logicalFor(physical parquet.Type) schema.LogicalType {
	switch physical {
	case physByteArray:
		return schema.StringLogicalType{}
	case physFixed:
		return schema.UUIDLogicalType{}
	}
	return nil
}

func (c arrowCase) writeValues(t testing.TB, column file.ColumnChunkWriter, r *rand.Rand, n int, levels []int16) {
	number := func() int64 { return r.Int64N(c.spread) - c.spread/2 }
	var err error
	switch w := column.(type) {
	case *file.BooleanColumnChunkWriter:
		_, err = w.WriteBatch(makeValues(n, func() bool { return number() > 0 }), levels, nil)
	case *file.Int32ColumnChunkWriter:
		_, err = w.WriteBatch(makeValues(n, func() int32 { return int32(number()) }), levels, nil)
	case *file.Int64ColumnChunkWriter:
		_, err = w.WriteBatch(makeValues(n, number), levels, nil)
	case *file.Float32ColumnChunkWriter:
		_, err = w.WriteBatch(makeValues(n, func() float32 { return float32(number()) / 3 }), levels, nil)
	case *file.Float64ColumnChunkWriter:
		_, err = w.WriteBatch(makeValues(n, func() float64 { return float64(number()) / 3 }), levels, nil)
	case *file.ByteArrayColumnChunkWriter:
		_, err = w.WriteBatch(makeValues(n, func() parquet.ByteArray { return fmt.Appendf(nil, "text %x", number()) }), levels, nil)
	case *file.FixedLenByteArrayColumnChunkWriter:
		_, err = w.WriteBatch(makeValues(n, func() parquet.FixedLenByteArray { return fmt.Appendf(nil, "%016x", uint64(number())) }), levels, nil)
	}
	require.NoError(t, err)
}

func makeValues[T any](n int, f func() T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = f()
	}
	return out
}

// TestKernelsAgainstArrowGo reads files of arrow-go with both readers.
func TestKernelsAgainstArrowGo(t *testing.T) {
	t.Parallel()
	encodings := map[parquet.Type][]parquet.Encoding{
		physBoolean:   {parquet.Encodings.Plain, parquet.Encodings.RLE},
		physInt32:     {parquet.Encodings.Plain, parquet.Encodings.DeltaBinaryPacked, parquet.Encodings.ByteStreamSplit},
		physInt64:     {parquet.Encodings.Plain, parquet.Encodings.DeltaBinaryPacked, parquet.Encodings.ByteStreamSplit},
		physFloat:     {parquet.Encodings.Plain, parquet.Encodings.ByteStreamSplit},
		physDouble:    {parquet.Encodings.Plain, parquet.Encodings.ByteStreamSplit},
		physByteArray: {parquet.Encodings.Plain, parquet.Encodings.DeltaLengthByteArray, parquet.Encodings.DeltaByteArray},
		physFixed:     {parquet.Encodings.Plain, parquet.Encodings.ByteStreamSplit},
	}
	codecs := []compress.Compression{
		compress.Codecs.Uncompressed, compress.Codecs.Snappy, compress.Codecs.Zstd, compress.Codecs.Gzip, compress.Codecs.Brotli, compress.Codecs.Lz4Raw,
	}
	for physical, all := range encodings {
		t.Run(physical.String(), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(9, uint64(physical)))
			for _, enc := range all {
				for _, dict := range []bool{false, true} {
					if dict && physical == physBoolean {
						continue
					}
					for _, version := range []parquet.DataPageVersion{parquet.DataPageV1, parquet.DataPageV2} {
						for _, nulls := range []int{0, 2, 100} {
							c := arrowCase{enc, dict, version, codecs[r.IntN(len(codecs))], nulls, r.IntN(3000), []int64{2, 20, 3000, math.MaxInt64}[r.IntN(4)], 1 << (6 + r.IntN(10))}
							compareWithArrowGo(t, c, physical, r.Uint64())
						}
					}
				}
			}
		})
	}
}

func compareWithArrowGo(t *testing.T, c arrowCase, physical parquet.Type, seed uint64) {
	data := c.write(t, physical, seed)
	r, err := file.NewParquetReader(bytes.NewReader(data), file.WithReadProps(parquet.NewReaderProperties(memory.NewGoAllocator())))
	require.NoError(t, err, c)
	defer r.Close()
	want := arrowValues(t, r, 0)
	f, err := Open(memFS{data: data}, "mem", nil)
	require.NoError(t, err, c)
	defer f.Close()
	v, err := f.ReadColumn(context.Background(), 0, 0)
	require.NoError(t, err, c)
	got := vecValues(v)
	require.Equal(t, len(want), len(got), c)
	for i := range want {
		require.Equal(t, want[i], got[i], "%v row %d", c, i)
	}
	pieces, err := readPieces(f, 0)
	require.NoError(t, err, c)
	require.Equal(t, texts(appendTexts(nil, v)), texts(pieces), c)
	checkStats(t, f, 0)
}
