package jsonb

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/text"
	"github.com/stoadb/stoa/exprs/vec"
)

// pathOperators gives the operators that take a text[], which is no type here: #>, #>>, ?| and ?& take an array's literal, '{a,b}', and nothing else.
func pathOperators() []exprs.Func {
	op := func(name string, doc, result arrowschema.Type, eval func(doc string, path []string) (string, bool, error)) exprs.Func {
		return exprs.Func{Name: name, Args: []arrowschema.Type{doc, text.Any}, Result: result, Volatility: exprs.Stable, Bind: bindPath(name, doc, eval)}
	}
	out := []exprs.Func{
		op("#>", jb, jb, func(doc string, path []string) (string, bool, error) {
			elem, ok := jsontext.Path(doc, path)
			return elem, ok, nil
		}),
		op("#>>", jb, txt, func(doc string, path []string) (string, bool, error) {
			s, ok := asText(jsontext.Path(doc, path))
			return s, ok, nil
		}),
		op("#>", js, js, jsontext.RawPath),
		op("#>>", js, txt, func(doc string, path []string) (string, bool, error) {
			elem, ok, err := jsontext.RawPath(doc, path)
			if err != nil || !ok {
				return "", false, err
			}
			s, isNull := jsontext.RawText(elem)
			return s, !isNull, nil
		}),
	}
	keys := exprs.Func{Name: "?|", Args: []arrowschema.Type{jb, text.Any}, Result: flag, Volatility: exprs.Stable, Bind: bindKeys("?|", jsontext.ExistsAny)}
	out = append(out, keys)
	keys.Name, keys.Bind = "?&", bindKeys("?&", jsontext.ExistsAll)
	return append(out, keys)
}

// literalArray reads the argument behind an operator, which must be an untyped literal.
func literalArray(op string, doc arrowschema.Type, arg exprs.Expr) (elems []string, hasNull, isNull bool, err error) {
	c, ok := arg.(*exprs.Const)
	if t := text.AnyType(arg); t != arrowschema.Unknown || !ok {
		return nil, false, false, sqlstate.New(sqlstate.UndefinedFunction, "operator does not exist: %s %s %s", doc, op, t).
			WithHint("No operator matches the given name and argument types. You might need to add explicit type casts.")
	}
	if c.IsNull() {
		return nil, false, true, nil
	}
	elems, hasNull, err = parseArray(c.V.Strs[0])
	return elems, hasNull, false, err
}

func bindPath(op string, t arrowschema.Type, eval func(string, []string) (string, bool, error)) func([]exprs.Expr) (exprs.Kernel, error) {
	return func(args []exprs.Expr) (exprs.Kernel, error) {
		path, hasNull, _, err := literalArray(op, t, args[1])
		if err != nil {
			return nil, err
		}
		return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
			for i := range out.Strs {
				if !out.Valid.Get(i) {
					continue
				}
				elem, ok, err := "", false, error(nil)
				if !hasNull {
					elem, ok, err = eval(args[0].Strs[args[0].At(i)], path)
				}
				if err != nil {
					return err
				}
				if out.Strs[i] = elem; !ok {
					out.SetNull(i)
				}
				if err := ctx.Row(out, i); err != nil {
					return err
				}
			}
			return nil
		}, nil
	}
}

// bindKeys makes ?| and ?&; NULLs among the keys are left out.
func bindKeys(op string, exists func(string, []string) bool) func([]exprs.Expr) (exprs.Kernel, error) {
	return func(args []exprs.Expr) (exprs.Kernel, error) {
		keys, _, _, err := literalArray(op, jb, args[1])
		if err != nil {
			return nil, err
		}
		return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
			for i := range out.Bools {
				if out.Valid.Get(i) {
					out.Bools[i] = exists(args[0].Strs[args[0].At(i)], keys)
				}
			}
			return nil
		}, nil
	}
}

func errArray(s, detail string) error {
	return sqlstate.New(sqlstate.InvalidTextRepresentation, "malformed array literal: \"%s\"", s).WithDetail("%s", detail)
}

// parseArray reads the literal of a text[] of one dimension: {a, "b c", NULL}. NULLs are left out and noted.
func parseArray(s string) (elems []string, hasNull bool, err error) {
	r := arrayReader{all: s, rest: strings.TrimLeft(s, " \t\n\r\v\f")}
	if !strings.HasPrefix(r.rest, "{") {
		return nil, false, errArray(s, "Array value must start with \"{\" or dimension information.")
	}
	r.skip(1)
	for first := true; ; first = false {
		switch {
		case r.rest == "":
			return nil, false, errArray(s, "Unexpected end of input.")
		case r.rest[0] == '}' && first:
			r.skip(1)
			return elems, hasNull, r.end()
		case r.rest[0] == '{':
			return nil, false, sqlstate.New(sqlstate.FeatureNotSupported, "an array of several dimensions is not supported")
		}
		elem, isNull, err := r.element()
		if err != nil {
			return nil, false, err
		}
		if hasNull = hasNull || isNull; !isNull {
			elems = append(elems, elem)
		}
		switch {
		case strings.HasPrefix(r.rest, ","):
			r.skip(1)
		case strings.HasPrefix(r.rest, "}"):
			r.skip(1)
			return elems, hasNull, r.end()
		case r.rest == "":
			return nil, false, errArray(s, "Unexpected end of input.")
		default:
			return nil, false, errArray(s, "Unexpected array element.")
		}
	}
}

// arrayReader reads an array's literal from left to right.
type arrayReader struct{ all, rest string }

// skip drops n bytes and the white space behind them.
func (r *arrayReader) skip(n int) { r.rest = strings.TrimLeft(r.rest[n:], " \t\n\r\v\f") }

func (r *arrayReader) end() error {
	if r.rest != "" {
		return errArray(r.all, "Junk after closing right brace.")
	}
	return nil
}

// element reads up to a comma or a brace: what stands in quotes, or without them less the white space around; there NULL in any case is none.
func (r *arrayReader) element() (elem string, isNull bool, err error) {
	var b strings.Builder
	if strings.HasPrefix(r.rest, `"`) {
		for i := 1; i < len(r.rest); i++ {
			switch c := r.rest[i]; {
			case c == '\\' && i+1 < len(r.rest):
				i++
			case c == '"':
				r.skip(i + 1)
				return b.String(), false, nil
			}
			b.WriteByte(r.rest[i])
		}
		return "", false, errArray(r.all, "Unexpected end of input.")
	}
	escaped, solid := false, 0 // solid is the length up to the last character that is not white space
	for i := 0; i < len(r.rest); i++ {
		c := r.rest[i]
		switch {
		case c == '\\' && i+1 < len(r.rest):
			i++
			c, escaped = 'x', true
		case c == '"' || c == '{':
			return "", false, errArray(r.all, "Unexpected array element.")
		case c == ',' || c == '}':
			r.rest = r.rest[i:]
			elem = b.String()[:solid]
			if elem == "" {
				return "", false, errArray(r.all, "Unexpected \""+string(c)+"\" character.")
			}
			return elem, !escaped && strings.EqualFold(elem, "null"), nil
		}
		b.WriteByte(r.rest[i])
		if c != ' ' && (c < '\t' || c > '\r') {
			solid = b.Len()
		}
	}
	return "", false, errArray(r.all, "Unexpected end of input.")
}
