package parquetio

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/parquetio/badfiles"
)

// arrowFooter has arrow-go parse a footer; what it panics of is an error.
func arrowFooter(footer []byte) (m *metadata.FileMetaData, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return metadata.NewFileMetaData(footer, nil)
}

// sameFooter holds what we read of a file's footer against what arrow-go reads. Where we refuse a footer whose structures are sound, and only there, arrow-go
// must refuse it as well, but for logical types that it does not know. Other footers that we refuse it must not see.
func sameFooter(t require.TestingT, data []byte) {
	footer := data[len(data)-8-int(le32(data[len(data)-8:])) : len(data)-8]
	ours, err := parseFooter(bytes.Clone(footer), (baseLimit+fileLimit*int64(len(data)))/2)
	if err != nil {
		sound := !errors.Is(err, errWireShort) && !errors.Is(err, errWireBad) && !errors.Is(err, errTooMuch) && err.Error() != errSchema.Error()
		if sound && !strings.Contains(err.Error(), "deep") {
			_, theirs := arrowFooter(footer)
			require.Error(t, theirs, "we refuse it: %v", err)
		}
		return
	}
	theirs, err := arrowFooter(footer)
	if err != nil {
		require.Regexp(t, "invalid logical type|TimeUnit must be|field Unit is not set", err.Error())
		return
	}
	require.Equal(t, theirs.FileMetaData.NumRows, ours.rows)
	require.Equal(t, theirs.GetCreatedBy(), ours.createdBy)
	entries := map[string]string{}
	for _, kv := range theirs.FileMetaData.KeyValueMetadata {
		if kv.Value != nil {
			entries[kv.Key] = *kv.Value
		}
	}
	require.Equal(t, entries, ours.entries)
	var ordered []bool
	for _, o := range theirs.FileMetaData.ColumnOrders {
		ordered = append(ordered, o.TYPE_ORDER != nil)
	}
	require.True(t, slices.Equal(ordered, ours.ordered))
	sameSchema(t, theirs.Schema, ours)
	require.Len(t, ours.groups, len(theirs.RowGroups))
	for i := range ours.groups {
		sameGroup(t, theirs, ours, i)
	}
}

// sameSchema compares the fields depth first, and the primitive columns.
func sameSchema(t require.TestingT, theirs *schema.Schema, ours *fileMeta) {
	at := 0
	var walk func(n schema.Node)
	walk = func(n schema.Node) {
		e := &ours.schema[at]
		at++
		require.Equal(t, n.Name(), e.name)
		require.EqualValues(t, n.RepetitionType(), e.repetition)
		require.Equal(t, n.FieldID(), e.fieldID)
		require.Equal(t, n.LogicalType().String(), e.logical.String(), "%s", n.Name())
		if at > 1 {
			require.Equal(t, n.Path(), e.path)
		}
		switch n := n.(type) {
		case *schema.GroupNode:
			require.EqualValues(t, n.NumFields(), e.children)
			for i := range n.NumFields() {
				walk(n.Field(i))
			}
		case *schema.PrimitiveNode:
			require.Zero(t, e.children)
			require.Equal(t, n.PhysicalType(), e.physical)
			if n.PhysicalType() == physFixed {
				require.EqualValues(t, n.TypeLength(), e.length)
			}
		}
		require.EqualValues(t, at, e.end)
	}
	walk(theirs.Root())
	require.Len(t, ours.schema, at)
	require.Len(t, ours.leaves, theirs.NumColumns())
	for i := range ours.leaves {
		require.Equal(t, theirs.Column(i).Path(), ours.leaf(i).path)
	}
}

// sameGroup compares a row group.
func sameGroup(t require.TestingT, theirs *metadata.FileMetaData, ours *fileMeta, rg int) {
	g := theirs.RowGroups[rg]
	want := groupMeta{rows: g.NumRows}
	for _, s := range g.SortingColumns {
		want.sorting = append(want.sorting, sortingColumn{s.ColumnIdx, s.Descending})
	}
	for _, c := range g.Columns {
		w := chunkMeta{elsewhere: c.GetFilePath() != "", described: c.MetaData != nil}
		w.columnIndex = indexPlace{valueOr(c.ColumnIndexOffset, 0), valueOr(c.ColumnIndexLength, 0), c.ColumnIndexOffset != nil, c.ColumnIndexLength != nil}
		w.offsetIndex = indexPlace{valueOr(c.OffsetIndexOffset, 0), valueOr(c.OffsetIndexLength, 0), c.OffsetIndexOffset != nil, c.OffsetIndexLength != nil}
		if m := c.MetaData; m != nil {
			w.values, w.raw, w.compressed = m.NumValues, m.TotalUncompressedSize, m.TotalCompressedSize
			w.dataOffset, w.dictOffset = m.DataPageOffset, valueOr(m.DictionaryPageOffset, 0)
			w.bloomOffset, w.bloomLength, w.hasBloom = valueOr(m.BloomFilterOffset, 0), valueOr(m.BloomFilterLength, 0), m.BloomFilterOffset != nil
			w.codec, w.physical = int32(m.Codec), parquet.Type(m.Type)
			for _, s := range m.EncodingStats {
				w.pages = append(w.pages, pageCount{int32(s.PageType), encoding(s.Encoding), s.Count})
			}
			if s := m.Statistics; s != nil {
				w.stats = chunkStats{
					known: true, min: s.MinValue, max: s.MaxValue, nulls: valueOr(s.NullCount, -1), nans: valueOr(s.NanCount, -1),
					exact: valueOr(s.IsMinValueExact, false) && valueOr(s.IsMaxValueExact, false), deprecated: s.MinValue == nil && s.MaxValue == nil,
				}
				if w.stats.deprecated {
					w.stats.min, w.stats.max = s.Min, s.Max
				}
			}
		}
		want.chunks = append(want.chunks, w)
	}
	got := ours.groups[rg]
	require.Equal(t, want.rows, got.rows)
	require.True(t, slices.Equal(want.sorting, got.sorting))
	require.Len(t, got.chunks, len(want.chunks))
	for i, w := range want.chunks {
		c := got.chunks[i]
		require.True(t, slices.Equal(w.pages, c.pages), "row group %d, column %d: %v, not %v", rg, i, c.pages, w.pages)
		w.pages, c.pages = nil, nil
		require.Equal(t, w, c, "row group %d, column %d", rg, i)
	}
}

func valueOr[T any](p *T, other T) T {
	if p == nil {
		return other
	}
	return *p
}

// Good files of all makers and profiles, and malformed ones.
func TestFootersAsArrowGoReadsThem(t *testing.T) {
	t.Parallel()
	good := goodFiles(t)
	for _, name := range slices.Sorted(maps.Keys(good)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sameFooter(t, good[name])
			cases, err := badfiles.Mutations(good[name], 60, 11)
			require.NoError(t, err)
			for _, c := range cases {
				if n := len(c.Data) - 8; n >= 4 && string(c.Data[n+4:]) == magic && int64(le32(c.Data[n:])) <= int64(n) {
					sameFooter(t, c.Data)
				}
			}
		})
	}
}

// logicalTypes are a primitive column of each logical type that arrow-go can write.
func logicalTypes(t testing.TB) (fields schema.FieldList) {
	add := func(l schema.LogicalType, physical parquet.Type, length int) {
		for _, r := range []parquet.Repetition{parquet.Repetitions.Required, parquet.Repetitions.Optional, parquet.Repetitions.Repeated} {
			n, err := schema.NewPrimitiveNodeLogical(fmt.Sprint("c", len(fields)), r, l, physical, length, int32(len(fields)%3-1))
			require.NoError(t, err)
			fields = append(fields, n)
		}
	}
	for _, p := range []parquet.Type{physBoolean, physInt32, physInt64, physInt96, physFloat, physDouble, physByteArray, physFixed} {
		add(nil, p, 7)
		add(schema.NullLogicalType{}, p, 7)
	}
	for _, l := range []schema.LogicalType{
		schema.StringLogicalType{}, schema.EnumLogicalType{}, schema.JSONLogicalType{}, schema.BSONLogicalType{}, schema.GeometryLogicalType{},
		schema.GeometryLogicalType{Crs: "EPSG:1"}, schema.GeographyLogicalType{}, schema.GeographyLogicalType{Crs: "x"},
		schema.GeographyLogicalType{Algorithm: schema.GeographyEdgeKarney}, schema.NewDecimalLogicalType(99, 7),
	} {
		add(l, physByteArray, -1)
	}
	for _, utc := range []bool{true, false} {
		add(schema.NewTimeLogicalType(utc, schema.TimeUnitMillis), physInt32, -1)
		for _, unit := range []schema.TimeUnitType{schema.TimeUnitMillis, schema.TimeUnitMicros, schema.TimeUnitNanos} {
			if unit != schema.TimeUnitMillis {
				add(schema.NewTimeLogicalType(utc, unit), physInt64, -1)
			}
			add(schema.NewTimestampLogicalType(utc, unit), physInt64, -1)
		}
		for _, width := range []int8{8, 16, 32} {
			add(schema.NewIntLogicalType(width, utc), physInt32, -1)
		}
		add(schema.NewIntLogicalType(64, utc), physInt64, -1)
	}
	add(schema.DateLogicalType{}, physInt32, -1)
	add(schema.NewDecimalLogicalType(9, 2), physInt32, -1)
	add(schema.NewDecimalLogicalType(18, 18), physInt64, -1)
	add(schema.NewDecimalLogicalType(38, 0), physFixed, 16)
	add(schema.UUIDLogicalType{}, physFixed, 16)
	add(schema.Float16LogicalType{}, physFixed, 2)
	add(schema.IntervalLogicalType{}, physFixed, 12)
	return fields
}

// A file of arrow-go of all logical types, nested in lists, maps and groups, without rows.
func TestFooterOfAllLogicalTypes(t *testing.T) {
	t.Parallel()
	group := func(name string, l schema.LogicalType, fields ...schema.Node) schema.Node {
		n, err := schema.NewGroupNodeLogical(name, parquet.Repetitions.Optional, fields, l, 5)
		require.NoError(t, err)
		return n
	}
	list := group("list", schema.NewListLogicalType(), group("list", nil, logicalTypes(t)[:9]...))
	pairs := group("map", schema.MapLogicalType{}, group("key_value", nil, append(logicalTypes(t)[:2], list)...))
	root, err := schema.NewGroupNode("all", parquet.Repetitions.Required, append(logicalTypes(t), pairs, group("variant", schema.VariantLogicalType{}, logicalTypes(t)[20:22]...)), -1)
	require.NoError(t, err)
	var buf bytes.Buffer
	w := file.NewParquetWriter(&buf, root, file.WithWriterProps(parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd))))
	require.NoError(t, w.AppendKeyValueMetadata("key", "value"))
	require.NoError(t, w.Close())
	sameFooter(t, buf.Bytes())
	m, err := parseFooter(buf.Bytes()[4:buf.Len()-8], 1<<30)
	require.NoError(t, err)
	require.Len(t, m.leaves, len(logicalTypes(t))+13)
	require.Equal(t, "map.key_value.list.list.c8", m.leaf(len(m.leaves)-3).path)
}

// Files that arrow-go writes with everything beside the pages that it can write.
func TestFootersOfArrowGoFiles(t *testing.T) {
	t.Parallel()
	for _, physical := range []parquet.Type{physBoolean, physInt32, physInt64, physFloat, physDouble, physByteArray, physFixed} {
		for _, nulls := range []int{0, 3} {
			c := arrowCase{enc: parquet.Encodings.Plain, dict: nulls > 0, version: parquet.DataPageV2, codec: compress.Codecs.Snappy, nulls: nulls, n: 500, spread: 90, page: 512}
			sameFooter(t, c.write(t, physical, 3))
		}
	}
	for _, opts := range []parquet.WriterProperty{
		parquet.WithBloomFilterEnabled(true), parquet.WithPageIndexEnabled(true), parquet.WithStats(false), parquet.WithCreatedBy(""),
		parquet.WithSortingColumns([]parquet.SortingColumn{{ColumnIdx: 1, Descending: true}, {ColumnIdx: 0, NullsFirst: true}}),
	} {
		fields := schema.FieldList{schema.NewInt32Node("a", parquet.Repetitions.Required, -1), schema.NewInt32Node("b", parquet.Repetitions.Required, 4)}
		root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)
		require.NoError(t, err)
		var buf bytes.Buffer
		w := file.NewParquetWriter(&buf, root, file.WithWriterProps(parquet.NewWriterProperties(opts)))
		for range 3 {
			g, err := w.AppendRowGroupChecked()
			require.NoError(t, err)
			for range fields {
				column, err := g.NextColumn()
				require.NoError(t, err)
				_, err = column.(*file.Int32ColumnChunkWriter).WriteBatch([]int32{3, 1, 2}, nil, nil)
				require.NoError(t, err)
			}
		}
		require.NoError(t, w.Close())
		sameFooter(t, buf.Bytes())
	}
}

// TestRandomFooters makes up footers, field by field: each may be there, be of another type, and be there twice.
func TestRandomFooters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := footerMaker{t}
		sameFooter(t, badfiles.Close([]byte(magic), m.file().Append(nil)))
	})
}
