package stoa_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/sql/exec"
)

// contractStatement is a statement of the contract that is no SELECT, and what is expected of it in a new database.
type contractStatement struct{ number, section, expect, sql string }

func contractStatements(t testing.TB) []contractStatement {
	text, err := os.ReadFile(filepath.Join("testdata", "contract", "statements.sql"))
	require.NoError(t, err)
	var out []contractStatement
	field := func(head, name string) string {
		m := regexp.MustCompile(`(?m)^-- ` + name + `: (.*)$`).FindStringSubmatch(head)
		require.NotNil(t, m, "no %s in\n%s", name, head)
		return m[1]
	}
	for _, entry := range strings.Split(string(text), "\n-- section: ")[1:] {
		head := "-- section: " + entry
		sql := regexp.MustCompile(`(?m)\A(-- .*\n)+`).ReplaceAllString(head, "")
		out = append(out, contractStatement{field(head, "number"), field(head, "section"), field(head, "expect"), strings.TrimSuffix(strings.TrimSpace(sql), ";")})
	}
	return out
}

// TestContractStatements runs the contract's 23 statements other than SELECTs, in their order, in one new database.
func TestContractStatements(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, 0)
	stmts := contractStatements(t)
	require.Len(t, stmts, 23)
	expectation := regexp.MustCompile(`^(notice|error) (\w{5}) \(.*?\)(?:, tag (.*)|; with a JSON text in its place, tag INSERT 0 n)?$`)
	for _, st := range stmts {
		t.Run(st.number, func(t *testing.T) {
			want := expectation.FindStringSubmatch(st.expect)
			require.NotNil(t, want, st.expect)
			a := db.run(st.sql)
			if want[1] == "error" {
				require.Error(t, a.err)
				require.Contains(t, errorLine(a.err), "(SQLSTATE "+want[2]+")")
				a = db.run(strings.Replace(st.sql, "<current_schema_as_json>", `{"fields": []}`, 1))
				require.NoError(t, a.err)
				// The versions of the contract's own tables are recorded already, and there are no others.
				require.Equal(t, "INSERT 0 0", a.tag)
				require.NotEmpty(t, own(a.notices))
				return
			}
			require.NoError(t, a.err, st.sql)
			require.Equal(t, want[3], a.tag)
			notices := own(a.notices)
			require.Len(t, notices, 1)
			require.Equal(t, want[2], string(notices[0].Code), notices[0].Message)
			require.Equal(t, "NOTICE", notices[0].Severity)
		})
	}
	require.Equal(t, "4,1", db.must("SELECT count(*) || ',' || max(schema_version) FROM system.table_schemas").value())
}

// own gives the notices of a statement itself: not that system.table_schemas is deprecated, which the first statement of a session that uses it says.
func own(notices []exec.Notice) []exec.Notice {
	return slices.DeleteFunc(slices.Clone(notices), func(n exec.Notice) bool { return n.Code == "01P01" })
}

// value gives the only value of an answer.
func (a answer) value() string {
	if len(a.rows) != 1 || len(a.rows[0]) != 1 || a.rows[0][0] == nil {
		return fmt.Sprintf("no single value: %v", a.records())
	}
	return *a.rows[0][0]
}

// TestBackfill runs the contract's back-fill beside tables of users, whose current schema is version 1 already; and where it is to add a version it says which
// table has one.
func TestBackfill(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, 0)
	db.must("CREATE TABLE mine (id int)")
	stmts := contractStatements(t)
	sql := strings.Replace(stmts[len(stmts)-1].sql, "<current_schema_as_json>", `{"fields": []}`, 1)
	a := db.run(sql)
	require.Contains(t, errorLine(a.err), "(SQLSTATE 23505)")
	require.Contains(t, errorLine(a.err), "mine")
	require.Equal(t, "5", db.must("SELECT count(*) FROM system.table_schemas").value())
	a = db.run(strings.Replace(sql, "FROM system.tables", "FROM system.tables WHERE namespace_id = 'system'", 1))
	require.NoError(t, a.err)
	require.Equal(t, "INSERT 0 0", a.tag)
	a = db.run(strings.Replace(strings.Replace(sql, "    1,", "    2,", 1), "FROM system.tables", "FROM system.tables WHERE table_name = 'mine'", 1))
	require.NoError(t, a.err)
	require.Equal(t, "INSERT 0 1", a.tag)
	require.Equal(t, "2", db.must("SELECT schema_version FROM information_schema.tables WHERE table_name = 'mine'").value())
}

// TestContractDefinitionsDiffer runs statements of the contract with a part changed: the object exists with another definition.
func TestContractDefinitionsDiffer(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, 0)
	jobs := contractStatements(t)[0].sql
	for name, sql := range map[string]string{
		"another type":        strings.Replace(jobs, "memory_used BIGINT", "memory_used INT", 1),
		"another name":        strings.Replace(jobs, "memory_used BIGINT", "memory BIGINT", 1),
		"no primary key":      strings.Replace(jobs, "UUID PRIMARY KEY", "UUID", 1),
		"another key":         strings.Replace(jobs, "UUID PRIMARY KEY", "UUID UNIQUE", 1),
		"a NOT NULL more":     strings.Replace(jobs, "trace TEXT,", "trace TEXT NOT NULL,", 1),
		"a NOT NULL less":     strings.Replace(jobs, "job_type TEXT NOT NULL,", "job_type TEXT,", 1),
		"another default":     strings.Replace(jobs, "DEFAULT now()", "DEFAULT '2025-01-01'", 1),
		"no default":          strings.Replace(jobs, "TIMESTAMP DEFAULT now()", "TIMESTAMP", 1),
		"a column less":       strings.Replace(jobs, "    started_at TIMESTAMP,\n", "", 1),
		"a column more":       strings.Replace(jobs, "error TEXT", "error TEXT, more TEXT", 1),
		"a check":             strings.Replace(jobs, "error TEXT", "error TEXT CHECK (error IN ('a'))", 1),
		"another order":       strings.Replace(jobs, "trace TEXT,                          -- NEW: Execution context (node, actor, thread)\n", "", 1),
		"index of its own":    "CREATE INDEX idx_jobs_status ON system.jobs(status, job_type)",
		"index in its table":  "CREATE INDEX idx_jobs_status ON system.live_queries(user_id)",
		"index of its order":  "CREATE INDEX idx_jobs_created ON system.jobs(created_at)",
		"index named a key":   "CREATE INDEX jobs_pkey ON system.jobs(status)",
		"index named a table": "CREATE INDEX jobs ON system.jobs(status)",
	} {
		t.Run(name, func(t *testing.T) {
			require.NotEqual(t, jobs, sql, "nothing was changed")
			a := db.run(sql)
			require.Error(t, a.err)
			require.Contains(t, errorLine(a.err), "(SQLSTATE 42P07)")
		})
	}
}
