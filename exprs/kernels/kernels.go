// Package kernels is loops over slices that vector instructions make several times quicker: integers counted, summed and compared by group, comparisons and
// look-ups of codes as bits. Where the processor has AVX-512 they are assembly; elsewhere, and with the build tag purego, they are Go. Both give the same.
//
// Bits stand for rows as in a validity bitmap: row i is bit i%64 of word i/64. The bits behind the last row mean nothing, neither given nor taken.
package kernels

import (
	"math"

	"github.com/stoadb/stoa/exprs/vec"
)

// Cell is what some integers come to. Their sum is modulo 2^64: who wants it knows that it fits.
type Cell struct{ Sum, N, Least, Greatest int64 }

// NoValues is the cell of no integers.
func NoValues() Cell { return Cell{Least: math.MaxInt64, Greatest: math.MinInt64} }

// Add adds a value.
func (c *Cell) Add(x int64) {
	c.Sum, c.N, c.Least, c.Greatest = c.Sum+x, c.N+1, min(c.Least, x), max(c.Greatest, x)
}

const (
	// MaxGroups is the number of groups up to which ByGroup and Count have assembly: it looks at all rows for each six or eight of them, so that loops which go
	// from row to group are quicker for many.
	MaxGroups = 18
	// FewRows is the number of rows below which preparing that would cost more than it gains.
	FewRows = 256
	// maxCodes is the number of codes that two registers hold.
	maxCodes = 64
	// FewCodes is the number of codes up to which Numbers has assembly: two registers hold their numbers.
	FewCodes = 32
	// wordRows is the rows of a word of bits.
	wordRows = 64
)

// Quick tells whether there is assembly, and a number of rows worth it.
func Quick(rows int) bool { return vectors && rows >= FewRows }

// ByGroup adds to cells[g] the values of the rows whose group is g. Rows of other numbers count for nothing, nor do those whose bit in valid is not set; nil
// has all set. Without least, Least need only be no greater than the least value. It answers false, and has done nothing, where there is no assembly for it: a
// loop of the caller's is as good as any then.
func ByGroup(cells []Cell, groups []uint32, values []int64, valid []uint64, least bool) bool {
	if !Quick(len(values)) || len(cells) > MaxGroups {
		return false
	}
	n := byGroup(cells, groups, values, valid, least)
	for i, x := range values[n:] {
		if g := groups[n+i]; int(g) < len(cells) && isSet(valid, n+i) {
			cells[g].Add(x)
		}
	}
	return true
}

// Count adds to n[g] the number of rows whose group is g. It is otherwise as ByGroup.
func Count(n []int64, groups []uint32, valid []uint64) bool {
	if !Quick(len(groups)) || len(n) > MaxGroups {
		return false
	}
	done := count(n, groups, valid)
	for i, g := range groups[done:] {
		if int(g) < len(n) && isSet(valid, done+i) {
			n[g]++
		}
	}
	return true
}

// Where adds to a cell the values whose bits are set; nil has all set. It answers as ByGroup does.
func Where(c *Cell, values []int64, keep []uint64) bool {
	if !Quick(len(values)) {
		return false
	}
	n := where(c, values, keep)
	for i, x := range values[n:] {
		if isSet(keep, n+i) {
			c.Add(x)
		}
	}
	return true
}

func isSet(b []uint64, i int) bool { return b == nil || b[i>>6]>>(uint(i)&63)&1 != 0 }

// Within sets the bits of the values in [lo, hi], where lo is not greater than hi, and clears the others.
func Within(out []uint64, values []int64, lo, hi int64) {
	n := within(out, values, lo, hi)
	withinRest(out[n/wordRows:], values[n:], lo, hi)
}

func withinRest(out []uint64, values []int64, lo, hi int64) {
	from, width := uint64(lo), uint64(hi)-uint64(lo)
	for at := 0; len(values) > 0; at++ {
		part, w := values[:min(wordRows, len(values))], uint64(0)
		for i, x := range part {
			var bit uint64
			if uint64(x)-from <= width {
				bit = 1
			}
			w |= bit << uint(i)
		}
		out[at], values = w, values[len(part):]
	}
}

// Look sets the bits of the rows of whose code pass has 1, and clears the others, of whose code it has 0. pass has an element for each code.
func Look(out []uint64, codes []uint16, pass []uint8) {
	n := look(out, codes, pass)
	lookRest(out[n/wordRows:], codes[n:], pass)
}

func lookRest(out []uint64, codes []uint16, pass []uint8) {
	for at := 0; len(codes) > 0; at++ {
		part, w := codes[:min(wordRows, len(codes))], uint64(0)
		for i, c := range part {
			w |= uint64(pass[c]) << uint(i)
		}
		out[at], codes = w, codes[len(part):]
	}
}

// Pack sets the bits of the bytes that are 1, and clears those that are 0.
func Pack(out []uint64, bytes []uint8) {
	n := pack(out, bytes)
	packRest(out[n/wordRows:], bytes[n:])
}

func packRest(out []uint64, bytes []uint8) {
	for at := 0; len(bytes) > 0; at++ {
		part := bytes[:min(wordRows, len(bytes))]
		out[at], bytes = vec.PackBytes(part), bytes[len(part):]
	}
}

// Spread is the opposite of Pack.
func Spread(bytes []uint8, bits []uint64) {
	n := spread(bytes, bits)
	spreadRest(bytes[n:], bits[n/wordRows:])
}

func spreadRest(bytes []uint8, bits []uint64) {
	for at := 0; len(bytes) > 0; at++ {
		part, w := bytes[:min(wordRows, len(bytes))], bits[at]
		for i := range part {
			part[i] = uint8(w >> uint(i) & 1)
		}
		bytes = bytes[len(part):]
	}
}

// RowsRoom is the number of elements that Rows writes to beyond those that it gives.
const RowsRoom = 16

// Rows writes the rows, counted from first, of those of n bits that are set, and gives their number. out has RowsRoom elements more.
func Rows(out []int32, bits []uint64, n int, first int32) int {
	out = out[:vec.Bitmap(bits).Count(n)+RowsRoom] // the instructions do not look
	done, set := rowsOf(out, bits, n, first)
	return set + rowsRest(out[set:], bits, done, n, first)
}

// rowsRest is Rows for rows [from, n).
func rowsRest(out []int32, bits []uint64, from, n int, first int32) int {
	set := 0
	for i := from; i < n; i++ {
		out[set] = first + int32(i)
		set += int(bits[i/wordRows] >> (uint(i) % wordRows) & 1)
	}
	return set
}

// Numbers gives each row the number of its code, and all bits set to the rows at which keep is 0; a nil keep keeps all. It tells whether the highest bit of all
// numbers that it gave to rows that are kept is 0. numbers has an element for each code.
func Numbers(out []uint32, codes []uint16, numbers []uint32, keep []uint8) bool {
	n, known := number(out, codes, numbers, keep)
	if keep != nil {
		keep = keep[n:]
	}
	return numbersRest(out[n:], codes[n:], numbers, keep) && known
}

func numbersRest(out []uint32, codes []uint16, numbers []uint32, keep []uint8) bool {
	all := uint32(0)
	for i, c := range codes {
		x, wanted := numbers[c], uint32(1)
		if keep != nil {
			wanted = uint32(keep[i])
		}
		all |= x & -wanted
		out[i] = x | (wanted - 1)
	}
	return all>>31 == 0
}
