package scan

import (
	"encoding/binary"

	"github.com/stoadb/stoa/exprs/vec"
)

// A mask is a byte for each row, 1 for those that are kept and 0 for the others. Bytes need no shifting where one row is looked at; where all are, eight of
// them make a word.

// ones has bit 0 of each byte set.
const ones = 0x0101010101010101

// passes remembers which entries of a dictionary pass, while the dictionary stays the same.
type passes struct {
	dict  *vec.Vec
	entry []uint8
}

// narrow clears the rows of keep at which the condition v is not true, and counts those that are left.
func (p *passes) narrow(keep []uint8, v *vec.Vec) int {
	switch {
	case v.Const:
		if !v.Valid.Get(0) || !v.Bools[0] {
			clear(keep)
		}
		return count(keep)
	case v.Dict != nil:
		p.learn(v.Dict)
		if len(p.entry) == 0 { // an empty dictionary: all rows are NULL
			clear(keep)
			return 0
		}
		entry := p.entry
		for i, c := range v.Codes[:len(keep)] {
			keep[i] &= entry[c]
		}
	default:
		andBools(keep, v.Bools[:len(keep)])
	}
	if v.Valid != nil {
		andBits(keep, v.Valid)
	}
	return count(keep)
}

func (p *passes) learn(dict *vec.Vec) {
	if p.dict == dict {
		return
	}
	p.dict, p.entry = dict, append(p.entry[:0], make([]uint8, dict.N)...)
	for i, x := range dict.Bools {
		if x && dict.Valid.Get(i) {
			p.entry[i] = 1
		}
	}
}

// andBools clears the bytes at which b is false.
func andBools(keep []uint8, b []bool) {
	if len(b) == 0 {
		return
	}
	bytes := vec.BoolBytes(b)
	for len(keep) >= 8 {
		binary.LittleEndian.PutUint64(keep, binary.LittleEndian.Uint64(keep)&binary.LittleEndian.Uint64(bytes))
		keep, bytes = keep[8:], bytes[8:]
	}
	for i := range keep {
		keep[i] &= bytes[i]
	}
}

// andBits clears the bytes whose bit is not set.
func andBits(keep []uint8, bits vec.Bitmap) {
	for i := 0; len(keep) > 0; i++ {
		w := bits[i]
		n := min(64, len(keep))
		part := keep[:n]
		keep = keep[n:]
		if w == ^uint64(0) {
			continue
		}
		for ; len(part) >= 8; part, w = part[8:], w>>8 {
			// The eight bits go to the eight bytes, each in its own place there, and from there to bit 0.
			spread := (w & 0xff * ones) & 0x8040201008040201
			spread = (spread + 0x7f*ones) >> 7 & ones
			binary.LittleEndian.PutUint64(part, binary.LittleEndian.Uint64(part)&spread)
		}
		for j := range part {
			part[j] &= uint8(w)
			w >>= 1
		}
	}
}

// count counts the ones of a mask.
func count(keep []uint8) int {
	n := 0
	for len(keep) >= 8 {
		n += int(binary.LittleEndian.Uint64(keep) * ones >> 56)
		keep = keep[8:]
	}
	for _, k := range keep {
		n += int(k)
	}
	return n
}

// runs counts the runs of ones of a mask.
func runs(keep []uint8) int {
	n, last := 0, uint64(0) // last is the byte before
	for len(keep) >= 8 {
		w := binary.LittleEndian.Uint64(keep)
		n += int((w &^ (w<<8 | last)) * ones >> 56)
		last, keep = w>>56, keep[8:]
	}
	for _, k := range keep {
		n += int(uint64(k) &^ last)
		last = uint64(k)
	}
	return n
}
