package jsontext

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// goldenCase is a question to PostgreSQL 15 with its answer; testdata/golden.go asks.
type goldenCase struct {
	Op      string   `json:"op"`
	Args    []string `json:"args"`
	Answer  *string  `json:"answer"`
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Detail  string   `json:"detail"`
	Context string   `json:"context"`
}

func readLines[T any](t *testing.T, name string) (list []T) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, len(data))
	for lines.Scan() {
		var v T
		require.NoError(t, json.Unmarshal(lines.Bytes(), &v), lines.Text())
		list = append(list, v)
	}
	require.NoError(t, lines.Err())
	return list
}

// check compares an answer, nil for NULL, or an error with PostgreSQL's.
func (c *goldenCase) check(t *testing.T, got *string, err error) {
	t.Helper()
	name := fmt.Sprintf("%s %q", c.Op, c.Args)
	if c.Code != "" {
		e, ok := err.(*sqlstate.Error)
		if !ok {
			t.Errorf("%s: no error, want %s %s", name, c.Code, c.Message)
			return
		}
		want := []string{c.Code, c.Message, c.Detail, c.Context}
		if have := []string{string(e.Code), e.Message, e.Detail, e.Where}; fmt.Sprint(have) != fmt.Sprint(want) {
			t.Errorf("%s:\n got %q\nwant %q", name, have, want)
		}
		return
	}
	switch {
	case err != nil:
		t.Errorf("%s: %v", name, err)
	case (got == nil) != (c.Answer == nil) || got != nil && *got != *c.Answer:
		t.Errorf("%s:\n got %s\nwant %s", name, show(got), show(c.Answer))
	}
}

func show(s *string) string {
	if s == nil {
		return "NULL"
	}
	return *s
}

func TestGoldenInput(t *testing.T) {
	t.Parallel()
	cases := readLines[goldenCase](t, "input.jsonl")
	require.Greater(t, len(cases), 3000)
	for _, c := range cases {
		if c.Op == "json" {
			c.check(t, &c.Args[0], ValidJSON(c.Args[0]))
			continue
		}
		got, err := Canonical(c.Args[0])
		c.check(t, &got, err)
		if err == nil {
			require.True(t, isCanonical(got), got)
			require.Equal(t, got == c.Args[0], isCanonical(c.Args[0]), got)
		}
	}
}

func TestGoldenCalls(t *testing.T) {
	t.Parallel()
	cases := readLines[goldenCase](t, "calls.jsonl")
	require.Greater(t, len(cases), 10000)
	for _, c := range cases {
		got, err := c.call(t)
		c.check(t, got, err)
	}
}

// call does what the case asked PostgreSQL to do.
func (c *goldenCase) call(t *testing.T) (*string, error) {
	if strings.HasPrefix(c.Op, "json ") {
		return c.callRaw(t)
	}
	doc, rest, key, i := "", []string(nil), "", int64(0)
	if c.Op != "quote" && c.Op != "to_jsonb" && c.Op != "build_object" {
		var err error
		doc, err = Canonical(c.Args[0])
		require.NoError(t, err)
		rest = c.Args[1:]
		if len(rest) > 0 {
			key = rest[0]
			i, _ = strconv.ParseInt(key, 10, 64)
		}
	}
	switch c.Op {
	case "->i":
		return found(Index(doc, i))
	case "->>i":
		return foundText(Index(doc, i))
	case "->k":
		return found(Field(doc, key))
	case "->>k":
		return foundText(Field(doc, key))
	case "#>":
		return found(Path(doc, rest))
	case "#>>":
		return foundText(Path(doc, rest))
	case "-i":
		return result(DeleteIndex(doc, i))
	case "-k":
		return result(DeleteKey(doc, key))
	case "-a":
		return result(DeleteKeys(doc, rest))
	case "?":
		return result(FromBool(Exists(doc, key)), nil)
	case "?|":
		return result(FromBool(ExistsAny(doc, rest)), nil)
	case "?&":
		return result(FromBool(ExistsAll(doc, rest)), nil)
	case "||":
		other, err := Canonical(key)
		require.NoError(t, err)
		return result(Concat(doc, other))
	case "pretty":
		return result(Pretty(doc))
	case "typeof":
		return result(TypeOf(doc), nil)
	case "strip":
		return result(StripNulls(doc), nil)
	case "length":
		n, err := ArrayLength(doc)
		return result(fmt.Sprint(n), err)
	default:
		return c.callRest(t, doc)
	}
}

// callRest does what makes sets, casts or builds.
func (c *goldenCase) callRest(t *testing.T, doc string) (*string, error) {
	var set rows
	switch c.Op {
	case "elements":
		seq, err := Elements(doc)
		for elem := range rowsOf(seq, err) {
			set.add(elem, false)
		}
		return set.result(err)
	case "elements_text":
		seq, err := ElementsText(doc)
		for text, isNull := range rowsOf2(seq, err) {
			set.add(text, isNull)
		}
		return set.result(err)
	case "keys":
		seq, err := Keys(doc)
		for key := range rowsOf(seq, err) {
			set.add(key, false)
		}
		return set.result(err)
	case "each":
		seq, err := Each(doc)
		for key, value := range rowsOf2(seq, err) {
			set.add(key+"="+value, false)
		}
		return set.result(err)
	case "each_text":
		seq, err := EachText(doc)
		for m := range rowsOf(seq, err) {
			if m.IsNull {
				m.Value = nullRow
			}
			set.add(m.Key+"="+m.Value, false)
		}
		return set.result(err)
	case "numeric":
		if text, ok := AsNumber(doc); ok {
			return &text, nil
		}
		return nil, CannotCast(doc, "numeric")
	case "boolean":
		if v, ok := AsBool(doc); ok {
			return result(FromBool(v), nil)
		}
		return nil, CannotCast(doc, "boolean")
	case "quote":
		return result(Quote(c.Args[0]), nil)
	case "to_jsonb":
		f, err := strconv.ParseFloat(c.Args[0], 64)
		require.NoError(t, err)
		text := strconv.FormatFloat(f, 'g', -1, 64)
		return result(FromNumeric(strings.NewReplacer("Inf", "Infinity", "+Inf", "Infinity").Replace(text)))
	case "build_array":
		return c.buildArray(t)
	case "build_object":
		var b ObjectBuilder
		for n, key := range c.Args {
			b.Add(key, strconv.Itoa(n+1))
		}
		return result(b.Finish())
	}
	require.Fail(t, "unknown op", c.Op)
	return nil, nil
}

func (c *goldenCase) buildArray(t *testing.T) (*string, error) {
	var b ArrayBuilder
	for _, arg := range c.Args {
		doc, err := Canonical(arg)
		require.NoError(t, err)
		b.Append(doc)
	}
	return result(b.Finish())
}

func (c *goldenCase) callRaw(t *testing.T) (*string, error) {
	doc, rest := c.Args[0], c.Args[1:]
	require.NoError(t, ValidJSON(doc))
	key, i := "", int64(0)
	if len(rest) > 0 {
		key = rest[0]
		i, _ = strconv.ParseInt(key, 10, 64)
	}
	var elem string
	var ok bool
	var err error
	switch op := strings.TrimPrefix(c.Op, "json "); op {
	case "length":
		n, err := RawArrayLength(doc)
		return result(fmt.Sprint(n), err)
	case "typeof":
		return result(RawTypeOf(doc), nil)
	case "->i", "->>i":
		elem, ok, err = RawIndex(doc, i)
	case "->k", "->>k":
		elem, ok, err = RawField(doc, key)
	case "#>", "#>>":
		elem, ok, err = RawPath(doc, rest)
	default:
		require.Fail(t, "unknown op", c.Op)
	}
	if err != nil || !ok {
		return nil, err
	}
	if strings.Contains(c.Op, ">>") {
		text, isNull := RawText(elem)
		if isNull {
			return nil, nil
		}
		elem = text
	}
	return &elem, nil
}

func found(s string, ok bool) (*string, error) {
	if !ok {
		return nil, nil
	}
	return &s, nil
}

func foundText(s string, ok bool) (*string, error) {
	if !ok {
		return nil, nil
	}
	text, isNull := Text(s)
	return found(text, !isNull)
}

func result(s string, err error) (*string, error) { return &s, err }

const nullRow = "<NULL>"

// rows is a set as the golden files write it: NULL when it is empty.
type rows []string

func (r *rows) add(s string, isNull bool) {
	if isNull {
		s = nullRow
	}
	*r = append(*r, s)
}

func (r rows) result(err error) (*string, error) {
	return found2(strings.Join(r, " | "), len(r) > 0, err)
}

func found2(s string, ok bool, err error) (*string, error) {
	if err != nil || !ok {
		return nil, err
	}
	return &s, nil
}

// rowsOf and rowsOf2 make a failed call's set empty.
func rowsOf[T any](seq iter.Seq[T], err error) iter.Seq[T] {
	if err != nil {
		return func(func(T) bool) {}
	}
	return seq
}

func rowsOf2[K, V any](seq iter.Seq2[K, V], err error) iter.Seq2[K, V] {
	if err != nil {
		return func(func(K, V) bool) {}
	}
	return seq
}
