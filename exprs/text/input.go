package text

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
)

// inputCasts gives the explicit casts from text and varchar through the input functions of boolean, the numbers and uuid.
func inputCasts() []exprs.Cast {
	var out []exprs.Cast
	for _, from := range []arrowschema.Type{txt, arrowschema.Varchar} {
		cast := func(to arrowschema.Type, k exprs.Kernel) {
			out = append(out, exprs.Cast{From: from, To: to, Context: exprs.Explicit, Eval: k})
		}
		cast(arrowschema.Bool, exprs.UnaryErr(ParseBool))
		for _, t := range []arrowschema.Type{arrowschema.Int2, arrowschema.Int4, arrowschema.Int8} {
			cast(t, exprs.UnaryErr(func(s string) (int64, error) { return ParseInt(s, t) }))
		}
		cast(arrowschema.Float4, exprs.UnaryErr(func(s string) (float64, error) { return ParseFloat(s, arrowschema.Float4) }))
		cast(arrowschema.Float8, exprs.UnaryErr(func(s string) (float64, error) { return ParseFloat(s, arrowschema.Float8) }))
		cast(arrowschema.Numeric, exprs.UnaryErr(decimal.Parse))
		cast(arrowschema.UUID, exprs.UnaryErr(ParseUUID))
	}
	return out
}

// isSpace is C's isspace in the locale C.
func isSpace(c byte) bool { return c == ' ' || (c >= '\t' && c <= '\r') }

func trimSpaces(s string) string {
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	for s != "" && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func errSyntax(t arrowschema.Type, s string) error {
	return sqlstate.New(sqlstate.InvalidTextRepresentation, "invalid input syntax for type %s: \"%s\"", t, s)
}

// ParseBool reads a boolean: any beginning, in any case, of true, false, yes, no, or on, off (not the lone o), 1, 0, with spaces around. Else 22P02.
func ParseBool(s string) (bool, error) {
	w := trimSpaces(s)
	begins := func(word string) bool { return w != "" && len(w) <= len(word) && strings.EqualFold(w, word[:len(w)]) }
	switch {
	case begins("true"), begins("yes"), w == "1", len(w) > 1 && begins("on"):
		return true, nil
	case begins("false"), begins("no"), w == "0", len(w) > 1 && begins("off"):
		return false, nil
	}
	return false, errSyntax(arrowschema.Bool, s)
}

// ParseInt reads an integer of type t: decimal digits with a sign, spaces around. Errors: 22P02, 22003 out of range.
func ParseInt(s string, t arrowschema.Type) (int64, error) {
	digits := s
	for digits != "" && isSpace(digits[0]) {
		digits = digits[1:]
	}
	negative := false
	if digits != "" && (digits[0] == '-' || digits[0] == '+') {
		negative = digits[0] == '-'
		digits = digits[1:]
	}
	n := 0
	var v uint64
	overflow := false
	for ; n < len(digits) && digits[n]-'0' <= 9; n++ {
		if v > (math.MaxUint64-9)/10 {
			overflow = true
		}
		v = v*10 + uint64(digits[n]-'0')
	}
	if n == 0 || trimSpaces(digits[n:]) != "" {
		return 0, errSyntax(t, s)
	}
	limit := uint64(math.MaxInt64)
	switch t {
	case arrowschema.Int2:
		limit = math.MaxInt16
	case arrowschema.Int4:
		limit = math.MaxInt32
	}
	if negative {
		limit++
	}
	if overflow || v > limit {
		return 0, sqlstate.New(sqlstate.NumericValueOutOfRange, "value \"%s\" is out of range for type %s", s, t)
	}
	if negative {
		return -int64(v), nil
	}
	return int64(v), nil
}

// ParseFloat reads a float of type t (float4's values as float64): what C's strtod reads, spaces around. Errors: 22P02, 22003 out of range.
func ParseFloat(s string, t arrowschema.Type) (float64, error) {
	w, size := trimSpaces(s), 64
	if t == arrowschema.Float4 {
		size = 32
	}
	if w == "" || strings.ContainsRune(w, '_') {
		return 0, errSyntax(t, s)
	}
	f, err := strconv.ParseFloat(cNumber(w), size)
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return 0, errSyntax(t, s)
	case err != nil, f == 0 && underflows(w):
		return 0, sqlstate.New(sqlstate.NumericValueOutOfRange, "\"%s\" is out of range for type %s", w, t)
	}
	return f, nil
}

// cNumber gives Go's spelling of a number that strtod reads: in Go a hexadecimal one needs an exponent, and NaN has no sign.
func cNumber(w string) string {
	lower := strings.ToLower(w)
	if lower == "+nan" || lower == "-nan" {
		return "nan"
	}
	if strings.Contains(lower, "0x") && !strings.Contains(lower, "p") {
		return w + "p0"
	}
	return w
}

// underflows tells whether a number that reads as zero has a digit that is not: then it is too small, not zero.
func underflows(w string) bool {
	mantissa, _, _ := strings.Cut(strings.ToLower(w), "e")
	return strings.ContainsAny(mantissa, "123456789")
}

// ParseUUID reads a uuid: 32 hexadecimal digits, with a hyphen allowed after every four, in braces or not. Else 22P02.
func ParseUUID(s string) (u [16]byte, err error) {
	w := s
	if strings.HasPrefix(w, "{") {
		if !strings.HasSuffix(w, "}") || len(w) < 2 {
			return u, errSyntax(arrowschema.UUID, s)
		}
		w = w[1 : len(w)-1]
	}
	for i := range u {
		if len(w) < 2 {
			return u, errSyntax(arrowschema.UUID, s)
		}
		hi, lo := hexDigit(w[0]), hexDigit(w[1])
		if hi|lo > 15 {
			return u, errSyntax(arrowschema.UUID, s)
		}
		u[i], w = hi<<4|lo, w[2:]
		if i%2 == 1 && i < 15 && w != "" && w[0] == '-' {
			w = w[1:]
		}
	}
	if w != "" {
		return u, errSyntax(arrowschema.UUID, s)
	}
	return u, nil
}

// hexDigit gives the value of a hexadecimal digit, 255 for another character.
func hexDigit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}
