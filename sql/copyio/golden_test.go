package copyio

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/parser"
)

// goldenError is PostgreSQL's answer to a case that fails.
type goldenError struct {
	Code, Message, Detail, Hint, Where string
	Position                           int
}

// requireError compares an error with PostgreSQL's. The hint that tells of psql's \copy is the server's own.
func requireError(t *testing.T, want *goldenError, err error, msg string) {
	t.Helper()
	if want == nil {
		require.NoError(t, err, msg)
		return
	}
	var e *sqlstate.Error
	require.ErrorAs(t, err, &e, msg)
	got := goldenError{Code: string(e.Code), Message: e.Message, Detail: e.Detail, Hint: e.Hint, Where: e.Where, Position: e.Position}
	require.Equal(t, *want, got, msg)
}

// whereOf gives the CONTEXT of an error about a row of the last batch.
func whereOf(t *testing.T, r Reader, row int) string {
	t.Helper()
	var e *sqlstate.Error
	require.ErrorAs(t, r.Refused(sqlstate.New(sqlstate.UniqueViolation, "refused"), r.Place(row), ""), &e)
	return e.Where
}

func golden(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, into))
}

func testContext() *exprs.Ctx {
	return exprs.NewCtx(context.Background(), time.Date(2025, 10, 22, 12, 0, 0, 0, time.UTC).UnixMicro(), time.UTC)
}

// columnsOf reads "a int, v varchar(4)".
func columnsOf(t *testing.T, text string) []Column {
	t.Helper()
	synonyms := map[string]string{"int": "int4"}
	var out []Column
	for _, m := range regexp.MustCompile(`(\w+) (\w+)(?:\(([\d,]+)\))?(?:, |$)`).FindAllStringSubmatch(text, -1) {
		name := m[2]
		if s, ok := synonyms[name]; ok {
			name = s
		}
		typ, ok := arrowschema.ByName(name)
		require.True(t, ok, name)
		c := Column{Name: m[1], Type: typ}
		for _, mod := range strings.Split(m[3], ",") {
			if n, err := strconv.Atoi(mod); err == nil {
				c.Modifier = append(c.Modifier, int32(n))
			}
		}
		out = append(out, c)
	}
	return out
}

// parseCopy gives the COPY statement of a text.
func parseCopy(t *testing.T, sql string) *parser.Copy {
	t.Helper()
	stmts, err := parser.Parse(sql)
	require.NoError(t, err, sql)
	return stmts[0].Node.(*parser.Copy)
}

// textOf gives the rows of batches as PostgreSQL's text.
func textOf(rows [][]*string, b *vec.Batch) [][]*string {
	for i := range b.N {
		row := []*string{}
		for _, c := range b.Cols {
			var cell *string
			if !c.IsNull(i) {
				s := string(vec.AppendText(nil, c, i, time.UTC))
				cell = &s
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return rows
}

// readAll reads everything in batches of n rows.
func readAll(r Reader, n int) ([][]*string, error) {
	rows := [][]*string{}
	for {
		b, err := r.Read(context.Background(), n)
		if err != nil || b == nil {
			return rows, errors.Join(err, r.Close())
		}
		rows = textOf(rows, b)
	}
}

func TestOptionsAgainstPostgreSQL(t *testing.T) {
	t.Parallel()
	var cases []struct {
		SQL   string
		Error *goldenError
	}
	golden(t, "options.json", &cases)
	require.Greater(t, len(cases), 150)
	for _, c := range cases {
		stmts, err := parser.Parse(c.SQL)
		if err == nil {
			s := stmts[0].Node.(*parser.Copy)
			var o *Options
			if o, err = ParseOptions(s.Options, s.From, s.File); err == nil && s.From {
				var r Reader
				if r, err = NewReader(strings.NewReader(""), o, columnsOf(t, "a int, b text"), "t", builtin.Registry(), testContext()); err == nil {
					_, err = readAll(r, 1)
				}
			}
		}
		requireError(t, c.Error, err, c.SQL)
	}
}

func TestReadAgainstPostgreSQL(t *testing.T) {
	t.Parallel()
	var cases []struct {
		Columns, Options string
		Data             []byte
		Rows             [][]*string
		Error            *goldenError
	}
	golden(t, "read.json", &cases)
	require.Greater(t, len(cases), 200)
	reg := builtin.Registry()
	for i, c := range cases {
		s := parseCopy(t, "COPY t FROM STDIN "+c.Options)
		o, err := ParseOptions(s.Options, true, "")
		require.NoError(t, err)
		for _, rows := range []int{1, 2, 1000} {
			for _, oneByte := range []bool{false, true} {
				msg := fmt.Sprintf("case %d: %s %s %q, %d rows", i, c.Columns, c.Options, c.Data, rows)
				src := bytes.NewReader(c.Data)
				in := iotest.DataErrReader(src)
				if oneByte {
					in = iotest.OneByteReader(src)
				}
				r, err := NewReader(in, o, columnsOf(t, c.Columns), "t", reg, testContext())
				require.NoError(t, err, msg)
				got, err := readAll(r, rows)
				requireError(t, c.Error, err, msg)
				if c.Error == nil {
					require.Equal(t, c.Rows, got, msg)
				}
			}
		}
	}
}

func TestWriteAgainstPostgreSQL(t *testing.T) {
	t.Parallel()
	var cases []struct {
		Options string
		Columns [][2]string
		Rows    [][]*string
		Text    []byte
		JSON    []string
	}
	golden(t, "write.json", &cases)
	require.Greater(t, len(cases), 15)
	reg := builtin.Registry()
	for i, c := range cases {
		var cols []Column
		for _, col := range c.Columns {
			typ, ok := arrowschema.ByName(col[1])
			require.True(t, ok)
			cols = append(cols, Column{Name: col[0], Type: typ})
		}
		b := batchOf(t, cols, c.Rows, reg)
		s := parseCopy(t, "COPY (SELECT) TO STDOUT "+c.Options)
		o, err := ParseOptions(s.Options, false, "")
		require.NoError(t, err)
		require.Equal(t, string(c.Text), write(t, o, cols, b), "case %d: %s", i, c.Options)
		require.Equal(t, string(c.Text), write(t, o, cols, coded(b)), "case %d: %s, coded", i, c.Options)
		if c.JSON != nil {
			var want []string
			for _, line := range c.JSON { // a value of json keeps its line ends in PostgreSQL; none of the cases has one
				want = append(want, line+"\n")
			}
			require.Equal(t, strings.Join(want, ""), write(t, &Options{Format: NDJSON}, cols, b), "case %d", i)
		}
	}
}

// batchOf makes a batch of the text of values.
func batchOf(t *testing.T, cols []Column, rows [][]*string, reg *exprs.Registry) *vec.Batch {
	t.Helper()
	conv, err := newConverters(cols, reg, testContext())
	require.NoError(t, err)
	b := &vec.Batch{N: len(rows)}
	for i := range cols {
		v := vec.NewBuilder(arrowschema.Text, len(rows))
		for _, row := range rows {
			if row[i] == nil {
				v.AppendNull()
			} else {
				v.AppendString(*row[i])
			}
		}
		out, err := conv[i].run(v.Vec())
		require.NoError(t, err)
		b.Cols = append(b.Cols, out)
	}
	return b
}

// coded gives the batch with every column dictionary-coded, in reverse order of the entries.
func coded(b *vec.Batch) *vec.Batch {
	out := &vec.Batch{N: b.N}
	for _, c := range b.Cols {
		sel, codes := make([]int32, b.N), make([]uint16, b.N)
		for i := range sel {
			sel[i], codes[i] = int32(b.N-1-i), uint16(b.N-1-i)
		}
		out.Cols = append(out.Cols, vec.NewDict(codes, c.Flat().Gather(sel), nil))
	}
	return out
}

func write(t *testing.T, o *Options, cols []Column, b *vec.Batch) string {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, o, cols, time.UTC)
	require.NoError(t, err)
	require.NoError(t, w.Write(b.Slice(0, b.N/2)))
	require.NoError(t, w.Write(b.Slice(b.N/2, b.N)))
	require.NoError(t, w.Close())
	return out.String()
}
