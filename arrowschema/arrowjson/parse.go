package arrowjson

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// ParseType reads a data type in any spelling that a release of Rust arrow printed (see the package comment), with any white space between
// tokens. The error is an *sqlstate.Error 22P02 that names the byte, counted from 0, at which the text stops being a type.
func ParseType(text string) (*Type, error) {
	if k := kindOf(text); k.simple() {
		return &Type{kind: k}, nil
	}
	if at := invalidUTF8(text); at >= 0 {
		return nil, typeError(strings.ToValidUTF8(text, "\uFFFD"), at, "the text is not UTF-8")
	}
	p := parser{text: text, unmarked: true}
	t, err := p.parseAll()
	if err == nil && p.sawUnmarked && !p.sawNonNull && (p.sawNullable || p.sawMisfit) {
		// The Display form of release 57.0 marked the fields that are nullable, those since 57.1 the ones that are not. A text with the older mark,
		// or in which run ends or the entries of a map would be nullable, and without the newer mark is of 57.0: what is unmarked is not nullable.
		p = parser{text: text, unmarked: false}
		t, err = p.parseAll()
	}
	return t, err
}

// invalidUTF8 gives the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(s string) int {
	if utf8.ValidString(s) {
		return -1
	}
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return -1
}

// parser reads one text from front to back, by recursive descent.
type parser struct {
	text  string
	pos   int
	depth int

	unmarked    bool // whether a field of the Display form without a mark is nullable
	sawUnmarked bool
	sawNullable bool // the mark of release 57.0
	sawNonNull  bool // the mark of the releases since 57.1
	sawMisfit   bool // a field of the Display form that would be nullable and cannot be
}

func (p *parser) parseAll() (*Type, error) {
	t, err := p.parseType()
	if err != nil {
		return nil, err
	}
	if p.space(); p.pos < len(p.text) {
		return nil, p.failHere("nothing may follow the type")
	}
	return t, nil
}

func (p *parser) parseType() (*Type, error) {
	at, word := p.nextWord()
	k := kindOf(word)
	switch {
	case word == "":
		return nil, p.failHere("expected a data type")
	case k == Invalid:
		return nil, p.fail(at, `unknown type "%s"`, excerpt(word, 0))
	case k == Date32 || k == Date64:
		return &Type{kind: k}, p.parseDateUnit(k)
	case k.simple():
		return &Type{kind: k}, nil
	}
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail(at, "types may nest %d deep at most", sqlstate.SafeInt(maxDepth))
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	t := &Type{kind: k}
	if err := p.parseArguments(t); err != nil {
		return nil, err
	}
	p.accept(",")
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	p.depth--
	return t, nil
}

// parseArguments reads what stands in the parentheses of t's type. Sizes, precisions and scales are any number that Rust's type for them holds, as Rust arrow
// prints and reads them; whether there can be such a type is asked by Type.Arrow.
func (p *parser) parseArguments(t *Type) (err error) {
	switch t.kind {
	case Timestamp:
		return p.parseTimestamp(t)
	case Time32, Time64, Duration:
		t.unit, err = p.parseTimeUnit(t.kind)
	case Interval:
		t.unit, err = p.parseChoice("an interval unit", yearMonth, dayTime, monthDayNano)
	case FixedSizeBinary:
		var n int64
		n, err = p.parseInt("the number of bytes", math.MinInt32, math.MaxInt32)
		t.size = int32(n)
	case Decimal32, Decimal64, Decimal128, Decimal256:
		return p.parseDecimal(t)
	case List, LargeList, ListView, LargeListView:
		t.children, err = p.parseElement()
	case FixedSizeList:
		return p.parseFixedSizeList(t)
	case Struct:
		return p.parseStruct(t)
	case Union:
		return p.parseUnion(t)
	case Map:
		return p.parseMap(t)
	case Dictionary:
		return p.parseDictionary(t)
	case RunEndEncoded:
		t.children, err = p.parseRunEnds()
	}
	return err
}

func (p *parser) parseTimeUnit(k Kind) (unit, error) {
	at, word := p.nextWord()
	u := timeUnitOf(word)
	switch {
	case u == noUnit:
		return u, p.fail(at, "expected a time unit (Second, Millisecond, Microsecond, Nanosecond)")
	case k == Time32 && u > millisecond:
		return u, p.fail(at, "Time32 counts seconds or milliseconds")
	case k == Time64 && u < microsecond:
		return u, p.fail(at, "Time64 counts microseconds or nanoseconds")
	}
	return u, nil
}

// parseChoice reads one of the given names of an enumeration.
func (p *parser) parseChoice(what string, choices ...unit) (unit, error) {
	at, word := p.nextWord()
	names := make([]string, len(choices))
	for i, u := range choices {
		if names[i] = unitNames[u]; word == names[i] {
			return u, nil
		}
	}
	return noUnit, p.fail(at, "expected %s (%s)", sqlstate.SafeString(what), sqlstate.SafeString(strings.Join(names, ", ")))
}

// parseTimestamp reads `unit`, `unit, None`, `unit, Some("zone")` or `unit, "zone"`.
func (p *parser) parseTimestamp(t *Type) (err error) {
	if t.unit, err = p.parseTimeUnit(t.kind); err != nil || !p.accept(",") || p.peek() == ')' {
		return err
	}
	at := p.pos
	switch {
	case p.peek() == '"':
		t.hasZone = true
		t.zone, err = p.parseString()
		return err
	case p.acceptWord("None"):
		return nil
	case p.acceptWord("Some"):
		t.hasZone = true
		if err = p.expect("("); err != nil {
			return err
		}
		if t.zone, err = p.parseString(); err != nil {
			return err
		}
		p.accept(",")
		return p.expect(")")
	}
	return p.fail(at, `expected a time zone (None, Some("…") or "…")`)
}

func (p *parser) parseDecimal(t *Type) error {
	precision, err := p.parseInt("the precision", 0, math.MaxUint8)
	if err != nil {
		return err
	}
	if err := p.expect(","); err != nil {
		return err
	}
	scale, err := p.parseInt("the scale", math.MinInt8, math.MaxInt8)
	if err != nil {
		return err
	}
	t.size, t.scale = int32(precision), int8(scale)
	return nil
}

// parseDateUnit reads the unit that releases up to 3 printed after a date, `(Day)` or `(Millisecond)`, if it is next. It follows from the type.
func (p *parser) parseDateUnit(k Kind) error {
	if !p.accept("(") {
		return nil
	}
	unit := "Day"
	if k == Date64 {
		unit = "Millisecond"
	}
	if !p.acceptWord(unit) {
		return p.failHere("expected %s, the unit of a date", sqlstate.SafeString(unit))
	}
	p.accept(",")
	return p.expect(")")
}

// parseDictionary reads `key type, value type`.
func (p *parser) parseDictionary(t *Type) (err error) {
	p.space()
	at := p.pos
	if t.key, err = p.parseType(); err != nil {
		return err
	}
	if !t.key.kind.integer() {
		return p.fail(at, "the keys of a dictionary are of an integer type")
	}
	if err = p.expect(","); err != nil {
		return err
	}
	t.value, err = p.parseType()
	return err
}
