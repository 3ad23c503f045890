package history

import "math/bits"

// golden is 2^64 divided by the golden ratio, the step of the SplitMix64 generator (Steele, Lea and Flood, 2014).
const golden = 0x9e3779b97f4a7c15

// mix is the output function of SplitMix64: a permutation of the 64-bit numbers without visible structure.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// wordsPerRow is how many random words a row may use.
const wordsPerRow = 32

// source gives random words by number: the state of SplitMix64 after row × wordsPerRow + word steps, so that no row depends on another.
type source uint64

// newSource gives the words of one table.
func newSource(seed, table uint64) source { return source(mix(mix(seed+golden) + table*golden)) }

func (s source) row(i int64) row { return row(uint64(s) + uint64(i)*wordsPerRow*golden) }

// row gives the words of one row.
type row uint64

func (r row) word(k uint64) uint64 { return mix(uint64(r) + (k+1)*golden) }

// below scales a random word to [0, n).
func below(word, n uint64) uint64 {
	hi, _ := bits.Mul64(word, n)
	return hi
}

// roots are 2^(1/2), 2^(1/4), … 2^(1/1024), scaled by 2^62 and rounded down.
var roots = [10]uint64{
	0x5a827999fcef3242, 0x4c1bf828c6dc54b7, 0x45cae0f1f545eb73, 0x42d561b3e6243d8a, 0x4166c34c5615d0eb,
	0x40b268f9de0183b9, 0x4058f6a7ecccd5b6, 0x402c6be96af2fb58, 0x4016321b687027a8, 0x400b18178ba33b14,
}

// powers is 2^(j/1024) for j from 0 to 1024, scaled by 2^31: made by multiplication of integers, and so the same everywhere.
type powers [1025]uint64

func newPowers() *powers {
	p := &powers{}
	for j := range p[:1024] {
		x := uint64(1) << 62
		for k, root := range roots {
			if j>>(9-k)&1 != 0 {
				hi, lo := bits.Mul64(x, root)
				x = hi<<2 | lo>>62
			}
		}
		p[j] = x >> 31
	}
	p[1024] = 1 << 32
	return p
}

// exp2 gives 2^(x/65536), x at least 0 and the result below 2^32 × 2^31, rounded down.
func (p *powers) exp2(x int64) int64 {
	whole, part := uint64(x)>>16, uint64(x)&0xffff
	j, rest := part>>6, part&63
	mantissa := p[j] + (p[j+1]-p[j])*rest>>6
	if whole >= 31 {
		return int64(mantissa << (whole - 31))
	}
	return int64(mantissa >> (31 - whole))
}

// lanes adds the four 16-bit parts of a word.
func lanes(w uint64) int64 {
	const even = 0x0000ffff0000ffff
	w = w&even + w>>16&even
	return int64(w>>32 + w&0xffffffff)
}

// normal gives a number that is as good as normally distributed: the sum of eight uniform 16-bit numbers less its mean, σ = 53,510.
func normal(a, b uint64) int64 { return lanes(a) + lanes(b) - 4*65535 }

// scaled gives z, of normal, the standard deviation spread/100 in units of 1/65536: 80,266 / 65,536 is 65,536 / 53,510.
func scaled(z, spread int64) int64 { return z * spread * 80266 / 6553600 }

// logNormal gives 2^x for x normal with the given mean, in 1/65536, and a σ of spread/100.
func (p *powers) logNormal(a, b uint64, mean, spread int64) int64 {
	return p.exp2(max(0, mean+scaled(normal(a, b), spread)))
}

// zipf draws from ranks 0 to n-1, rank k with a weight in proportion to 1/(k+flat).
type zipf struct {
	ends  []uint64 // ends[k] is the sum of the weights up to rank k
	guide []int32  // by the upper bits of a sum: the first rank that can hold it
	shift uint
}

func newZipf(n, flat int) *zipf {
	z := &zipf{ends: make([]uint64, n)}
	total := uint64(0)
	for k := range z.ends {
		total += 1 << 40 / uint64(k+flat)
		z.ends[k] = total
	}
	z.shift = uint(max(0, bits.Len64(total)-14))
	z.guide = make([]int32, total>>z.shift+1)
	rank := 0
	for g := range z.guide {
		for z.ends[rank] <= uint64(g)<<z.shift && rank < n-1 {
			rank++
		}
		z.guide[g] = int32(rank)
	}
	return z
}

func (z *zipf) draw(word uint64) int {
	at := below(word, z.ends[len(z.ends)-1])
	k := int(z.guide[at>>z.shift])
	for z.ends[k] <= at {
		k++
	}
	return k
}
