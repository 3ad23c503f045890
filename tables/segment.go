package tables

import (
	"sync/atomic"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// segment is up to MaxSegmentRows rows of a table, written under one version of its definition.
type segment struct {
	number uint32
	def    *schemahistory.TableDefinition // under which it was begun
	layout *layout
	cols   []column

	// The writer's own, but for the readers of views in which the segment is not the last one: there it is full, and rows does not change.
	rows     int
	capacity int
	limit    int // rows at which it is full
	closed   bool
	serials  []run // ascending
	deaths   int

	dead      atomic.Pointer[[]uint64] // per row the sequence at which it died, 0 for alive; elements are loaded and stored atomically
	firstDead atomic.Uint64            // the smallest sequence in dead, 0 when all are alive
	before    atomic.Pointer[[]uint64] // per row the row whose key it took over, 0 for none; as dead
	zones     []atomic.Pointer[zone]   // made at the first question, when sealed
	record    recordCell
}

// run says that the rows from offset on have the serial numbers from serial on.
type run struct {
	serial uint64
	offset int32
}

// firstCapacity is the room of a fresh segment: small tables stay small.
const firstCapacity = 64

func newSegment(number uint32, def *schemahistory.TableDefinition, l *layout, limit, room int) *segment {
	s := &segment{number: number, def: def, layout: l, limit: limit, capacity: min(max(firstCapacity, ceilPow2(room)), limit)}
	s.cols = make([]column, len(def.Columns))
	s.zones = make([]atomic.Pointer[zone], len(def.Columns))
	for i := range s.cols {
		s.cols[i].init(def.Columns[i].Type, def.Columns[i].Dictionary, s.capacity)
	}
	return s
}

func ceilPow2(n int) int {
	p := 1
	for p < n {
		p *= 2
	}
	return p
}

// append writes rows [lo, lo+n) of b, for which the segment has room, and numbers them from serial on.
func (s *segment) append(b *vec.Batch, lo, n int, serial uint64) {
	s.write(b, lo, n)
	s.numberFrom(serial, s.rows)
	s.rows += n
}

// appendRestored is append with the serial numbers of runs, of which it takes those of n rows away.
func (s *segment) appendRestored(b *vec.Batch, lo, n int, runs *[]SerialRun) {
	s.write(b, lo, n)
	for n > 0 {
		r := (*runs)[0]
		m := min(n, r.Rows)
		s.numberFrom(r.First, s.rows)
		s.rows += m
		n -= m
		if m == r.Rows {
			*runs = (*runs)[1:]
		} else {
			(*runs)[0] = SerialRun{First: r.First + uint64(m), Rows: r.Rows - m}
		}
	}
}

// write writes rows [lo, lo+n) of b behind the rows there are.
func (s *segment) write(b *vec.Batch, lo, n int) {
	if s.rows+n > s.capacity {
		s.grow(min(max(2*s.capacity, ceilPow2(s.rows+n)), s.limit))
	}
	for i := range s.cols {
		s.cols[i].appendRows(s.rows, b.Cols[i], lo, n)
	}
}

// full tells whether nothing will be appended any more.
func (s *segment) full() bool { return s.closed || s.rows == s.limit }

// numberFrom notes that the row at offset, the next one, has that serial number.
func (s *segment) numberFrom(serial uint64, offset int) {
	if k := len(s.serials); k > 0 {
		last := s.serials[k-1]
		if last.serial+uint64(offset-int(last.offset)) == serial {
			return
		}
	}
	s.serials = append(s.serials, run{serial: serial, offset: int32(offset)})
}

func (s *segment) grow(capacity int) {
	for i := range s.cols {
		s.cols[i].grow(s.rows, capacity)
	}
	if dead := s.dead.Load(); dead != nil {
		larger := grown(*dead, len(*dead), capacity)
		s.dead.Store(&larger)
	}
	if before := s.before.Load(); before != nil {
		larger := grown(*before, len(*before), capacity)
		s.before.Store(&larger)
	}
	s.capacity = capacity
}

// truncate takes back the rows from n on, which no view has seen. A segment that was sealed stays sealed, with fewer rows.
func (s *segment) truncate(n int) {
	for len(s.serials) > 0 && int(s.serials[len(s.serials)-1].offset) >= n {
		s.serials = s.serials[:len(s.serials)-1]
	}
	s.rows = n
	for i := range s.cols {
		c := &s.cols[i]
		state := c.state.Load()
		if state.sealed {
			c.state.Store(&columnState{v: *state.v.Slice(0, n), sealed: true})
		} else if state.valid != nil {
			setFrom(state.valid, n)
		}
	}
}

// kill notes that a row died at a commit sequence, which is not smaller than any noted before. It tells whether the row was alive.
func (s *segment) kill(offset int, seq uint64) bool {
	dead := s.dead.Load()
	if dead == nil {
		fresh := make([]uint64, s.capacity)
		dead = &fresh
		s.dead.Store(dead)
	}
	if (*dead)[offset] != 0 {
		return false
	}
	atomic.StoreUint64(&(*dead)[offset], seq)
	if s.deaths == 0 {
		s.firstDead.Store(seq)
	}
	s.deaths++
	return true
}

// alive tells whether a row has not died, as the writer sees it.
func (s *segment) alive(offset int) bool {
	dead := s.dead.Load()
	return dead == nil || (*dead)[offset] == 0
}

// serial gives the serial number of a row.
func (s *segment) serial(offset int) uint64 {
	lo, hi := 0, len(s.serials) // the last run that begins at or before offset
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; int(s.serials[mid].offset) <= offset {
			lo = mid
		} else {
			hi = mid
		}
	}
	return s.serials[lo].serial + uint64(offset-int(s.serials[lo].offset))
}

// locate gives the offset of the row with that serial number, or -1.
func (s *segment) locate(serial uint64) int {
	if len(s.serials) == 0 || serial < s.serials[0].serial {
		return -1
	}
	lo, hi := 0, len(s.serials)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; s.serials[mid].serial <= serial {
			lo = mid
		} else {
			hi = mid
		}
	}
	end := s.rows
	if lo+1 < len(s.serials) {
		end = int(s.serials[lo+1].offset)
	}
	offset := uint64(s.serials[lo].offset) + (serial - s.serials[lo].serial)
	if offset >= uint64(end) {
		return -1
	}
	return int(offset)
}

// sealedRows gives the number of rows when the segment is sealed, else -1.
func (s *segment) sealedRows() int {
	if state := s.cols[0].state.Load(); state.sealed {
		return state.v.N
	}
	return -1
}
