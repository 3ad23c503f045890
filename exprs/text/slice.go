package text

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
)

func sliceFunctions() []exprs.Func {
	var out []exprs.Func
	for _, name := range []string{"substr", "substring"} {
		out = append(out,
			fn(name, txt, exprs.Binary(func(s string, from int64) string { return s[offset(s, from-1):] }), txt, i4),
			fn(name, txt, exprs.TernaryErr(substring), txt, i4, i4))
	}
	position := exprs.Binary(strpos)
	return append(out,
		fn("left", txt, exprs.Binary(left), txt, i4), fn("right", txt, exprs.Binary(right), txt, i4),
		fn("strpos", i4, position, txt, txt), fn("position", i4, position, txt, txt),
		fn("split_part", txt, splitKernel, txt, txt, i4),
		fn("starts_with", flag, exprs.Binary(strings.HasPrefix), txt, txt), fn("^@", flag, exprs.Binary(strings.HasPrefix), txt, txt),
		fn("overlay", txt, overlay3, txt, txt, i4), fn("overlay", txt, overlay4, txt, txt, i4, i4),
	)
}

// substring gives the characters from, from+1, … from+n-1 as far as there are such; 22011 when n is negative.
func substring(s string, from, n int64) (string, error) {
	if n < 0 {
		return "", sqlstate.New("22011", "negative substring length not allowed")
	}
	end := from + n
	if end > math.MaxInt32 {
		end = math.MaxInt32
	}
	if from < 1 {
		from = 1
	}
	if end <= from {
		return "", nil
	}
	s = s[offset(s, from-1):]
	return s[:offset(s, end-from)], nil
}

// left gives the first n characters, or all but the last -n.
func left(s string, n int64) string {
	if n < 0 {
		n = max(0, int64(utf8.RuneCountInString(s))+n)
	}
	return s[:offset(s, n)]
}

// right gives the last n characters, or all but the first -n.
func right(s string, n int64) string {
	if n < 0 {
		return s[offset(s, -n):]
	}
	return s[offset(s, int64(utf8.RuneCountInString(s))-n):]
}

// strpos gives the place of the first occurrence, counted from 1; 0 for none.
func strpos(s, what string) int64 {
	at := strings.Index(s, what)
	if at < 0 {
		return 0
	}
	return int64(utf8.RuneCountInString(s[:at])) + 1
}

// splitPart gives field n of s cut at a delimiter, from the end when n is negative; nothing where there is no such field. 22023 for field 0.
func splitPart(s, delimiter string, n int64) (string, error) {
	switch {
	case n == 0:
		return "", sqlstate.New(sqlstate.InvalidParameterValue, "field position must not be zero")
	case s == "":
		return "", nil
	case delimiter == "":
		if n == 1 || n == -1 {
			return s, nil
		}
		return "", nil
	case n < 0:
		return splitBackwards(s, delimiter, -n), nil
	}
	for ; n > 1; n-- {
		at := strings.Index(s, delimiter)
		if at < 0 {
			return "", nil
		}
		s = s[at+len(delimiter):]
	}
	field, _, _ := strings.Cut(s, delimiter)
	return field, nil
}

// splitBackwards counts the fields as cut from the left, as PostgreSQL does, where delimiters overlap.
func splitBackwards(s, delimiter string, n int64) string {
	fields := int64(strings.Count(s, delimiter)) + 1
	if n > fields {
		return ""
	}
	part, _ := splitPart(s, delimiter, fields-n+1)
	return part
}

func overlay(s, with string, from, n int64) (string, error) {
	if from <= 0 {
		return "", sqlstate.New("22011", "negative substring length not allowed")
	}
	if n > 0 && from > math.MaxInt32-n || n < 0 && from+n < math.MinInt32 {
		return "", sqlstate.New(sqlstate.NumericValueOutOfRange, "integer out of range")
	}
	return s[:offset(s, from-1)] + with + s[offset(s, from+n-1):], nil
}
