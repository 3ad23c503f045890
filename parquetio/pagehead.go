package parquetio

import (
	"encoding/binary"
	"errors"

	"github.com/stoadb/stoa/exprs/vec"
)

// Of a page of strings few rows may be wanted, all of them NULL: the results of jobs that failed. Which rows are NULL stands at the beginning of a data page of
// version 1, in the first of the eight blocks that a page of 1 MiB is compressed to; the others need not be decompressed to know that nothing is asked of them.

// wantedRows is what is wanted of a page.
type wantedRows struct {
	page   RowRange   // in the row group
	ranges []RowRange // wanted of the row group, ascending
}

// allNull tells whether all rows of a page that are wanted are NULL. Damage is left to who reads the whole page.
func (r *pageReader) allNull(w *wantedRows, p *page, raw []byte) bool {
	rows := w.page.Hi - w.page.Lo
	if r.codec != codecZstd || !r.leaf.optional || p.defEnc != encRLE || !p.refers(r.leaf) || p.uncompressed <= zstdMaxBlock || int(p.values) != rows {
		return false
	}
	head, err := r.firstBlock(raw)
	if err != nil || len(head) < 4 || int64(le32(head)) > int64(len(head)-4) {
		return false
	}
	valid := make(vec.Bitmap, (rows+63)/64)
	if _, err := decodeLevels(head[4:4+le32(head)], rows, valid, 0); err != nil {
		return false
	}
	for _, want := range w.ranges {
		for row := max(want.Lo, w.page.Lo); row < min(want.Hi, w.page.Hi); row++ {
			if valid.Get(row - w.page.Lo) {
				return false
			}
		}
	}
	return true
}

var errFrame = errors.New("a frame of zstd without a first block that is not its last")

// firstBlock gives the content of the first block of a frame, until the next page is decompressed. It makes a frame of its own of the block: without the
// size of the content, and with a window of the largest block.
func (r *pageReader) firstBlock(raw []byte) ([]byte, error) {
	at, ok := frameHeader(raw)
	if !ok || len(raw) < at+3 {
		return nil, errFrame
	}
	const last, rle = 1, 1 << 1
	head := int(raw[at]) | int(raw[at+1])<<8 | int(raw[at+2])<<16
	size := head >> 3
	if head&(3<<1) == rle {
		size = 1
	}
	if head&last != 0 || size > len(raw)-at-3 || size > zstdMaxBlock {
		return nil, errFrame
	}
	const headerBytes = 6
	if err := r.account.takeScratch(int64(headerBytes + 3 + size - cap(r.buf.frame))); err != nil {
		return nil, err
	}
	frame := sized(&r.buf.frame, headerBytes+3+size)
	binary.LittleEndian.PutUint32(frame, zstdMagic)
	frame[4], frame[5] = 0, (17-10)<<3 // a window of 2^17 bytes
	copy(frame[headerBytes:], raw[at:at+3+size])
	frame[headerBytes] |= last
	if err := r.account.takeScratch(int64(zstdMaxBlock - cap(r.buf.page))); err != nil {
		return nil, err
	}
	return r.decompress(sized(&r.buf.page, zstdMaxBlock), frame)
}

// frameHeader gives the length of the header of a zstd frame (RFC 8878, 3.1.1.1); ok is false for one that is cut off or needs a dictionary.
func frameHeader(raw []byte) (n int, ok bool) {
	if len(raw) < 5 || le32(raw) != zstdMagic || raw[4]&3 != 0 {
		return 0, false
	}
	single := raw[4]>>5&1 == 1
	n = 5 + [4]int{0, 2, 4, 8}[raw[4]>>6]
	if !single {
		n++ // the window
	} else if raw[4]>>6 == 0 {
		n++ // the size in one byte
	}
	return n, n <= len(raw)
}
