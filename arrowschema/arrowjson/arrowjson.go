// Package arrowjson reads and writes Arrow schemas as the contract's Arrow-JSON: {"fields": [{"name", "data_type", "nullable", "metadata"}]}, where
// data_type is the text that Rust arrow prints for a DataType.
//
// It reads every spelling that a release of Rust arrow wrote (a table stands in grammar.md): the Debug form with whole fields (up to release 56)
// and with defaults left out (from 57 on), pretty-printed or not; the Display form of 55.1 to 56, of 57.0 and from 57.1 on; and the objects of
// its serde form. It prints one: the Debug form with whole fields, which is the contract's. Its promises, held by properties and fuzz targets:
//
//   - for every schema s, ParseSchema(s.JSON()) equals s; for every text that it printed, printing what it parsed gives the text again;
//   - malformed text is an *sqlstate.Error 22P02 that names the byte at which reading failed, never a panic; reading takes linear time, and no
//     more memory than a multiple of the text.
//
// The contract's elided `Struct([...])` is a type of its own here: it is kept as written, and only Arrow refuses it.
//
// It is no codec for values, and it does not judge whether a type suits a column: that is arrowschema's.
package arrowjson

import (
	"maps"
	"slices"
)

// Schema is an Arrow schema: the fields of a table in order, and what its writer noted of the whole.
type Schema struct {
	Fields   []Field
	Metadata map[string]string // nil or empty when there is none

	// Options is the object that KalamDB's older releases wrote beside "fields", as canonical JSON text, "" when there is none.
	Options string
}

// Field is a column, or a child of a nested type.
type Field struct {
	Name     string
	Type     *Type
	Nullable bool
	Metadata map[string]string // nil or empty when there is none

	// DictID and DictIsOrdered are what Rust arrow keeps of a dictionary beside its type. arrow-go has no home for DictID: Arrow loses it.
	DictID        int64
	DictIsOrdered bool
}

// Equal tells whether both schemas have the same fields in the same order, the same metadata and options. Nil and empty metadata are the same.
func (s *Schema) Equal(o *Schema) bool {
	if s == nil || o == nil {
		return s == o
	}
	return slices.EqualFunc(s.Fields, o.Fields, Field.Equal) && maps.Equal(s.Metadata, o.Metadata) && s.Options == o.Options
}

// Equal tells whether both fields are the same in everything: the name, the whole type, nullability, metadata, and what they say of a dictionary.
func (f Field) Equal(o Field) bool {
	return f.Name == o.Name && f.Nullable == o.Nullable && f.DictID == o.DictID && f.DictIsOrdered == o.DictIsOrdered &&
		maps.Equal(f.Metadata, o.Metadata) && f.Type.Equal(o.Type)
}
