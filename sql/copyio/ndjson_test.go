package copyio

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/builtin"
)

// show gives rows with "∅" for NULL.
func show(rows [][]*string) []string {
	out := []string{}
	for _, row := range rows {
		var cells []string
		for _, c := range row {
			if c == nil {
				cells = append(cells, "∅")
			} else {
				cells = append(cells, *c)
			}
		}
		out = append(out, strings.Join(cells, "|"))
	}
	return out
}

func TestReadNDJSON(t *testing.T) {
	t.Parallel()
	const columns = "a int4, b text, j jsonb, n numeric, at timestamp, ok bool"
	reg := builtin.Registry()
	for _, c := range []struct {
		name, data string
		listed     bool
		rows       []string
		code, err  string
		where      string
	}{
		{name: "nothing", data: "", rows: []string{}},
		{name: "empty lines", data: "\n \t\r\n{}\n\n", rows: []string{"∅|∅|∅|∅|∅|∅"}},
		{name: "no line end", data: `{"a":1}`, rows: []string{"1|∅|∅|∅|∅|∅"}},
		{name: "carriage returns", data: "{\"a\":1}\r\n{\"a\":2}\r\n", rows: []string{"1|∅|∅|∅|∅|∅", "2|∅|∅|∅|∅|∅"}},
		{name: "any order, spaces, null", data: ` { "b" : "x" , "a" : -7 , "ok" : true , "j" : null }` + "\n", rows: []string{"-7|x|∅|∅|∅|t"}},
		{name: "last of duplicates", data: `{"a":1,"b":"x","a":2,"b":null}`, rows: []string{"2|∅|∅|∅|∅|∅"}},
		{name: "text of scalars", data: `{"b":1.50}` + "\n" + `{"b":false}` + "\n" + `{"b":1e3}`, rows: []string{"∅|1.50|∅|∅|∅|∅", "∅|false|∅|∅|∅|∅", "∅|1e3|∅|∅|∅|∅"}},
		{name: "strings for other types", data: `{"a":"12","n":"1.20","ok":"yes","at":"2025-10-21T14:30:22.5"}`, rows: []string{"12|∅|∅|1.20|2025-10-21 14:30:22.5|t"}},
		{name: "numeric keeps its scale", data: `{"n":1.500}` + "\n" + `{"n":-1e-3}`, rows: []string{"∅|∅|∅|1.500|∅|∅", "∅|∅|∅|-0.001|∅|∅"}},
		{name: "jsonb takes anything", data: `{"j":{"b":1,"a":[1, null]}}` + "\n" + `{"j":"x"}` + "\n" + `{"j":1.0}` + "\n" + `{"j":[]}` + "\n" + `{"j":true}`,
			rows: []string{`∅|∅|{"a": [1, null], "b": 1}|∅|∅|∅`, `∅|∅|"x"|∅|∅|∅`, `∅|∅|1.0|∅|∅|∅`, `∅|∅|[]|∅|∅|∅`, `∅|∅|true|∅|∅|∅`}},
		{name: "escapes", data: `{"b":"\"\\\/\b\f\n\r\t\u00e4\ud834\udd1e","\u0061":5}`, rows: []string{"5|\"\\/\b\f\n\r\tä𝄞|∅|∅|∅|∅"}},
		{name: "empty string", data: `{"b":""}`, rows: []string{"∅||∅|∅|∅|∅"}},
		{name: "other keys, listed", data: `{"x":{"y":[1]},"a":3,"z":"\n"}`, listed: true, rows: []string{"3|∅|∅|∅|∅|∅"}},

		{name: "unknown key", data: "{\"a\":1}\n{\"x\":1}", code: "42703", err: `column "x" of relation "t" does not exist`, where: `COPY t, line 2: "{"x":1}"`},
		{name: "array line", data: `[1]`, code: "22P04", err: "a line must hold one JSON object", where: `COPY t, line 1: "[1]"`},
		{name: "two objects", data: `{} {}`, code: "22P02", err: "invalid input syntax for type json", where: `COPY t, line 1: "{} {}"`},
		{name: "cut", data: `{"a":1`, code: "22P02", err: "invalid input syntax for type json", where: `COPY t, line 1: "{"a":1"`},
		{name: "comma at the end", data: `{"a":1,}`, code: "22P02", err: "invalid input syntax for type json", where: `COPY t, line 1: "{"a":1,}"`},
		{name: "no comma", data: `{"a":1 "b":2}`, code: "22P02", err: "invalid input syntax for type json", where: `COPY t, line 1: "{"a":1 "b":2}"`},
		{name: "bad number", data: `{"a":01}`, code: "22P02", err: "invalid input syntax for type json", where: `COPY t, line 1: "{"a":01}"`},
		{name: "bad word", data: `{"a":nul}`, code: "22P02", err: "invalid input syntax for type json", where: `COPY t, line 1: "{"a":nul}"`},
		{name: "bare control character", data: "{\"b\":\"\x01\"}", code: "22P02", err: "invalid input syntax for type json", where: "COPY t, line 1: \"{\"b\":\"\x01\"}\""},
		{name: "lone surrogate", data: `{"b":"\ud834"}`, code: "22P02", err: "invalid input syntax for type json", where: `COPY t, line 1: "{"b":"\ud834"}"`},
		{name: "zero", data: `{"b":"\u0000"}`, code: "22P05", err: "unsupported Unicode escape sequence", where: `COPY t, line 1: "{"b":"\u0000"}"`},
		{name: "zero byte", data: "{\"b\":\"\x00\"}", code: "22021", err: `invalid byte sequence for encoding "UTF8": 0x00`, where: "COPY t, line 1"},
		{name: "not UTF-8", data: "{}\n{\"b\":\"\xe4\"}", code: "22021", err: `invalid byte sequence for encoding "UTF8": 0xe4 0x22 0x7d`, where: "COPY t, line 2"},
		{name: "brackets in disorder", data: `{"j":[}}`, code: "22P02", err: "invalid input syntax for type json", where: `COPY t, line 1, column j: "[}"`},
		{name: "brackets in disorder where nobody looks", data: `{"x":[}}`, listed: true, code: "22P02", err: "invalid input syntax for type json", where: `COPY t, line 1: "{"x":[}}"`},
		{name: "object for text", data: `{"b":{"x":1}}`, code: "42804", err: `column "b" is of type text but its value is a JSON object`, where: `COPY t, line 1: "{"b":{"x":1}}"`},
		{name: "value", data: "{\"a\":1}\n{\"a\":\"x\"}", code: "22P02", err: `invalid input syntax for type integer: "x"`, where: `COPY t, line 2, column a: "x"`},
		{name: "fraction for integer", data: `{"a":1.5}`, code: "22P02", err: `invalid input syntax for type integer: "1.5"`, where: `COPY t, line 1, column a: "1.5"`},
		{name: "first failure wins", data: "{\"a\":\"x\"}\n{\"x\":1}", code: "22P02", err: `invalid input syntax for type integer: "x"`, where: `COPY t, line 1, column a: "x"`},
	} {
		for _, n := range []int{1, 100} {
			msg := fmt.Sprintf("%s, batches of %d", c.name, n)
			r, err := NewReader(strings.NewReader(c.data), &Options{Format: NDJSON, Listed: c.listed}, columnsOf(t, columns), "t", reg, testContext())
			require.NoError(t, err, msg)
			rows, err := readAll(r, n)
			if c.code == "" {
				require.NoError(t, err, msg)
				require.Equal(t, c.rows, show(rows), msg)
				continue
			}
			var e *sqlstate.Error
			require.ErrorAs(t, err, &e, msg)
			require.Equal(t, []string{c.code, c.err}, []string{string(e.Code), e.Message}, msg)
			lines := strings.Split(e.Where, "\n")
			require.Equal(t, c.where, lines[len(lines)-1], msg)
		}
	}
}

func TestWhere(t *testing.T) {
	t.Parallel()
	for format, data := range map[Format]string{CSV: "1,\"a\nb\"\n2,x\n3,y\n", Text: "1\ta\\\nb\n2\tx\n3\ty\n", NDJSON: "\n{\"a\":1}\n{\"a\":2}\n{}\n"} {
		r, err := NewReader(strings.NewReader(data), &Options{Format: format}, columnsOf(t, "a int4, b text"), "t", builtin.Registry(), testContext())
		require.NoError(t, err)
		b, err := r.Read(context.Background(), 2)
		require.NoError(t, err)
		require.Equal(t, 2, b.N)
		want := map[Format]string{CSV: "COPY t, line 2", Text: "COPY t, line 2", NDJSON: "COPY t, line 3"}[format]
		require.Equal(t, want, whereOf(t, r, 1), format)
		_, err = r.Read(context.Background(), 2)
		require.NoError(t, err)
		require.NotEqual(t, want, whereOf(t, r, 0), format)
		require.NoError(t, r.Close())
	}
}
