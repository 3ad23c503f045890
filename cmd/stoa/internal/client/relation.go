package client

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/store"
)

// relation is what \d describes: a table, an index of one, or a table of the catalogue.
type relation struct {
	schema, name string
	describe     func(ctx context.Context) error
}

// publicSchema is where a name without a schema is looked for first.
const publicSchema = "public"

// catalogue are the relations that are computed.
var catalogue = [...]schemahistory.Name{
	{Namespace: "information_schema", Table: "columns"}, {Namespace: "information_schema", Table: "schemata"},
	{Namespace: "information_schema", Table: "tables"}, {Namespace: "system", Table: "tables"},
}

// describe runs \d, or \d+ with more.
func (c *Client) describe(ctx context.Context, args []string, more bool) error {
	if len(args) == 0 {
		return c.listTables()
	}
	snap := c.db.Store().Snapshot()
	defer snap.Close()
	for _, arg := range args {
		p, err := patternOf(arg)
		if err != nil {
			return err
		}
		found := c.find(snap, p, more)
		if len(found) == 0 {
			//lint:ignore ST1005 these are psql's words
			return fmt.Errorf(`Did not find any relation named "%s".`, arg)
		}
		for _, r := range found {
			if err := r.describe(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// find gives the relations that a pattern means, in order of schema and name. A name without a schema means that of the schema public if there is one, else all.
func (c *Client) find(snap *store.Snapshot, p *pattern, more bool) []relation {
	var found []relation
	public := 0
	add := func(r relation) {
		if p.matches(r.schema, r.name) {
			found = append(found, r)
			if r.schema == publicSchema {
				public++
			}
		}
	}
	for _, t := range snap.Tables() {
		schema := t.Def.Name.Namespace
		add(relation{schema, t.Def.Name.Table, func(ctx context.Context) error { return c.describeTable(ctx, snap, t, more) }})
		for _, x := range indexesOf(t.Def) {
			add(relation{schema, x.name, func(context.Context) error { return c.describeIndex(t.Def, x) }})
		}
	}
	for _, name := range catalogue {
		if p.wild && p.schema == nil { // as in psql, the catalogue is not what somebody looks for with *
			continue
		}
		add(relation{name.Namespace, name.Table, func(ctx context.Context) error { return c.describeView(ctx, name) }})
	}
	if p.schema == nil && !p.wild && public > 0 {
		kept := found[:0]
		for _, r := range found {
			if r.schema == publicSchema {
				kept = append(kept, r)
			}
		}
		found = kept
	}
	sort.Slice(found, func(i, j int) bool {
		a, b := found[i], found[j]
		return a.schema < b.schema || a.schema == b.schema && a.name < b.name
	})
	return found
}

// describeView describes a table of the catalogue by the columns of a query of it.
func (c *Client) describeView(ctx context.Context, name schemahistory.Name) error {
	stmts, err := parser.Parse("SELECT * FROM " + parser.QuoteIdent(name.Namespace) + "." + parser.QuoteIdent(name.Table) + " LIMIT 0")
	if err != nil {
		return err
	}
	res, err := c.session.Execute(ctx, stmts[0], nil)
	if err != nil {
		return err
	}
	defer res.Close()
	var rows [][]string
	for _, col := range res.Columns {
		rows = append(rows, []string{col.Name, col.Type.String(), "", "", ""})
	}
	if err := render.Strings(&output{w: c.out}, fmt.Sprintf("View \"%s\"", name), headings("Column", "Type", "Collation", "Nullable", "Default"), rows); err != nil {
		return err
	}
	return c.print("\n")
}

// describeIndex describes a key or a declared index, in the manner of psql.
func (c *Client) describeIndex(d *schemahistory.TableDefinition, x index) error {
	var rows [][]string
	for _, col := range x.columns {
		i := d.Find(col.Name)
		if i < 0 {
			continue
		}
		rows = append(rows, []string{col.Name, d.Columns[i].Type.Format(d.Columns[i].Modifier), "yes", parser.QuoteIdent(col.Name)})
	}
	title := fmt.Sprintf("Index \"%s.%s\"", d.Name.Namespace, x.name)
	if err := render.Strings(&output{w: c.out}, title, headings("Column", "Type", "Key?", "Definition"), rows); err != nil {
		return err
	}
	kind := ""
	switch {
	case x.primary:
		kind = "primary key, "
	case x.unique:
		kind = "unique, "
	}
	text := fmt.Sprintf("%sbtree, for table \"%s\"\n", kind, d.Name)
	if !x.primary && !x.unique {
		text += "Declared only: scans prune by statistics.\n"
	}
	return c.print(text + "\n")
}

// index is a key or a declared index.
type index struct {
	name            string
	columns         []schemahistory.IndexColumn
	primary, unique bool
}

// indexesOf gives the keys and declared indexes of a table in psql's order: the primary key, then by name.
func indexesOf(d *schemahistory.TableDefinition) []index {
	var all []index
	for _, k := range d.Keys {
		x := index{name: k.Name, primary: k.Primary, unique: true}
		for _, col := range k.Columns {
			x.columns = append(x.columns, schemahistory.IndexColumn{Name: d.Columns[col].Name})
		}
		all = append(all, x)
	}
	for _, x := range d.Indexes {
		all = append(all, index{name: x.Name, columns: x.Columns})
	}
	sort.SliceStable(all, func(i, j int) bool {
		if all[i].primary != all[j].primary {
			return all[i].primary
		}
		return all[i].name < all[j].name
	})
	return all
}

// String gives the index as a line of \d.
func (x index) String() string {
	var cols []string
	for _, col := range x.columns {
		text := parser.QuoteIdent(col.Name)
		if col.Descending {
			text += " DESC"
		}
		cols = append(cols, text)
	}
	kind := ""
	switch {
	case x.primary:
		kind = "PRIMARY KEY, "
	case x.unique:
		kind = "UNIQUE CONSTRAINT, "
	}
	return fmt.Sprintf("    \"%s\" %sbtree (%s)\n", x.name, kind, strings.Join(cols, ", "))
}
