package parquetio

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/schemahistory"
)

// StoredConstraints is what key stoa.constraints says of a table beside its columns.
type StoredConstraints struct {
	Keys    []StoredKey   `json:"keys,omitempty"`
	Checks  []StoredCheck `json:"checks,omitempty"`
	Indexes []StoredIndex `json:"indexes,omitempty"`
}

// StoredKey is a primary key or UNIQUE constraint.
type StoredKey struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Primary bool     `json:"primary,omitempty"`
}

// StoredCheck is the constraint that a column has one of some values, or NULL.
type StoredCheck struct {
	Name   string   `json:"name"`
	Column string   `json:"column"`
	Values []string `json:"values"`
}

// StoredIndex is a declared index.
type StoredIndex struct {
	Name       string   `json:"name"`
	Columns    []string `json:"columns"`
	Descending []bool   `json:"descending"` // of the columns
}

// storedConstraints describes a table's constraints, nil when it has none.
func storedConstraints(def *schemahistory.TableDefinition) *StoredConstraints {
	if len(def.Keys)+len(def.Checks)+len(def.Indexes) == 0 {
		return nil
	}
	c := &StoredConstraints{}
	for _, k := range def.Keys {
		key := StoredKey{Name: k.Name, Primary: k.Primary}
		for _, i := range k.Columns {
			key.Columns = append(key.Columns, def.Columns[i].Name)
		}
		c.Keys = append(c.Keys, key)
	}
	for _, k := range def.Checks {
		c.Checks = append(c.Checks, StoredCheck{Name: k.Name, Column: def.Columns[k.Column].Name, Values: k.Values})
	}
	for _, x := range def.Indexes {
		index := StoredIndex{Name: x.Name}
		for _, col := range x.Columns {
			index.Columns, index.Descending = append(index.Columns, col.Name), append(index.Descending, col.Descending)
		}
		c.Indexes = append(c.Indexes, index)
	}
	return c
}

// Definition gives the table that the file is of: of a file of ours what its metadata say, of others their columns, without a name. Columns that cannot be
// read are left out, and named in skipped. What the metadata say of columns that are not there is left out too.
func (r *Report) Definition() (def *schemahistory.TableDefinition, skipped []string) {
	def = &schemahistory.TableDefinition{SortColumn: -1, UserColumn: -1}
	stored := map[string]*StoredColumn{}
	for i := range r.Stored {
		stored[r.Stored[i].Name] = &r.Stored[i]
	}
	if r.Profile != "" {
		def.Name = schemahistory.Name{Namespace: r.Metadata[KeyNamespace], Table: r.Metadata[KeyTable]}
		if r.Profile != ProfileStandard {
			def.Profile = string(r.Profile)
		}
	}
	for i, c := range r.Columns {
		if c.Type == "" {
			skipped = append(skipped, c.Name)
			continue
		}
		col := schemahistory.Column{ID: int32(i + 1), Name: c.Name, Type: c.SQLType, NotNull: !c.Nullable}
		if s := stored[c.Name]; s != nil {
			if t, ok := arrowschema.ByName(s.Type); ok {
				col = schemahistory.Column{ID: s.ID, Name: s.Name, Type: t, Modifier: s.Modifier, NotNull: s.NotNull, Default: s.Default, Dictionary: s.Dictionary}
			}
		}
		def.Columns = append(def.Columns, col)
	}
	if r.Constraints != nil {
		r.Constraints.addTo(def)
	}
	return def, skipped
}

// addTo gives a definition the constraints whose columns it has.
func (c *StoredConstraints) addTo(def *schemahistory.TableDefinition) {
	for _, k := range c.Keys {
		key := schemahistory.Key{Name: k.Name, Primary: k.Primary}
		for _, name := range k.Columns {
			key.Columns = append(key.Columns, def.Find(name))
		}
		if len(key.Columns) > 0 && !slices.Contains(key.Columns, -1) {
			def.Keys = append(def.Keys, key)
		}
	}
	for _, k := range c.Checks {
		if i := def.Find(k.Column); i >= 0 && len(k.Values) > 0 {
			def.Checks = append(def.Checks, schemahistory.Check{Name: k.Name, Column: i, Values: k.Values})
		}
	}
	for _, x := range c.Indexes {
		index := schemahistory.Index{Name: x.Name}
		for i, name := range x.Columns {
			if def.Find(name) >= 0 && i < len(x.Descending) {
				index.Columns = append(index.Columns, schemahistory.IndexColumn{Name: name, Descending: x.Descending[i]})
			}
		}
		if len(index.Columns) == len(x.Columns) && len(index.Columns) > 0 {
			def.Indexes = append(def.Indexes, index)
		}
	}
}
