package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"golang.org/x/perf/benchmath"

	"github.com/stoadb/stoa/bench/measure"
)

// confidence of the intervals of medians.
const confidence = 0.95

// Change is how the time of a query, or the rate of a workload, differs between two runs.
type Change struct {
	Name, Engine string
	Unit         string // "ms", less is better, or "/s", more is better
	Old, New     benchmath.Summary
	Comparison   benchmath.Comparison
	// Slower and Faster tell that the samples differ by more than chance (Mann-Whitney, 5 %) and the medians by more than the threshold.
	Slower, Faster bool
}

// Factor gives how many times as long it takes now.
func (c *Change) Factor() float64 {
	if c.Unit == "/s" {
		return c.Old.Center / c.New.Center
	}
	return c.New.Center / c.Old.Center
}

// Comparable gives an error when two runs are not on the same history.
func Comparable(a, b *measure.Result) error {
	if a.Rows != b.Rows || a.Live != b.Live || a.Seed != b.Seed {
		return fmt.Errorf("the runs are on different histories: %s jobs, %s live queries, seed %d, and %s, %s, %d",
			grouped(a.Rows), grouped(a.Live), a.Seed, grouped(b.Rows), grouped(b.Live), b.Seed)
	}
	return nil
}

// Regress compares two runs. threshold is the part by which a median must differ to be told of: 0.05.
func Regress(old, now *measure.Result, threshold float64) []Change {
	var out []Change
	for i := range now.Queries {
		m := &now.Queries[i]
		for j := range m.Timings {
			t := &m.Timings[j]
			for k := range old.Queries {
				if was := old.Queries[k].Timing(t.Engine); old.Queries[k].Query.Name == m.Query.Name && was != nil {
					out = appendChange(out, Change{Name: m.Query.Name, Engine: t.Engine, Unit: "ms"}, was.Samples, t.Samples, threshold)
				}
			}
		}
	}
	for i := range now.Writes {
		w := &now.Writes[i]
		for k := range old.Writes {
			if was := &old.Writes[k]; was.Name == w.Name && was.Engine == w.Engine {
				out = appendChange(out, Change{Name: w.Name, Engine: w.Engine, Unit: "/s"}, was.Rates, w.Rates, threshold)
			}
		}
	}
	return out
}

func appendChange(out []Change, c Change, old, now []float64, threshold float64) []Change {
	if len(old) == 0 || len(now) == 0 {
		return out
	}
	a, b := benchmath.NewSample(append([]float64(nil), old...), &benchmath.DefaultThresholds), benchmath.NewSample(append([]float64(nil), now...), &benchmath.DefaultThresholds)
	c.Old, c.New = benchmath.AssumeNothing.Summary(a, confidence), benchmath.AssumeNothing.Summary(b, confidence)
	c.Comparison = benchmath.AssumeNothing.Compare(a, b)
	if c.Comparison.P < c.Comparison.Alpha {
		c.Slower, c.Faster = c.Factor() > 1+threshold, c.Factor() < 1-threshold
	}
	return append(out, c)
}

// WriteChanges writes a comparison as Markdown: what became slower, what became faster, and how many are alike.
func WriteChanges(w io.Writer, changes []Change) error {
	var b strings.Builder
	alike := 0
	part := func(title string, has func(*Change) bool) {
		var rows [][]string
		for i := range changes {
			if c := &changes[i]; has(c) {
				rows = append(rows, []string{"`" + c.Name + "` " + c.Engine, interval(c.Old, c.Unit), interval(c.New, c.Unit), fmt.Sprintf("%.2f ×", c.Factor()), c.Comparison.String()})
			}
		}
		if rows != nil {
			b.WriteString("## " + title + "\n\n")
			table(&b, []string{"what", "before", "now", "time", "test"}, rows)
		}
	}
	part("Slower", func(c *Change) bool { return c.Slower })
	part("Faster", func(c *Change) bool { return c.Faster })
	few := false
	for i := range changes {
		if !changes[i].Slower && !changes[i].Faster {
			alike++
		}
		few = few || changes[i].Comparison.N1 < 4 || changes[i].Comparison.N2 < 4
	}
	fmt.Fprintf(&b, "%d of %d measurements do not differ by more than chance and the threshold. Intervals are at %.0f %% confidence.\n", alike, len(changes), confidence*100)
	if few {
		b.WriteString("Some have fewer than 4 samples a run, which cannot show any difference: take more rounds.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// interval writes a median with its interval, if the samples are enough for one.
func interval(s benchmath.Summary, unit string) string {
	if math.IsInf(s.Lo, 0) || math.IsInf(s.Hi, 0) {
		return fmt.Sprintf("%s [too few samples] %s", count(s.Center), unit)
	}
	return fmt.Sprintf("%s [%s, %s] %s", count(s.Center), count(s.Lo), count(s.Hi), unit)
}
