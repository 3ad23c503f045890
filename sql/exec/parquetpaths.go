package exec

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/sql/copyio"
	"github.com/stoadb/stoa/vfs"
)

// remote matches the beginning of a URL.
var remote = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)

// filesOf gives the files that a name or a pattern stands for. In a pattern * is any part of a name, ? any character and […] one of some, as path.Match has
// them, and ** any directories below, or none; what begins with a dot is found only by a pattern that does. A file that is really called so is no pattern.
// Matches come in the order of their names, directory by directory.
//
// Errors: 58P01 when nothing matches, 22023 for a malformed pattern, 0A000 for a URL.
func filesOf(ctx context.Context, fsys vfs.FS, name string) ([]string, error) {
	if remote.MatchString(name) {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "reading \"%s\" is not supported: it is not the name of a file", name).
			WithHint("Download it, or mount what it is in, and give the file's path.")
	}
	if name == "" {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "the name of a file must not be empty")
	}
	if !strings.ContainsAny(name, "*?[") {
		return []string{filepath.FromSlash(name)}, nil
	}
	if there, err := vfs.Exists(fsys, filepath.FromSlash(name)); err == nil && there {
		return []string{filepath.FromSlash(name)}, nil
	}
	if _, err := path.Match(strings.ReplaceAll(name, "**", "*"), ""); err != nil {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "invalid pattern \"%s\"", name)
	}
	g := &globber{ctx: ctx, fs: fsys, seen: map[string]bool{}}
	elements := strings.Split(filepath.ToSlash(name), "/")
	first := ""
	if elements[0] == "" {
		first, elements = "/", elements[1:]
	}
	if err := g.match(first, elements); err != nil {
		return nil, err
	}
	if len(g.found) == 0 {
		return nil, sqlstate.New(sqlstate.UndefinedFile, "no files match the pattern \"%s\"", name)
	}
	return g.found, nil
}

// globber collects the files that match.
type globber struct {
	ctx   context.Context
	fs    vfs.FS
	seen  map[string]bool
	found []string
}

// match follows the elements of a pattern from a directory on.
func (g *globber) match(dir string, elements []string) error {
	for len(elements) > 1 && !strings.ContainsAny(elements[0], "*?[") {
		dir, elements = path.Join(dir, elements[0]), elements[1:]
		if elements[0] == "" { // a slash too many
			elements = elements[1:]
		}
	}
	if len(elements) == 0 {
		return nil
	}
	if err := g.ctx.Err(); err != nil {
		return err
	}
	entries, err := g.fs.ReadDir(filepath.FromSlash(orHere(dir)))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		if info, serr := g.fs.Stat(filepath.FromSlash(orHere(dir))); serr == nil && !info.IsDir() {
			return nil
		}
		return copyio.ReadError(err, orHere(dir))
	}
	element, rest := elements[0], elements[1:]
	if element == "**" {
		return g.below(dir, elements, entries)
	}
	for _, e := range entries {
		if ok, _ := path.Match(element, e.Name()); !ok || hidden(element, e.Name()) {
			continue
		}
		name := path.Join(dir, e.Name())
		if len(rest) > 0 {
			err = g.match(name, rest)
		} else {
			g.add(name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// below matches what follows ** in a directory and in those below it. Symbolic links are not followed: they may lead back.
func (g *globber) below(dir string, elements []string, entries []fs.DirEntry) error {
	rest := elements[1:]
	if len(rest) == 0 {
		rest = []string{"*"}
	}
	if err := g.match(dir, rest); err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() || hidden("**", e.Name()) {
			continue
		}
		if err := g.match(path.Join(dir, e.Name()), elements); err != nil {
			return err
		}
	}
	return nil
}

// add takes a match that is no directory, once.
func (g *globber) add(name string) {
	name = filepath.FromSlash(name)
	if info, err := g.fs.Stat(name); err == nil && info.IsDir() || g.seen[name] {
		return
	}
	g.seen[name] = true
	g.found = append(g.found, name)
}

// hidden tells whether a name begins with a dot and the pattern does not.
func hidden(pattern, name string) bool {
	return strings.HasPrefix(name, ".") && !strings.HasPrefix(pattern, ".")
}

// orHere gives the directory that "" stands for.
func orHere(dir string) string {
	if dir == "" {
		return "."
	}
	return dir
}
