package rules_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/bind"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/sql/rules"
	"github.com/stoadb/stoa/store"
)

// contract is a catalogue of the contract's tables.
type contract struct{}

// Relation implements bind.Catalog.
func (contract) Relation(schema, name string) (bind.Relation, bool) {
	for _, def := range schemahistory.Contract() {
		if def.Name.Namespace == schema && def.Name.Table == name {
			return bind.Relation{Table: &store.TableView{Def: def}}, true
		}
	}
	return bind.Relation{}, false
}

// Hint implements bind.Catalog.
func (contract) Hint(string, string) string { return "" }

// optimised gives the plan of a query as one line a node.
func optimised(t *testing.T, sql string) (string, error) {
	stmts, err := parser.Parse(sql)
	require.NoError(t, err, sql)
	ctx := exprs.NewCtx(context.Background(), time.Date(2025, 10, 21, 14, 30, 22, 123456000, time.UTC).UnixMicro(), time.UTC)
	n, err := (&bind.Binder{Registry: builtin.Registry(), Catalog: contract{}, Eval: ctx}).Query(stmts[0].Node.(*parser.Query))
	require.NoError(t, err, sql)
	before := n.Columns()
	if n, err = rules.Optimise(ctx, n); err != nil {
		return "", err
	}
	after := n.Columns()
	require.Len(t, after, len(before), "the rules changed the result's columns: %s", sql)
	for i := range before {
		require.Equal(t, before[i].Type, after[i].Type, sql)
	}
	var b strings.Builder
	outline(&b, n, "")
	return strings.TrimSpace(b.String()), nil
}

func outline(b *strings.Builder, n plan.Node, indent string) {
	list := func(es []exprs.Expr) string { return strings.Join(exprs.Strings(es), ", ") }
	var cols []string
	switch n := n.(type) {
	case *plan.Scan:
		for _, c := range n.Columns() {
			cols = append(cols, c.Name)
		}
		fmt.Fprintf(b, "%sscan %s (%s)", indent, n.Alias, strings.Join(cols, ", "))
		if len(n.Conds) > 0 {
			fmt.Fprintf(b, " where %s", strings.Join(exprs.Strings(n.Conds), " & "))
		}
	case *plan.Filter:
		fmt.Fprintf(b, "%sfilter %s", indent, strings.Join(exprs.Strings(n.Conds), " & "))
	case *plan.Project:
		fmt.Fprintf(b, "%sproject %s", indent, list(n.Exprs))
	case *plan.Aggregate:
		fmt.Fprintf(b, "%saggregate by (%s)", indent, list(n.Groups))
	case *plan.Join:
		fmt.Fprintf(b, "%sjoin %d (%s) = (%s) on %s", indent, n.Kind, list(n.LeftKeys), list(n.RightKeys), list(n.On))
	case *plan.Check:
		fmt.Fprintf(b, "%scheck %s", indent, list(n.Exprs))
	case *plan.Sort:
		fmt.Fprintf(b, "%ssort limit %d", indent, n.Limit)
	default:
		fmt.Fprintf(b, "%s%T", indent, n)
	}
	b.WriteString("\n")
	for _, in := range n.Inputs() {
		outline(b, in, indent+"  ")
	}
}

func TestOptimise(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		// constants
		"SELECT 1 + 2": `project 3
  *plan.Virtual`,
		"SELECT status FROM system.jobs WHERE created_at > now() - INTERVAL '1 hour'": `project jobs.status
  scan jobs (status, created_at) where (jobs.created_at > '2025-10-21 13:30:22.123456+00'::timestamptz)`,
		"SELECT status FROM system.jobs WHERE true AND NOT false": `project jobs.status
  scan jobs (status)`,
		"SELECT status FROM system.jobs WHERE status = 'x' AND false AND 1 / 0 = 1": `project jobs.status
  scan jobs (status) where false`,
		"SELECT status FROM system.jobs WHERE memory_used + NULL > 1": `project jobs.status
  scan jobs (status) where NULL`,
		"SELECT CASE WHEN 1 > 2 THEN 1 / 0 WHEN status = 'x' THEN 2 ELSE 3 END FROM system.jobs": `project CASE WHEN (jobs.status = 'x') THEN 2 ELSE 3 END
  scan jobs (status)`,
		"SELECT COALESCE(NULL, memory_used, 5, 1 / 0) FROM system.jobs": `project COALESCE(jobs.memory_used, 5)
  scan jobs (memory_used)`,
		// conditions move down, the cheap ones first
		"SELECT x.s FROM (SELECT status AS s, memory_used AS m FROM system.jobs) x WHERE x.m + 1 > 5 AND x.s = 'a'": `project x.s
  project jobs.status
    scan jobs (status, memory_used) where (jobs.status = 'a') & ((jobs.memory_used + 1) > 5)`,
		"SELECT status, count(*) FROM system.jobs GROUP BY status HAVING status = 'a' AND count(*) > 1": `project jobs.status, count
  filter (count > 1)
    aggregate by (jobs.status)
      scan jobs (status) where (jobs.status = 'a')`,
		"SELECT count(*) FROM system.jobs HAVING count(*) > 1 AND true": `project count
  filter (count > 1)
    aggregate by ()
      scan jobs ()`,
		// joins
		"SELECT a.name FROM system.storages a JOIN system.jobs j ON a.storage_id = j.job_id AND j.status = 'x' AND a.name > j.trace WHERE a.base_path = '/'": `project a.name
  join 0 (a.storage_id) = (j.job_id) on (a.name > j.trace)
    scan a (storage_id, name, base_path) where (a.base_path = '/')
    scan j (job_id, status, trace) where (j.status = 'x')`,
		"SELECT a.name FROM system.storages a LEFT JOIN system.jobs j ON a.storage_id = j.job_id AND j.status = 'x' AND a.name = 'y' WHERE j.trace IS NULL AND a.name > 'a'": `project a.name
  filter (j.trace IS NULL)
    join 1 (a.storage_id) = (j.job_id) on (a.name = 'y')
      scan a (storage_id, name) where (a.name > 'a')
      scan j (job_id, status, trace) where (j.status = 'x')`,
		"SELECT a.name FROM system.storages a, system.storages b WHERE b.name = a.name": `project a.name
  join 0 (a.name) = (b.name) on 
    scan a (name)
    scan b (name)`,
		// a limit above a sort, but not above anything that needs all rows
		"SELECT status FROM system.jobs ORDER BY created_at LIMIT 5 OFFSET 2": `project jobs.status
  *plan.Limit
    sort limit 7
      scan jobs (status, created_at)`,
		"SELECT DISTINCT ON (status) status FROM system.jobs ORDER BY status LIMIT 5": `project jobs.status
  *plan.Limit
    *plan.DistinctOn
      sort limit -1
        scan jobs (status)`,
		// what can fail is checked below a limited sort, and computed above it
		"SELECT status || '.' || trace, memory_used / extract(epoch from completed_at - started_at) FROM system.jobs ORDER BY created_at LIMIT 5": `project ((jobs.status || '.') || jobs.trace), (jobs.memory_used::numeric / extract('epoch', (jobs.completed_at - jobs.started_at)))
  *plan.Limit
    sort limit 5
      check ((jobs.status || '.') || jobs.trace), (jobs.memory_used::numeric / extract('epoch', (jobs.completed_at - jobs.started_at)))
        scan jobs (status, trace, memory_used, created_at, started_at, completed_at)`,
		// a sort key is computed for all rows anyway; what has no proof is computed below
		"SELECT memory_used / 2.5 AS x, memory_used / cpu_used AS y, trace || '!' AS z FROM system.jobs ORDER BY x, status LIMIT 5": `project (jobs.memory_used::numeric / 2.5), y, (jobs.trace || '!')
  *plan.Limit
    sort limit 5
      project status, trace, memory_used, (jobs.memory_used / jobs.cpu_used)
        check (jobs.trace || '!')
          scan jobs (status, trace, memory_used, cpu_used)`,
		"SELECT random(), memory_used / 2.5 FROM system.jobs ORDER BY status": `project random(), (jobs.memory_used::numeric / 2.5)
  sort limit -1
    scan jobs (status, memory_used)`,
	} {
		got, err := optimised(t, sql)
		require.NoError(t, err, sql)
		require.Equal(t, want, strings.ReplaceAll(got, "\n\n", "\n"), sql)
	}
}

// TestConstantErrors shows which constants fail a statement before it runs: those that PostgreSQL's planner computes.
func TestConstantErrors(t *testing.T) {
	t.Parallel()
	for sql, fails := range map[string]bool{
		"SELECT 1 / 0 FROM system.jobs WHERE false":                             true,
		"SELECT count(*) FROM system.jobs WHERE 1 / 0 = 1 AND false":            true,
		"SELECT count(*) FROM system.jobs WHERE false AND 1 / 0 = 1":            false,
		"SELECT true OR 1 / 0 = 1":                                              false,
		"SELECT CASE WHEN status = 'x' THEN 1 / 0 END FROM system.jobs":         true,
		"SELECT CASE WHEN false THEN 1 / 0 END":                                 false,
		"SELECT COALESCE(1, 1 / 0)":                                             false,
		"SELECT COALESCE(memory_used, 1 / 0) FROM system.jobs":                  true,
		"SELECT NULL + 1 / 0":                                                   true,
		"SELECT memory_used / 0 FROM system.jobs":                               false,
		"SELECT 1 FROM system.jobs ORDER BY 1 / 0":                              true,
		"SELECT sum(1 / 0) FILTER (WHERE true) FROM system.jobs":                true,
		"SELECT count(*) FROM system.jobs a JOIN system.jobs b ON 1 / 0 = 1":    true,
		"SELECT now() + ('x' || '')::interval FROM system.jobs WHERE 1 = 1 / 1": true,
	} {
		_, err := optimised(t, sql)
		require.Equal(t, fails, err != nil, "%s: %v", sql, err)
		if err != nil {
			require.NotEqual(t, sqlstate.InternalError, sqlstate.CodeOf(err))
		}
	}
}
