package jsonb

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/text"
	"github.com/stoadb/stoa/exprs/vec"
)

// jsonConstructors gives to_json, json_build_array and json_build_object, whose documents are text as it is put together: keys may be double, numbers
// and json parts keep their spelling.
func jsonConstructors() []exprs.Func {
	variadic := exprs.Func{Args: []arrowschema.Type{text.Any}, Variadic: true, Result: js, Volatility: exprs.Stable, NotStrict: true}
	array, object := variadic, variadic
	array.Name, array.Bind = "json_build_array", bindJSONArray
	object.Name, object.Bind = "json_build_object", bindJSONObject
	return []exprs.Func{
		{Name: "to_json", Args: []arrowschema.Type{text.Any}, Result: js, Volatility: exprs.Stable, Bind: func(args []exprs.Expr) (exprs.Kernel, error) {
			t := text.AnyType(args[0])
			if t == arrowschema.Unknown {
				return nil, errPolymorphic()
			}
			return exprs.UnaryCtx(func(ctx *exprs.Ctx, s string) (string, error) { return jsonValue(ctx, t, s) }), nil
		}},
		array, object,
		{Name: "json_build_array", Result: js, Eval: always("[]")}, {Name: "json_build_object", Result: js, Eval: always("{}")},
	}
}

// jsonValue gives the json of a value; text is what its output function prints. Numbers are as printed, but what JSON has no number for is a string.
func jsonValue(ctx *exprs.Ctx, t arrowschema.Type, s string) (string, error) {
	switch t {
	case arrowschema.JSON, arrowschema.JSONB, arrowschema.Int2, arrowschema.Int4, arrowschema.Int8:
		return s, nil
	case arrowschema.Bool:
		return jsontext.FromBool(s == "t"), nil
	case arrowschema.Numeric, arrowschema.Float4, arrowschema.Float8:
		if last := s[len(s)-1]; last < '0' || last > '9' { // NaN, Infinity
			return jsontext.Quote(s), nil
		}
		return s, nil
	case arrowschema.Timestamp, arrowschema.TimestampTZ:
		return jsontext.Quote(isoTimestamp(s, t == arrowschema.TimestampTZ)), nil
	default:
		return quote(ctx, s)
	}
}

func jsonElement(ctx *exprs.Ctx, dst []byte, t arrowschema.Type, v *vec.Vec, i int) ([]byte, error) {
	if v.IsNull(i) {
		return append(dst, "null"...), nil
	}
	s, err := jsonValue(ctx, t, v.Strs[v.At(i)])
	if err == nil && len(dst)+len(s) > jsontext.MaxSize {
		err = errTooLarge()
	}
	if err != nil {
		return nil, err
	}
	return append(dst, s...), nil
}

func bindJSONArray(args []exprs.Expr) (exprs.Kernel, error) {
	types := typesOf(args)
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		for i := range out.Strs {
			buf := []byte{'['}
			for a, v := range args {
				if a > 0 {
					buf = append(buf, ", "...)
				}
				var err error
				if buf, err = jsonElement(ctx, buf, types[a], v, i); err != nil {
					return err
				}
			}
			out.Strs[i] = string(append(buf, ']'))
			if err := ctx.Row(out, i); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func errTooLarge() error {
	return sqlstate.New(sqlstate.ProgramLimitExceeded, "total size of json elements exceeds the maximum of %d bytes", jsontext.MaxSize)
}

func bindJSONObject(args []exprs.Expr) (exprs.Kernel, error) {
	types, err := objectTypes(args, "json_build_object")
	if err != nil {
		return nil, err
	}
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		for i := range out.Strs {
			buf := []byte{'{'}
			for a := 0; a < len(args); a += 2 {
				if args[a].IsNull(i) {
					return sqlstate.New(sqlstate.InvalidParameterValue, "argument %d cannot be null", a+1)
				}
				if a > 0 {
					buf = append(buf, ", "...)
				}
				key, err := quote(ctx, keyText(types[a], args[a].Strs[args[a].At(i)]))
				if err != nil {
					return err
				}
				buf = append(append(buf, key...), " : "...)
				if buf, err = jsonElement(ctx, buf, types[a+1], args[a+1], i); err != nil {
					return err
				}
			}
			out.Strs[i] = string(append(buf, '}'))
			if err := ctx.Row(out, i); err != nil {
				return err
			}
		}
		return nil
	}, nil
}
