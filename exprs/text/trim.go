package text

import (
	"strings"

	"github.com/stoadb/stoa/exprs"
)

func trimFunctions() []exprs.Func {
	both := func(s, set string) string { return strings.Trim(s, set) }
	var out []exprs.Func
	for name, f := range map[string]func(s, set string) string{"btrim": both, "trim": both, "ltrim": strings.TrimLeft, "rtrim": strings.TrimRight} {
		out = append(out, fn(name, txt, exprs.Binary(f), txt, txt),
			fn(name, txt, exprs.Unary(func(s string) string { return f(s, " ") }), txt))
	}
	return out
}
