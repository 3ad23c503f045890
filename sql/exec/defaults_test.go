package exec_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
)

// stored gives the text that is kept of the default of a table's column.
func (db *database) stored(table, column string) string {
	def := db.definition(table)
	return def.Columns[def.Find(column)].Default
}

func (db *database) definition(table string) *schemahistory.TableDefinition {
	snap, err := db.store.Latest(context.Background())
	require.NoError(db.t, err)
	defer snap.Close()
	view, ok := snap.Table(schemahistory.Name{Namespace: "public", Table: table})
	require.True(db.t, ok)
	return view.Def
}

func TestDefaultIsStoredWithTypes(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"timestamptz DEFAULT '2020-01-01 00:00'":                "'2020-01-01 05:00:00+00'::timestamp with time zone",
		"timestamp DEFAULT 'now'":                               "'2025-10-21 10:30:22'::timestamp without time zone",
		"timestamp DEFAULT now()":                               "now()",
		"timestamp DEFAULT CURRENT_TIMESTAMP":                   "CURRENT_TIMESTAMP",
		"text DEFAULT 'x'":                                      "'x'",
		"bigint DEFAULT -1":                                     "-1",
		"varchar(3) DEFAULT NULL":                               "NULL",
		"text DEFAULT upper('x')":                               "upper('x'::text)",
		"int DEFAULT (CASE 1 WHEN 2 THEN 3 END)":                "CASE 1 WHEN 2 THEN 3 ELSE NULL::integer END",
		"bool DEFAULT ('x' IN ('y', 'z'))":                      "('x'::text IN ('y'::text, 'z'::text))",
		"bool DEFAULT ('x' LIKE 'y')":                           "('x'::text LIKE 'y'::text)",
		"bool DEFAULT (now() > '2020-01-01')":                   "(now() > '2020-01-01 05:00:00+00'::timestamp with time zone)",
		"timestamptz DEFAULT coalesce('2020-01-01', now())":     "COALESCE('2020-01-01 05:00:00+00'::timestamp with time zone, now())",
		"interval DEFAULT interval '1' hour":                    "'01:00:00'::interval",
		"jsonb DEFAULT jsonb_build_object('a', date 'today')":   "jsonb_build_object('a', '2025-10-21'::date)",
		"bool DEFAULT ((1, 2) IN ((1, 2), (3, 4)))":             "((1, 2) IN ((1, 2), (3, 4)))", // not written out
		"int DEFAULT extract(year FROM timestamptz '2020-1-1')": "EXTRACT(year FROM '2020-01-01 05:00:00+00'::timestamp with time zone)",
	} {
		db := newDatabase(t, nil)
		db.must("SET TIME ZONE 'America/New_York'")
		db.must("CREATE TABLE d (id int, v " + sql + ")")
		require.Equal(t, want, db.stored("d", "v"), sql)
	}
}

// A text that is kept reads as itself: giving it to the column again, in another session, changes nothing.
func TestStoredDefaultReadsAsItself(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	cases, err := os.ReadFile("testdata/defaults/defaults.txt")
	require.NoError(t, err)
	for _, line := range strings.Split(string(cases), "\n") {
		parts := strings.Split(line, " ~ ")
		if len(parts) < 2 || strings.HasPrefix(line, "#") {
			continue
		}
		db.must("SET TIME ZONE 'America/New_York'")
		if db.run("CREATE TABLE d (id int, v "+parts[0]+" DEFAULT "+parts[1]+")").err != nil {
			continue
		}
		db.must("SET TIME ZONE 'Asia/Tokyo'")
		if kept := db.stored("d", "v"); kept != "" {
			db.must("ALTER TABLE d ALTER COLUMN v SET DEFAULT " + parenthesized(kept))
			require.Equal(t, kept, db.stored("d", "v"), line)
		}
		db.must("DROP TABLE d")
	}
}

// parenthesized makes an expression one that may stand after DEFAULT, and leaves what is one literal alone.
func parenthesized(text string) string {
	if strings.HasPrefix(text, "'") || strings.HasPrefix(text, "-") {
		return text
	}
	return "(" + text + ")"
}

// Definitions of before have the texts as they were written: they are read anew by every session, as they always were.
func TestDefaultsOfBefore(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE d (id int, at timestamptz, n int, b text)")
	def := *db.definition("d")
	def.Columns = append([]schemahistory.Column{}, def.Columns...)
	for name, text := range map[string]string{"at": "'2020-01-01 00:00'", "n": "('1' + 2)", "b": "upper(('x' || 'y'))"} {
		def.Columns[def.Find(name)].Default = text
	}
	require.NoError(t, db.store.Update(context.Background(), func(tx *store.Tx) error { return tx.ReplaceDefinition(&def, "") }))
	db.must("INSERT INTO d (id) VALUES (1)")
	db.must("SET TIME ZONE 'America/New_York'")
	db.must("INSERT INTO d (id) VALUES (2)")
	db.must("SET TIME ZONE 'UTC'")
	require.Equal(t, []string{"1|2020-01-01 00:00:00+00|3|XY", "2|2020-01-01 05:00:00+00|3|XY"}, db.rows("SELECT * FROM d ORDER BY id"))
	require.Equal(t, []string{"'2020-01-01 00:00:00+00'::timestamp with time zone", "(1 + 2)", "upper(('x'::text || 'y'::text))"},
		db.rows("SELECT column_default FROM information_schema.columns WHERE table_name = 'd' AND ordinal_position > 1 ORDER BY ordinal_position"))
	db.must("ALTER TABLE d ALTER COLUMN at TYPE timestamp")
	require.Equal(t, "'2020-01-01 00:00:00+00'::timestamp with time zone", db.stored("d", "at"))
}

// What BETWEEN writes out more than once is bounded, and calls of types take no longer the deeper they stand.
func TestDefaultsThatWouldGrow(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	expr := "1"
	for range 6 { // each is computed twice for each comparison
		expr = "(CASE WHEN " + expr + " BETWEEN SYMMETRIC 0 AND 2 THEN 1 ELSE 0 END)"
	}
	db.must("CREATE TABLE d (id int, v int DEFAULT " + expr + ", w text DEFAULT " + strings.Repeat("text(", 60) + "5" + strings.Repeat(")", 60) + ")")
	db.must("INSERT INTO d (id) VALUES (1)")
	require.Equal(t, []string{"1|1|5"}, db.rows("SELECT * FROM d"))
	shown := db.rows("SELECT column_default FROM information_schema.columns WHERE table_name = 'd' AND column_default IS NOT NULL ORDER BY 1")
	require.Len(t, shown, 2)
	require.Less(t, len(shown[0])+len(shown[1]), 1<<16)
}
