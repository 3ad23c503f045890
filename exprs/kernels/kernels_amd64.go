//go:build !purego

package kernels

import "golang.org/x/sys/cpu"

// vectors tells whether the processor and the system have the instructions.
var vectors = cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL

// lanes is a Cell for each place in a vector.
type lanes struct{ sum, n, least, greatest [8]int64 }

func (l *lanes) begin() {
	for i := range l.least {
		l.least[i], l.greatest[i] = NoValues().Least, NoValues().Greatest
	}
}

func (l *lanes) addTo(c *Cell) {
	for i := range l.n {
		c.Sum, c.N, c.Least, c.Greatest = c.Sum+l.sum[i], c.N+l.n[i], min(c.Least, l.least[i]), max(c.Greatest, l.greatest[i])
	}
}

const (
	// cached is the number of rows that are looked at for all groups before the next: values and groups of so many lie in the first-level cache.
	cached = 1024
	// marked is the least value that markSix takes.
	marked = -1 << 47
)

// eighths gives where the bits of rows from one on lie, and the bytes from those of eight rows to those of the next. A nil pointer has all bits set.
// The bits reach to row end, or it panics: the instructions do not look.
func eighths(b []uint64, row, end int) (from *uint64, step int) {
	if b == nil {
		return nil, 0
	}
	return &b[:(end+wordRows-1)/wordRows][row/wordRows], 1
}

//go:noescape
func addSix(cells *[6]lanes, groups *uint32, values *int64, valid *uint64, step, eights int, first uint32)

// markSix is addSix, without the least values, for values of no more than 47 bits and their sign: it answers false, and has done nothing, where others are
// among them. Each value is marked by 2^55, so that the sum of up to 1,024 rows holds their number too, and a row takes two additions less.
//
//go:noescape
func markSix(cells *[6]lanes, groups *uint32, values *int64, valid *uint64, step, eights int, first uint32) bool

//go:noescape
func addOne(cell *lanes, values *int64, keep *uint64, step, eights int)

//go:noescape
func countEight(n *[8][16]uint32, groups *uint32, valid *uint64, step, sixteens int, first uint32)

//go:noescape
func withinWords(out *uint64, values *int64, lo int64, width uint64, words int)

//go:noescape
func lookWords(out *uint64, codes *uint16, pass *[maxCodes]uint16, words int)

//go:noescape
func packWords(out *uint64, bytes *uint8, words int)

//go:noescape
func spreadWords(bytes *uint8, bits *uint64, words int)

//go:noescape
func rowsOfSixteens(out *int32, bits *uint64, first int32, sixteens int) int

//go:noescape
func numberSixteens(out *uint32, codes *uint16, numbers *[FewCodes]uint32, keep *uint8, step, sixteens int) bool

// byGroup does most of the rows, and gives how many.
func byGroup(cells []Cell, groups []uint32, values []int64, valid []uint64, least bool) int {
	var all [MaxGroups / 6][6]lanes
	sixes := all[:(len(cells)+5)/6]
	for i := range sixes {
		for g := range sixes[i] {
			sixes[i][g].begin()
		}
	}
	n := len(values) &^ 7
	groups = groups[:len(values)]
	for lo := 0; lo < n; lo += cached {
		bits, step := eighths(valid, lo, n)
		for i := range sixes {
			eights, first := min(cached, n-lo)/8, uint32(i*6)
			if least || !markSix(&sixes[i], &groups[lo], &values[lo], bits, step, eights, first) {
				addSix(&sixes[i], &groups[lo], &values[lo], bits, step, eights, first)
			}
		}
	}
	for g := range cells {
		had := cells[g].N
		if sixes[g/6][g%6].addTo(&cells[g]); !least && cells[g].N > had {
			cells[g].Least = min(cells[g].Least, marked)
		}
	}
	return n
}

// where does most of the rows, and gives how many.
func where(c *Cell, values []int64, keep []uint64) int {
	var all lanes
	all.begin()
	n := len(values) &^ 7
	bits, step := eighths(keep, 0, n)
	addOne(&all, &values[0], bits, step, n/8)
	all.addTo(c)
	return n
}

// count does most of the rows, and gives how many. A lane counts no more than 2^28 rows at a time, so that it does not overflow.
func count(out []int64, groups []uint32, valid []uint64) int {
	const most = 1 << 28
	n := len(groups) &^ 15
	for lo := 0; lo < n; lo += most {
		bits, step := eighths(valid, lo, n)
		for first := 0; first < len(out); first += 8 {
			var lanes [8][16]uint32
			countEight(&lanes, &groups[lo], bits, 2*step, min(most, n-lo)/16, uint32(first))
			for g := first; g < min(first+8, len(out)); g++ {
				for _, x := range lanes[g-first] {
					out[g] += int64(x)
				}
			}
		}
	}
	return n
}

// words gives the number of words of rows that are done by instructions.
func words(rows int) int {
	if !vectors {
		return 0
	}
	return rows / wordRows
}

// within, look, pack and spread do most of the rows, and give how many.
func within(out []uint64, values []int64, lo, hi int64) int {
	n := words(len(values))
	if n > 0 {
		withinWords(&out[:n][0], &values[0], lo, uint64(hi)-uint64(lo), n)
	}
	return n * wordRows
}

func look(out []uint64, codes []uint16, pass []uint8) int {
	n := words(len(codes))
	if n == 0 || len(pass) > maxCodes {
		return 0
	}
	var table [maxCodes]uint16 // the highest bit is what the instruction takes
	for i, p := range pass {
		table[i] = uint16(p) << 15
	}
	lookWords(&out[:n][0], &codes[0], &table, n)
	return n * wordRows
}

func pack(out []uint64, bytes []uint8) int {
	n := words(len(bytes))
	if n > 0 {
		packWords(&out[:n][0], &bytes[0], n)
	}
	return n * wordRows
}

func spread(bytes []uint8, bits []uint64) int {
	n := words(len(bytes))
	if n > 0 {
		spreadWords(&bytes[0], &bits[:n][0], n)
	}
	return n * wordRows
}

// rowsOf does most of the rows, and gives how many, and how many of them are set.
func rowsOf(out []int32, bits []uint64, n int, first int32) (rows, set int) {
	if n = n / 16; n == 0 || !vectors {
		return 0, 0
	}
	return n * 16, rowsOfSixteens(&out[0], &bits[0], first, n)
}

// number does most of the rows, and gives how many, and whether all that are kept have numbers.
func number(out []uint32, codes []uint16, numbers []uint32, keep []uint8) (rows int, known bool) {
	n := len(codes) / 16
	if n == 0 || !vectors || len(numbers) > FewCodes {
		return 0, true
	}
	var table [FewCodes]uint32
	copy(table[:], numbers)
	var first *uint8
	step := 0
	if keep != nil {
		first, step = &keep[:len(codes)][0], 16
	}
	return n * 16, numberSixteens(&out[:len(codes)][0], &codes[0], &table, first, step, n)
}
