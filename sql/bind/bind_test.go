package bind_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/bind"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/store"
)

// contract is a catalogue of the contract's tables, which have no rows.
type contract struct{}

// Relation implements bind.Catalog.
func (contract) Relation(schema, name string) (bind.Relation, bool) {
	for _, def := range schemahistory.Contract() {
		if def.Name.Namespace == schema && def.Name.Table == name {
			return bind.Relation{Table: &store.TableView{Def: def}}, true
		}
	}
	return bind.Relation{}, false
}

// Hint implements bind.Catalog.
func (contract) Hint(string, string) string { return "" }

func newBinder() *bind.Binder {
	now := time.Date(2025, 10, 21, 14, 30, 22, 123456000, time.UTC)
	return &bind.Binder{
		Registry: builtin.Registry(), Catalog: contract{}, Eval: exprs.NewCtx(context.Background(), now.UnixMicro(), time.UTC),
		Run: func(n plan.Node, _ int64) (*vec.Batch, error) { // sub-queries give no rows here
			out := &vec.Batch{}
			for _, c := range n.Columns() {
				out.Cols = append(out.Cols, vec.New(c.Type, 0))
			}
			return out, nil
		},
	}
}

// bound binds a statement and gives its columns.
func bound(sql string) ([]plan.Column, error) {
	stmts, err := parser.Parse(sql)
	if err != nil {
		return nil, err
	}
	b := newBinder()
	var ret *bind.Returning
	switch st := stmts[0].Node.(type) {
	case *parser.Query:
		n, err := b.Query(st)
		if err != nil {
			return nil, err
		}
		return n.Columns(), nil
	case *parser.Insert:
		var ins *bind.Insert
		if ins, err = b.Insert(st); err == nil {
			ret = ins.Returning
		}
	case *parser.Update:
		var up *bind.Update
		if up, err = b.Update(st); err == nil {
			ret = up.Returning
		}
	case *parser.Delete:
		var del *bind.Delete
		if del, err = b.Delete(st); err == nil {
			ret = del.Returning
		}
	}
	if err != nil || ret == nil {
		return nil, err
	}
	var out []plan.Column
	for i, e := range ret.Exprs {
		out = append(out, plan.Column{Name: ret.Names[i], Type: e.Type()})
	}
	return out, nil
}

// answer renders what binding gave as scripts/golden/bindtest.py renders what PostgreSQL says.
func answer(sql string) string {
	cols, err := bound(sql)
	var e *sqlstate.Error
	switch {
	case errors.As(err, &e):
		out := fmt.Sprintf("ERROR:  %s (SQLSTATE %s)", e.Message, e.Code)
		if e.Position > 0 {
			out += fmt.Sprintf(" position=%d", e.Position)
		}
		if e.Hint != "" {
			out += " hint=" + e.Hint
		}
		return out
	case err != nil:
		return "no SQL error: " + err.Error()
	case cols == nil:
		return "no columns"
	}
	words := make([]string, len(cols))
	for i, c := range cols {
		words[i] = c.Name + " " + c.TypeName()
	}
	return strings.Join(words, ", ")
}

// TestPostgres binds the statements of testdata/statements.sql: the same names, types, errors, positions and hints as PostgreSQL's. Where PostgreSQL gives
// no position, ours may.
func TestPostgres(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "postgres.tsv"))
	require.NoError(t, err)
	count := 0
	for line := range strings.Lines(string(text)) {
		sql, want, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			continue
		}
		count++
		got := answer(sql)
		if strings.HasPrefix(want, "ERROR") && !strings.Contains(want, " position=") {
			got = withoutPosition(got)
		}
		if want != got {
			t.Errorf("%s\nwant %s\ngot  %s", sql, want, got)
		}
	}
	require.Greater(t, count, 500)
}

func withoutPosition(s string) string {
	before, after, ok := strings.Cut(s, " position=")
	if !ok {
		return s
	}
	if _, hint, ok := strings.Cut(after, " "); ok {
		return before + " " + hint
	}
	return before
}

// TestUnsupported shows that what is missing is refused as such, and says what.
func TestUnsupported(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"SELECT status FROM system.jobs FOR UPDATE":                                                     "FOR",
		"WITH RECURSIVE r AS (SELECT 1) SELECT * FROM r":                                                "WITH RECURSIVE",
		"SELECT s FROM system.storages s":                                                               "the row of a table as a value",
		"SELECT (SELECT l.user_id FROM system.storages WHERE name = l.node) FROM system.live_queries l": `refers to column "l.node" of the outer query`,
		"SELECT 1 WHERE 1 = ANY (ARRAY[1])":                                                             "an array expression",
		"SELECT rank() OVER () FROM system.jobs":                                                        "a window function",
		"SELECT 1::bit(3)":                                                                              "type bit",
	} {
		_, err := bound(sql)
		require.Error(t, err, sql)
		require.Equal(t, sqlstate.FeatureNotSupported, sqlstate.CodeOf(err), "%s: %v", sql, err)
		require.Contains(t, err.Error(), want, sql)
	}
}

// TestParameters binds $1 by the type of its value.
func TestParameters(t *testing.T) {
	t.Parallel()
	b := newBinder()
	b.Params = []*vec.Vec{vec.NewConst(arrowschema.Unknown, "5", 1), vec.NewConst(arrowschema.Int8, int64(7), 1), vec.NewNull(arrowschema.Unknown, 1)}
	for expr, want := range map[string]arrowschema.Type{
		"$1": arrowschema.Text, "$1 + 1": arrowschema.Int4, "$2": arrowschema.Int8, "$2 + 1": arrowschema.Int8, "$1 + $2": arrowschema.Int8,
		"$3 || 'a'": arrowschema.Text, "COALESCE($3, $2)": arrowschema.Int8, "$1::uuid::text": arrowschema.Text,
	} {
		stmts, err := parser.Parse("SELECT " + expr)
		require.NoError(t, err)
		n, err := b.Query(stmts[0].Node.(*parser.Query))
		if strings.Contains(expr, "uuid") {
			require.Equal(t, sqlstate.InvalidTextRepresentation, sqlstate.CodeOf(err))
			continue
		}
		require.NoError(t, err, expr)
		require.Equal(t, want, n.Columns()[0].Type, expr)
	}
	stmts, err := parser.Parse("SELECT $4")
	require.NoError(t, err)
	_, err = b.Query(stmts[0].Node.(*parser.Query))
	require.Equal(t, sqlstate.UndefinedParameter, sqlstate.CodeOf(err))
}
