package copyio

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
)

// wholeRows is the largest row group that is decoded as a whole: DuckDB writes 122,880 rows, Stoa 131,072. Larger ones, pyarrow's of a million
// rows and Spark's of a file, are read in pieces.
const wholeRows = 262144

// feed gives columns of a file row group by row group. While the caller works on one, the next is decoded.
type feed struct {
	file   *parquetio.File
	memory *budget
	cols   []int
	limit  int             // rows of the largest row group that is decoded as a whole
	ctx    context.Context // of decoding ahead: it ends with close
	cancel context.CancelFunc

	group int        // the row group that is given now
	row   int        // rows of it that were given
	whole []*vec.Vec // its columns, when they were decoded as a whole
	held  int64      // what they take of the budget
	parts []*pieces  // otherwise

	ahead chan *decoded // the following row group; nil when nothing is under way
}

type decoded struct {
	cols []*vec.Vec
	held atomic.Int64
	err  error
}

func newFeed(f *parquetio.File, columns []*parquetColumn, limit int, memory *budget) *feed {
	ctx, cancel := context.WithCancel(context.Background())
	d := &feed{file: f, memory: memory, limit: limit, ctx: ctx, cancel: cancel, group: -1}
	for _, c := range columns {
		d.cols = append(d.cols, c.index)
	}
	d.prefetch(0)
	return d
}

// close ends the decoding ahead and waits for its end.
func (d *feed) close() {
	d.cancel()
	if d.ahead != nil {
		<-d.ahead
		d.ahead = nil
	}
}

// prefetch starts to decode a row group that is to be decoded as a whole.
func (d *feed) prefetch(group int) {
	if group >= d.file.RowGroups() || d.file.RowGroupRows(group) > d.limit {
		return
	}
	ahead := make(chan *decoded, 1)
	d.ahead = ahead
	go func() {
		out := &decoded{cols: make([]*vec.Vec, len(d.cols))}
		work, ctx := errgroup.WithContext(d.ctx)
		work.SetLimit(runtime.GOMAXPROCS(0))
		for i, c := range d.cols {
			work.Go(func() error {
				v, held, err := d.file.ReadCounted(ctx, group, c)
				out.cols[i] = v
				out.held.Add(held)
				return err
			})
		}
		if out.err = work.Wait(); out.err != nil {
			d.memory.Release(out.held.Load())
		}
		ahead <- out
	}()
}

// next gives the next rows, at most maxRows, nil after the last. Batches do not span row groups.
func (d *feed) next(ctx context.Context, maxRows int) (*vec.Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for d.group < 0 || d.row == d.file.RowGroupRows(d.group) {
		if d.group+1 >= d.file.RowGroups() {
			return nil, nil
		}
		if err := d.advance(ctx); err != nil {
			return nil, err
		}
	}
	n := min(maxRows, d.file.RowGroupRows(d.group)-d.row)
	b := &vec.Batch{N: n, Cols: make([]*vec.Vec, len(d.cols))}
	for i := range d.cols {
		if d.whole != nil {
			b.Cols[i] = d.whole[i].Slice(d.row, d.row+n)
			continue
		}
		v, err := d.parts[i].take(n)
		if err != nil {
			return nil, err
		}
		b.Cols[i] = v
	}
	d.row += n
	return b, nil
}

// advance makes the next row group the one that is given. One that is too large to be decoded as a whole is given in pieces.
func (d *feed) advance(ctx context.Context) error {
	d.drop()
	d.group, d.row = d.group+1, 0
	if d.ahead != nil {
		select {
		case out := <-d.ahead:
			d.ahead = nil
			if out.err != nil && !errors.Is(out.err, d.memory.full) && !errors.Is(out.err, parquetio.ErrMemory) {
				return out.err
			}
			if out.err == nil {
				d.whole, d.held = out.cols, out.held.Load()
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if d.whole == nil {
		for _, c := range d.cols {
			chunk, err := d.file.Chunk(d.ctx, d.group, c)
			if err != nil {
				return err
			}
			d.parts = append(d.parts, &pieces{chunk: chunk})
		}
		if len(d.cols) > 0 {
			return nil // decoding ahead would take the memory that the pieces need
		}
	}
	d.prefetch(d.group + 1)
	return nil
}

// drop gives back what the row group that was given has taken.
func (d *feed) drop() {
	d.memory.Release(d.held)
	for _, p := range d.parts {
		p.rest = nil
		p.chunk.Close()
	}
	d.whole, d.parts, d.held = nil, nil, 0
}

// pieces gives a column chunk in pieces of the size that is asked for, whatever its pages are.
type pieces struct {
	chunk *parquetio.Chunk
	rest  *vec.Vec // of the piece that was read last; nil when nothing is left
}

// take gives exactly n rows, which the chunk must have.
func (p *pieces) take(n int) (*vec.Vec, error) {
	var got []*vec.Vec
	for missing := n; missing > 0; {
		if p.rest == nil {
			v, err := p.chunk.Next(n)
			if err != nil {
				return nil, err
			}
			if v == nil {
				return nil, parquetio.ErrCorrupt
			}
			p.rest = v
		}
		part := p.rest
		if part.N > missing {
			part, p.rest = p.rest.Slice(0, missing), p.rest.Slice(missing, p.rest.N)
		} else {
			p.rest = nil
		}
		got = append(got, part)
		missing -= part.N
	}
	if len(got) == 1 {
		return got[0], nil
	}
	return concat(got), nil
}

// concat puts vectors of one type end to end. It keeps a dictionary that all of them share.
func concat(parts []*vec.Vec) *vec.Vec {
	n, coded, nulls := 0, parts[0].Dict != nil, false
	for _, p := range parts {
		n += p.N
		coded = coded && p.Dict == parts[0].Dict
		nulls = nulls || p.Valid != nil
	}
	if !coded {
		b := vec.NewBuilder(parts[0].Type, n)
		for _, p := range parts {
			b.Append(p)
		}
		return b.Vec()
	}
	var valid vec.Bitmap
	if nulls {
		valid = vec.NewBitmap(n)
	}
	codes := make([]uint16, 0, n)
	for _, p := range parts {
		for i := 0; nulls && i < p.N; i++ {
			if !p.Valid.Get(i) {
				valid.Clear(len(codes) + i)
			}
		}
		codes = append(codes, p.Codes...)
	}
	return vec.NewDict(slices.Clip(codes), parts[0].Dict, valid)
}
