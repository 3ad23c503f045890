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
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
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

// describe runs \d.
func (c *Client) describe(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return c.listTables()
	}
	tables, done := c.snapshotTables()
	defer done()
	found := false
	want := schemahistory.Name{Table: strings.ToLower(args[0])}
	if ns, name, ok := strings.Cut(want.Table, "."); ok {
		want = schemahistory.Name{Namespace: ns, Table: name}
	}
	for _, t := range tables {
		name := t.Def.Name
		if !strings.EqualFold(name.Table, want.Table) || want.Namespace != "" && !strings.EqualFold(name.Namespace, want.Namespace) {
			continue
		}
		found = true
		if err := c.describeTable(t); err != nil {
			return err
		}
	}
	if found {
		return nil
	}
	return c.describeView(ctx, args[0], want)
}

func (c *Client) describeTable(t *store.TableView) error {
	var rows [][]string
	for _, col := range t.Def.Columns {
		rows = append(rows, []string{col.Name, typeName(&col), notNull(col.NotNull), col.Default})
	}
	title := fmt.Sprintf("Table %q", t.Def.Name)
	if err := render.Strings(&output{w: c.out}, title, headings("Column", "Type", "Nullable", "Default"), rows); err != nil {
		return err
	}
	return c.print(footer(t) + "\n")
}

// typeName gives a column's type as format_type() does.
func typeName(col *schemahistory.Column) string {
	if len(col.Modifier) == 0 {
		return col.Type.String()
	}
	var words []string
	for _, m := range col.Modifier {
		words = append(words, strconv.Itoa(int(m)))
	}
	return col.Type.String() + "(" + strings.Join(words, ",") + ")"
}

func notNull(is bool) string {
	if is {
		return "not null"
	}
	return ""
}

// footer lists the keys, indexes and checks of a table and where its rows are, in the manner of psql.
func footer(t *store.TableView) string {
	var b strings.Builder
	d := t.Def
	if len(d.Keys)+len(d.Indexes) > 0 {
		b.WriteString("Indexes:\n")
	}
	for _, k := range d.Keys {
		kind := "UNIQUE CONSTRAINT"
		if k.Primary {
			kind = "PRIMARY KEY"
		}
		fmt.Fprintf(&b, "    %q %s (%s)\n", k.Name, kind, d.KeyText(k))
	}
	for _, x := range d.Indexes {
		var cols []string
		for _, col := range x.Columns {
			text := col.Name
			if col.Descending {
				text += " DESC"
			}
			cols = append(cols, text)
		}
		fmt.Fprintf(&b, "    %q (%s), declared only: scans prune by statistics\n", x.Name, strings.Join(cols, ", "))
	}
	if len(d.Checks) > 0 {
		b.WriteString("Check constraints:\n")
	}
	for _, k := range d.Checks {
		fmt.Fprintf(&b, "    %q CHECK (%s IN ('%s'))\n", k.Name, d.Columns[k.Column].Name, strings.Join(k.Values, "', '"))
	}
	var cold, bytes int64
	for _, f := range t.Files {
		cold, bytes = cold+f.LiveRows(), bytes+f.Size
	}
	fmt.Fprintf(&b, "Rows: %s hot, %s in %d files (%s) of the storage %q\n", render.Count(int64(t.Hot.Rows())), render.Count(cold), len(t.Files), render.Bytes(bytes), d.Storage)
	fmt.Fprintf(&b, "Schema version: %d\n", d.Version)
	return b.String()
}

// describeView describes a relation that is no table, such as those of information_schema, by the columns of a query of it.
func (c *Client) describeView(ctx context.Context, text string, want schemahistory.Name) error {
	//lint:ignore ST1005 these are psql's words
	notFound := fmt.Errorf("Did not find any relation named %q.", text)
	name := quoted(want.Table)
	if want.Namespace != "" {
		name = quoted(want.Namespace) + "." + name
	}
	stmts, err := parser.Parse("SELECT * FROM " + name + " LIMIT 0")
	if err != nil || len(stmts) != 1 {
		return notFound
	}
	res, err := c.session.Execute(ctx, stmts[0], nil)
	if err != nil {
		return notFound
	}
	defer res.Close()
	var rows [][]string
	for _, col := range res.Columns {
		rows = append(rows, []string{col.Name, col.Type.String()})
	}
	if err := render.Strings(&output{w: c.out}, fmt.Sprintf("View %q", want), headings("Column", "Type"), rows); err != nil {
		return err
	}
	return c.print("\n")
}

// quoted gives a name in SQL.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

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
