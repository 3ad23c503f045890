package parquetio

import (
	"encoding/binary"

	"github.com/klauspost/compress/zstd"

	"github.com/stoadb/stoa/parquetio/internal/frame"
)

// content says what a page holds, by which it is compressed.
type content uint8

const (
	pageBits content = iota // bits
	pageText
	dictionaryText // strings in ascending order, each after its length: a dictionary
)

// compressor compresses pages into frames of zstd. It is used by one goroutine.
type compressor struct {
	common *zstd.Encoder
	text   frame.Encoder
}

func newCompressor() (*compressor, error) {
	common, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true))
	if err != nil {
		return nil, err
	}
	return &compressor{common: common}, nil
}

// append appends raw as a frame.
func (c *compressor) append(dst, raw []byte, what content) []byte {
	switch {
	case len(raw) > frame.MaxPage || what == pageBits && len(raw) >= minCommon:
		return c.common.EncodeAll(raw, dst)
	case what == dictionaryText && len(raw) >= minSorted:
		return c.text.AppendSorted(dst, raw)
	default:
		return c.text.Append(dst, raw)
	}
}

// minCommon is the size of a page of bits from which the common encoder's larger tables pay for themselves: it has 1.5 MiB of them for each file, which a flush
// of few rows, as most are, would clear in vain.
const minCommon = 4 << 10

// minSorted is the size of a dictionary from which neighbours have more in common than what a search finds.
const minSorted = 128 << 10

// size gives what append would append of a page of text.
func (c *compressor) size(raw []byte, scratch *[]byte) int {
	*scratch = c.append((*scratch)[:0], raw, pageText)
	return min(len(*scratch), len(raw))
}

// appendPage appends raw as a frame, compressed if that pays.
func (c *compressor) appendPage(dst, raw []byte, what content) []byte {
	at := len(dst)
	dst = c.append(dst, raw, what)
	if float64(len(dst)-at) <= storedWorth*float64(len(raw)) {
		return dst
	}
	return appendStoredFrame(dst[:at], raw)
}

// storedWorth is how much smaller than a page its compressed form must be to be used in a chunk that is compressed: decoding Huffman codes for less
// than that gains no reader anything, while a stored frame is copied.
const storedWorth = 0.95

// The parts of a Zstandard frame (RFC 8878) that a stored frame has.
const (
	zstdMagic = 0xFD2FB528
	// zstdSingleSegment describes a frame whose window is its content, whose size follows in four bytes, and that has no checksum.
	zstdSingleSegment = 2<<6 | 1<<5
	zstdMaxBlock      = 128 << 10
)

// appendStoredFrame appends a frame of raw blocks. A page's compression is that of its chunk: this is how a page whose bytes look random, such as
// codes of a large dictionary, gets by without being decoded.
func appendStoredFrame(dst, raw []byte) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, zstdMagic)
	dst = append(dst, zstdSingleSegment)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(raw)))
	for {
		n := min(len(raw), zstdMaxBlock)
		head := uint32(n) << 3
		if n == len(raw) {
			head |= 1 // the last block
		}
		dst = append(dst, byte(head), byte(head>>8), byte(head>>16))
		dst = append(dst, raw[:n]...)
		if raw = raw[n:]; len(raw) == 0 {
			return dst
		}
	}
}
