package copyio

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/vfs"
)

// parquetColumn is a column of the statement: where it is in the file and how it is converted.
type parquetColumn struct {
	index int
	conv  *converter

	// Conversions of a dictionary are kept for the batches that share it.
	from, to *vec.Vec
}

// parquetReader gives the rows of a Parquet file.
type parquetReader struct {
	file   *parquetio.File
	path   string
	from   origin
	cols   []*parquetColumn
	feed   *feed
	memory *budget
	before int64 // rows given in earlier batches
	given  int64 // rows of the last batch
	err    error
}

// openParquet opens the file and matches its columns with the statement's.
func openParquet(fsys vfs.FS, path string, o *Options, target []Column, from origin, reg *exprs.Registry, ectx *exprs.Ctx) (Reader, error) {
	size, err := parquetSize(fsys, path)
	if err != nil {
		return nil, err
	}
	memory := newBudget(path, size, o.Others)
	memory.full = memory.full.WithHint("Split the file; or, if you trust it, INSERT INTO %s SELECT … FROM read_parquet('%s'), which the statement's memory alone bounds.",
		from.relation, strings.ReplaceAll(path, "'", "''"))
	f, err := parquetio.Open(fsys, path, &parquetio.ReadOptions{MaxMemory: memory.left.Load(), Memory: memory})
	if err != nil {
		return nil, openError(err, path)
	}
	p := &parquetReader{file: f, path: path, from: from, memory: memory}
	if err := p.match(target, o.Listed, reg, memory.charge(ectx)); err != nil {
		f.Close()
		return nil, err
	}
	p.feed = newFeed(f, p.cols, wholeRows, memory)
	return p, nil
}

// parquetSize gives the size of a file of which no more than its name is known, and refuses what cannot be read from its end.
func parquetSize(fsys vfs.FS, path string) (int64, error) {
	info, err := fsys.Stat(path)
	switch {
	case err != nil:
		return 0, fileError(err, path, "could not open file \"%s\" for reading")
	case info.IsDir():
		return 0, sqlstate.New(sqlstate.WrongObjectType, "\"%s\" is a directory", path)
	case !info.Mode().IsRegular(): // opening a pipe would wait for whoever writes to it
		return 0, sqlstate.New(sqlstate.WrongObjectType, "\"%s\" is not a regular file", path).WithHint("Parquet is read from its end: copy it to a file.")
	}
	return info.Size(), nil
}

// openError gives an error of parquetio.Open its SQLSTATE.
func openError(err error, path string) error {
	if errors.Is(err, parquetio.ErrNotParquet) {
		return sqlstate.New(sqlstate.BadCopyFileFormat, "\"%s\" is not a Parquet file", path)
	}
	return readError(err, path)
}

// readError gives an error of reading a file its SQLSTATE.
func readError(err error, path string) error {
	var known *sqlstate.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, parquetio.ErrMemory):
		e := sqlstate.New(sqlstate.ProgramLimitExceeded, "%s", err.Error())
		e.Cause = err
		return e
	case errors.Is(err, parquetio.ErrCorrupt):
		e := sqlstate.New(sqlstate.BadCopyFileFormat, "%s", sqlstate.SafeString(err.Error())) // it says where the damage is, and quotes no value
		e.Cause = err
		return e
	}
	var outer *fs.PathError
	var number syscall.Errno
	if errors.As(err, &outer) || errors.As(err, &number) || errors.Is(err, fs.ErrClosed) {
		return fileError(err, path, "could not read file \"%s\"")
	}
	return sqlstate.Wrap(sqlstate.BadCopyFileFormat, err, "the file is damaged, or no Parquet file that can be read")
}

// match finds the statement's columns in the file. Names are compared as they are; a column whose name differs in case alone is taken when no
// other has the name.
func (p *parquetReader) match(target []Column, listed bool, reg *exprs.Registry, ectx *exprs.Ctx) error {
	used := map[int]bool{}
	for i := range target {
		c := &target[i]
		at, err := p.place(c.Name)
		if err != nil {
			return err
		}
		used[at] = true
		p.file.ReadAs(at, c.Type)
		in := p.file.Columns()[at]
		if in.Type == arrowschema.Unknown {
			return sqlstate.New(sqlstate.FeatureNotSupported, "column \"%s\" of file \"%s\" cannot be read: it is nested or of a type that SQL has not", in.Name, p.path)
		}
		conv, err := newConverter(c, in.Type, reg, ectx)
		if err != nil {
			return within(err, p.from.String())
		}
		p.cols = append(p.cols, &parquetColumn{index: at, conv: conv})
	}
	for i, c := range p.file.Columns() {
		if !used[i] && !listed {
			return sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" of file \"%s\" does not exist in relation \"%s\"", c.Name, p.path, p.from.relation).
				WithHint("List the columns to read in the statement: COPY %s (…) FROM …", p.from.relation)
		}
	}
	return nil
}

// place finds a column of the file by name.
func (p *parquetReader) place(name string) (int, error) {
	found, names := -1, []string{}
	for i, c := range p.file.Columns() {
		names = append(names, c.Name)
		if c.Name == name {
			return i, nil
		}
		if strings.EqualFold(c.Name, name) {
			if found >= 0 {
				return 0, sqlstate.New(sqlstate.AmbiguousColumn, "column \"%s\" is in file \"%s\" as \"%s\" and \"%s\"", name, p.path, names[found], c.Name)
			}
			found = i
		}
	}
	if found < 0 {
		return 0, sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" is missing from file \"%s\"", name, p.path).
			WithDetail("The file has the columns %s.", clip(strings.Join(names, ", "))).
			WithHint("List the columns to read in the statement; the others get their defaults.")
	}
	return found, nil
}

// Close implements Reader.
func (p *parquetReader) Close() error {
	p.feed.close()
	return p.file.Close()
}

// Place implements Reader.
func (p *parquetReader) Place(row int) Place {
	return Place{number: p.before + int64(row) + 1, row: row}
}

// Refused implements Reader.
func (p *parquetReader) Refused(err error, at Place, column string) error {
	if at.number == 0 {
		return err
	}
	for _, c := range p.cols {
		if c.conv.column.Name == column {
			return p.from.refused(err, "row", at.number, c.conv.column, "")
		}
	}
	return p.from.refused(err, "row", at.number, nil, "")
}

// Read implements Reader.
func (p *parquetReader) Read(ctx context.Context, maxRows int) (*vec.Batch, error) {
	if p.err != nil {
		return nil, p.err
	}
	if maxRows <= 0 {
		maxRows = DefaultRows
	}
	p.before, p.given = p.before+p.given, 0
	b, err := p.feed.next(ctx, maxRows)
	if err != nil {
		if p.err = readError(err, p.path); p.err == err { // of a value, which does not know where it is
			p.err = p.from.refused(err, "", 0, nil, "")
		}
		return nil, p.err
	}
	if b == nil {
		return nil, nil
	}
	p.given = int64(b.N)
	for _, c := range p.cols {
		c.conv.ctx.Settle() // hand has counted what the last batch came to
	}
	for i, c := range p.cols {
		out, err := c.convert(b.Cols[i])
		if err != nil {
			p.err = p.explain(err, c, b.Cols[i])
			return nil, p.err
		}
		b.Cols[i] = out
	}
	if err := p.memory.hand(b); err != nil {
		p.err = err
		return nil, err
	}
	return b, nil
}

// explain finds the row of a failed conversion.
func (p *parquetReader) explain(err error, c *parquetColumn, v *vec.Vec) error {
	check := *c
	check.from, check.to = nil, nil
	flat := v.Flat()
	for i := range flat.N {
		if flat.IsNull(i) {
			continue
		}
		if _, one := check.convert(flat.Slice(i, i+1)); one != nil {
			return p.from.refused(one, "row", p.Place(i).number, c.conv.column, "")
		}
	}
	return p.from.refused(err, "", 0, c.conv.column, "")
}

// convert makes a vector of the column's type and checks what the file cannot be trusted with, once per entry of a dictionary.
func (c *parquetColumn) convert(v *vec.Vec) (*vec.Vec, error) {
	if v.Type.Physical() != arrowschema.Strings && c.conv.expr == nil {
		return v, nil
	}
	if v.Dict == nil {
		return c.values(v)
	}
	if c.from != v.Dict {
		out, err := c.values(v.Dict)
		if err != nil || out.Dict != nil || out.Const { // an entry that no row uses must not fail the statement, so the rows decide
			return c.values(v.Flat())
		}
		c.from, c.to = v.Dict, out
	}
	return vec.NewDict(v.Codes, c.to, v.Valid), nil
}

func (c *parquetColumn) values(v *vec.Vec) (*vec.Vec, error) {
	if v.Type.Physical() == arrowschema.Strings {
		if err := checkText(v); err != nil {
			return nil, err
		}
	}
	out, err := c.conv.run(v)
	if err != nil || out.Type != arrowschema.JSONB || v.Type != arrowschema.JSONB {
		return out, err
	}
	return canonical(c.conv.ctx, out)
}

// checkText refuses text that is not UTF-8 or has zero bytes. Files of our own writing are read unchecked by parquetio; here somebody may have
// written one in our name.
func checkText(v *vec.Vec) error {
	for i, s := range v.Strs {
		if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 || v.IsNull(i) {
			continue
		}
		b := []byte(s)
		return errEncoding(b[invalidAt(b):])
	}
	return nil
}

// canonical makes sure that jsonb is in canonical form. It gives v itself if everything is.
func canonical(ectx *exprs.Ctx, v *vec.Vec) (*vec.Vec, error) {
	var changed *vec.Vec
	for i, s := range v.Strs {
		if v.IsNull(i) {
			continue
		}
		t, err := jsontext.CanonicalWatched(s, func(grown int) error { return ectx.Reserve(2 * int64(grown)) })
		if err != nil {
			return nil, err
		}
		if len(t) != len(s) || t != s {
			if changed == nil {
				w := *v
				w.Strs = append([]string(nil), v.Strs...)
				changed = &w
			}
			changed.Strs[i] = t
		}
	}
	if changed != nil {
		return changed, nil
	}
	return v, nil
}
