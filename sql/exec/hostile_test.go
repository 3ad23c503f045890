package exec_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// hostileRows is the number of rows of the tables that hostile statements run on: few in the quick form; STOA_HOSTILE_ROWS asks for more.
func hostileRows(t testing.TB) int {
	text := os.Getenv("STOA_HOSTILE_ROWS")
	if text == "" {
		return 100_000
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

// hostileDatabase is a database with the table big (id int8, k int8, g text, s text, f float8, n numeric, j jsonb, ts timestamp) in memory, and with small (x int8) of a thousand rows.
func hostileDatabase(t testing.TB, opts *exec.Options, rows int) *database {
	db := &database{t: t, fs: vfs.NewMem()}
	st, err := store.Open(context.Background(), "/db", &store.Options{FS: db.fs, Now: func() time.Time { return testNow }})
	require.NoError(t, err)
	t.Cleanup(func() { _ = st.Close() })
	db.use(st, opts)
	db.must("CREATE TABLE big (id int8, k int8, g text, s text, f float8, n numeric, j jsonb, ts timestamp)")
	db.must("CREATE TABLE small (x int8)")
	at := 0
	_, err = db.session.Load(context.Background(), schemahistory.Name{Namespace: "public", Table: "big"}, nil, func(cols []schemahistory.Column) (*vec.Batch, error) {
		if at >= rows {
			return nil, nil
		}
		lo := at
		at = min(at+16384, rows)
		return bigRows(cols, lo, at), nil
	})
	require.NoError(t, err)
	var values []string
	for i := range 1000 {
		values = append(values, fmt.Sprintf("(%d)", i))
	}
	db.must("INSERT INTO small VALUES " + strings.Join(values, ","))
	return db
}

// bigRows makes rows [lo, hi) of big.
func bigRows(cols []schemahistory.Column, lo, hi int) *vec.Batch {
	builders := make([]*vec.Builder, len(cols))
	for i, c := range cols {
		builders[i] = vec.NewBuilder(c.Type, hi-lo)
	}
	for i := lo; i < hi; i++ {
		builders[0].AppendInt(int64(i))
		builders[1].AppendInt(int64(i*7919) % 1000)
		builders[2].AppendString("group-" + strconv.Itoa(i%10))
		builders[3].AppendString(fmt.Sprintf("row-%016x", uint64(i)*0x9e3779b97f4a7c15))
		builders[4].AppendFloat(float64(i) * 1.5)
		builders[5].AppendDec(decimal.New(int64(i)*31, 2))
		builders[6].AppendString(fmt.Sprintf(`["namespace-%d", "table", %d]`, i%5, i))
		builders[7].AppendInt(testNow.UnixMicro() + int64(i)*1e6)
	}
	b := &vec.Batch{N: hi - lo}
	for _, x := range builders {
		b.Cols = append(b.Cols, x.Vec())
	}
	return b
}

var _ = arrowschema.Int8
