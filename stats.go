package stoa

import (
	"sync/atomic"

	"github.com/stoadb/stoa/scan"
)

// Stats says what the scans of a query have read so far, and what they left out and by which means. EXPLAIN ANALYZE shows the same for each scan.
type Stats struct {
	Rows       int64 // rows that conditions were evaluated on, or that were given where there are none
	RowsPassed int64 // rows that passed

	HotSegments, HotSegmentsSkipped int64 // pieces of the rows that are not flushed

	Files, FilesSkipped int64 // files that were opened, and files that were not
	FilesSkippedByPath  int64 // their path says that they hold the rows of another user
	FilesSkippedByKey   int64 // the rows of the keys that a condition names are not flushed
	FilesSkippedByStats int64 // by the bounds that the manifest has of the column that they are sorted by

	RowGroups, RowGroupsSkipped int64 // of the files that were opened: read, in part at least, and skipped
	SkippedByStatistics         int64 // row groups: by the bounds and the number of NULLs of a column
	SkippedByPageIndex          int64 // by those of each of its pages
	SkippedByBloom              int64 // by bloom filters
	SkippedByDictionary         int64 // because a condition is true of no value that a column has
	SkippedByTopN               int64 // because all rows come after those that ORDER BY … LIMIT has found
	SkippedByKey                int64 // because the row of the key that a condition names was found in another one
	AnsweredFromStatistics      int64 // row groups of which count, min or max were taken from statistics
	AnsweredFromFooters         int64 // and from aggregates in the footers of files

	PagesRead, PagesSkipped int64 // data pages of the columns that were read, in the row groups that were read
	BytesRead               int64 // of columns as they are stored; footers, page indexes and bloom filters left out
}

// Stats says what the query has read so far. It may be called while rows are being read, and after the last.
func (r *Rows) Stats() Stats {
	c := r.result.Counters
	if c == nil {
		c = &scan.Counters{}
	}
	n := func(v *atomic.Int64) int64 { return v.Load() }
	return Stats{
		Rows: n(&c.Rows), RowsPassed: n(&c.RowsPassed), HotSegments: n(&c.Segments), HotSegmentsSkipped: n(&c.SegmentsSkipped),
		Files: n(&c.Files), FilesSkipped: n(&c.FilesSkipped), FilesSkippedByPath: n(&c.FilesSkippedByPath), FilesSkippedByStats: n(&c.FilesSkippedByStats),
		RowGroups: n(&c.RowGroups), RowGroupsSkipped: n(&c.RowGroupsSkipped), SkippedByStatistics: n(&c.SkippedByStats),
		SkippedByPageIndex: n(&c.SkippedByPages), SkippedByBloom: n(&c.SkippedByBloom), SkippedByDictionary: n(&c.SkippedByDictionary),
		SkippedByTopN: n(&c.SkippedByTopN), SkippedByKey: n(&c.SkippedByKey), FilesSkippedByKey: n(&c.FilesSkippedByKey),
		AnsweredFromStatistics: n(&c.FromStats), AnsweredFromFooters: n(&c.FromFooters),
		PagesRead: n(&c.PagesRead), PagesSkipped: n(&c.PagesSkipped), BytesRead: n(&c.BytesRead),
	}
}
