package exprs

import (
	"fmt"
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// String renders an expression for people, near to SQL: for EXPLAIN.
func String(e Expr) string {
	kids := Strings(e.Children())
	switch e := e.(type) {
	case *Column:
		return e.Name
	case *Const:
		return constString(e)
	case *Call:
		return callString(e, kids)
	case *And:
		return "(" + strings.Join(kids, " AND ") + ")"
	case *Or:
		return "(" + strings.Join(kids, " OR ") + ")"
	case *Not:
		return "NOT " + kids[0]
	case *IsNull:
		if e.Negated {
			return "(" + kids[0] + " IS NOT NULL)"
		}
		return "(" + kids[0] + " IS NULL)"
	case *In:
		word := " IN ("
		if e.Negated {
			word = " NOT IN ("
		}
		if e.many != nil {
			return fmt.Sprintf("(%s%s%d values))", kids[0], word, e.many.N)
		}
		return "(" + kids[0] + word + strings.Join(kids[1:], ", ") + "))"
	case *Truth:
		word := "UNKNOWN"
		if e.Want != nil {
			word = map[bool]string{true: "TRUE", false: "FALSE"}[*e.Want]
		}
		if e.Negated {
			word = "NOT " + word
		}
		return "(" + kids[0] + " IS " + word + ")"
	case *Case:
		var b strings.Builder
		b.WriteString("CASE")
		for i := 0; i+1 < len(kids); i += 2 {
			b.WriteString(" WHEN " + kids[i] + " THEN " + kids[i+1])
		}
		return b.String() + " ELSE " + kids[len(kids)-1] + " END"
	case *Coalesce:
		return "COALESCE(" + strings.Join(kids, ", ") + ")"
	}
	return "?"
}

// Strings renders several expressions.
func Strings(es []Expr) []string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = String(e)
	}
	return out
}

func constString(c *Const) string {
	if c.IsNull() {
		return "NULL"
	}
	text := string(vec.AppendText(nil, c.V, 0, time.UTC))
	switch c.Type().Category() {
	case arrowschema.CategoryNumeric:
		return text
	case arrowschema.CategoryBool:
		return map[string]string{"t": "true", "f": "false"}[text]
	}
	text = "'" + strings.ReplaceAll(text, "'", "''") + "'"
	if c.Type() == arrowschema.Text || c.Type() == arrowschema.Unknown {
		return text
	}
	return text + "::" + c.Type().Name()
}

func callString(c *Call, kids []string) string {
	name := c.Fn.Name
	switch {
	case c.IsCast():
		return kids[0] + "::" + c.Fn.Result.Name()
	case name[0] >= 'a' && name[0] <= 'z' || name[0] == '$':
		return name + "(" + strings.Join(kids, ", ") + ")"
	case len(kids) == 1:
		return "(" + name + kids[0] + ")"
	default:
		return "(" + strings.Join(kids, " "+name+" ") + ")"
	}
}
