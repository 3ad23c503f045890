// Package contract holds the 25 SELECTs of the Enhanced System Tables Schema Contract 1.0.0, verbatim, with the titles and sections that they have there.
//
// It is what the demo shows and the benchmarks measure. The text is a copy of testdata/contract/selects.sql, which is cut out of the contract by a
// script; a test keeps the two the same. The package runs nothing.
package contract

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed selects.sql
var source string

// Query is one SELECT of the contract.
type Query struct {
	Title   string // the contract's comment above it: "Get all running jobs"
	Section string // the headings above it: "system.jobs (Enhanced) / Query Examples"
	Number  int    // its place among all 48 statements of the contract, from 1
	SQL     string // byte for byte, with its semicolon, without a final newline
}

// Name gives a name made of the place among the SELECTs, from 1, and the title: "01-get-all-running-jobs". The golden answers of PostgreSQL in
// testdata/contract/golden have these names.
func (q Query) Name(place int) string {
	words := strings.FieldsFunc(strings.ToLower(q.Title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return fmt.Sprintf("%02d-%s", place, strings.Join(words, "-"))
}

// Selects gives the SELECTs in the contract's order. The slice is the caller's.
func Selects() []Query {
	var out []Query
	for _, entry := range strings.Split(source, "-- title: ")[1:] {
		var q Query
		q.Title, entry, _ = strings.Cut(entry, "\n")
		for strings.HasPrefix(entry, "-- ") {
			var line string
			line, entry, _ = strings.Cut(entry, "\n")
			key, value, _ := strings.Cut(strings.TrimPrefix(line, "-- "), ": ")
			switch key {
			case "section":
				q.Section = value
			case "number":
				q.Number, _ = strconv.Atoi(value) // a number, as the test knows
			}
		}
		q.SQL = strings.TrimRight(entry, "\n")
		out = append(out, q)
	}
	return out
}
