package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/sql/parser"
)

// query is a statement that the demo runs.
type query struct {
	session *exec.Session
	text    string
}

// answer is what a query gave: its first rows, how many there are, and the time until the last had come.
type answer struct {
	cols  []render.Heading
	first [][]string
	rows  int64
	took  time.Duration
}

// run runs the query to its end and keeps the first rows.
func (q *query) run(ctx context.Context, keep int) (*answer, error) {
	start := time.Now()
	stmts, err := parser.Parse(q.text)
	if err != nil {
		return nil, err
	}
	a := &answer{}
	for _, st := range stmts {
		res, err := q.session.Execute(ctx, st, nil)
		if err != nil {
			return nil, err
		}
		err = a.take(res, keep, q.session.Zone())
		res.Close()
		if err != nil {
			return nil, err
		}
	}
	a.took = time.Since(start)
	return a, nil
}

func (a *answer) take(res *exec.Result, keep int, zone *time.Location) error {
	for _, c := range res.Columns {
		a.cols = append(a.cols, render.Heading{Name: c.Name, Right: c.Type.Category() == arrowschema.CategoryNumeric})
	}
	for {
		b, err := res.Next()
		if err != nil || b == nil {
			return err
		}
		a.rows += int64(b.N)
		for row := 0; row < b.N && len(a.first) < keep; row++ {
			var texts []string
			for _, c := range b.Cols {
				texts = append(texts, string(vec.AppendText(nil, c, row, zone)))
			}
			a.first = append(a.first, texts)
		}
	}
}

// print prints the first rows, how many there are, and the time.
func (a *answer) print(w io.Writer, width int) error {
	if err := render.Summary(w, a.cols, a.first, width); err != nil {
		return err
	}
	shown := ""
	if int64(len(a.first)) < a.rows {
		shown = fmt.Sprintf(", the first %d shown", len(a.first))
	}
	_, err := fmt.Fprintf(w, "(%s%s; %.1f ms)\n", count(a.rows, "row", "rows"), shown, float64(a.took.Microseconds())/1000)
	return err
}
