package parquetio

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// aggState is a measure of a group.
type aggState struct {
	count    int64
	min, max int64 // of no values, anything
	hi       int64 // the sum, in two's complement
	lo       uint64
	unknown  bool
}

// append writes a state.
func (s *aggState) append(dst []byte, kind int) []byte {
	if s.unknown {
		return append(dst, 0)
	}
	dst = binary.AppendUvarint(dst, uint64(s.count)+1)
	if kind == measureCount || s.count == 0 {
		return dst
	}
	dst = binary.AppendVarint(dst, s.min)
	dst = binary.AppendUvarint(dst, uint64(s.max)-uint64(s.min))
	hi, lo := times(s.min, s.count)
	lo, borrow := bits.Sub64(s.lo, lo, 0)
	dst = binary.AppendUvarint(dst, lo)
	return binary.AppendUvarint(dst, uint64(s.hi)-uint64(hi)-borrow)
}

// times multiplies a by b, which is not negative.
func times(a, b int64) (hi int64, lo uint64) {
	h, lo := bits.Mul64(uint64(a), uint64(b))
	hi = int64(h)
	if a < 0 {
		hi -= b
	}
	return hi, lo
}

// measure aggregates a measure by group.
func (g *grouping) measure(cols []*columnBuffer, m measure) []aggState {
	out := make([]aggState, len(g.rows))
	a := cols[m.a]
	switch m.kind {
	case measureCount:
		g.count(out, a)
	case measureDifference:
		g.differences(out, a, cols[m.b])
	default:
		addValues(out, g.within(a.valid), a.ints)
		if a.typ == arrowschema.Int2 || a.typ == arrowschema.Int4 || a.typ == arrowschema.Int8 {
			break
		}
		for k := range out {
			s := &out[k]
			s.unknown = s.count > 0 && (!finite(s.min, a.form.narrow) || !finite(s.max, a.form.narrow))
		}
	}
	return out
}

// count counts the rows that are not NULL, or rather the others, which are fewer.
func (g *grouping) count(out []aggState, a *columnBuffer) {
	for k, n := range g.rows {
		out[k].count = n
	}
	for base := 0; a.nulls > 0 && base < len(g.of); base += 64 {
		of := g.of[base:min(base+64, len(g.of))]
		for nulls := ^a.valid[base>>6] << (64 - len(of)) >> (64 - len(of)); nulls != 0; nulls &= nulls - 1 {
			out[of[bits.TrailingZeros64(nulls)]].count--
		}
	}
}

// differences aggregates the values of a less those of b, in rows where neither is NULL. Both are timestamps.
func (g *grouping) differences(out []aggState, a, b *columnBuffer) {
	both := commonBits(a.valid, b.valid)
	of := g.within(both)
	g.to, g.from = valuesOf(g.to[:0], a, both), valuesOf(g.from[:0], b, both)
	large := int64(0)
	for i, v := range g.to {
		from := g.from[i]
		large |= (v ^ v<<1) | (from ^ from<<1)
		g.to[i] = v - from
	}
	if large < 0 { // one has more than 62 bits: it may be infinite, or the difference does not fit
		for i, d := range g.to {
			from := g.from[i]
			if v := d + from; !finite(v, false) || !finite(from, false) || (v^from)&(v^d) < 0 {
				out[of[i]].unknown = true
			}
		}
	}
	addValues(out, of, g.to)
}

// within gives the groups of the rows whose bits are set, until it is asked again.
func (g *grouping) within(rows vec.Bitmap) []uint16 {
	if rows == nil {
		return g.of
	}
	g.some = appendValid(g.some[:0], g.of, rows)
	return g.some
}

// commonBits gives the bits that are set in both; nil stands for ones.
func commonBits(a, b vec.Bitmap) vec.Bitmap {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	out := make(vec.Bitmap, len(a))
	for i := range out {
		out[i] = a[i] & b[i]
	}
	return out
}

// valuesOf appends the integers of a column in some rows, of which none is NULL.
func valuesOf(dst []int64, c *columnBuffer, rows vec.Bitmap) []int64 {
	if c.valid == nil {
		return appendValid(dst, c.ints, rows)
	}
	at := 0 // among the integers
	for i, has := range c.valid {
		n := bits.OnesCount64(has)
		if part := c.ints[at : at+n]; rows[i] == has {
			dst = append(dst, part...)
		} else {
			for w := rows[i]; w != 0; w &= w - 1 {
				dst = append(dst, part[bits.OnesCount64(has&(w&-w-1))])
			}
		}
		at += n
	}
	return dst
}

// addValues adds values to the states of their groups.
func addValues(out []aggState, of []uint16, values []int64) {
	for k := range out {
		out[k].min, out[k].max = math.MaxInt64, math.MinInt64
	}
	of = of[:len(values)]
	for i, v := range values {
		s := &out[of[i]]
		s.count++
		if v < s.min {
			s.min = v
		}
		if v > s.max {
			s.max = v
		}
		lo, carry := bits.Add64(s.lo, uint64(v), 0)
		s.lo, s.hi = lo, s.hi+v>>63+int64(carry)
	}
}

// finite tells whether a date or timestamp, as it is stored, is not infinite.
func finite(v int64, narrow bool) bool {
	if narrow {
		return dateNegInfinity < v && v < dateInfinity
	}
	return v != temporal.Infinity && v != timestampNegInfinity
}
