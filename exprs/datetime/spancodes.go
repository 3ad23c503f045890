package datetime

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

const (
	// mostValues bounds the entries of a dictionary, and mostSpans the spans of time whose values are remembered.
	mostValues = 1 << 12
	mostSpans  = 1 << 14
	// mostFormat is the length of a format, in bytes, of which so many texts are kept.
	mostFormat = 1 << 7
	// mostAhead is the number of spans whose values are made before they are met.
	mostAhead = 1 << 8
)

// A function of timestamps that does not change within an hour, or a day, is computed once for each that it meets, and given as codes of a dictionary: what
// groups by it then works on codes. Times that are far or infinite, time zones other than UTC, and values that are too many are left to the kernel.

// fuseFormat gives to_char of timestamps, of type t, and a constant format in whole seconds or coarser as codes.
func fuseFormat(t arrowschema.Type) func([]exprs.Expr) exprs.Fused {
	return func(args []exprs.Expr) exprs.Fused {
		c, ok := args[1].(*exprs.Const)
		if !ok || c.IsNull() || c.V.Strs[0] == "" || len(c.V.Strs[0]) > mostFormat {
			return nil
		}
		format := temporal.CompileCharFormat(c.V.Strs[0])
		if format.Unit() < temporal.MicrosPerSecond {
			return nil
		}
		return fuseSpans(args[0], txt, format.Unit(), func(begin int64) (string, error) {
			var text []byte
			if t == tz {
				text, _ = format.AppendTimestampTZ(nil, begin, nil)
			} else {
				text, _ = format.AppendTimestamp(nil, begin)
			}
			return string(text), nil
		})
	}
}

// fuseTrunc gives date_trunc of timestamps to hours or coarser as codes.
func (s source) fuseTrunc(args []exprs.Expr) exprs.Fused {
	field, ok := fieldOf(args[0], s, temporal.ResolveTrunc)
	if !ok || len(args) != 2 {
		return nil
	}
	unit := int64(temporal.MicrosPerDay)
	switch field {
	case temporal.FieldHour:
		unit = temporal.MicrosPerHour
	case temporal.FieldMinute, temporal.FieldSecond, temporal.FieldMilliseconds, temporal.FieldMicroseconds:
		return nil
	}
	return fuseSpans(args[1], s.t, unit, func(begin int64) (int64, error) { return temporal.TruncTimestamp(field, begin) })
}

// fuseDate gives the cast of timestamps to dates as codes.
func fuseDate(args []exprs.Expr) exprs.Fused {
	return fuseSpans(args[0], date, temporal.MicrosPerDay, func(begin int64) (int64, error) { return temporal.TimestampToDate(begin), nil })
}

// fuseSpans gives a function of arg, timestamps of either kind, that has one value in each span of a unit from midnight on.
func fuseSpans[T spanValue](arg exprs.Expr, result arrowschema.Type, unit int64, value func(begin int64) (T, error)) exprs.Fused {
	of := new(byte) // this call
	start := func() *spanCodes[T] {
		return &spanCodes[T]{result: result, unit: unit, value: value, spans: map[int64]uint16{}, known: map[T]uint16{}}
	}
	return func(ctx *exprs.Ctx, b *vec.Batch) (*vec.Vec, bool, error) {
		if arg.Type() == tz && zone(ctx) != nil {
			return nil, false, nil
		}
		s := exprs.Kept(ctx, of, start)
		if s == nil || len(s.values) > mostValues {
			return nil, false, nil
		}
		v, err := arg.Eval(ctx, b)
		if err != nil || v.Const || v.Dict != nil {
			return nil, false, err
		}
		codes := ctx.Codes(v.N)
		if !s.codesOf(v.Ints[:v.N], codes) {
			return nil, false, nil
		}
		return vec.NewDict(codes, s.dictionary(), v.Valid), true, nil
	}
}

type spanValue interface{ int64 | string }

// spanCodes is the values of the spans that were met: equal values have one code.
type spanCodes[T spanValue] struct {
	result arrowschema.Type
	unit   int64
	value  func(begin int64) (T, error)
	spans  map[int64]uint16 // by their beginning
	known  map[T]uint16
	values []T // by code; only ever appended to
	dict   *vec.Vec
}

// codesOf gives the codes of timestamps. It answers false when one is far or infinite, or has no value, or the values are too many.
func (s *spanCodes[T]) codesOf(times []int64, codes []uint16) bool {
	begin, width, code := int64(0), uint64(0), uint16(0)
	for i, x := range times {
		if uint64(x-begin) >= width {
			if x^x>>63 >= farthest {
				return false
			}
			begin, width = x-floorMod(x, s.unit), uint64(s.unit)
			var ok bool
			if code, ok = s.spans[begin]; !ok {
				if code, ok = s.learn(begin); !ok {
					return false
				}
				s.lookAhead(begin)
			}
		}
		codes[i] = code
	}
	return true
}

// learn finds the code of a span.
func (s *spanCodes[T]) learn(begin int64) (code uint16, ok bool) {
	value, err := s.value(begin)
	if err != nil {
		return 0, false
	}
	if code, ok = s.known[value]; !ok {
		code = uint16(len(s.values))
		s.values = append(s.values, value)
		s.known[value] = code
	}
	if len(s.spans) == mostSpans {
		clear(s.spans)
	}
	s.spans[begin] = code
	return code, len(s.values) <= mostValues
}

// lookAhead learns as many of the following spans as are known already, for most times come in order: a dictionary that grew would be a new one to those that
// look at its entries.
func (s *spanCodes[T]) lookAhead(begin int64) {
	for range min(len(s.spans), mostAhead) {
		if begin += s.unit; len(s.values) >= mostValues/2 {
			return
		}
		if _, known := s.spans[begin]; known {
			return
		}
		if _, ok := s.learn(begin); !ok {
			return
		}
	}
}

// dictionary gives the values so far. What it gave before stays as it is.
func (s *spanCodes[T]) dictionary() *vec.Vec {
	if s.dict == nil || s.dict.N != len(s.values) {
		s.dict = vec.NewFlat(s.result, s.values[:len(s.values):len(s.values)], nil)
	}
	return s.dict
}
