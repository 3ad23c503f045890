package swf

import (
	"bufio"
	"errors"
	"io"
	"strconv"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
)

// The states that the format has beyond those of system.jobs.
const (
	stateFailed, stateCompleted, stateCancelled = 0, 1, 5
	statePartFirst, statePartLast               = 2, 4
)

// maxLine bounds a line: 18 numbers, or a remark.
const maxLine = 1 << 20

// columnTypes are the columns of the batches that Read gives: those of system.jobs, in the contract's order.
var columnTypes = []struct {
	name string
	t    arrowschema.Type
}{
	{"job_id", arrowschema.UUID}, {"job_type", arrowschema.Text}, {"status", arrowschema.Text}, {"parameters", arrowschema.JSONB},
	{"result", arrowschema.Text}, {"trace", arrowschema.Text}, {"memory_used", arrowschema.Int8}, {"cpu_used", arrowschema.Int8},
	{"created_at", arrowschema.Timestamp}, {"started_at", arrowschema.Timestamp}, {"completed_at", arrowschema.Timestamp}, {"error", arrowschema.Text},
}

// Column gives the place and the type of a column of system.jobs in the batches of a Reader.
func Column(name string) (index int, t arrowschema.Type, ok bool) {
	for i, c := range columnTypes {
		if c.name == name {
			return i, c.t, true
		}
	}
	return -1, arrowschema.Unknown, false
}

// Reader reads a log. It is used by one goroutine.
type Reader struct {
	in       *bufio.Scanner
	relation string
	header   Header
	space    uuid.UUID
	name     []byte // scratch: what is hashed for job_id
	prefix   int
	text     []byte // scratch
	statuses *vec.Vec
	line     int64
	job      job
	err      error
}

// NewReader reads a log from r, which is not compressed. relation is the table's name, for the CONTEXT of errors.
func NewReader(r io.Reader, relation string) *Reader {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 64<<10), maxLine)
	statuses := vec.NewFlat(arrowschema.Text, []string{"completed", "failed", "cancelled"}, nil)
	return &Reader{in: in, relation: relation, statuses: statuses, space: uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://www.cs.huji.ac.il/labs/parallel/workload/"))}
}

// Header gives what the header lines said that were read so far: all of them as soon as there was a job.
func (r *Reader) Header() Header { return r.header }

// Line gives the number of the line that was read last.
func (r *Reader) Line() int64 { return r.line }

// Read gives the next jobs, at most n, as rows of system.jobs, and the line of each; nil after the last.
//
// Errors, as *sqlstate.Error: 22P04 for a line that is none, naming line and field; 22003 for what 64 bits do not hold; 54000 for a line longer
// than 1 MiB.
func (r *Reader) Read(n int) (*vec.Batch, []int64, error) {
	if r.err != nil {
		return nil, nil, r.err
	}
	n = min(n, vec.MaxDict) // the codes of a batch's job types have 16 bits
	rows := newRows(min(n, 8192))
	lines := make([]int64, 0, rows.capacity)
	for len(lines) < n {
		ok, err := r.next()
		if err != nil {
			r.err = err
			return nil, nil, err
		}
		if !ok {
			break
		}
		if err := r.add(rows); err != nil {
			r.err = err
			return nil, nil, err
		}
		lines = append(lines, r.line)
	}
	if len(lines) == 0 {
		return nil, nil, nil
	}
	return rows.batch(r.statuses), lines, nil
}

// next reads the next line that is a job.
func (r *Reader) next() (bool, error) {
	for r.in.Scan() {
		r.line++
		if err := r.in.Err(); err != nil { // what was read last may be half a line
			return false, err
		}
		text := r.in.Text()
		switch first := firstByte(text); {
		case first == 0:
			continue
		case first == ';':
			r.header.line(text)
			r.prefix = 0
			continue
		}
		if field, value, err := r.job.parse(text); err != nil {
			return false, r.at(err, field, value, text)
		}
		if s := r.job[status]; s >= statePartFirst && s <= statePartLast {
			continue
		}
		return true, r.check(text)
	}
	r.line++
	err := r.in.Err()
	if errors.Is(err, bufio.ErrTooLong) {
		err = r.at(sqlstate.New(sqlstate.ProgramLimitExceeded, "line is longer than %d bytes", maxLine), -1, "", "")
	}
	return false, err
}

// firstByte gives the first byte of a line that is no space; 0 when there is none.
func firstByte(s string) byte {
	for i := range len(s) {
		if s[i] != ' ' && s[i] != '\t' && s[i] != '\r' {
			return s[i]
		}
	}
	return 0
}

// check refuses a job without what it cannot do without.
func (r *Reader) check(text string) error {
	if !r.header.HasStart {
		return r.at(sqlstate.New(sqlstate.BadCopyFileFormat, "the log has no UnixStartTime").
			WithHint("Put a line such as \"; UnixStartTime: 1132444805\" at its beginning."), -1, "", text)
	}
	for _, f := range []int{jobNumber, submitTime} {
		if r.job[f] < 0 {
			return r.at(sqlstate.New(sqlstate.BadCopyFileFormat, "the %s is unknown", sqlstate.SafeString(fieldNames[f])), f, "-1", text)
		}
	}
	for _, f := range []int{submitTime, waitTime, runTime} {
		if r.job[f] > maxSeconds*1_000_000 {
			return r.at(sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range"), f, micros(r.job[f]), text)
		}
	}
	return nil
}

func micros(n int64) string { return strconv.FormatInt(n/1_000_000, 10) }

// at gives an error its place.
func (r *Reader) at(err *sqlstate.Error, field int, value, line string) error {
	if field >= 0 {
		return err.InContext("COPY %s, line %d, field %s: \"%s\"", r.relation, r.line, fieldNames[field], clip(readable(value)))
	}
	return err.InContext("COPY %s, line %d: \"%s\"", r.relation, r.line, clip(readable(line)))
}

func clip(s string) string {
	if len(s) <= 100 {
		return s
	}
	end := 100
	for s[end]&0xc0 == 0x80 {
		end--
	}
	return s[:end] + "..."
}
