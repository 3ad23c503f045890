package badfiles

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
)

// zeros of bombBytes are what bombs come to; ratios are from 20 (snappy) to 10^5.
const bombBytes = 1 << 30

func zstdZeros(n int) []byte { return Zstd(n, 0) }

// Zstd gives a frame of n times a byte (RFC 8878): blocks of one byte, repeated. It has 32 bytes for a megabyte.
func Zstd(n int, what byte) []byte {
	b := []byte{0x28, 0xb5, 0x2f, 0xfd, 2<<6 | 1<<5}
	b = binary.LittleEndian.AppendUint32(b, uint32(n))
	for n > 0 {
		k := min(n, 128<<10)
		head := uint32(k)<<3 | 1<<1
		if k == n {
			head |= 1
		}
		b = append(b, byte(head), byte(head>>8), byte(head>>16), what)
		n -= k
	}
	return b
}

// gzipZeros gives a stream of n zeros, a multiple of 1 MiB, out of copies of a part that ends at a byte. sound says that the checksum at its end is right.
func gzipZeros(n int, sound bool) []byte {
	const unit = 1 << 20
	var part bytes.Buffer
	w, err := flate.NewWriter(&part, flate.BestCompression)
	if err != nil {
		return nil // the level is one of flate's own
	}
	_, _ = w.Write(make([]byte, unit)) // a buffer takes everything
	_ = w.Flush()
	b := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}
	sum, zero := uint32(0), make([]byte, unit)
	for range n / unit {
		b = append(b, part.Bytes()...)
		if sound {
			sum = crc32.Update(sum, crc32.IEEETable, zero)
		}
	}
	b = append(b, 3, 0) // an empty last block
	b = binary.LittleEndian.AppendUint32(b, sum)
	return binary.LittleEndian.AppendUint32(b, uint32(n))
}

// snappyZeros gives n zeros: one byte, and copies of 64 bytes from one byte back.
func snappyZeros(n int) []byte {
	b := binary.AppendUvarint(nil, uint64(n))
	b = append(b, 0, 0) // a literal of one zero
	for n--; n > 0; {
		k := min(n, 64)
		b = append(b, byte(k-1)<<2|2, 1, 0)
		n -= k
	}
	return b
}

// lz4Zeros gives a block of n zeros: a literal, and one match from one byte back.
func lz4Zeros(n int) []byte {
	b := []byte{0x1f, 0, 1, 0}
	for n -= 1 + 4 + 15 + 5; n >= 255; n -= 255 {
		b = append(b, 255)
	}
	return append(b, byte(n), 5<<4, 0, 0, 0, 0, 0)
}

// deltaZeros gives n zeros by DELTA_BINARY_PACKED: blocks of a million values in six bytes.
func deltaZeros(n int) []byte {
	const block = 1 << 20
	b := binary.AppendUvarint(nil, block)
	b = append(b, 1) // one miniblock
	b = binary.AppendUvarint(b, uint64(n))
	b = append(b, 0)
	for left := n - 1; left > 0; left -= block {
		b = append(b, 0, 0)
	}
	return b
}

// Bombs gives small files that come to gigabytes: some are lies, and some are true.
func Bombs() []Case {
	var out []Case
	add := func(name string, f *File) { out = append(out, Case{"bomb " + name, f.Bytes()}) }
	// One string of zeros, whose length is zero, or a page that says to be small.
	for _, c := range []struct {
		name  string
		codec int64
		body  []byte
		size  int
	}{
		{"zstd", codecZstd, zstdZeros(bombBytes), bombBytes},
		{"gzip", codecGzip, gzipZeros(bombBytes, true), bombBytes},
		{"gzip with a wrong sum", codecGzip, gzipZeros(bombBytes, false), bombBytes},
		{"snappy", codecSnappy, snappyZeros(bombBytes / 8), bombBytes / 8},
		{"lz4", codecLZ4Raw, lz4Zeros(bombBytes), bombBytes},
	} {
		for _, say := range []struct {
			name string
			size int
		}{{"true", c.size}, {"small", 1000}, {"almost", c.size - 1}, {"more", c.size + 1}} {
			text := column{name: "a", physical: typeByteArray, codec: c.codec, pages: []*Page{dataPage(int64(say.size/4), encPlain, say.size, c.body)}}
			add(c.name+" of strings, size "+say.name, build(1, int64(say.size/4), text))
			text.physical = typeInt64
			text.pages = []*Page{dataPage(int64(say.size/8), encPlain, say.size, c.body)}
			add(c.name+" of integers, size "+say.name, build(1, int64(say.size/8), text))
		}
		dict := column{name: "a", physical: typeByteArray, codec: c.codec, pages: []*Page{dictPage(1000, c.size, c.body), dataPage(10, encDictionary, 1000, c.body)}}
		add(c.name+" of a dictionary", build(3, 10, dict))
		many := column{name: "a", physical: typeInt64, codec: c.codec, pages: []*Page{dataPage(int64(c.size/8), encPlain, c.size, c.body)}}
		second := many
		second.name = "b"
		add(c.name+" four times", build(2, int64(c.size/8), many, second))
	}
	return sorted(append(out, runBombs()...))
}

// runBombs gives bombs of the encodings.
func runBombs() []Case {
	var out []Case
	add := func(name string, f *File) { out = append(out, Case{"bomb " + name, f.Bytes()}) }
	for _, n := range []uint64{1<<31 - 1, 100_000_000} {
		rows, at := int64(n), map[bool]string{true: "2^31-1", false: "10^8"}[n > 1<<30]
		codes, text := runOf(n), plainTexts("x")
		for _, groups := range []int{1, 50} {
			times := map[int]string{1: "", 50: " fifty times"}[groups]
			add(at+" codes in a run"+times, build(groups, rows, column{name: "a", physical: typeByteArray,
				pages: []*Page{dictPage(1, len(text), text), dataPage(rows, encDictionary, len(codes), codes)}}))
			nulls := levelsOf(n, 0)
			add(at+" NULLs in a run"+times, build(groups, rows, column{name: "a", physical: typeInt64, repeat: optional,
				pages: []*Page{dataPage(rows, encPlain, len(nulls), nulls)}}))
		}
		nulls := run(n, 0)
		add(at+" NULLs in a page of version 2", build(1, rows, column{name: "a", physical: typeByteArray, repeat: optional,
			pages: []*Page{dataPageV2(rows, rows, encPlain, len(nulls), len(nulls), nulls)}}))
		bools := levelsOf(n, 1)
		add(at+" booleans in a run", build(1, rows, column{name: "a", physical: typeBoolean, pages: []*Page{dataPage(rows, encRLE, len(bools), bools)}}))
		delta := deltaZeros(int(n))
		add(at+" deltas of no bits", build(1, rows, column{name: "a", physical: typeInt64, pages: []*Page{dataPage(rows, encDelta, len(delta), delta)}}))
		add(at+" empty strings by their lengths", build(1, rows, column{name: "a", physical: typeByteArray, pages: []*Page{dataPage(rows, encDeltaLength, len(delta), delta)}}))
		same := append(bytes.Clone(delta), delta...)
		add(at+" equal strings", build(1, rows, column{name: "a", physical: typeByteArray, pages: []*Page{dataPage(rows, encDeltaString, len(same), same)}}))
		add(at+" values of no bytes", build(1, rows, column{name: "a", physical: typeFixed, extra: []any{2, Int32(0)}, pages: []*Page{dataPage(rows, encPlain, 1, []byte{0})}}))
	}
	// A million strings that share their first megabyte: 2^40 bytes in one.
	const n, size = 1 << 20, 1 << 20
	first := append(binary.AppendUvarint(nil, 128), 4)
	first = append(binary.AppendUvarint(first, n), 0)
	prefixes := append(first, step(size, n)...)
	lengths := append(append(binary.AppendUvarint(nil, 128), 4), binary.AppendUvarint(nil, n)...)
	lengths = append(binary.AppendVarint(lengths, size), step(-size, n)...)
	body := append(append(prefixes, lengths...), bytes.Repeat([]byte{'y'}, size)...)
	for _, columns := range []int{1, 20} {
		var list []column
		for i := range columns {
			list = append(list, column{name: string(rune('a' + i)), physical: typeByteArray, pages: []*Page{dataPage(n, encDeltaString, len(body), body)}})
		}
		add(map[int]string{1: "of prefixes", 20: "of prefixes in twenty columns"}[columns], build(1, n, list...))
	}
	// As many as a limit may allow, in each of two hundred columns.
	rows := int64(4 << 20)
	var list []column
	delta := deltaZeros(int(rows))
	for i := range 200 {
		list = append(list, column{name: "c" + string(rune('a'+i/26)) + string(rune('a'+i%26)), physical: typeInt64,
			pages: []*Page{dataPage(rows, encDelta, len(delta), delta)}})
	}
	add("of two hundred columns", build(1, rows, list...))
	return out
}

// step gives blocks of 128 deltas, of which the first is d and the others are zero.
func step(d int64, n int) (b []byte) {
	for at := 1; at < n; at += 128 {
		if at > 1 {
			b = append(b, 0, 0, 0, 0, 0)
			continue
		}
		// The least delta is subtracted from all: the others are -least away.
		least := min(d, 0)
		b = binary.AppendVarint(b, least)
		b = append(b, 64, 64, 64, 64)
		for i := range 128 {
			delta := int64(0)
			if i == 0 {
				delta = d
			}
			b = binary.LittleEndian.AppendUint64(b, uint64(delta-least))
		}
	}
	return b
}
