package client

import (
	"context"
	"strings"

	"github.com/stoadb/stoa/schemahistory"
)

// shownDefault is what \d shows: DEFAULT NULL is no default unless the type has a modifier, which makes a call of it.
func (c *Client) shownDefault(ctx context.Context, col *schemahistory.Column) string {
	text := c.session.DefaultText(ctx, *col)
	if len(col.Modifier) == 0 && text == "NULL::"+col.Type.String() {
		return ""
	}
	return text
}

// quote gives a text as a string literal of standard SQL, in which a backslash is a backslash.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
