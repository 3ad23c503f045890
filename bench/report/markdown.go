package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/stoadb/stoa/bench/measure"
	"github.com/stoadb/stoa/bench/suite"
)

// section is a part of a report: a table with words before it, or text as it is.
type section struct {
	Title, Text string
	Header      []string // all columns but the first are numbers
	Rows        [][]string
	Plain       string
}

// sections gives the parts that have something to say, in their order.
func sections(r *measure.Result) []section {
	all := []section{summary(r), targetsSection(r)}
	for _, g := range suite.Groups() {
		all = append(all, queries(r, g))
	}
	all = append(append(all, speeds(r), writes(r), failures(r)), profiles(r)...)
	return slices.DeleteFunc(all, func(s section) bool { return s.Rows == nil && s.Plain == "" })
}

// Markdown writes the report as Markdown.
func Markdown(w io.Writer, r *measure.Result) error {
	var b strings.Builder
	b.WriteString("# Benchmark\n\n")
	for _, line := range head(r) {
		b.WriteString("- " + line + "\n")
	}
	for _, s := range sections(r) {
		b.WriteString("\n## " + s.Title + "\n\n")
		if s.Text != "" {
			b.WriteString(s.Text + "\n\n")
		}
		if s.Rows != nil {
			table(&b, s.Header, s.Rows)
		}
		if s.Plain != "" {
			b.WriteString("```\n" + strings.TrimRight(s.Plain, "\n") + "\n```\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// head says what was run where.
func head(r *measure.Result) []string {
	m := &r.Machine
	out := []string{
		fmt.Sprintf("%s, %s jobs, %s live queries, seed %d", r.Started.UTC().Format("2006-01-02 15:04 UTC"), grouped(r.Rows), grouped(r.Live), r.Seed),
		strings.TrimSpace(fmt.Sprintf("%s, %d processors used, %s, %s", m.CPU, m.Processors, m.OS, m.Go)),
		fmt.Sprintf("read bandwidth measured: %.1f GB/s; load averages at the start: %s", m.Bandwidth, m.Load),
	}
	return append(out, r.Notes...)
}

// table writes a Markdown table. All columns but the first are numbers.
func table(b *strings.Builder, header []string, rows [][]string) {
	b.WriteString("| " + strings.Join(header, " | ") + " |\n|---|" + strings.Repeat("---:|", len(header)-1) + "\n")
	for _, row := range rows {
		for i, cell := range row {
			row[i] = strings.NewReplacer("|", `\|`, "\n", " ").Replace(cell)
		}
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
}

func summary(r *measure.Result) section {
	pairs := Pairs(r)
	if len(pairs) == 0 {
		return section{}
	}
	header := []string{"", "queries"}
	for _, p := range pairs {
		header = append(header, p.Engine+" / "+p.Other)
	}
	var rows [][]string
	for _, g := range suite.Groups() {
		row, n := []string{string(g)}, 0
		for i := range r.Queries {
			if r.Queries[i].Query.Group == g {
				n++
			}
		}
		if n == 0 {
			continue
		}
		row = append(row, fmt.Sprint(n))
		for _, p := range pairs {
			s := r.Summary(g, p.Engine, p.Other)
			cell := "–"
			if s.Queries > 0 {
				cell = fmt.Sprintf("%.2f × (%.2f × %s)", s.Mean, s.Least, s.LeastName)
			}
			if s.Queries < n {
				cell += fmt.Sprintf(", %d of %d", s.Queries, n)
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return section{Title: "How many times as fast", Text: "Geometric means of the ratios of medians; in brackets the least, and its query.", Header: header, Rows: rows}
}

func queries(r *measure.Result, g suite.Group) section {
	pairs := Pairs(r)
	header := []string{"query"}
	header = append(header, r.Engines...)
	for _, p := range pairs {
		header = append(header, p.Engine+" / "+p.Other)
	}
	var rows [][]string
	for i := range r.Queries {
		m := &r.Queries[i]
		if m.Query.Group != g {
			continue
		}
		row := []string{"`" + m.Query.Name + "` " + m.Query.Title}
		for _, e := range r.Engines {
			row = append(row, milliseconds(m.Timing(e)))
		}
		for _, p := range pairs {
			cell := "–"
			if ratio, ok := m.Ratio(p.Engine, p.Other); ok {
				cell = fmt.Sprintf("%.2f ×", ratio)
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return section{Title: strings.ToUpper(string(g[0])) + string(g[1:]), Text: "Milliseconds: median (least to greatest).", Header: header, Rows: rows}
}

func milliseconds(t *measure.Timing) string {
	switch {
	case t == nil:
		return "–"
	case t.Error != "":
		return "failed"
	}
	lo, hi := t.Spread()
	return fmt.Sprintf("%s (%s–%s)", short(t.Median()), short(lo), short(hi))
}

// short writes a number with three digits.
func short(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// grouped writes an integer with its thousands apart.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// speeds writes rows and bytes a second of the queries that name the columns they must touch.
func speeds(r *measure.Result) section {
	header := []string{"query"}
	header = append(header, r.Engines...)
	var rows [][]string
	for i := range r.Queries {
		m := &r.Queries[i]
		if r.Bytes(&m.Query) == 0 || m.Query.Group == suite.Live {
			continue
		}
		row := []string{"`" + m.Query.Name + "`"}
		for _, e := range r.Engines {
			t := m.Timing(e)
			if t == nil || t.Median() <= 0 {
				row = append(row, "–")
				continue
			}
			f := figure(r, m, t)
			row = append(row, fmt.Sprintf("%s M, %s, %.0f %%", short(f.Rows/1e6), short(f.Bytes/1e9), 100*f.Bandwidth))
		}
		rows = append(rows, row)
	}
	return section{Title: "Speed", Header: header, Rows: rows, Text: "Rows a second, GB a second, and that as a part of the measured bandwidth. The bytes are those of the columns that " +
		"the query must touch if nothing of them is skipped, in their smallest form in memory; more than 100 % means that most was skipped."}
}

func writes(r *measure.Result) section {
	var rows [][]string
	for i := range r.Writes {
		w := &r.Writes[i]
		cell := "failed: " + w.Error
		if w.Error == "" {
			lo, hi := w.Rates[0], w.Rates[0]
			for _, x := range w.Rates {
				lo, hi = min(lo, x), max(hi, x)
			}
			cell = fmt.Sprintf("%s (%s–%s) %s", count(w.Median()), count(lo), count(hi), w.Unit)
		}
		rows = append(rows, []string{"`" + w.Name + "` " + w.Title, w.Engine, cell, w.Note})
	}
	return section{Title: "Writing, flushing, opening", Text: "Median rate a second (least to greatest).", Header: []string{"what", "engine", "rate", "beside"}, Rows: rows}
}

// count writes a rate.
func count(x float64) string {
	if x >= 1000 {
		return grouped(int64(x + 0.5))
	}
	return short(x)
}

func failures(r *measure.Result) section {
	var rows [][]string
	for i := range r.Queries {
		for _, t := range r.Queries[i].Timings {
			if t.Error != "" {
				rows = append(rows, []string{"`" + r.Queries[i].Query.Name + "`", t.Engine, t.Error})
			}
		}
	}
	return section{Title: "What failed", Header: []string{"query", "engine", "error"}, Rows: rows}
}

// profiles shows where the time goes of the queries that are behind.
func profiles(r *measure.Result) (out []section) {
	for _, p := range r.Profiles {
		out = append(out, section{Title: "Behind: " + p.Query + ", " + p.Engine, Text: "EXPLAIN ANALYZE, once. docs/design/007-speed.md has the reasons that are known.", Plain: p.Text})
	}
	return out
}
