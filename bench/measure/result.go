package measure

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/stoadb/stoa/bench/suite"
)

// ResultVersion is the version of the JSON form of a Result.
const ResultVersion = 1

// Result is all that a run measured.
type Result struct {
	Version int                `json:"version"`
	Started time.Time          `json:"started"`
	Machine Machine            `json:"machine"`
	Rows    int64              `json:"jobs"`
	Live    int64              `json:"live_queries"`
	Seed    uint64             `json:"seed"`
	Engines []string           `json:"engines"`
	Notes   []string           `json:"notes,omitempty"`        // versions, settings, sizes
	Widths  map[string]float64 `json:"column_bytes,omitempty"` // mean bytes a row of table.column, in the smallest form that engines hold in memory
	Queries []Measured         `json:"queries"`
	Writes  []Written          `json:"writes,omitempty"`
	// Profiles are of queries that did not reach what is asked of them.
	Profiles []Profile `json:"profiles,omitempty"`
}

// Profile says where an engine's time goes in a query.
type Profile struct {
	Query  string `json:"query"`
	Engine string `json:"engine"`
	Text   string `json:"text"`
}

// Written is a workload that writes, opens or looks up.
type Written struct {
	Name   string    `json:"name"` // "insert-1"
	Title  string    `json:"title"`
	Engine string    `json:"engine"`
	Unit   string    `json:"unit"`            // what is counted: "rows", "files"
	Rates  []float64 `json:"rates,omitempty"` // units a second, by round; for openings seconds are in it as 1/s
	Note   string    `json:"note,omitempty"`
	Error  string    `json:"error,omitempty"`
}

// Median gives the median rate.
func (w *Written) Median() float64 { return quantile(w.Rates, 0.5) }

// ReadResult reads the JSON form; what a report derives from a result and writes beside it is left out.
func ReadResult(in io.Reader) (*Result, error) {
	r := &Result{}
	if err := json.NewDecoder(in).Decode(r); err != nil {
		return nil, errors.New("not the JSON of a benchmark") // the cause would quote the file
	}
	if r.Version != ResultVersion {
		return nil, fmt.Errorf("a benchmark of version %d, not %d", r.Version, ResultVersion)
	}
	return r, nil
}

// TableRows gives the number of rows of the table that a query reads.
func (r *Result) TableRows(q *suite.Query) int64 {
	if q.Group == suite.Live {
		return r.Live
	}
	return r.Rows
}

// Bytes gives what a query must touch when nothing is skipped: the smallest in-memory form of its columns.
func (r *Result) Bytes(q *suite.Query) float64 {
	width := 0.0
	for _, c := range q.Columns {
		width += r.Widths[q.Table()+"."+c]
	}
	return width * float64(r.TableRows(q))
}

// Ratio gives how many times as long as engine another one takes for a query: more than 1 where engine is faster. ok is false where one has no time.
func (m *Measured) Ratio(engine, other string) (ratio float64, ok bool) {
	a, b := m.Timing(engine), m.Timing(other)
	if a == nil || b == nil || a.Median() <= 0 || b.Median() <= 0 {
		return 0, false
	}
	return b.Median() / a.Median(), true
}

// Summary is the ratios of two engines over a group of queries.
type Summary struct {
	Queries   int     // with a time of both
	Mean      float64 // geometric
	Least     float64
	LeastName string
}

// Summary compares two engines on a group.
func (r *Result) Summary(g suite.Group, engine, other string) Summary {
	s := Summary{Least: math.Inf(1)}
	logs := 0.0
	for i := range r.Queries {
		m := &r.Queries[i]
		ratio, ok := m.Ratio(engine, other)
		if m.Query.Group != g || !ok {
			continue
		}
		s.Queries++
		logs += math.Log(ratio)
		if ratio < s.Least {
			s.Least, s.LeastName = ratio, m.Query.Name
		}
	}
	if s.Queries > 0 {
		s.Mean = math.Exp(logs / float64(s.Queries))
	}
	return s
}
