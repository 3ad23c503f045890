package schemahistory

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// The changes of a definition. Each gives a changed copy and says in words what changed; "" says that everything was so already, and that no version
// need be kept. None of them looks at rows: whether the rows allow a change is for the caller to find out. Version, CreatedAt and UpdatedAt are left as
// they are. Messages and codes are PostgreSQL 15's; what must not be changed of the contract's tables is 42501.

// maxColumns is PostgreSQL's limit (MaxHeapAttributeNumber).
const maxColumns = 1600

const (
	permissionDenied sqlstate.Code = "42501"
	tooManyColumns   sqlstate.Code = "54011"
)

// systemColumns are the names that PostgreSQL keeps for the columns that every table has.
var systemColumns = []string{"tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"}

// AddColumn adds a column at the end and gives it an ID that no column of the table ever had; c.ID is ignored. What rows that were written before have
// in it is c.Missing. A column user_id of type text becomes the user column when there is none, a timestamp created_at the sort column likewise.
//
// A table of the contract takes the columns that the contract has for it, with the contract's IDs, and with them the indexes on them.
func (d *TableDefinition) AddColumn(c Column) (*TableDefinition, string, error) {
	if d.Find(c.Name) >= 0 {
		return nil, "", sqlstate.New(sqlstate.DuplicateColumn, "column %q of relation %q already exists", c.Name, d.Name.Table)
	}
	if err := nameIsFree(c.Name); err != nil {
		return nil, "", err
	}
	next := d.clone()
	if d.System {
		known, err := d.contractColumn(c)
		if err != nil {
			return nil, "", err
		}
		c = known
	} else {
		last := d.lastColumn()
		if len(d.Columns) >= maxColumns || last == math.MaxInt32 {
			return nil, "", sqlstate.New(tooManyColumns, "tables can have at most %d columns", maxColumns)
		}
		c.ID = last + 1
	}
	next.LastColumn = max(d.lastColumn(), c.ID)
	if c.Ordinal = 0; next.LastOrdinal > 0 {
		next.LastOrdinal++
		c.Ordinal = next.LastOrdinal
	}
	next.Columns = append(next.Columns, c)
	next.adoptRoles(len(next.Columns) - 1)
	if d.System {
		next.completeIndexes(c.Name)
	}
	return next, "added column " + quoted(c.Name) + " " + c.Type.Format(c.Modifier), nil
}

// DropColumn takes a column away, with the keys, checks and indexes that name it, as PostgreSQL does. The last column stays: 0A000.
func (d *TableDefinition) DropColumn(name string) (*TableDefinition, string, error) {
	i, err := d.alterable(name, "drop")
	if err != nil {
		return nil, "", err
	}
	if len(d.Columns) == 1 {
		return nil, "", sqlstate.New(sqlstate.FeatureNotSupported, "a table without columns is not supported").
			WithDetail("Column %q is the last one of relation %q.", name, d.Name.Table)
	}
	next := d.clone()
	next.keepOrdinals()
	next.Columns = slices.Delete(next.Columns, i, i+1)
	next.LastColumn = d.lastColumn()
	next.Keys = slices.DeleteFunc(next.Keys, func(k Key) bool { return slices.Contains(k.Columns, i) })
	for _, k := range next.Keys {
		for j := range k.Columns {
			k.Columns[j] = after(k.Columns[j], i)
		}
	}
	next.Checks = slices.DeleteFunc(next.Checks, func(c Check) bool { return c.Column == i })
	for j := range next.Checks {
		next.Checks[j].Column = after(next.Checks[j].Column, i)
	}
	next.Indexes = slices.DeleteFunc(next.Indexes, func(x Index) bool { return x.names(name) })
	next.loseRoles(i)
	next.SortColumn, next.UserColumn = after(next.SortColumn, i), after(next.UserColumn, i)
	next.guessLost(d)
	return next, "dropped column " + quoted(name), nil
}

// keepOrdinals notes the places that the columns have, before one of them goes.
func (d *TableDefinition) keepOrdinals() {
	if d.LastOrdinal > 0 {
		return
	}
	for i := range d.Columns {
		d.Columns[i].Ordinal = int32(i + 1)
	}
	d.LastOrdinal = int32(len(d.Columns))
}

// after gives the place of what was at place p when the column at gone, another one, is taken away.
func after(p, gone int) int {
	if p > gone {
		return p - 1
	}
	return p
}

// RenameColumn renames a column. Keys, checks and indexes keep their names, and sorting and the user go by the same column as before.
func (d *TableDefinition) RenameColumn(from, to string) (*TableDefinition, string, error) {
	i, err := d.alterable(from, "rename")
	if err != nil {
		return nil, "", err
	}
	if d.Find(to) >= 0 {
		return nil, "", sqlstate.New(sqlstate.DuplicateColumn, "column %q of relation %q already exists", to, d.Name.Table)
	}
	if err := nameIsFree(to); err != nil {
		return nil, "", err
	}
	next := d.clone()
	next.Columns[i].Name = to
	for _, x := range next.Indexes {
		for j := range x.Columns {
			if x.Columns[j].Name == from {
				x.Columns[j].Name = to
			}
		}
	}
	return next, "renamed column " + quoted(from) + " to " + quoted(to), nil
}

// SetNotNull makes a column NOT NULL, or lets it have NULLs again, which a column of the primary key cannot: 42P16.
func (d *TableDefinition) SetNotNull(name string, notNull bool) (*TableDefinition, string, error) {
	i, err := d.alterable(name, "alter")
	if err != nil {
		return nil, "", err
	}
	if key, ok := d.PrimaryKey(); ok && !notNull && slices.Contains(key.Columns, i) {
		return nil, "", sqlstate.New(sqlstate.InvalidTableDefinition, "column %q is in a primary key", name)
	}
	next := d.clone()
	if next.Columns[i].NotNull == notNull {
		return next, "", nil
	}
	next.Columns[i].NotNull = notNull
	if notNull {
		return next, "column " + quoted(name) + " is NOT NULL", nil
	}
	return next, "column " + quoted(name) + " allows NULL", nil
}

// SetDefault gives a column the default expr, SQL text that the caller has checked; "" takes it away. Rows that are there keep what they have.
func (d *TableDefinition) SetDefault(name, expr string) (*TableDefinition, string, error) {
	i, err := d.alterable(name, "alter")
	if err != nil {
		return nil, "", err
	}
	next := d.clone()
	if next.Columns[i].Default == expr {
		return next, "", nil
	}
	next.Columns[i].Default = expr
	if expr == "" {
		return next, "column " + quoted(name) + " has no default", nil
	}
	return next, "default of column " + quoted(name) + " is " + expr, nil
}

// Rename gives the table another name, also in another namespace. Constraints and indexes keep theirs, as in PostgreSQL. Of the contract's tables only
// that of the storages can be renamed, from its older name to the contract's. Whether another table has the name is for the caller to find out.
func (d *TableDefinition) Rename(to Name) (*TableDefinition, string, error) {
	if d.Name == to {
		return nil, "", sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", to.Table)
	}
	if d.System && (d.ID != storagesID || to != Storages) {
		return nil, "", d.denied()
	}
	next := d.clone()
	next.Name = to
	return next, "renamed from " + d.Name.quoted(), nil
}

// GuessColumns finds the column to sort files by, created_at or else the first timestamp, and the one that names the user, user_id, in a definition
// that is being made. Columns that were found before stay, except that created_at is preferred.
func GuessColumns(d *TableDefinition) {
	for i, c := range d.Columns {
		if c.Type == arrowschema.Timestamp && (d.SortColumn < 0 || c.Name == "created_at") {
			d.SortColumn = i
		}
		if c.Name == "user_id" && c.Type == arrowschema.Text {
			d.UserColumn = i
		}
	}
}

// adoptRoles makes the new column at place i the sort or user column, when it has the name and there is none.
func (d *TableDefinition) adoptRoles(i int) {
	c := d.Columns[i]
	if d.SortColumn < 0 && c.Name == "created_at" && c.Type == arrowschema.Timestamp {
		d.SortColumn = i
	}
	if d.UserColumn < 0 && c.Name == "user_id" && c.Type == arrowschema.Text {
		d.UserColumn = i
	}
}

// loseRoles takes from the column at place i, which goes or has become something else, that it is the sort or user column.
func (d *TableDefinition) loseRoles(i int) {
	if d.SortColumn == i {
		d.SortColumn = -1
	}
	if d.UserColumn == i {
		d.UserColumn = -1
	}
}

// guessLost finds anew the sort and user column that before had and d has lost.
func (d *TableDefinition) guessLost(before *TableDefinition) {
	guess := &TableDefinition{Columns: d.Columns, SortColumn: -1, UserColumn: -1}
	GuessColumns(guess)
	if d.SortColumn < 0 && before.SortColumn >= 0 {
		d.SortColumn = guess.SortColumn
	}
	if d.UserColumn < 0 && before.UserColumn >= 0 {
		d.UserColumn = guess.UserColumn
	}
}

// lastColumn gives the highest ID that was ever given.
func (d *TableDefinition) lastColumn() int32 {
	last := d.LastColumn
	for i := range d.Columns {
		last = max(last, d.Columns[i].ID)
	}
	return last
}

// alterable finds a column that a statement wants to drop, rename or alter, as verb says.
func (d *TableDefinition) alterable(name, verb string) (int, error) {
	if d.System {
		return -1, d.denied()
	}
	if i := d.Find(name); i >= 0 {
		return i, nil
	}
	switch {
	case slices.Contains(systemColumns, name):
		return -1, sqlstate.New(sqlstate.FeatureNotSupported, "cannot %s system column %q", verb, name)
	case verb == "rename":
		return -1, sqlstate.New(sqlstate.UndefinedColumn, "column %q does not exist", name)
	}
	return -1, sqlstate.New(sqlstate.UndefinedColumn, "column %q of relation %q does not exist", name, d.Name.Table)
}

// nameIsFree refuses the names of PostgreSQL's system columns.
func nameIsFree(name string) error {
	if slices.Contains(systemColumns, name) {
		return sqlstate.New(sqlstate.DuplicateColumn, "column name %q conflicts with a system column name", name)
	}
	return nil
}

func (d *TableDefinition) denied() error {
	return sqlstate.New(permissionDenied, "permission denied: %q is a system table", d.Name.String())
}

func (x Index) names(column string) bool {
	return slices.ContainsFunc(x.Columns, func(c IndexColumn) bool { return c.Name == column })
}

// clone copies a definition so that every part of the copy may be changed.
func (d *TableDefinition) clone() *TableDefinition {
	next := *d
	next.Columns = slices.Clone(d.Columns)
	next.Keys, next.Checks, next.Indexes = slices.Clone(d.Keys), slices.Clone(d.Checks), slices.Clone(d.Indexes)
	for i := range next.Keys {
		next.Keys[i].Columns = slices.Clone(next.Keys[i].Columns)
	}
	for i := range next.Indexes {
		next.Indexes[i].Columns = slices.Clone(next.Indexes[i].Columns)
	}
	return &next
}

// plainName is a name that SQL reads as it is without quotes. That a few of them are reserved words does no harm to a sentence.
var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_$]*$`)

// quoted gives a name as a sentence about SQL writes it: in quotes where SQL needs them.
func quoted(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func (n Name) quoted() string { return quoted(n.Namespace) + "." + quoted(n.Table) }
