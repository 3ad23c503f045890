package swf

import (
	"math"
	"math/bits"
	"strconv"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
)

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
