package text

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func quoteFunctions() []exprs.Func {
	literal := exprs.Unary(QuoteLiteral)
	nullable := fn("quote_nullable", txt, quoteNullable, txt)
	nullable.NotStrict = true
	return []exprs.Func{
		fn("quote_ident", txt, exprs.Unary(QuoteIdent), txt), fn("quote_literal", txt, literal, txt), nullable,
		{Name: "quote_literal", Args: []arrowschema.Type{Any}, Result: txt, Volatility: exprs.Stable, Bind: bindWithWords(literal)},
		{Name: "quote_nullable", Args: []arrowschema.Type{Any}, Result: txt, Volatility: exprs.Stable, NotStrict: true, Bind: bindWithWords(quoteNullable)},
	}
}

// QuoteLiteral gives s as a string literal; with a backslash in it, as E'…'.
func QuoteLiteral(s string) string {
	quoted := "'" + strings.ReplaceAll(s, "'", "''") + "'"
	if strings.Contains(s, `\`) {
		return "E" + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}

func quoteNullable(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	for i := range out.Strs {
		if args[0].IsNull(i) {
			out.Strs[i] = "NULL"
			continue
		}
		out.Strs[i] = QuoteLiteral(args[0].Strs[args[0].At(i)])
	}
	return nil
}

// QuoteIdent gives s as an identifier, in quotes only if it needs them.
func QuoteIdent(s string) string {
	safe := s != "" && (s[0] >= 'a' && s[0] <= 'z' || s[0] == '_')
	for i := 0; safe && i < len(s); i++ {
		c := s[i]
		safe = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_'
	}
	if safe && !reserved[s] {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
