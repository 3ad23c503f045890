package parquetio

import (
	"encoding/binary"
	"errors"
	"math"
)

// Split-block bloom filters (BloomFilter.md of Apache Parquet): blocks of eight 32-bit words, in each of which a value sets one bit. Values are
// hashed by XXH64 with seed 0 over their plain encoding.

const (
	bloomBlock = 32 // bytes
	// DefaultBloomFPP is the share of false positives that a bloom filter has at most: a lookup in a file of 10 million rows, 153 row groups, reads
	// one row group and one time in five another one. A full row group takes 2 bytes a value for it.
	DefaultBloomFPP = 0.0025
	// maxBloomBytes bounds what is read; arrow-go and Arrow C++ have the same limit.
	maxBloomBytes = 128 << 20
)

// bloomSalt has the odd multipliers of the format.
var bloomSalt = [8]uint32{0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31}

// newBloom gives an empty filter for n values that has at most fpp false positives: the smallest whose size is a power of two, on which Arrow's C++
// reader insists.
func newBloom(n int, fpp float64) []byte {
	size := bloomBlock
	for size < maxBloomBytes && bloomRate(n, size) > fpp {
		size *= 2
	}
	return make([]byte, size)
}

// bloomRate gives the share of false positives of a filter of size bytes with n values. The number of values in a block is Poisson-distributed; each
// has set one bit in 32 of each of its eight words.
func bloomRate(n, size int) float64 {
	mean := float64(n) / float64(size/bloomBlock)
	if mean > 400 {
		return 1
	}
	rate, p, free := 0.0, math.Exp(-mean), 1.0 // free is the share of a word's bits that k values leave
	for k := 1; k < 2*int(mean)+60; k++ {
		free *= 31.0 / 32
		p *= mean / float64(k)
		set := (1 - free) * (1 - free)
		rate += p * set * set * set * set
	}
	return rate
}

// bloomBlockOf gives the offset of a hash's block in a filter of size bytes.
func bloomBlockOf(hash uint64, size int) int {
	return int((hash >> 32) * uint64(size/bloomBlock) >> 32 * bloomBlock)
}

// bloomInsert adds a hash.
func bloomInsert(filter []byte, hash uint64) {
	at := bloomBlockOf(hash, len(filter))
	block, h := (*[bloomBlock]byte)(filter[at:]), uint32(hash)
	for i := 0; i < len(bloomSalt); i += 2 { // two words at once
		two := block[4*i : 4*i+8]
		bits := uint64(1)<<(h*bloomSalt[i]>>27) | uint64(1)<<32<<(h*bloomSalt[i+1]>>27)
		binary.LittleEndian.PutUint64(two, binary.LittleEndian.Uint64(two)|bits)
	}
}

// bloomHas tells whether a block may hold a hash.
func bloomHas(block []byte, hash uint64) bool {
	for i, salt := range bloomSalt {
		if binary.LittleEndian.Uint32(block[4*i:])>>(uint32(hash)*salt>>27)&1 == 0 {
			return false
		}
	}
	return true
}

// bloomHalf tells whether the first half of a block may hold a hash. It has one branch: where each of its bits is set or not is a matter of chance.
func bloomHalf(block []byte, hash uint64) bool {
	b, h := (*[bloomBlock]byte)(block), uint32(hash)
	first := binary.LittleEndian.Uint32(b[0:]) >> (h * bloomSalt[0] >> 27) & (binary.LittleEndian.Uint32(b[4:]) >> (h * bloomSalt[1] >> 27))
	second := binary.LittleEndian.Uint32(b[8:]) >> (h * bloomSalt[2] >> 27) & (binary.LittleEndian.Uint32(b[12:]) >> (h * bloomSalt[3] >> 27))
	return first&second&1 != 0
}

// bloomHeader gives parquet.thrift's BloomFilterHeader for a filter of size bytes: its size, then the only algorithm, hash and compression
// there are, each a union with an empty structure as its field 1.
func bloomHeader(size int) []byte {
	var w wireWriter
	w.i32(1, int32(size))
	for id := int16(2); id <= 4; id++ {
		union := w.begin(id)
		w.end(w.begin(1))
		w.end(union)
	}
	return append(w.b, wireStop)
}

var errBloom = errors.New("unsupported bloom filter")

// readBloomHeader gives the sizes of a header and of the filter after it.
func readBloomHeader(b []byte) (header, size int, err error) {
	r := wireReader{b: b}
	kinds := 0
	for id, wire := r.field(0); wire != wireStop && r.err == nil; id, wire = r.field(id) {
		switch {
		case id == 1 && wire == wireI32:
			size = int(r.i32())
		case id >= 2 && id <= 4 && wire == wireStruct:
			choice, inner := r.field(0)
			r.skip(inner, 0)
			if choice == 1 && r.byte() == wireStop {
				kinds++
			}
		default:
			r.skip(wire, 0)
		}
	}
	if r.err != nil {
		return 0, 0, r.err
	}
	if kinds != 3 || size < bloomBlock || size > maxBloomBytes || size%bloomBlock != 0 {
		return 0, 0, errBloom
	}
	return r.pos, size, nil
}
