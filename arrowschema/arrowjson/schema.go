package arrowjson

import (
	"errors"
	"strconv"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// ParseSchema reads Arrow-JSON: an object with the array "fields", and optionally "metadata" for the whole schema and KalamDB's "options".
//
// A field has "name" and "data_type"; "nullable" is true and "metadata" empty when they are not given, as KalamDB reads and older serde forms
// write them; "dict_id" and "dict_is_ordered" may be given, as Rust arrow's serde writes them. data_type is text (see ParseType) or the object
// that serde makes of a type with arguments. Any other key is refused, since it could not be kept.
//
// Errors are *sqlstate.Error: 22P02 with the byte, 42701 if two fields share a name.
func ParseSchema(jsonText string) (*Schema, error) {
	root, err := readJSON(jsonText)
	if err != nil {
		return nil, err
	}
	if err = root.expect(jsonObject, "Arrow-JSON"); err != nil {
		return nil, err
	}
	if _, ok := root.member("fields"); !ok {
		return nil, jsonError(root.at, `the key "fields" is missing`)
	}
	s := &Schema{}
	for i, key := range root.keys {
		v := &root.items[i]
		switch key.text {
		case "fields":
			s.Fields, err = readFields(v)
		case "metadata":
			s.Metadata, err = readMetadata(v)
		case "options":
			if err = v.expect(jsonObject, "options"); err == nil && len(v.items) > 0 {
				s.Options = string(appendJSON(nil, v))
			}
		default:
			err = jsonError(key.at, `unknown key "%s" in a schema, which has fields, metadata and options`, excerpt(key.text, 0))
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// ParseJSONB is ParseSchema of the text of a jsonb value. That is not what was written: an error that names a byte says so in its detail.
func ParseJSONB(text string) (*Schema, error) {
	s, err := ParseSchema(text)
	return s, ofJSONB(err)
}

func readFields(v *jsonValue) ([]Field, error) {
	if err := v.expect(jsonArray, "fields"); err != nil {
		return nil, err
	}
	fields := make([]Field, len(v.items))
	for i := range v.items {
		var err error
		if fields[i], err = readField(&v.items[i], 0); err != nil {
			return nil, err
		}
	}
	return fields, checkNames(fields)
}

// readField reads a field. depth counts the types that it is within.
func readField(v *jsonValue, depth int) (Field, error) {
	f := Field{Nullable: true}
	if err := v.expect(jsonObject, "a field"); err != nil {
		return f, err
	}
	for _, key := range []string{"name", "data_type"} {
		if _, ok := v.member(key); !ok {
			return f, jsonError(v.at, `the key "%s" of a field is missing`, sqlstate.SafeString(key))
		}
	}
	name, _ := v.member("name")
	if err := name.expect(jsonString, "the name of a field"); err != nil {
		return f, err
	}
	for i, key := range v.keys {
		if err := readFieldKey(&f, key.text, &v.items[i], key.at, depth); err != nil {
			return f, inJSONField(err, name.text)
		}
	}
	return f, nil
}

// inJSONField adds to an error in which field it arose.
func inJSONField(err error, name string) error {
	var e *sqlstate.Error
	if errors.As(err, &e) && e.Where == "" {
		e.Where = `field "` + excerpt(name, 0) + `" of the Arrow-JSON`
	}
	return err
}

func readFieldKey(f *Field, key string, v *jsonValue, keyAt, depth int) (err error) {
	switch key {
	case "name":
		f.Name = v.text
	case "data_type":
		f.Type, err = readType(v, depth)
	case "nullable":
		if err = v.expect(jsonBool, "nullable"); err == nil {
			f.Nullable = v.text == "true"
		}
	case "metadata":
		f.Metadata, err = readMetadata(v)
	case "dict_id":
		f.DictID, err = readInt(v, "dict_id", 64)
	case "dict_is_ordered":
		if err = v.expect(jsonBool, "dict_is_ordered"); err == nil {
			f.DictIsOrdered = v.text == "true"
		}
	default:
		err = jsonError(keyAt, `unknown key "%s" in a field, which has name, data_type, nullable, metadata, dict_id and dict_is_ordered`, excerpt(key, 0))
		if key == "type" || key == "children" {
			err = jsonError(keyAt, `unknown key "%s" in a field`, key).
				WithHint("This looks like the JSON of Arrow's integration tests; Arrow-JSON has the type as text under data_type.")
		}
	}
	return err
}

// readInt reads an integer of a number of bits.
func readInt(v *jsonValue, what string, bits int) (int64, error) {
	if err := v.expect(jsonNumber, what); err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(v.text, 10, bits)
	if err != nil {
		return 0, jsonError(v.at, "%s must be an integer of %d bits", sqlstate.SafeString(what), sqlstate.SafeInt(bits))
	}
	return n, nil
}

// readMetadata reads an object of strings; null stands for none, as serde wrote it once.
func readMetadata(v *jsonValue) (map[string]string, error) {
	if v.kind == jsonNull {
		return nil, nil
	}
	if err := v.expect(jsonObject, "metadata"); err != nil || len(v.items) == 0 {
		return nil, err
	}
	metadata := make(map[string]string, len(v.items))
	for i, key := range v.keys {
		if err := v.items[i].expect(jsonString, "a value of metadata"); err != nil {
			return nil, err
		}
		metadata[key.text] = v.items[i].text
	}
	return metadata, nil
}

// checkNames is the error if two fields share a name.
func (s *Schema) checkNames() error { return checkNames(s.Fields) }

func checkNames(fields []Field) error {
	seen := make(map[string]struct{}, len(fields))
	for _, f := range fields {
		if _, twice := seen[f.Name]; twice {
			return sqlstate.New(sqlstate.DuplicateColumn, `column "%s" specified more than once`, f.Name)
		}
		seen[f.Name] = struct{}{}
	}
	return nil
}

// readType reads a data type: the text that Rust arrow printed, or serde's object.
func readType(v *jsonValue, depth int) (*Type, error) {
	if v.kind != jsonString {
		return readSerde(v, depth)
	}
	return ParseType(v.text)
}
