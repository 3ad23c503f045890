package report

import (
	"fmt"
	"strings"

	"github.com/stoadb/stoa/bench/measure"
	"github.com/stoadb/stoa/bench/suite"
)

// Target is a figure that the project wants to reach, and what a run found.
type Target struct {
	What    string  `json:"what"`
	Unit    string  `json:"unit"` // "×", "a second", "%"
	Asked   float64 `json:"asked"`
	Found   float64 `json:"found"`
	Reached bool    `json:"reached"`
}

// Targets compares a run with what is asked of two processors and 10,000,000 jobs; of other runs it says how far they are. What was not measured is left out.
func Targets(r *measure.Result) []Target {
	var out []Target
	add := func(what, unit string, asked, found float64) {
		out = append(out, Target{what, unit, asked, found, found >= asked})
	}
	for _, p := range Pairs(r) {
		if !foreign(p.Other) {
			continue
		}
		for _, g := range suite.Groups() {
			s := r.Summary(g, p.Engine, p.Other)
			if s.Queries == 0 {
				continue
			}
			add(fmt.Sprintf("%s, %s / %s, geometric mean", g, p.Engine, p.Other), "×", mean(g, p.Engine), s.Mean)
			if mean(g, p.Engine) < withFooters {
				add(fmt.Sprintf("%s, %s / %s, the least: %s", g, p.Engine, p.Other, s.LeastName), "×", 1, s.Least)
			}
		}
	}
	for _, w := range []struct {
		name          string
		times, asked  float64
		unit, meaning string
	}{
		{"load", 1.5, 1e6, "rows a second", "batch load"}, {"flush", 2, 0, "", "flush to Parquet"}, {"insert-1", 20, 0, "", "single-row inserts, 1 writer"},
		{"insert-16", 20, 1e5, "rows a second", "single-row inserts, 16 writers"}, {"status-1", 20, 0, "", "updates of status by key, 1 writer"},
		{"status-16", 0, 2e5, "updates a second", "updates of status by key, 16 writers"}, {"notify-16", 0, 2e6, "a second", "notifications"},
		{"lookup-2", 0, 1e6, "a second", "look-ups by key"}, {"open", 0, 20, "a second", "openings to the first answer (50 ms each)"},
	} {
		ours, theirs := rate(r, w.name, false), rate(r, w.name, true)
		if w.times > 0 && ours > 0 && theirs > 0 {
			add(w.meaning+", beside DuckDB", "×", w.times, ours/theirs)
		}
		if w.asked > 0 && ours > 0 {
			add(w.meaning, w.unit, w.asked, ours)
		}
	}
	if f, ok := scanBound(r); ok {
		add("memory-by-type, hot, of the measured bandwidth", "%", leastBandwidth, 100*f.Bandwidth)
	}
	return out
}

// leastBandwidth is the part of the bandwidth, in percent, that a scan-bound aggregate is to use.
const leastBandwidth = 40

// scanBound gives the figure of the aggregate that is bound by its scan, on rows in memory.
func scanBound(r *measure.Result) (Figure, bool) {
	for i := range r.Queries {
		m := &r.Queries[i]
		for j := range m.Timings {
			if t := &m.Timings[j]; m.Query.Name == "memory-by-type" && strings.HasSuffix(t.Engine, ", hot") && t.Median() > 0 && r.Machine.Bandwidth > 0 {
				return figure(r, m, t), true
			}
		}
	}
	return Figure{}, false
}

func foreign(engine string) bool { return !strings.HasPrefix(engine, "Stoa") }

// mean gives the geometric mean that is asked of an engine on a group.
func mean(g suite.Group, engine string) float64 {
	switch {
	case g != suite.Jobs:
		return 2
	case strings.HasSuffix(engine, ", hot"):
		return 5
	case strings.HasSuffix(engine, "no footers"):
		return 4
	}
	return withFooters
}

// withFooters is the geometric mean that is asked of the job queries where aggregates may be taken from footers; nothing is asked of each of them there.
const withFooters = 10

// rate gives the median rate of a workload, of ours or of the other engine; 0 where there is none.
func rate(r *measure.Result, name string, other bool) float64 {
	for i := range r.Writes {
		if w := &r.Writes[i]; w.Name == name && foreign(w.Engine) == other {
			return w.Median()
		}
	}
	return 0
}

// Behind gives the queries and engines of Stoa's that another engine outruns, or that use too little of the bandwidth: a report owes their profiles.
func Behind(r *measure.Result) (out []Ratio) {
	for i := range r.Queries {
		m := &r.Queries[i]
		for _, p := range Pairs(r) {
			if ratio, ok := m.Ratio(p.Engine, p.Other); ok && foreign(p.Other) && ratio < 1 {
				out = append(out, Ratio{m.Query.Name, p.Engine, p.Other, ratio})
			}
		}
	}
	if f, ok := scanBound(r); ok && 100*f.Bandwidth < leastBandwidth {
		out = append(out, Ratio{Query: f.Query, Engine: f.Engine})
	}
	return out
}

func targetsSection(r *measure.Result) section {
	s := section{Title: "What is asked, and what was found", Header: []string{"what", "asked", "found", "reached"},
		Text: "Asked of two processors and 10,000,000 jobs; profiles of the queries that are behind stand at the end."}
	for _, t := range Targets(r) {
		reached := "yes"
		if !t.Reached {
			reached = "no"
		}
		s.Rows = append(s.Rows, []string{t.What, count(t.Asked) + " " + t.Unit, count(t.Found) + " " + t.Unit, reached})
	}
	return s
}
