package suite

// document is a query of the contract and what the suite knows beyond its text.
type document struct {
	number  int // among the contract's statements
	name    string
	group   Group
	columns []string
	ordered bool
	duck    string // where its dialect needs more than other names
}

// documented gives the contract's queries on jobs and live queries, in its order.
func documented() []document {
	return []document{
		{number: 5, name: "running", group: Jobs, columns: []string{"status"}},
		{number: 6, name: "recent-flushes", group: Jobs, columns: []string{"job_type", "created_at"}, ordered: true},
		{number: 7, name: "memory-by-type", group: Jobs, columns: []string{"job_type", "status", "memory_used"}},
		{number: 8, name: "durations-by-type", group: Jobs, columns: []string{"job_type", "status", "started_at", "completed_at"}},
		{number: 9, name: "failed-on-node", group: Jobs, columns: []string{"status", "trace"}, ordered: true},
		{number: 31, name: "active", group: Jobs, columns: []string{"status"}, ordered: true},
		{number: 33, name: "flushes-of-a-day", group: Jobs, columns: []string{"job_type", "status", "created_at"}},
		{number: 35, name: "failed-last-hour", group: Jobs, columns: []string{"status", "created_at"}, ordered: true},
		{number: 14, name: "live-of-user", group: Live, columns: []string{"user_id"}},
		{number: 15, name: "live-initial-rows", group: Live, columns: []string{"options"}},
		{number: 16, name: "live-most-active", group: Live, columns: []string{"changes"}},
		{number: 17, name: "live-per-node", group: Live, columns: []string{"node", "changes"}},
		{number: 18, name: "live-idle-hour", group: Live, columns: []string{"last_update"}},
		{number: 19, name: "live-of-table", group: Live, columns: []string{"namespace_id", "table_name"}},
		{number: 20, name: "live-large-buffers", group: Live, columns: []string{"options"}},
		{number: 32, name: "live-activity", group: Live, columns: []string{"user_id", "namespace_id", "table_name", "changes", "node", "last_update"}},
		{number: 34, name: "live-per-table", group: Live, columns: []string{"namespace_id", "table_name", "changes"}},
		{number: 36, name: "live-stuck", group: Live, columns: []string{"last_update"}},
	}
}
