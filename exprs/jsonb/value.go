package jsonb

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/jsontext"
)

// Value gives the document that to_jsonb makes of a value of type t, of which text is what its output function prints: numbers and booleans as such,
// documents as they are, dates and times in ISO 8601's form, all else as a string. The error is 22P02 or 22003, of a json value that jsonb refuses.
func Value(t arrowschema.Type, text string) (string, error) {
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
		return jsontext.Canonical(text)
	case arrowschema.Timestamp, arrowschema.TimestampTZ:
		return jsontext.Quote(isoTimestamp(text, t == arrowschema.TimestampTZ)), nil
	default:
		return jsontext.Quote(text), nil
	}
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
