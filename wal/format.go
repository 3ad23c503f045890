package wal

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
)

const (
	version    = 2  // 1 had no salt and no seals, and is read
	headerSize = 32 // of a segment
	frameSize  = 24 // of a frame without its payload
	markSize   = 44
	// sealCopy is how far behind a seal of kind sealDurable its copy stands, which is thus in another sector of a disk; between them are zeros.
	sealCopy = 512
	sealSize = sealCopy + frameSize

	segmentMagic = "stoa.wal"
	markMagic    = "stoa.end"

	segmentSuffix = ".wal"
	markName      = "CLEAN"

	// sealLength stands in a seal where a record has its length, which is at most MaxRecord.
	sealLength = 1<<32 - 1
	// The kinds of seals.
	sealDurable   = 0 // everything before it was durable when it was written
	sealContinued = 1 // and the next segment, which begins with its sequence, had been made

	// maxLag is the lag that claims nothing: a smaller claim than the truth only loses an alarm, a larger one would raise false ones.
	maxLag = 1<<24 - 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var le = binary.LittleEndian

// segmentName returns the file name of the segment that begins with the sequence first.
func segmentName(first uint64) string { return fmt.Sprintf("%020d%s", first, segmentSuffix) }

// parseSegmentName returns the first sequence of a segment by its file name.
func parseSegmentName(name string) (uint64, bool) {
	digits, found := strings.CutSuffix(name, segmentSuffix)
	if !found || len(digits) != 20 {
		return 0, false
	}
	first, err := strconv.ParseUint(digits, 10, 64)
	return first, err == nil && first > 0
}

// segmentHeader is what a segment begins with.
type segmentHeader struct {
	first uint64
	chain uint32
	salt  uint32
}

func (h segmentHeader) encode() []byte {
	b := make([]byte, headerSize)
	copy(b, segmentMagic)
	le.PutUint32(b[8:], version)
	le.PutUint32(b[12:], h.chain)
	le.PutUint64(b[16:], h.first)
	le.PutUint32(b[24:], h.salt)
	le.PutUint32(b[28:], crc32.Checksum(b[:28], castagnoli))
	return b
}

// decodeSegmentHeader returns the header in b, or the reason why there is none. Every version, newer ones too, has magic, version and
// checksum in the same places: a flipped bit in the version is damage.
func decodeSegmentHeader(b []byte) (h segmentHeader, reason string, err error) {
	switch {
	case len(b) < headerSize:
		return h, "the segment header is cut", nil
	case string(b[:8]) != segmentMagic:
		return h, "the segment header has no magic", nil
	case le.Uint32(b[28:]) != crc32.Checksum(b[:28], castagnoli):
		return h, "the segment header's checksum is wrong", nil
	case le.Uint32(b[8:]) > version:
		return h, "", fmt.Errorf("%w %d", ErrVersion, le.Uint32(b[8:]))
	}
	return segmentHeader{chain: le.Uint32(b[12:]), first: le.Uint64(b[16:]), salt: le.Uint32(b[24:])}, "", nil
}

// frame is the header of a record, or a seal.
type frame struct {
	crc    uint32
	length uint32
	seq    uint64
	chain  uint32
	kind   byte
	lag    uint32
}

// lagOf returns the lag of the record seq if durable is known to be so when it is appended.
func lagOf(seq, durable uint64) uint32 { return uint32(min(seq-1-durable, maxLag)) }

// encode writes the header into the frameSize bytes of b, and returns the checksum that it computes from the payload's. The header is
// encoded where it is to stay, because what is given to crc32 escapes: a local array would be an allocation for each record.
func (f frame) encode(b []byte, payloadCRC, salt uint32) uint32 {
	le.PutUint32(b[4:], f.length)
	le.PutUint64(b[8:], f.seq)
	le.PutUint32(b[16:], f.chain)
	le.PutUint32(b[20:], uint32(f.kind)|f.lag<<8)
	crc := checksum(payloadCRC, b[4:frameSize], salt)
	le.PutUint32(b, crc)
	return crc
}

// checksum is that of a frame, of the header bytes behind it and of the payload's.
func checksum(payloadCRC uint32, fields []byte, salt uint32) uint32 {
	return crc32.Update(payloadCRC, castagnoli, fields) ^ salt
}

// encodeSeal writes into b the seal that stands where the record next would, behind the one whose checksum is chain.
func encodeSeal(b []byte, kind byte, next uint64, chain, salt uint32) {
	frame{length: sealLength, seq: next, chain: chain, kind: kind}.encode(b, 0, salt)
}

// encodeSealed writes into the sealSize bytes of b, which are zeros or what it wrote before, a seal of kind sealDurable with its copy.
func encodeSealed(b []byte, next uint64, chain, salt uint32) {
	encodeSeal(b, sealDurable, next, chain, salt)
	copy(b[sealCopy:], b[:frameSize])
}

// seal says whether it is one, and payload how many bytes follow.
func (f frame) seal() bool { return f.length == sealLength }

func (f frame) payload() int64 {
	if f.seal() {
		return 0
	}
	return int64(f.length)
}

func decodeFrame(b []byte) frame {
	last := le.Uint32(b[20:])
	return frame{
		crc: le.Uint32(b), length: le.Uint32(b[4:]), seq: le.Uint64(b[8:]), chain: le.Uint32(b[16:]),
		kind: byte(last), lag: last >> 8,
	}
}

// durable returns the sequence that the frame says was durable when it was written, or 0.
func (f frame) durable() uint64 {
	if f.lag == maxLag || uint64(f.lag) >= f.seq {
		return 0
	}
	return f.seq - 1 - uint64(f.lag)
}

// mark is the content of CLEAN: where the log ended when it was closed.
type mark struct {
	chain       uint32
	first, last uint64
	size        int64
}

func (m mark) encode() []byte {
	b := make([]byte, markSize)
	copy(b, markMagic)
	le.PutUint32(b[8:], version)
	le.PutUint32(b[12:], m.chain)
	le.PutUint64(b[16:], m.first)
	le.PutUint64(b[24:], m.last)
	le.PutUint64(b[32:], uint64(m.size))
	le.PutUint32(b[40:], crc32.Checksum(b[:40], castagnoli))
	return b
}

func decodeMark(b []byte) (m mark, reason string, err error) {
	switch {
	case len(b) < markSize || string(b[:8]) != markMagic:
		return m, "it is not the mark of a clean close", nil
	case len(b) > markSize || le.Uint32(b[40:]) != crc32.Checksum(b[:40], castagnoli):
		return m, "the checksum of the mark is wrong", nil
	case le.Uint32(b[8:]) > version:
		return m, "", fmt.Errorf("%w %d", ErrVersion, le.Uint32(b[8:]))
	}
	return mark{chain: le.Uint32(b[12:]), first: le.Uint64(b[16:]), last: le.Uint64(b[24:]), size: int64(le.Uint64(b[32:]))}, "", nil
}
