package arrowjson

import (
	"math"
	"strings"
)

// itemName is what Rust arrow calls the element of a list; its newer forms leave the name out when it is this one.
const itemName = "item"

// isDebugField tells whether a field in its Debug form comes next: `Field {`.
func (p *parser) isDebugField() bool { return p.peekWord() == "Field" }

// parseDebugField reads `Field { name: "a", data_type: Int32, … }`, the keys in any order. Releases up to 56 print them all; later ones leave out
// the name when it is "item", and nullable, dict_id, dict_is_ordered and metadata when they are false, 0 and empty.
func (p *parser) parseDebugField() (Field, error) {
	f := Field{Name: itemName}
	p.space()
	start := p.pos
	if !p.acceptWord("Field") {
		return f, p.failHere(`expected "Field {"`)
	}
	if err := p.expect("{"); err != nil {
		return f, err
	}
	seen := map[string]bool{}
	for p.peek() != '}' {
		at, key := p.nextWord()
		if seen[key] {
			return f, p.fail(at, "%s is given twice", key)
		}
		seen[key] = true
		if err := p.parseDebugKey(&f, at, key); err != nil {
			return f, err
		}
		if !p.accept(",") {
			break
		}
	}
	if err := p.expect("}"); err != nil {
		return f, err
	}
	if f.Type == nil {
		return f, p.fail(start, "the field has no data_type")
	}
	return f, nil
}

// parseDebugKey reads the colon and the value of a key of a Debug field, whose word was taken at a byte.
func (p *parser) parseDebugKey(f *Field, at int, key string) (err error) {
	switch key {
	case "name", "data_type", "nullable", "dict_id", "dict_is_ordered", "metadata":
	default:
		p.pos = at
		return p.failHere("expected name, data_type, nullable, dict_id, dict_is_ordered or metadata")
	}
	if err = p.expect(":"); err != nil {
		return err
	}
	switch key {
	case "name":
		f.Name, err = p.parseString()
	case "data_type":
		f.Type, err = p.parseType()
	case "nullable":
		f.Nullable, err = p.parseBool()
	case "dict_id":
		f.DictID, err = p.parseInt("the id of a dictionary", math.MinInt64, math.MaxInt64)
	case "dict_is_ordered":
		f.DictIsOrdered, err = p.parseBool()
	case "metadata":
		f.Metadata, err = p.parseOptionalMetadata()
	}
	return err
}

// parseOptionalMetadata reads `{…}`, or as releases up to 27 print it `None` or `Some({…})`.
func (p *parser) parseOptionalMetadata() (map[string]string, error) {
	if p.acceptWord("None") {
		return nil, nil
	}
	some := p.acceptWord("Some")
	if some {
		if err := p.expect("("); err != nil {
			return nil, err
		}
	}
	metadata, err := p.parseMetadata()
	if err == nil && some {
		p.accept(",")
		err = p.expect(")")
	}
	return metadata, err
}

// parseMetadata reads `{"key": "value", …}`.
func (p *parser) parseMetadata() (map[string]string, error) {
	if err := p.expect("{"); err != nil {
		return nil, err
	}
	var metadata map[string]string
	for p.peek() != '}' {
		at := p.pos
		key, err := p.parseString()
		if err != nil {
			return nil, err
		}
		if _, twice := metadata[key]; twice {
			return nil, p.fail(at, "the metadata have a key twice")
		}
		if err = p.expect(":"); err != nil {
			return nil, err
		}
		value, err := p.parseString()
		if err != nil {
			return nil, err
		}
		if metadata == nil {
			metadata = map[string]string{}
		}
		metadata[key] = value
		if !p.accept(",") {
			break
		}
	}
	return metadata, p.expect("}")
}

// parseMark reads the mark of nullability of the Display form.
func (p *parser) parseMark() (nullable bool) {
	switch {
	case p.acceptWord("non-null"):
		p.sawNonNull = true
		return false
	case p.acceptWord("nullable"):
		p.sawNullable = true
		return true
	}
	p.sawUnmarked = true
	return p.unmarked
}

// parseDisplayMetadata reads `, metadata: {…}` if it is next.
func (p *parser) parseDisplayMetadata(f *Field) (err error) {
	at := p.pos
	if p.accept(",") && p.acceptKey("metadata") {
		f.Metadata, err = p.parseMetadata()
		return err
	}
	p.pos = at
	return nil
}

// parseNamedField reads a field as the Display form of a struct, union, map or run-end encoding has it: `"a": non-null Int32, metadata: {…}`; or,
// so that the forms can mix, the Debug form.
func (p *parser) parseNamedField() (f Field, err error) {
	if p.isDebugField() {
		return p.parseDebugField()
	}
	if p.peek() != '"' {
		return f, p.failHere("expected a field")
	}
	if f.Name, err = p.parseString(); err != nil {
		return f, err
	}
	if err = p.expect(":"); err != nil {
		return f, err
	}
	f.Nullable = p.parseMark()
	if f.Type, err = p.parseType(); err != nil {
		return f, err
	}
	return f, p.parseDisplayMetadata(&f)
}

// parseElement reads the field of a list's elements: the Debug form, or `non-null Int32, field: 'a', metadata: {…}`.
func (p *parser) parseElement() ([]Field, error) {
	if p.isDebugField() {
		f, err := p.parseDebugField()
		return []Field{f}, err
	}
	f := Field{Name: itemName, Nullable: p.parseMark()}
	var err error
	if f.Type, err = p.parseType(); err != nil {
		return nil, err
	}
	at := p.pos
	if p.accept(",") && p.acceptKey("field") {
		if f.Name, err = p.parseQuotedName(); err != nil {
			return nil, err
		}
	} else {
		p.pos = at
	}
	err = p.parseDisplayMetadata(&f)
	return []Field{f}, err
}

// parseQuotedName reads a name in single quotes, in which the Display form escapes nothing: it ends at the first quote after which the list's
// parenthesis closes or its metadata follow.
func (p *parser) parseQuotedName() (string, error) {
	if p.peek() != '\'' {
		return "", p.failHere("expected a name in single quotes")
	}
	open := p.pos
	for p.pos = open + 1; ; {
		end := strings.IndexByte(p.text[p.pos:], '\'')
		if end < 0 {
			p.pos = open
			return "", p.fail(open, "the name has no end")
		}
		quote := p.pos + end
		if p.pos = quote + 1; p.endsName() {
			p.pos = quote + 1
			return p.text[open+1 : quote], nil
		}
		p.pos = quote + 1
	}
}

// endsName tells whether what follows a single quote lets it be the end of a name. It moves over what it looks at.
func (p *parser) endsName() bool {
	if p.accept(",") {
		return p.peek() == ')' || p.acceptKey("metadata")
	}
	return p.peek() == ')'
}
