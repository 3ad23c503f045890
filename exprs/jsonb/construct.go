package jsonb

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/text"
	"github.com/stoadb/stoa/exprs/vec"
)

// constructors gives the functions that make documents of values of any type; see the package text on text.Any.
func constructors() []exprs.Func {
	variadic := exprs.Func{Args: []arrowschema.Type{text.Any}, Variadic: true, Result: jb, Volatility: exprs.Stable, NotStrict: true}
	array, object := variadic, variadic
	array.Name, array.Bind = "jsonb_build_array", bindArray
	object.Name, object.Bind = "jsonb_build_object", bindObject
	return []exprs.Func{
		{Name: "to_jsonb", Args: []arrowschema.Type{text.Any}, Result: jb, Volatility: exprs.Stable, Bind: bindToJSONB},
		array, object,
		{Name: "jsonb_build_array", Result: jb, Eval: always("[]")}, {Name: "jsonb_build_object", Result: jb, Eval: always("{}")},
	}
}

func always(doc string) exprs.Kernel {
	return func(ctx *exprs.Ctx, _ []*vec.Vec, out *vec.Vec) error {
		for i := range out.Strs {
			out.Strs[i] = doc
		}
		return nil
	}
}

func bindToJSONB(args []exprs.Expr) (exprs.Kernel, error) {
	t := text.AnyType(args[0])
	if t == arrowschema.Unknown {
		return nil, errPolymorphic()
	}
	return exprs.UnaryCtx(func(ctx *exprs.Ctx, s string) (string, error) { return value(ctx, t, s) }), nil
}

func errPolymorphic() error {
	return sqlstate.New(sqlstate.DatatypeMismatch, "could not determine polymorphic type because input has type unknown")
}

// typesOf gives the types that arguments of any type had; an untyped literal is text.
func typesOf(args []exprs.Expr) []arrowschema.Type {
	types := make([]arrowschema.Type, len(args))
	for i, a := range args {
		types[i] = text.AnyType(a)
	}
	return types
}

// element gives the document of row i of an argument; SQL NULL is null.
func element(ctx *exprs.Ctx, t arrowschema.Type, v *vec.Vec, i int) (string, error) {
	if v.IsNull(i) {
		return "null", nil
	}
	return value(ctx, t, v.Strs[v.At(i)])
}

func bindArray(args []exprs.Expr) (exprs.Kernel, error) {
	types := typesOf(args)
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) (err error) {
		var b jsontext.ArrayBuilder
		for i := range out.Strs {
			b.Reset()
			for a, v := range args {
				doc, err := element(ctx, types[a], v, i)
				if err != nil {
					return err
				}
				b.Append(doc)
			}
			if out.Strs[i], err = b.Finish(); err != nil {
				return err
			}
			if err := ctx.Row(out, i); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// objectTypes gives the types of alternating keys and values, and refuses an odd number of them and keys that are documents.
func objectTypes(args []exprs.Expr, name string) ([]arrowschema.Type, error) {
	types := typesOf(args)
	if len(args)%2 != 0 {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "argument list must have even number of elements").
			WithHint("The arguments of %s() must consist of alternating keys and values.", name)
	}
	for a := 0; a < len(args); a += 2 {
		if types[a] == arrowschema.JSON || types[a] == arrowschema.JSONB {
			return nil, sqlstate.New(sqlstate.InvalidParameterValue, "key value must be scalar, not array, composite, or json")
		}
	}
	return types, nil
}

func bindObject(args []exprs.Expr) (exprs.Kernel, error) {
	types, err := objectTypes(args, "jsonb_build_object")
	if err != nil {
		return nil, err
	}
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) (err error) {
		for i := range out.Strs {
			var b jsontext.ObjectBuilder
			for a := 0; a < len(args); a += 2 {
				if args[a].IsNull(i) {
					return sqlstate.New(sqlstate.InvalidParameterValue, "argument %d: key must not be null", a+1)
				}
				doc, err := element(ctx, types[a+1], args[a+1], i)
				if err != nil {
					return err
				}
				key := keyText(types[a], args[a].Strs[args[a].At(i)])
				if err := jsontext.CheckLength(key); err != nil {
					return err
				}
				b.Add(key, doc)
			}
			if out.Strs[i], err = b.Finish(); err != nil {
				return err
			}
			if err := ctx.Row(out, i); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// keyText gives a key's text: that of to_jsonb, without quotes.
func keyText(t arrowschema.Type, s string) string {
	switch t {
	case arrowschema.Bool:
		return jsontext.FromBool(s == "t")
	case arrowschema.Timestamp, arrowschema.TimestampTZ:
		return isoTimestamp(s, t == arrowschema.TimestampTZ)
	default:
		return s
	}
}
