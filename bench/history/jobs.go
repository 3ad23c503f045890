package history

import (
	"encoding/binary"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// The random words of a job, by what they decide.
const (
	wordID       = iota // and the next
	wordKind     = 2
	wordStatus   = 3
	wordTrace    = 4
	wordTable    = 5
	wordUser     = 6
	wordTime     = 7
	wordDuration = 8  // and the next
	wordMemory   = 10 // and the next
	wordCPU      = 12 // and the next
	wordWait     = 14 // and the next
	wordCount    = 16 // and the next
	wordDetail   = 18
	wordTail     = 19
	wordPart     = 20
	wordError    = 21
	wordMore     = 22
)

// The places of the statuses.
const (
	pending = iota
	running
	completed
	failed
	cancelled
)

// none stands for a time that is NULL.
const none = -1 << 63

// job is one row before it is written into vectors.
type job struct {
	row                         row
	kind                        int
	status                      int
	table                       [2]string
	user                        string
	created, started, completed int64
	memory, cpu                 int64 // -1 for NULL
	count                       int64 // what the job worked on: records, files …
	trace                       int   // place in History.traces; -1 for NULL
}

// MaxBatch is the largest number of rows in a batch.
const MaxBatch = vec.MaxDict

// Jobs gives rows from to from+n-1 of system.jobs, all columns in the table's order; at most MaxBatch, fewer than n at the end, nil behind it.
// Text of few values is dictionary-coded: job_type, status and trace with dictionaries that all batches of a History share, error with one of
// the batch's own.
func (h *History) Jobs(from int64, n int) *vec.Batch {
	n = int(min(int64(n), h.opts.Rows-from, MaxBatch))
	if n <= 0 || from < 0 {
		return nil
	}
	c := newJobColumns(n)
	hour := h.clock.hour(from, h.opts.Rows)
	var j job
	for i := range n {
		hour = h.job(&j, from+int64(i), hour)
		c.put(h, i, &j)
	}
	return c.batch(h)
}

// job computes a row. It takes an hour not after its own, and gives its own.
func (h *History) job(j *job, i int64, hour int) int {
	r := h.jobs.row(i)
	j.row = r
	j.created, hour = h.clock.at(i, h.opts.Rows, r.word(wordTime), hour)
	j.kind = kindOf(below(r.word(wordKind), 10_000))
	j.table, j.user = h.table(r.word(wordTable)), h.user(r.word(wordUser))
	j.status = h.status(j, i)
	j.count = 1 + h.powers.logNormal(r.word(wordCount), r.word(wordCount+1), countMean, countSpread)
	h.times(j)
	h.measures(j)
	return hour
}

func kindOf(share uint64) int {
	for k := range kinds {
		if share < kinds[k].upTo {
			return k
		}
	}
	return kindCount - 1
}

// status decides how a job ended, or, at the end of time, that it has not.
func (h *History) status(j *job, i int64) int {
	if left := h.opts.Rows - 1 - i; left < 2*h.tail {
		if w := j.row.word(wordTail); below(w, uint64(2*h.tail)) >= uint64(max(left, h.tail*3/10)) {
			if left < h.tail && below(w*golden, uint64(h.tail)) >= uint64(left) {
				return pending
			}
			return running
		}
	}
	switch share, k := below(j.row.word(wordStatus), 10_000), &kinds[j.kind]; {
	case share < k.done:
		return completed
	case share < k.failed:
		return failed
	}
	return cancelled
}

// times decides when the job started and ended, neither after the end of time.
func (h *History) times(j *job) {
	left := h.end - j.created
	wait := h.powers.logNormal(j.row.word(wordWait), j.row.word(wordWait+1), waitMean, waitSpread)
	part := j.row.word(wordPart)
	j.started, j.completed = j.created+min(wait, left/4), none
	if j.status == pending {
		j.started = none
	}
	if j.status == pending || j.status == running {
		return
	}
	took := h.powers.logNormal(j.row.word(wordDuration), j.row.word(wordDuration+1), kinds[j.kind].duration, durationSpread)
	if j.status != completed { // it was stopped on the way
		took = int64(below(part, uint64(took))) + 1
	}
	if j.started+took > h.end { // it has ended, so it ended before the end
		took = int64(below(part*golden, uint64(h.end-j.started)+1))
	}
	j.completed = j.started + took
	if j.status == cancelled && part&1 == 0 { // before it started
		j.started = none
	}
}

// measures decides memory, CPU time and place.
func (h *History) measures(j *job) {
	j.memory, j.cpu, j.trace = -1, -1, -1
	if j.started == none {
		return
	}
	w := j.row.word(wordTrace)
	k, first := j.kind, 0
	for i := range k {
		first += kinds[i].actors
	}
	node, actor, thread := int(below(w, nodeCount)), int(below(w*golden, uint64(kinds[k].actors))), int(w>>8%threadCount)
	j.trace = (node*actorCount+first+actor)*threadCount + thread
	if j.completed == none {
		return
	}
	j.memory = h.powers.logNormal(j.row.word(wordMemory), j.row.word(wordMemory+1), kinds[k].memory, memorySpread)
	const unit = 1 << 16 // the factor in 1/65536; its median is 0.7
	factor := h.powers.logNormal(j.row.word(wordCPU), j.row.word(wordCPU+1), 16*65536-33723, cpuSpread)
	took := j.completed - j.started
	j.cpu = took/unit*factor + took%unit*factor/unit
}

// jobColumns are the columns of a batch that is being made.
type jobColumns struct {
	ids                         [][16]byte
	kinds, statuses, traces     []uint16
	params, results             *strings
	memory, cpu                 nullable
	created                     []int64
	started, ended              nullable
	errors                      []uint16
	messages                    *strings
	traceNulls, resultN, errorN vec.Bitmap
}

// nullable is a column of integers.
type nullable struct {
	values []int64
	valid  vec.Bitmap
}

func newNullable(n int) nullable {
	return nullable{values: make([]int64, n), valid: make(vec.Bitmap, (n+63)/64)}
}

func (c *nullable) put(i int, v int64, null bool) {
	if !null {
		c.values[i] = v
		c.valid.Set(i)
	}
}

func (c *nullable) vec(t arrowschema.Type) *vec.Vec {
	valid := c.valid
	if valid.Count(len(c.values)) == len(c.values) {
		valid = nil
	}
	return vec.NewFlat(t, c.values, valid)
}

func newJobColumns(n int) *jobColumns {
	codes := func() []uint16 { return make([]uint16, n) }
	nulls := func() vec.Bitmap { return make(vec.Bitmap, (n+63)/64) }
	return &jobColumns{
		ids: make([][16]byte, n), kinds: codes(), statuses: codes(), traces: codes(), params: newStrings(n, 40), results: newStrings(n, 110),
		memory: newNullable(n), cpu: newNullable(n), created: make([]int64, n), started: newNullable(n), ended: newNullable(n), errors: codes(),
		messages: newStrings(n/16+1, 80), traceNulls: nulls(), resultN: nulls(), errorN: nulls(),
	}
}

func (c *jobColumns) put(h *History, i int, j *job) {
	c.ids[i] = uuidOf(j.row)
	c.kinds[i], c.statuses[i] = uint16(j.kind), uint16(j.status)
	c.params.data = appendParameters(c.params.data, j)
	c.params.end()
	if j.status == completed {
		c.results.data = h.appendResult(c.results.data, j, c.results)
		c.resultN.Set(i)
	}
	c.results.end()
	if j.trace >= 0 {
		c.traces[i] = uint16(j.trace)
		c.traceNulls.Set(i)
	}
	c.memory.put(i, j.memory, j.memory < 0)
	c.cpu.put(i, j.cpu, j.cpu < 0)
	c.created[i] = j.created
	c.started.put(i, j.started, j.started == none)
	c.ended.put(i, j.completed, j.completed == none)
	if j.status == failed { // there are no more of them than codes
		c.errors[i] = uint16(c.messages.rows())
		c.messages.data = appendError(c.messages.data, j)
		c.messages.end()
		c.errorN.Set(i)
	}
}

// uuidOf makes a random UUID (version 4) of the first two words of a row.
func uuidOf(r row) (id [16]byte) {
	binary.BigEndian.PutUint64(id[:8], r.word(wordID)&^0xf000|0x4000)
	binary.BigEndian.PutUint64(id[8:], r.word(wordID+1)&^(0xc0<<56)|0x80<<56)
	return id
}

func (c *jobColumns) batch(h *History) *vec.Batch {
	errors := vec.NewNull(arrowschema.Text, len(c.ids))
	if c.messages.rows() > 0 {
		errors = vec.NewDict(c.errors, c.messages.vec(arrowschema.Text, nil), c.errorN)
	}
	return &vec.Batch{N: len(c.ids), Cols: []*vec.Vec{
		vec.NewFlat(arrowschema.UUID, c.ids, nil), vec.NewDict(c.kinds, h.jobTypes, nil), vec.NewDict(c.statuses, h.statuses, nil),
		c.params.vec(arrowschema.JSONB, nil), c.results.vec(arrowschema.Text, c.resultN), vec.NewDict(c.traces, h.traces, c.traceNulls),
		c.memory.vec(arrowschema.Int8), c.cpu.vec(arrowschema.Int8), vec.NewFlat(arrowschema.Timestamp, c.created, nil),
		c.started.vec(arrowschema.Timestamp), c.ended.vec(arrowschema.Timestamp), errors,
	}}
}
