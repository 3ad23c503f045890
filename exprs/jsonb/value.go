package jsonb

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/jsontext"
)

// Value gives the document that to_jsonb makes of a value of type t, of which text is what its output function prints: numbers and booleans as such,
// documents as they are, dates and times in ISO 8601's form, all else as a string. The error is 22P02 or 22003, of a json value that jsonb refuses.
func Value(t arrowschema.Type, text string) (string, error) { return value(nil, t, text) }

// value is Value with looks at the context, which may be nil, where the text is long.
func value(ctx *exprs.Ctx, t arrowschema.Type, text string) (string, error) {
	switch t {
	case arrowschema.Bool:
		return jsontext.FromBool(text == "t"), nil
	case arrowschema.Int2, arrowschema.Int4, arrowschema.Int8:
		return text, nil
	case arrowschema.Numeric, arrowschema.Float4, arrowschema.Float8:
		return jsontext.FromNumeric(text)
	case arrowschema.JSONB:
		return text, nil
	case arrowschema.JSON:
		return canonical(ctx, text)
	case arrowschema.Timestamp, arrowschema.TimestampTZ:
		return jsontext.Quote(isoTimestamp(text, t == arrowschema.TimestampTZ)), nil
	default:
		if err := jsontext.CheckLength(text); err != nil {
			return "", err
		}
		return quote(ctx, text)
	}
}

// quote gives a text as a JSON string.
func quote(ctx *exprs.Ctx, s string) (string, error) {
	if len(s) < jsontext.LongDocument {
		return jsontext.Quote(s), nil
	}
	return jsontext.QuoteWatched(s, watch(ctx))
}

// isoTimestamp turns a timestamp's text into ISO 8601's: a T between date and time, minutes in the offset.
func isoTimestamp(text string, zoned bool) string {
	date, clock, found := strings.Cut(text, " ")
	if !found { // infinity
		return text
	}
	clock, era, _ := strings.Cut(clock, " ")
	if at := strings.LastIndexAny(clock, "+-"); zoned && at >= 0 && !strings.Contains(clock[at:], ":") {
		clock += ":00"
	}
	if era != "" {
		era = " " + era
	}
	return date + "T" + clock + era
}
