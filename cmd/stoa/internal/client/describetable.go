package client

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/store"
)

// describeTable prints what psql prints of a table, and behind it what is ours: where its rows are, and the version of its schema. With more come the columns'
// IDs and Arrow types, and the versions.
func (c *Client) describeTable(ctx context.Context, snap *store.Snapshot, t *store.TableView, more bool) error {
	names := []string{"Column", "Type", "Collation", "Nullable", "Default"}
	if more {
		names = append(names, ">ID", "Arrow type", "Before it was added")
	}
	var rows [][]string
	for i := range t.Def.Columns {
		col := &t.Def.Columns[i]
		row := []string{col.Name, col.Type.Format(col.Modifier), "", notNull(col.NotNull), c.shownDefault(ctx, col)}
		if more {
			missing := ""
			if col.Missing != nil {
				missing = *col.Missing
			}
			row = append(row, strconv.Itoa(int(col.ID)), col.Type.Arrow().String(), missing)
		}
		rows = append(rows, row)
	}
	if err := render.Strings(&output{w: c.out}, fmt.Sprintf("Table \"%s\"", t.Def.Name), headings(names...), rows); err != nil {
		return err
	}
	var b strings.Builder
	constraints(&b, t.Def)
	whereabouts(&b, snap, t)
	if h := snap.History(t.Def.Name); h != nil && more {
		b.WriteString("Schema versions:\n")
		for _, v := range h.Versions {
			fmt.Fprintf(&b, "    %d  %s  %s\n", v.Number, timestamp(v.CreatedAt), render.Escape(v.Changes))
		}
	}
	return c.print(b.String() + "\n")
}

// timestamp gives a time as PostgreSQL writes one.
func timestamp(micros int64) string {
	return string(vec.AppendText(nil, vec.NewFlat(arrowschema.Timestamp, []int64{micros}, nil), 0, time.UTC))
}

func notNull(is bool) string {
	if is {
		return "not null"
	}
	return ""
}

// constraints lists the keys, indexes and checks of a table as psql does.
func constraints(b *strings.Builder, d *schemahistory.TableDefinition) {
	indexes := indexesOf(d)
	if len(indexes) > 0 {
		b.WriteString("Indexes:\n")
	}
	for _, x := range indexes {
		b.WriteString(x.String())
	}
	if len(d.Checks) > 0 {
		b.WriteString("Check constraints:\n")
	}
	checks := slices.Clone(d.Checks)
	slices.SortStableFunc(checks, func(x, y schemahistory.Check) int { return strings.Compare(x.Name, y.Name) })
	for _, k := range checks {
		fmt.Fprintf(b, "    \"%s\" CHECK (%s)\n", k.Name, condition(d, &k))
	}
}

// condition gives the condition of a CHECK as PostgreSQL's pg_get_constraintdef() does.
func condition(d *schemahistory.TableDefinition, k *schemahistory.Check) string {
	col := &d.Columns[k.Column]
	name, cast := parser.QuoteIdent(col.Name), ""
	if col.Type != arrowschema.Text {
		name, cast = name+"::text", "::text[]"
	}
	if len(k.Values) == 1 {
		return name + " = " + quote(k.Values[0]) + "::text"
	}
	var list []string
	for _, v := range k.Values {
		list = append(list, quote(v)+"::"+col.Type.String())
	}
	return name + " = ANY (ARRAY[" + strings.Join(list, ", ") + "]" + cast + ")"
}

// whereabouts says where the rows of a table are.
func whereabouts(b *strings.Builder, snap *store.Snapshot, t *store.TableView) {
	var cold, bytes int64
	for _, f := range t.Files {
		cold, bytes = cold+f.LiveRows(), bytes+f.Size
	}
	if len(t.Def.Indexes) > 0 {
		b.WriteString("Indexes without a key are declared only: scans prune by statistics.\n")
	}
	fmt.Fprintf(b, "Storage: \"%s\"\n", t.Def.Storage)
	if t.Def.Profile != "" {
		fmt.Fprintf(b, "Parquet profile: \"%s\"\n", t.Def.Profile)
	}
	files := "files"
	if len(t.Files) == 1 {
		files = "file"
	}
	fmt.Fprintf(b, "Rows: %s hot, %s in %d %s (%s)\n", render.Count(int64(t.Hot.Rows())), render.Count(cold), len(t.Files), files, render.Bytes(bytes))
	_, kept := snap.Table(schemahistory.TableSchemas)
	switch {
	case t.Def.Version > 0:
		fmt.Fprintf(b, "Schema version: %d\n", t.Def.Version)
	case kept:
		b.WriteString("Schema version: none has been recorded\n")
	default:
		b.WriteString("Schema version: none; versions are kept after stoa migrate\n")
	}
}
