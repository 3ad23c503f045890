package frame

import "math/bits"

// Finite state entropy (RFC 8878, 4.1), for alphabets of at most 64 codes.

const (
	maxCodes    = 64
	maxTableLog = 9
	minTableLog = 5

	modePredefined = 0
	modeRLE        = 1
	modeCompressed = 2
)

// The distributions that need no description (RFC 8878, 3.1.1.3.2.2).
var (
	literalDefault = [36]int16{4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1}
	matchDefault   = [53]int16{1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1}
	offsetDefault = [29]int16{1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1}
)

// coder codes one thing of all sequences of a block.
type coder struct {
	codes  []uint8
	counts [maxCodes]uint32
	norm   [maxCodes]int16
	log    uint // of the number of states; 0 when there is one code
	next   [1 << maxTableLog]uint16
	by     [maxCodes]transition
}

// transition says how a code changes the state: by how many bits written, plus where its states begin.
type transition struct {
	bits  uint32 // (bits << 16) less the least state that writes as many
	first int32
}

func (c *coder) reset(n int) {
	if cap(c.codes) < n {
		c.codes = make([]uint8, n, 2*n)
	}
	c.codes = c.codes[:n]
	c.counts = [maxCodes]uint32{}
}

func (c *coder) set(i int, code uint8) {
	c.codes[i] = code
	c.counts[code&(maxCodes-1)]++
}

// choose picks the way of coding that takes the fewest bits and appends its description.
func (c *coder) choose(dst []byte, n int, predefined []int16, predefinedLog, maxLog uint) (mode byte, out []byte) {
	top, used := 0, 0
	for code, k := range c.counts {
		if k > 0 {
			top, used = code, used+1
		}
	}
	if used == 1 {
		c.log, c.by[top], c.next[0] = 0, transition{}, 0 // one state, of which no bits are written
		return modeRLE, append(dst, byte(top))
	}
	c.normalize(n, top, maxLog)
	described := appendDistribution(dst, c.norm[:top+1], c.log)
	own := c.cost(c.norm[:top+1], c.log) + 8*uint64(len(described)-len(dst))
	if top < len(predefined) && c.cost(predefined, predefinedLog) <= own {
		c.log = predefinedLog
		c.build(predefined)
		return modePredefined, dst
	}
	c.build(c.norm[:top+1])
	return modeCompressed, described
}

// cost estimates the bits that the codes take, in whole bits and 256ths.
func (c *coder) cost(norm []int16, log uint) uint64 {
	total := uint64(0)
	for code, k := range norm {
		if n := c.counts[code]; n > 0 {
			total += uint64(n) * uint64(log2(1<<log*256)-log2(uint32(max(k, 1))*256))
		}
	}
	return total >> 8
}

// log2 gives the binary logarithm of x in 256ths, nearly.
func log2(x uint32) uint32 {
	k := uint32(bits.Len32(x) - 1)
	return k<<8 + uint32((uint64(x)<<8>>k)&0xff)
}

// normalize scales the counts to a sum of 1 << log.
func (c *coder) normalize(n, top int, maxLog uint) {
	log := uint(max(bits.Len(uint(n-1))-2, minTableLog, min(bits.Len(uint(n)), bits.Len(uint(top))+1)))
	c.log = min(log, maxLog)
	size := 1 << c.log
	left, largest := size, 0
	for code := range c.counts[:top+1] {
		k := int(c.counts[code])
		share := 0
		if k > 0 {
			share = max(1, (k*size+n/2)/n)
		}
		c.norm[code] = int16(share)
		left -= share
		if share > int(c.norm[largest]) {
			largest = code
		}
	}
	if int(c.norm[largest])+left > 0 && (left >= 0 || -left < int(c.norm[largest])/2) {
		c.norm[largest] += int16(left)
		return
	}
	for left < 0 { // many rare codes: take from those that have most for what they need
		code := 0
		for k := range c.norm[:top+1] {
			if c.norm[k] > c.norm[code] {
				code = k
			}
		}
		c.norm[code]--
		left++
	}
}

// appendDistribution appends the description of a distribution (RFC 8878, 4.1.1).
func appendDistribution(dst []byte, norm []int16, log uint) []byte {
	w := newBitWriter(dst, 2*len(norm)+8)
	w.add(uint64(log-minTableLog), 4)
	remaining, threshold, width := 1<<log+1, 1<<log, log+1
	for code := 0; code < len(norm) && remaining > 1; {
		count := int(norm[code])
		code++
		limit := 2*threshold - 1 - remaining
		remaining -= max(count, -count)
		value := count + 1
		if value >= threshold {
			value += limit
		}
		n := width
		if value < limit {
			n--
		}
		w.add(uint64(value), n)
		w.flush()
		for remaining < threshold {
			width, threshold = width-1, threshold/2
		}
		if count != 0 {
			continue
		}
		zeros := 0 // after this one
		for code < len(norm) && norm[code] == 0 {
			code, zeros = code+1, zeros+1
		}
		for ; zeros >= 3; zeros -= 3 {
			w.add(3, 2)
			w.flush()
		}
		w.add(uint64(zeros), 2)
		w.flush()
	}
	return w.end()
}

// build makes the table of states of a distribution.
func (c *coder) build(norm []int16) {
	size := 1 << c.log
	var symbol [1 << maxTableLog]uint8
	var starts [maxCodes + 1]int
	high := size - 1
	for code, k := range norm {
		n := int(k)
		if k < 0 { // less than one: a state at the end
			n = 1
			symbol[high] = uint8(code)
			high--
		}
		starts[code+1] = starts[code] + n
	}
	at, step := 0, size>>1+size>>3+3
	for code, k := range norm {
		for range max(k, 0) {
			symbol[at] = uint8(code)
			for at = (at + step) & (size - 1); at > high; at = (at + step) & (size - 1) {
			}
		}
	}
	places := starts
	for i := range size {
		s := symbol[i]
		c.next[places[s]] = uint16(size + i)
		places[s]++
	}
	for code, k := range norm {
		switch t := &c.by[code]; k {
		case 0:
			*t = transition{}
		case 1, -1:
			*t = transition{bits: uint32(c.log<<16) - uint32(size), first: int32(starts[code] - 1)}
		default:
			most := c.log - uint(bits.Len(uint(k-1))-1)
			*t = transition{bits: uint32(most<<16) - uint32(int(k)<<most), first: int32(starts[code] - int(k))}
		}
	}
}

// start gives the state of a code with which a stream begins.
func (c *coder) start(code uint8) uint32 {
	t := &c.by[code&(maxCodes-1)]
	n := (t.bits + 1<<15) >> 16
	value := n<<16 - t.bits
	return uint32(c.next[(int32(value>>(n&31))+t.first)&(1<<maxTableLog-1)])
}

// encode adds the bits by which the decoder comes from the state of code to the present one, and gives that of code.
func (c *coder) encode(p pending, state uint32, code uint8) (pending, uint32) {
	t := &c.by[code&(maxCodes-1)]
	n := (state + t.bits) >> 16 & 31
	return p.add(uint64(state&(1<<n-1)), uint(n)), uint32(c.next[(int32(state>>n)+t.first)&(1<<maxTableLog-1)])
}

// final gives the bits of the state with which the decoder begins, and how many they are.
func (c *coder) final(state uint32) (v uint64, n uint) { return uint64(state) & (1<<c.log - 1), c.log }
