package copyio

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// lined tells whether a format is one of PostgreSQL's text formats, to which delimiters and NULL strings belong.
func (f Format) lined() bool { return f == Text || f == CSV }

// check is PostgreSQL's ProcessCopyOptions after the options are read: it fills in defaults and refuses what does not go together, in that order.
func (g *given) check() error {
	o := g.o
	if !o.Format.lined() {
		return g.checkOthers()
	}
	csv := o.Format == CSV
	delim, null, quote, esc := "\t", `\N`, "", ""
	if csv {
		delim, null, quote = ",", "", `"`
	}
	set(&delim, g.delim)
	set(&null, g.null)
	set(&quote, g.quote)
	esc = quote
	set(&esc, g.esc)
	if err := checkDelimiter(delim, null, csv); err != nil {
		return err
	}
	if err := g.checkQuotes(delim, quote, esc, csv); err != nil {
		return err
	}
	if err := g.checkForce(csv); err != nil {
		return err
	}
	if strings.Contains(null, delim) {
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY delimiter must not appear in the NULL specification")
	}
	if csv && strings.Contains(null, quote) {
		return sqlstate.New(sqlstate.FeatureNotSupported, "CSV quote character must not appear in the NULL specification")
	}
	o.Delimiter, o.Null = delim[0], null
	if csv {
		o.Quote, o.Escape = quote[0], esc[0]
	}
	return nil
}

func set(to *string, value *string) {
	if value != nil {
		*to = *value
	}
}

func checkDelimiter(delim, null string, csv bool) error {
	switch {
	case len(delim) != 1:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY delimiter must be a single one-byte character")
	case strings.ContainsAny(delim, "\r\n"):
		return sqlstate.New(sqlstate.InvalidParameterValue, "COPY delimiter cannot be newline or carriage return")
	case strings.ContainsAny(null, "\r\n"):
		return sqlstate.New(sqlstate.InvalidParameterValue, "COPY null representation cannot use newline or carriage return")
	case !csv && strings.Contains(`\.abcdefghijklmnopqrstuvwxyz0123456789`, delim):
		return sqlstate.New(sqlstate.InvalidParameterValue, "COPY delimiter cannot be \"%s\"", delim)
	}
	return nil
}

func (g *given) checkQuotes(delim, quote, esc string, csv bool) error {
	switch {
	case !csv && g.quote != nil:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY quote available only in CSV mode")
	case csv && len(quote) != 1:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY quote must be a single one-byte character")
	case csv && delim == quote:
		return sqlstate.New(sqlstate.InvalidParameterValue, "COPY delimiter and quote must be different")
	case !csv && g.esc != nil:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY escape available only in CSV mode")
	case csv && len(esc) != 1:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY escape must be a single one-byte character")
	}
	return nil
}

func (g *given) checkForce(csv bool) error {
	o := g.o
	quotes := o.ForceQuote != nil || o.ForceQuoteAll
	for _, f := range []struct {
		given  bool
		name   string
		inFrom bool
	}{{quotes, "quote", false}, {o.ForceNotNull != nil, "not null", true}, {o.ForceNull != nil, "null", true}} {
		if f.given && !csv {
			return sqlstate.New(sqlstate.FeatureNotSupported, "COPY force %s available only in CSV mode", f.name)
		}
		if f.given && f.inFrom != g.from {
			direction := "COPY TO"
			if f.inFrom {
				direction = "COPY FROM"
			}
			return sqlstate.New(sqlstate.FeatureNotSupported, "COPY force %s only available using %s", f.name, direction)
		}
	}
	return nil
}

// checkOthers refuses the options of the text formats for the formats that PostgreSQL does not have, in the words it has for binary.
func (g *given) checkOthers() error {
	mode := strings.ToUpper(g.o.Format.String())
	for _, name := range []string{"delimiter", "null", "header", "quote", "escape", "force_quote", "force_not_null", "force_null"} {
		at, ok := g.seen[name]
		if !ok || name == "header" && g.o.Header == HeaderOff {
			continue
		}
		return sqlstate.New(sqlstate.FeatureNotSupported, "cannot specify %s in %s mode", strings.ToUpper(name), mode).At(at.Position())
	}
	if g.o.Format == SWF && !g.from {
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY TO in the format \"swf\" is not supported").At(g.seen["format"].Position())
	}
	return nil
}

// withDefaults gives the options to work with: those of the text format for nil, and the defaults of the characters that are zero.
func (o *Options) withDefaults() *Options {
	if o == nil {
		return &Options{Delimiter: '\t', Null: `\N`}
	}
	c := *o
	if c.Delimiter == 0 && c.Format == Text {
		c.Delimiter = '\t'
		if c.Null == "" {
			c.Null = `\N`
		}
	}
	if c.Format == CSV {
		c.Delimiter, c.Quote = orByte(c.Delimiter, ','), orByte(c.Quote, '"')
		c.Escape = orByte(c.Escape, c.Quote)
	}
	return &c
}

func orByte(b, other byte) byte {
	if b == 0 {
		return other
	}
	return b
}
