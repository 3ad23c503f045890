package text

import (
	"crypto/md5"
	"encoding/hex"
	"strconv"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
)

func codeFunctions() []exprs.Func {
	return []exprs.Func{
		fn("ascii", i4, exprs.Unary(code), txt), fn("chr", txt, exprs.UnaryErr(chr), i4),
		fn("md5", txt, exprs.UnaryCtx(digest), txt),
		fn("to_hex", txt, exprs.Unary(func(x int64) string { return strconv.FormatUint(uint64(uint32(x)), 16) }), i4),
		fn("to_hex", txt, exprs.Unary(func(x int64) string { return strconv.FormatUint(uint64(x), 16) }), i8),
	}
}

// digest gives the MD5 of a text in hexadecimal.
func digest(ctx *exprs.Ctx, s string) (string, error) {
	if len(s) <= chunk {
		h := md5.Sum([]byte(s))
		return hex.EncodeToString(h[:]), nil
	}
	h := md5.New()
	err := pieces(ctx, s, func(p string) { h.Write([]byte(p)) }) //nolint:errcheck // it never fails
	return hex.EncodeToString(h.Sum(nil)), err
}

// code gives the code point of the first character, 0 for no text.
func code(s string) int64 {
	if s == "" {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s)
	return int64(r)
}

func chr(n int64) (string, error) {
	switch {
	case n < 0:
		return "", sqlstate.New(sqlstate.InvalidParameterValue, "character number must be positive")
	case n == 0:
		return "", sqlstate.New(sqlstate.ProgramLimitExceeded, "null character not permitted")
	case n > utf8.MaxRune:
		return "", sqlstate.New(sqlstate.ProgramLimitExceeded, "requested character too large for encoding: %d", n)
	case !utf8.ValidRune(rune(n)):
		return "", sqlstate.New(sqlstate.ProgramLimitExceeded, "requested character not valid for encoding: %d", n)
	}
	return string(rune(n)), nil
}
