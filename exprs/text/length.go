package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stoadb/stoa/exprs"
)

func lengthFunctions() []exprs.Func {
	return []exprs.Func{
		fn("length", i4, lengthKernel, txt), fn("char_length", i4, lengthKernel, txt), fn("character_length", i4, lengthKernel, txt),
		fn("octet_length", i4, exprs.Unary(func(s string) int64 { return int64(len(s)) }), txt),
		fn("bit_length", i4, exprs.Unary(func(s string) int64 { return int64(len(s)) * 8 }), txt),
	}
}

func caseFunctions() []exprs.Func {
	return []exprs.Func{
		fn("lower", txt, caseKernel(toLower()), txt), fn("upper", txt, caseKernel(toUpper()), txt), fn("initcap", txt, exprs.UnaryCtx(initcap), txt),
		fn("reverse", txt, exprs.UnaryCtx(reverse), txt),
	}
}

// lower maps each character by Unicode's simple case mapping, one to one. Text that is lower already is returned as it is.
func lower(s string) string { return strings.Map(unicode.ToLower, s) }

// upper is the other way: ß stays, it has no single capital.
func upper(s string) string { return strings.Map(unicode.ToUpper, s) }

// initcap makes the first letter of every run of letters and digits a capital and the others small.
func initcap(ctx *exprs.Ctx, s string) (string, error) {
	inWord := false
	capitals := func(r rune) rune {
		first := !inWord
		inWord = unicode.IsLetter(r) || unicode.IsDigit(r)
		if first {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}
	if len(s) <= chunk {
		return strings.Map(capitals, s), nil
	}
	if err := ctx.Reserve(int64(len(s) + len(s)/8)); err != nil {
		return "", err
	}
	var all strings.Builder
	all.Grow(len(s) + len(s)/8)
	err := pieces(ctx, s, func(p string) { all.WriteString(strings.Map(capitals, p)) })
	return all.String(), err
}

func reverse(ctx *exprs.Ctx, s string) (string, error) {
	if len(s) > chunk {
		if err := ctx.Reserve(int64(len(s))); err != nil {
			return "", err
		}
	}
	out := make([]byte, len(s))
	at := len(s)
	err := pieces(ctx, s, func(p string) {
		for i, r := range p {
			n := utf8.RuneLen(r)
			if r == utf8.RuneError {
				_, n = utf8.DecodeRuneInString(p[i:])
			}
			at -= n
			copy(out[at:], p[i:i+n])
		}
	})
	return bytesAsText(out), err
}

// offset gives the byte offset of character n, counted from 0; len(s) when s has not as many.
func offset(s string, n int64) int {
	if n <= 0 {
		return 0
	}
	if n >= int64(len(s)) {
		return len(s)
	}
	if isASCII(s[:n]) {
		return int(n)
	}
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}
