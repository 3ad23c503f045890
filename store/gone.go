package store

import (
	"math/bits"
	"slices"

	"github.com/stoadb/stoa/tables"
)

// goneRows is the set of hot rows that a statement has deleted: a few as a list, more as a bitmap for each segment.
type goneRows struct {
	before   tables.RowID // all rows with ids below it are gone, with the table's Clear, and not in the set
	few      []tables.RowID
	segments map[uint32]*[tables.MaxSegmentRows / 64]uint64
	last     *[tables.MaxSegmentRows / 64]uint64
	lastOf   uint32
	count    int
}

const maxFew = 16

// Gone implements tables.Gone.
func (g *goneRows) Gone(id tables.RowID) bool {
	if id < g.before {
		return true
	}
	if g.segments == nil {
		return slices.Contains(g.few, id)
	}
	words := g.segment(id.Segment())
	return words != nil && words[id.Offset()/64]>>(id.Offset()%64)&1 != 0
}

func (g *goneRows) segment(number uint32) *[tables.MaxSegmentRows / 64]uint64 {
	if g.last == nil || g.lastOf != number {
		words := g.segments[number]
		if words == nil {
			return nil
		}
		g.last, g.lastOf = words, number
	}
	return g.last
}

// clear makes all rows with ids below before gone, without keeping them as deaths.
func (g *goneRows) clear(before tables.RowID) { *g = goneRows{before: before} }

// add adds a row, and tells whether it was new.
func (g *goneRows) add(id tables.RowID) bool {
	if g.Gone(id) {
		return false
	}
	g.count++
	if g.segments == nil {
		if g.few = append(g.few, id); len(g.few) <= maxFew {
			return true
		}
		g.segments = map[uint32]*[tables.MaxSegmentRows / 64]uint64{}
		for _, id := range g.few {
			g.set(id)
		}
		g.few = nil
		return true
	}
	g.set(id)
	return true
}

func (g *goneRows) set(id tables.RowID) {
	words := g.segment(id.Segment())
	if words == nil {
		words = new([tables.MaxSegmentRows / 64]uint64)
		g.segments[id.Segment()] = words
		g.last, g.lastOf = words, id.Segment()
	}
	words[id.Offset()/64] |= 1 << (id.Offset() % 64)
}

// ids gives the rows, in order of segment and offset.
func (g *goneRows) ids() []tables.RowID {
	if g.segments == nil {
		return g.few
	}
	numbers := make([]uint32, 0, len(g.segments))
	for n := range g.segments {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	out := make([]tables.RowID, 0, g.count)
	for _, n := range numbers {
		for w, word := range g.segments[n] {
			for ; word != 0; word &= word - 1 {
				out = append(out, tables.HotID(n, 64*w+bits.TrailingZeros64(word)))
			}
		}
	}
	return out
}
