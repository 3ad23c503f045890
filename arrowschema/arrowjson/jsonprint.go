package arrowjson

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
)

// JSON gives the schema as PostgreSQL prints the jsonb of it: the keys of every object by length and then by bytes, ", " and ": " between
// tokens, no line breaks. Each field has its four keys; dict_id and dict_is_ordered appear when they are not 0 and false, the schema's metadata
// and options when there are any. Types are in the spelling of Type.String.
func (s *Schema) JSON() string {
	b := append(make([]byte, 0, 96*len(s.Fields)+16), `{"fields": [`...)
	for i, f := range s.Fields {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = f.appendJSON(b)
	}
	b = append(b, ']')
	if s.Options != "" {
		b = append(append(b, `, "options": `...), s.Options...)
	}
	if len(s.Metadata) > 0 {
		b = appendJSONMap(append(b, `, "metadata": `...), s.Metadata)
	}
	return string(append(b, '}'))
}

func (f Field) appendJSON(b []byte) []byte {
	b = appendJSONString(append(b, `{"name": `...), f.Name)
	if f.DictID != 0 {
		b = strconv.AppendInt(append(b, `, "dict_id": `...), f.DictID, 10)
	}
	b = appendJSONMap(append(b, `, "metadata": `...), f.Metadata)
	b = strconv.AppendBool(append(b, `, "nullable": `...), f.Nullable)
	b = append(b, `, "data_type": `...)
	if f.Type.Kind().simple() {
		b = append(append(append(b, '"'), f.Type.kind.String()...), '"')
	} else {
		b = appendJSONString(b, f.Type.String())
	}
	if f.DictIsOrdered {
		b = append(b, `, "dict_is_ordered": true`...)
	}
	return append(b, '}')
}

// compareKeys is jsonb's order of the keys of an object.
func compareKeys(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

func appendJSONMap(b []byte, m map[string]string) []byte {
	b = append(b, '{')
	for i, key := range slices.SortedFunc(maps.Keys(m), compareKeys) {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendJSONString(append(appendJSONString(b, key), ": "...), m[key])
	}
	return append(b, '}')
}

// appendJSONString appends a string as PostgreSQL's escape_json does: \b \f \n \r \t \" \\ by name, other control characters as \u00xx, all else
// as it is.
func appendJSONString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c >= ' ':
			b = append(b, c)
		case c == '\b':
			b = append(b, `\b`...)
		case c == '\f':
			b = append(b, `\f`...)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		default:
			b = append(b, `\u00`...)
			b = append(b, hex[c>>4], hex[c&15])
		}
	}
	return append(b, '"')
}

// appendJSON appends a value in jsonb's form, but for numbers, which stay as they are written.
func appendJSON(b []byte, v *jsonValue) []byte {
	switch v.kind {
	case jsonNull:
		return append(b, "null"...)
	case jsonString:
		return appendJSONString(b, v.text)
	case jsonArray:
		b = append(b, '[')
		for i := range v.items {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendJSON(b, &v.items[i])
		}
		return append(b, ']')
	case jsonObject:
		order := make([]int, len(v.keys))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(i, j int) int { return compareKeys(v.keys[i].text, v.keys[j].text) })
		b = append(b, '{')
		for n, i := range order {
			if n > 0 {
				b = append(b, ", "...)
			}
			b = appendJSON(append(appendJSONString(b, v.keys[i].text), ": "...), &v.items[i])
		}
		return append(b, '}')
	}
	return append(b, v.text...)
}
