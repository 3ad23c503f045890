package store

import (
	"cmp"
	"slices"

	"github.com/stoadb/stoa/tables"
)

// goneRows is the set of hot rows that a statement has deleted: a few as a list, more as a bitmap for each segment.
type goneRows struct {
	before   tables.RowID // all rows with ids below it are gone, with the table's Clear, and not in the set
	few      []tables.RowID
	segments map[uint32]*tables.SegmentRows
	last     *tables.SegmentRows
	lastOf   uint32
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
	return words != nil && words.Has(id.Offset())
}

func (g *goneRows) segment(number uint32) *tables.SegmentRows {
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
	if g.segments == nil && len(g.few) < maxFew {
		g.few = append(g.few, id)
		return true
	}
	g.spread()
	g.own(id.Segment()).Add(id.Offset())
	return true
}

// addRows adds rows of a segment, and leaves in rows those that were new.
func (g *goneRows) addRows(segment uint32, rows *tables.SegmentRows) {
	if g.remove(segment, rows); segment < g.before.Segment() {
		return
	}
	g.spread()
	g.own(segment).AddAll(rows)
}

// remove takes rows that are gone out of those of a segment.
func (g *goneRows) remove(segment uint32, rows *tables.SegmentRows) {
	if segment < g.before.Segment() { // before is the first row of a segment
		*rows = tables.SegmentRows{}
		return
	}
	for _, id := range g.few {
		if id.Segment() == segment {
			rows.Drop(id.Offset())
		}
	}
	if words := g.segment(segment); words != nil {
		rows.Remove(words)
	}
}

// spread makes bitmaps of the list.
func (g *goneRows) spread() {
	if g.segments != nil {
		return
	}
	g.segments = map[uint32]*tables.SegmentRows{}
	for _, id := range g.few {
		g.own(id.Segment()).Add(id.Offset())
	}
	g.few = nil
}

// own gives the bitmap of a segment, made if there is none.
func (g *goneRows) own(segment uint32) *tables.SegmentRows {
	words := g.segment(segment)
	if words == nil {
		words = new(tables.SegmentRows)
		g.segments[segment] = words
		g.last, g.lastOf = words, segment
	}
	return words
}

// deaths gives the rows, those of bitmaps in the order of segments.
func (g *goneRows) deaths() (few []tables.RowID, many []tables.Deaths) {
	for n, words := range g.segments {
		many = append(many, tables.Deaths{Segment: n, Rows: words})
	}
	slices.SortFunc(many, func(a, b tables.Deaths) int { return cmp.Compare(a.Segment, b.Segment) })
	return g.few, many
}
