package scan

import (
	"slices"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/parquetio"
)

// pagePruner finds the rows of a row group that may pass by what the page index says of each page. Columns need not have the same pages: what a condition on
// one column leaves is ranges of rows, which are cut and joined as conditions are.
type pagePruner struct {
	pruner
	morsel *coldMorsel
	err    error
}

// left gives the rows that may pass all conditions and that a top-N may still want.
func (p *pagePruner) left(h *topHint) ([]parquetio.RowRange, error) {
	out := p.all()
	for _, c := range p.table.Conds {
		if out = intersect(out, p.rows(c)); len(out) == 0 || p.err != nil {
			return nil, p.err
		}
	}
	if h != nil && h.cutoff.Load() != nil {
		out = intersect(out, p.pagesWhere(p.table.Cols[h.col], func(z zone) bool { return !h.hopeless(z) }))
	}
	return out, p.err
}

func (p *pagePruner) all() []parquetio.RowRange { return []parquetio.RowRange{{Lo: 0, Hi: p.morsel.n}} }

// rows gives the rows of which a condition may be true.
func (p *pagePruner) rows(e exprs.Expr) []parquetio.RowRange {
	switch e := e.(type) {
	case *exprs.And:
		out := p.all()
		for _, a := range e.Args {
			out = intersect(out, p.rows(a))
		}
		return out
	case *exprs.Or:
		var out []parquetio.RowRange
		for _, a := range e.Args {
			out = union(out, p.rows(a))
		}
		return out
	}
	set := map[int]bool{}
	exprs.Columns(e, set)
	if len(set) != 1 {
		return p.all()
	}
	for c := range set {
		if c < len(p.table.Cols) {
			return p.leaf(e, p.table.Cols[c])
		}
	}
	return p.all()
}

// leaf gives the rows of which a condition on one column may be true.
func (p *pagePruner) leaf(e exprs.Expr, col int) []parquetio.RowRange {
	page := pruner{table: p.table, zone: p.zone}
	return p.pagesWhere(col, func(z zone) bool {
		page.stats = func(int) zone { return z }
		return !page.never(e)
	})
}

// pagesWhere gives the rows of the pages of a column that are wanted; all rows where there is no page index.
func (p *pagePruner) pagesWhere(col int, wanted func(zone) bool) []parquetio.RowRange {
	place := p.morsel.file.cols[col].place
	if place < 0 || p.err != nil {
		return p.all()
	}
	pages, err := p.morsel.file.file.Pages(p.morsel.rg, place)
	if err != nil || pages == nil {
		p.err = err
		return p.all()
	}
	if lo, hi := pages.Bounds(); lo == nil && hi == nil || pages.Len() < 2 {
		return p.all()
	}
	var out []parquetio.RowRange
	for i := range pages.Len() {
		rows := pages.Rows(i)
		if !wanted(p.morsel.file.zoneOf(col, pages.Stats(i), int64(rows.Hi-rows.Lo))) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Hi == rows.Lo {
			out[n-1].Hi = rows.Hi
			continue
		}
		out = append(out, rows)
	}
	return out
}

// intersect gives the rows that are in both of two lists of ascending ranges.
func intersect(a, b []parquetio.RowRange) (out []parquetio.RowRange) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		if lo, hi := max(a[i].Lo, b[j].Lo), min(a[i].Hi, b[j].Hi); lo < hi {
			out = append(out, parquetio.RowRange{Lo: lo, Hi: hi})
		}
		if a[i].Hi < b[j].Hi {
			i++
		} else {
			j++
		}
	}
	return out
}

// union gives the rows that are in one of two lists of ascending ranges, or in both.
func union(a, b []parquetio.RowRange) (out []parquetio.RowRange) {
	both := append(slices.Clone(a), b...)
	slices.SortFunc(both, func(x, y parquetio.RowRange) int { return x.Lo - y.Lo })
	for _, r := range both {
		if n := len(out); n > 0 && r.Lo <= out[n-1].Hi {
			out[n-1].Hi = max(out[n-1].Hi, r.Hi)
			continue
		}
		out = append(out, r)
	}
	return out
}
