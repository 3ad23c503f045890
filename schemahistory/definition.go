// Package schemahistory is what a table is: its name, columns, keys and checks as a TableDefinition, and the versions that definition went through.
//
// A definition is immutable; a change makes a new one with the next version. The package knows no rows and no files.
package schemahistory

import (
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/stoadb/stoa/arrowschema"
)

// Name is the qualified name of a table, folded as SQL folds it.
type Name struct{ Namespace, Table string }

// String gives namespace.table, without quotes.
func (n Name) String() string { return n.Namespace + "." + n.Table }

// Column is one column of a table.
type Column struct {
	ID       int32  // stable for the life of the table, from 1; the field_id in Parquet files
	Name     string // as SQL folds it
	Type     arrowschema.Type
	Modifier []int32 // numeric(p, s), varchar(n); nil when none
	NotNull  bool
	Default  string // SQL text of the default expression; "" when there is none
	// Dictionary says that values are expected to repeat: hot batches and files hold the column as codes while it has few distinct values.
	Dictionary bool
	// Missing is the value, as the text that the type's input function reads, of the rows that were written before the column was added: what its
	// default was then. nil is NULL.
	Missing *string
	// Ordinal is the column's place among all the columns that the table ever had, from 1, which PostgreSQL calls attnum: those of dropped columns stay
	// empty, and a column keeps it when its rows are rewritten under another ID. 0 stands for the place in Columns, as long as none was dropped.
	Ordinal int32
}

// Check is a CHECK constraint of the one shape that the system tables have: the column's text is one of Values, or NULL.
type Check struct {
	Name   string
	Column int // index into Columns
	Values []string
}

// Key is a primary key or UNIQUE constraint.
type Key struct {
	Name    string // the constraint's name: jobs_pkey, storages_name_key
	Columns []int  // indexes into Columns
	Primary bool
}

// Index is an index that a statement declared. Stoa prunes by statistics and keeps no secondary index: the declaration is remembered, for the catalogue.
type Index struct {
	Name    string
	Columns []IndexColumn
}

// IndexColumn is a column of an index.
type IndexColumn struct {
	Name       string
	Descending bool
}

// TableDefinition is a version of a table's definition. It must not be changed once it is shared.
type TableDefinition struct {
	ID   uint32 // stable for the life of the database
	Name Name
	// Version is the number of the last version in the table's History, from 1; 0 in a database of the older form, which keeps no versions, until
	// they are back-filled.
	Version int64
	Columns []Column
	// LastColumn is the highest column ID that was ever given in this table: a column that is dropped never lends its ID to another.
	LastColumn int32
	// LastOrdinal is the highest Column.Ordinal that was ever given; 0 while none was.
	LastOrdinal int32
	Keys        []Key // the primary key first, where there is one
	Checks      []Check
	Indexes     []Index

	Storage string // name of the row in system.storages where flushed files go
	// Profile names the way in which flushed files store types, for readers that differ in what they understand: one of package parquetio's; "" is the standard one.
	Profile string
	// SortColumn is the index of the timestamp column by which files are sorted, -1 for none. UserColumn is the text column whose value is
	// {userId} in the path template, -1 for the user `system`.
	SortColumn, UserColumn int
	System                 bool  // one of the contract's tables: its definition is fixed
	CreatedAt, UpdatedAt   int64 // microseconds since 1970-01-01 UTC
}

// Find gives the index of the column with that name, or -1.
func (d *TableDefinition) Find(name string) int {
	for i := range d.Columns {
		if d.Columns[i].Name == name {
			return i
		}
	}
	return -1
}

// IDAt gives the ID of the column at index i, 0 when i is -1.
func (d *TableDefinition) IDAt(i int) int32 {
	if i < 0 {
		return 0
	}
	return d.Columns[i].ID
}

// OrdinalPosition gives the place of the column at index i among all the columns that the table ever had, from 1.
func (d *TableDefinition) OrdinalPosition(i int) int {
	if n := d.Columns[i].Ordinal; n > 0 {
		return int(n)
	}
	return i + 1
}

// PrimaryKey gives the primary key.
func (d *TableDefinition) PrimaryKey() (Key, bool) {
	if len(d.Keys) > 0 && d.Keys[0].Primary {
		return d.Keys[0], true
	}
	return Key{}, false
}

// ArrowSchema gives the Arrow schema of the table's rows, in which every text column is plain: batches may hold it dictionary-coded.
func (d *TableDefinition) ArrowSchema() *arrow.Schema {
	fields := make([]arrow.Field, len(d.Columns))
	for i, c := range d.Columns {
		fields[i] = arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: !c.NotNull}
	}
	return arrow.NewSchema(fields, nil)
}

// ColumnNames gives the names, in order.
func (d *TableDefinition) ColumnNames() []string {
	names := make([]string, len(d.Columns))
	for i, c := range d.Columns {
		names[i] = c.Name
	}
	return names
}

// KeyText names the columns of a key as PostgreSQL's messages do: "job_id" or "a, b".
func (d *TableDefinition) KeyText(k Key) string {
	names := make([]string, len(k.Columns))
	for i, c := range k.Columns {
		names[i] = d.Columns[c].Name
	}
	return strings.Join(names, ", ")
}
