package parquetio

import (
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whenever Stop says that enough is written, Write or Close ends with its error, however many goroutines encode.
func TestWriterStops(t *testing.T) {
	t.Parallel()
	d := allTypes()
	stop := errors.New("stop")
	write := func(workers, at int) (asked int, err error) {
		asks := make(chan struct{}, 1<<20)
		opts := &WriteOptions{PageRows: 64, RowGroupRows: 256, Workers: workers, Stop: func() error {
			if asks <- struct{}{}; len(asks) >= at {
				return stop
			}
			return nil
		}}
		w, err := NewWriter(io.Discard, d, opts)
		require.NoError(t, err)
		if err = w.Write(allRows(d, 0, 600, 7, everyThird)); err == nil {
			_, err = w.Close()
		}
		return len(asks), err
	}
	all, err := write(1, 1<<30)
	require.NoError(t, err)
	require.Greater(t, all, 3*len(d.Columns), "each page of each column of three row groups")
	for _, workers := range []int{1, 3} {
		for at := 1; at <= all; at += 1 + all/50 {
			asked, err := write(workers, at)
			require.ErrorIs(t, err, stop)
			require.Less(t, asked, at+workers, "it went on")
		}
	}
}
