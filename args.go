package stoa

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/temporal"
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
		return nullParam(), nil
	case string:
		return textParam(a)
	case []byte:
		if a == nil {
			return nullParam(), nil
		}
		return textParam(string(a))
	case json.RawMessage:
		if a == nil {
			return nullParam(), nil
		}
		text, err := jsontext.Canonical(string(a))
		if err != nil {
			return nil, err
		}
		return vec.NewConst(arrowschema.JSONB, text, 1), nil
	case uuid.UUID:
		return vec.NewConst(arrowschema.UUID, [16]byte(a), 1), nil
	case time.Time:
		return timeParam(a)
	case time.Duration:
		return vec.NewConst(arrowschema.Interval, temporal.Interval{Micros: a.Microseconds()}, 1), nil
	}
	v := reflect.ValueOf(a)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nullParam(), nil
		}
		if elem := v.Elem().Interface(); !isValuer(a) || isValuer(elem) {
			return paramOf(elem)
		}
	}
	if valuer, ok := a.(driver.Valuer); ok {
		value, err := valuer.Value()
		if err != nil {
			return nil, err
		}
		if driver.IsValue(value) {
			return paramOf(value)
		}
	}
	return scalarParam(v)
}

func isValuer(a any) bool {
	_, ok := a.(driver.Valuer)
	return ok
}

// scalarParam gives a value of one of Go's scalar kinds, whatever its type is called.
func scalarParam(v reflect.Value) (*vec.Vec, error) {
	switch v.Kind() {
	case reflect.Int16, reflect.Int8, reflect.Uint8:
		return intParam(v, arrowschema.Int2)
	case reflect.Int32, reflect.Uint16:
		return intParam(v, arrowschema.Int4)
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint32, reflect.Uint64:
		return intParam(v, arrowschema.Int8)
	case reflect.Float32:
		return vec.NewConst(arrowschema.Float4, v.Float(), 1), nil
	case reflect.Float64:
		return vec.NewConst(arrowschema.Float8, v.Float(), 1), nil
	case reflect.String:
		return textParam(v.String())
	case reflect.Bool:
		return vec.NewConst(arrowschema.Bool, v.Bool(), 1), nil
	}
	return nil, sqlstate.New(sqlstate.FeatureNotSupported, "a parameter of Go type %s is not supported", v.Type()).
		WithHint("Parameters are bool, integers, floats, string, []byte, time.Time, time.Duration, uuid.UUID, json.RawMessage, driver.Valuer, pointers to these, or nil.")
}

func nullParam() *vec.Vec { return vec.NewNull(arrowschema.Unknown, 1) }

func textParam(s string) (*vec.Vec, error) {
	if err := vec.CheckText(s); err != nil {
		return nil, err
	}
	return vec.NewConst(arrowschema.Unknown, s, 1), nil
}

func timeParam(t time.Time) (*vec.Vec, error) {
	if y := t.UTC().Year(); y < -4713 || y > 294246 {
		return nil, sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range: %q", t)
	}
	return vec.NewConst(arrowschema.TimestampTZ, t.UnixMicro(), 1), nil
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
