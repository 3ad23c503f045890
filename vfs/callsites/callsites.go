// Package callsites finds in a package's source every place where a file system is called, for tests that claim to have failed every one:
// what [List] finds and vfs.Sites has not seen fail was never tried.
//
// A place is a call of a method of vfs.FS or vfs.File that does input or output, or of a function of package vfs that is given one of them.
// What is called through another package, as a vfs.File that is read by way of bufio, is not found here; vfs.Sites sees it when it runs.
// It needs the go command, and is for tests only.
package callsites

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"github.com/stoadb/stoa/vfs"
)

// Site is a place: a call in the function Func that begins in line First of File, which is the file's name and its directory's, and ends in line
// Last. A deferred call happens where its function returns, and so ends with that.
type Site struct {
	File        string
	Func        string
	First, Last int
	Call        string
}

// String is the place and the call, as "wal/log.go:312: Sync".
func (s Site) String() string { return fmt.Sprintf("%s:%d: %s", s.File, s.First, s.Call) }

// Name is the place without its line, as "wal/log.go syncFile: Sync": what changes seldom.
func (s Site) Name() string { return fmt.Sprintf("%s %s: %s", s.File, s.Func, s.Call) }

// List returns the places in the package in a directory, without its tests, in the order of its files.
func List(dir string) ([]Site, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	exports, err := exportFiles(dir)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range exports.files {
		f, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	lookup := func(path string) (io.ReadCloser, error) { return os.Open(exports.of[path]) }
	conf := types.Config{Importer: importer.ForCompiler(fset, "gc", lookup)}
	info := &types.Info{Selections: map[*ast.SelectorExpr]*types.Selection{}, Uses: map[*ast.Ident]types.Object{}}
	if _, err := conf.Check(dir, fset, files, info); err != nil {
		return nil, err
	}
	var sites []Site
	for _, f := range files {
		ends := deferred(f)
		within := ""
		ast.Inspect(f, func(n ast.Node) bool {
			if fun, ok := n.(*ast.FuncDecl); ok {
				within = fun.Name.Name
			}
			if call, ok := n.(*ast.CallExpr); ok {
				if name := called(info, call); name != "" {
					from, to := fset.Position(call.Pos()), fset.Position(max(call.End(), ends[call]))
					sites = append(sites, Site{path.Join(filepath.Base(filepath.Dir(from.Filename)), filepath.Base(from.Filename)), within, from.Line, to.Line, name})
				}
			}
			return true
		})
	}
	return sites, nil
}

// deferred returns, for each deferred call, the end of the function that it is in.
func deferred(f *ast.File) map[*ast.CallExpr]token.Pos {
	ends := map[*ast.CallExpr]token.Pos{}
	ast.Inspect(f, func(fun ast.Node) bool { // those outside come before those inside, which so have the last word
		switch fun.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			ast.Inspect(fun, func(n ast.Node) bool {
				if d, ok := n.(*ast.DeferStmt); ok {
					ends[d.Call] = fun.End()
				}
				return true
			})
		}
		return true
	})
	return ends
}

// Untried returns the places that are not among those in which calls were made to fail.
func Untried(places []Site, seen []vfs.Site) []Site {
	var out []Site
	for _, p := range places {
		tried := false
		for _, s := range seen {
			same := s.Via == p.Call || s.Via == "" && (s.Kind.String() == p.Call || s.Kind == vfs.OpFileStat && p.Call == "Stat")
			tried = tried || same && s.Failed > 0 && s.File == p.File && s.Line >= p.First && s.Line <= p.Last
		}
		if !tried {
			out = append(out, p)
		}
	}
	return out
}

// quiet are the methods that an injector is not shown, and functions of package vfs that call nothing.
var quiet = map[string]bool{"Abs": true, "Name": true, "Seek": true, "WithFaults": true}

// called returns the name of what is called if it is a call of a file system.
func called(info *types.Info, call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		if sel := info.Selections[fun]; sel != nil {
			if isSeam(sel.Recv()) && !quiet[fun.Sel.Name] {
				return fun.Sel.Name
			}
			return ""
		}
		obj := info.Uses[fun.Sel]
		if f, ok := obj.(*types.Func); ok && f.Pkg() != nil && f.Pkg().Path() == seamPath && takesSeam(f) && !quiet[f.Name()] {
			return f.Name()
		}
	}
	return ""
}

const seamPath = "github.com/stoadb/stoa/vfs"

// isSeam says whether a type is vfs.FS or vfs.File.
func isSeam(t types.Type) bool {
	named, ok := t.(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == seamPath && (named.Obj().Name() == "FS" || named.Obj().Name() == "File")
}

func takesSeam(f *types.Func) bool {
	for v := range f.Signature().Params().Variables() {
		if isSeam(v.Type()) {
			return true
		}
	}
	return false
}

// exported is what the go command says of a package: its files, and where the export data of all that it imports are.
type exported struct {
	files []string
	of    map[string]string
}

func exportFiles(dir string) (exported, error) {
	out := exported{of: map[string]string{}}
	cmd := exec.Command("go", "list", "-export", "-deps", "-f", `{{.ImportPath}}{{"\t"}}{{.Export}}{{"\t"}}{{if not .DepOnly}}{{join .GoFiles " "}}{{end}}`, ".")
	cmd.Dir = dir
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	text, err := cmd.Output()
	if err != nil {
		return out, errors.Join(err, errors.New(complaint.String()))
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		out.of[fields[0]] = fields[1]
		if fields[2] != "" {
			out.files = strings.Fields(fields[2])
		}
	}
	return out, nil
}
