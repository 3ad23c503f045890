package suite

// others gives the queries beyond the contract, key being the job_id of the look-up.
func others(key string) []Query {
	return []Query{
		{Name: "key-lookup", Title: "One job by its primary key", Group: Other,
			SQL: "SELECT * FROM system.jobs WHERE job_id = '" + key + "'"},
		{Name: "like-result", Title: "Jobs whose result contains a text", Group: Other, Columns: []string{"result"},
			SQL: "SELECT count(*) FROM system.jobs WHERE result LIKE '%chat/messages%'"},
		{Name: "like-two-parts", Title: "Jobs whose result contains two texts", Group: Other, Columns: []string{"result"},
			SQL: "SELECT count(*) FROM system.jobs WHERE result LIKE '%records to%chat%'"},
		{Name: "per-namespace", Title: "Jobs of each namespace, from the parameters", Group: Other, Columns: []string{"parameters"}, Ordered: true,
			SQL: "SELECT parameters->>0 AS namespace, count(*) AS jobs FROM system.jobs GROUP BY 1 ORDER BY 2 DESC, 1"},
		{Name: "per-hour", Title: "Jobs of each hour and status", Group: Other, Columns: []string{"created_at", "status"}, Ordered: true,
			SQL: "SELECT date_trunc('hour', created_at) AS hour, status, count(*) AS jobs FROM system.jobs GROUP BY 1, 2 ORDER BY 1, 2"},
		{Name: "per-status", Title: "Jobs of each status", Group: Other, Columns: []string{"status"}, Ordered: true,
			SQL: "SELECT status, count(*) AS jobs FROM system.jobs GROUP BY status ORDER BY status"},
		{Name: "per-node", Title: "Jobs, memory and failures of each node, from the trace", Group: Other, Columns: []string{"trace", "memory_used", "status"}, Ordered: true,
			SQL: "SELECT split_part(trace, ':', 1) AS node, count(*) AS jobs, avg(memory_used) AS memory, count(*) FILTER (WHERE status = 'failed') AS failed " +
				"FROM system.jobs GROUP BY 1 ORDER BY 1"},
		{Name: "duration-percentiles", Title: "Median and 95th percentile of the duration, by job type", Group: Other, Ordered: true,
			Columns: []string{"job_type", "status", "started_at", "completed_at"},
			SQL: "SELECT job_type, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM completed_at - started_at)) AS median, " +
				"percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM completed_at - started_at)) AS p95 " +
				"FROM system.jobs WHERE status = 'completed' GROUP BY job_type ORDER BY job_type"},
		{Name: "top-users", Title: "The ten users whose jobs used most memory", Group: Other, Columns: []string{"parameters", "memory_used"}, Ordered: true,
			SQL: "SELECT parameters->>2 AS user_id, sum(memory_used) AS memory FROM system.jobs WHERE job_type = 'flush' GROUP BY 1 ORDER BY 2 DESC NULLS LAST, 1 LIMIT 10"},
		{Name: "count", Title: "Number of jobs", Group: Other,
			SQL: "SELECT count(*) FROM system.jobs"},
		{Name: "cpu-of-large", Title: "CPU of the jobs that used much memory", Group: Other, Columns: []string{"cpu_used", "memory_used"},
			SQL: "SELECT sum(cpu_used) AS cpu, count(*) AS jobs FROM system.jobs WHERE memory_used > 100000000"},
		{Name: "distinct-traces", Title: "Number of distinct traces", Group: Other, Columns: []string{"trace"},
			SQL: "SELECT count(DISTINCT trace) FROM system.jobs"},
		{Name: "first-and-last", Title: "The first and the last moment", Group: Other, Columns: []string{"created_at", "completed_at"},
			SQL: "SELECT min(created_at) AS first, max(completed_at) AS last FROM system.jobs"},
		{Name: "longest", Title: "The ten jobs that took longest", Group: Other, Columns: []string{"started_at", "completed_at"}, Ordered: true,
			SQL: "SELECT job_id, extract(epoch FROM completed_at - started_at) AS seconds FROM system.jobs " +
				"WHERE completed_at - started_at > INTERVAL '10 minutes' ORDER BY 2 DESC, 1 LIMIT 10"},
	}
}
