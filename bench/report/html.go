package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"

	"github.com/stoadb/stoa/bench/measure"
	"github.com/stoadb/stoa/bench/suite"
)

//go:embed page.html
var page string

// HTML writes the report as one page that needs nothing else: a plot of the times of each group, on a logarithmic scale, and the tables.
func HTML(w io.Writer, r *measure.Result) error {
	t, err := template.New("page").Parse(page)
	if err != nil {
		return err
	}
	data := struct {
		Head    []string
		Engines []legend
		Groups  []groupPlot
		Tables  []section
	}{Head: head(r), Tables: plainCells(sections(r))}
	for i, e := range r.Engines {
		data.Engines = append(data.Engines, legend{e, colour(i)})
	}
	for _, g := range suite.Groups() {
		if p := plotOf(r, g); len(p.Rows) > 0 {
			data.Groups = append(data.Groups, p)
		}
	}
	return t.Execute(w, data)
}

// plainCells takes Markdown's marks of code out of cells.
func plainCells(list []section) []section {
	for _, s := range list {
		for _, row := range s.Rows {
			row[0] = strings.ReplaceAll(row[0], "`", "")
		}
	}
	return list
}

type legend struct{ Name, Colour string }

// colour gives the colour of an engine: of a palette that people of all kinds of sight can tell apart (Okabe and Ito, 2008).
func colour(i int) string {
	palette := []string{"#0072b2", "#56b4e9", "#009e73", "#d55e00", "#e69f00", "#cc79a7", "#000000"}
	return palette[i%len(palette)]
}

// groupPlot is the bars of a group of queries.
type groupPlot struct {
	Title         string
	Width, Height int
	Rows          []plotRow
	Ticks         []tick
}

type plotRow struct {
	Name, Title string
	Y           int
	Bars        []bar
}

type bar struct {
	X, Y, Width, Height int
	Low, High           int // the spread
	End, Base           int // where the label stands
	Colour, Label       string
}

type tick struct {
	X     int
	Label string
}

const (
	labelWidth = 190
	plotWidth  = 620
	barHeight  = 11
)

func plotOf(r *measure.Result, g suite.Group) groupPlot {
	p := groupPlot{Title: string(g), Width: labelWidth + plotWidth + 90}
	least, greatest := math.Inf(1), 0.0
	for i := range r.Queries {
		for _, t := range r.Queries[i].Timings {
			if lo, hi := t.Spread(); r.Queries[i].Query.Group == g && lo > 0 {
				least, greatest = min(least, lo), max(greatest, hi)
			}
		}
	}
	if greatest == 0 {
		return p
	}
	from, to := math.Floor(math.Log10(least)), math.Ceil(math.Log10(greatest)+1e-9)
	at := func(ms float64) int { return labelWidth + int(float64(plotWidth)*(math.Log10(ms)-from)/(to-from)) }
	y := 24
	for i := range r.Queries {
		m := &r.Queries[i]
		if m.Query.Group != g {
			continue
		}
		row := plotRow{Name: m.Query.Name, Title: m.Query.Title, Y: y + barHeight*len(r.Engines)/2 + 4}
		for n, e := range r.Engines {
			if t := m.Timing(e); t != nil && t.Median() > 0 {
				lo, hi := t.Spread()
				row.Bars = append(row.Bars, bar{labelWidth, y, max(1, at(t.Median())-labelWidth), barHeight - 2, at(lo), at(hi), at(hi) + 6, y + barHeight - 3, colour(n), short(t.Median()) + " ms"})
			}
			y += barHeight
		}
		y += 9
		p.Rows = append(p.Rows, row)
	}
	p.Height = y + 4
	for e := from; e <= to; e++ {
		p.Ticks = append(p.Ticks, tick{at(math.Pow(10, e)), fmt.Sprintf("%g ms", math.Pow(10, e))})
	}
	return p
}
