package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

func newSchema(s *streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Show the versions of a table's schema, and what changed between them",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSchemaHistory(s), newSchemaDiff(s))
	return cmd
}

func newSchemaHistory(s *streams) *cobra.Command {
	var dir, format string
	cmd := &cobra.Command{
		Use:   "history NS.TABLE",
		Short: "List the versions of a table's schema",
		Long: `Lists the versions of a table's schema: when each was made, what it changed, and its columns. A
table that was dropped still has its versions. As JSON they are those of schema_history in
information_schema.tables, with the schema as Arrow-JSON.`,
		Example: `  stoa schema history system.jobs
  stoa schema history chat.messages --format json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("--format", format, "table", "json"); err != nil {
				return err
			}
			return withHistory(cmd.Context(), s, dir, args[0], func(h *schemahistory.History) error {
				if format == "json" {
					return historyJSON(s.out, h)
				}
				return historyTable(s, h)
			})
		},
	}
	dirFlag(cmd, &dir)
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}

func newSchemaDiff(s *streams) *cobra.Command {
	var dir, format string
	cmd := &cobra.Command{
		Use:   "diff NS.TABLE [A B]",
		Short: "Show what differs between two versions of a table's schema",
		Long: `Shows, column by column, what differs in version B of a table's schema from version A: columns
that were added, dropped, renamed or moved, types, nullability and metadata. Without A and B the
last two versions are compared.`,
		Example: `  stoa schema diff chat.messages
  stoa schema diff chat.messages 1 3 --format json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 && len(args) != 3 {
				return fmt.Errorf("expected NS.TABLE, or NS.TABLE and two versions")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("--format", format, "text", "json"); err != nil {
				return err
			}
			return withHistory(cmd.Context(), s, dir, args[0], func(h *schemahistory.History) error {
				from, to, err := versionsOf(h, args[1:])
				if err != nil {
					return err
				}
				differences, err := h.Diff(from, to)
				if err != nil {
					return err
				}
				if format == "json" {
					return printJSON(s.out, diffReport{h.Name.String(), from, to, differences})
				}
				return diffText(s, h.Name, from, to, differences)
			})
		},
	}
	dirFlag(cmd, &dir)
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// oneOf checks the value of a flag.
func oneOf(flag, value string, known ...string) error {
	for _, k := range known {
		if value == k {
			return nil
		}
	}
	return sqlstate.New(sqlstate.InvalidParameterValue, "%s is %q: it must be %s", flag, value, strings.Join(known, " or "))
}

// withHistory hands the versions under a table's name to use. It reads beside a writer.
func withHistory(ctx context.Context, s *streams, dir, table string, use func(*schemahistory.History) error) error {
	name, err := tableNamed(table)
	if err != nil {
		return err
	}
	ctx, stop := s.interruptible(ctx)
	defer stop()
	db, err := openDatabase(ctx, dir, &stoa.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	h, err := historyOf(db, name)
	if err == nil {
		err = use(h)
	}
	if lost := db.Close(); err == nil {
		err = lost
	}
	return err
}

// historyOf finds the versions under a name.
func historyOf(db *stoa.DB, name schemahistory.Name) (*schemahistory.History, error) {
	snap := db.Store().Snapshot()
	defer snap.Close()
	if h := snap.History(name); h.Last() > 0 {
		return h, nil
	}
	if _, ok := snap.Table(name); ok {
		return nil, sqlstate.New(sqlstate.ObjectNotInPrerequisite, "no versions are kept of the schema of %s", name).
			WithHint("The database has the older form; stoa migrate brings it to the contract's.")
	}
	err := sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", name.String())
	for _, h := range snap.Histories() {
		if h.Name.Table == name.Table {
			return nil, err.WithHint("There are versions of %q.", h.Name.String())
		}
	}
	return nil, err
}

// versionsOf gives the two versions that were named, or the last two.
func versionsOf(h *schemahistory.History, args []string) (from, to int64, err error) {
	if len(args) == 0 {
		if h.Last() < 2 {
			return 0, 0, sqlstate.New(sqlstate.ObjectNotInPrerequisite, "%s has one version: there is nothing to compare it with", h.Name)
		}
		return h.Last() - 1, h.Last(), nil
	}
	var numbers [2]int64
	for i, arg := range args {
		n, err := strconv.ParseInt(arg, 10, 64)
		if err != nil {
			return 0, 0, sqlstate.New(sqlstate.InvalidParameterValue, "%q is not the number of a version", arg)
		}
		if _, ok := h.Version(n); !ok {
			return 0, 0, sqlstate.New(sqlstate.UndefinedObject, "%s has no version %d", h.Name, n).WithHint("Its versions are 1 to %d.", h.Last())
		}
		numbers[i] = n
	}
	return numbers[0], numbers[1], nil
}

// historyTable prints the versions for people.
func historyTable(s *streams, h *schemahistory.History) error {
	var rows [][]string
	for i := range h.Versions {
		v := &h.Versions[i]
		fields, err := fieldNames(v)
		if err != nil {
			return err
		}
		rows = append(rows, []string{strconv.FormatInt(v.Number, 10), timestampText(v.CreatedAt, " "), changesOf(h, i), strings.Join(fields, ", ")})
	}
	cols := []render.Heading{{Name: "Version", Right: true}, {Name: "Created"}, {Name: "Changes"}, {Name: "Columns"}}
	if err := render.Summary(s.out, cols, rows, width(s.out, 1<<20)); err != nil {
		return err
	}
	_, err := fmt.Fprintf(s.out, "(%s of %s)\n", count(h.Last(), "version", "versions"), h.Name)
	return err
}

// changesOf says what a version changed: in its own words, or as the difference from the one before when it was written from outside.
func changesOf(h *schemahistory.History, i int) string {
	v := &h.Versions[i]
	if v.Changes != "" || i == 0 {
		return v.Changes
	}
	differences, err := h.Diff(v.Number-1, v.Number)
	if err != nil {
		return ""
	}
	var words []string
	for _, d := range differences {
		words = append(words, inWords(d))
	}
	return strings.Join(words, "; ")
}

// inWords gives a difference as the engine's own versions word it.
func inWords(d schemahistory.Difference) string {
	switch d.Kind {
	case schemahistory.Added:
		return "added column " + d.Column + " " + shortened(d.To)
	case schemahistory.Dropped:
		return "dropped column " + d.Column
	case schemahistory.Renamed:
		return "renamed column " + d.From + " to " + d.To
	}
	return strings.TrimSpace(d.Column+" "+string(d.Kind)) + ": " + d.From + " → " + d.To
}

// fieldNames gives the names of a version's columns.
func fieldNames(v *schemahistory.Version) ([]string, error) {
	var schema struct{ Fields []struct{ Name string } }
	if err := json.Unmarshal([]byte(v.Schema), &schema); err != nil {
		return nil, sqlstate.Wrap(sqlstate.DataCorrupted, err, "version %d", v.Number)
	}
	names := make([]string, len(schema.Fields))
	for i, f := range schema.Fields {
		names[i] = f.Name
	}
	return names, nil
}

// timestampText gives a time as PostgreSQL writes one; JSON has a T between date and time.
func timestampText(micros int64, between string) string {
	text := string(vec.AppendText(nil, vec.NewFlat(arrowschema.Timestamp, []int64{micros}, nil), 0, time.UTC))
	return strings.Replace(text, " ", between, 1)
}

// versionJSON is a version as schema_history has it.
type versionJSON struct {
	Version   int64           `json:"version"`
	CreatedAt string          `json:"created_at"`
	Changes   string          `json:"changes"`
	Schema    json.RawMessage `json:"schema_json"`
}

// historyJSON prints the versions for programs.
func historyJSON(w io.Writer, h *schemahistory.History) error {
	list := make([]versionJSON, len(h.Versions))
	for i, v := range h.Versions {
		list[i] = versionJSON{v.Number, timestampText(v.CreatedAt, "T"), v.Changes, json.RawMessage(v.Schema)}
	}
	return printJSON(w, list)
}

// diffReport is what differs between two versions, as JSON.
type diffReport struct {
	Table       string                     `json:"table"`
	From        int64                      `json:"from"`
	To          int64                      `json:"to"`
	Differences []schemahistory.Difference `json:"differences"`
}

// extension is the metadata of a column of one of Arrow's extension types that has no parameters.
var extension = regexp.MustCompile(`\{"ARROW:extension:metadata":"","ARROW:extension:name":"([a-z.]+)"\}`)

// shortened gives such metadata as the type's name: "Utf8 (arrow.json)".
func shortened(text string) string { return extension.ReplaceAllString(text, "($1)") }

// diffText prints the differences for people.
func diffText(s *streams, name schemahistory.Name, from, to int64, differences []schemahistory.Difference) error {
	fmt.Fprintf(s.out, "%s: from version %d to version %d, %s\n", name, from, to, count(int64(len(differences)), "difference", "differences"))
	if len(differences) == 0 {
		return nil
	}
	var rows [][]string
	for _, d := range differences {
		column := d.Column
		if d.Position == 0 {
			column = "(schema)"
		}
		rows = append(rows, []string{string(d.Kind), column, shortened(d.From), shortened(d.To)})
	}
	cols := []render.Heading{{Name: "Change"}, {Name: "Column"}, {Name: "From"}, {Name: "To"}}
	return render.Summary(s.out, cols, rows, width(s.out, 1<<20))
}
