package exec

import (
	"fmt"
	"strings"

	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/sql/plan"
)

// countersOf gives where a scan of the plan counts: of EXPLAIN ANALYZE each on its own, else nil, which is together with the others of the statement.
func (s *statement) countersOf(n *plan.Scan) *scan.Counters {
	if s.scans == nil {
		return nil
	}
	if s.scans[n] == nil {
		s.scans[n] = &scan.Counters{}
	}
	return s.scans[n]
}

// scanLines says what a scan did, in lines as PostgreSQL's EXPLAIN has them: first what was read, then what was left out and by which means.
func scanLines(c *scan.Counters, filtered bool) []string {
	var out []string
	line := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if filtered {
		line("Rows Removed by Filter: %d", c.Rows.Load()-c.RowsPassed.Load())
	}
	if c.Segments.Load()+c.SegmentsSkipped.Load() > 0 {
		line("Hot Segments: %d read, %d skipped", c.Segments.Load(), c.SegmentsSkipped.Load())
	}
	if c.Files.Load()+c.FilesSkipped.Load() == 0 {
		return out
	}
	line("Files: %d read, %d skipped%s", c.Files.Load(), c.FilesSkipped.Load(),
		reasons("path", c.FilesSkippedByPath.Load(), "statistics", c.FilesSkippedByStats.Load(), "key", c.FilesSkippedByKey.Load()))
	groups := fmt.Sprintf("Row Groups: %d read, %d skipped%s", c.RowGroups.Load(), c.RowGroupsSkipped.Load(),
		reasons("statistics", c.SkippedByStats.Load(), "page index", c.SkippedByPages.Load(), "bloom", c.SkippedByBloom.Load(),
			"dictionary", c.SkippedByDictionary.Load(), "top-n", c.SkippedByTopN.Load(), "key", c.SkippedByKey.Load()))
	if n := c.FromStats.Load(); n > 0 {
		groups += fmt.Sprintf(", %d answered from statistics", n)
	}
	if n := c.FromFooters.Load(); n > 0 {
		groups += fmt.Sprintf(", %d answered from aggregate footers", n)
	}
	line("%s", groups)
	line("Pages: %d read, %d skipped", c.PagesRead.Load(), c.PagesSkipped.Load())
	line("Bytes Read: %d", c.BytesRead.Load())
	return out
}

// reasons lists means and how many were skipped by them, those of none left out.
func reasons(list ...any) string {
	var parts []string
	for i := 0; i < len(list); i += 2 {
		if n := list[i+1].(int64); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", list[i], n))
		}
	}
	if parts == nil {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
