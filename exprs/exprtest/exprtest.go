// Package exprtest runs functions, operators and casts against what PostgreSQL answered, over vectors of all forms. It is for tests only.
//
// golden.py asks a server for the answers and writes the files that Golden reads; its head tells their format. Every case is computed in a flat vector
// among all others of its overload, with NULLs between them that have the arguments of failing cases under them; as constants; with each argument
// dictionary-coded; and over no rows at all.
package exprtest

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Case is one call and its answer.
type Case struct {
	Line   int
	Zone   string
	Name   string // of a function or an operator, or cast:TYPE
	Args   []Value
	Result Value  // Type is as PostgreSQL names it
	Code   string // SQLSTATE of the error, else ""
	Error  string // its message
}

// Value is a value as text.
type Value struct {
	Type, Text string
	Null       bool
}

// Load reads a golden file.
func Load(t *testing.T, path string) []Case {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var cases []Case
	zone := "UTC"
	for n, line := range strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n") {
		if z, ok := strings.CutPrefix(line, "@zone "); ok {
			zone = z
			continue
		}
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		fields := strings.Split(line, "\t")
		require.GreaterOrEqual(t, len(fields), 3, "%s:%d", path, n+1)
		c := Case{Line: n + 1, Zone: zone, Name: fields[0]}
		for _, f := range fields[1 : len(fields)-2] {
			c.Args = append(c.Args, parseValue(f))
		}
		answer := parseValue(fields[len(fields)-1])
		if fields[len(fields)-2] == "!!" {
			c.Code, c.Error = answer.Type, answer.Text
		} else {
			c.Result = answer
		}
		cases = append(cases, c)
	}
	return cases
}

func parseValue(s string) Value {
	typ, text, _ := strings.Cut(s, ":")
	if text == `\N` {
		return Value{Type: typ, Null: true}
	}
	return Value{Type: typ, Text: strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r", `\b`, "\b", `\f`, "\f", `\v`, "\v").Replace(text)}
}
