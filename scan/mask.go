package scan

import (
	"encoding/binary"

	"github.com/stoadb/stoa/exprs/vec"
)

// A mask is a byte for each row, 1 for those that are kept and 0 for the others. Bytes need no shifting where one row is looked at; where all are, eight of
// them make a word.

// ones has bit 0 of each byte set.
const ones = 0x0101010101010101

// passes remembers which entries of a few dictionaries pass, while conditions on them take turns.
type passes struct {
	known [4]entryPasses
	next  int // to be forgotten
}

// entryPasses is which entries of a dictionary pass.
type entryPasses struct {
	dict  *vec.Vec
	entry []uint8 // at least byteCodes of them
}

// byteCodes is the number of codes that fit a byte: with as many entries a loop needs no check of bounds.
const byteCodes = 256

// begin gives a mask of the rows at which the condition v is true, in the memory of keep, and counts them.
func (p *passes) begin(keep []uint8, v *vec.Vec) int {
	switch {
	case v.Const || v.Dict != nil && v.Dict.N == 0:
		vec.SetBytes(keep)
		return p.narrow(keep, v)
	case v.Dict != nil:
		entry, codes := p.learn(v.Dict), v.Codes[:len(keep)]
		if v.Dict.N > byteCodes {
			for i, c := range codes {
				keep[i] = entry[c]
			}
			break
		}
		few := (*[byteCodes]uint8)(entry)
		for i, c := range codes {
			keep[i] = few[uint8(c)]
		}
	default:
		copy(keep, vec.BoolBytes(v.Bools))
	}
	if v.Valid != nil {
		vec.AndBits(keep, v.Valid)
	}
	return count(keep)
}

// narrow clears the rows of keep at which the condition v is not true, and counts those that are left.
func (p *passes) narrow(keep []uint8, v *vec.Vec) int {
	switch {
	case v.Const:
		if !v.Valid.Get(0) || !v.Bools[0] {
			clear(keep)
		}
		return count(keep)
	case v.Dict != nil && v.Dict.N == 0: // all rows are NULL
		clear(keep)
		return 0
	case v.Dict != nil:
		entry, codes := p.learn(v.Dict), v.Codes[:len(keep)]
		if v.Dict.N > byteCodes {
			for i, c := range codes {
				keep[i] &= entry[c]
			}
			break
		}
		few := (*[byteCodes]uint8)(entry)
		for i, c := range codes {
			keep[i] &= few[uint8(c)]
		}
	default:
		andBools(keep, v.Bools[:len(keep)])
	}
	if v.Valid != nil {
		vec.AndBits(keep, v.Valid)
	}
	return count(keep)
}

// learn gives which entries of a dictionary pass.
func (p *passes) learn(dict *vec.Vec) []uint8 {
	for i := range p.known {
		if p.known[i].dict == dict {
			return p.known[i].entry
		}
	}
	k := &p.known[p.next]
	p.next = (p.next + 1) % len(p.known)
	k.dict, k.entry = dict, append(k.entry[:0], make([]uint8, max(dict.N, byteCodes))...)
	for i, x := range dict.Bools {
		if x && dict.Valid.Get(i) {
			k.entry[i] = 1
		}
	}
	return k.entry
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
