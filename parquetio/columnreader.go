package parquetio

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
)

// ColumnReader reads column chunks, whole or in parts, one after the other into the same memory. It is used by one goroutine; its zero value is
// ready for Open.
//
// A vector that Read gives is valid until the next Read, and one that Dictionary gives, or that is coded by it, until the next Open, unless Keep says
// otherwise; those of [File.ReadColumn] and [File.ReadRows] own their memory.
type ColumnReader struct {
	// PagesRead and BytesRead count the data pages that were decoded and the bytes that were read from the file since the reader was made.
	PagesRead, BytesRead int64
	// Keep says what stays valid for longer. It is set before the first Open.
	Keep Keep
	// Memory is asked in the place of the one in [ReadOptions], if it is not nil. What was taken of either for a chunk is given back when the next one is opened,
	// and by Done.
	Memory Memory

	d            chunkDecoder
	buf          buffers
	values, dict arena
	picked       arena    // of rows that are copied out of it
	some         *vec.Vec // the dictionary of a column of which only the presence of values is asked
	err          error
}

// Keep says which of the vectors that a ColumnReader gives stay valid for as long as somebody holds them.
type Keep uint8

const (
	// KeepNothing is for who has done with a vector before it reads the next.
	KeepNothing Keep = iota
	// KeepDictionaries is for who also remembers what became of a dictionary's values.
	KeepDictionaries
	// KeepTexts is for who may keep texts, as groups and extremes do, and dictionaries: rows and codes do not stay.
	KeepTexts
	// KeepAll gives each vector memory of its own.
	KeepAll
)

// Open makes the reader read a column chunk. Nothing is read from the file yet.
func (r *ColumnReader) Open(f *File, rg, col int) (err error) {
	defer recovered(&err, f.path)
	r.dict.reuse()
	r.err = nil
	values, dict := &r.values, &r.dict
	values.keep = r.Keep == KeepTexts
	switch r.Keep {
	case KeepDictionaries, KeepTexts:
		dict = nil
	case KeepAll:
		values, dict = nil, nil
	}
	if r.d.pages.kept && r.Keep > KeepDictionaries {
		r.buf.chunk = nil
	}
	r.Done()
	if err := r.d.open(f, rg, col, &r.buf, values, dict); err != nil {
		r.d = chunkDecoder{}
		return f.wrap(err, rg, col)
	}
	if r.Memory != nil {
		r.d.account.memory = r.Memory
	}
	return nil
}

// Done says that the chunk was read: what it has taken of the memory that is counted is given back, that of vectors included.
func (r *ColumnReader) Done() {
	if r.d.account.memory == nil {
		return
	}
	r.d.account.close()
	r.buf.page, r.buf.frame, r.buf.lengths = nil, nil, nil // they would be used again without being counted
}

// Dictionary gives the distinct values of the chunk when all of its data pages are coded by a dictionary; else nil. In files of ours each of them
// occurs and they are sorted by their stored form; in others neither need be so. Only the dictionary's page is read.
func (r *ColumnReader) Dictionary(ctx context.Context) (_ *vec.Vec, err error) {
	d := &r.d
	if d.f == nil {
		return nil, errClosed
	}
	defer recovered(&err, d.f.path)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !d.allCoded() {
		return nil, nil
	}
	if err := r.loadDictionary(); err != nil {
		return nil, d.f.wrap(d.damaged(err), d.rg, d.col)
	}
	if d.converted == nil && d.dict != nil {
		if d.converted, err = d.convert(d.dict, nil); err != nil {
			return nil, d.f.wrap(err, d.rg, d.col)
		}
	}
	return d.converted, nil
}

var errClosed = errors.New("parquetio: the reader is not open")

// Read gives the rows of the ranges, one after the other, or all rows if ranges is nil. The ranges are ascending and do not overlap. Where the file
// has a page index only the pages that hold such rows are read, else the whole chunk. The vector is dictionary-coded as that of ReadColumn is.
//
// A whole chunk is checked by the checksum of the chunk, a page that is read alone by its own, which covers what is behind the page's header; what
// the header says is held against the page index and the footer.
func (r *ColumnReader) Read(ctx context.Context, ranges []RowRange) (_ *vec.Vec, err error) {
	d := &r.d
	if d.f == nil {
		return nil, errClosed
	}
	defer recovered(&err, d.f.path)
	d.mem.reuse()
	d.pages.kept = d.pages.kept && d.mem.keeps()
	d.budget, d.pages.budget = d.f.limit, d.f.limit
	v, err := r.read(ctx, ranges)
	if err != nil {
		return nil, d.f.wrap(err, d.rg, d.col)
	}
	return v, nil
}

func (r *ColumnReader) read(ctx context.Context, ranges []RowRange) (*vec.Vec, error) {
	d := &r.d
	if err := checkRanges(ranges, d.rows); err != nil {
		return nil, err
	}
	if ranges == nil || len(ranges) == 1 && ranges[0] == (RowRange{0, d.rows}) {
		return r.readAll(ctx)
	}
	pages, err := d.f.Pages(d.rg, d.col)
	if err != nil {
		return nil, err
	}
	if pages == nil {
		v, err := r.readAll(ctx)
		if err != nil {
			return nil, err
		}
		return pickRows(v, ranges, []RowRange{{0, d.rows}}, false), nil
	}
	return r.readParts(ctx, pages, ranges)
}

func checkRanges(ranges []RowRange, rows int) error {
	last := 0
	for _, r := range ranges {
		if r.Lo < last || r.Hi < r.Lo || r.Hi > rows {
			return fmt.Errorf("parquetio: rows %d to %d of a row group of %d rows", r.Lo, r.Hi, rows)
		}
		last = r.Hi
	}
	return nil
}

// readAll reads the whole chunk.
func (r *ColumnReader) readAll(ctx context.Context) (*vec.Vec, error) {
	d := &r.d
	from, size := d.f.chunkRange(d.rg, d.leaf.index)
	if err := d.load(from, size); err != nil {
		return nil, err
	}
	r.BytesRead += size
	d.done = 0
	out := output{rows: d.rows}
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p, ok, err := d.nextPage()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if err := d.decodePage(&p, &out, d.done); err != nil {
			return nil, err
		}
		d.done += int(p.values)
		r.PagesRead++
	}
	if d.done != d.rows {
		return nil, fmt.Errorf("%w: %d rows, not %d", ErrCorrupt, d.done, d.rows)
	}
	return d.finish(&out)
}

// readParts reads the pages that hold rows of the ranges.
func (r *ColumnReader) readParts(ctx context.Context, pages *Pages, ranges []RowRange) (*vec.Vec, error) {
	d := &r.d
	first, rows := wantedPages(pages, ranges)
	out := output{}
	for _, p := range first {
		out.rows += pages.Rows(p).Hi - pages.Rows(p).Lo
	}
	if out.rows == 0 {
		return vec.New(d.leaf.typ, 0), nil
	}
	few := d.mem == nil && rowsIn(ranges) <= out.rows/fewPicked
	if few {
		r.picked.keep = true // texts are not copied
		d.mem = &r.picked
		defer func() { d.mem = nil }()
	}
	if d.some == nil {
		if err := r.loadDictionary(); err != nil {
			return nil, d.damaged(err)
		}
	}
	at := 0
	for i := 0; i < len(first); {
		n := 1
		for i+n < len(first) && adjacent(pages, first[i+n-1], first[i+n]) {
			n++
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := r.readRun(ctx, pages, first[i:i+n], ranges, &out, &at); err != nil {
			return nil, d.damaged(err)
		}
		i += n
	}
	v, err := d.finish(&out)
	if err != nil {
		return nil, err
	}
	return pickRows(v, ranges, rows, few), nil
}

// fewPicked is the share of the rows of pages up to which those that are wanted are copied, as a divisor, so that the pages' memory is used again.
const fewPicked = 4

func rowsIn(ranges []RowRange) (n int) {
	for _, r := range ranges {
		n += r.Hi - r.Lo
	}
	return n
}

// wantedPages gives the pages that hold rows of the ranges, and the rows of those pages.
func wantedPages(pages *Pages, ranges []RowRange) (list []int, rows []RowRange) {
	next := 0
	for _, want := range ranges {
		if want.Lo == want.Hi {
			continue
		}
		for p := max(next, pages.Find(want.Lo)); p < pages.Len() && pages.Rows(p).Lo < want.Hi; p++ {
			list, rows, next = append(list, p), append(rows, pages.Rows(p)), p+1
		}
	}
	return list, rows
}

// adjacent tells whether page b follows page a in the file, so that one read serves both.
func adjacent(pages *Pages, a, b int) bool {
	return b == a+1 && pages.where[a].offset+int64(pages.where[a].size) == pages.where[b].offset
}

// readRun reads and decodes pages that follow one another. Whether all rows that are wanted are NULL is asked of the first page, and of the others as long as
// it was so of the one before.
func (r *ColumnReader) readRun(ctx context.Context, pages *Pages, list []int, ranges []RowRange, out *output, at *int) error {
	d := &r.d
	from, last := pages.where[list[0]].offset, pages.where[list[len(list)-1]]
	size := last.offset + int64(last.size) - from
	if err := d.readBytes(from, size); err != nil {
		return err
	}
	r.BytesRead += size
	b, ask := d.pages.src.buf, true
	for _, i := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		where, rows := pages.where[i], pages.Rows(i)
		start := int(where.offset - from)
		d.pages.src = byteSource{buf: b[start : start+int(where.size)]}
		if d.dict == nil && d.some == nil && ask {
			d.pages.wanted = &wantedRows{rows, ranges}
		}
		p, ok, err := d.pages.next()
		d.pages.wanted = nil
		if err != nil {
			return err
		}
		ask = p.void
		if err := d.checkPage(&p, ok, rows); err != nil {
			return fmt.Errorf("page %d: %w", i, err)
		}
		if err := d.decodePage(&p, out, *at); err != nil {
			return fmt.Errorf("page %d: %w", i, err)
		}
		*at += rows.Hi - rows.Lo
		r.PagesRead++
	}
	return nil
}

// damaged gives the error of a page that was read alone. The headers of pages have no checksum: in a file whose bytes were checksummed when it was
// written, whatever a page has that cannot be decoded is damage.
func (d *chunkDecoder) damaged(err error) error {
	var known *sqlstate.Error
	if d.f.chunkSums == nil || errors.Is(err, ErrCorrupt) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &known) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrCorrupt, err)
}

// checkPage holds a page that was read alone against what the index and the footer say of it.
func (d *chunkDecoder) checkPage(p *page, ok bool, rows RowRange) error {
	switch {
	case !ok || p.kind == pageDictionary || !d.pages.src.empty():
		return fmt.Errorf("%w: the page index is wrong", ErrCorrupt)
	case int(p.values) != rows.Hi-rows.Lo:
		return fmt.Errorf("%w: %d rows, not %d", ErrCorrupt, p.values, rows.Hi-rows.Lo)
	case d.f.chunkSums != nil && !p.hasCRC:
		return fmt.Errorf("%w: the page has no checksum", ErrCorrupt)
	}
	if list := d.encodings(); len(list) > 0 && !slices.Contains(list, p.enc) {
		return fmt.Errorf("%w: encoding %s is not the chunk's", ErrCorrupt, p.enc)
	}
	return nil
}

// pickRows gives the rows of the ranges from a vector that holds the rows of have, one range after the other: a copy, or a part of the vector where they follow
// one another and no copy is asked for.
func pickRows(v *vec.Vec, ranges, have []RowRange, copied bool) *vec.Vec {
	var sel []int32
	single, n := RowRange{}, 0
	at, h := 0, 0 // have[h] begins at row at of v
	for _, want := range ranges {
		for lo := want.Lo; lo < want.Hi; {
			for have[h].Hi <= lo {
				at += have[h].Hi - have[h].Lo
				h++
			}
			hi := min(want.Hi, have[h].Hi)
			from, to := at+lo-have[h].Lo, at+hi-have[h].Lo
			switch {
			case n == 0:
				single = RowRange{from, to}
			case sel == nil && from == single.Hi:
				single.Hi = to
			default:
				if sel == nil {
					sel = appendRange(sel, single)
				}
				sel = appendRange(sel, RowRange{from, to})
			}
			n++
			lo = hi
		}
	}
	if sel == nil && !copied {
		return v.Slice(single.Lo, single.Hi)
	}
	if sel == nil {
		sel = appendRange(nil, single)
	}
	return v.Gather(sel)
}

func appendRange(sel []int32, r RowRange) []int32 {
	for i := r.Lo; i < r.Hi; i++ {
		sel = append(sel, int32(i))
	}
	return sel
}

// ReadRows reads some rows of a column chunk, as [ColumnReader.Read] does, into memory of the vector's own.
func (f *File) ReadRows(ctx context.Context, rg, col int, ranges []RowRange) (*vec.Vec, error) {
	r := ColumnReader{Keep: KeepAll}
	if err := r.Open(f, rg, col); err != nil {
		return nil, err
	}
	return r.Read(ctx, ranges)
}

// DictionaryOf gives the distinct values of a column chunk, as [ColumnReader.Dictionary] does, in memory of the vector's own.
func (f *File) DictionaryOf(ctx context.Context, rg, col int) (*vec.Vec, error) {
	r := ColumnReader{Keep: KeepAll}
	if err := r.Open(f, rg, col); err != nil {
		return nil, err
	}
	return r.Dictionary(ctx)
}
