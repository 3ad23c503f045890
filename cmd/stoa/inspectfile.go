package main

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/vfs"
)

// inspectFile prints what a Parquet file holds.
func inspectFile(s *streams, path, format string) error {
	r, err := parquetio.Inspect(vfs.OS(), path)
	if err != nil {
		if sqlstate.CodeOf(err) == sqlstate.InternalError {
			return &sqlstate.Error{Code: sqlstate.BadCopyFileFormat, Message: err.Error(), Cause: err}
		}
		return err
	}
	if format == "json" {
		return printJSON(s.out, r)
	}
	p := &filePrinter{s: s, r: r, width: width(s.out, 200)}
	p.head()
	p.columns()
	p.groups()
	p.metadata()
	return p.err
}

// filePrinter prints a report in parts.
type filePrinter struct {
	s     *streams
	r     *parquetio.Report
	width int
	err   error
}

func (p *filePrinter) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.s.out, format, args...)
	}
}

func (p *filePrinter) table(cols []render.Heading, rows [][]string) {
	if p.err == nil {
		p.err = render.Summary(p.s.out, cols, rows, p.width)
	}
}

func (p *filePrinter) head() {
	r := p.r
	p.printf("%s: %s, %s, %s, %s (%s footer)\n", render.Escape(r.Path), count(r.Rows, "row", "rows"), count(int64(len(r.Columns)), "column", "columns"),
		count(int64(len(r.Groups)), "row group", "row groups"), render.Bytes(r.Bytes), render.Bytes(r.FooterBytes))
	checked := "no checksums of column chunks"
	if r.Checksums {
		checked = "a CRC-32C for each column chunk"
	}
	p.printf("written by %s; %s\n\n", render.Escape(r.CreatedBy), checked)
}

func (p *filePrinter) columns() {
	cols := []render.Heading{
		{Name: "Column"}, {Name: "Type"}, {Name: "Stored as"}, {Name: "Size", Right: true}, {Name: "Raw", Right: true}, {Name: "Encodings"},
		{Name: "Compression"}, {Name: "Dictionary", Right: true}, {Name: "Bloom", Right: true}, {Name: "Nulls", Right: true}, {Name: "Min"}, {Name: "Max"},
	}
	var rows [][]string
	for _, c := range p.r.Columns {
		kind := c.Type
		if kind == "" {
			kind = "(not readable)"
		}
		if !c.Nullable {
			kind += " not null"
		}
		rows = append(rows, []string{
			c.Name, kind, c.Stored, render.Bytes(c.Compressed), render.Bytes(c.Raw), strings.Join(c.Encodings, " "), strings.Join(c.Compression, " "),
			some(c.DictEntries, grouped), some(c.BloomBytes, render.Bytes), known(c.Nulls), bound(c.Min), bound(c.Max),
		})
	}
	p.table(cols, rows)
}

// some gives a number that is not zero.
func some(n int64, format func(int64) string) string {
	if n == 0 {
		return ""
	}
	return format(n)
}

func known(n int64) string {
	if n < 0 {
		return "?"
	}
	return grouped(n)
}

// maxBound is how much of a bound is shown.
const maxBound = 40

func bound(s *string) string {
	if s == nil {
		return ""
	}
	return render.Shorten(render.Escape(*s), maxBound)
}

// manyGroups is how many row groups are listed one by one.
const manyGroups = 20

func (p *filePrinter) groups() {
	cols := []render.Heading{{Name: "Row group", Right: true}, {Name: "Rows", Right: true}, {Name: "Size", Right: true}, {Name: "Raw", Right: true},
		{Name: "Sorted by"}}
	var rows [][]string
	for i, g := range p.r.Groups {
		if i == manyGroups {
			break
		}
		rows = append(rows, []string{strconv.Itoa(i), grouped(g.Rows), render.Bytes(g.Compressed), render.Bytes(g.Raw), strings.Join(g.SortedBy, ", ")})
	}
	if len(rows) == 0 {
		return
	}
	p.printf("\n")
	p.table(cols, rows)
	if more := len(p.r.Groups) - len(rows); more > 0 {
		p.printf("and %s\n", count(int64(more), "more row group", "more row groups"))
	}
}

func (p *filePrinter) metadata() {
	if len(p.r.Metadata) == 0 {
		return
	}
	var keys []string
	for k := range p.r.Metadata {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var rows [][]string
	for _, k := range keys {
		v := p.r.Metadata[k]
		rows = append(rows, []string{k, render.Bytes(int64(len(v))), v})
	}
	p.printf("\n")
	p.table([]render.Heading{{Name: "Metadata"}, {Name: "Size", Right: true}, {Name: "Value"}}, rows)
}
