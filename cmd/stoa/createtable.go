package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
)

// createTable gives the statements that make a table like the one that a file is of: in a new database they run, and COPY of the file into the table then
// works. The table of a file that others wrote has the file's name.
func createTable(r *parquetio.Report) string {
	def, skipped := r.Definition()
	if def.Name.Table == "" {
		base := filepath.Base(r.Path)
		def.Name = schemahistory.Name{Namespace: "public", Table: strings.TrimSuffix(base, filepath.Ext(base))}
	}
	name := parser.QuoteIdent(def.Name.Table)
	if def.Name.Namespace != "public" {
		name = parser.QuoteIdent(def.Name.Namespace) + "." + name
	}
	var b strings.Builder
	for _, s := range skipped {
		fmt.Fprintf(&b, "-- Column %s is left out: it cannot be read.\n", render.Escape(s))
	}
	if def.Name.Namespace != "public" {
		fmt.Fprintf(&b, "CREATE SCHEMA IF NOT EXISTS %s;\n", parser.QuoteIdent(def.Name.Namespace))
	}
	unless := "" // the contract's tables are in every database
	if def.Name.Namespace == "system" {
		unless = "IF NOT EXISTS "
	}
	fmt.Fprintf(&b, "CREATE TABLE %s%s (\n    %s\n)", unless, name, strings.Join(tableElements(def), ",\n    "))
	if def.Profile != "" {
		fmt.Fprintf(&b, " WITH (parquet_profile = %s)", sqlText(def.Profile))
	}
	b.WriteString(";\n")
	for _, x := range def.Indexes {
		var cols []string
		for _, c := range x.Columns {
			col := parser.QuoteIdent(c.Name)
			if c.Descending {
				col += " DESC"
			}
			cols = append(cols, col)
		}
		fmt.Fprintf(&b, "CREATE INDEX %s%s ON %s (%s);\n", unless, parser.QuoteIdent(x.Name), name, strings.Join(cols, ", "))
	}
	if storage := r.Metadata["stoa.storage"]; r.Profile != "" && storage != "" && storage != "primary" {
		fmt.Fprintf(&b, "-- Its files go to the storage %s, which must be in system.storages before it can be the table's:\n", render.Escape(storage))
		fmt.Fprintf(&b, "-- ALTER TABLE %s SET (storage = %s);\n", render.Escape(name), render.Escape(sqlText(storage)))
	}
	return b.String()
}

// tableElements gives the columns and constraints of a CREATE TABLE.
func tableElements(def *schemahistory.TableDefinition) []string {
	var out []string
	for _, c := range def.Columns {
		text := parser.QuoteIdent(c.Name) + " " + c.Type.Format(c.Modifier)
		// What the file has is not trusted to be one expression and nothing else.
		if e, err := parser.ParseExpr(c.Default); c.Default != "" && err == nil {
			text += " DEFAULT " + parser.Format(e)
		}
		if c.NotNull {
			text += " NOT NULL"
		}
		out = append(out, text)
	}
	for _, k := range def.Keys {
		kind, cols := "UNIQUE", make([]string, len(k.Columns))
		if k.Primary {
			kind = "PRIMARY KEY"
		}
		for i, c := range k.Columns {
			cols[i] = parser.QuoteIdent(def.Columns[c].Name)
		}
		out = append(out, fmt.Sprintf("CONSTRAINT %s %s (%s)", parser.QuoteIdent(k.Name), kind, strings.Join(cols, ", ")))
	}
	for _, k := range def.Checks {
		values := make([]string, len(k.Values))
		for i, v := range k.Values {
			values[i] = sqlText(v)
		}
		out = append(out, fmt.Sprintf("CONSTRAINT %s CHECK (%s IN (%s))", parser.QuoteIdent(k.Name), parser.QuoteIdent(def.Columns[k.Column].Name),
			strings.Join(values, ", ")))
	}
	return out
}

// sqlText gives a text as an SQL literal.
func sqlText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
