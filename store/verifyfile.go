package store

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// fileCheck reads a flushed file, all of it, and holds it against what is said of it: the manifest's description, its own footer, the definition.
type fileCheck struct {
	ctx  context.Context
	fsys vfs.FS
	def  *schemahistory.TableDefinition
	ref  *FileRef
	path string
	tell func(Finding)

	file *parquetio.File
	// lost: nothing of the file can be read. bad are the row groups of which a column cannot be read. worn: all rows can be read, but something that helps to
	// find them, or that is said of them, is damaged or untrue.
	lost    bool
	bad     map[int]bool
	worn    bool
	noIndex bool // the page index cannot be read
}

// run reads the file. An error is one that says nothing of the file: of reading, or of the context.
func (c *fileCheck) run() (err error) {
	c.bad = map[int]bool{}
	if c.file, err = c.ref.Open(c.fsys, c.path); err != nil {
		if isMissing(err) || saysOfFile(err) {
			c.loseAll(findingOf(c.path, err))
			return nil
		}
		return err
	}
	defer c.file.Close() // opened for reading: nothing is lost
	if c.file.Rows() != c.ref.Rows {
		c.loseAll(findingIn(c.path, "the file has %d rows, and should have %d", c.file.Rows(), c.ref.Rows))
		return nil
	}
	c.checkDescription()
	base := uint32(0)
	sort := c.sortPlace()
	for rg := range c.file.RowGroups() {
		for col := range c.file.Columns() {
			if err := c.ctx.Err(); err != nil {
				return err
			}
			v, err := c.column(rg, col, base)
			if err != nil {
				return err
			}
			if v != nil && col == sort {
				c.checkSort(rg, col, v)
			}
		}
		base += uint32(c.file.RowGroupRows(rg))
	}
	return nil
}

// loseAll tells that nothing of the file can be read.
func (c *fileCheck) loseAll(f Finding) {
	c.lost = true
	f.Rows, f.Key = c.ref.LiveRows(), c.ref.keyRange()
	c.note(f)
}

// note tells of a finding in the file.
func (c *fileCheck) note(f Finding) {
	f.Table = c.def.Name.String()
	c.tell(f)
}

// keyRange words the bounds of the sort column, "" when they are not known.
func (f *FileRef) keyRange() string {
	if !f.HasSort {
		return ""
	}
	return "between " + microsText(f.SortMin) + " and " + microsText(f.SortMax)
}

func microsText(micros int64) string {
	return time.UnixMicro(micros).UTC().Format("2006-01-02 15:04:05.999999")
}

// checkDescription compares what the manifest and the definition say of the file with what it says of itself.
func (c *fileCheck) checkDescription() {
	untrue := func(format string, args ...any) {
		c.worn = true
		c.note(findingIn(c.path, format, args...))
	}
	if c.def.Version > 0 && c.ref.SchemaVersion > c.def.Version {
		untrue("the file is of schema version %d, and the table has %d", c.ref.SchemaVersion, c.def.Version)
	}
	if d := c.ref.Deletes; d != nil && !d.IsEmpty() && int64(d.Maximum()) >= c.ref.Rows {
		untrue("a row is deleted at position %d of %d rows", d.Maximum(), c.ref.Rows)
	}
	seen := map[int32]bool{}
	for _, col := range c.file.Columns() {
		switch known := columnWithID(c.def, col.FieldID); {
		case col.FieldID <= 0 || seen[col.FieldID] || col.FieldID > lastColumn(c.def):
			untrue("column %s has field id %d, which is no column's of the table", col.Name, col.FieldID)
		case known != nil && !vec.Widens(col.Type, known.Type):
			untrue("column %s is %s in the file and %s in the table", known.Name, col.Type, known.Type)
		}
		seen[col.FieldID] = true
	}
	meta := c.file.Metadata()
	if n, ok := meta[parquetio.KeyRows]; ok && n != strconv.FormatInt(c.ref.Rows, 10) {
		untrue("the footer's metadata tells of another number of rows")
	}
	if lo, ok := meta[parquetio.KeySortMin]; ok && c.ref.HasSort &&
		(lo != strconv.FormatInt(c.ref.SortMin, 10) || meta[parquetio.KeySortMax] != strconv.FormatInt(c.ref.SortMax, 10)) {
		untrue("the footer's metadata tells of other bounds of the sort column than the manifest")
	}
}

// sortPlace gives the column by which the file is sorted; -1 when it is not known.
func (c *fileCheck) sortPlace() int {
	name, ok := c.file.Metadata()[parquetio.KeySortColumn]
	if !ok {
		return -1
	}
	for i, col := range c.file.Columns() {
		if col.Name == name {
			return i
		}
	}
	return -1
}

// column reads a column of a row group, and gives it if it can be read.
func (c *fileCheck) column(rg, col int, base uint32) (*vec.Vec, error) {
	here := func(format string, args ...any) Finding {
		f := findingIn(c.path, format, args...)
		f.RowGroup, f.Column, f.Rows = rg, c.file.Columns()[col].Name, c.liveIn(rg, base)
		return f
	}
	v, err := c.file.ReadColumn(c.ctx, rg, col)
	switch {
	case err != nil && saysOfFile(err):
		c.bad[rg] = true
		c.note(here("%s", lastWords(err)))
		return nil, nil
	case err != nil:
		return nil, err
	case v.N != c.file.RowGroupRows(rg):
		c.bad[rg] = true
		c.note(here("the column has %d values in a row group of %d rows", v.N, c.file.RowGroupRows(rg)))
		return nil, nil
	}
	if problem, err := c.checkAids(rg, col, v); err != nil {
		return nil, err
	} else if problem != "" {
		c.worn = true
		f := here("%s", problem)
		f.Rows = -1
		c.note(f)
	}
	if violation := c.checkConstraints(col, v, base); violation != "" {
		c.note(here("%s", violation))
	}
	return v, nil
}

// lastWords gives an error's text without the file, row group and column that it names, which a finding has in fields of its own.
func lastWords(err error) string {
	for {
		next := unwrapOnce(err)
		if next == nil || next == parquetio.ErrCorrupt {
			return strings.TrimPrefix(err.Error(), parquetio.ErrCorrupt.Error()+": ")
		}
		err = next
	}
}

func unwrapOnce(err error) error {
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return e.Unwrap()
	case interface{ Unwrap() []error }:
		if all := e.Unwrap(); len(all) == 1 {
			return all[0]
		}
	}
	return nil
}

// liveIn counts the rows of a row group that begins at position base that are not deleted.
func (c *fileCheck) liveIn(rg int, base uint32) int64 {
	n := int64(c.file.RowGroupRows(rg))
	if d := c.ref.Deletes; d != nil && n > 0 {
		n -= int64(d.Rank(base + uint32(n) - 1))
		if base > 0 {
			n += int64(d.Rank(base - 1))
		}
	}
	return n
}

// checkAids holds statistics, page index and bloom filter against the values of a column. It gives what is wrong, "" for nothing.
func (c *fileCheck) checkAids(rg, col int, v *vec.Vec) (problem string, err error) {
	if p := untrueStats(c.file.RowGroupStats(rg, col), v, 0, v.N); p != "" {
		return "the statistics are untrue: " + p, nil
	}
	var pages *parquetio.Pages
	if !c.noIndex {
		if pages, err = c.file.Pages(rg, col); err != nil && !saysOfFile(err) {
			return "", err
		}
		if err != nil { // one checksum is that of all
			c.noIndex, c.worn = true, true
			c.note(findingIn(c.path, "the page index is damaged: %s", lastWords(err)))
		}
	}
	for i := 0; pages != nil && i < pages.Len(); i++ {
		r := pages.Rows(i)
		if p := untrueStats(pages.Stats(i), v, r.Lo, r.Hi); p != "" {
			return fmt.Sprintf("the page index is untrue of page %d: %s", i, p), nil
		}
	}
	if err := c.file.VerifyBloom(rg, col); err != nil {
		if saysOfFile(err) {
			return "the bloom filter is damaged", nil
		}
		return "", err
	}
	if !c.file.HasBloom(rg, col) {
		return "", nil
	}
	for i := range v.N {
		if !v.IsNull(i) && !c.file.MayContain(rg, col, v.Slice(i, i+1)) {
			return "the bloom filter lacks a value that is there", nil
		}
	}
	return "", nil
}

// untrueStats says in what statistics of the rows [lo, hi) of v are untrue, "" if in nothing.
func untrueStats(s parquetio.Stats, v *vec.Vec, lo, hi int) string {
	nulls := int64(0)
	for i := lo; i < hi; i++ {
		if v.IsNull(i) {
			nulls++
			continue
		}
		from, at := v.Value(i)
		if s.Min != nil && s.Min.Type == from.Type && vec.Compare(from, at, s.Min, 0) < 0 {
			return "a value is below the minimum"
		}
		if s.Max != nil && s.Max.Type == from.Type && vec.Compare(from, at, s.Max, 0) > 0 {
			return "a value is above the maximum"
		}
	}
	if s.Nulls >= 0 && s.Nulls != nulls {
		return fmt.Sprintf("there are %d NULLs, not %d", nulls, s.Nulls)
	}
	return ""
}

// checkConstraints counts the rows that violate NOT NULL or a CHECK of the definition. Deleted rows may.
func (c *fileCheck) checkConstraints(col int, v *vec.Vec, base uint32) string {
	known := columnWithID(c.def, c.file.Columns()[col].FieldID)
	if known == nil {
		return ""
	}
	return constraintProblem(c.def, known, v, func(i int) bool { return !deletedIn(c.ref, base+uint32(i)) })
}

// constraintProblem words how many of the rows that live says are there violate the constraints of a column, "" for none.
func constraintProblem(def *schemahistory.TableDefinition, column *schemahistory.Column, v *vec.Vec, live func(i int) bool) string {
	if column.NotNull && v.HasNulls() {
		n := 0
		for i := range v.N {
			if v.IsNull(i) && live(i) {
				n++
			}
		}
		if n > 0 {
			return fmt.Sprintf("NOT NULL does not hold in %d rows", n)
		}
	}
	for _, check := range def.Checks {
		if def.Columns[check.Column].ID != column.ID {
			continue
		}
		n := 0
		for at := 0; at < v.N; {
			rest := v.Slice(at, v.N)
			next := firstRefused(rest, check.Values, rest.N)
			if next == rest.N {
				break
			}
			if live(at + next) {
				n++
			}
			at += next + 1
		}
		if n > 0 {
			return fmt.Sprintf("check constraint %s does not hold in %d rows", check.Name, n)
		}
	}
	return ""
}

// checkSort tells whether the values of the sort column lie within the bounds that the manifest has, and ascend where the footer says so: a file that was merged
// of others is not in the order of a column that an ALTER made the sort column after they were written.
func (c *fileCheck) checkSort(rg, col int, v *vec.Vec) {
	last, sorted := int64(math.MinInt64), c.file.Sorted(rg, col)
	bad := ""
	for i := range v.N {
		key := int64(math.MaxInt64)
		if !v.IsNull(i) {
			from, at := v.Value(i)
			if at >= len(from.Ints) {
				return
			}
			if key = from.Ints[at]; c.ref.HasSort && (key < c.ref.SortMin || key > c.ref.SortMax) {
				bad = "a value lies outside the bounds in the manifest"
			}
		}
		if sorted && key < last {
			bad = "the rows are not sorted"
		}
		last = key
	}
	if bad != "" {
		f := findingIn(c.path, "%s", bad)
		f.RowGroup, f.Column = rg, c.file.Metadata()[parquetio.KeySortColumn]
		c.note(f)
	}
}
