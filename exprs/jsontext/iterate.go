package jsontext

import (
	"iter"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Elements is jsonb_array_elements: the elements of an array, in order, as substrings of doc. Other kinds are errors (22023).
func Elements(doc string) (iter.Seq[string], error) {
	switch KindOf(doc) {
	case Array:
	case Object:
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "cannot extract elements from an object")
	default:
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "cannot extract elements from a scalar")
	}
	return func(yield func(string) bool) {
		for e := elementsOf(doc); ; {
			if elem, ok := e.next(); !ok || !yield(elem) {
				return
			}
		}
	}, nil
}

// ElementsText is jsonb_array_elements_text: the elements as Text gives them, with a flag for SQL NULL.
func ElementsText(doc string) (iter.Seq2[string, bool], error) {
	elems, err := Elements(doc)
	if err != nil {
		return nil, err
	}
	return func(yield func(string, bool) bool) {
		for elem := range elems {
			if !yield(Text(elem)) {
				return
			}
		}
	}, nil
}

// Keys is jsonb_object_keys: the keys of an object as plain text, in jsonb's order. Other kinds are errors (22023).
func Keys(doc string) (iter.Seq[string], error) {
	switch KindOf(doc) {
	case Object:
	case Array:
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "cannot call jsonb_object_keys on an array")
	default:
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "cannot call jsonb_object_keys on a scalar")
	}
	return func(yield func(string) bool) {
		for m := membersOf(doc); ; {
			if key, _, ok := m.next(); !ok || !yield(unescape(key)) {
				return
			}
		}
	}, nil
}

// Each is jsonb_each: the keys of an object as plain text, with their values as substrings of doc. Other kinds are errors (22023).
func Each(doc string) (iter.Seq2[string, string], error) {
	return each(doc, "jsonb_each")
}

// Member is what jsonb_each_text gives for one key: the value as Text has it.
type Member struct {
	Key, Value string
	IsNull     bool
}

// EachText is jsonb_each_text.
func EachText(doc string) (iter.Seq[Member], error) {
	pairs, err := each(doc, "jsonb_each_text")
	if err != nil {
		return nil, err
	}
	return func(yield func(Member) bool) {
		for key, value := range pairs {
			text, isNull := Text(value)
			if !yield(Member{key, text, isNull}) {
				return
			}
		}
	}, nil
}

func each(doc, function string) (iter.Seq2[string, string], error) {
	if KindOf(doc) != Object {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "cannot call %s on a non-object", function)
	}
	return func(yield func(string, string) bool) {
		for m := membersOf(doc); ; {
			if key, value, ok := m.next(); !ok || !yield(unescape(key), value) {
				return
			}
		}
	}, nil
}
