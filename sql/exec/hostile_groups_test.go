package exec_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/sql/exec"
)

// A hundred million groups fit no budget of 256 MiB, and the statement says so as soon as it is full; with a deadline it ends at the deadline. Each kind of
// group table is asked: of integers, of texts, of pairs, of distinct values.
func TestHundredMillionGroups(t *testing.T) { // not parallel: it measures time
	_, _, late := cancelForm()
	db := newDatabase(t, &exec.Options{Workers: 2})
	db.must("CREATE TABLE d (n int)")
	var list []string
	for i := range 100 {
		list = append(list, fmt.Sprintf("(%d)", i))
	}
	db.must("INSERT INTO d VALUES " + strings.Join(list, ", "))
	const (
		from    = "FROM d a, d b, d c, d e"
		number  = "a.n + b.n * 100 + c.n * 10000 + e.n * 1000000"
		timeout = 50 * time.Millisecond
	)
	for _, sql := range []string{
		"SELECT " + number + ", count(*) " + from + " GROUP BY 1",
		"SELECT 'group ' || (" + number + "), count(*) " + from + " GROUP BY 1",
		"SELECT a.n, b.n, c.n, e.n, max(a.n) " + from + " GROUP BY 1, 2, 3, 4",
		"SELECT count(DISTINCT " + number + ") " + from,
		"SELECT DISTINCT " + number + " " + from,
	} {
		runtime.GC() // of what the last one left
		start := time.Now()
		err := drain(context.Background(), db, sql, timeout, 256<<20)
		require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err), "%s: %v", sql, err)
		require.LessOrEqual(t, time.Since(start), timeout+late, sql)
		if testing.Short() {
			continue
		}
		start = time.Now()
		err = drain(context.Background(), db, sql, time.Hour, budgetOfGroups())
		require.Equal(t, sqlstate.OutOfMemory, sqlstate.CodeOf(err), "%s: %v", sql, err)
		t.Logf("%5d ms until 53200: %s", time.Since(start).Milliseconds(), sql)
		require.Less(t, time.Since(start), time.Minute, sql)
	}
}

// budgetOfGroups is smaller in the quick form.
func budgetOfGroups() int64 {
	if rows, _, _ := cancelForm(); rows > 100_000 {
		return 256 << 20
	}
	return 16 << 20
}
