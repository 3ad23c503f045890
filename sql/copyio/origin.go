package copyio

import (
	"context"
	"errors"
	"fmt"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
)

// origin is where rows come from. It words what is wrong with one of them. What a client sends is quoted to it in PostgreSQL's words and CONTEXT. A file, which
// the statement only names, may be one that whoever sees the error must not read: of it an error tells the place alone, down to the column of the table and its type,
// and nothing that it holds.
type origin struct {
	relation string
	file     string // "" for what a client sends
}

// String names the origin.
func (o origin) String() string {
	if o.file == "" {
		return "COPY " + o.relation
	}
	return fmt.Sprintf("COPY %s, file \"%s\"", o.relation, o.file)
}

// refused gives an error about a row its place. unit and number say which row it is, "" when nobody knows; column is the column of the table, nil for all of the row;
// quoted is what a client sees of its data at the end of the place.
func (o origin) refused(err error, unit string, number int64, column *Column, quoted string) error {
	where := o.String()
	if unit != "" {
		where += fmt.Sprintf(", %s %d", unit, number)
	}
	if column != nil {
		where += ", column " + column.Name
	}
	if o.file == "" {
		return within(err, where+quoted)
	}
	if column != nil {
		where += " of type " + column.Type.Format(column.Modifier)
	}
	return within(Unquoted(err), where)
}

// line is refused for a line; quoted are the format and arguments of what follows the place.
func (o origin) line(err error, number int64, quoted string, args ...any) error {
	return o.refused(err, "line", number, nil, fmt.Sprintf(quoted, args...))
}

// unquotedHint helps those who may read the file.
const unquotedHint = "Errors quote nothing of files. Look at the place in the file: COPY … FROM STDIN quotes what it refuses of text, and read_parquet shows the rows of Parquet."

// Unquoted takes from an error of a statement that reads files what it may quote of them, and leaves its SQLSTATE, what it says otherwise, and its place if it has one.
// Errors of the system, such as a full disk, quote nothing and stay as they are.
func Unquoted(err error) error {
	var e *sqlstate.Error
	if !errors.As(err, &e) || len(e.Code) < 2 {
		return err
	}
	switch e.Code[:2] {
	case "25", "53", "54", "55", "57", "58", "XX":
		return err
	}
	u := e.Unquoted()
	if u != e && u.Hint == "" {
		u.Hint = unquotedHint
	}
	return u
}

// discreet reads a file, and sees to it that none of its errors quotes it, from wherever they come.
type discreet struct {
	Reader
	from origin
}

// Read implements Reader.
func (d *discreet) Read(ctx context.Context, maxRows int) (*vec.Batch, error) {
	b, err := d.Reader.Read(ctx, maxRows)
	return b, d.unquoted(err)
}

// Refused implements Reader.
func (d *discreet) Refused(err error, at Place, column string) error {
	if at == (Place{}) {
		return d.unquoted(err)
	}
	return d.Reader.Refused(err, at, column)
}

func (d *discreet) unquoted(err error) error {
	u := Unquoted(err)
	if u == err { // its place is known, or it is no matter of the rows
		return err
	}
	return within(u, d.from.String())
}

// within gives an SQL error a context, behind the one that it has: a text format's complaint about JSON keeps its own first.
func within(err error, where string) error {
	var e *sqlstate.Error
	if !errors.As(err, &e) {
		return err
	}
	c := *e
	c.Position = 0
	if c.Where != "" {
		where = c.Where + "\n" + where
	}
	c.Where = where
	return &c
}
