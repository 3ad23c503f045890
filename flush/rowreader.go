package flush

import (
	"context"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

const (
	// fullWindow is the number of rows of a file that are decoded at once: a page, as files of ours have them.
	fullWindow = 16384
	// windowLimit is about the most bytes of a window: of wide rows there are fewer in one.
	windowLimit = 4 << 20
	// expansion is how much larger rows are when they are decoded. Of the contract's tables it is 3 to 5.
	expansion = 5
	// leastValue is what a value takes at least: a string's header.
	leastValue = 16
)

// rowBytes estimates what a row of a file takes when it is decoded.
func rowBytes(f *store.FileRef, columns int) int64 {
	return max(expansion*f.Size/max(f.Rows, 1), int64(leastValue*columns))
}

// windowRows gives the number of rows in a window of a file: a page, or a half, a quarter … of one, so that windows end where pages do.
func windowRows(f *store.FileRef, columns int) int {
	n := fullWindow
	for n > 64 && int64(n)*rowBytes(f, columns) > windowLimit {
		n /= 2
	}
	return n
}

// windowBytes estimates what reading a file takes: the bytes of a row group, whose checksums are checked before it is decoded, and a window.
func windowBytes(f *store.FileRef, columns int) int64 {
	group := min(f.Rows, parquetio.RowGroupRows)
	return group*f.Size/max(f.Rows, 1) + min(f.LiveRows(), int64(windowRows(f, columns)))*rowBytes(f, columns)
}

// rowReader reads columns of the live rows of a flushed file under a definition that may be newer than the file's: what the file does not have is the
// column's Missing, and a narrower type is widened. It gives the rows in the file's order, a window at a time.
type rowReader struct {
	ctx     context.Context
	file    *parquetio.File
	cols    []readColumn
	window  int
	deletes roaring.IntPeekable // nil when there are none

	group    int    // the next row group
	left     int    // rows of the present one that have not been read
	position uint32 // of the next row in the file
	pending  []*parquetio.Chunk
}

// readColumn is a column of the definition in the file.
type readColumn struct {
	column  *schemahistory.Column
	place   int      // in the file, -1 when it does not have the column
	missing *vec.Vec // what its rows then have: constant, one row
}

// openRows opens a file for reading columns of def, given by their places in it. The file is opened beside the database's cache, which is for queries.
func openRows(ctx context.Context, db *store.DB, f *store.FileRef, def *schemahistory.TableDefinition, cols []int) (*rowReader, error) {
	file, err := f.Open(db.FS(), db.Path(f.Path))
	if err != nil {
		return nil, err
	}
	r := &rowReader{ctx: ctx, file: file, window: windowRows(f, len(def.Columns))}
	byID := map[int32]int{}
	for i, c := range file.Columns() {
		byID[c.FieldID] = i
	}
	for _, i := range cols {
		c := readColumn{column: &def.Columns[i], place: -1}
		if place, ok := byID[c.column.ID]; ok {
			c.place = place
		} else {
			c.missing = tables.Missing(c.column)
		}
		r.cols = append(r.cols, c)
	}
	if file.Rows() != f.Rows {
		return nil, r.fail(fmt.Errorf("%w: it has %d rows, not %d", parquetio.ErrCorrupt, file.Rows(), f.Rows))
	}
	if f.Deletes != nil && !f.Deletes.IsEmpty() {
		r.deletes = f.Deletes.Iterator()
	}
	return r, nil
}

// fail closes the file and names it in an error.
func (r *rowReader) fail(err error) error {
	_ = r.file.Close() // opened for reading: nothing is lost
	return fmt.Errorf("%s: %w", r.file.Path(), err)
}

func (r *rowReader) close() { _ = r.file.Close() }

// next gives the live rows of the next window that has some; nil after the last.
func (r *rowReader) next() (*vec.Batch, error) {
	for {
		if err := r.ctx.Err(); err != nil {
			return nil, err
		}
		if r.left == 0 {
			more, err := r.nextGroup()
			if err != nil || !more {
				return nil, err
			}
			continue
		}
		n := min(r.window, r.left)
		live := r.live(n)
		b, err := r.read(n)
		if err != nil {
			return nil, err
		}
		r.left -= n
		r.position += uint32(n)
		switch len(live) {
		case n:
			return b, nil
		case 0:
			continue
		}
		return b.Gather(live), nil
	}
}

// nextGroup goes on to the next row group.
func (r *rowReader) nextGroup() (more bool, err error) {
	if r.group == r.file.RowGroups() {
		return false, nil
	}
	r.left = r.file.RowGroupRows(r.group)
	r.pending = make([]*parquetio.Chunk, len(r.cols))
	for i := range r.cols {
		if r.cols[i].place < 0 {
			continue
		}
		if r.pending[i], err = r.file.Chunk(r.ctx, r.group, r.cols[i].place); err != nil {
			return false, err
		}
	}
	r.group++
	return true, nil
}

// live gives the places of the rows that are not deleted among the next n.
func (r *rowReader) live(n int) []int32 {
	out := make([]int32, 0, n)
	for i := range n {
		if at := r.position + uint32(i); r.deletes != nil {
			r.deletes.AdvanceIfNeeded(at)
			if r.deletes.HasNext() && r.deletes.PeekNext() == at {
				continue
			}
		}
		out = append(out, int32(i))
	}
	return out
}

// read reads the next n rows, deleted ones too.
func (r *rowReader) read(n int) (*vec.Batch, error) {
	b := &vec.Batch{N: n, Cols: make([]*vec.Vec, len(r.cols))}
	for i := range r.cols {
		c := &r.cols[i]
		if c.place < 0 {
			b.Cols[i] = c.missing.Resize(n)
			continue
		}
		v, err := r.pieces(r.pending[i], n)
		if err != nil {
			return nil, err
		}
		if !vec.Widens(v.Type, c.column.Type) {
			return nil, fmt.Errorf("%s: column %s is %s in the file and %s in the table", r.file.Path(), c.column.Name, v.Type, c.column.Type)
		}
		b.Cols[i] = vec.Widen(v, c.column.Type)
	}
	return b, nil
}

// pieces reads n rows of a column, whose pages may end where those of other columns do not.
func (r *rowReader) pieces(from *parquetio.Chunk, n int) (*vec.Vec, error) {
	var parts []*vec.Vec
	for got := 0; got < n; {
		v, err := from.Next(n - got)
		if err != nil {
			return nil, err
		}
		if v == nil {
			return nil, fmt.Errorf("%s: %w: a column has fewer rows than its row group", r.file.Path(), parquetio.ErrCorrupt)
		}
		parts = append(parts, v)
		got += v.N
	}
	return vec.Concat(parts[0].Type, parts), nil
}
