package decimal

import (
	"math"
	"math/big"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Parse reads a number as PostgreSQL's input function for numeric does: spaces around, a sign, digits with a point, an exponent; or NaN, inf,
// infinity in any case, the infinities with a sign. The scale is the number of digits after the point less the exponent, at least 0.
// Errors: 22P02 for other text, 22003 for a value out of NUMERIC's range, found before anything of its size is allocated.
func Parse(s string) (Dec, error) {
	t := trimLeft(s)
	if d, rest, ok := parseWord(t); ok {
		if trimLeft(rest) != "" {
			return Dec{}, errSyntax(s)
		}
		return d, nil
	}
	n, rest, ok := scanNumber(t)
	if !ok {
		return Dec{}, errSyntax(s)
	}
	if n.exp >= math.MaxInt32/2 || n.exp <= -(math.MaxInt32/2) { // PostgreSQL finds this before junk after the number
		return Dec{}, errOverflow()
	}
	if trimLeft(rest) != "" {
		return Dec{}, errSyntax(s)
	}
	return n.value()
}

func errSyntax(s string) error {
	return sqlstate.New(sqlstate.InvalidTextRepresentation, "invalid input syntax for type numeric: \"%s\"", s) // PostgreSQL escapes nothing
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func trimLeft(s string) string {
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	return s
}

// parseWord reads NaN or an infinity at the beginning of s.
func parseWord(s string) (d Dec, rest string, ok bool) {
	rest = s
	if hasFold(s, "nan") {
		return NaN(), s[3:], true
	}
	sign := 1
	if s != "" && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	for _, w := range [...]string{"infinity", "inf"} {
		if hasFold(s, w) {
			return Inf(sign), s[len(w):], true
		}
	}
	return Dec{}, rest, false
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// number is a scanned decimal number: a sign, the digits before and after the point, and the power of ten.
type number struct {
	neg       bool
	int, frac string
	exp       int64 // saturated
}

// scanNumber reads a number at the beginning of s.
func scanNumber(s string) (n number, rest string, ok bool) {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		n.neg = s[0] == '-'
		s = s[1:]
	}
	n.int, s = takeDigits(s)
	if s != "" && s[0] == '.' {
		n.frac, s = takeDigits(s[1:])
	}
	if n.int == "" && n.frac == "" {
		return n, s, false
	}
	if s != "" && s[0]|0x20 == 'e' {
		if n.exp, s, ok = scanExponent(s[1:]); !ok {
			return n, s, false
		}
	}
	return n, s, true
}

func takeDigits(s string) (digits, rest string) {
	i := 0
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	return s[:i], s[i:]
}

// scanExponent reads a whole number as C's strtol does, which skips spaces before it and saturates.
func scanExponent(s string) (exp int64, rest string, ok bool) {
	s = trimLeft(s)
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		s = s[1:]
	}
	digits, rest := takeDigits(s)
	if digits == "" {
		return 0, s, false
	}
	for i := range len(digits) {
		exp = min(exp*10+int64(digits[i]-'0'), math.MaxInt32)
	}
	if neg {
		exp = -exp
	}
	return exp, rest, true
}

// value makes the Dec, with limits checked first. The exponent is within ±2^30.
func (n number) value() (Dec, error) {
	scale := max(int64(len(n.frac))-n.exp, 0)
	whole := strings.TrimLeft(n.int, "0")
	frac := n.frac
	if whole == "" {
		frac = strings.TrimLeft(frac, "0")
	}
	count := len(whole) + len(frac) // significant digits
	if scale > MaxScale || count > 0 && int64(count-len(n.frac))+n.exp > MaxIntDigits {
		return Dec{}, errOverflow()
	}
	zeros := 0 // to append, where the exponent is beyond the fraction
	if count > 0 {
		zeros = int(max(n.exp-int64(len(n.frac)), 0))
	}
	if count+zeros < len(pow10) {
		m, _ := u128{}.appendText(whole).appendText(frac).shift10(zeros)
		d, _ := fromMag(n.neg, m, int(scale))
		return d, nil
	}
	z := bigFromDigits(whole + frac)
	if n.neg {
		z.Neg(z)
	}
	return fromBig(shiftBig(z, zeros), int(scale))
}

// bigFromDigits reads a string of digits. math/big's reader takes time by the square of the length; halves joined by its multiplication take less.
func bigFromDigits(s string) *big.Int {
	if len(s) <= 1024 {
		z, _ := new(big.Int).SetString(s, 10) // digits always read
		return z
	}
	half := len(s) / 2
	z := bigFromDigits(s[:len(s)-half])
	return z.Add(z.Mul(z, bigPow10(half)), bigFromDigits(s[len(s)-half:]))
}

// appendText gives the number whose digits are those of a and then s; the caller knows that it fits.
func (a u128) appendText(s string) u128 {
	for s != "" {
		part := s[:min(len(s), 19)]
		s = s[len(part):]
		v := uint64(0)
		for i := range len(part) {
			v = v*10 + uint64(part[i]-'0')
		}
		_, a = a.mul(pow10[len(part)])
		lo := a.lo + v
		if lo < v {
			a.hi++
		}
		a.lo = lo
	}
	return a
}
