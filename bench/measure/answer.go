package measure

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/extensions"
)

// MaxAnswer is the number of rows beyond which answers are not compared.
const MaxAnswer = 5_000_000

// Answer is the rows of a query as text, in a form that is the same for all engines: numbers in the shortest decimal form, times in ISO form.
type Answer struct{ Rows [][]string }

// null is what NULL is: no engine's text has it.
const null = "\x00"

func (a *Answer) append(b arrow.RecordBatch) {
	from := len(a.Rows)
	for range b.NumRows() {
		a.Rows = append(a.Rows, make([]string, b.NumCols()))
	}
	for c, col := range b.Columns() {
		for i := range int(b.NumRows()) {
			a.Rows[from+i][c] = cell(col, i)
		}
	}
}

func cell(col arrow.Array, i int) string {
	if col.IsNull(i) {
		return null
	}
	s := strings.Clone(plain(col).ValueStr(i)) // what an engine lends goes with its batch
	if t, ok := col.DataType().(*arrow.TimestampType); ok {
		if at, err := time.Parse(time.RFC3339Nano, strings.Replace(strings.TrimSuffix(s, "Z"), " ", "T", 1)+"Z"); err == nil && t.TimeZone == "" {
			return at.Format("2006-01-02T15:04:05.999999")
		}
	}
	return s
}

// plain gives the storage of an extension type whose text is that of its storage: of opaque types, such as numeric as text, and of JSON.
func plain(col arrow.Array) arrow.Array {
	if e, ok := col.(array.ExtensionArray); ok {
		if _, uuid := e.(*extensions.UUIDArray); !uuid {
			return e.Storage()
		}
	}
	return col
}

// Same compares with another answer, whose rows may come in another order unless the query says its own. Numbers are equal when they differ by less than a
// part in 10^9: engines compute means in different types.
func (a *Answer) Same(b *Answer, ordered bool) error {
	if len(a.Rows) != len(b.Rows) {
		return fmt.Errorf("the answer has %d rows, not %d", len(b.Rows), len(a.Rows))
	}
	left, right := a.Rows, b.Rows
	if !ordered {
		left, right = sorted(left), sorted(right)
	}
	for i, row := range left {
		if len(row) != len(right[i]) {
			return fmt.Errorf("the answer has %d columns, not %d", len(right[i]), len(row))
		}
		for c, want := range row {
			if got := right[i][c]; got != want && !sameNumber(got, want) && !sameDocument(got, want) {
				return fmt.Errorf("row %d, column %d: %q, not %q", i+1, c+1, got, want)
			}
		}
	}
	return nil
}

// sorted sorts rows by what is the same text in all engines.
func sorted(rows [][]string) [][]string {
	out := slices.Clone(rows)
	slices.SortFunc(out, func(a, b []string) int {
		for i := range min(len(a), len(b)) {
			x, xn := number(a[i])
			y, yn := number(b[i])
			if xn && yn {
				if math.Abs(x-y) > tolerance*math.Max(math.Abs(x), math.Abs(y)) {
					return int(math.Copysign(1, x-y))
				}
				continue
			}
			if c := strings.Compare(unspaced(a[i]), unspaced(b[i])); c != 0 {
				return c
			}
		}
		return 0
	})
	return out
}

const tolerance = 1e-9

func number(s string) (float64, bool) {
	if s == "" || s[0] > '9' {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

func sameNumber(a, b string) bool {
	x, ok := number(a)
	y, also := number(b)
	return ok && also && math.Abs(x-y) <= tolerance*math.Max(math.Abs(x), math.Abs(y))
}

// sameDocument compares JSON, which engines space differently.
func sameDocument(a, b string) bool {
	if a == "" || b == "" || a[0] != '[' && a[0] != '{' && a[0] != '"' {
		return false
	}
	return unspaced(a) == unspaced(b)
}

func unspaced(s string) string {
	if s == "" || s[0] != '[' && s[0] != '{' {
		return s
	}
	return strings.ReplaceAll(s, " ", "")
}
