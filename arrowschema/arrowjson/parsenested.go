package arrowjson

import (
	"math"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// parseFixedSizeList reads `field, n` of the Debug form, `n x Int32, field: 'a'` of the Display form, or `n, Int32` and `Int32, n`, which Rust
// arrow reads and its ancestors wrote.
func (p *parser) parseFixedSizeList(t *Type) (err error) {
	const what = "the number of elements"
	if c := p.peek(); c == '-' || c >= '0' && c <= '9' {
		n, err := p.parseInt(what, math.MinInt32, math.MaxInt32)
		if err != nil {
			return err
		}
		if t.size = int32(n); !p.acceptWord("x") && !p.accept(",") {
			return p.failHere(`expected "x"`)
		}
		t.children, err = p.parseElement()
		return err
	}
	if t.children, err = p.parseElement(); err != nil {
		return err
	}
	if err = p.expect(","); err != nil {
		return err
	}
	n, err := p.parseInt(what, math.MinInt32, math.MaxInt32)
	t.size = int32(n)
	return err
}

// parseStruct reads `[field, …]`, the contract's `[...]`, or the fields of the Display form, with names in quotes since 57.0 and without before.
func (p *parser) parseStruct(t *Type) (err error) {
	if p.accept("[") {
		if t.elided = p.accept("..."); !t.elided {
			t.children, err = p.parseFields("]", p.parseDebugField)
		}
		if err != nil {
			return err
		}
		return p.expect("]")
	}
	if c := p.peek(); c == '"' || c == ')' || p.startsDebugField() {
		t.children, err = p.parseFields(")", p.parseNamedField)
	} else {
		t.children, err = p.parseFields(")", p.parseBareField)
	}
	return err
}

// startsDebugField tells `Field {` from a field without quotes that is called Field.
func (p *parser) startsDebugField() bool {
	at := p.pos
	defer func() { p.pos = at }()
	return p.acceptWord("Field") && p.peek() == '{'
}

// parseFields reads fields with commas between them, up to the closing token, which it leaves.
func (p *parser) parseFields(closing string, field func() (Field, error)) ([]Field, error) {
	var fields []Field
	for p.peek() != closing[0] {
		f, err := field()
		if err != nil {
			return nil, err
		}
		fields = append(fields, f)
		if !p.accept(",") {
			break
		}
	}
	return fields, nil
}

// parseBareField reads a field as the Display form of the releases 55.1 to 56 printed those of a struct: `a Int32`, the name as it is. They did
// not tell whether it is nullable; as those releases read it, it is. The name ends at the last blank before a type.
func (p *parser) parseBareField() (Field, error) {
	p.space()
	start := p.pos
	for {
		for p.pos < len(p.text) && !isSpace(p.text[p.pos]) {
			if c := p.text[p.pos]; c == ',' || c == '(' || c == ')' {
				return Field{}, p.fail(start, "expected a field")
			}
			p.pos++
		}
		if p.pos == len(p.text) {
			return Field{}, p.fail(start, "expected a field")
		}
		end := p.pos
		p.space()
		if !p.startsType() {
			continue
		}
		t, err := p.parseType()
		return Field{Name: p.text[start:end], Type: t, Nullable: true}, err
	}
}

// startsType tells whether a whole type's name and then `,`, `(` or `)` come next.
func (p *parser) startsType() bool {
	at := p.pos
	defer func() { p.pos = at }()
	if kindOf(p.word()) == Invalid {
		return false
	}
	c := p.peek()
	return c == ',' || c == '(' || c == ')'
}

// parseMap reads `field, true` or `"entries": Struct(…), sorted`.
func (p *parser) parseMap(t *Type) error {
	debug := p.isDebugField()
	entries, err := p.parseNamedField()
	if err != nil {
		return err
	}
	p.sawMisfit = p.sawMisfit || !debug && entries.Nullable && entries.Type.kind == Struct
	t.children = []Field{entries}
	if err = p.expect(","); err != nil {
		return err
	}
	switch {
	case p.acceptWord("true"), p.acceptWord("sorted"):
		t.sorted = true
	case p.acceptWord("false"), p.acceptWord("unsorted"):
	default:
		return p.failHere("expected whether the keys are sorted (true, false, sorted, unsorted)")
	}
	return nil
}

// parseRunEnds reads the two fields of a run-end encoding, or as releases since 60 print them when they have their usual names and no metadata,
// `non-null Int32, Utf8`.
func (p *parser) parseRunEnds() ([]Field, error) {
	next := func(name string) (Field, error) { return p.parseNamedField() }
	debug := p.isDebugField()
	verbose := debug || p.peek() == '"'
	if !verbose {
		next = func(name string) (f Field, err error) {
			f = Field{Name: name, Nullable: p.parseMark()}
			f.Type, err = p.parseType()
			return f, err
		}
	}
	runEnds, err := next("run_ends")
	if err != nil {
		return nil, err
	}
	p.sawMisfit = p.sawMisfit || verbose && !debug && runEnds.Nullable
	if err = p.expect(","); err != nil {
		return nil, err
	}
	values, err := next("values")
	return []Field{runEnds, values}, err
}

// parseUnion reads the forms of a union:
//
//	[(0, Field { … }), …], Sparse            Debug since 37
//	[Field { … }, …], [0, …], Sparse         Debug from 15 to 36
//	[Field { … }, …], Sparse                 Debug from 7 to 14: the ids count from 0
//	[Field { … }, …]                         Debug before: no mode, for which Sparse stands, the default of Arrow's own format
//	Sparse, 0: ("a": Int32), …               Display since 57
func (p *parser) parseUnion(t *Type) error {
	if p.peek() != '[' {
		return p.parseDisplayUnion(t)
	}
	p.pos++
	var err error
	if p.peek() == '(' {
		err = p.parseUnionMembers(t, func() (int64, Field, error) { return p.parseUnionPair() })
	} else {
		t.children, err = p.parseFields("]", p.parseDebugField)
	}
	if err == nil {
		err = p.expect("]")
	}
	if err != nil {
		return err
	}
	return p.parseUnionTail(t)
}

// parseUnionTail reads what follows the fields of a Debug union: the ids, if they stood not with the fields, and the mode.
func (p *parser) parseUnionTail(t *Type) (err error) {
	t.unit = sparse
	at := p.pos
	comma := p.accept(",")
	if p.peek() == '[' && comma && t.ids == nil {
		at = p.pos
		if err = p.parseUnionIDs(t); err != nil {
			return err
		}
		comma = p.accept(",")
	}
	if len(t.ids) == 0 {
		for i := range t.children {
			if i > math.MaxInt8 {
				return p.fail(at, "a union has %d members at most", sqlstate.SafeInt(math.MaxInt8+1))
			}
			t.ids = append(t.ids, int8(i))
		}
	}
	if len(t.ids) != len(t.children) {
		return p.fail(at, "the union has %d type ids for %d members", len(t.ids), len(t.children))
	}
	if comma && p.peek() != ')' {
		t.unit, err = p.parseUnionMode()
	}
	return err
}

// parseUnionIDs reads `[0, 1, …]`.
func (p *parser) parseUnionIDs(t *Type) error {
	if err := p.expect("["); err != nil {
		return err
	}
	for p.peek() != ']' {
		at := p.pos
		id, err := p.parseInt("a type id", 0, math.MaxInt8)
		if err != nil {
			return err
		}
		if err = p.addUnionID(t, at, id); err != nil {
			return err
		}
		if !p.accept(",") {
			break
		}
	}
	return p.expect("]")
}

// addUnionID adds the type id that was read at a byte. There are 128 ids, so that the search for a twin stays short.
func (p *parser) addUnionID(t *Type, at int, id int64) error {
	for _, other := range t.ids {
		if other == int8(id) {
			return p.fail(at, "the union has the type id %d twice", id)
		}
	}
	t.ids = append(t.ids, int8(id))
	return nil
}

// parseUnionMembers reads members with commas between them, each by the given function.
func (p *parser) parseUnionMembers(t *Type, member func() (int64, Field, error)) error {
	for c := p.peek(); c != ']' && c != ')'; c = p.peek() {
		at := p.pos
		id, f, err := member()
		if err != nil {
			return err
		}
		if err = p.addUnionID(t, at, id); err != nil {
			return err
		}
		t.children = append(t.children, f)
		if !p.accept(",") {
			break
		}
	}
	return nil
}

// parseUnionPair reads `(0, Field { … })`.
func (p *parser) parseUnionPair() (id int64, f Field, err error) {
	if err = p.expect("("); err != nil {
		return 0, f, err
	}
	if id, err = p.parseInt("a type id", 0, math.MaxInt8); err != nil {
		return 0, f, err
	}
	if err = p.expect(","); err != nil {
		return 0, f, err
	}
	if f, err = p.parseDebugField(); err != nil {
		return 0, f, err
	}
	p.accept(",")
	return id, f, p.expect(")")
}

// parseDisplayUnion reads `Sparse, 0: ("a": Int32), …`.
func (p *parser) parseDisplayUnion(t *Type) (err error) {
	if t.unit, err = p.parseUnionMode(); err != nil || !p.accept(",") {
		return err
	}
	return p.parseUnionMembers(t, func() (id int64, f Field, err error) {
		if id, err = p.parseInt("a type id", 0, math.MaxInt8); err != nil {
			return 0, f, err
		}
		if err = p.expect(":"); err != nil {
			return 0, f, err
		}
		if err = p.expect("("); err != nil {
			return 0, f, err
		}
		if f, err = p.parseNamedField(); err != nil {
			return 0, f, err
		}
		return id, f, p.expect(")")
	})
}

func (p *parser) parseUnionMode() (unit, error) {
	return p.parseChoice("the mode of a union", sparse, dense)
}
