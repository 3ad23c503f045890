package text

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func quoteFunctions() []exprs.Func {
	literal := exprs.UnaryCtx(quoted(QuoteLiteral))
	nullable := fn("quote_nullable", txt, quoteNullable, txt)
	nullable.NotStrict = true
	return []exprs.Func{
		fn("quote_ident", txt, exprs.UnaryCtx(quoted(QuoteIdent)), txt), fn("quote_literal", txt, literal, txt), nullable,
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

// quoted is the function of a kernel that quotes texts.
func quoted(quote func(string) string) func(*exprs.Ctx, string) (string, error) {
	return func(ctx *exprs.Ctx, s string) (string, error) { return quoteLong(ctx, s, quote) }
}

// quoteLong quotes a text that may be long: what is doubled is doubled piece by piece, between the quotes of the whole.
func quoteLong(ctx *exprs.Ctx, s string, quote func(string) string) (string, error) {
	if len(s) <= chunk {
		return quote(s), nil
	}
	before, after := "\"", "\""
	if quote("'") != `"'"` { // a literal
		before, after = "'", "'"
		if strings.Contains(s, `\`) {
			before = "E'"
		}
	}
	double := strings.NewReplacer(after, after+after)
	if before == "E'" {
		double = strings.NewReplacer(after, after+after, `\`, `\\`)
	}
	if err := ctx.Reserve(2 * int64(len(s))); err != nil {
		return "", err
	}
	var all strings.Builder
	all.Grow(2*len(s) + len("E''"))
	all.WriteString(before)
	err := pieces(ctx, s, func(p string) { all.WriteString(double.Replace(p)) })
	all.WriteString(after)
	return all.String(), err
}

func quoteNullable(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	for i := range out.Strs {
		if args[0].IsNull(i) {
			out.Strs[i] = "NULL"
			continue
		}
		var err error
		if out.Strs[i], err = quoteLong(ctx, args[0].Strs[args[0].At(i)], QuoteLiteral); err != nil {
			return err
		}
		if err := ctx.Row(out, i); err != nil {
			return err
		}
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
