package exec_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/sql/exec"
)

// jobsOnDisk is a database whose jobs are flushed, 400 of them, and then some hot ones, one of them the flush itself.
func jobsOnDisk(t *testing.T, opts *exec.Options) *database {
	db := newDatabase(t, opts)
	var values []string
	for i := range 400 {
		values = append(values, fmt.Sprintf("('00000000-0000-4000-8000-%012x', '%s', '%s', '[\"%s\", %d]', 'node-%d:a:b', %d, %d, '2025-10-%02d 00:%02d:00', '2025-10-%02d 00:%02d:01', %s)",
			i, []string{"flush", "compact", "backup"}[i%3], []string{"completed", "failed", "completed", "cancelled"}[i%4], []string{"chat", "shop"}[i%2], i%9, i%5,
			i*1000, i*7, 1+i/20, i%60, 1+i/20, i%60,
			[]string{fmt.Sprintf("'2025-10-%02d 01:00:00.%06d'", 1+i/20, i), "NULL"}[i%11/10]))
	}
	db.must("INSERT INTO system.jobs (job_id, job_type, status, parameters, trace, memory_used, cpu_used, created_at, started_at, completed_at) VALUES " +
		strings.Join(values, ", "))
	db.must("CALL system.flush('system.jobs', all_rows => true)")
	return db
}

// plan gives the lines of EXPLAIN ANALYZE.
func (db *database) plan(query string) string {
	return strings.Join(db.must("EXPLAIN ANALYZE "+query).rows, "\n")
}

func TestExplainAnalyzeScan(t *testing.T) {
	t.Parallel()
	db := jobsOnDisk(t, nil)
	text := db.plan("SELECT * FROM system.jobs WHERE created_at < '2024-01-01'")
	require.Contains(t, text, "Files: 0 read, 1 skipped (statistics 1)")
	text = db.plan("SELECT * FROM system.jobs WHERE parameters->>0 = 'nosuch' ORDER BY created_at")
	require.Contains(t, text, "Row Groups: 0 read, 1 skipped (dictionary 1)")
	require.Contains(t, text, "(actual rows=0 loops=1)")
	text = db.plan("SELECT job_id FROM system.jobs WHERE job_id = '00000000-0000-4000-8000-000000000007'")
	require.Contains(t, text, "Rows Removed by Filter: 399\n") // the hot ones are looked up by key
	require.Contains(t, text, "Row Groups: 1 read, 0 skipped\n")
	require.Contains(t, text, "Pages: 1 read, 0 skipped\n")
	require.Regexp(t, `Bytes Read: [1-9]\d+\n`, text)
	require.Contains(t, db.plan("SELECT count(*), max(created_at) FROM system.jobs"), "Row Groups: 0 read, 0 skipped, 1 answered from statistics\n")
	require.NotContains(t, strings.Join(db.must("EXPLAIN SELECT * FROM system.jobs").rows, "\n"), "Row Groups")
}

// Aggregates come from the footers unless that is turned off, and are the same then.
func TestAggregateFooters(t *testing.T) {
	t.Parallel()
	db := jobsOnDisk(t, nil)
	answered := "1 answered from aggregate footers"
	for _, query := range []string{
		"SELECT job_type, AVG(memory_used) / 1024 / 1024, MAX(memory_used) / 1024 / 1024, sum(cpu_used) FROM system.jobs WHERE status = 'completed' GROUP BY job_type",
		"SELECT job_type, AVG(EXTRACT(EPOCH FROM (completed_at - started_at))), MIN(EXTRACT(EPOCH FROM (completed_at - started_at))), MAX(EXTRACT(EPOCH FROM (completed_at - started_at))) " +
			"FROM system.jobs WHERE status = 'completed' GROUP BY job_type",
		"SELECT avg(completed_at - started_at), sum(completed_at - started_at), min(completed_at - started_at), max(completed_at - started_at), count(completed_at) FROM system.jobs",
		"SELECT status, count(*) FILTER (WHERE job_type = 'flush'), count(*) FILTER (WHERE status = 'failed'), min(created_at), max(completed_at) FROM system.jobs GROUP BY status ORDER BY status",
		"SELECT count(DISTINCT status), count(error), count(trace), sum(memory_used) FROM system.jobs WHERE job_type IN ('flush', 'backup') AND created_at > '2025-01-01'",
	} {
		require.Contains(t, db.plan(query), answered, query)
		with := db.must(query).rows
		db.must("SET aggregate_footers = off")
		require.NotContains(t, db.plan(query), answered)
		require.Equal(t, db.must(query).rows, with, query)
		db.must("RESET aggregate_footers")
	}
	require.Equal(t, []string{"on"}, db.rows("SHOW aggregate_footers"))
	db.must("SET aggregate_footers TO 'FALSE'")
	require.Equal(t, []string{"off"}, db.rows("SHOW aggregate_footers"))
	db.fails("22023", "SET aggregate_footers = maybe")
	db.fails("22023", "SET aggregate_footers = 'o'")
	db.must("SET aggregate_footers = 1")
	db.must("DELETE FROM system.jobs WHERE job_id = '00000000-0000-4000-8000-000000000007'")
	require.NotContains(t, db.plan("SELECT status, count(*), sum(memory_used) FROM system.jobs GROUP BY 1"), answered, "a row is deleted")
}
