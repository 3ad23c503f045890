package client

import (
	"context"
	"strings"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
)

// defaults gives the defaults of a table's columns, by name, as information_schema.columns shows them: PostgreSQL's pg_get_expr().
func (c *Client) defaults(ctx context.Context, d *schemahistory.TableDefinition) (map[string]string, error) {
	out := map[string]string{}
	stmts, err := parser.Parse("SELECT column_name, column_default FROM information_schema.columns WHERE column_default IS NOT NULL AND table_schema = " +
		quote(d.Name.Namespace) + " AND table_name = " + quote(d.Name.Table))
	if err != nil {
		return nil, err
	}
	res, err := c.session.Execute(ctx, stmts[0], nil)
	if err != nil {
		return nil, err
	}
	defer res.Close()
	for {
		b, err := res.Next()
		if err != nil || b == nil {
			return out, err
		}
		for row := range b.N {
			text := func(col int) string { return string(vec.AppendText(nil, b.Cols[col], row, c.session.Zone())) }
			out[text(0)] = text(1)
		}
	}
}

// shownDefault is what \d shows: DEFAULT NULL is no default unless the type has a modifier, which makes a call of it.
func shownDefault(col *schemahistory.Column, text string) string {
	if len(col.Modifier) == 0 && text == "NULL::"+col.Type.String() {
		return ""
	}
	return text
}

// quote gives a text as a string literal of standard SQL, in which a backslash is a backslash.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
