package schemahistory

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/stoadb/stoa/arrowschema/arrowjson"
)

// wholeSchema compares what is said of the schemas as a whole. The list is never nil, so that JSON has [] for it.
func wholeSchema(a, b *arrowjson.Schema) []Difference {
	out := []Difference{}
	if from, to := metadataText(a.Metadata), metadataText(b.Metadata); from != to {
		out = append(out, Difference{Kind: Metadata, From: from, To: to})
	}
	if a.Options != b.Options {
		out = append(out, Difference{Kind: Options, From: orEmpty(a.Options), To: orEmpty(b.Options)})
	}
	return out
}

func orEmpty(object string) string {
	if object == "" {
		return "{}"
	}
	return object
}

func droppedColumn(older *arrowjson.Schema, i int) Difference {
	return Difference{Kind: Dropped, Column: older.Fields[i].Name, Position: i + 1, From: describe(older.Fields[i])}
}

// columnPair is a column that is in both schemas: its fields, its SQL types where they are known, and whether its ID is the same.
type columnPair struct {
	a, b       *arrowjson.Field
	aSQL, bSQL string
	same       bool
}

// appendColumn compares a column that is in both schemas; j is its place in the newer one.
func appendColumn(out []Difference, p columnPair, j int) []Difference {
	a, b := p.a, p.b
	add := func(kind DifferenceKind, from, to string) {
		if from != to {
			out = append(out, Difference{Kind: kind, Column: b.Name, Position: j + 1, From: from, To: to})
		}
	}
	add(Renamed, a.Name, b.Name)
	from, to := a.Type.String(), b.Type.String()
	switch {
	case from != to:
		add(Retyped, from, to)
	case p.aSQL != p.bSQL && p.aSQL != "" && p.bSQL != "":
		add(Retyped, p.aSQL, p.bSQL)
	case !p.same:
		out = append(out, Difference{Kind: Replaced, Column: b.Name, Position: j + 1, From: from, To: to})
	}
	add(Nullability, nullability(a.Nullable), nullability(b.Nullable))
	add(Dictionary, dictionaryText(a), dictionaryText(b))
	add(Metadata, metadataText(a.Metadata), metadataText(b.Metadata))
	return out
}

func nullability(nullable bool) string {
	if nullable {
		return "nullable"
	}
	return "not null"
}

func dictionaryText(f *arrowjson.Field) string {
	text := "dict_id " + strconv.FormatInt(f.DictID, 10)
	if f.DictIsOrdered {
		text += " ordered"
	}
	return text
}

// metadataText writes metadata as a JSON object, its keys in the order of their bytes.
func metadataText(metadata map[string]string) string {
	if len(metadata) == 0 {
		return "{}"
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(metadata) != nil { // strings can always be encoded
		return "{}"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// describe writes a column for Added and Dropped.
func describe(f arrowjson.Field) string {
	text := f.Type.String()
	if !f.Nullable {
		text += " not null"
	}
	if f.DictID != 0 || f.DictIsOrdered {
		text += " " + dictionaryText(&f)
	}
	if len(f.Metadata) > 0 {
		text += " " + metadataText(f.Metadata)
	}
	return text
}

// String gives the difference as a line, without its end:
//
//	~ a Int32 → Int64               the type, nullability, dictionary or metadata is another
//	~ a metadata {} → {"k":"v"}
//	~ (schema) metadata {} → {…}    the schema as a whole
//	+ trace Utf8                    added
//	- x Int64                       dropped
//	r old → new                     renamed
//	* a Int64                       another column of that name, or its rows were rewritten
//	> a 2 → 4                       stands at another place
func (d Difference) String() string {
	name := lineName(d.Column)
	change := d.From + " → " + d.To
	switch d.Kind {
	case Added:
		return "+ " + name + " " + d.To
	case Dropped:
		return "- " + name + " " + d.From
	case Renamed:
		return "r " + lineName(d.From) + " → " + lineName(d.To)
	case Replaced:
		return "* " + name + " " + d.To
	case Moved:
		return "> " + name + " " + change
	case Metadata, Options:
		if d.Position == 0 {
			name = "(schema)"
		}
		return "~ " + name + " " + string(d.Kind) + " " + change
	}
	return "~ " + name + " " + change
}

// lineName gives the name of a column on a line of text: one that is no plain name in quotes, with escapes, so that it neither ends the line nor passes
// for something else.
func lineName(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return strconv.Quote(name)
}

// DiffText gives differences as text, a line for each, "" when there are none. Their JSON form is what encoding/json makes of the list.
func DiffText(differences []Difference) string {
	var b strings.Builder
	for _, d := range differences {
		b.WriteString(d.String())
		b.WriteByte('\n')
	}
	return b.String()
}
