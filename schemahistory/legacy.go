package schemahistory

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// The numbers of the contract's tables. A database finds them by these, whatever their names.
const (
	jobsID         = 1
	liveQueriesID  = 2
	storagesID     = 3
	tableSchemasID = 4
)

// StorageLocations is the name that the storages had in the older form.
var StorageLocations = Name{"system", "storage_locations"}

// Legacy gives fresh definitions of the system tables of the older form, from which the contract's migration guide starts: jobs and live_queries
// without the columns that the contract calls new, the storages under their old name, no table of schemas.
//
// The columns have the IDs of the contract's columns, so that files which were written in the older form are read by ID under the new one. Nothing has
// a version: the older form keeps none.
func Legacy() []*TableDefinition {
	jobs := jobs().without("parameters", "result", "trace", "memory_used", "cpu_used")
	live := liveQueries().without("options", "changes", "node")
	places := storages().without()
	places.Name = StorageLocations
	places.Keys[0].Name, places.Keys[1].Name = "storage_locations_pkey", "storage_locations_name_key"
	return []*TableDefinition{jobs, live, places}
}

// without takes columns away from a fresh definition, with the indexes on them, and its version.
func (d *TableDefinition) without(columns ...string) *TableDefinition {
	d.Version = 0
	d.System = false
	for _, name := range columns {
		next, _, err := d.DropColumn(name)
		if err != nil {
			continue // a name that is not there cannot be taken away; TestLegacy holds that each is
		}
		d = next
	}
	for i := range d.Columns { // nothing was dropped: they were never there
		d.Columns[i].Ordinal = 0
	}
	d.LastOrdinal = 0
	d.System = true
	return d
}

// ContractOf gives the contract's definition of the table with that number, nil when it has none.
func ContractOf(id uint32) *TableDefinition {
	switch id {
	case jobsID:
		return jobs()
	case liveQueriesID:
		return liveQueries()
	case storagesID:
		return storages()
	case tableSchemasID:
		return tableSchemas()
	}
	return nil
}

// Lacks gives the contract's columns that a system table of the older form has not, in the contract's order, as AddColumn wants them. It gives nothing
// for other tables.
func (d *TableDefinition) Lacks() []Column {
	known := d.contract()
	if known == nil {
		return nil
	}
	var lacking []Column
	for _, c := range known.Columns {
		if d.Find(c.Name) >= 0 {
			continue
		}
		if c.NotNull && c.Default != "" { // rows that are there get the default: of the columns that the older form lacks it is changes, 0
			value := c.Default
			c.Missing = &value
		}
		lacking = append(lacking, c)
	}
	return lacking
}

// contract gives the contract's definition of a system table, nil for another table.
func (d *TableDefinition) contract() *TableDefinition {
	if !d.System {
		return nil
	}
	return ContractOf(d.ID)
}

// contractColumn gives the contract's column that a statement adds to a system table; another one is 42501. A column with a default may be asked for
// without NOT NULL, as the contract's statements do.
func (d *TableDefinition) contractColumn(c Column) (Column, error) {
	for _, known := range d.Lacks() {
		same := known.Type == c.Type && slices.Equal(known.Modifier, c.Modifier) && known.Default == c.Default
		if known.Name == c.Name && same && (known.NotNull == c.NotNull || (known.NotNull && known.Default != "")) {
			return known, nil
		}
	}
	err := sqlstate.New(permissionDenied, "permission denied: %q is a system table", d.Name.String())
	for _, known := range d.Lacks() {
		if known.Name == c.Name {
			return c, err.WithDetail("Its column %q is %s.", known.Name, known.declaration())
		}
	}
	return c, err
}

// declaration gives the column as CREATE TABLE writes it, without its name.
func (c Column) declaration() string {
	text := c.typeText()
	if c.NotNull {
		text += " NOT NULL"
	}
	if c.Default != "" {
		text += " DEFAULT " + c.Default
	}
	return text
}

// completeIndexes declares the contract's indexes on a system table's new column, where their other columns are there too.
func (d *TableDefinition) completeIndexes(column string) {
	for _, x := range d.contract().Indexes {
		have := slices.ContainsFunc(d.Indexes, func(h Index) bool { return h.Name == x.Name || slices.Equal(h.Columns, x.Columns) })
		complete := !slices.ContainsFunc(x.Columns, func(c IndexColumn) bool { return d.Find(c.Name) < 0 })
		if x.names(column) && complete && !have {
			d.Indexes = append(d.Indexes, x)
		}
	}
}
