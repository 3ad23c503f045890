package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/schemahistory"
)

var jobsTable = schemahistory.Jobs

// ending says where the rows and files are and how to go on.
func (d *demo) ending() {
	jobs := d.listTables()
	fmt.Fprintf(d.s.out, "\nOpen the files with DuckDB:\n  duckdb -c %s\n",
		shellQuoted(fmt.Sprintf("SELECT job_type, status, count(*), avg(memory_used) FROM read_parquet('%s/*.parquet') GROUP BY ALL ORDER BY ALL",
			strings.ReplaceAll(jobs, "'", "''"))))
	fmt.Fprintf(d.s.out, "or Python:\n  python3 -c %s\n",
		shellQuoted(fmt.Sprintf(`import pyarrow.parquet as pq; t = pq.read_table(%q); print(t.num_rows, t.schema, t.slice(0, 2).to_pylist(), sep="\n")`, jobs)))
	fmt.Fprintf(d.s.out, "or go on here:\n  %s sql%s\n", program(), d.dirArgument(" --dir "))
	fmt.Fprintf(d.s.out, "  %s inspect %s\n", program(), shellQuoted(d.firstFile()))
}

// listTables prints where the rows of each table are, and gives the directory of the jobs' first file.
func (d *demo) listTables() string {
	snap := d.db.Store().Snapshot()
	defer snap.Close()
	jobs := d.dir
	var rows [][]string
	for _, t := range snap.Tables() {
		dirs := map[string]bool{}
		var cold, bytes int64
		for _, f := range t.Files {
			cold, bytes = cold+f.LiveRows(), bytes+f.Size
			dirs[filepath.ToSlash(d.db.Store().Path(path.Dir(f.Path)))] = true
		}
		var where []string
		for dir := range dirs {
			where = append(where, dir)
		}
		sort.Strings(where)
		if t.Def.Name == jobsTable && len(where) > 0 {
			jobs = where[0]
		}
		rows = append(rows, []string{
			t.Def.Name.String(), grouped(int64(t.Hot.Rows())), grouped(cold), grouped(int64(len(t.Files))), render.Bytes(bytes), strings.Join(where, " "),
		})
	}
	fmt.Fprintf(d.s.out, "\nWhere the rows are:\n")
	cols := []render.Heading{{Name: "Table"}, {Name: "Hot rows", Right: true}, {Name: "Flushed rows", Right: true}, {Name: "Files", Right: true},
		{Name: "Size", Right: true}, {Name: "Directory"}}
	if err := render.Summary(d.s.out, cols, rows, d.width); err != nil {
		return jobs
	}
	return jobs
}

// firstFile gives the first file of system.jobs.
func (d *demo) firstFile() string {
	snap := d.db.Store().Snapshot()
	defer snap.Close()
	if t, ok := snap.Table(jobsTable); ok && len(t.Files) > 0 {
		return d.db.Store().Path(t.Files[0].Path)
	}
	return d.dir
}

func (d *demo) dirArgument(flag string) string {
	if d.dir == defaultDir {
		return ""
	}
	return flag + shellQuoted(d.dir)
}

// program gives how this program was called: go run leaves it in a directory of its own for as long as it runs.
func program() string {
	if strings.Contains(filepath.ToSlash(os.Args[0]), "/go-build") {
		return "go run ./cmd/stoa"
	}
	return os.Args[0]
}

// shellQuoted gives a text as one word of a POSIX shell.
func shellQuoted(s string) string {
	if s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-", r)
	}) < 0 {
		return s
	}
	if !strings.ContainsAny(s, "\"\\$`!") {
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
