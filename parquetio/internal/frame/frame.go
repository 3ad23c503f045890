// Package frame compresses pages of text into Zstandard frames (RFC 8878).
//
// Texts of a column are alike: one sentence with other names and numbers in it. The compressors that there are in Go look for the last place where
// the next few bytes occurred; this one looks for the last places of the next 5, 8 and 16 bytes and waits a byte or two for a better match, and it
// knows sorted dictionaries, in which each entry is compared with the one before and nothing is searched. docs/design/005-parquet-layout.md has the figures.
//
// It writes one frame per page, without checksum, whose window is the page. Literals are coded by huff0 of klauspost/compress. It promises that what
// it writes decodes to what it was given, in every decoder, and nothing about size.
package frame

import (
	"encoding/binary"
	"slices"
	"sync"

	"github.com/klauspost/compress/huff0"
)

const (
	magic = 0xFD2FB528
	// singleSegment describes a frame whose window is its content, whose size follows in four bytes, and that has no checksum.
	singleSegment = 2<<6 | 1<<5
	maxBlock      = 128 << 10

	blockRaw        = 0
	blockRLE        = 1
	blockCompressed = 2

	// MaxPage is the longest page: decoders may refuse larger windows.
	MaxPage = 8 << 20
)

// Encoder compresses pages one after the other in memory that it keeps: what a block needs, and half a MiB for as long as a page is searched. It is used by
// one goroutine. The zero value is ready for use. What it makes of a page does not depend on the pages before.
type Encoder struct {
	tables   *tables // while a page is searched
	seqs     []sequence
	literals []byte
	repeats  [3]uint32
	huff     huff0.Scratch
	coders   [3]coder
}

// sequence is a run of literals, and a match: a copy of what was length bytes long, code.offset bytes before.
type sequence struct {
	literals, match uint32
	offset          uint32 // as it is coded: 1 to 3 for a repeated one, else the distance and 3
}

// Append appends src as a frame; src has at most MaxPage bytes.
func (e *Encoder) Append(dst, src []byte) []byte {
	e.tables = spare.Get().(*tables)
	defer func() {
		spare.Put(e.tables)
		e.tables = nil
	}()
	e.tables.begin(len(src))
	return e.blocks(dst, src, func(lo, hi int) { e.search(src, lo, hi) })
}

// spare has tables that no encoder uses: a flush of few rows, as most are, makes an encoder for pages that take a small part of them.
var spare = sync.Pool{New: func() any { return new(tables) }}

// AppendSorted appends src as a frame, which has strings in ascending order, each after its length in four bytes, little-endian. Other contents are
// compressed less, but rightly.
func (e *Encoder) AppendSorted(dst, src []byte) []byte {
	at := &entries{}
	return e.blocks(dst, src, func(lo, hi int) { e.compare(src, lo, hi, at) })
}

// blocks appends a frame. find finds the sequences of bytes [lo, hi), of which the literals behind the last match are left over.
func (e *Encoder) blocks(dst, src []byte, find func(lo, hi int)) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, magic)
	dst = append(dst, singleSegment)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(src)))
	e.repeats = [3]uint32{1, 4, 8}
	for lo := 0; ; {
		hi := min(len(src), lo+maxBlock)
		e.seqs, e.literals = e.seqs[:0], slices.Grow(e.literals[:0], hi-lo+8)
		before := e.repeats
		find(lo, hi)
		at := len(dst)
		dst = append(dst, 0, 0, 0)
		kind, size := blockCompressed, 0
		dst = e.block(dst)
		if size = len(dst) - at - 3; size >= hi-lo {
			// The decoder does not see the sequences, and so keeps its repeated offsets.
			kind, size, e.repeats = blockRaw, hi-lo, before
			dst = append(dst[:at+3], src[lo:hi]...)
		}
		head := uint32(size)<<3 | uint32(kind)<<1
		if hi == len(src) {
			head |= 1
		}
		dst[at], dst[at+1], dst[at+2] = byte(head), byte(head>>8), byte(head>>16)
		if lo = hi; lo == len(src) {
			return dst
		}
	}
}

// put adds a sequence: literals from anchor to at, and a match of length bytes at a distance. It gives where the match ends.
func (e *Encoder) put(src []byte, anchor, at, length, distance int) int {
	n := len(e.literals)
	if at-anchor <= 8 && anchor+8 <= len(src) { // most are few: eight are quicker moved than counted
		binary.LittleEndian.PutUint64(e.literals[n:n+8], load64(src, anchor))
		e.literals = e.literals[:n+at-anchor]
	} else {
		e.literals = append(e.literals, src[anchor:at]...)
	}
	e.seqs = append(e.seqs, sequence{uint32(at - anchor), uint32(length), e.offset(uint32(distance), at == anchor)})
	return at + length
}

// offset codes a distance, and keeps the three repeated ones (RFC 8878, 3.1.1.5).
func (e *Encoder) offset(d uint32, noLiterals bool) uint32 {
	r := &e.repeats
	code := uint32(0)
	switch {
	case d == r[0] && !noLiterals:
		return 1
	case d == r[1]:
		code = 2
		r[0], r[1] = r[1], r[0]
	case d == r[2]:
		code = 3
		r[0], r[1], r[2] = r[2], r[0], r[1]
	case noLiterals && d == r[0]-1:
		r[0], r[1], r[2] = d, r[0], r[1]
		return 3
	default:
		r[0], r[1], r[2] = d, r[0], r[1]
		return d + 3
	}
	if noLiterals {
		code--
	}
	return code
}
