package copyio

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/sql/parser"
)

// Format is the form of a file.
type Format uint8

// The formats.
const (
	Text Format = iota
	CSV
	NDJSON
	Parquet
	SWF
)

// String gives the format's name as the option FORMAT has it.
func (f Format) String() string { return [...]string{"text", "csv", "ndjson", "parquet", "swf"}[f] }

// Header says what is to be done about a first line of column names.
type Header uint8

// The choices of the option HEADER.
const (
	HeaderOff   Header = iota
	HeaderOn           // skipped when read
	HeaderMatch        // must name the columns, in order; COPY FROM only
)

// Options are the options of a COPY statement. nil means the text format with its defaults.
type Options struct {
	Format        Format
	Header        Header
	Delimiter     byte
	Quote, Escape byte   // csv only
	Null          string // what stands for NULL

	ForceQuote    []string // columns whose values are always quoted; COPY TO csv
	ForceQuoteAll bool
	ForceNotNull  []string // columns whose values are never the NULL string; COPY FROM csv
	ForceNull     []string // columns in which the NULL string is NULL also when it is quoted; COPY FROM csv

	// Listed says that the statement lists columns. It is set by the caller: a Parquet or ndjson file may then have columns beyond the list.
	Listed bool

	// Others are the columns of the table that the statement does not name. They are set by the caller: their values take memory in each row, too, and count
	// when a file is held against its size.
	Others []Column

	// Stop is asked now and then while a Parquet file is written, which is done a hundred thousand rows at a time; its error ends that. It is set by the caller.
	Stop func() error
}

// formatNamed finds a format by the option's value. jsonl and json are what other engines call newline-delimited JSON.
func formatNamed(name string) (Format, bool) {
	switch name {
	case "text":
		return Text, true
	case "csv":
		return CSV, true
	case "ndjson", "jsonl", "json":
		return NDJSON, true
	case "parquet":
		return Parquet, true
	case "swf":
		return SWF, true
	}
	return Text, false
}

// formatOf infers the format from a file's name when no FORMAT is given, as DuckDB does: .csv, .parquet, .ndjson, .jsonl and .swf, with .gz or
// .zst behind it or not. Everything else is PostgreSQL's default, text.
func formatOf(file string) Format {
	name := strings.ToLower(path.Base(filepath.ToSlash(file)))
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	switch path.Ext(name) {
	case ".csv":
		return CSV
	case ".parquet":
		return Parquet
	case ".ndjson", ".jsonl":
		return NDJSON
	case ".swf":
		return SWF
	}
	return Text
}

// given notes which options a statement has and where.
type given struct {
	o     *Options
	from  bool
	delim *string
	null  *string
	quote *string
	esc   *string
	seen  map[string]parser.Pos
	forms bool
}

// ParseOptions reads the options of a COPY statement as PostgreSQL 15 does: its checks, in its order, with its words. file is the statement's
// file name, "" for STDIN and STDOUT.
//
// Errors: 42601 for an option that is unknown or given twice, 22023 and 0A000 for values that cannot be.
func ParseOptions(opts []parser.Option, from bool, file string) (*Options, error) {
	g := &given{o: &Options{}, from: from, seen: map[string]parser.Pos{}}
	for i := range opts {
		if err := g.take(&opts[i]); err != nil {
			return nil, err
		}
	}
	if !g.forms && file != "" {
		g.o.Format = formatOf(file)
	}
	if err := g.check(); err != nil {
		return nil, err
	}
	return g.o, nil
}

// take reads one option.
func (g *given) take(o *parser.Option) error {
	if _, ok := g.seen[o.Name]; ok && known(o.Name) {
		return sqlstate.New(sqlstate.SyntaxError, "conflicting or redundant options").At(o.Position())
	}
	g.seen[o.Name] = o.Pos
	switch o.Name {
	case "format":
		return g.format(o)
	case "freeze": // rows are visible when the statement commits, as ever: the option changes nothing
		_, err := boolOption(o)
		return err
	case "header":
		return g.header(o)
	case "delimiter":
		return stringInto(o, &g.delim)
	case "null":
		return stringInto(o, &g.null)
	case "quote":
		return stringInto(o, &g.quote)
	case "escape":
		return stringInto(o, &g.esc)
	case "force_quote":
		if _, ok := o.Value.(*parser.Star); ok {
			g.o.ForceQuoteAll = true
			return nil
		}
		return listInto(o, &g.o.ForceQuote)
	case "force_not_null":
		return listInto(o, &g.o.ForceNotNull)
	case "force_null":
		return listInto(o, &g.o.ForceNull)
	case "encoding":
		return encodingOption(o)
	}
	return sqlstate.New(sqlstate.SyntaxError, "option \"%s\" not recognized", o.Name).At(o.Position())
}

func known(name string) bool {
	return slices.Contains([]string{"format", "freeze", "header", "delimiter", "null", "quote", "escape", "force_quote", "force_not_null", "force_null",
		"encoding"}, name)
}

func (g *given) format(o *parser.Option) error {
	name, err := stringOption(o)
	if err != nil {
		return err
	}
	if name == "binary" {
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY format \"binary\" is not supported").At(o.Position())
	}
	f, ok := formatNamed(name)
	if !ok {
		return sqlstate.New(sqlstate.InvalidParameterValue, "COPY format \"%s\" not recognized", name).At(o.Position())
	}
	g.o.Format, g.forms = f, true
	return nil
}

// header reads HEADER, a boolean or the word match.
func (g *given) header(o *parser.Option) error {
	if o.Value == nil {
		g.o.Header = HeaderOn
		return nil
	}
	if on, ok := asBool(o.Value); ok {
		if on {
			g.o.Header = HeaderOn
		}
		return nil
	}
	if s, ok := o.Value.(*parser.StringLit); ok && strings.EqualFold(s.Value, "match") {
		if !g.from {
			return sqlstate.New(sqlstate.FeatureNotSupported, "cannot use \"%s\" with HEADER in COPY TO", s.Value)
		}
		g.o.Header = HeaderMatch
		return nil
	}
	return sqlstate.New(sqlstate.SyntaxError, "%s requires a Boolean value or \"match\"", o.Name)
}

// asBool reads a boolean as PostgreSQL's defGetBoolean does: 0, 1, true, false, on or off.
func asBool(e parser.Expr) (on, ok bool) {
	switch v := e.(type) {
	case *parser.IntLit:
		return v.Value == 1, v.Value == 0 || v.Value == 1
	case *parser.BoolLit:
		return v.Value, true
	case *parser.StringLit:
		switch strings.ToLower(v.Value) {
		case "true", "on":
			return true, true
		case "false", "off":
			return false, true
		}
	}
	return false, false
}

func boolOption(o *parser.Option) (bool, error) {
	if o.Value == nil {
		return true, nil
	}
	if on, ok := asBool(o.Value); ok {
		return on, nil
	}
	return false, sqlstate.New(sqlstate.SyntaxError, "%s requires a Boolean value", o.Name)
}

// stringOption gives an option's value as text, a number by its text.
func stringOption(o *parser.Option) (string, error) {
	switch v := o.Value.(type) {
	case nil:
		return "", sqlstate.New(sqlstate.SyntaxError, "%s requires a parameter", o.Name)
	case *parser.StringLit:
		return v.Value, nil
	case *parser.Star:
		return "*", nil
	case *parser.Row:
		return listText(v), nil
	}
	return parser.Format(o.Value), nil
}

func stringInto(o *parser.Option, to **string) error {
	s, err := stringOption(o)
	*to = &s
	return err
}

// listText gives a list as PostgreSQL's defGetString renders it: its words, one behind the other.
func listText(r *parser.Row) string {
	var words []string
	for _, f := range r.Fields {
		if s, ok := f.(*parser.StringLit); ok {
			words = append(words, s.Value)
		}
	}
	return strings.Join(words, ".")
}

func listInto(o *parser.Option, to *[]string) error {
	r, ok := o.Value.(*parser.Row)
	if !ok {
		return sqlstate.New(sqlstate.InvalidParameterValue, "argument to option \"%s\" must be a list of column names", o.Name).At(o.Position())
	}
	for _, f := range r.Fields {
		if s, ok := f.(*parser.StringLit); ok {
			*to = append(*to, s.Value)
		}
	}
	return nil
}

// encodingOption accepts the names of UTF-8.
func encodingOption(o *parser.Option) error {
	name, err := stringOption(o)
	if err != nil {
		return err
	}
	letters := strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
	if letters == "utf8" || letters == "unicode" {
		return nil
	}
	return sqlstate.New(sqlstate.FeatureNotSupported, "COPY encoding \"%s\" is not supported", name).At(o.Position()).
		WithHint("Text is UTF-8 in every format; convert the file first, for example with iconv.")
}
