package client

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/store"
)

// snapshotTables gives the tables, by name, and what to call when they are no longer needed.
func (c *Client) snapshotTables() ([]*store.TableView, func()) {
	snap := c.db.Store().Snapshot()
	tables := append([]*store.TableView(nil), snap.Tables()...)
	sort.Slice(tables, func(i, j int) bool {
		a, b := tables[i].Def.Name, tables[j].Def.Name
		return a.Namespace < b.Namespace || a.Namespace == b.Namespace && a.Table < b.Table
	})
	return tables, snap.Close
}

// headings gives the titles of columns; one that begins with > is that of numbers.
func headings(names ...string) []render.Heading {
	out := make([]render.Heading, len(names))
	for i, n := range names {
		name := strings.TrimPrefix(n, ">")
		out[i] = render.Heading{Name: name, Right: name != n}
	}
	return out
}

// listTables runs \dt and \d without a name.
func (c *Client) listTables() error {
	tables, done := c.snapshotTables()
	defer done()
	var rows [][]string
	for _, t := range tables {
		var cold, bytes int64
		for _, f := range t.Files {
			cold, bytes = cold+f.LiveRows(), bytes+f.Size
		}
		hot := int64(t.Hot.Rows())
		rows = append(rows, []string{
			t.Def.Name.Namespace, t.Def.Name.Table, "table", t.Def.Storage, render.Count(hot), render.Count(cold), strconv.Itoa(len(t.Files)), render.Bytes(bytes),
		})
	}
	cols := headings("Schema", "Name", "Type", "Storage", ">Hot rows", ">Flushed rows", ">Files", ">Size")
	if err := render.Strings(&output{w: c.out}, "List of relations", cols, rows); err != nil {
		return err
	}
	return c.print(fmt.Sprintf("(%d rows)\n\n", len(rows)))
}

// listFunctions runs \df.
func (c *Client) listFunctions(_ context.Context, args []string) error {
	prefix := strings.TrimRight(strings.ToLower(strings.Join(args, "")), "*")
	reg := builtin.Registry()
	var rows [][]string
	for _, name := range reg.FuncNames() {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		for _, f := range reg.Funcs(name) {
			rows = append(rows, []string{name, f.Result.String(), typeNames(f.Args), "func"})
		}
		for _, a := range reg.Aggregates(name) {
			rows = append(rows, []string{name, a.Result.String(), typeNames(a.Args), "agg"})
		}
	}
	// A name that is a function's and an aggregate's comes twice in the list of names.
	rows = slices.CompactFunc(rows, func(a, b []string) bool { return slices.Equal(a, b) })
	if err := render.Strings(&output{w: c.out}, "List of functions", headings("Name", "Result", "Arguments", "Type"), rows); err != nil {
		return err
	}
	return c.print(fmt.Sprintf("(%d rows)\n\n", len(rows)))
}

func typeNames(types []arrowschema.Type) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.String()
	}
	return strings.Join(names, ", ")
}

// Relation is a table and its columns, for completion.
type Relation struct {
	Schema, Name string
	Columns      []string
}

// Relations gives the tables of the database, and the names of the catalogue's.
func (c *Client) Relations() []Relation {
	tables, done := c.snapshotTables()
	defer done()
	var out []Relation
	for _, t := range tables {
		out = append(out, Relation{t.Def.Name.Namespace, t.Def.Name.Table, t.Def.ColumnNames()})
	}
	for _, name := range []string{"tables", "columns", "schemata"} {
		out = append(out, Relation{Schema: "information_schema", Name: name})
	}
	return append(out, Relation{Schema: "system", Name: "tables"})
}
