// Package jsontext is PostgreSQL's jsonb as scalar functions on its canonical text.
//
// A jsonb value is a Go string that holds exactly what PostgreSQL 15 prints for it: `{"a": 1, "bb": [1, 2]}`. Keys stand in order of their byte
// length, then of their bytes; of duplicate keys the last is kept; one space follows `:` and `,`; numbers are the text of a numeric (1e3 is 1000,
// 1.0 stays 1.0, -0 is 0); strings carry only the escapes that PostgreSQL writes. Canonical makes such text from any JSON and is the one way in:
// every other function takes canonical text (called doc, or elem for a part of one) unless its name begins with Raw, and gives canonical text back.
//
// Promises: results, messages and SQLSTATEs are PostgreSQL's, with strings and keys ordered as in the C collation. Readers scan the text, build no
// trees, allocate nothing, and return substrings of the document. On text that is not canonical their answers mean nothing, but they neither
// panic nor loop; still, text from outside has to pass Canonical, whose bound on nesting is what bounds the recursion of the others. Work is linear
// in the text, save in Contains, which compares the elements of two arrays pairwise as PostgreSQL does, and scans nested values once a level.
//
// It is not a JSON library for Go values, holds no vectors, and knows nothing of SQL NULL beyond a flag: NULL arguments are the caller's.
package jsontext

import "github.com/stoadb/stoa/arrowschema/sqlstate"

// Kind is the JSON type of a value. The constants stand in jsonb's sort order.
type Kind uint8

// The kinds of JSON values. Invalid is the kind of text that begins no value.
const (
	Invalid Kind = iota
	Null
	String
	Number
	Boolean
	Array
	Object
)

// String gives the kind's name as jsonb_typeof has it.
func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case String:
		return "string"
	case Number:
		return "number"
	case Boolean:
		return "boolean"
	case Array:
		return "array"
	case Object:
		return "object"
	}
	return "invalid"
}

// KindOf tells the kind of doc from its first byte.
func KindOf(doc string) Kind { return kindAt(doc, 0) }

// TypeOf is jsonb_typeof: object, array, string, number, boolean or null.
func TypeOf(doc string) string { return kindAt(doc, 0).String() }

func kindAt(s string, i int) Kind {
	if i >= len(s) {
		return Invalid
	}
	switch c := s[i]; c {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't', 'f':
		return Boolean
	case 'n':
		return Null
	default:
		if c == '-' || isDigit(c) {
			return Number
		}
		return Invalid
	}
}

// AsNumber gives the text of a number, which is the text of a numeric. ok is false for the other kinds; see CannotCast.
func AsNumber(doc string) (text string, ok bool) { return doc, KindOf(doc) == Number }

// AsBool gives the value of true or false. ok is false for the other kinds; see CannotCast.
func AsBool(doc string) (value, ok bool) { return doc == "true", KindOf(doc) == Boolean }

// CannotCast is the error (22023) of casting doc to sqlType, a type of another kind: "cannot cast jsonb string to type numeric".
// sqlType is the type's SQL name as PostgreSQL writes it in messages: integer, bigint, numeric, boolean, double precision.
func CannotCast(doc, sqlType string) error {
	name := KindOf(doc).String()
	if name == "number" {
		name = "numeric"
	}
	return sqlstate.New(sqlstate.InvalidParameterValue, "cannot cast jsonb %s to type %s", name, sqlstate.SafeString(sqlType))
}
