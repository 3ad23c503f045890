package parquetio

import (
	"context"

	"github.com/stoadb/stoa/exprs/vec"
)

// ReadPresence is Read for who asks of each row only whether it is NULL: rows that are not have some value of the column's type, the same for all. Of the pages
// of an optional column only the definition levels are decoded, for which the first block of a large compressed page is decompressed at most; of a required one
// no page is read. Where values have to be checked one by one, since the file may not be ours, it is Read.
func (r *ColumnReader) ReadPresence(ctx context.Context, ranges []RowRange) (*vec.Vec, error) {
	d := &r.d
	if d.f == nil || d.leaf.kind != kindDirect {
		return r.Read(ctx, ranges)
	}
	if r.some == nil || r.some.Type != d.leaf.typ {
		r.some = vec.New(d.leaf.typ, 1)
	}
	known := d.pages.skipDict
	d.some, d.pages.levelsOnly, d.pages.skipDict = r.some, true, true
	defer func() { d.some, d.pages.levelsOnly, d.pages.skipDict = nil, false, known }()
	if !d.leaf.optional {
		return r.allPresent(ctx, ranges)
	}
	return r.Read(ctx, ranges)
}

// allPresent is ReadPresence of a required column.
func (r *ColumnReader) allPresent(ctx context.Context, ranges []RowRange) (*vec.Vec, error) {
	d := &r.d
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := checkRanges(ranges, d.rows); err != nil {
		return nil, err
	}
	n := d.rows
	if ranges != nil {
		n = rowsIn(ranges)
	}
	d.mem.reuse()
	d.budget = d.f.limit
	out := output{rows: n, ones: n}
	if err := d.prepare(&out, true); err != nil {
		return nil, d.f.wrap(err, d.rg, d.col)
	}
	return vec.NewDict(out.codes, r.some, nil), nil
}

// levels gives the definition levels of a data page that is compressed as a whole, if they are all in the first of several blocks. Damage is left to who reads
// the whole page.
func (r *pageReader) levels(p *page, raw []byte) bool {
	if r.codec != codecZstd || p.defEnc != encRLE || p.uncompressed <= zstdMaxBlock {
		return false
	}
	head, err := r.firstBlock(raw)
	if err != nil || len(head) < 4 || int64(le32(head)) > int64(len(head)-4) {
		return false
	}
	p.levels = head[4 : 4+le32(head)]
	return true
}
