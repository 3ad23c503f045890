package report

import (
	"encoding/json"
	"io"

	"github.com/stoadb/stoa/bench/measure"
)

// Figure is what is derived from the samples of an engine and a query.
type Figure struct {
	Query     string  `json:"query"`
	Engine    string  `json:"engine"`
	Median    float64 `json:"median_ms"`
	Least     float64 `json:"least_ms"`
	Greatest  float64 `json:"greatest_ms"`
	Rows      float64 `json:"rows_per_s"`                   // of the table that it reads
	Bytes     float64 `json:"bytes_per_s,omitempty"`        // of the columns that it must touch, see measure.Result.Bytes; 0 where these are not known
	Bandwidth float64 `json:"bandwidth_fraction,omitempty"` // Bytes as a part of what the machine was measured to read
}

func figure(r *measure.Result, m *measure.Measured, t *measure.Timing) Figure {
	f := Figure{Query: m.Query.Name, Engine: t.Engine, Median: t.Median()}
	f.Least, f.Greatest = t.Spread()
	if f.Median > 0 {
		f.Rows, f.Bytes = float64(r.TableRows(&m.Query))/f.Median*1e3, r.Bytes(&m.Query)/f.Median*1e3
	}
	if r.Machine.Bandwidth > 0 {
		f.Bandwidth = f.Bytes / r.Machine.Bandwidth / 1e9
	}
	return f
}

// Ratio is how many times as long Other takes for a query.
type Ratio struct {
	Query  string  `json:"query"`
	Engine string  `json:"engine"`
	Other  string  `json:"other"`
	Ratio  float64 `json:"ratio"`
}

// JSON writes a result, which measure.ReadResult reads again, and beside it what is derived from it: figures, ratios and targets.
func JSON(w io.Writer, r *measure.Result) error {
	out := struct {
		*measure.Result
		Figures []Figure `json:"figures"`
		Ratios  []Ratio  `json:"ratios"`
		Targets []Target `json:"targets,omitempty"`
	}{Result: r, Targets: Targets(r)}
	for i := range r.Queries {
		m := &r.Queries[i]
		for j := range m.Timings {
			if m.Timings[j].Error == "" {
				out.Figures = append(out.Figures, figure(r, m, &m.Timings[j]))
			}
		}
		for _, p := range Pairs(r) {
			if ratio, ok := m.Ratio(p.Engine, p.Other); ok {
				out.Ratios = append(out.Ratios, Ratio{m.Query.Name, p.Engine, p.Other, ratio})
			}
		}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(out)
}
