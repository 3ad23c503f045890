package arrowjson

import (
	"math"
	"strconv"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// readSerde reads a type as Rust arrow's serde feature writes it when it is no bare name: an object with the variant as its one key, and the
// variant's argument, or an array of its arguments, as the value: {"Timestamp": ["Microsecond", null]}, {"FixedSizeBinary": 16},
// {"List": {field}}, {"Struct": [{field}, …]}, {"Union": [[[0, {field}], …], "Sparse"]}, {"Dictionary": ["Int32", "Utf8"]}.
func readSerde(v *jsonValue, depth int) (*Type, error) {
	if v.kind != jsonObject || len(v.keys) != 1 {
		return nil, jsonError(v.at, "data_type must be the text of a type, or an object with the type's name as its key, not %s", jsonKindNames[v.kind])
	}
	k := kindOf(v.keys[0].text)
	if k == Invalid || k.simple() && k != Date32 && k != Date64 {
		return nil, jsonError(v.keys[0].at, `unknown type with arguments "%s"`, excerpt(v.keys[0].text, 0))
	}
	if depth++; depth > maxDepth {
		return nil, jsonError(v.at, "types may nest %d deep at most", sqlstate.SafeInt(maxDepth))
	}
	s := serde{depth: depth, args: []jsonValue{v.items[0]}, at: v.items[0].at}
	switch k {
	case Timestamp, Decimal32, Decimal64, Decimal128, Decimal256, FixedSizeList, Union, Map, Dictionary, RunEndEncoded:
		if err := v.items[0].expect(jsonArray, "the arguments of "+k.String()); err != nil {
			return nil, err
		}
		s.args = v.items[0].items
		if k == Union && (len(s.args) == 0 || s.args[0].kind == jsonObject) {
			s.args = v.items[:1] // as releases before 7 write it: the members are the one argument
		}
	}
	t := &Type{kind: k}
	s.read(t, v.keys[0].text)
	if s.err == nil && len(s.args) > 0 {
		s.err = jsonError(s.args[0].at, "too many arguments of %s", k)
	}
	if s.err != nil {
		return nil, s.err
	}
	return t, nil
}

// serde takes the arguments of a type one by one. After an error it gives zero values.
type serde struct {
	depth int
	args  []jsonValue
	at    int
	err   error
}

func (s *serde) next() *jsonValue {
	if s.err == nil && len(s.args) == 0 {
		s.err = jsonError(s.at, "too few arguments of a type")
	}
	if s.err != nil {
		return &jsonValue{at: s.at}
	}
	v := &s.args[0]
	s.args = s.args[1:]
	return v
}

func (s *serde) read(t *Type, name string) {
	switch t.kind {
	case Struct:
		v := s.next()
		s.expect(v, jsonArray, "the fields of a struct")
		t.children = s.fields(v)
	case Union:
		s.union(t)
	case Dictionary:
		t.key, t.value = s.typ(), s.typ()
		if s.err == nil && !t.key.kind.integer() {
			s.err = jsonError(s.at, "the keys of a dictionary are of an integer type")
		}
	case List, LargeList, ListView, LargeListView:
		t.children = []Field{s.field()}
	case FixedSizeList, Map:
		t.children = []Field{s.field()}
		if v := s.next(); t.kind == Map {
			s.expect(v, jsonBool, "whether the keys of a map are sorted")
			t.sorted = v.text == "true"
		} else {
			t.size = int32(s.integer(v, "the number of elements", math.MinInt32, math.MaxInt32))
		}
	case RunEndEncoded:
		t.children = []Field{s.field(), s.field()}
	default:
		s.scalar(t, name)
	}
}

// scalar reads the arguments of a type without types within it. Their rules are those of the text: it is spelled out and parsed.
func (s *serde) scalar(t *Type, name string) {
	b := append([]byte(name), '(')
	zone, zoned := "", false
	switch t.kind {
	case FixedSizeBinary:
		b = append(b, s.literal(jsonNumber)...)
	case Decimal32, Decimal64, Decimal128, Decimal256:
		b = append(b, s.literal(jsonNumber)...)
		b = append(append(b, ','), s.literal(jsonNumber)...)
	case Timestamp:
		b = append(b, s.literal(jsonString)...)
		if v := s.next(); v.kind != jsonNull {
			s.expect(v, jsonString, "a time zone")
			zone, zoned = v.text, true
		}
	default:
		b = append(b, s.literal(jsonString)...)
	}
	if s.err != nil {
		return
	}
	parsed, err := ParseType(string(append(b, ')')))
	if err != nil {
		s.err = err
		return
	}
	*t = *parsed
	if zoned {
		t.zone, t.hasZone = zone, true
	}
}

// literal gives the text of a number or a name that is an argument.
func (s *serde) literal(kind jsonKind) string {
	v := s.next()
	s.expect(v, kind, "the argument of a type")
	return v.text
}

func (s *serde) expect(v *jsonValue, kind jsonKind, what string) {
	if s.err == nil {
		s.err = v.expect(kind, what)
	}
}

func (s *serde) integer(v *jsonValue, what string, low, high int64) int64 {
	if s.err != nil {
		return 0
	}
	n, err := readInt(v, what, 64)
	if err == nil && (n < low || n > high) {
		err = jsonError(v.at, "%s must be from %d to %d", sqlstate.SafeString(what), sqlstate.SafeInt(low), sqlstate.SafeInt(high))
	}
	s.err = err
	return n
}

func (s *serde) field() Field { return s.fieldOf(s.next()) }

func (s *serde) fieldOf(v *jsonValue) (f Field) {
	if s.err == nil {
		f, s.err = readField(v, s.depth)
	}
	return f
}

func (s *serde) fields(v *jsonValue) (fields []Field) {
	for i := range v.items {
		fields = append(fields, s.fieldOf(&v.items[i]))
	}
	return fields
}

func (s *serde) typ() *Type {
	v := s.next()
	if s.err != nil {
		return nil
	}
	var t *Type
	t, s.err = readType(v, s.depth)
	return t
}

// union reads the members and the mode: [[[0, {field}], …], mode] since 37, [[{field}, …], [0, …], mode] since 15, [[{field}, …], mode] since 7,
// [{field}, …] before.
func (s *serde) union(t *Type) {
	members := s.next()
	s.expect(members, jsonArray, "the members of a union")
	var ids []jsonValue
	if len(s.args) == 2 {
		v := s.next()
		s.expect(v, jsonArray, "the type ids of a union")
		ids = v.items
	}
	p := parser{}
	for i := range members.items {
		v := &members.items[i]
		id := jsonValue{kind: jsonNumber, at: v.at, text: strconv.Itoa(i)}
		switch {
		case v.kind == jsonArray && len(v.items) == 2:
			id, v = v.items[0], &v.items[1]
		case i < len(ids):
			id = ids[i]
		}
		t.children = append(t.children, s.fieldOf(v))
		n := s.integer(&id, "a type id of a union", 0, math.MaxInt8)
		if s.err == nil && p.addUnionID(t, 0, n) != nil {
			s.err = jsonError(id.at, "the union has the type id %d twice", n)
		}
		if s.err != nil {
			return
		}
	}
	if s.err == nil && ids != nil && len(ids) != len(t.children) {
		s.err = jsonError(members.at, "the union has %d type ids for %d members", len(ids), len(t.children))
	}
	if t.unit = sparse; len(s.args) == 0 {
		return
	}
	v := s.next()
	s.expect(v, jsonString, "the mode of a union")
	switch v.text {
	case "Sparse":
		t.unit = sparse
	case "Dense":
		t.unit = dense
	default:
		if s.err == nil {
			s.err = jsonError(v.at, "the mode of a union must be Sparse or Dense")
		}
	}
}
