package parquetio

import (
	"unsafe"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/cespare/xxhash/v2"
)

// uuidBytes gives the bytes of UUIDs, which lie one after the other already.
func uuidBytes(u [][16]byte) []byte {
	if len(u) == 0 {
		return nil
	}
	return unsafe.Slice(&u[0][0], 16*len(u))
}

// orderOf gives the order of a form's encoded values.
func orderOf(f form) func(x, y []byte) bool {
	switch f.physical {
	case physInt32:
		return lessInt32
	case physInt64:
		return lessInt64
	case physFloat:
		return lessFloat
	case physDouble:
		return lessDouble
	default:
		return lessBytes
	}
}

// bloomOf gives a bloom filter of the buffer's values, nil for types that have none: those whose equal values may differ in their text.
func bloomOf(b *columnBuffer, fpp float64) []byte {
	var filter []byte
	switch {
	case b.form.physical == physFixed:
		filter = newBloom(len(b.uuids), fpp)
		for i := range b.uuids {
			bloomInsert(filter, xxhash.Sum64(b.uuids[i][:]))
		}
	case b.form.physical == physInt64 || b.form.physical == physInt32:
		filter = newBloom(len(b.ints), fpp)
		var plain [8]byte
		for _, v := range b.ints {
			bloomInsert(filter, xxhash.Sum64(appendPlainInts(plain[:0], []int64{v}, b.form.narrow)))
		}
	case b.form.physical == physByteArray && (!b.form.textual || b.form.ordered):
		values := b.strs
		if b.coded() {
			values = b.table.entries
		}
		filter = newBloom(len(values), fpp)
		for _, s := range values {
			bloomInsert(filter, xxhash.Sum64String(s))
		}
	}
	return filter
}

// describe fills in the footer's entry for a chunk. values counts NULLs too.
func (c *chunk) describe(builder *metadata.ColumnChunkMetaDataBuilder, rows int, f form) error {
	stats := metadata.EncodingStats{DataEncodingStats: map[parquet.Encoding]int32{parquet.Encoding(c.enc): c.pages}}
	if c.dictPages > 0 {
		stats.DictEncodingStats = map[parquet.Encoding]int32{parquet.Encoding(encPlain): 1}
	}
	info := metadata.ChunkMetaInfo{
		NumValues: int64(rows), DictPageOffset: c.dictOffset, IndexPageOffset: -1, DataPageOffset: c.offset,
		CompressedSize: c.size, UncompressedSize: c.rawSize,
	}
	if err := builder.Finish(info, c.dictPages > 0, false, stats); err != nil {
		return err
	}
	builder.SetStats(c.statistics(f))
	meta := builder.Contents().MetaData
	setEnum(&meta.Codec, c.codec)
	meta.Encodings = meta.Encodings[:0]
	for _, e := range c.encodings {
		meta.Encodings = appendEnum(meta.Encodings, e)
	}
	exactMin, exactMax := len(c.bounds.min) <= chunkBoundBytes, len(c.bounds.max) <= chunkBoundBytes
	if c.bounds.known && f.ordered {
		meta.Statistics.IsMinValueExact, meta.Statistics.IsMaxValueExact = &exactMin, &exactMax
	}
	if f.physical == physFloat || f.physical == physDouble {
		meta.Statistics.NanCount = &c.bounds.nans
	}
	return nil
}

// statistics gives the bounds as the footer has them.
func (c *chunk) statistics(f form) metadata.EncodedStatistics {
	var s metadata.EncodedStatistics
	s.SetNullCount(c.bounds.nulls)
	// The old fields min and max are for readers that know no others; their order is signed.
	s.Signed = f.physical == physInt32 || f.physical == physInt64 || f.physical == physFloat || f.physical == physDouble
	if c.bounds.known {
		s.SetMin(cutLower(c.bounds.min, chunkBoundBytes))
		if upper, ok := cutUpper(c.bounds.max, chunkBoundBytes); ok {
			s.SetMax(upper)
		}
	}
	return s
}

// setEnum and appendEnum assign to enumerations whose types arrow-go keeps internal.

func setEnum[T ~int64](p *T, v int64) { *p = T(v) }

func appendEnum[T ~int64, V ~int32](s []T, v V) []T { return append(s, T(v)) }
