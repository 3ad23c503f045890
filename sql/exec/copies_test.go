package exec_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Operands that are copied side by side are as many as the statement has; only those within one another are bounded, and conditions on computed columns still go
// down to the scan.
func TestCopiesSideBySide(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	values := "SELECT count(*) FROM (VALUES " + strings.Repeat("(3 BETWEEN 1 AND 5), ", 100_000) + "(NULLIF(true, false))) v (b) WHERE b"
	require.Equal(t, []string{"100001"}, db.rows(values))
	require.Equal(t, []string{"1"}, db.rows("SELECT "+strings.Repeat("nullif(", 12)+"1"+strings.Repeat(", 3)", 12)))

	db.must("CREATE TABLE t (c timestamp)")
	db.must("INSERT INTO t VALUES ('2020-01-01 05:30'), ('2019-01-01')")
	ors := strings.Repeat("h BETWEEN timestamp '2020-01-01 05:00' AND timestamp '2020-01-01 06:00' OR ", 350) + "false"
	query := "SELECT count(*) FROM (SELECT date_trunc('hour', c) AS h, c FROM t) s WHERE c >= '2020-01-01' AND (" + ors + ")"
	require.Equal(t, []string{"1"}, db.rows(query))
	plan := strings.Join(db.rows("EXPLAIN "+query), "\n")
	require.Contains(t, plan, "date_trunc")
	require.Less(t, strings.Index(plan, "Scan"), strings.Index(plan, "date_trunc"), "only the scan's filter has it: %.500s", plan)

	// A condition that would become too large stays above, and those before it do not.
	query = "SELECT count(*) FROM (SELECT date_trunc('hour', c) AS h, c FROM t) s WHERE c >= '2020-01-01' AND (" + strings.Repeat(ors+" OR ", 4) + "false)"
	require.Equal(t, []string{"1"}, db.rows(query))
	plan = strings.Join(db.rows("EXPLAIN "+query), "\n")
	require.Contains(t, plan, "c >= ")
	require.Less(t, strings.Index(plan, "Scan"), strings.Index(plan, "c >= "), "the first is in the scan: %.500s", plan)
	require.NotContains(t, plan[strings.Index(plan, "Scan"):], "date_trunc", "and the second is not")
}
