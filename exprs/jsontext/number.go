package jsontext

import (
	"cmp"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// The limits of PostgreSQL's numeric: digits before and after the decimal point, and the exponent that its input reads.
const (
	maxIntegerDigits  = 131072
	maxFractionDigits = 16383
	maxExponent       = 1<<30 - 2
)

// appendNumber appends a JSON number as numeric prints it: without exponent, with the digits behind the point that the text implies, zero without
// sign. It fails (22003) beyond numeric's range.
func appendNumber(dst []byte, s string) ([]byte, error) {
	if canonicalNumberEnd(s, 0) == len(s) {
		return append(dst, s...), nil
	}
	negative, integer, fraction, exponent := splitNumber(s)
	scale := max(0, len(fraction)-exponent)
	digits := strings.TrimLeft(integer+fraction, "0")
	point := len(digits) - len(fraction) + exponent // digits before the decimal point; negative: zeros behind it
	if exponent > maxExponent || exponent < -maxExponent || scale > maxFractionDigits || digits != "" && point > maxIntegerDigits {
		return dst, sqlstate.New(sqlstate.NumericValueOutOfRange, "value overflows numeric format")
	}
	if digits == "" {
		point = -scale
	} else if negative {
		dst = append(dst, '-')
	}
	if point <= 0 {
		dst = append(dst, '0')
	} else {
		dst = append(dst, digits[:min(point, len(digits))]...)
		dst = appendZeros(dst, point-len(digits))
	}
	if scale > 0 {
		dst = append(dst, '.')
		dst = appendZeros(dst, -point)
		dst = append(dst, digits[min(max(point, 0), len(digits)):]...)
	}
	return dst, nil
}

func appendZeros(dst []byte, n int) []byte {
	for ; n > 0; n-- {
		dst = append(dst, '0')
	}
	return dst
}

// splitNumber takes a JSON number apart. The exponent is clamped to just beyond maxExponent.
func splitNumber(s string) (negative bool, integer, fraction string, exponent int) {
	s, negative = strings.CutPrefix(s, "-")
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		exponent, s = parseExponent(s[i+1:]), s[:i]
	}
	integer, fraction, _ = strings.Cut(s, ".")
	return negative, integer, fraction, exponent
}

func parseExponent(s string) (e int) {
	s, negative := strings.CutPrefix(s, "-")
	for i := range len(s) {
		if isDigit(s[i]) {
			e = min(e*10+int(s[i]-'0'), maxExponent+1)
		}
	}
	if negative {
		return -e
	}
	return e
}

// canonicalNumberEnd gives the index behind the number at i if a numeric prints it so, else -1.
func canonicalNumberEnd(s string, i int) int {
	first := i
	if i < len(s) && s[i] == '-' {
		i++
	}
	integer, zero := i, true
	for i < len(s) && isDigit(s[i]) {
		zero = zero && s[i] == '0'
		i++
	}
	if n := i - integer; n == 0 || n > 1 && s[integer] == '0' || n > maxIntegerDigits {
		return -1
	}
	if i < len(s) && s[i] == '.' {
		fraction := i + 1
		for i++; i < len(s) && isDigit(s[i]); i++ {
			zero = zero && s[i] == '0'
		}
		if n := i - fraction; n == 0 || n > maxFractionDigits {
			return -1
		}
	}
	if zero && s[first] == '-' || i < len(s) && (isWordByte(s[i]) || s[i] == '.') {
		return -1
	}
	return i
}

// trimNumber cuts the zeros that end the fraction, and with them the point: equal numbers give equal text.
func trimNumber(s string) string {
	point := strings.IndexByte(s, '.')
	if point < 0 {
		return s
	}
	end := len(s)
	for end > point && (s[end-1] == '0' || end-1 == point) {
		end--
	}
	return s[:end]
}

// compareNumbers orders two canonical numbers by value.
func compareNumbers(a, b string) int {
	a, minusA := strings.CutPrefix(trimNumber(a), "-")
	b, minusB := strings.CutPrefix(trimNumber(b), "-")
	switch {
	case minusA && minusB:
		a, b = b, a
	case minusA:
		return -1
	case minusB:
		return 1
	}
	if c := cmp.Compare(integerLen(a), integerLen(b)); c != 0 {
		return c
	}
	return strings.Compare(a, b) // a missing fraction is less, as it should be
}

// integerLen gives the number of digits before the point. Canonical text has no zeros there to mislead.
func integerLen(s string) int {
	if i := strings.IndexByte(s, '.'); i >= 0 {
		return i
	}
	return len(s)
}
