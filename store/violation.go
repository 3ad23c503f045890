package store

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// firstViolation finds the first row of a batch that violates NOT NULL or a CHECK: its place and the error; b.N and nil when there is none.
// Within a row NOT NULL comes first, column by column, then the checks by name, as in PostgreSQL.
func firstViolation(def *schemahistory.TableDefinition, b *vec.Batch) (int, error) {
	row, column := b.N, -1
	for i, c := range def.Columns {
		if c.NotNull {
			if r := firstNull(b.Cols[i], row); r < row {
				row, column = r, i
			}
		}
	}
	var failed *schemahistory.Check
	checks := def.Checks
	if len(checks) > 1 {
		checks = slices.Clone(checks)
		slices.SortFunc(checks, func(a, b schemahistory.Check) int { return strings.Compare(a.Name, b.Name) })
	}
	for i := range checks {
		if r := firstRefused(b.Cols[checks[i].Column], checks[i].Values, row); r < row {
			row, failed = r, &checks[i]
		}
	}
	switch {
	case failed != nil:
		return row, sqlstate.New(sqlstate.CheckViolation, "new row for relation %q violates check constraint %q", sqlstate.SafeString(def.Name.Table), sqlstate.SafeString(failed.Name)).
			WithDetail("%s", failingRow(b, row))
	case column >= 0:
		return row, sqlstate.New(sqlstate.NotNullViolation, "null value in column %q of relation %q violates not-null constraint",
			sqlstate.SafeString(def.Columns[column].Name), sqlstate.SafeString(def.Name.Table)).WithDetail("%s", failingRow(b, row))
	}
	return row, nil
}

// firstNull gives the first of the rows below limit that is NULL, or limit.
func firstNull(v *vec.Vec, limit int) int {
	if !v.HasNulls() {
		return limit
	}
	for i := 0; i < limit; i++ {
		if v.IsNull(i) {
			return i
		}
	}
	return limit
}

// firstRefused gives the first of the rows below limit whose text is neither NULL nor among values, or limit. Few values are compared one by one.
func firstRefused(v *vec.Vec, values []string, limit int) int {
	if v.Dict != nil {
		refused := make([]bool, v.Dict.N)
		any := false
		for i, s := range v.Dict.Strs[:v.Dict.N] {
			refused[i] = v.Dict.Valid.Get(i) && !slices.Contains(values, s)
			any = any || refused[i]
		}
		for i := 0; any && i < limit; i++ {
			if v.Valid.Get(i) && refused[v.Codes[i]] {
				return i
			}
		}
		return limit
	}
	last := ""
	known := false
	for i := 0; i < limit; i++ {
		at := v.At(i)
		if !v.Valid.Get(at) || known && v.Strs[at] == last {
			continue
		}
		if !slices.Contains(values, v.Strs[at]) {
			return i
		}
		last, known = v.Strs[at], true
		if v.Const {
			break
		}
	}
	return limit
}

// maxDetail is the number of bytes after which PostgreSQL cuts a value in "Failing row contains" (execMain.c, maxfieldlen).
const maxDetail = 64

// failingRow words the DETAIL that shows a row.
func failingRow(b *vec.Batch, row int) string {
	out := []byte("Failing row contains (")
	for i, v := range b.Cols {
		if i > 0 {
			out = append(out, ", "...)
		}
		if v.IsNull(row) {
			out = append(out, "null"...)
			continue
		}
		text := vec.AppendText(nil, v, row, time.UTC)
		if len(text) > maxDetail {
			text = append(text[:clip(text, maxDetail)], "..."...)
		}
		out = append(out, text...)
	}
	return string(append(out, ")."...))
}

// clip gives the largest length of at most limit bytes that ends between characters.
func clip(text []byte, limit int) int {
	for n := limit; n > limit-utf8.UTFMax; n-- {
		if utf8.RuneStart(text[n]) {
			return n
		}
	}
	return limit
}

// duplicateKey is PostgreSQL's error for a row whose key exists.
func duplicateKey(def *schemahistory.TableDefinition, key int, b *vec.Batch, row int) error {
	k := def.Keys[key]
	var values []byte
	for i, c := range k.Columns {
		if i > 0 {
			values = append(values, ", "...)
		}
		values = vec.AppendText(values, b.Cols[c], row, time.UTC)
	}
	return sqlstate.New(sqlstate.UniqueViolation, "duplicate key value violates unique constraint %q", sqlstate.SafeString(k.Name)).
		WithDetail("Key (%s)=(%s) already exists.", def.KeyText(k), values)
}
