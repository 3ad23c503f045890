package frame

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/klauspost/compress/huff0"
)

// block appends the content of a compressed block: the literals and the sequences.
func (e *Encoder) block(dst []byte) []byte { return e.sequences(e.appendLiterals(dst)) }

// The kinds of a literals section.
const (
	literalsRaw        = 0
	literalsRLE        = 1
	literalsCompressed = 2
)

// minHuffman is the number of literals from which a Huffman table can pay.
const minHuffman = 48

// appendLiterals appends the literals section.
func (e *Encoder) appendLiterals(dst []byte) []byte {
	n := len(e.literals)
	if n < minHuffman {
		return appendRawLiterals(dst, e.literals)
	}
	e.huff.Reuse = huff0.ReusePolicyNone
	compress, streams := huff0.Compress4X, 4
	if n < 1024 {
		compress, streams = huff0.Compress1X, 1
	}
	out, _, err := compress(e.literals, &e.huff)
	switch {
	case err == huff0.ErrUseRLE:
		return append(appendLiteralsHead(dst, literalsRLE, n), e.literals[0])
	case err != nil || len(out) >= n:
		return appendRawLiterals(dst, e.literals)
	}
	// The sizes are in 10, 14 or 18 bits, each; one stream goes with 10.
	format, width := uint64(0), 10
	if streams == 4 {
		format = 1
	}
	if larger := max(n, len(out)); larger >= 1<<14 {
		format, width = 3, 18
	} else if larger >= 1<<10 {
		format, width = 2, 14
	}
	head := literalsCompressed | format<<2 | uint64(n)<<4 | uint64(len(out))<<(4+width)
	for range (4 + 2*width + 7) / 8 {
		dst = append(dst, byte(head))
		head >>= 8
	}
	return append(dst, out...)
}

func appendRawLiterals(dst, literals []byte) []byte {
	return append(appendLiteralsHead(dst, literalsRaw, len(literals)), literals...)
}

// appendLiteralsHead appends the head of a section of n bytes that are raw or all equal.
func appendLiteralsHead(dst []byte, kind, n int) []byte {
	switch {
	case n < 1<<5:
		return append(dst, byte(kind|n<<3))
	case n < 1<<12:
		return binary.LittleEndian.AppendUint16(dst, uint16(kind|1<<2|n<<4))
	default:
		head := kind | 3<<2 | n<<4
		return append(dst, byte(head), byte(head>>8), byte(head>>16))
	}
}

// The three things that are coded of a sequence, in the order of their tables.
const (
	ofLiterals = 0
	ofOffset   = 1
	ofMatch    = 2
)

// The first values of codes with extra bits, and how many those are (RFC 8878, tables 16 and 17).
var (
	literalBase = [36]uint32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096,
		8192, 16384, 32768, 65536}
	literalBits = [36]uint8{16: 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	matchBase   = [53]uint32{3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34,
		35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539}
	matchBits = [53]uint8{32: 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
)

// The codes of the numbers that are not told by their size alone: of literals, and of bytes of a match beyond three.
var (
	literalCodes = [64]uint8{
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16, 17, 17, 18, 18, 19, 19, 20, 20, 20, 20, 21, 21, 21, 21,
		22, 22, 22, 22, 22, 22, 22, 22, 23, 23, 23, 23, 23, 23, 23, 23, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24,
	}
	matchCodes = [128]uint8{
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
		32, 32, 33, 33, 34, 34, 35, 35, 36, 36, 36, 36, 37, 37, 37, 37, 38, 38, 38, 38, 38, 38, 38, 38, 39, 39, 39, 39, 39, 39, 39, 39,
		40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 41, 41, 41, 41, 41, 41, 41, 41, 41, 41, 41, 41, 41, 41, 41, 41,
		42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42,
	}
)

// literalCode gives the code of a number of literals.
func literalCode(n uint32) uint8 {
	if n < uint32(len(literalCodes)) {
		return literalCodes[n]
	}
	return uint8(bits.Len32(n)) + 18
}

// matchCode gives the code of a match length.
func matchCode(n uint32) uint8 {
	if n -= 3; n < uint32(len(matchCodes)) {
		return matchCodes[n]
	}
	return uint8(bits.Len32(n)) + 35
}

func offsetCode(v uint32) uint8 { return uint8(bits.Len32(v) - 1) }

// sequences appends the sequences section.
func (e *Encoder) sequences(dst []byte) []byte {
	n := len(e.seqs)
	switch {
	case n < 128:
		dst = append(dst, byte(n))
	case n < 0x7f00:
		dst = append(dst, byte(n>>8)+128, byte(n))
	default:
		dst = append(dst, 255, byte(n-0x7f00), byte((n-0x7f00)>>8))
	}
	if n == 0 {
		return dst
	}
	lit, off, match := &e.coders[ofLiterals], &e.coders[ofOffset], &e.coders[ofMatch]
	lit.reset(n)
	off.reset(n)
	match.reset(n)
	for i := range e.seqs {
		s := &e.seqs[i]
		lit.set(i, literalCode(s.literals))
		off.set(i, offsetCode(s.offset))
		match.set(i, matchCode(s.match))
	}
	at := len(dst)
	dst = append(dst, 0)
	var modes [3]byte
	modes[0], dst = lit.choose(dst, n, literalDefault[:], 6, 9)
	modes[1], dst = off.choose(dst, n, offsetDefault[:], 5, 8)
	modes[2], dst = match.choose(dst, n, matchDefault[:], 6, 9)
	dst[at] = modes[0]<<6 | modes[1]<<4 | modes[2]<<2
	return e.appendStream(dst)
}

// appendStream appends the bit stream of the sequences, which decoders read from its end: the last sequence comes first (RFC 8878, 3.1.1.3.2.1).
func (e *Encoder) appendStream(dst []byte) []byte {
	last := len(e.seqs) - 1
	lit, off, match := &e.coders[ofLiterals], &e.coders[ofOffset], &e.coders[ofMatch]
	lits, offs, matches := lit.codes[:last+1], off.codes[:last+1], match.codes[:last+1]
	inLit, inOff, inMatch := lit.start(lits[last]), off.start(offs[last]), match.start(matches[last])
	w := newBitWriter(dst, len(e.seqs)*maxSequenceBytes+16)
	out, at, p := w.out, w.at, w.pending
	for i := last; i >= 0; i-- {
		s := &e.seqs[i]
		lc, oc, mc := lits[i], offs[i], matches[i]
		if i < last { // by up to 26 bits, in the order in which decoders put them back
			p, inOff = off.encode(p, inOff, oc)
			p, inMatch = match.encode(p, inMatch, mc)
			p, inLit = lit.encode(p, inLit, lc)
		}
		p, at = p.add(uint64(s.literals-literalBase[lc]), uint(literalBits[lc])).flush(out, at)
		p = p.add(uint64(s.match-matchBase[mc]), uint(matchBits[mc]))
		p, at = p.add(uint64(s.offset)-1<<oc, uint(oc)).flush(out, at)
	}
	w.at, w.pending = at, p
	w.add(match.final(inMatch))
	w.add(off.final(inOff))
	w.add(lit.final(inLit))
	w.add(1, 1)
	return w.end()
}

// maxSequenceBytes is what a sequence takes at most: three times 9 bits of states and 16, 16 and 23 more.
const maxSequenceBytes = 11

// pending is bits that do not fill a word yet, the least significant first. It is a value, so that a loop has it in registers.
type pending struct {
	acc uint64
	n   uint
}

// add adds n bits of v, which has no others; at most 56 between flushes.
func (p pending) add(v uint64, n uint) pending { return pending{p.acc | v<<(p.n&63), p.n + n} }

// flush writes whole bytes to out at a place, with a word of room, and gives the place behind them.
func (p pending) flush(out []byte, at int) (pending, int) {
	binary.LittleEndian.PutUint64(out[at:], p.acc)
	return pending{p.acc >> (p.n &^ 7 & 63), p.n & 7}, at + int(p.n>>3)
}

// bitWriter appends bits to out, which has room for whole words: at is where they end.
type bitWriter struct {
	out []byte
	at  int
	pending
}

// newBitWriter appends to dst, with room for n bytes.
func newBitWriter(dst []byte, n int) bitWriter {
	at := len(dst)
	return bitWriter{out: slices.Grow(dst, n+8)[:at+n+8], at: at}
}

func (w *bitWriter) add(v uint64, n uint) { w.pending = w.pending.add(v, n) }

func (w *bitWriter) flush() { w.pending, w.at = w.pending.flush(w.out, w.at) }

// end gives what was written, the last byte filled up with zeros.
func (w *bitWriter) end() []byte {
	w.flush()
	if w.n > 0 {
		w.at++
	}
	return w.out[:w.at]
}
