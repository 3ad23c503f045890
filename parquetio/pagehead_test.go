package parquetio

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// Rows that are picked of pages of long texts are those of the whole column, wherever the NULLs are; where all of a page are NULL it takes no memory.
func TestReadRowsOfNulls(t *testing.T) {
	t.Parallel()
	const rows, page = 8192, 4096
	r := rand.New(rand.NewPCG(3, 9))
	d := &schemahistory.TableDefinition{SortColumn: -1, UserColumn: -1, Columns: []schemahistory.Column{{ID: 1, Name: "t", Type: arrowschema.Text}}}
	b := vec.NewBuilder(arrowschema.Text, rows)
	for i := range rows {
		switch {
		case i%3 == 0 || i < 100:
			b.AppendNull()
		default:
			b.AppendString(fmt.Sprintf("Flushed %d records of the table with the name %x to a file", i*i, r.Uint64()))
		}
	}
	f, _, _ := writeFile(t, d, &WriteOptions{PageRows: page}, &vec.Batch{N: rows, Cols: []*vec.Vec{b.Vec()}})
	whole, err := f.ReadColumn(context.Background(), 0, 0)
	require.NoError(t, err)
	reader := ColumnReader{}
	decompressed := 0
	for i := range 60 {
		var ranges []RowRange
		at := r.IntN(400)
		for at < rows-2 {
			row := at
			if i%2 == 0 { // NULLs alone
				row -= at % 3
			}
			ranges = append(ranges, RowRange{row, row + 1})
			at = row + 3 + r.IntN(1000)
		}
		memory := &meter{}
		reader.Memory = memory
		require.NoError(t, reader.Open(f, 0, 0))
		v, err := reader.Read(context.Background(), ranges)
		require.NoError(t, err)
		require.Equal(t, len(ranges), v.N)
		for k, want := range ranges {
			require.Equal(t, vec.AppendKey(nil, whole, want.Lo), vec.AppendKey(nil, v, k), "row %d", want.Lo)
		}
		if i%2 == 0 {
			require.Less(t, memory.most, int64(2*zstdMaxBlock+20*rows))
		} else {
			decompressed++
			require.Greater(t, memory.most, int64(4*zstdMaxBlock))
		}
		reader.Done()
	}
	require.Positive(t, decompressed)
}

// meter counts memory.
type meter struct{ now, most int64 }

func (m *meter) Reserve(n int64) error {
	m.now += n
	m.most = max(m.most, m.now)
	return nil
}
func (m *meter) Release(n int64) { m.now -= n }

// The first block of any frame is the beginning of its content; of what is no frame there is none.
func TestFirstBlock(t *testing.T) {
	t.Parallel()
	text := bytes.Repeat([]byte("a frame has blocks, of which each has at most 128 KiB. "), 8000)
	random := make([]byte, 300<<10)
	for i := range random {
		random[i] = byte(i * i >> 7)
	}
	f, _, _ := writeFile(t, allTypes(), nil)
	for _, content := range [][]byte{text, random, make([]byte, 400<<10)} {
		for _, single := range []bool{true, false} {
			for _, crc := range []bool{true, false} {
				w, err := zstd.NewWriter(nil, zstd.WithSingleSegment(single), zstd.WithEncoderCRC(crc), zstd.WithEncoderConcurrency(1))
				require.NoError(t, err)
				frame := w.EncodeAll(content, nil)
				r := &pageReader{f: f, account: &account{}, codec: codecZstd, buf: &buffers{}}
				head, err := r.firstBlock(frame)
				require.NoError(t, err)
				require.NotEmpty(t, head)
				require.Equal(t, content[:len(head)], head)
				for n := range 9 { // header and head of the block, at least
					_, err := r.firstBlock(frame[:n])
					require.Error(t, err)
				}
			}
		}
	}
	r := &pageReader{f: f, account: &account{}, codec: codecZstd, buf: &buffers{}}
	head, err := r.firstBlock(appendStoredFrame(nil, random))
	require.NoError(t, err)
	require.Equal(t, random[:zstdMaxBlock], head)
	_, err = r.firstBlock(appendStoredFrame(nil, random[:1000]))
	require.ErrorIs(t, err, errFrame)
}
