package scan

import (
	"slices"
	"sync/atomic"

	"github.com/stoadb/stoa/parquetio"
)

// Counters says what table scans did. Its fields are added to atomically.
//
// A row group is either read, which means that some of its pages or its dictionaries were, or skipped by one means, or answered from what the file says of
// it. Pages are data pages; those of row groups that were skipped are not counted, nor those of columns of which nothing was read.
type Counters struct {
	Rows, RowsPassed          atomic.Int64 // rows examined, and rows that passed the conditions
	Segments, SegmentsSkipped atomic.Int64 // hot segments

	Files, FilesSkipped                 atomic.Int64
	FilesSkippedByPath                  atomic.Int64 // of another user
	FilesSkippedByStats                 atomic.Int64
	FilesSkippedByKey                   atomic.Int64 // the rows of the keys that are asked for are hot
	RowGroups, RowGroupsSkipped         atomic.Int64
	SkippedByStats, SkippedByPages      atomic.Int64 // row groups; the page index had something to say against each of their pages
	SkippedByBloom, SkippedByDictionary atomic.Int64
	SkippedByTopN                       atomic.Int64 // all of their rows come after the first ones that are wanted
	SkippedByKey                        atomic.Int64 // the row of the key that is asked for was found in another one
	FromStats, FromFooters              atomic.Int64 // row groups that an aggregation took from statistics and from aggregates in the footer

	PagesRead, PagesSkipped atomic.Int64
	BytesRead               atomic.Int64 // of column chunks, as stored; without footers, page indexes and bloom filters
}

// means is why a morsel was skipped.
type means uint8

const (
	notSkipped means = iota
	byStats
	byPages
	byBloom
	byDictionary
	byTopN
	byKey
	fromStats
	fromFooters
)

// unit counts a morsel.
func (c *Counters) unit(m morsel, why means) {
	if c == nil {
		return
	}
	if _, cold := m.(*coldMorsel); !cold {
		if why == notSkipped {
			c.Segments.Add(1)
		} else {
			c.SegmentsSkipped.Add(1)
		}
		return
	}
	if why == notSkipped {
		c.RowGroups.Add(1)
		return
	}
	switch why {
	case fromStats:
		c.FromStats.Add(1)
		return
	case fromFooters:
		c.FromFooters.Add(1)
		return
	}
	c.RowGroupsSkipped.Add(1)
	switch why {
	case byStats:
		c.SkippedByStats.Add(1)
	case byPages:
		c.SkippedByPages.Add(1)
	case byBloom:
		c.SkippedByBloom.Add(1)
	case byDictionary:
		c.SkippedByDictionary.Add(1)
	case byTopN:
		c.SkippedByTopN.Add(1)
	case byKey:
		c.SkippedByKey.Add(1)
	}
}

// file counts a file.
func (c *Counters) file(why means, path bool) {
	switch {
	case c == nil:
	case why == notSkipped:
		c.Files.Add(1)
	default:
		c.FilesSkipped.Add(1)
		switch {
		case why == byKey:
			c.FilesSkippedByKey.Add(1)
		case path:
			c.FilesSkippedByPath.Add(1)
		default:
			c.FilesSkippedByStats.Add(1)
		}
	}
}

// Add adds what other scans did.
func (c *Counters) Add(o *Counters) {
	from, to := o.all(), c.all()
	for i := range from {
		to[i].Add(from[i].Load())
	}
}

func (c *Counters) all() []*atomic.Int64 {
	return []*atomic.Int64{
		&c.Rows, &c.RowsPassed, &c.Segments, &c.SegmentsSkipped, &c.Files, &c.FilesSkipped, &c.FilesSkippedByPath, &c.FilesSkippedByStats,
		&c.RowGroups, &c.RowGroupsSkipped, &c.SkippedByStats, &c.SkippedByPages, &c.SkippedByBloom, &c.SkippedByDictionary, &c.SkippedByTopN,
		&c.FilesSkippedByKey, &c.SkippedByKey,
		&c.FromStats, &c.FromFooters, &c.PagesRead, &c.PagesSkipped, &c.BytesRead,
	}
}

// readers are the column readers of one worker, by column of the table: their memory is used again from row group to row group.
type readers struct {
	keep  parquetio.Keep
	asked []int // columns that conditions read and nobody else: of these only dictionaries are kept, for which results of conditions are remembered
	bare  []int // columns of which is asked only whether they are NULL
	list  []*parquetio.ColumnReader

	ranges []parquetio.RowRange // memory of coldMorsel.rangesOf
}

func (r *readers) at(i int) *parquetio.ColumnReader {
	for len(r.list) <= i {
		r.list = append(r.list, nil)
	}
	if r.list[i] == nil {
		r.list[i] = &parquetio.ColumnReader{Keep: r.keep}
		if slices.Contains(r.asked, i) {
			r.list[i].Keep = parquetio.KeepDictionaries
		}
	}
	return r.list[i]
}
