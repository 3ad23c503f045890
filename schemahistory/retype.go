package schemahistory

import (
	"slices"
	"strconv"
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Widens tells whether every value of a column from is a value of a column to, and the same one, so that rows which were written before need not be
// written again: readers convert them. Only types and modifiers are compared.
//
// One value is an exception that the caller must look for: a date after 294276-12-31 has no timestamp (22008).
func Widens(from, to Column) bool {
	if from.Type == to.Type {
		return widensModifier(from.Type, from.Modifier, to.Modifier)
	}
	f, t := from.Type, to.Type
	switch t {
	case arrowschema.Int4, arrowschema.Int8:
		return f.Integer() && f < t
	case arrowschema.Numeric: // every numeric(p, s) would print integers with another scale
		return f.Integer() && len(to.Modifier) == 0
	case arrowschema.Float4:
		return f == arrowschema.Int2
	case arrowschema.Float8:
		return f == arrowschema.Int2 || f == arrowschema.Int4 || f == arrowschema.Float4
	case arrowschema.Text:
		return f == arrowschema.Varchar
	case arrowschema.Varchar:
		return f == arrowschema.Text && len(to.Modifier) == 0
	case arrowschema.Timestamp:
		return f == arrowschema.Date
	}
	return false
}

// widensModifier tells whether a modifier takes every value that another one of the same type takes, as it is.
func widensModifier(t arrowschema.Type, from, to []int32) bool {
	if len(to) == 0 {
		return true
	}
	if len(from) == 0 {
		return false
	}
	switch t {
	case arrowschema.Numeric:
		return from[0] <= to[0] && scaleOf(from) == scaleOf(to)
	case arrowschema.Varchar, arrowschema.Time, arrowschema.Timestamp, arrowschema.TimestampTZ:
		return from[0] <= to[0]
	}
	return slices.Equal(from, to)
}

// scaleOf gives the scale of a numeric's modifier: numeric(5) is numeric(5, 0).
func scaleOf(mods []int32) int32 {
	if len(mods) > 1 {
		return mods[1]
	}
	return 0
}

// KeepsRows tells whether SetType can give a column the type, so that its rows stay as they are. Where it cannot, the rows must be written anew under
// the definition that ReplaceColumn gives: the type does not widen, or vectors hold it in another form and a key holds the values.
func (d *TableDefinition) KeepsRows(name string, t arrowschema.Type, modifier []int32) bool {
	i := d.Find(name)
	if i < 0 || !Widens(d.Columns[i], Column{Type: t, Modifier: modifier}) {
		return false
	}
	return alike(d.Columns[i].Type, t) || !d.inKey(i)
}

// alike tells whether the numbers and texts in which vectors hold one type mean the same in the other. Days and microseconds do not.
func alike(from, to arrowschema.Type) bool {
	return from.Physical() == to.Physical() && (from == to || from != arrowschema.Date && to != arrowschema.Date)
}

func (d *TableDefinition) inKey(column int) bool {
	return slices.ContainsFunc(d.Keys, func(k Key) bool { return slices.Contains(k.Columns, column) })
}

// SetType gives a column another type under the same column ID: rows that were written before are converted when they are read. It is an error, 0A000,
// to ask it of a type for which KeepsRows is false.
func (d *TableDefinition) SetType(name string, t arrowschema.Type, modifier []int32) (*TableDefinition, string, error) {
	i, err := d.alterable(name, "alter")
	if err != nil {
		return nil, "", err
	}
	if !d.KeepsRows(name, t, modifier) {
		return nil, "", sqlstate.New(sqlstate.FeatureNotSupported, "changing the type of column %q from %s to %s needs its rows to be rewritten",
			name, d.Columns[i].typeText(), t.Format(modifier))
	}
	next := d.clone()
	c := &next.Columns[i]
	before := *c
	c.Type, c.Modifier = t, slices.Clone(modifier)
	if c.Missing, err = widenText(before, t); err != nil {
		return nil, "", err
	}
	return next.retyped(d, i)
}

// ReplaceColumn puts a column in the place of another one, under its name and with an ID that no column of the table ever had: for changes that
// rewrite the rows. c.Name, c.ID, c.Missing and c.Ordinal are ignored. Keys, checks and indexes stay; a type that they cannot have is refused as PostgreSQL does.
func (d *TableDefinition) ReplaceColumn(name string, c Column) (*TableDefinition, string, error) {
	i, err := d.alterable(name, "alter")
	if err != nil {
		return nil, "", err
	}
	next := d.clone()
	next.LastColumn = d.lastColumn() + 1
	c.ID, c.Name, c.Missing, c.Modifier, c.Ordinal = next.LastColumn, name, nil, slices.Clone(c.Modifier), d.Columns[i].Ordinal
	next.Columns[i] = c
	return next.retyped(d, i)
}

// retyped finishes the change of column i: the constraints must be able to take its type, and its roles depend on it.
func (d *TableDefinition) retyped(before *TableDefinition, i int) (*TableDefinition, string, error) {
	old, c := before.Columns[i], d.Columns[i]
	if err := d.typeFits(old, i); err != nil {
		return nil, "", err
	}
	d.reviewRoles(before, i)
	from, to := old.typeText(), c.typeText()
	switch {
	case from != to:
		return d, "changed type of column " + quoted(c.Name) + " from " + from + " to " + to, nil
	case old.ID != c.ID:
		return d, "rewrote column " + quoted(c.Name), nil
	}
	return d, "", nil
}

// reviewRoles takes the sort and user column from column i when its new type is not for that, and gives them to it when it is.
func (d *TableDefinition) reviewRoles(before *TableDefinition, i int) {
	c := d.Columns[i]
	if d.SortColumn == i && c.Type != arrowschema.Timestamp {
		d.SortColumn = -1
	}
	if d.UserColumn == i && !c.holdsText() {
		d.UserColumn = -1
	}
	d.guessLost(before)
	d.adoptRoles(i)
}

func (c Column) holdsText() bool { return c.Type == arrowschema.Text || c.Type == arrowschema.Varchar }

// typeFits tells whether the keys, indexes and checks on column i can be had on its new type.
func (d *TableDefinition) typeFits(old Column, i int) error {
	c := d.Columns[i]
	indexed := slices.ContainsFunc(d.Indexes, func(x Index) bool { return x.names(c.Name) })
	if c.Type == arrowschema.JSON && (indexed || d.inKey(i)) {
		return sqlstate.New(sqlstate.UndefinedObject, `data type json has no default operator class for access method "btree"`).
			WithHint("You must specify an operator class for the index or define a default operator class for the data type.")
	}
	for _, k := range d.Checks {
		switch {
		case k.Column != i || c.holdsText():
		case old.Type == arrowschema.Text:
			return sqlstate.New(sqlstate.UndefinedFunction, "operator does not exist: %s = text", c.Type).
				WithHint("No operator matches the given name and argument types. You might need to add explicit type casts.")
		default:
			return sqlstate.New(sqlstate.FeatureNotSupported, "check constraint %q restricts column %q to texts, which its new type, %s, does not have",
				k.Name, c.Name, c.typeText())
		}
	}
	return nil
}

// typeText gives the type as format_type() does.
func (c Column) typeText() string { return c.Type.Format(c.Modifier) }

// widenText converts the text of a missing value to a wider type. The text of a value is nearly always a text of the same value in the wider type; but
// 0.1 as real is 0.10000000149011612 as double precision.
func widenText(c Column, to arrowschema.Type) (*string, error) {
	if c.Missing == nil || c.Type != arrowschema.Float4 || to != arrowschema.Float8 {
		return c.Missing, nil
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(*c.Missing), 32)
	if err != nil {
		return nil, sqlstate.New(sqlstate.InvalidTextRepresentation, "invalid input syntax for type real: %q", *c.Missing)
	}
	text := formatFloat8(f)
	return &text, nil
}

// formatFloat8 writes the shortest decimal that is read as f, with the names that PostgreSQL has for the values that are no numbers.
func formatFloat8(f float64) string {
	text := strconv.FormatFloat(f, 'g', -1, 64)
	switch text {
	case "+Inf":
		return "Infinity"
	case "-Inf":
		return "-Infinity"
	}
	return text
}
