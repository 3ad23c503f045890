package vec

import (
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/temporal"
)

// Constant gives a constant vector of one row from the text of its value: the inverse of AppendText, with UTC for timestamptz. It reads what AppendText
// writes, and plain numbers, names of truth values and JSON in other spellings that input functions allow. Text that is no value of the type is 22P02,
// one beyond the type's limits 22003; dates and times have codes of their own.
func Constant(t arrowschema.Type, text string) (*Vec, error) {
	v := New(t, 1)
	v.Const = true
	var err error
	switch t.Physical() {
	case arrowschema.Bools:
		v.Bools[0], err = parseBool(text)
	case arrowschema.Ints:
		v.Ints[0], err = parseInts(t, text)
	case arrowschema.Floats:
		v.Floats[0], err = parseFloat(t, text)
	case arrowschema.UUIDs:
		v.UUIDs[0], err = parseUUID(text)
	case arrowschema.Decs:
		v.Decs[0], err = decimal.Parse(text)
	case arrowschema.Intervals:
		v.Intervals[0], err = temporal.ParseInterval(text)
	default:
		v.Strs[0], err = parseText(t, text)
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

func syntaxError(t arrowschema.Type, text string) error {
	return sqlstate.New(sqlstate.InvalidTextRepresentation, "invalid input syntax for type %s: \"%s\"", t, text)
}

func parseBool(text string) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "t", "true", "yes", "on", "1":
		return true, nil
	case "f", "false", "no", "off", "0":
		return false, nil
	}
	return false, syntaxError(arrowschema.Bool, text)
}

// parseInts reads a value of one of the types that are held as integers.
func parseInts(t arrowschema.Type, text string) (int64, error) {
	switch t {
	case arrowschema.Date:
		return temporal.ParseDate(text)
	case arrowschema.Time:
		return temporal.ParseTime(text)
	case arrowschema.Timestamp:
		return temporal.ParseTimestamp(text)
	case arrowschema.TimestampTZ:
		return temporal.ParseTimestampTZ(text, time.UTC)
	}
	x, err := strconv.ParseInt(strings.TrimSpace(text), 10, intBits(t))
	if errors.Is(err, strconv.ErrRange) {
		return 0, sqlstate.New(sqlstate.NumericValueOutOfRange, "value \"%s\" is out of range for type %s", text, t)
	}
	if err != nil {
		return 0, syntaxError(t, text)
	}
	return x, nil
}

func intBits(t arrowschema.Type) int {
	switch t {
	case arrowschema.Int2:
		return 16
	case arrowschema.Int4:
		return 32
	}
	return 64
}

func parseFloat(t arrowschema.Type, text string) (float64, error) {
	bits := 64
	if t == arrowschema.Float4 {
		bits = 32
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(text), bits)
	if errors.Is(err, strconv.ErrRange) {
		return 0, sqlstate.New(sqlstate.NumericValueOutOfRange, "\"%s\" is out of range for type %s", text, t)
	}
	if err != nil {
		return 0, syntaxError(t, text)
	}
	return f, nil
}

// parseUUID reads the 36-character form.
func parseUUID(text string) (u [16]byte, err error) {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return u, syntaxError(arrowschema.UUID, text)
	}
	if _, err := hex.Decode(u[:], []byte(strings.ReplaceAll(text, "-", ""))); err != nil || strings.Count(text, "-") != 4 {
		return u, syntaxError(arrowschema.UUID, text)
	}
	return u, nil
}

// parseText checks text and JSON; jsonb is brought into its canonical form.
func parseText(t arrowschema.Type, text string) (string, error) {
	switch t {
	case arrowschema.JSONB:
		return jsontext.Canonical(text)
	case arrowschema.JSON:
		return text, jsontext.ValidJSON(text)
	}
	return text, CheckText(text)
}
