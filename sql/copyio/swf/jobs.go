package swf

import (
	"bufio"
	"errors"
	"io"
	"math"
	"math/bits"
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
			return r.at(sqlstate.New(sqlstate.BadCopyFileFormat, "the %s is unknown", fieldNames[f]), f, "-1", text)
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

// rows collects jobs in columns.
type rows struct {
	capacity                      int
	id                            [][16]byte
	kind                          *coded
	status                        []uint16
	params, trace                 []string
	memory, cpu                   *vec.Builder
	created, started, completedAt *vec.Builder
}

func newRows(n int) *rows {
	ints := func(t arrowschema.Type) *vec.Builder { return vec.NewBuilder(t, n) }
	return &rows{
		capacity: n, kind: &coded{index: map[string]uint16{}}, memory: ints(arrowschema.Int8), cpu: ints(arrowschema.Int8),
		created: ints(arrowschema.Timestamp), started: ints(arrowschema.Timestamp), completedAt: ints(arrowschema.Timestamp),
	}
}

// add appends the job.
func (r *Reader) add(b *rows) error {
	j := &r.job
	b.id = append(b.id, r.identify())
	kind := r.header.Queues[j[queue]]
	if kind == "" || j[queue] < 0 {
		kind = "batch"
	}
	b.kind.add(kind)
	b.status = append(b.status, statusOf(j))
	b.params = append(b.params, r.parameters())
	b.trace = append(b.trace, r.trace())
	created := r.header.Start*1_000_000 + j[submitTime]
	started := created + max(j[waitTime], 0)
	b.created.AppendInt(created)
	b.started.AppendInt(started)
	if j[runTime] >= 0 {
		b.completedAt.AppendInt(started + j[runTime])
	} else {
		b.completedAt.AppendNull()
	}
	if !product(b.memory, j[usedMemory], j[processors], 1024) {
		return r.at(sqlstate.New(sqlstate.NumericValueOutOfRange, "bigint out of range"), usedMemory, micros(j[usedMemory]), "")
	}
	if !product(b.cpu, j[cpuTime], j[processors], 1_000_000) {
		return r.at(sqlstate.New(sqlstate.NumericValueOutOfRange, "bigint out of range"), cpuTime, micros(j[cpuTime]), "")
	}
	return nil
}

// product appends measured × count × unit, of which measured is in millionths; NULL where one is unknown. It fails beyond 64 bits.
func product(to *vec.Builder, measured, count, unit int64) bool {
	if measured < 0 || count < 0 {
		to.AppendNull()
		return true
	}
	hi, lo := bits.Mul64(uint64(measured), uint64(count)) // below 2^63 × 2^44
	over, high := bits.Mul64(hi, uint64(unit))
	carry, low := bits.Mul64(lo, uint64(unit))
	high, c := bits.Add64(high, carry, 0)
	if over+c != 0 || high >= 1_000_000 {
		return false
	}
	n, _ := bits.Div64(high, low, 1_000_000)
	if n > math.MaxInt64 {
		return false
	}
	to.AppendInt(int64(n))
	return true
}

// statusOf gives the place of the job's status in Reader.statuses.
func statusOf(j *job) uint16 {
	switch s := j[status]; {
	case s == stateCompleted, s < 0 && j[runTime] >= 0:
		return 0
	case s == stateFailed:
		return 1
	case s == stateCancelled:
		return 2
	default: // unknown, and it never ran; or a state that the format does not have
		return 2
	}
}

// identify hashes installation, computer and job number.
func (r *Reader) identify() [16]byte {
	if r.prefix == 0 {
		r.name = append(append(append(append(r.name[:0], r.header.Installation...), '/'), r.header.Computer...), ':')
		r.prefix = len(r.name)
	}
	r.name = strconv.AppendInt(r.name[:r.prefix], r.job[jobNumber], 10)
	return uuid.NewSHA1(r.space, r.name)
}

// parameters gives the JSON array, in jsonb's canonical text.
func (r *Reader) parameters() string {
	r.text = append(r.text[:0], '[')
	for i, f := range []int{user, group, executable, queue, processors} {
		if i > 0 {
			r.text = append(r.text, ", "...)
		}
		if r.job[f] < 0 {
			r.text = append(r.text, "null"...)
		} else {
			r.text = strconv.AppendInt(r.text, r.job[f], 10)
		}
	}
	return string(append(r.text, ']'))
}

func (r *Reader) trace() string {
	j := &r.job
	if name := r.header.Partitions[j[partition]]; name != "" {
		r.text = append(r.text[:0], name...)
	} else {
		r.text = strconv.AppendInt(r.text[:0], j[partition], 10)
	}
	r.text = strconv.AppendInt(append(r.text, ':'), j[queue], 10)
	return string(strconv.AppendInt(append(r.text, ':'), j[jobNumber], 10))
}

// batch makes the vectors.
func (b *rows) batch(statuses *vec.Vec) *vec.Batch {
	n := len(b.id)
	return &vec.Batch{N: n, Cols: []*vec.Vec{
		vec.NewFlat(arrowschema.UUID, b.id, nil), b.kind.vec(), vec.NewDict(b.status, statuses, nil),
		vec.NewFlat(arrowschema.JSONB, b.params, nil), vec.NewNull(arrowschema.Text, n), vec.NewFlat(arrowschema.Text, b.trace, nil),
		b.memory.Vec(), b.cpu.Vec(), b.created.Vec(), b.started.Vec(), b.completedAt.Vec(), vec.NewNull(arrowschema.Text, n),
	}}
}

// coded collects text of few distinct values.
type coded struct {
	index map[string]uint16
	names []string
	codes []uint16
}

func (c *coded) add(s string) {
	code, ok := c.index[s]
	if !ok {
		code = uint16(len(c.names))
		c.index[s] = code
		c.names = append(c.names, s)
	}
	c.codes = append(c.codes, code)
}

func (c *coded) vec() *vec.Vec {
	return vec.NewDict(c.codes, vec.NewFlat(arrowschema.Text, c.names, nil), nil)
}
