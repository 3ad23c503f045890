package text

import (
	"math"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func sliceFunctions() []exprs.Func {
	var out []exprs.Func
	for _, name := range []string{"substr", "substring"} {
		out = append(out,
			fn(name, txt, exprs.BinaryCtx(func(ctx *exprs.Ctx, s string, from int64) (string, error) {
				at, err := offsetIn(ctx, s, from-1)
				return s[at:], err
			}), txt, i4),
			fn(name, txt, exprs.TernaryCtx(substring), txt, i4, i4))
	}
	each := exprs.BinaryCtx(strpos)
	position := func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		if args[1].Const && !args[0].Const {
			if ok, err := positions(ctx, args[0], args[1].Strs[0], out); ok || err != nil {
				return err
			}
		}
		return each(ctx, args, out)
	}
	return append(out,
		fn("left", txt, exprs.BinaryCtx(left), txt, i4), fn("right", txt, exprs.BinaryCtx(right), txt, i4),
		fn("strpos", i4, position, txt, txt), fn("position", i4, position, txt, txt),
		fn("split_part", txt, splitKernel, txt, txt, i4),
		fn("starts_with", flag, exprs.Binary(strings.HasPrefix), txt, txt), fn("^@", flag, exprs.Binary(strings.HasPrefix), txt, txt),
		fn("overlay", txt, overlay3, txt, txt, i4), fn("overlay", txt, overlay4, txt, txt, i4, i4),
	)
}

// substring gives the characters from, from+1, … from+n-1 as far as there are such; 22011 when n is negative.
func substring(ctx *exprs.Ctx, s string, from, n int64) (string, error) {
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
	at, err := offsetIn(ctx, s, from-1)
	if err != nil {
		return "", err
	}
	s = s[at:]
	at, err = offsetIn(ctx, s, end-from)
	return s[:at], err
}

// left gives the first n characters, or all but the last -n.
func left(ctx *exprs.Ctx, s string, n int64) (string, error) {
	if n < 0 {
		chars, err := charCount(ctx, s)
		if err != nil {
			return "", err
		}
		n = max(0, chars+n)
	}
	at, err := offsetIn(ctx, s, n)
	return s[:at], err
}

// right gives the last n characters, or all but the first -n.
func right(ctx *exprs.Ctx, s string, n int64) (string, error) {
	drop := -n
	if n >= 0 {
		chars, err := charCount(ctx, s)
		if err != nil {
			return "", err
		}
		drop = chars - n
	}
	at, err := offsetIn(ctx, s, drop)
	return s[at:], err
}

// strpos gives the place of the first occurrence, counted from 1; 0 for none.
func strpos(ctx *exprs.Ctx, s, what string) (int64, error) {
	at, err := indexOf(ctx, s, what)
	if at < 0 || err != nil {
		return 0, err
	}
	before, err := charCount(ctx, s[:at])
	return before + 1, err
}

// splitPart gives field n of s cut at a delimiter, from the end when n is negative; nothing where there is no such field. 22023 for field 0.
func splitPart(ctx *exprs.Ctx, s, delimiter string, n int64) (string, error) {
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
		return splitBackwards(ctx, s, delimiter, -n)
	}
	for ; n > 1; n-- {
		if n%fieldsAtOnce == 0 {
			if err := ctx.Check(); err != nil {
				return "", err
			}
		}
		at, err := indexOf(ctx, s, delimiter)
		if at < 0 || err != nil {
			return "", err
		}
		s = s[at+len(delimiter):]
	}
	if at, err := indexOf(ctx, s, delimiter); at >= 0 || err != nil {
		return s[:max(0, at)], err
	}
	return s, nil
}

// splitBackwards counts the fields as cut from the left, as PostgreSQL does, where delimiters overlap.
func splitBackwards(ctx *exprs.Ctx, s, delimiter string, n int64) (string, error) {
	fields, err := countOf(ctx, s, delimiter)
	if n > fields+1 || err != nil {
		return "", err
	}
	return splitPart(ctx, s, delimiter, fields-n+2)
}

// fieldsAtOnce is how many fields are skipped between two looks at the context.
const fieldsAtOnce = 1 << 14

func overlay(s, with string, from, n int64) (string, error) {
	if from <= 0 {
		return "", sqlstate.New("22011", "negative substring length not allowed")
	}
	if n > 0 && from > math.MaxInt32-n || n < 0 && from+n < math.MinInt32 {
		return "", sqlstate.New(sqlstate.NumericValueOutOfRange, "integer out of range")
	}
	return s[:offset(s, from-1)] + with + s[offset(s, from+n-1):], nil
}
