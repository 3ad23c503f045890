package main

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/vfs"
)

func newInspect(s *streams) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "inspect FILE | DIR",
		Short: "Show what is in a Parquet file, or sum up those in a directory",
		Long: `Shows a Parquet file's schema, row groups, and per column its sizes, encodings, compression and
statistics, and the file's metadata. Any Parquet file will do. Of a directory, the Parquet files in it and below are
summed up.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if format != "table" && format != "json" {
				return sqlstate.New(sqlstate.InvalidParameterValue, "--format is %q: it must be table or json", format)
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return &sqlstate.Error{Code: sqlstate.UndefinedFile, Message: err.Error(), Cause: err}
			}
			if info.IsDir() {
				return inspectDir(s, args[0], format)
			}
			return inspectFile(s, args[0], format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// dirReport sums up the files of a directory.
type dirReport struct {
	Path  string      `json:"path"`
	Files []fileShare `json:"files"`
	Rows  int64       `json:"rows"`
	Bytes int64       `json:"bytes"`
}

// fileShare is a file of a directory, in short.
type fileShare struct {
	Path   string `json:"path"`
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	Groups int    `json:"row_groups"`
	Table  string `json:"table,omitempty"` // of a file of ours
	Error  string `json:"error,omitempty"`
}

// inspectDir looks at every Parquet file in and below a directory. A file that cannot be read is listed with its error, and is an error at the end.
func inspectDir(s *streams, dir, format string) error {
	r := dirReport{Path: dir, Files: []fileShare{}}
	bad := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.EqualFold(filepath.Ext(path), ".parquet") {
			return err
		}
		f := shareOf(path)
		if f.Error != "" {
			bad++
		}
		r.Files, r.Rows, r.Bytes = append(r.Files, f), r.Rows+f.Rows, r.Bytes+f.Bytes
		return nil
	})
	if err != nil {
		return err
	}
	if format == "json" {
		err = printJSON(s.out, r)
	} else {
		err = r.print(s)
	}
	if err == nil && bad > 0 {
		err = sqlstate.New(sqlstate.DataCorrupted, "%s could not be read", count(int64(bad), "file", "files"))
	}
	return err
}

// shareOf reads a file's footer.
func shareOf(path string) fileShare {
	share := fileShare{Path: path}
	if info, err := os.Stat(path); err == nil {
		share.Bytes = info.Size()
	}
	f, err := parquetio.Open(vfs.OS(), path, nil)
	if err != nil {
		share.Error = err.Error()
		return share
	}
	defer f.Close()
	share.Rows, share.Groups = f.Rows(), f.RowGroups()
	if m := f.Metadata(); m[parquetio.KeyTable] != "" {
		share.Table = m[parquetio.KeyNamespace] + "." + m[parquetio.KeyTable]
	}
	return share
}

// print sums up by directory and lists the damaged files.
func (r *dirReport) print(s *streams) error {
	type total struct {
		files, groups, rows, bytes int64
		table                      string
	}
	dirs := map[string]*total{}
	var names []string
	for _, f := range r.Files {
		name := filepath.Dir(f.Path)
		t := dirs[name]
		if t == nil {
			t = &total{table: f.Table}
			dirs[name] = t
			names = append(names, name)
		}
		if t.table != f.Table {
			t.table = "various"
		}
		t.files, t.groups, t.rows, t.bytes = t.files+1, t.groups+int64(f.Groups), t.rows+f.Rows, t.bytes+f.Bytes
	}
	sort.Strings(names)
	var rows [][]string
	for _, name := range names {
		t := dirs[name]
		rows = append(rows, []string{name, t.table, grouped(t.files), grouped(t.groups), grouped(t.rows), render.Bytes(t.bytes)})
	}
	cols := []render.Heading{{Name: "Directory"}, {Name: "Table"}, {Name: "Files", Right: true}, {Name: "Row groups", Right: true}, {Name: "Rows", Right: true},
		{Name: "Size", Right: true}}
	if len(rows) > 0 {
		if err := render.Summary(s.out, cols, rows, width(s.out, 160)); err != nil {
			return err
		}
	}
	for _, f := range r.Files {
		if f.Error != "" {
			fmt.Fprintf(s.out, "%s: %s\n", f.Path, render.Escape(f.Error))
		}
	}
	_, err := fmt.Fprintf(s.out, "%s, %s, %s\n", count(int64(len(r.Files)), "file", "files"), count(r.Rows, "row", "rows"), render.Bytes(r.Bytes))
	return err
}
