package jsontext

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// The lengths at which PostgreSQL 15 begins to refuse were found by asking it.
func TestNumbersAtTheLimits(t *testing.T) {
	t.Parallel()
	zeros := func(n int) string { return strings.Repeat("0", n) }
	for _, c := range []struct{ in, out string }{
		{"1e131071", "1" + zeros(131071)},
		{"1e131072", ""},
		{"1" + zeros(131071), "1" + zeros(131071)},
		{"1" + zeros(131072), ""},
		{"0.001e131074", "1" + zeros(131071)},
		{"0.001e131075", ""},
		{"1e-16383", "0." + zeros(16382) + "1"},
		{"1e-16384", ""},
		{"0." + zeros(16382) + "1", "0." + zeros(16382) + "1"},
		{"0." + zeros(16383) + "1", ""},
		{"0." + zeros(16383) + "1e1", "0." + zeros(16382) + "1"},
		{"-0e-16383", "0." + zeros(16383)},
		{"-0e-16384", ""},
		{"0e1073741822", "0"},
		{"0e1073741823", ""},
	} {
		got, err := Canonical(c.in)
		if c.out == "" {
			require.Equal(t, sqlstate.NumericValueOutOfRange, sqlstate.CodeOf(err), c.in[:min(30, len(c.in))])
			continue
		}
		require.NoError(t, err, c.in[:min(30, len(c.in))])
		require.True(t, got == c.out && isCanonical(got), c.in[:min(30, len(c.in))])
	}
}

func TestDepth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ open, close string }{{"[", "]"}, {`{"a": `, "}"}, {`{"b":0, "a":`, "}"}} {
		nested := func(n int) string { return strings.Repeat(c.open, n) + "1" + strings.Repeat(c.close, n) }
		doc, err := Canonical(nested(MaxDepth))
		require.NoError(t, err)
		require.NoError(t, ValidJSON(nested(MaxDepth)))
		require.True(t, isCanonical(doc) && Contains(doc, doc))
		require.Equal(t, -1, Compare(doc, strings.Replace(doc, "1", "2", 1)))
		require.Equal(t, doc, StripNulls(doc))
		_, err = Canonical(nested(MaxDepth + 1))
		require.Equal(t, sqlstate.StatementTooComplex, sqlstate.CodeOf(err))
		require.Equal(t, sqlstate.StatementTooComplex, sqlstate.CodeOf(ValidJSON(nested(MaxDepth+1))))
	}
}

// A short document that would grow beyond the limit is refused when it reaches it, not after.
func TestSizeIsBounded(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	w := writer{limit: limit}
	err := parse("["+strings.Repeat("1e131071,", 3000)+"1]", true, &w, nil)
	require.Equal(t, sqlstate.ProgramLimitExceeded, sqlstate.CodeOf(err))
	require.Less(t, len(w.buf), limit+maxIntegerDigits+2)
	_, err = pretty(strings.Repeat("[", 500)+strings.Repeat("1, ", 3000)+"1"+strings.Repeat("]", 500), limit, nil)
	require.Equal(t, sqlstate.ProgramLimitExceeded, sqlstate.CodeOf(err))
}

// Objects out of order, nested in one another, come out in order at every level.
func TestSortingDeepObjects(t *testing.T) {
	t.Parallel()
	const levels = 5000
	payload := `"` + strings.Repeat("x", 1<<20) + `"`
	doc := strings.Repeat(`{"b":1,"a":`, levels) + payload + strings.Repeat("}", levels)
	got, err := Canonical(doc)
	require.NoError(t, err)
	require.Equal(t, strings.Repeat(`{"a": `, levels)+payload+strings.Repeat(`, "b": 1}`, levels), got)
}

func TestEncoding(t *testing.T) {
	t.Parallel()
	for in, message := range map[string]string{ // as PostgreSQL says for E'…' literals with these bytes
		"\"\xff\"":         `invalid byte sequence for encoding "UTF8": 0xff`,
		"\"\xc3\"":         `invalid byte sequence for encoding "UTF8": 0xc3 0x22`,
		"[\"\xe2\x82\"]":   `invalid byte sequence for encoding "UTF8": 0xe2 0x82 0x22`,
		"\"\xed\xa0\x80\"": `invalid byte sequence for encoding "UTF8": 0xed 0xa0 0x80`,
		"\"\xc0\x80\"":     `invalid byte sequence for encoding "UTF8": 0xc0 0x80`,
		"\"\xf0\x9f\"":     `invalid byte sequence for encoding "UTF8": 0xf0 0x9f 0x22`,
		"\"\x00\"":         `invalid byte sequence for encoding "UTF8": 0x00`,
	} {
		for _, err := range []error{second(Canonical(in)), ValidJSON(in)} {
			require.Equal(t, sqlstate.CharacterNotInRepertoire, sqlstate.CodeOf(err), in)
			require.Equal(t, message, err.(*sqlstate.Error).Message)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestCannotCast(t *testing.T) {
	t.Parallel()
	for doc, message := range map[string]string{
		`"a"`: "cannot cast jsonb string to type integer", "null": "cannot cast jsonb null to type integer", "1": "cannot cast jsonb numeric to type integer",
		"true": "cannot cast jsonb boolean to type integer", "[1]": "cannot cast jsonb array to type integer", "{}": "cannot cast jsonb object to type integer",
	} {
		err := CannotCast(doc, "integer")
		require.Equal(t, sqlstate.InvalidParameterValue, sqlstate.CodeOf(err))
		require.Equal(t, message, err.(*sqlstate.Error).Message)
	}
}
