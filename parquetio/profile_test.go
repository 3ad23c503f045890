package parquetio

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// A file of the clickhouse profile has the same values, and no column with the JSON annotation.
func TestClickHouseProfile(t *testing.T) {
	t.Parallel()
	d := allTypes()
	b := allRows(d, 0, 1200, 70, everyThird)
	f, _, path := writeFile(t, d, &WriteOptions{Profile: ProfileClickHouse, RowGroupRows: 512, PageRows: 100}, b)
	require.Equal(t, ProfileClickHouse, f.Profile())
	requireRows(t, f, b)
	for i, c := range d.Columns {
		require.Equal(t, c.Type, f.Columns()[i].Type, c.Name)
	}
	r, err := file.OpenParquetFile(path, false)
	require.NoError(t, err)
	defer r.Close()
	for i := range r.MetaData().Schema.NumColumns() {
		require.NotEqual(t, schema.LogicalType(schema.JSONLogicalType{}), r.MetaData().Schema.Column(i).LogicalType())
	}
}

// A file of the spark profile has the same values, and nothing in its schema that Spark refuses.
func TestSparkProfile(t *testing.T) {
	t.Parallel()
	d := allTypes()
	b := allRows(d, 0, 1200, 70, everyThird)
	f, _, path := writeFile(t, d, &WriteOptions{Profile: ProfileSpark, RowGroupRows: 512, PageRows: 100}, b)
	require.Equal(t, ProfileSpark, f.Profile())
	requireRows(t, f, b)
	for i, c := range d.Columns {
		require.Equal(t, c.Type, f.Columns()[i].Type, c.Name)
		if c.Type == arrowschema.UUID || c.Type == arrowschema.Time {
			pages, err := f.Pages(1, i)
			require.NoError(t, err)
			whole, err := f.ReadColumn(context.Background(), 1, i)
			require.NoError(t, err)
			checkPages(t, pages, whole)
			lo, _ := pages.Bounds()
			require.NotNil(t, lo)
			checkStats(t, f, i)
		}
	}
	for rg := range f.RowGroups() {
		for row := range f.RowGroupRows(rg) {
			require.True(t, f.MayContain(rg, 0, b.Cols[0].Slice(rg*512+row, rg*512+row+1)))
		}
		var rows, may []int32
		for row := range b.N {
			if rows = append(rows, int32(row)); f.MayContain(rg, 0, b.Cols[0].Slice(row, row+1)) {
				may = append(may, int32(row))
			}
		}
		require.Less(t, len(may), b.N)
		require.Equal(t, may, f.MayContainAny(rg, 0, f.BloomHashes(0, b.Cols[0]), rows, nil))
		hits := 0
		for k := range 1000 {
			if f.MayContain(rg, 0, vec.NewConst(arrowschema.UUID, [16]byte{1, 2, 3, byte(k), byte(k >> 8), 77}, 1)) {
				hits++
			}
		}
		require.Less(t, hits, 20)
	}
	r, err := file.OpenParquetFile(path, false)
	require.NoError(t, err)
	defer r.Close()
	for i := range r.MetaData().Schema.NumColumns() {
		switch c := r.MetaData().Schema.Column(i); c.LogicalType().(type) {
		case schema.UUIDLogicalType, schema.TimeLogicalType:
			require.Fail(t, c.String())
		}
		require.NotEqual(t, parquet.Types.FixedLenByteArray, r.MetaData().Schema.Column(i).PhysicalType())
	}
}

func TestProfilesAreKnown(t *testing.T) {
	t.Parallel()
	d := oneColumn(arrowschema.UUID, true, false)
	_, err := NewWriter(&bytes.Buffer{}, d, &WriteOptions{Profile: "hive"})
	require.ErrorContains(t, err, `unknown Parquet profile "hive": there are ["standard" "spark" "clickhouse"]`)
	f, _, _ := writeFile(t, d, nil)
	require.Equal(t, ProfileStandard, f.Profile())
}

// uuidOf reads what is written, and takes and refuses what PostgreSQL does.
func TestUUIDText(t *testing.T) {
	t.Parallel()
	u := [16]byte{0, 0x1f, 0xa9, 0xff, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0x9a}
	text := string(vec.AppendUUID(nil, u))
	for _, s := range []string{text, "{" + text + "}", "001FA9FF-0405-0607-0809-0A0B0C0D0E9A", "001fa9ff04050607-08090a0b-0c0d-0e9a"} {
		got, err := uuidOf(s)
		require.NoError(t, err, s)
		require.Equal(t, u, got, s)
	}
	for i := range text {
		for _, c := range []byte{'g', '/', ':', '`', 0, 0xff, '-'} {
			bad := []byte(text)
			if bad[i] == c {
				continue
			}
			bad[i] = c
			_, err := uuidOf(string(bad))
			require.Error(t, err, "%s", bad)
		}
	}
}

// 16 bytes of which nothing is said are a uuid to whom asks for one, and to nobody else.
func TestReadAsUUID(t *testing.T) {
	t.Parallel()
	write := func(length int, logical schema.LogicalType) []byte {
		node, err := schema.NewPrimitiveNodeLogical("id", parquet.Repetitions.Optional, logical, physFixed, length, -1)
		require.NoError(t, err)
		root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, schema.FieldList{node}, -1)
		require.NoError(t, err)
		var buf bytes.Buffer
		w := file.NewParquetWriter(&buf, root, file.WithWriterProps(parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy))))
		group, err := w.AppendRowGroupChecked()
		require.NoError(t, err)
		column, err := group.NextColumn()
		require.NoError(t, err)
		value := func(c byte) parquet.FixedLenByteArray { return bytes.Repeat([]byte{c}, length) }
		_, err = column.(*file.FixedLenByteArrayColumnChunkWriter).WriteBatch([]parquet.FixedLenByteArray{value(0xff), value(7)}, []int16{1, 0, 1}, nil)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return buf.Bytes()
	}
	open := func(data []byte) *File {
		f, err := Open(memFS{data: data}, "mem", nil)
		require.NoError(t, err)
		t.Cleanup(func() { f.Close() })
		return f
	}
	f := open(write(16, nil))
	require.True(t, f.ReadAs(0, arrowschema.UUID))
	require.Equal(t, arrowschema.UUID, f.Columns()[0].Type)
	v, err := f.ReadColumn(context.Background(), 0, 0)
	require.NoError(t, err)
	require.Equal(t, "['ffffffff-ffff-ffff-ffff-ffffffffffff' NULL '07070707-0707-0707-0707-070707070707']", fmt.Sprint(texts(appendTexts(nil, v))))
	checkStats(t, f, 0)

	f = open(write(16, nil))
	require.False(t, f.ReadAs(0, arrowschema.Int8))
	_, err = f.ReadColumn(context.Background(), 0, 0)
	require.ErrorContains(t, err, "invalid byte sequence")
	require.False(t, open(write(15, nil)).ReadAs(0, arrowschema.UUID))
	require.True(t, open(write(16, schema.UUIDLogicalType{})).ReadAs(0, arrowschema.UUID))
}

// Filters have at most the share of false positives that was asked for, and say which.
func TestBloomFPP(t *testing.T) {
	t.Parallel()
	d := oneColumn(arrowschema.Int8, true, false)
	d.Keys = allTypes().Keys
	v := vec.New(arrowschema.Int8, 5000)
	for i := range v.Ints {
		v.Ints[i] = int64(i) * 977
	}
	last := int64(1 << 40)
	for _, fpp := range []float64{0, 0.2, 0.05, 0.001, 0.00001} {
		f, info, _ := writeFile(t, d, &WriteOptions{BloomFPP: fpp}, batchOf(v))
		if fpp == 0 {
			fpp = DefaultBloomFPP
		} else {
			require.True(t, last == 1<<40 || info.Bytes > last)
			last = info.Bytes
		}
		require.Equal(t, fmt.Sprint(fpp), fmt.Sprint(f.Metadata()[KeyBloomFPP]))
		hits := 0
		for i := range 20000 {
			if f.MayContain(0, 0, vec.NewConst(arrowschema.Int8, int64(i)*1000003+1, 1)) {
				hits++
			}
		}
		require.LessOrEqual(t, float64(hits), 20000*fpp*1.3+5, "%v", fpp)
	}
	f, _, _ := writeFile(t, d, &WriteOptions{BloomFPP: -1}, batchOf(v))
	require.False(t, f.HasBloom(0, 0))
	require.NotContains(t, f.Metadata(), KeyBloomFPP)
	_, err := NewWriter(&bytes.Buffer{}, d, &WriteOptions{BloomFPP: 1})
	require.Error(t, err)
}
