package schemahistory

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// typeNamed finds a type by the name that format_type gives it.
func typeNamed(t *testing.T, name string) arrowschema.Type {
	for typ := arrowschema.Bool; typ <= arrowschema.Interval; typ++ {
		if typ.String() == name {
			return typ
		}
	}
	t.Fatalf("no type is called %s", name)
	return arrowschema.Unknown
}

// change makes the change that a line of evolve.txt asks for.
func change(t *testing.T, d *TableDefinition, words []string) (*TableDefinition, error) {
	var next *TableDefinition
	var err error
	switch name := words[1]; words[0] {
	case "add":
		next, _, err = d.AddColumn(Column{Name: name, Type: typeNamed(t, words[2])})
	case "drop":
		next, _, err = d.DropColumn(name)
	case "rename":
		next, _, err = d.RenameColumn(name, words[2])
	case "set not null", "drop not null":
		next, _, err = d.SetNotNull(name, words[0] == "set not null")
	case "default":
		next, _, err = d.SetDefault(name, words[2])
	case "no default":
		next, _, err = d.SetDefault(name, "")
	case "type":
		typ := typeNamed(t, words[2])
		if d.KeepsRows(name, typ, nil) {
			next, _, err = d.SetType(name, typ, nil)
			break
		}
		c := Column{Type: typ}
		if i := d.Find(name); i >= 0 {
			c.NotNull, c.Default = d.Columns[i].NotNull, d.Columns[i].Default
		}
		next, _, err = d.ReplaceColumn(name, c)
	default:
		t.Fatalf("what is %q?", words[0])
	}
	return next, err
}

// answer gives an error as golden.py writes it.
func answer(err error) string {
	var e *sqlstate.Error
	switch {
	case err == nil:
		return "ok"
	case !errors.As(err, &e):
		return err.Error()
	case e.Hint != "":
		return string(e.Code) + " " + e.Message + " HINT: " + e.Hint
	}
	return string(e.Code) + " " + e.Message
}

// state describes a table as the view of golden.py does.
func state(d *TableDefinition) []string {
	var lines, keys, indexes []string
	for _, c := range d.Columns {
		lines = append(lines, "= "+quoted(c.Name)+" "+c.declaration())
	}
	list := func(names []string) string {
		for i := range names {
			names[i] = quoted(names[i])
		}
		return " (" + strings.Join(names, ", ") + ")"
	}
	for _, k := range d.Keys {
		var names []string
		for _, c := range k.Columns {
			names = append(names, d.Columns[c].Name)
		}
		keys = append(keys, "= constraint "+k.Name+list(names))
	}
	for _, c := range d.Checks {
		keys = append(keys, "= constraint "+c.Name+list([]string{d.Columns[c.Column].Name}))
	}
	for _, x := range d.Indexes {
		var names []string
		for _, c := range x.Columns {
			names = append(names, c.Name)
		}
		indexes = append(indexes, "= index "+x.Name+list(names))
	}
	slices.Sort(keys)
	slices.Sort(indexes)
	return slices.Concat(lines, keys, indexes)
}

// TestGolden runs the sequences of evolve.txt, and compares every answer and every table that comes out with PostgreSQL's. Whether an expression suits a
// type is not judged here, so that changes which PostgreSQL refuses for that, 42804, are left out.
func TestGolden(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/evolve.txt")
	require.NoError(t, err)
	sequences := strings.Split(strings.TrimSpace(string(text)), "\n\n")[1:]
	require.Len(t, sequences, 100)
	for _, s := range sequences {
		d := messages()
		lines := strings.Split(s, "\n")
		end := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "= ") })
		require.Positive(t, end)
		require.Zero(t, end%2)
		for i := 0; i < end; i += 2 {
			want := lines[i+1]
			if strings.HasPrefix(want, "42804 ") {
				continue
			}
			next, err := change(t, d, strings.Split(lines[i], "\t"))
			require.Equal(t, want, answer(err), "%s", strings.Join(lines[:i+1], "\n"))
			if err == nil {
				require.NoError(t, valid(next))
				d = next
			}
		}
		require.Equal(t, lines[end:], state(d), "%s", s)
	}
}
