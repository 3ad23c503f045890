package parser

import (
	"strconv"
	"strings"
)

// funcCall writes a function call, in the form with words if that is how it was written.
func (f *formatter) funcCall(e *FuncCall) {
	if e.SQLSyntax {
		f.wordyCall(e)
		return
	}
	name := dotted(e.Schema, e.Name)
	if e.Schema == "" && (e.Name == "substring" || e.Name == "overlay") {
		name = e.Name
	}
	f.put(name, "(")
	switch {
	case e.Star:
		f.put("*")
	case e.Distinct:
		f.put("DISTINCT ")
	}
	for i, arg := range e.Args {
		if i > 0 {
			f.put(", ")
		}
		if e.Variadic && i == len(e.Args)-1 {
			f.put("VARIADIC ")
		}
		f.expr(arg)
	}
	f.orderBy(" ORDER BY ", e.OrderBy)
	f.put(")")
	if e.WithinGroup != nil {
		f.orderBy(" WITHIN GROUP (ORDER BY ", e.WithinGroup)
		f.put(")")
	}
	if e.Filter != nil {
		f.put(" FILTER (WHERE ")
		f.expr(e.Filter)
		f.put(")")
	}
	if e.Over != nil {
		f.put(" OVER ")
		if e.Over.Name != "" {
			f.put(QuoteIdent(e.Over.Name))
		} else {
			f.window(e.Over)
		}
	}
}

// wordyCall writes a call that has words between its arguments.
func (f *formatter) wordyCall(e *FuncCall) {
	a := e.Args
	switch e.Name {
	case "extract":
		f.put("EXTRACT(", fieldText(a[0]), " FROM ")
		f.expr(a[1])
		f.put(")")
	case "timezone":
		f.infix(a[1], "AT TIME ZONE", a[0])
	case "overlaps":
		f.call("(", a[:2]...)
		f.call(" OVERLAPS ", a[2:]...)
		f.put(")")
	case "position":
		f.words("POSITION", a[1:], "IN", a)
	case "substring":
		f.words("SUBSTRING", a, "FROM", a[1:], "FOR", a[2:])
	case "overlay":
		f.words("OVERLAY", a, "PLACING", a[1:], "FROM", a[2:], "FOR", a[3:])
	case "btrim", "ltrim", "rtrim":
		side := map[byte]string{'b': "BOTH", 'l': "LEADING", 'r': "TRAILING"}[e.Name[0]]
		if len(a) == 2 {
			f.put("TRIM(", side, " ")
			f.expr(a[1])
			f.put(" FROM ")
			f.expr(a[0])
		} else {
			f.put("TRIM(", side, " FROM ")
			f.list(a)
		}
		f.put(")")
	case "normalize":
		f.put("NORMALIZE(")
		f.expr(a[0])
		if len(a) > 1 {
			form, _ := a[1].(*StringLit)
			f.put(", ", form.Value)
		}
		f.put(")")
	case "pg_collation_for":
		f.call("COLLATION FOR ", a...)
	}
}

// fieldText gives the field of EXTRACT: a word if it can be one.
func fieldText(e Expr) string {
	s, ok := e.(*StringLit)
	if !ok {
		return Format(e)
	}
	switch s.Value {
	case "year", "month", "day", "hour", "minute", "second":
		return s.Value
	}
	if plainName(s.Value) && !IsKeyword(s.Value) {
		return s.Value
	}
	return quote(s.Value)
}

// words writes NAME(a WORD b …): the pairs after the name are the first of some expressions and the word after it. It ends where there are none left.
func (f *formatter) words(name string, parts ...any) {
	f.put(name, "(")
	for i := 0; i < len(parts); i += 2 {
		args, _ := parts[i].([]Expr)
		if len(args) == 0 {
			break
		}
		if i > 0 {
			word, _ := parts[i-1].(string)
			f.put(" ", word, " ")
		}
		f.expr(args[0])
	}
	f.put(")")
}

// window writes (… PARTITION BY … ORDER BY … frame).
func (f *formatter) window(w *WindowSpec) {
	var clauses []string
	if w.Base != "" {
		clauses = append(clauses, QuoteIdent(w.Base))
	}
	if w.PartitionBy != nil {
		var list formatter
		list.list(w.PartitionBy)
		clauses = append(clauses, "PARTITION BY "+list.b.String())
	}
	if w.OrderBy != nil {
		var list formatter
		list.orderBy("ORDER BY ", w.OrderBy)
		clauses = append(clauses, list.b.String())
	}
	if w.Frame != nil {
		clauses = append(clauses, frameText(w.Frame))
	}
	f.put("(", strings.Join(clauses, " "), ")")
}

// frameText gives a window's frame as SQL.
func frameText(w *Frame) string {
	s := strings.ToUpper(w.Mode) + " "
	if w.End != nil {
		s += "BETWEEN " + boundText(w.Start) + " AND " + boundText(*w.End)
	} else {
		s += boundText(w.Start)
	}
	if w.Exclude != "" {
		s += " EXCLUDE " + strings.ToUpper(w.Exclude)
	}
	return s
}

func boundText(b FrameBound) string {
	kind := strings.ToUpper(b.Kind)
	if b.Offset != nil {
		return Format(b.Offset) + " " + kind
	}
	return kind
}

// orderBy writes the keys of an ORDER BY after the words that introduce it, or nothing without keys.
func (f *formatter) orderBy(intro string, items []SortItem) {
	for i, item := range items {
		if i > 0 {
			intro = ", "
		}
		f.put(intro)
		f.expr(item.Expr)
		switch {
		case item.Using != "":
			f.put(" USING ", item.Using)
		case item.Desc:
			f.put(" DESC")
		}
		f.put([...]string{NullsDefault: "", NullsFirst: " NULLS FIRST", NullsLast: " NULLS LAST"}[item.Nulls])
	}
}

// cast writes a cast in its own form.
func (f *formatter) cast(e *Cast) {
	switch e.Form {
	case CastFunction:
		f.put("CAST(")
		f.expr(e.Arg)
		f.put(" AS ", e.Type.String(), ")")
	case CastLiteral:
		// An interval's fields come after the string.
		bare := *e.Type
		if bare.IntervalFields != "" {
			bare.Mods, bare.IntervalFields = nil, ""
		}
		f.put(bare.String(), " ")
		f.expr(e.Arg)
		if e.Type.IntervalFields != "" {
			f.put(" ", intervalFields(e.Type))
		}
	default:
		f.tight(e.Arg)
		f.put("::", e.Type.String())
	}
}

// String gives the type as PostgreSQL's format_type does: integer, character varying(10), timestamp(3) with time zone, text[].
func (t *TypeName) String() string {
	name := t.baseName() + strings.Repeat("[]", t.ArrayDims)
	if t.SetOf {
		return "SETOF " + name
	}
	return name
}

// baseName gives the type without array bounds.
func (t *TypeName) baseName() string {
	if t.Schema != "" {
		return dotted(t.Schema, t.Name) + modsText(t.Mods)
	}
	switch t.Name {
	case "int2", "int4", "int8", "float4", "float8", "bool":
		if t.Mods == nil {
			return map[string]string{"int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real", "float8": "double precision",
				"bool": "boolean"}[t.Name]
		}
	case "numeric":
		return "numeric" + modsText(t.Mods)
	case "varchar":
		return "character varying" + modsText(t.Mods)
	case "varbit":
		return "bit varying" + modsText(t.Mods)
	case "bpchar":
		if len(t.Mods) == 1 {
			return "character" + modsText(t.Mods)
		}
	case "bit":
		if t.Mods != nil {
			return "bit" + modsText(t.Mods)
		}
	case "interval":
		if t.IntervalFields != "" {
			return "interval " + intervalFields(t)
		}
		return "interval" + modsText(t.Mods)
	case "time", "timestamp":
		return t.Name + modsText(t.Mods) + " without time zone"
	case "timetz", "timestamptz":
		return strings.TrimSuffix(t.Name, "tz") + modsText(t.Mods) + " with time zone"
	}
	return QuoteIdent(t.Name) + modsText(t.Mods)
}

// intervalFields gives DAY TO SECOND(3) and the like.
func intervalFields(t *TypeName) string { return t.IntervalFields + modsText(t.Mods) }

// modsText gives (n, …) or nothing.
func modsText(mods []int) string {
	if mods == nil {
		return ""
	}
	s := make([]string, len(mods))
	for i, n := range mods {
		s[i] = strconv.Itoa(n)
	}
	return "(" + strings.Join(s, ",") + ")"
}
