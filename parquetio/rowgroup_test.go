package parquetio

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// A file's bytes do not depend on how many goroutines encode it, nor on how its rows are cut into batches.
func TestWorkersWriteTheSame(t *testing.T) {
	t.Parallel()
	d := allTypes()
	const rows = 6000
	all := allRows(d, 0, rows, 700, everyThird)
	for c, col := range d.Columns { // text of which a dictionary's worth is a matter of trials, and changes
		if col.Type == arrowschema.Text {
			for i := range rows {
				all.Cols[c].Strs[i] = fmt.Sprintf("%s %d", strings.Repeat("text in common ", i/2000), i*7919%(900+i))
			}
		}
	}
	write := func(workers, batch int) []byte {
		var buf bytes.Buffer
		var began, ended, many atomic.Int32
		w, err := NewWriter(&buf, d, &WriteOptions{
			RowGroupRows: 256, PageRows: 100, Workers: workers, Aggregates: &AggregateOptions{},
			Working: func() func() {
				if now := began.Add(1) - ended.Load(); int(now) > max(workers, 1) {
					many.Store(now)
				}
				return func() { ended.Add(1) }
			},
		})
		require.NoError(t, err)
		for lo := 0; lo < rows; lo += batch {
			require.NoError(t, w.Write(all.Slice(lo, min(lo+batch, rows))))
		}
		info, err := w.Close()
		require.NoError(t, err)
		require.Equal(t, (rows+255)/256, info.RowGroups)
		if workers > 1 {
			require.EqualValues(t, info.RowGroups, began.Load())
		}
		require.Equal(t, began.Load(), ended.Load(), "all have ended")
		require.Zero(t, many.Load(), "at once, of %d", workers)
		return buf.Bytes()
	}
	want := write(1, rows)
	for _, workers := range []int{0, 2, 3, 7} {
		for _, batch := range []int{rows, 512, 97} {
			require.True(t, bytes.Equal(want, write(workers, batch)), "%d workers, batches of %d", workers, batch)
		}
	}
}

// Whether numbers are compressed is tried in row groups 0, 1, 2, 4, 8, 16; the others follow a trial, but not that of their neighbour.
func TestNumbersFollowATrial(t *testing.T) {
	t.Parallel()
	const rows, groups = 256, 20
	d := oneColumn(arrowschema.Float8, false, false)
	r := rand.New(rand.NewPCG(3, 4))
	values := make([]float64, rows*groups)
	for i := range values {
		values[i] = float64(i % 3)
		if i < 7*rows {
			values[i] = math.Float64frombits(r.Uint64() >> 2)
		}
	}
	b := &vec.Batch{N: len(values), Cols: []*vec.Vec{vec.NewFlat(arrowschema.Float8, values, nil)}}
	requireTrials(t, d, b, rows, 1, 2, 5)
}

// So is whether the codes of a small dictionary are.
func TestCodesFollowATrial(t *testing.T) {
	t.Parallel()
	const rows, groups = 4096, 20
	d := oneColumn(arrowschema.Text, false, true)
	r := rand.New(rand.NewPCG(5, 6))
	values := make([]string, rows*groups)
	for i := range values {
		k := i % 3
		if i < 7*rows {
			k = r.IntN(4)
		}
		values[i] = "abcd"[k : k+1]
	}
	b := &vec.Batch{N: len(values), Cols: []*vec.Vec{vec.NewFlat(arrowschema.Text, values, nil)}}
	requireTrials(t, d, b, rows, 1, 3)
}

// requireTrials writes a column whose first seven row groups do not shrink, by some numbers of workers. Row groups 0, 1, 2, 4, 8 and 16 are tried, and the others
// follow the trial before last: 7 and 9 still that of the seven.
func requireTrials(t *testing.T, d *schemahistory.TableDefinition, b *vec.Batch, rows int, workers ...int) {
	t.Helper()
	for _, n := range workers {
		f, _, _ := writeFile(t, d, &WriteOptions{RowGroupRows: rows, Workers: n}, b)
		requireRows(t, f, b)
		for g := range f.meta.groups {
			want := codecZstd
			if g < 8 || g == 9 {
				want = codecNone
			}
			require.EqualValues(t, want, f.chunkMeta(g, 0).codec, "row group %d, %d workers", g, n)
		}
	}
}

// A row that cannot be written, whatever its row group, ends the file with its error, and leaves no worker behind.
func TestWorkersFail(t *testing.T) {
	t.Parallel()
	d := allTypes()
	for _, workers := range []int{1, 2, 5} {
		for _, bad := range []int{0, 100, 256, 700, 1999} {
			b := allRows(d, 0, 2000, 70, everyThird)
			valid := vec.NewBitmap(b.N)
			valid.Clear(bad)
			b.Cols[1].Valid = valid
			running := atomic.Int32{}
			w, err := NewWriter(io.Discard, d, &WriteOptions{RowGroupRows: 256, Workers: workers, Working: func() func() {
				running.Add(1)
				return func() { running.Add(-1) }
			}})
			require.NoError(t, err)
			if err = w.Write(b); err == nil {
				_, err = w.Close()
			}
			require.ErrorContains(t, err, "column at: NULL in a NOT NULL column", "%d workers, row %d", workers, bad)
			_, again := w.Close()
			require.Equal(t, err, again)
			w.Stop()
			require.Zero(t, running.Load())
		}
	}
}

// A Writer that is given up waits for its workers, and takes no rows after that.
func TestWriterStop(t *testing.T) {
	t.Parallel()
	d := allTypes()
	running := atomic.Int32{}
	w, err := NewWriter(io.Discard, d, &WriteOptions{RowGroupRows: 64, Workers: 3, Working: func() func() {
		running.Add(1)
		return func() { running.Add(-1) }
	}})
	require.NoError(t, err)
	require.NoError(t, w.Write(allRows(d, 0, 1000, 70, everyThird)))
	w.Stop()
	require.Zero(t, running.Load())
	require.Error(t, w.Write(allRows(d, 0, 1, 1, everyThird)))
	_, err = w.Close()
	require.ErrorIs(t, err, errGivenUp)
}

// A file whose number of rows is known has its short row group first: the newest rows are in a full one.
func TestShortRowGroupComesFirst(t *testing.T) {
	t.Parallel()
	d := allTypes()
	const rows = 1000
	all := allRows(d, 0, rows, 50, everyThird)
	groups := func(known int64, workers int) (sizes []int) {
		f, info, _ := writeFile(t, d, &WriteOptions{RowGroupRows: 256, Rows: known, Workers: workers}, all)
		require.EqualValues(t, rows, info.Rows)
		for rg := range info.RowGroups {
			sizes = append(sizes, f.RowGroupRows(rg))
		}
		return sizes
	}
	require.Equal(t, []int{256, 256, 256, 232}, groups(0, 0))
	require.Equal(t, []int{256, 256, 256, 232}, groups(rows, 0), "232 is a multiple of 64 away from a full one")
	require.Equal(t, []int{192, 256, 256, 256, 40}, groups(rows-60, 3), "a wrong number is no error")
	require.Equal(t, []int{128, 256, 256, 256, 104}, groups(896, 0))
	require.Equal(t, []int{64, 256, 256, 256, 168}, groups(1, 2))
	require.Equal(t, []int{256, 256, 256, 232}, groups(256, 0))
}
