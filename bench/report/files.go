package report

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/stoadb/stoa/bench/measure"
)

// Write makes a directory and writes report.json, report.html and report.md into it.
func Write(dir string, r *measure.Result) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, part := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"report.json", r.Write},
		{"report.html", func(w io.Writer) error { return HTML(w, r) }},
		{"report.md", func(w io.Writer) error { return Markdown(w, r) }},
	} {
		f, err := os.Create(filepath.Join(dir, part.name))
		if err != nil {
			return err
		}
		if err := errors.Join(part.write(f), f.Close()); err != nil {
			return err
		}
	}
	return nil
}
