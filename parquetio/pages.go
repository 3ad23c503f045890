package parquetio

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/klauspost/compress/snappy"
)

const (
	// readAhead is how much of a chunk a streaming reader holds.
	readAhead = 1 << 20
	// maxPageHeader is the longest page header: its statistics may hold two long strings.
	maxPageHeader = 16 << 20
)

// byteSource gives the bytes of a column chunk in order. What it gives is never overwritten, so that strings may refer to it.
type byteSource struct {
	r        io.ReaderAt
	next     int64 // file position after buf
	end      int64
	buf      []byte
	readSize int
}

// peek gives the next n bytes, or fewer at the end of the chunk.
func (s *byteSource) peek(n int) ([]byte, error) {
	if len(s.buf) < n && s.next < s.end {
		size := int(min(int64(max(n, s.readSize)), int64(len(s.buf))+s.end-s.next))
		buf := make([]byte, size)
		k := copy(buf, s.buf)
		if err := readFull(s.r, buf[k:], s.next); err != nil {
			return nil, err
		}
		s.next += int64(size - k)
		s.buf = buf
	}
	return s.buf[:min(n, len(s.buf))], nil
}

// take gives the next n bytes, all of them, and passes over them.
func (s *byteSource) take(n int) ([]byte, error) {
	b, err := s.peek(n)
	if err != nil {
		return nil, err
	}
	if len(b) < n {
		return nil, errShort
	}
	s.buf = s.buf[n:]
	return b[:n:n], nil
}

// skip passes over n bytes without reading them.
func (s *byteSource) skip(n int) error {
	if n <= len(s.buf) {
		s.buf = s.buf[n:]
		return nil
	}
	s.next += int64(n - len(s.buf))
	s.buf = nil
	if s.next > s.end {
		return errShort
	}
	return nil
}

func (s *byteSource) empty() bool { return len(s.buf) == 0 && s.next >= s.end }

// page is a page without its compression.
type page struct {
	pageHeader
	levels []byte // the definition levels, of an optional column
	data   []byte // the values
	void   bool   // all rows that are wanted are NULL, and the others were not decompressed
}

// refers tells whether vectors will refer to the page's bytes: flat strings and the entries of a dictionary do.
func (p *page) refers(l *leaf) bool {
	return l.slot() == slotStrs && (p.kind == pageDictionary || p.enc != encRLEDictionary && p.enc != encPlainDictionary)
}

// referred tells whether vectors will refer to the bytes of a page.
func (r *pageReader) referred(p *page) bool { return !r.levelsOnly && p.refers(r.leaf) }

// buffers are what a reader needs for a while and can use again for another chunk.
type buffers struct {
	chunk   []byte   // the chunk's bytes
	page    []byte   // a decompressed page
	frame   []byte   // the first block of one that is compressed
	lengths []int64  // of strings
	indexes []uint32 // into a large dictionary
	codes   []uint16 // into a smaller one whose values are looked up
}

// pageReader gives the pages of a column chunk.
type pageReader struct {
	f        *File
	src      byteSource
	codec    int64
	most     int64 // bytes that a page may have
	budget   int64 // bytes that pages may still take
	account  *account
	verify   bool // check the pages' own checksums: the chunk's was not
	leaf     *leaf
	buf      *buffers
	mem      *arena      // of strings
	dict     *arena      // of the dictionary's strings
	skipDict bool        // the dictionary was read
	kept     bool        // a vector refers to the chunk's bytes
	wanted   *wantedRows // of the next page; nil for all rows

	levelsOnly bool // the values of data pages are not asked for
}

// next reads a page; ok is false after the last.
func (r *pageReader) next() (p page, ok bool, err error) {
	for !r.src.empty() {
		if err := r.header(&p.pageHeader); err != nil {
			return p, false, err
		}
		if int64(p.uncompressed) > r.most {
			return p, false, fmt.Errorf("%w: a page of %d bytes in a chunk of %d", ErrCorrupt, p.uncompressed, r.most)
		}
		raw, err := r.src.take(int(p.compressed))
		if err != nil {
			return p, false, err
		}
		if p.hasCRC && r.verify && crc32.ChecksumIEEE(raw) != p.crc {
			return p, false, fmt.Errorf("%w: a page's checksum is wrong", ErrCorrupt)
		}
		if p.kind == pageDictionary && r.skipDict {
			continue
		}
		switch p.kind {
		case pageData, pageDictionary:
			if w := r.wanted; w != nil && p.kind == pageData && r.allNull(w, &p, raw) {
				p.void = true
				return p, true, nil
			}
			if r.levelsOnly && r.levels(&p, raw) {
				return p, true, nil
			}
			p.data, err = r.unpack(&p, raw, int(p.uncompressed), true)
			if err == nil && p.kind == pageData {
				err = p.splitV1(r.leaf.optional)
			}
			return p, err == nil, err
		case pageDataV2:
			err = r.unpackV2(&p, raw)
			return p, err == nil, err
		}
		// Index pages were never written by anybody; other kinds are of the future, and may be skipped.
	}
	return p, false, nil
}

// header reads a page header, whose length is not known beforehand.
func (r *pageReader) header(h *pageHeader) error {
	for window := 4 << 10; ; window *= 16 {
		b, err := r.src.peek(window)
		if err != nil {
			return err
		}
		n, err := h.read(b)
		if errors.Is(err, errWireShort) && len(b) == window && window < maxPageHeader {
			continue
		}
		if err != nil {
			return fmt.Errorf("%w: page header: %w", ErrCorrupt, err)
		}
		_, err = r.src.take(n)
		return err
	}
}

// splitV1 cuts the levels off a data page of version 1.
func (p *page) splitV1(optional bool) error {
	if !optional {
		return nil
	}
	if p.defEnc != encRLE {
		return fmt.Errorf("definition levels: %w %s", errEncoding, p.defEnc)
	}
	if len(p.data) < 4 || int64(le32(p.data)) > int64(len(p.data)-4) {
		return errShort
	}
	n := int(le32(p.data)) + 4
	p.levels, p.data = p.data[4:n], p.data[n:]
	return nil
}

// unpackV2 separates the levels, which are never compressed, from the values.
func (r *pageReader) unpackV2(p *page, raw []byte) (err error) {
	levels := int(p.repLen) + int(p.defLen)
	if p.repLen != 0 {
		return errors.New("repetition levels in a column that is not nested")
	}
	if p.levels = raw[:levels]; r.levelsOnly {
		return nil
	}
	p.data, err = r.unpack(p, raw[levels:], int(p.uncompressed)-levels, p.compressV2)
	return err
}

// unpack decompresses raw to size bytes. They stay as they are if vectors will refer to them, and else until the next page.
func (r *pageReader) unpack(p *page, raw []byte, size int, compressed bool) ([]byte, error) {
	if r.codec == codecNone || !compressed {
		if len(raw) != size {
			return nil, fmt.Errorf("%w: a page of %d bytes, not %d", ErrCorrupt, len(raw), size)
		}
		if p.kind == pageDictionary && r.referred(p) {
			text := r.dict.text(len(raw)) // lest a few entries keep the whole chunk
			copy(text, raw)
			return text, nil
		}
		r.kept = r.kept || r.referred(p)
		return raw, nil
	}
	if r.budget -= int64(size); r.budget < 0 {
		return nil, errTooMuch
	}
	if size == 0 {
		return nil, nil
	}
	if err := r.charge(size, r.referred(p)); err != nil {
		return nil, err
	}
	var dst []byte
	switch {
	case !r.referred(p):
		dst = sized(&r.buf.page, size)
	case p.kind == pageDictionary:
		dst = r.dict.text(size)
	default:
		dst = r.mem.text(size)
	}
	out, err := r.decompress(dst, raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	if len(out) != size {
		return nil, fmt.Errorf("%w: a page of %d bytes, not %d", ErrCorrupt, len(out), size)
	}
	return out, nil
}

// charge accounts for a decompressed page: to the vectors that refer to it, or to the reader, as far as its buffer has to grow.
func (r *pageReader) charge(size int, refers bool) error {
	if refers {
		return r.account.take(int64(size))
	}
	return r.account.takeScratch(int64(size - cap(r.buf.page)))
}

// sized gives n elements of *s, which it grows if need be: with some room to spare from the second time on, for pages are of about the same size.
func sized[T any](s *[]T, n int) []T {
	if had := cap(*s); had == 0 {
		*s = make([]T, n)
	} else if had < n {
		*s = make([]T, n+n/8)
	}
	return (*s)[:n:n]
}

// decompress fills dst. No codec may be led to allocate by what raw claims.
func (r *pageReader) decompress(dst, raw []byte) ([]byte, error) {
	switch r.codec {
	case codecZstd:
		dec, err := zstdDecoder()
		if err != nil {
			return nil, err
		}
		return dec.DecodeAll(raw, dst[:0])
	case codecSnappy:
		n, err := snappy.DecodedLen(raw)
		if err != nil {
			return nil, err
		}
		if n != len(dst) {
			return nil, fmt.Errorf("%d bytes in snappy, not %d", n, len(dst))
		}
		return snappy.Decode(dst, raw)
	case codecGzip, codecBrotli, codecLZ4Raw:
		codec, err := compress.GetCodec(compress.Compression(r.codec))
		if err != nil {
			return nil, err
		}
		return compress.Decode(codec, dst, raw)
	default:
		return nil, fmt.Errorf("unsupported compression %s", compress.Compression(r.codec))
	}
}
