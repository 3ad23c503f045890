// Package measure times the queries of a suite on several engines, so that the figures can be compared.
//
// Engines answer in turn, round by round, so that what else the machine does falls on all of them alike; the first answers warm the caches and are
// compared: a query whose answers differ has no time. What is kept is every sample, from which reports take medians and comparisons intervals. A sample is
// the time from the statement's text to its last row in Arrow form.
//
// The package knows no engine. Times are wall-clock times.
package measure

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/stoadb/stoa/bench/suite"
)

// Engine is something that answers queries.
type Engine interface {
	// Name is that of a report's column: "Stoa, hot".
	Name() string
	// Query starts a query. The caller releases the reader.
	Query(ctx context.Context, q *suite.Query) (array.RecordReader, error)
}

// Options of a measurement. The zero value of a field means its default.
type Options struct {
	Rounds   int                           // samples of each query and engine; default 5
	Least    time.Duration                 // a sample repeats a quicker query as often as fits in this, and is the mean; default 2 ms
	Progress func(done, total int64)       // told after each query
	Note     func(format string, a ...any) // told what goes wrong with a query
}

// Timing is what an engine took for a query.
type Timing struct {
	Engine  string    `json:"engine"`
	Samples []float64 `json:"samples_ms,omitempty"` // in milliseconds, in the order in which they were taken
	Error   string    `json:"error,omitempty"`      // why there are none
}

// Median gives the median sample in milliseconds, 0 when there is none.
func (t *Timing) Median() float64 { return quantile(t.Samples, 0.5) }

// Spread gives the least and the greatest sample in milliseconds.
func (t *Timing) Spread() (least, greatest float64) {
	if len(t.Samples) == 0 {
		return 0, 0
	}
	return slices.Min(t.Samples), slices.Max(t.Samples)
}

// quantile gives the quantile of samples that are not sorted, interpolated.
func quantile(samples []float64, q float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(samples))
	at := q * float64(len(s)-1)
	i := int(at)
	if i+1 == len(s) {
		return s[i]
	}
	return s[i] + (at-float64(i))*(s[i+1]-s[i])
}

// Measured is a query and what it took.
type Measured struct {
	Query   suite.Query `json:"query"`
	Rows    int64       `json:"result_rows"`
	Timings []Timing    `json:"timings"` // by engine, in the order of the engines
}

// Timing gives what an engine took, nil when it is not there.
func (m *Measured) Timing(engine string) *Timing {
	for i := range m.Timings {
		if m.Timings[i].Engine == engine {
			return &m.Timings[i]
		}
	}
	return nil
}

// Queries measures queries. An engine that fails, or answers otherwise than the first one, has an error in place of times; only the end of ctx ends
// the measurement.
func Queries(ctx context.Context, engines []Engine, queries []suite.Query, opts Options) ([]Measured, error) {
	if opts.Rounds <= 0 {
		opts.Rounds = 5
	}
	if opts.Least <= 0 {
		opts.Least = 2 * time.Millisecond
	}
	out := make([]Measured, len(queries))
	for i := range queries {
		out[i] = query(ctx, engines, &queries[i], &opts)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if opts.Progress != nil {
			opts.Progress(int64(i+1), int64(len(queries)))
		}
	}
	return out, nil
}

func query(ctx context.Context, engines []Engine, q *suite.Query, opts *Options) Measured {
	m := Measured{Query: *q, Timings: make([]Timing, len(engines))}
	repeat := make([]int, len(engines))
	var first *Answer
	for i, e := range engines {
		t := &m.Timings[i]
		t.Engine = e.Name()
		answer, err := Read(ctx, e, q)
		if err == nil && first != nil {
			err = first.Same(answer, q.Ordered)
		}
		if err == nil {
			if first == nil {
				first, m.Rows = answer, int64(len(answer.Rows))
			}
			repeat[i], err = repetitions(ctx, e, q, opts.Least)
		}
		if err != nil {
			t.Error = err.Error()
			if opts.Note != nil && ctx.Err() == nil {
				opts.Note("%s, %s: %s", q.Name, t.Engine, err)
			}
		}
	}
	for range opts.Rounds {
		for i, e := range engines {
			t := &m.Timings[i]
			if t.Error != "" || ctx.Err() != nil {
				continue
			}
			runtime.GC() // nobody pays for the garbage of another
			took, err := sample(ctx, e, q, repeat[i])
			if err != nil {
				t.Error, t.Samples = err.Error(), nil
				continue
			}
			t.Samples = append(t.Samples, float64(took.Nanoseconds())/1e6)
		}
	}
	return m
}

// repetitions gives how often a query is run for a sample.
func repetitions(ctx context.Context, e Engine, q *suite.Query, least time.Duration) (int, error) {
	once, err := sample(ctx, e, q, 1)
	if err != nil {
		return 0, err
	}
	return int(min(1000, max(1, least/max(once, time.Microsecond)))), nil
}

// sample runs a query n times and gives the mean time.
func sample(ctx context.Context, e Engine, q *suite.Query, n int) (time.Duration, error) {
	start := time.Now()
	for range n {
		if err := drain(ctx, e, q); err != nil {
			return 0, err
		}
	}
	return time.Since(start) / time.Duration(n), nil
}

func drain(ctx context.Context, e Engine, q *suite.Query) error {
	r, err := e.Query(ctx, q)
	if err != nil {
		return err
	}
	defer r.Release()
	for r.Next() {
		_ = r.RecordBatch().NumRows()
	}
	return r.Err()
}

// Read runs a query and keeps its answer.
func Read(ctx context.Context, e Engine, q *suite.Query) (*Answer, error) {
	r, err := e.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	defer r.Release()
	a := &Answer{}
	for r.Next() {
		if a.append(r.RecordBatch()); len(a.Rows) > MaxAnswer {
			return nil, fmt.Errorf("an answer of more than %d rows is not compared", MaxAnswer)
		}
	}
	return a, r.Err()
}
