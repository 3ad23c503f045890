package tables

import (
	"unsafe"

	"github.com/stoadb/stoa/exprs/vec"
)

// seal closes the segment: its columns take the form in which they stay. Readers of earlier views may go on with the arrays they have.
func (s *segment) seal() {
	s.closed = true
	for i := range s.cols {
		s.cols[i].seal(s.rows)
	}
}

// seal gives the column its last form: arrays cut to the rows, dictionaries without their hash tables and their text end to end. Flat text stays
// where it is: laying it end to end, as Arrow wants it, would cost a tenth of an import for the few who ask for the record batch.
func (c *column) seal(rows int) {
	old := c.state.Load()
	if old.sealed {
		return
	}
	s := &columnState{sealed: true}
	setPrefix(&s.v, &old.v, rows)
	s.v.Valid = snapshotBits(old.valid, rows)
	if old.dict != nil {
		n := int(old.dict.count.Load())
		s.v.Dict = packTexts(&vec.Vec{Type: c.typ, N: n, Strs: (*old.dict.entries.Load())[:n]})
	}
	if old.capacity() > rows+rows/8 {
		s.v = *compact(&s.v)
	}
	c.text = arena{}
	c.state.Store(s)
}

// packTexts gives a flat text vector whose values lie end to end in one piece of memory, as Arrow lays them out.
func packTexts(v *vec.Vec) *vec.Vec {
	size := 0
	for i, s := range v.Strs {
		if v.Valid.Get(i) {
			size += len(s)
		}
	}
	data := make([]byte, 0, size)
	out := &vec.Vec{Type: v.Type, N: v.N, Valid: v.Valid, Strs: make([]string, v.N)}
	for i, s := range v.Strs {
		if len(s) > 0 && v.Valid.Get(i) {
			at := len(data)
			data = append(data, s...)
			out.Strs[i] = unsafe.String(&data[at], len(s))
		}
	}
	return out
}

// compact gives v in arrays of just its size.
func compact(v *vec.Vec) *vec.Vec {
	all := make([]int32, v.N)
	for i := range all {
		all[i] = int32(i)
	}
	return v.Gather(all)
}
