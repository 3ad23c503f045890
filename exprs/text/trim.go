package text

import (
	"strings"

	"github.com/stoadb/stoa/exprs"
)

func trimFunctions() []exprs.Func {
	both := func(s, set string) string { return strings.Trim(s, set) }
	var out []exprs.Func
	for _, side := range []struct {
		name string
		cut  func(s, set string) string
	}{{"btrim", both}, {"trim", both}, {"ltrim", strings.TrimLeft}, {"rtrim", strings.TrimRight}} {
		out = append(out, fn(side.name, txt, exprs.Binary(side.cut), txt, txt),
			fn(side.name, txt, exprs.Unary(func(s string) string { return side.cut(s, " ") }), txt))
	}
	return out
}
