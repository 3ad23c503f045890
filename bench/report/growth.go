package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/stoadb/stoa/bench/measure"
)

//go:embed growth.html
var growthPage string

// Growth writes how times grow with the number of rows, from runs on histories of different sizes: a page with a plot for each query, both axes logarithmic.
func Growth(w io.Writer, runs []*measure.Result) error {
	runs, err := bySize(runs)
	if err != nil {
		return err
	}
	t, err := template.New("page").Parse(growthPage)
	if err != nil {
		return err
	}
	data := struct {
		Head    []string
		Engines []legend
		Plots   []growthPlot
	}{Head: head(runs[len(runs)-1])}
	for i, e := range runs[0].Engines {
		data.Engines = append(data.Engines, legend{e, colour(i)})
	}
	for _, c := range curves(runs) {
		data.Plots = append(data.Plots, c.plot(runs))
	}
	return t.Execute(w, data)
}

// GrowthMarkdown writes the same as a table: for each query and engine the medians, and the exponent by which they grow from the smallest history to the
// largest: 0 does not grow, 1 is linear.
func GrowthMarkdown(w io.Writer, runs []*measure.Result) error {
	runs, err := bySize(runs)
	if err != nil {
		return err
	}
	header := []string{"query"}
	for _, r := range runs {
		header = append(header, grouped(r.Rows)+", ms")
	}
	header = append(header, "exponent")
	var rows [][]string
	for _, c := range curves(runs) {
		for _, l := range c.lines {
			row := []string{"`" + c.name + "` " + l.engine}
			for _, ms := range l.medians {
				if ms > 0 {
					row = append(row, short(ms))
				} else {
					row = append(row, "–")
				}
			}
			cell := "–"
			if x, ok := l.exponent(runs); ok {
				cell = fmt.Sprintf("%.2f", x)
			}
			rows = append(rows, append(row, cell))
		}
	}
	var b strings.Builder
	table(&b, header, rows)
	_, err = io.WriteString(w, b.String())
	return err
}

// bySize sorts runs by their rows, and refuses what shows no growth.
func bySize(runs []*measure.Result) ([]*measure.Result, error) {
	runs = slices.Clone(runs)
	slices.SortFunc(runs, func(a, b *measure.Result) int { return int(min(1, max(-1, a.Rows-b.Rows))) })
	runs = slices.CompactFunc(runs, func(a, b *measure.Result) bool { return a.Rows == b.Rows })
	if len(runs) < 2 || runs[0].Rows <= 0 {
		return nil, fmt.Errorf("growth is shown of runs on at least two histories of different sizes")
	}
	return runs, nil
}

// curve is a query's times over the sizes.
type curve struct {
	name, title string
	lines       []line
}

type line struct {
	engine  string
	medians []float64 // by run; 0 where there is none
}

func curves(runs []*measure.Result) []curve {
	var out []curve
	for i := range runs[0].Queries {
		q := &runs[0].Queries[i].Query
		c := curve{name: q.Name, title: q.Title}
		for _, e := range runs[0].Engines {
			l := line{engine: e}
			for _, r := range runs {
				l.medians = append(l.medians, median(r, q.Name, e))
			}
			c.lines = append(c.lines, l)
		}
		out = append(out, c)
	}
	return out
}

func median(r *measure.Result, query, engine string) float64 {
	for i := range r.Queries {
		if r.Queries[i].Query.Name == query {
			if t := r.Queries[i].Timing(engine); t != nil {
				return t.Median()
			}
		}
	}
	return 0
}

// exponent gives the slope on logarithmic axes between the smallest and the largest history.
func (l *line) exponent(runs []*measure.Result) (float64, bool) {
	first, last := l.medians[0], l.medians[len(l.medians)-1]
	if first <= 0 || last <= 0 {
		return 0, false
	}
	return math.Log(last/first) / math.Log(float64(runs[len(runs)-1].Rows)/float64(runs[0].Rows)), true
}

// growthPlot is a plot of 280 × 200, its lines as points of SVG.
type growthPlot struct {
	Name, Title string
	Lines       []plotLine
	X, Y        []tick
}

type plotLine struct{ Points, Colour, Label string }

func (c *curve) plot(runs []*measure.Result) growthPlot {
	p := growthPlot{Name: c.name, Title: c.title}
	least, greatest := math.Inf(1), 0.0
	for _, l := range c.lines {
		for _, ms := range l.medians {
			if ms > 0 {
				least, greatest = min(least, ms), max(greatest, ms)
			}
		}
	}
	if greatest == 0 {
		return p
	}
	from, to := math.Floor(math.Log10(least)), math.Ceil(math.Log10(greatest)+1e-9)
	small, large := math.Log10(float64(runs[0].Rows)), math.Log10(float64(runs[len(runs)-1].Rows))
	x := func(rows int64) int { return 50 + int(210*(math.Log10(float64(rows))-small)/(large-small)) }
	y := func(ms float64) int { return 170 - int(150*(math.Log10(ms)-from)/(to-from)) }
	for i, l := range c.lines {
		out := plotLine{Colour: colour(i), Label: l.engine}
		for n, ms := range l.medians {
			if ms > 0 {
				out.Points += fmt.Sprintf("%d,%d ", x(runs[n].Rows), y(ms))
			}
		}
		p.Lines = append(p.Lines, out)
	}
	for _, r := range runs {
		p.X = append(p.X, tick{x(r.Rows), grouped(r.Rows)})
	}
	for e := from; e <= to; e++ {
		p.Y = append(p.Y, tick{y(math.Pow(10, e)), fmt.Sprintf("%g ms", math.Pow(10, e))})
	}
	return p
}
