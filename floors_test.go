package stoa_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const modulePath = "github.com/stoadb/stoa"

// floors is the import order of the house: a package imports only what is on floors below its own, or of its own top-level directory. "." is the root.
var floors = map[string]int{
	"cmd":           9,
	"bench":         8,
	"internal":      8,
	".":             7,
	"sql":           6,
	"scan":          5,
	"flush":         5,
	"store":         4,
	"tables":        3,
	"parquetio":     3,
	"schemahistory": 2,
	"exprs":         2,
	"wal":           2,
	"arrowschema":   1,
	"vfs":           1,
}

// notPackages are directories at the top that hold no package of the module.
var notPackages = []string{"testdata", "scripts", "docs", "bin", "data"}

// TestFloors keeps the import order, and with it the house: no cgo, none of the packages that would drag gRPC in or that die of hostile files.
func TestFloors(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "_") || slices.Contains(notPackages, e.Name()) {
			continue
		}
		if _, ok := floors[e.Name()]; !ok {
			t.Errorf("directory %s has no floor: give it one in docs/architecture.md and in floors", e.Name())
		}
	}
	files := 0
	require.NoError(t, filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipDirectory(name)
		}
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			files++
			for _, complaint := range complaints(t, filepath.ToSlash(name), nil) {
				t.Error(complaint)
			}
		}
		return nil
	}))
	require.Greater(t, files, 100, "the walk has missed the module")
}

// skipDirectory skips what is not part of the module: hidden directories, test data, and modules of their own.
func skipDirectory(name string) error {
	base := filepath.Base(name)
	if name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata") {
		return filepath.SkipDir
	}
	if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil && name != "." {
		return filepath.SkipDir
	}
	return nil
}

// complaints gives what a file does that the order of the house does not allow. A nil source is read from the file.
func complaints(t testing.TB, name string, source any) []string {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, filepath.FromSlash(name), source, parser.SkipObjectResolution)
	require.NoError(t, err)
	var out []string
	complain := func(at token.Pos, format string, args ...any) {
		p := set.Position(at)
		out = append(out, fmt.Sprintf("%s:%d: ", name, p.Line)+fmt.Sprintf(format, args...))
	}
	own := topDirectory(path.Dir(name))
	for _, spec := range file.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		switch {
		case target == "C":
			complain(spec.Pos(), "cgo: the module is pure Go")
		case strings.Contains(target, "arrow-go") && strings.HasSuffix(target, "/pqarrow"):
			complain(spec.Pos(), "pqarrow: it links flight and gRPC; use parquet/file")
		case target == modulePath || strings.HasPrefix(target, modulePath+"/"):
			rel := strings.TrimPrefix(strings.TrimPrefix(target, modulePath), "/")
			if rel == "" {
				rel = "."
			}
			dir := topDirectory(rel)
			floor, known := floors[dir]
			switch {
			case !known:
				complain(spec.Pos(), "imports %s, which has no floor", target)
			case dir != own && floor >= floors[own]:
				complain(spec.Pos(), "%s is on floor %d and imports %s of floor %d; imports only lead down", own, floors[own], dir, floor)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if kv, ok := n.(*ast.KeyValueExpr); ok {
			key, isKey := kv.Key.(*ast.Ident)
			value, isValue := kv.Value.(*ast.Ident)
			if isKey && isValue && key.Name == "Parallel" && value.Name == "true" {
				complain(kv.Pos(), "Parallel: true: arrow-go's parallel reader panics in a goroutine of its own on hostile files")
			}
		}
		return true
	})
	return out
}

// topDirectory gives the first element of a path in the module, "." for the root.
func topDirectory(dir string) string {
	first, _, _ := strings.Cut(dir, "/")
	return first
}

// TestFloorsComplain shows that the test above can fail.
func TestFloorsComplain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, source, want string }{
		{"scan/x.go", `package scan; import _ "github.com/stoadb/stoa/store"`, ""},
		{"sql/bind/x.go", `package bind; import _ "github.com/stoadb/stoa/sql/parser"`, ""},
		{"cmd/stoa/x.go", `package main; import _ "github.com/stoadb/stoa"`, ""},
		{"scan/x.go", `package scan; import _ "github.com/stoadb/stoa/flush"`, "scan is on floor 5 and imports flush of floor 5"},
		{"tables/x.go", `package tables; import _ "github.com/stoadb/stoa/parquetio"`, "tables is on floor 3 and imports parquetio of floor 3"},
		{"store/x.go", `package store; import _ "github.com/stoadb/stoa/sql/parser"`, "store is on floor 4 and imports sql of floor 6"},
		{"store/x.go", `package store; import _ "github.com/stoadb/stoa"`, "store is on floor 4 and imports . of floor 7"},
		{"vfs/x.go", `package vfs; import _ "github.com/stoadb/stoa/attic"`, "which has no floor"},
		{"vfs/x.go", `package vfs; import "C"`, "cgo"},
		{"scan/x.go", `package scan; import _ "github.com/apache/arrow-go/v18/parquet/pqarrow"`, "pqarrow"},
		{"scan/x.go", `package scan; var _ = struct{ Parallel bool }{Parallel: true}`, "Parallel: true"},
	} {
		got := complaints(t, c.name, c.source)
		if c.want == "" {
			require.Empty(t, got, c.source)
			continue
		}
		require.Len(t, got, 1, c.source)
		require.Contains(t, got[0], c.want)
	}
}
