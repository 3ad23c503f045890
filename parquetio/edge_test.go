package parquetio

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// oneColumn is a table of one column.
func oneColumn(t arrowschema.Type, notNull, dict bool) *schemahistory.TableDefinition {
	return &schemahistory.TableDefinition{
		ID: 9, Name: schemahistory.Name{Namespace: "test", Table: "one"}, Version: 1, SortColumn: -1, UserColumn: -1,
		Columns: []schemahistory.Column{{ID: 5, Name: "c", Type: t, NotNull: notNull, Dictionary: dict}},
	}
}

func batchOf(v *vec.Vec) *vec.Batch { return &vec.Batch{N: v.N, Cols: []*vec.Vec{v}} }

// distinctStrings gives n strings of which distinct are distinct. Equal ones are neighbours, as long as there are enough of them.
func distinctStrings(n, distinct int) *vec.Vec {
	v := vec.New(arrowschema.Text, n)
	for i := range v.Strs {
		k := i / 2 % distinct
		if i >= n/2 && i < distinct { // more than pairs give
			k = i
		}
		v.Strs[i] = fmt.Sprintf("value %06d", k*7919%1000000)
	}
	return v
}

func TestDictionaries(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		distinct int
		coded    bool
	}{
		"few":                {10, true},
		"many":               {20000, true},
		"most that codes do": {vec.MaxDict, false}, // each comes twice: codes and dictionary take more than strings that zstd finds twice
		"one too many":       {vec.MaxDict + 1, false},
		"all":                {2 * vec.MaxDict, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := oneColumn(arrowschema.Text, false, true)
			v := distinctStrings(2*vec.MaxDict, c.distinct)
			for i := range 500 {
				v.SetNull(i*200 + 1)
			}
			f, _, _ := writeFile(t, d, &WriteOptions{RowGroupRows: 2 * vec.MaxDict}, batchOf(v))
			requireRows(t, f, batchOf(v))
			got, err := f.ReadColumn(context.Background(), 0, 0)
			require.NoError(t, err)
			require.Equal(t, c.coded, got.Dict != nil)
			if c.coded {
				require.IsIncreasing(t, got.Dict.Strs)
			}
		})
	}
}

// TestDictionaryGivenUpMidway fills a dictionary with codes of incoming dictionaries, then with strings, until it overflows.
func TestDictionaryGivenUpMidway(t *testing.T) {
	t.Parallel()
	d := oneColumn(arrowschema.Text, false, true)
	var batches []*vec.Batch
	for k := range 3 {
		strs := make([]string, 40000)
		for i := range strs {
			strs[i] = fmt.Sprintf("%d/%d", k, i)
		}
		codes := make([]uint16, 43000)
		for i := range codes {
			codes[i] = uint16(i % 40000)
		}
		valid := vec.NewBitmap(len(codes))
		valid.Clear(k)
		batches = append(batches, batchOf(vec.NewDict(codes, vec.NewFlat(arrowschema.Text, strs, nil), valid)))
	}
	f, _, _ := writeFile(t, d, nil, batches...)
	requireRows(t, f, batches...)
	got, err := f.ReadColumn(context.Background(), 0, 0)
	require.NoError(t, err)
	require.Nil(t, got.Dict)
}

// TestVectorForms writes the same rows as flat, constant and dictionary-coded vectors, among them NULL entries of a dictionary.
func TestVectorForms(t *testing.T) {
	t.Parallel()
	for _, typ := range []arrowschema.Type{arrowschema.Text, arrowschema.JSONB, arrowschema.Int8, arrowschema.UUID, arrowschema.Numeric, arrowschema.Interval, arrowschema.Bool, arrowschema.Float8} {
		for _, dict := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s %v", typ, dict), func(t *testing.T) {
				t.Parallel()
				entries := vec.New(typ, 5)
				for i := range 5 {
					setValue(entries, i, i+1, i+1, false)
				}
				entries.SetNull(3)
				valid := vec.NewBitmap(1000)
				codes := make([]uint16, 1000)
				for i := range codes {
					codes[i] = uint16(i * i % 5)
					if i%17 == 0 {
						valid.Clear(i)
					}
				}
				coded := vec.NewDict(codes, entries, valid)
				constant := &vec.Vec{}
				*constant = *entries.Slice(1, 2)
				constant.Const, constant.N, constant.Valid = true, 700, nil
				d := oneColumn(typ, false, dict)
				batches := []*vec.Batch{
					batchOf(coded), batchOf(constant), batchOf(vec.NewNull(typ, 300)), batchOf(coded.Flat()), batchOf(coded.Slice(3, 777)), batchOf(vec.New(typ, 0)),
				}
				f, _, _ := writeFile(t, d, &WriteOptions{RowGroupRows: 640}, batches...)
				requireRows(t, f, batches...)
				checkStats(t, f, 0)
			})
		}
	}
}

func TestLongStrings(t *testing.T) {
	t.Parallel()
	v := vec.New(arrowschema.Text, 40)
	for i := range v.Strs {
		v.Strs[i] = strings.Repeat(string(rune('a'+i%26)), 1<<20)
	}
	v.Strs[3], v.Strs[4] = "", strings.Repeat("日本", 100)
	v.SetNull(7)
	for _, dict := range []bool{false, true} {
		d := oneColumn(arrowschema.Text, false, dict)
		f, _, _ := writeFile(t, d, nil, batchOf(v))
		requireRows(t, f, batchOf(v))
		checkStats(t, f, 0)
		s := f.RowGroupStats(0, 0)
		require.False(t, s.Exact, "cut bounds are not values")
		require.LessOrEqual(t, len(s.Max.Strs[0]), chunkBoundBytes)
	}
}

// TestHeavyRowGroups checks that long texts end a row group early.
func TestHeavyRowGroups(t *testing.T) {
	t.Parallel()
	v := vec.New(arrowschema.Text, 50)
	long := strings.Repeat("0123456789abcdef", 1<<18) // 4 MiB
	for i := range v.Strs {
		v.Strs[i] = long
	}
	d := oneColumn(arrowschema.Text, true, false)
	var parts []*vec.Batch
	for i := range v.N {
		parts = append(parts, batchOf(v.Slice(i, i+1)))
	}
	f, info, _ := writeFile(t, d, nil, parts...)
	require.Greater(t, info.RowGroups, 1)
	require.Equal(t, int64(50), f.Rows())
}

func TestInfoAndMetadata(t *testing.T) {
	t.Parallel()
	d := schemahistory.Contract()[0]
	b := jobsRows(300, true, 5)
	f, info, path := writeFile(t, d, &WriteOptions{RowGroupRows: 128, Metadata: map[string]string{"stoa.job": "x", "other": "é"}}, b)
	require.Equal(t, 3, info.RowGroups)
	require.Len(t, info.ChunkCRCs, 3)
	require.Len(t, info.ChunkCRCs[0], 12)
	require.True(t, info.HasSort)
	require.Equal(t, b.Cols[8].Ints[0], info.SortMin)
	require.Equal(t, b.Cols[8].Ints[299], info.SortMax)
	m := f.Metadata()
	for k, want := range map[string]string{
		KeyContractVersion: "1.0.0", KeyWriterVersion: WriterVersion, KeyNamespace: "system", KeyTable: "jobs", KeySchemaVersion: "1", KeyRows: "300",
		KeySortColumn: "created_at", KeySortMin: fmt.Sprint(info.SortMin), KeySortMax: fmt.Sprint(info.SortMax), "stoa.job": "x", "other": "é",
	} {
		require.Equal(t, want, m[k], k)
	}
	require.NotEmpty(t, m[KeyArrowSchema])
	for i, c := range f.Columns() {
		require.Equal(t, Column{Name: d.Columns[i].Name, Type: d.Columns[i].Type, Nullable: !d.Columns[i].NotNull, FieldID: d.Columns[i].ID}, c)
	}
	// A file that is opened without a manifest still finds its own checksums.
	g, err := Open(vfs.OS(), path, nil)
	require.NoError(t, err)
	defer g.Close()
	require.Equal(t, info.ChunkCRCs, g.chunkSums)
	_, err = Open(vfs.OS(), path, &ReadOptions{Size: info.Bytes + 1})
	require.ErrorIs(t, err, ErrCorrupt)
	_, err = Open(vfs.OS(), path, &ReadOptions{FooterCRC: info.FooterCRC + 1, HasFooterCRC: true})
	require.ErrorIs(t, err, ErrCorrupt)
	_, err = Open(vfs.OS(), path, &ReadOptions{ChunkCRCs: info.ChunkCRCs[:2]})
	require.ErrorIs(t, err, ErrCorrupt)
	info.ChunkCRCs[1][4]++
	h, err := Open(vfs.OS(), path, &ReadOptions{ChunkCRCs: info.ChunkCRCs})
	require.NoError(t, err)
	defer h.Close()
	_, err = h.ReadColumn(context.Background(), 1, 4)
	require.ErrorIs(t, err, ErrCorrupt)
	require.ErrorContains(t, err, "row group 1, column result")
}

func TestInspect(t *testing.T) {
	t.Parallel()
	d := schemahistory.Contract()[0]
	_, info, path := writeFile(t, d, &WriteOptions{RowGroupRows: 192}, jobsRows(300, false, 5))
	r, err := Inspect(vfs.OS(), path)
	require.NoError(t, err)
	require.Equal(t, info.Bytes, r.Bytes)
	require.Equal(t, int64(300), r.Rows)
	require.True(t, r.Checksums)
	require.Len(t, r.Groups, 2)
	require.Equal(t, []string{"created_at"}, r.Groups[0].SortedBy)
	require.Len(t, r.Stored, 12)
	require.Equal(t, StoredColumn{ID: 1, Name: "job_id", Type: "uuid", NotNull: true, PrimaryKey: true}, r.Stored[0])
	require.Equal(t, "now()", r.Stored[8].Default)
	total := int64(0)
	for _, c := range r.Columns {
		total += c.Compressed + c.BloomBytes
		require.Equal(t, int64(2), c.DataPages)
	}
	require.Less(t, total, r.Bytes)
	status := r.Columns[2]
	require.Equal(t, "text", status.Type)
	require.Equal(t, "BYTE_ARRAY String", status.Stored)
	require.Equal(t, []string{"RLE_DICTIONARY"}, status.Encodings)
	require.Equal(t, int64(2), status.DictPages)
	require.Equal(t, "cancelled", *status.Min)
	require.Equal(t, "failed", *status.Max)
	require.Zero(t, status.Nulls)
	require.True(t, status.PageIndex)
	require.Equal(t, []string{"DELTA_BINARY_PACKED"}, r.Columns[6].Encodings)
	require.Positive(t, r.Columns[0].BloomBytes)
	require.Nil(t, r.Columns[3].Min, "jsonb has no order that Parquet knows")
	text, err := json.Marshal(r)
	require.NoError(t, err)
	require.Contains(t, string(text), `"compressed_bytes"`)
}

func TestRefusedBatches(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		def   *schemahistory.TableDefinition
		batch *vec.Batch
		want  string
	}{
		"columns":  {oneColumn(arrowschema.Text, false, false), &vec.Batch{N: 1}, "batch has 0 columns"},
		"type":     {oneColumn(arrowschema.Text, false, false), batchOf(vec.New(arrowschema.Int8, 1)), "column c"},
		"rows":     {oneColumn(arrowschema.Text, false, false), &vec.Batch{N: 1, Cols: []*vec.Vec{vec.New(arrowschema.Text, 3)}}, "column c"},
		"NULL":     {oneColumn(arrowschema.Text, true, false), batchOf(vec.NewNull(arrowschema.Text, 3)), "NOT NULL"},
		"smallint": {oneColumn(arrowschema.Int4, true, false), batchOf(vec.NewConst(arrowschema.Int4, int64(math.MaxInt32)+1, 1)), "does not fit into integer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, err := NewWriter(&bytes.Buffer{}, c.def, nil)
			require.NoError(t, err)
			err = w.Write(c.batch)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "test.one")
			_, closeErr := w.Close()
			require.Equal(t, err, closeErr, "the first error stays")
		})
	}
	_, err := NewWriter(&bytes.Buffer{}, oneColumn(arrowschema.Void, true, false), nil)
	require.ErrorContains(t, err, "column c")
	w, err := NewWriter(&bytes.Buffer{}, oneColumn(arrowschema.Text, true, false), &WriteOptions{Metadata: map[string]string{KeyRows: "1"}})
	require.NoError(t, err)
	_, err = w.Close()
	require.ErrorContains(t, err, KeyRows)
}

func TestFloatStatistics(t *testing.T) {
	t.Parallel()
	d := oneColumn(arrowschema.Float8, false, false)
	for name, c := range map[string]struct {
		values   []float64
		min, max any
	}{
		"numbers": {[]float64{1, -2, 3}, -2.0, 3.0},
		"NaN":     {[]float64{1, math.NaN(), 3}, 1.0, nil},
		"NaNs":    {[]float64{math.NaN()}, nil, nil},
		"zeros":   {[]float64{0}, 0.0, 0.0},
		"ends":    {[]float64{math.Inf(1), math.Inf(-1)}, math.Inf(-1), math.Inf(1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, _, _ := writeFile(t, d, nil, batchOf(vec.NewFlat(arrowschema.Float8, c.values, nil)))
			s := f.RowGroupStats(0, 0)
			for want, got := range map[*any]*vec.Vec{&c.min: s.Min, &c.max: s.Max} {
				if *want == nil {
					require.Nil(t, got)
					continue
				}
				require.NotNil(t, got)
				require.InDelta(t, *want, got.Floats[0], 0)
			}
			checkStats(t, f, 0)
		})
	}
}

// TestStatisticsWithCaution changes what a footer says and looks at what is believed.
func TestStatisticsWithCaution(t *testing.T) {
	t.Parallel()
	d := allTypes()
	b := allRows(d, 0, 500, 50, everyThird)
	f, _, _ := writeFile(t, d, nil, b)
	at := func(name string) int { return d.Find(name) }
	known := func(name string) bool {
		s := f.RowGroupStats(0, at(name))
		return s.Min != nil && s.Max != nil
	}
	for _, name := range []string{"c_bool", "c_int2", "c_int4", "c_int8", "c_float8", "c_text", "d_text", "c_uuid", "c_date", "c_time", "c_timestamp", "c_timestamptz"} {
		require.True(t, known(name), name)
	}
	for _, name := range []string{"c_json", "c_jsonb", "d_jsonb", "c_numeric", "d_numeric", "c_interval"} {
		require.False(t, known(name), name)
		require.InDelta(t, 167, f.RowGroupStats(0, at(name)).Nulls, 1, name)
	}
	stats := func(name string) func() {
		s := &f.chunkMeta(0, at(name)).stats
		s.deprecated = true
		return func() { s.min, s.max = []byte("aaaaaaaa"), []byte("zzzzzzzz") }
	}
	stats("c_text")()
	require.False(t, known("c_text"), "the deprecated fields of strings have no agreed order")
	stats("c_int8")()
	require.True(t, known("c_int8"), "those of signed integers have")
	stats("c_int4")()
	require.False(t, known("c_int4"), "8 bytes are no INT32")
	f.meta.ordered = nil
	require.False(t, known("d_text"), "no order is declared")
	require.True(t, known("c_timestamp"))
	f.chunkMeta(0, at("c_timestamp")).stats.min = bytes.Repeat([]byte{0x7f}, 8)
	require.False(t, known("c_timestamp"), "the lower bound is above the upper one")
}

func TestConcurrentReads(t *testing.T) {
	t.Parallel()
	d := schemahistory.Contract()[0]
	b := jobsRows(2000, true, 5)
	f, _, _ := writeFile(t, d, &WriteOptions{RowGroupRows: 512}, b)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for k := range 24 {
				rg, col := (g+k)%f.RowGroups(), (g*5+k)%12
				v, err := f.ReadColumn(context.Background(), rg, col)
				if err != nil || v.N != f.RowGroupRows(rg) || !f.MayContain(rg, col, v.Slice(0, 1)) {
					t.Errorf("row group %d, column %d: %v", rg, col, err)
					return
				}
				want := b.Cols[col].Slice(512*rg, 512*rg+v.N)
				for i := range v.N {
					if v.IsNull(i) != want.IsNull(i) || !v.IsNull(i) && !bytes.Equal(vec.AppendText(nil, v, i, nil), vec.AppendText(nil, want, i, nil)) {
						t.Errorf("row group %d, column %d, row %d", rg, col, i)
						return
					}
				}
			}
		})
	}
	wg.Wait()
}
