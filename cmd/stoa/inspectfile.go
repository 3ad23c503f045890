package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
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
		return unreadable(err)
	}
	switch format {
	case "json":
		return printJSON(s.out, r)
	case "sql":
		_, err = io.WriteString(s.out, createTable(r))
		return err
	case "arrow-json":
		return printArrowJSON(s, r)
	}
	p := &filePrinter{s: s, r: r, width: width(s.out, 200)}
	p.head()
	p.columns()
	p.groups()
	p.metadata()
	return p.err
}

// unreadable gives an error of reading a Parquet file its SQLSTATE.
func unreadable(err error) error {
	if sqlstate.CodeOf(err) != sqlstate.InternalError {
		return err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return statError(err)
	case errors.Is(err, parquetio.ErrNotParquet):
		e := &sqlstate.Error{Code: sqlstate.BadCopyFileFormat, Message: err.Error(), Cause: err}
		return e.WithHint("A Parquet file begins and ends with PAR1. COPY reads text, csv, ndjson and swf as well.")
	}
	return &sqlstate.Error{Code: sqlstate.BadCopyFileFormat, Message: err.Error(), Cause: err}
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
	p.printf("written by %s; %s\n", cell(r.CreatedBy), checked)
	if r.Profile != "" {
		p.origin()
	}
	p.printf("\n")
}

// origin says what a file of ours tells of where it comes from.
func (p *filePrinter) origin() {
	r := p.r
	m := func(key string) string { return cell(r.Metadata[key]) }
	p.printf("table %s.%s, schema version %s, contract %s, profile %s", m(parquetio.KeyNamespace), m(parquetio.KeyTable), m(parquetio.KeySchemaVersion),
		m(parquetio.KeyContractVersion), r.Profile)
	if r.Aggregates > 0 {
		p.printf(", aggregates of %s", count(int64(r.Aggregates), "row group", "row groups"))
	}
	p.printf("\n")
	lo, lerr := strconv.ParseInt(r.Metadata[parquetio.KeySortMin], 10, 64)
	hi, herr := strconv.ParseInt(r.Metadata[parquetio.KeySortMax], 10, 64)
	if lerr == nil && herr == nil {
		p.printf("%s from %s to %s\n", m(parquetio.KeySortColumn), timestampText(lo, " "), timestampText(hi, " "))
	}
	var from []string
	for _, e := range [][2]string{{"storage", "stoa.storage"}, {"template", "stoa.path_template"}, {"user", "stoa.user"}, {"job", "stoa.job_id"}} {
		if r.Metadata[e[1]] != "" {
			from = append(from, e[0]+" "+m(e[1]))
		}
	}
	if len(from) > 0 {
		p.printf("%s\n", strings.Join(from, ", "))
	}
}

// ratio says how many times smaller pages became.
func ratio(raw, compressed int64) string {
	if compressed <= 0 || raw <= 0 {
		return ""
	}
	return strconv.FormatFloat(float64(raw)/float64(compressed), 'f', 2, 64)
}

func (p *filePrinter) columns() {
	cols := []render.Heading{
		{Name: "Column"}, {Name: "Type"}, {Name: "Stored as"}, {Name: "Size", Right: true}, {Name: "Raw", Right: true}, {Name: "Ratio", Right: true},
		{Name: "Encodings"}, {Name: "Compression"}, {Name: "Pages", Right: true}, {Name: "Dictionary", Right: true}, {Name: "Bloom", Right: true}, {Name: "Nulls", Right: true}, {Name: "Min"}, {Name: "Max"},
	}
	var rows [][]string
	for i, c := range p.r.Columns {
		if i == manyColumns {
			break
		}
		kind := c.Type
		if kind == "" {
			kind = "(not readable)"
		}
		if !c.Nullable {
			kind += " not null"
		}
		rows = append(rows, []string{
			cell(c.Name), kind, cell(c.Stored), render.Bytes(c.Compressed), render.Bytes(c.Raw), ratio(c.Raw, c.Compressed), strings.Join(c.Encodings, " "),
			strings.Join(c.Compression, " "), grouped(c.DataPages), some(c.DictEntries, grouped), some(c.BloomBytes, render.Bytes), known(c.Nulls), bound(c.Min), bound(c.Max),
		})
	}
	p.table(cols, rows)
	if more := len(p.r.Columns) - len(rows); more > 0 {
		p.printf("and %s\n", count(int64(more), "more column", "more columns"))
	}
}

// The format json has all of a file; a table shows people this many columns, entries of the metadata, and bytes of a text.
const (
	manyColumns = 1000
	manyEntries = 200
	manyBytes   = 1000
)

// cell gives a text that a file has, which may be megabytes of anything, as a line of bounded length.
func cell(s string) string {
	if len(s) > manyBytes {
		s = strings.ToValidUTF8(s[:manyBytes], "") + "…"
	}
	return render.Escape(s)
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
	return render.Shorten(cell(*s), maxBound)
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
	for _, k := range keys[:min(len(keys), manyEntries)] {
		v := p.r.Metadata[k]
		rows = append(rows, []string{cell(k), render.Bytes(int64(len(v))), cell(v)})
	}
	p.printf("\n")
	p.table([]render.Heading{{Name: "Metadata"}, {Name: "Size", Right: true}, {Name: "Value"}}, rows)
	if more := len(keys) - len(rows); more > 0 {
		p.printf("and %s\n", count(int64(more), "more entry", "more entries"))
	}
}
