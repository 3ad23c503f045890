// Package suite is the queries that the benchmarks run: the contract's on jobs and on live queries, and those beyond them that people ask of a job history.
//
// A query is given in PostgreSQL's dialect, as Stoa runs it, and in DuckDB's, which has no jsonb, divides integers into DOUBLE, and reserves the catalog name
// `system`: there the tables are sys.jobs and sys.live_queries. Both mean the same, so that answers can be compared before a time is reported. The
// package runs nothing.
package suite

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/bench/contract"
)

// Group is a part of the suite, for which a report gives a mean of its own.
type Group string

// The groups.
const (
	Jobs  Group = "documented job queries"
	Live  Group = "documented live-query queries"
	Other Group = "other job queries"
)

// Groups gives the groups in the order of a report.
func Groups() []Group { return []Group{Jobs, Live, Other} }

// Query is a query of the suite.
type Query struct {
	Name    string // "memory-by-type"
	Title   string // what it asks, in words; the contract's own for its queries
	Group   Group
	SQL     string   // PostgreSQL's dialect
	Duck    string   // DuckDB's
	Columns []string // of the table, that an engine without indexes, statistics or footers must read in full; for the bytes in a report
	Ordered bool     // the answer has one order
}

// Table gives the table that the query reads.
func (q *Query) Table() string {
	if q.Group == Live {
		return "system.live_queries"
	}
	return "system.jobs"
}

// Parameters are the values that the queries ask for.
type Parameters struct {
	Now time.Time // the history's end: what now() means
	Key string    // a job_id, of a row in the middle
}

// Queries gives the suite.
func Queries(p Parameters) []Query {
	var out []Query
	for _, d := range documented() {
		c := byNumber(d.number)
		out = append(out, Query{Name: d.name, Title: c.Title, Group: d.group, SQL: strings.TrimSuffix(c.SQL, ";"), Duck: d.duck, Columns: d.columns, Ordered: d.ordered})
	}
	out = append(out, others(p.Key)...)
	now := "TIMESTAMP '" + p.Now.UTC().Format("2006-01-02 15:04:05.999999") + "'"
	for i := range out {
		q := &out[i]
		if q.Duck == "" {
			q.Duck = dialect.Replace(q.SQL)
		}
		q.Duck = strings.ReplaceAll(q.Duck, "now()", now)
	}
	return out
}

// dialect makes DuckDB's dialect of queries that differ by no more.
var dialect = strings.NewReplacer(
	"system.jobs", "sys.jobs", "system.live_queries", "sys.live_queries",
	"AVG(memory_used) / 1024 / 1024", "AVG(memory_used) / 1048576",
	"memory_used / 1024 / 1024", "memory_used // 1048576", "MAX(memory_used) / 1024 / 1024", "MAX(memory_used) // 1048576",
	"cpu_used / 1000000 AS", "cpu_used // 1000000 AS", "AVG(cpu_used) / 1000000", "AVG(cpu_used) / 1000000.0",
	" AS table,", ` AS "table",`,
	"parameters->>0", "json_extract_string(parameters, '$[0]')", "parameters->>2", "json_extract_string(parameters, '$[2]')",
)

func byNumber(number int) contract.Query {
	for _, q := range contract.Selects() {
		if q.Number == number {
			return q
		}
	}
	panic(fmt.Sprintf("the contract has no SELECT of number %d", number))
}

// Select gives the queries whose names match a regular expression. Errors, all 22023: none, or one that matches no query; the hint then names them.
func Select(queries []Query, only string) ([]Query, error) {
	match, err := regexp.Compile(only)
	if err != nil {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "--only is no regular expression: %s", err)
	}
	var out []Query
	names := make([]string, len(queries))
	for i := range queries {
		if names[i] = queries[i].Name; match.MatchString(names[i]) {
			out = append(out, queries[i])
		}
	}
	if out == nil {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "--only %q matches no query", only).WithHint("The queries are %s.", strings.Join(names, ", "))
	}
	return out, nil
}
