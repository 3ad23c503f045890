// Package embedded is Stoa as an engine of the benchmarks: in this process, over its public API, as a program embeds it.
package embedded

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/bench/measure"
	"github.com/stoadb/stoa/bench/report"
	"github.com/stoadb/stoa/bench/suite"
)

// The names of the engines.
const (
	Hot       = "Stoa, hot"
	Cold      = "Stoa, cold"
	NoFooters = "Stoa, cold, no footers" // aggregate footers of files are not used
)

// Engine answers queries from a database.
type Engine struct {
	name string
	conn *stoa.Conn
}

// New gives an engine over a database that stays the caller's. settings are run first: "SET aggregate_footers = off".
func New(ctx context.Context, name string, db *stoa.DB, settings ...string) (*Engine, error) {
	conn := db.Conn()
	for _, s := range settings {
		if _, err := conn.Exec(ctx, s); err != nil {
			return nil, fmt.Errorf("%s: %w", s, err)
		}
	}
	return &Engine{name, conn}, nil
}

// Name implements measure.Engine.
func (e *Engine) Name() string { return e.name }

// Query implements measure.Engine.
func (e *Engine) Query(ctx context.Context, q *suite.Query) (array.RecordReader, error) {
	rows, err := e.conn.Query(ctx, q.SQL)
	if err != nil {
		return nil, err // not a reader that is nil
	}
	return rows, nil
}

// Explain runs a query and gives what EXPLAIN ANALYZE says of it.
func (e *Engine) Explain(ctx context.Context, q *suite.Query) (string, error) {
	rows, err := e.conn.Query(ctx, "EXPLAIN ANALYZE "+q.SQL)
	if err != nil {
		return "", err
	}
	defer rows.Release()
	var out strings.Builder
	for rows.Next() {
		lines := rows.RecordBatch().Column(0)
		for i := range lines.Len() {
			out.WriteString(lines.ValueStr(i) + "\n")
		}
	}
	return out.String(), rows.Err()
}

// Profile adds to a result the profiles of the queries that are behind, of those engines that are of this package.
func Profile(ctx context.Context, r *measure.Result, engines []measure.Engine) error {
	for _, b := range report.Behind(r) {
		for _, e := range engines {
			ours, ok := e.(*Engine)
			if !ok || ours.name != b.Engine {
				continue
			}
			at := slices.IndexFunc(r.Queries, func(m measure.Measured) bool { return m.Query.Name == b.Query })
			text, err := ours.Explain(ctx, &r.Queries[at].Query)
			if err != nil {
				return err
			}
			r.Profiles = append(r.Profiles, measure.Profile{Query: b.Query, Engine: b.Engine, Text: text})
		}
	}
	return nil
}

// Open opens the database in a directory whose clock stands at the end of a history.
func Open(ctx context.Context, dir string, end time.Time) (*stoa.DB, error) {
	return stoa.Open(ctx, dir, &stoa.Options{Now: func() time.Time { return end }})
}

// Scratch makes a directory for the databases of a run, below dir or where the system has its temporary files. The caller removes it.
func Scratch(dir string) (string, error) {
	made, err := os.MkdirTemp(dir, "stoa-bench")
	if err != nil {
		return "", (&sqlstate.Error{Code: sqlstate.UndefinedFile, Message: "nothing can be written to the scratch directory: " + err.Error(), Cause: err}).
			WithHint("Name a directory that is there with --scratch.")
	}
	return made, nil
}

// Widths gives the mean bytes a row of the columns of jobs, in the smallest form in memory: integers and times as 8 bytes, text of few values as a code,
// other text as its bytes and 16 for a header.
func Widths(ctx context.Context, db *stoa.DB) (map[string]float64, error) {
	out := map[string]float64{}
	for _, c := range []string{"created_at", "started_at", "completed_at", "memory_used", "cpu_used"} {
		out["system.jobs."+c] = 8
	}
	out["system.jobs.job_type"], out["system.jobs.status"], out["system.jobs.trace"] = 1, 1, 2
	rows, err := db.Query(ctx, "SELECT avg(16 + coalesce(octet_length(result), 0))::float8, avg(16 + coalesce(octet_length(parameters::text), 0))::float8 FROM system.jobs")
	if err != nil {
		return nil, err
	}
	defer rows.Release()
	for rows.Next() {
		b := rows.RecordBatch()
		for i, c := range []string{"result", "parameters"} {
			out["system.jobs."+c] = b.Column(i).(*array.Float64).Value(0)
		}
	}
	return out, rows.Err()
}
