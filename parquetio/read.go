package parquetio

import (
	"context"
	"fmt"

	"github.com/stoadb/stoa/exprs/vec"
)

// ReadColumn reads a whole column chunk. The vector is dictionary-coded when all of the chunk's pages are, its values are strings, numerics or
// intervals, and the dictionary has at most vec.MaxDict entries; the dictionary's entries are distinct in files of ours, and need not be in
// others. Everything else is flat.
func (f *File) ReadColumn(ctx context.Context, rg, col int) (*vec.Vec, error) {
	v, _, err := f.ReadCounted(ctx, rg, col)
	return v, err
}

// ReadCounted is ReadColumn, and gives the bytes that it has taken of the Memory of [ReadOptions], which the caller releases when the vector is gone. After an
// error it has released them itself.
func (f *File) ReadCounted(ctx context.Context, rg, col int) (*vec.Vec, int64, error) {
	r, ok := f.readers.Get().(*ColumnReader)
	if !ok {
		r = &ColumnReader{Keep: KeepAll}
	}
	if err := r.Open(f, rg, col); err != nil {
		return nil, 0, err
	}
	v, err := r.Read(ctx, nil)
	if err != nil {
		r.d.account.close()
		return nil, 0, err // what a page of a damaged file left behind is not used again
	}
	if r.d.pages.kept {
		r.buf.chunk = nil
	}
	cost := r.d.account.spent
	if f.memory != nil { // what is used again is not counted then
		cost -= r.d.account.scratch
		f.memory.Release(r.d.account.scratch)
		r.buf.page, r.buf.lengths = nil, nil
	}
	r.d = chunkDecoder{}
	f.readers.Put(r)
	return v, cost, nil
}

// Chunk is a column chunk that is read in pieces. It is used by one goroutine.
type Chunk struct {
	d   chunkDecoder
	buf buffers
	ctx context.Context
	v   *vec.Vec // the decoded page
	at  int      // rows of v that were given
	err error
}

// Chunk starts to read a column chunk in pieces, which takes memory for a page at a time: for row groups of foreign files that have many
// millions of rows.
func (f *File) Chunk(ctx context.Context, rg, col int) (_ *Chunk, err error) {
	defer recovered(&err, f.path)
	c := &Chunk{ctx: ctx}
	if err = c.d.open(f, rg, col, &c.buf, nil, nil); err == nil && f.chunkSums != nil {
		err = c.d.load(f.chunkRange(rg, f.leaves[col].index))
	}
	if err != nil {
		return nil, f.wrap(err, rg, col)
	}
	return c, nil
}

// Next gives the next rows, at least 1 and at most n; nil after the last. It gives fewer than n where a page ends. Pieces that are
// dictionary-coded share their dictionary; a chunk may have pieces of both kinds.
func (c *Chunk) Next(n int) (_ *vec.Vec, err error) {
	if c.err != nil {
		return nil, c.err
	}
	defer func() { c.err = err }()
	defer recovered(&err, c.d.f.path)
	for c.v == nil || c.at == c.v.N {
		if err := c.ctx.Err(); err != nil {
			return nil, err
		}
		ok, err := c.page()
		if err != nil {
			return nil, c.d.f.wrap(err, c.d.rg, c.d.col)
		}
		if !ok {
			return nil, nil
		}
	}
	lo := c.at
	c.at = min(lo+max(n, 1), c.v.N)
	return c.v.Slice(lo, c.at), nil
}

// Close gives back the memory that the chunk has taken of that of [ReadOptions]: nothing that Next gave is used any more.
func (c *Chunk) Close() {
	c.v = nil
	c.d.account.close()
}

// page decodes the next page.
func (c *Chunk) page() (ok bool, err error) {
	d := &c.d
	c.v = nil
	d.account.settle()
	p, ok, err := d.nextPage()
	if err != nil {
		return false, err
	}
	if !ok {
		if d.done != d.rows {
			return false, fmt.Errorf("%w: %d rows, not %d", ErrCorrupt, d.done, d.rows)
		}
		return false, nil
	}
	d.budget, d.pages.budget = d.f.limit, d.f.limit
	out := &output{rows: int(p.values)}
	if err := d.decodePage(&p, out, 0); err != nil {
		return false, err
	}
	d.done += int(p.values)
	c.v, err = d.finish(out)
	c.at = 0
	return err == nil, err
}
