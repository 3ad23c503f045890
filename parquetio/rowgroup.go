package parquetio

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// rowGroup is a row group on its way to the file: filled by the Writer's caller, encoded by a worker, written by the Writer in its turn. Its memory is used
// again for another row group. What it comes to depends on its rows and its number, and on nothing that other row groups do at the same time.
type rowGroup struct {
	shared *shared
	number int
	rows   int
	pieces []*vec.Batch // rows that a worker is to take; none when the Writer has no workers
	texts  []textSize   // by column, of all rows
	cols   []*columnBuffer
	chunks []*chunkEncoder // of the columns

	sort       sortNote
	grouping   grouping
	aggregates *groupAggregates // nil when none are asked for
	blooms     [][]byte         // of the columns with bloom filters; nil for one that has none after all

	done chan struct{} // closed when a worker has ended
	err  error
}

// shared is what the row groups of a file have in common. Nothing of it changes but failed and what precedents hold.
type shared struct {
	table      string
	forms      []form
	blooms     []int // columns with a bloom filter
	fpp        float64
	sortColumn int
	aggregator *aggregator // nil when aggregates are not asked for
	stop       func() error
	failed     atomic.Bool // a worker has failed: the others may end
}

// errGivenUp ends the workers of a file that is given up, because of the error of one of them or by its Writer's caller.
var errGivenUp = errors.New("parquetio: the file was given up")

// ask asks whether to go on.
func (s *shared) ask() error {
	if s.failed.Load() {
		return errGivenUp
	}
	return s.stop()
}

func newRowGroup(s *shared, def *schemahistory.TableDefinition, pageRows int) *rowGroup {
	g := &rowGroup{shared: s, texts: make([]textSize, len(def.Columns))}
	for i, c := range def.Columns {
		g.cols = append(g.cols, newColumnBuffer(c.Name, c.Type, s.forms[i], c.Dictionary))
		g.chunks = append(g.chunks, &chunkEncoder{pageRows: pageRows, stop: s.ask})
	}
	return g
}

// begin makes it the row group of a number, under the precedents that the row groups before it have set, by column, or under its own, which it gives for those
// after it. That of its neighbour, which is being encoded beside it, it does not wait for: it follows the one before.
func (g *rowGroup) begin(number int, rulings []*precedent) []*precedent {
	g.number = number
	for i, c := range g.chunks {
		own := due(number)
		if own {
			rulings[i] = &precedent{made: make(chan struct{}), number: number, before: rulings[i]}
		}
		follow := rulings[i]
		if !own && follow.number == number-1 {
			follow = follow.before
		}
		c.ruling = ruling{precedent: follow, own: own}
	}
	return rulings
}

// add adds rows: takes them at once, or leaves that to a worker.
func (g *rowGroup) add(b *vec.Batch, later bool) error {
	for i := range b.Cols {
		g.texts[i].add(b.Cols[i])
	}
	g.rows += b.N
	if later {
		g.pieces = append(g.pieces, b)
		return nil
	}
	return g.take(b)
}

// run takes the pieces and encodes them, in a worker. working is told of its beginning and its end.
func (g *rowGroup) run(s *scratch, working func() func()) {
	defer close(g.done)
	defer func() {
		if g.err != nil {
			g.shared.failed.Store(true)
		}
		for _, c := range g.chunks {
			c.ruling.decided() // nobody waits for a trial that will not come
		}
		if a := g.shared.aggregator; a != nil && g.number == 0 {
			a.decided()
		}
	}()
	defer recovered(&g.err, "parquetio: writing")
	if working != nil {
		defer working()()
	}
	if g.shared.failed.Load() {
		g.err = errGivenUp
		return
	}
	for _, c := range g.cols {
		c.reserve(g.rows)
	}
	for i, b := range g.pieces {
		if g.err = g.take(b); g.err != nil {
			return
		}
		g.pieces[i] = nil
	}
	g.err = g.encode(s)
}

// take buffers rows.
func (g *rowGroup) take(b *vec.Batch) error {
	for i, c := range g.cols {
		if err := c.append(b.Cols[i]); err != nil {
			return fmt.Errorf("table %s: %w", g.shared.table, err)
		}
		if c.nulls > 0 && !c.form.optional {
			return fmt.Errorf("table %s: column %s: NULL in a NOT NULL column", g.shared.table, c.name)
		}
	}
	return nil
}

// encode makes of the buffered rows what is to be written, the largest columns first: what others wait for is done early.
func (g *rowGroup) encode(s *scratch) error {
	if err := s.begin(); err != nil {
		return err
	}
	g.sort = noteOf(g.cols, g.shared.sortColumn)
	if a := g.shared.aggregator; a != nil {
		g.aggregates = a.of(g.number, g.cols, g.rows, &g.grouping)
	}
	order := make([]int, len(g.cols))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(g.cols[b].weight(), g.cols[a].weight()) })
	for _, i := range order {
		if err := g.chunks[i].encode(g.cols[i], s); err != nil {
			return err
		}
	}
	g.blooms = g.blooms[:0]
	for _, i := range g.shared.blooms {
		g.blooms = append(g.blooms, bloomOf(g.cols[i], g.shared.fpp))
	}
	return nil
}

// reset empties the row group for other rows.
func (g *rowGroup) reset() {
	for _, c := range g.cols {
		c.reset()
	}
	clear(g.texts)
	g.rows, g.pieces, g.aggregates, g.blooms = 0, g.pieces[:0], nil, g.blooms[:0]
}

// heavy tells whether a column holds enough text to end the row group early.
func (g *rowGroup) heavy() bool {
	return slices.ContainsFunc(g.texts, func(s textSize) bool { return s.bytes > rowGroupBytes })
}

// textSize is how much text a column of a row group refers to: that of a dictionary once, as long as rows under the same one follow each other.
type textSize struct {
	bytes int
	dict  *vec.Vec
}

func (s *textSize) add(v *vec.Vec) {
	texts := v.Strs
	if v.Dict != nil {
		if v.Dict == s.dict {
			return
		}
		s.dict, texts = v.Dict, v.Dict.Strs
	}
	for _, text := range texts {
		s.bytes += len(text)
	}
}

// sortNote is what a row group tells of the sort column: its bounds in microseconds, and whether the rows are sorted by it.
type sortNote struct {
	min, max    int64
	has, sorted bool
}

// noteOf takes note of the sort column; column is negative when there is none.
func noteOf(cols []*columnBuffer, column int) (n sortNote) {
	if column < 0 || cols[column].form.physical != physInt64 {
		return n
	}
	values := cols[column].ints
	n.sorted = cols[column].nulls == 0 && slices.IsSorted(values)
	if len(values) == 0 {
		return n
	}
	n.has = true
	n.min, n.max = slices.Min(values), slices.Max(values)
	if n.min == timestampNegInfinity {
		n.min = temporal.NegInfinity
	}
	if n.max == timestampNegInfinity {
		n.max = temporal.NegInfinity
	}
	return n
}

// precedent is a choice that row groups follow until another trial is made: made by the worker of one, awaited by those of the next. The zero value of its
// fields means that there was no trial.
type precedent struct {
	made   chan struct{} // closed when the fields are settled
	number int           // of the row group
	before *precedent    // the one before, if any

	prefixes   bool    // strings are smaller without common prefixes
	valueBytes float64 // what a string takes without a dictionary
	plain      bool    // what is no text is not compressed
	stored     bool    // codes look random, so that their pages are stored in a chunk that is compressed
}

// ruling is a precedent as a chunk sees it.
type ruling struct {
	*precedent
	own    bool // it is this chunk that makes it
	closed bool
}

// decided lets the others see what this chunk has decided.
func (r *ruling) decided() {
	if r.own && !r.closed {
		r.closed = true
		close(r.made)
	}
}

// await waits for the precedent, unless it is this chunk's own.
func (r *ruling) await() {
	if !r.own {
		<-r.made
	}
}
