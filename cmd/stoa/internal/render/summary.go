package render

import (
	"io"
	"unicode/utf8"

	pretty "github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Summary writes rows of texts as a table for people: with rules, indented, one line a row. When it would be wider than width columns, its widest columns
// are cut, and what was cut ends in an ellipsis. Control characters are escaped; there are no colours.
func Summary(w io.Writer, cols []Heading, rows [][]string, width int) error {
	t := pretty.NewWriter()
	style := pretty.StyleLight
	style.Format.Header = text.FormatDefault
	style.Options.DrawBorder = false
	t.SetStyle(style)
	sizes := make([]int, len(cols))
	head := make(pretty.Row, len(cols))
	for i, c := range cols {
		head[i] = Escape(c.Name)
		sizes[i] = text.StringWidth(Escape(c.Name))
	}
	t.AppendHeader(head)
	for _, row := range rows {
		out := make(pretty.Row, len(row))
		for i, value := range row {
			value = Escape(value)
			out[i] = value
			sizes[i] = max(sizes[i], text.StringWidth(value))
		}
		t.AppendRow(out)
	}
	fit(sizes, width-1-3*len(cols))
	configs := make([]pretty.ColumnConfig, len(cols))
	for i, c := range cols {
		align := text.AlignLeft
		if c.Right {
			align = text.AlignRight
		}
		configs[i] = pretty.ColumnConfig{
			Number: i + 1, Align: align, AlignHeader: align, WidthMax: sizes[i],
			WidthMaxEnforcer: func(s string, n int) string { return text.Snip(s, n, "…") },
		}
		head[i] = text.Snip(head[i].(string), sizes[i], "…")
	}
	t.SetColumnConfigs(configs)
	t.SetOutputMirror(w)
	t.Render()
	return nil
}

// minWidth is the width to which a column is cut at most.
const minWidth = 8

// fit cuts the widest columns until all together take no more than room, or none can be cut any more.
func fit(sizes []int, room int) {
	for {
		sum, widest := 0, 0
		for i, n := range sizes {
			sum += n
			if n > sizes[widest] {
				widest = i
			}
		}
		if sum <= room || len(sizes) == 0 || sizes[widest] <= minWidth {
			return
		}
		sizes[widest]--
	}
}

// Shorten cuts a text to n characters, the last of which is then an ellipsis.
func Shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return text.Snip(s, n, "…")
}
