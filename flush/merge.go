package flush

import (
	"context"
	"fmt"
	"io"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
)

// merge writes the live rows of several files into one, in an order that was found before.
//
// What it holds: of each file that has been begun and not finished a row group's bytes and a window of rows, in all about mergeMemory (see planMerges), and
// what the writer of the new file buffers, some row groups (see maxEncoders). A file is opened when its first row is due, and closed after its last.
type merge struct {
	ctx    context.Context
	db     *store.DB
	def    *schemahistory.TableDefinition
	out    *parquetio.Writer
	wrote  func(rows int)
	inputs []mergeInput
	mixed  int // rows that are to be taken from the inputs' windows, in an order that is not that of any of them
}

// mergeInput is a file that is being read.
type mergeInput struct {
	file   *store.FileRef
	reader *rowReader
	window *vec.Batch
	at     int     // rows of the window that were written
	places []int32 // in the next mixed batch, of the rows of the window from at on
	done   bool
}

// passed notes that rows of the window were written, and closes the file when they were its last.
func (in *mergeInput) passed(rows int) {
	in.at += rows
	if in.at == in.window.N && in.reader.position == uint32(in.file.Rows) {
		in.reader.close()
		in.reader, in.window, in.done = nil, nil, true
	}
}

// fill writes the merged file.
func (g *groupMerge) fill(ctx context.Context, to io.Writer, opts *parquetio.WriteOptions, wrote func(rows int)) (parquetio.Info, error) {
	buffer, spare := newFileBuffer(to)
	defer spare()
	out, err := parquetio.NewWriter(buffer, g.def, opts)
	if err != nil {
		return parquetio.Info{}, err
	}
	defer out.Stop()
	m := &merge{ctx: ctx, db: g.db, def: g.def, out: out, wrote: wrote, inputs: make([]mergeInput, len(g.files))}
	defer m.close()
	for i, f := range g.files {
		m.inputs[i].file = f
	}
	for _, run := range g.order {
		if err := m.run(runAt(run)); err != nil {
			return parquetio.Info{}, err
		}
	}
	if err := m.writeMixed(); err != nil {
		return parquetio.Info{}, err
	}
	info, err := out.Close()
	if err != nil {
		return info, err
	}
	return info, buffer.Flush()
}

func (m *merge) close() {
	for i := range m.inputs {
		if m.inputs[i].reader != nil {
			m.inputs[i].reader.close()
		}
	}
}

// run writes the next rows of an input: long stretches as they lie in its window, short ones with those of others as a mixed batch.
func (m *merge) run(input, rows int) error {
	in := &m.inputs[input]
	for rows > 0 {
		if err := m.ready(in); err != nil {
			return err
		}
		from := in.at + len(in.places)
		n := min(rows, in.window.N-from)
		rows -= n
		if n >= streakRows {
			if err := m.writeMixed(); err != nil {
				return err
			}
			if err := m.write(in.window.Slice(from, from+n)); err != nil {
				return err
			}
			in.passed(n)
			continue
		}
		for range n {
			in.places = append(in.places, int32(m.mixed))
			m.mixed++
		}
		if m.mixed >= batchRows {
			if err := m.writeMixed(); err != nil {
				return err
			}
		}
	}
	return nil
}

// ready sees to it that an input has rows in its window that have not been asked for.
func (m *merge) ready(in *mergeInput) error {
	if in.window != nil && in.at+len(in.places) < in.window.N {
		return nil
	}
	if err := m.writeMixed(); err != nil { // which may need the rows of the window that goes
		return err
	}
	if in.done {
		return fmt.Errorf("%s: %w: it has fewer rows than it had before", in.file.Path, parquetio.ErrCorrupt)
	}
	if in.reader == nil {
		all := make([]int, len(m.def.Columns))
		for i := range all {
			all[i] = i
		}
		var err error
		if in.reader, err = openRows(m.ctx, m.db, in.file, m.def, all); err != nil {
			return err
		}
	}
	var err error
	if in.window, err = in.reader.next(); err != nil {
		return err
	}
	if in.at = 0; in.window == nil {
		return fmt.Errorf("%s: %w: it has fewer rows than it had before", in.file.Path, parquetio.ErrCorrupt)
	}
	return nil
}

// writeMixed writes the rows that were collected from several windows.
func (m *merge) writeMixed() error {
	if m.mixed == 0 {
		return nil
	}
	b := &vec.Batch{N: m.mixed, Cols: make([]*vec.Vec, len(m.def.Columns))}
	for c := range b.Cols {
		s := vec.NewScatter(m.def.Columns[c].Type, b.N)
		for i := range m.inputs {
			if in := &m.inputs[i]; len(in.places) > 0 {
				s.Put(in.places, in.window.Cols[c].Slice(in.at, in.at+len(in.places)))
			}
		}
		b.Cols[c] = s.Vec()
	}
	for i := range m.inputs {
		if in := &m.inputs[i]; len(in.places) > 0 {
			in.passed(len(in.places))
			in.places = in.places[:0]
		}
	}
	m.mixed = 0
	return m.write(b)
}

func (m *merge) write(b *vec.Batch) error {
	for i, v := range b.Cols {
		b.Cols[i] = modest(v)
	}
	if err := m.out.Write(b); err != nil {
		return err
	}
	m.wrote(b.N)
	return nil
}
