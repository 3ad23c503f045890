package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/vfs"
)

// dirReport sums up the files of a directory.
type dirReport struct {
	Path   string       `json:"path"`
	Files  []fileShare  `json:"files"`
	Tables []*sizeShare `json:"tables"` // by table and user
	Rows   int64        `json:"rows"`
	Bytes  int64        `json:"bytes"`
}

// fileShare is a file of a directory, in short.
type fileShare struct {
	Path    string `json:"path"`
	Rows    int64  `json:"rows"`
	Bytes   int64  `json:"bytes"`
	Groups  int    `json:"row_groups"`
	Table   string `json:"table,omitempty"` // of a file of ours
	User    string `json:"user,omitempty"`
	Profile string `json:"profile,omitempty"`
	Error   string `json:"error,omitempty"`
}

// sizeShare is what some files come to.
type sizeShare struct {
	Directory string `json:"directory,omitempty"` // when they are of one
	Table     string `json:"table,omitempty"`     // "various" when they are of several
	User      string `json:"user,omitempty"`
	Files     int64  `json:"files"`
	Groups    int64  `json:"row_groups"`
	Rows      int64  `json:"rows"`
	Bytes     int64  `json:"bytes"`
}

func (s *sizeShare) add(f *fileShare) {
	s.Files, s.Groups, s.Rows, s.Bytes = s.Files+1, s.Groups+int64(f.Groups), s.Rows+f.Rows, s.Bytes+f.Bytes
}

// inspectDir looks at every Parquet file in and below a directory. A file that cannot be read is listed with its error, and is an error at the end.
func inspectDir(s *streams, dir, format string) error {
	r := dirReport{Path: dir, Files: []fileShare{}}
	bad := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		var f fileShare
		switch {
		case err != nil && path == dir:
			return statError(err)
		case err != nil: // a directory that may not be read
			f = fileShare{Path: path, Error: err.Error()}
		case d.IsDir() || !strings.EqualFold(filepath.Ext(path), ".parquet"):
			return nil
		default:
			f = shareOf(path)
		}
		if f.Error != "" {
			bad++
		}
		r.Files, r.Rows, r.Bytes = append(r.Files, f), r.Rows+f.Rows, r.Bytes+f.Bytes
		return nil
	})
	if err != nil {
		return err
	}
	r.Tables = r.sums(func(f *fileShare) sizeShare { return sizeShare{Table: f.Table, User: f.User} })
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
	info, err := os.Stat(path)
	switch {
	case err != nil:
		share.Error = err.Error()
		return share
	case !info.Mode().IsRegular():
		share.Error = "not a regular file"
		return share
	}
	share.Bytes = info.Size()
	f, err := parquetio.Open(vfs.OS(), path, nil)
	if err != nil {
		share.Error = err.Error()
		return share
	}
	defer f.Close()
	share.Rows, share.Groups, share.Profile = f.Rows(), f.RowGroups(), string(f.Profile())
	if m := f.Metadata(); f.Profile() != "" && m[parquetio.KeyTable] != "" {
		share.Table, share.User = clip(m[parquetio.KeyNamespace])+"."+clip(m[parquetio.KeyTable]), clip(m["stoa.user"])
	}
	return share
}

// clip bounds a name that a file gives: no name of ours is so long.
func clip(s string) string { return s[:min(len(s), manyBytes)] }

// sums adds files up by what key says they have in common, in order of that.
func (r *dirReport) sums(key func(*fileShare) sizeShare) []*sizeShare {
	by, out := map[sizeShare]*sizeShare{}, []*sizeShare{}
	for i := range r.Files {
		k := key(&r.Files[i])
		if by[k] == nil {
			sum := k
			by[k] = &sum
			out = append(out, &sum)
		}
		by[k].add(&r.Files[i])
	}
	slices.SortFunc(out, func(a, b *sizeShare) int {
		return cmp.Or(strings.Compare(a.Directory, b.Directory), strings.Compare(a.Table, b.Table), strings.Compare(a.User, b.User))
	})
	return out
}

// byDirectory adds up by directory.
func (r *dirReport) byDirectory() []*sizeShare {
	tables := map[string]string{}
	for i := range r.Files {
		f := &r.Files[i]
		dir := filepath.Dir(f.Path)
		if t, known := tables[dir]; known && t != f.Table {
			tables[dir] = "various"
			continue
		}
		tables[dir] = f.Table
	}
	return r.sums(func(f *fileShare) sizeShare {
		dir := filepath.Dir(f.Path)
		return sizeShare{Directory: dir, Table: tables[dir]}
	})
}

// print sums up by directory, and by table and user where that says more, and lists the damaged files.
func (r *dirReport) print(s *streams) error {
	dirs := r.byDirectory()
	if err := printShares(s, "Directory", "Table", dirs, func(t *sizeShare) (string, string) { return t.Directory, t.Table }); err != nil {
		return err
	}
	if len(dirs) > 1 {
		fmt.Fprintln(s.out)
		if err := printShares(s, "Table", "User", r.Tables, func(t *sizeShare) (string, string) { return t.Table, t.User }); err != nil {
			return err
		}
	}
	for _, f := range r.Files {
		if f.Error != "" {
			fmt.Fprintf(s.out, "%s: %s\n", render.Escape(f.Path), cell(strings.TrimPrefix(f.Error, f.Path+": ")))
		}
	}
	_, err := fmt.Fprintf(s.out, "%s, %s, %s\n", count(int64(len(r.Files)), "file", "files"), count(r.Rows, "row", "rows"), render.Bytes(r.Bytes))
	return err
}

// printShares prints sums under two names.
func printShares(s *streams, first, second string, list []*sizeShare, names func(*sizeShare) (string, string)) error {
	if len(list) == 0 {
		return nil
	}
	var rows [][]string
	for _, t := range list {
		a, b := names(t)
		rows = append(rows, []string{a, b, grouped(t.Files), grouped(t.Groups), grouped(t.Rows), render.Bytes(t.Bytes)})
	}
	cols := []render.Heading{{Name: first}, {Name: second}, {Name: "Files", Right: true}, {Name: "Row groups", Right: true}, {Name: "Rows", Right: true},
		{Name: "Size", Right: true}}
	return render.Summary(s.out, cols, rows, width(s.out, 160))
}
