package stoa

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
)

// paramsOf makes the values of $1, $2, … of Go values.
func paramsOf(args []any) ([]*vec.Vec, error) {
	out := make([]*vec.Vec, len(args))
	for i, a := range args {
		v, err := paramOf(a)
		if err != nil {
			return nil, fmt.Errorf("parameter $%d: %w", i+1, err)
		}
		out[i] = v
	}
	return out, nil
}

// paramOf gives a value its SQL type. A string is of type unknown, as a literal in quotes is: what it is compared with or stored in decides.
func paramOf(a any) (*vec.Vec, error) {
	switch a := a.(type) {
	case nil:
		return vec.NewNull(arrowschema.Unknown, 1), nil
	case bool:
		return vec.NewConst(arrowschema.Bool, a, 1), nil
	case string:
		return vec.NewConst(arrowschema.Unknown, a, 1), nil
	case []byte:
		return vec.NewConst(arrowschema.Unknown, string(a), 1), nil
	case json.RawMessage:
		text, err := jsontext.Canonical(string(a))
		if err != nil {
			return nil, err
		}
		return vec.NewConst(arrowschema.JSONB, text, 1), nil
	case uuid.UUID:
		return vec.NewConst(arrowschema.UUID, [16]byte(a), 1), nil
	case time.Time:
		return vec.NewConst(arrowschema.TimestampTZ, a.UnixMicro(), 1), nil
	}
	v := reflect.ValueOf(a)
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return vec.NewNull(arrowschema.Unknown, 1), nil
		}
		return paramOf(v.Elem().Interface())
	case reflect.Int16, reflect.Int8, reflect.Uint8:
		return intParam(v, arrowschema.Int2)
	case reflect.Int32, reflect.Uint16:
		return intParam(v, arrowschema.Int4)
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint32, reflect.Uint64:
		return intParam(v, arrowschema.Int8)
	case reflect.Float32, reflect.Float64:
		return vec.NewConst(arrowschema.Float8, v.Float(), 1), nil
	case reflect.String:
		return vec.NewConst(arrowschema.Unknown, v.String(), 1), nil
	case reflect.Bool:
		return vec.NewConst(arrowschema.Bool, v.Bool(), 1), nil
	}
	return nil, sqlstate.New(sqlstate.FeatureNotSupported, "a parameter of Go type %T is not supported", a).
		WithHint("Parameters are bool, integers, floats, string, []byte, time.Time, uuid.UUID, json.RawMessage, pointers to these, or nil.")
}

func intParam(v reflect.Value, t arrowschema.Type) (*vec.Vec, error) {
	if v.CanInt() {
		return vec.NewConst(t, v.Int(), 1), nil
	}
	if v.Uint() > 1<<63-1 {
		return nil, sqlstate.New(sqlstate.NumericValueOutOfRange, "value %q is out of range for type bigint", fmt.Sprint(v.Uint()))
	}
	return vec.NewConst(t, int64(v.Uint()), 1), nil
}
