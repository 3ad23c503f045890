package decimal

import (
	"encoding/binary"
	"math/bits"

	"github.com/zeebo/xxh3"
)

// The first byte of a key.
const (
	keyInt64  byte = iota + 1 // scale (2), coefficient (8)
	keyInt128                 // scale (2), coefficient (16)
	keyPos                    // scale (2), length (4), magnitude
	keyNeg                    // likewise
	keyNaN
	keyPosInf
	keyNegInf
)

// AppendKey appends a canonical key: two values have the same key if and only if Cmp finds them equal. No key is the beginning of another, so
// that keys may be strung together. It is not ordered, lives in memory only and may change between versions.
//
//	tag 1 | scale, without the zeros at the fraction's end, 2, little-endian | coefficient: 8, or 16, or a length of 4 and big-endian bytes
func AppendKey(b []byte, d Dec) []byte {
	switch d.meta &^ scaleMask {
	case formNaN:
		return append(b, keyNaN)
	case formPosInf:
		return append(b, keyPosInf)
	case formNegInf:
		return append(b, keyNegInf)
	}
	d = TrimScale(d)
	le := binary.LittleEndian
	switch {
	case d.ext != nil:
		tag := keyPos
		if d.ext.Sign() < 0 {
			tag = keyNeg
		}
		mag := d.ext.Bytes()
		b = le.AppendUint16(append(b, tag), uint16(d.meta))
		return append(le.AppendUint32(b, uint32(len(mag))), mag...)
	case d.hi == int64(d.lo)>>63:
		return le.AppendUint64(le.AppendUint16(append(b, keyInt64), uint16(d.meta)), d.lo)
	}
	b = le.AppendUint16(append(b, keyInt128), uint16(d.meta))
	return le.AppendUint64(le.AppendUint64(b, d.lo), uint64(d.hi))
}

// Hash gives equal values the same hash, whatever their scales. It is the same in every process of one version, and no defence against chosen
// collisions.
func (d Dec) Hash() uint64 {
	if !d.small() {
		if d.ext != nil {
			if d = TrimScale(d); d.small() {
				return d.Hash()
			}
		}
		return xxh3.Hash(AppendKey(nil, d))
	}
	neg, m := d.mag()
	m, scale := trimSmall(m, int(d.meta))
	meta := uint64(scale) << 1
	if neg {
		meta |= 1
	}
	// Two rounds of multiply and fold, in the manner of wyhash; the constants are odd and random.
	h, l := bits.Mul64(m.lo^0x9e3779b97f4a7c15, meta^m.hi^0xc2b2ae3d27d4eb4f)
	h, l = bits.Mul64(h^m.lo^0x165667b19e3779f9, l^0xd6e8feb86659fd93)
	return h ^ l
}
