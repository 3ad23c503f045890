package report

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/bench/measure"
	"github.com/stoadb/stoa/vfs"
)

// Write makes a directory and writes report.json, report.html and report.md into it. Each appears when it is complete.
func Write(dir string, r *measure.Result) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, part := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"report.json", func(w io.Writer) error { return JSON(w, r) }},
		{"report.html", func(w io.Writer) error { return HTML(w, r) }},
		{"report.md", func(w io.Writer) error { return Markdown(w, r) }},
	} {
		if err := vfs.AtomicWrite(vfs.OS(), filepath.Join(dir, part.name), part.write); err != nil {
			return err
		}
	}
	return nil
}

// Writable tells before the work whether Write will be able to write to a directory: it makes and removes a directory in it, or in the nearest one above it that is
// there. Errors: 42809 when what is there is no directory, 42501 when nothing may be written.
func Writable(dir string) error {
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if (errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)) && at != filepath.Dir(at) {
			continue
		}
		if err == nil && !info.IsDir() {
			return sqlstate.New(sqlstate.WrongObjectType, "%q is not a directory", at).WithHint("Name the report's directory with --out.")
		}
		probe := ""
		if err == nil {
			probe, err = os.MkdirTemp(at, ".stoa-bench")
		}
		if err == nil {
			err = os.Remove(probe)
		}
		if err != nil {
			return (&sqlstate.Error{Code: "42501", Message: "the report cannot be written: " + err.Error(), Cause: err}).
				WithHint("Name another directory with --out.")
		}
		return nil
	}
}
