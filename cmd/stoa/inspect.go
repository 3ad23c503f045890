package main

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

func newInspect(s *streams) *cobra.Command {
	var format string
	var create, arrow bool
	cmd := &cobra.Command{
		Use:   "inspect FILE | DIR",
		Short: "Show what is in a Parquet file, or sum up those in a directory",
		Long: `Shows a Parquet file's schema, row groups, and per column its sizes, encodings, compression and
statistics, and the file's metadata. Any Parquet file will do. With --create-table it gives the
statements that make the table again, with --arrow-json its schema as Arrow-JSON: that of the
Arrow schema which others have put into a file, or else of the columns that can be read, with a
notice of each other. Of a directory, the Parquet files in it and below are summed up, by directory
and by table and user.`,
		Example: `  stoa inspect data/storage/system/jobs/batch-2025-10-21-143022.parquet
  stoa inspect --create-table jobs.parquet | stoa sql --dir other
  stoa inspect data/storage --format json`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if format != "table" && format != "json" {
				return sqlstate.New(sqlstate.InvalidParameterValue, "--format is %q: it must be table or json", format)
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return statError(err)
			}
			if !info.IsDir() && !info.Mode().IsRegular() { // opening a pipe would wait for whoever writes to it
				return sqlstate.New(sqlstate.WrongObjectType, "%q is not a regular file", args[0]).WithHint("Parquet is read from its end: copy it to a file.")
			}
			if info.IsDir() && (create || arrow) {
				return sqlstate.New(sqlstate.WrongObjectType, "%q is a directory: name a file", args[0])
			}
			if info.IsDir() {
				return inspectDir(s, args[0], format)
			}
			switch {
			case create:
				format = "sql"
			case arrow:
				format = "arrow-json"
			}
			return inspectFile(s, args[0], format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	cmd.Flags().BoolVar(&create, "create-table", false, "give the CREATE TABLE of the file's table")
	cmd.Flags().BoolVar(&arrow, "arrow-json", false, "give the schema of the file's table as Arrow-JSON")
	cmd.MarkFlagsMutuallyExclusive("format", "create-table", "arrow-json")
	return cmd
}

// statError gives an error of looking for a file its SQLSTATE.
func statError(err error) error {
	code := sqlstate.IOError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		code = sqlstate.UndefinedFile
	case errors.Is(err, fs.ErrPermission):
		code = "42501" // insufficient_privilege
	}
	return &sqlstate.Error{Code: code, Message: err.Error(), Cause: err}
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
