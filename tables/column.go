package tables

import (
	"sync/atomic"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// column is a column of a segment. Readers load state and look at the rows below their limit; the writer fills rows above every limit and
// stores another state when an array must be replaced.
type column struct {
	typ   arrowschema.Type
	state atomic.Pointer[columnState]
	text  arena // of flat text, the writer's own
}

// columnState is what readers need to know of a column. It is never changed; what its arrays hold beyond a reader's limit is the writer's.
type columnState struct {
	v      vec.Vec     // the arrays, of full capacity; when sealed, the vector itself
	valid  vec.Bitmap  // nil while there is no NULL; words are loaded and stored atomically until the column is sealed
	dict   *dictionary // nil when flat or sealed
	sealed bool
}

func (c *column) init(t arrowschema.Type, coded bool, capacity int) {
	c.typ = t
	s := &columnState{}
	if coded && t.Physical() == arrowschema.Strings {
		s.v = vec.Vec{Type: t, Codes: make([]uint16, capacity)}
		s.dict = newDictionary(capacity)
	} else {
		s.v.Type, s.v.N = t, capacity
		s.v.Make()
		c.text = newArena(capacity)
	}
	c.state.Store(s)
}

// grow replaces the arrays by larger ones, of which the first rows are filled.
func (c *column) grow(rows, capacity int) {
	old := c.state.Load()
	s := &columnState{dict: old.dict}
	if old.dict != nil {
		s.v = vec.Vec{Type: c.typ, Codes: grown(old.v.Codes, rows, capacity)}
	} else {
		v := &old.v
		s.v = vec.Vec{Type: c.typ}
		switch c.typ.Physical() {
		case arrowschema.Bools:
			s.v.Bools = grown(v.Bools, rows, capacity)
		case arrowschema.Ints:
			s.v.Ints = grown(v.Ints, rows, capacity)
		case arrowschema.Floats:
			s.v.Floats = grown(v.Floats, rows, capacity)
		case arrowschema.Strings:
			s.v.Strs = grown(v.Strs, rows, capacity)
		case arrowschema.UUIDs:
			s.v.UUIDs = grown(v.UUIDs, rows, capacity)
		case arrowschema.Decs:
			s.v.Decs = grown(v.Decs, rows, capacity)
		case arrowschema.Intervals:
			s.v.Intervals = grown(v.Intervals, rows, capacity)
		}
	}
	if old.valid != nil {
		s.valid = vec.NewBitmap(capacity)
		copy(s.valid, old.valid) // the writer reads its own words
	}
	c.state.Store(s)
}

func grown[T any](s []T, rows, capacity int) []T {
	out := make([]T, capacity)
	copy(out, s[:rows])
	return out
}

// vec gives the first rows of the column.
func (c *column) vec(rows int) *vec.Vec {
	s := c.state.Load()
	if s.sealed {
		return s.v.Slice(0, rows)
	}
	v := &vec.Vec{}
	setPrefix(v, &s.v, rows)
	if s.dict != nil {
		v.Dict = s.dict.vec(c.typ)
	}
	v.Valid = snapshotBits(s.valid, rows)
	return v
}

// setPrefix makes out, which is empty, the first rows of the arrays of v, without validity and dictionary.
func setPrefix(out, v *vec.Vec, rows int) {
	out.Type, out.N = v.Type, rows
	switch {
	case v.Codes != nil:
		out.Codes = v.Codes[:rows:rows]
	case v.Ints != nil:
		out.Ints = v.Ints[:rows:rows]
	case v.Strs != nil:
		out.Strs = v.Strs[:rows:rows]
	case v.UUIDs != nil:
		out.UUIDs = v.UUIDs[:rows:rows]
	case v.Floats != nil:
		out.Floats = v.Floats[:rows:rows]
	case v.Bools != nil:
		out.Bools = v.Bools[:rows:rows]
	case v.Decs != nil:
		out.Decs = v.Decs[:rows:rows]
	case v.Intervals != nil:
		out.Intervals = v.Intervals[:rows:rows]
	}
}

// snapshotBits copies the first n bits of a bitmap whose last word the writer may be changing; nil when all are set.
func snapshotBits(b vec.Bitmap, n int) vec.Bitmap {
	if b == nil {
		return nil
	}
	out := make(vec.Bitmap, (n+63)/64)
	all := ^uint64(0)
	for i := range out {
		w := atomic.LoadUint64(&b[i])
		if r := n - 64*i; r < 64 {
			w |= ^uint64(0) << uint(r)
		}
		out[i] = w
		all &= w
	}
	if all == ^uint64(0) {
		return nil
	}
	return out
}

// appendRows writes rows [lo, lo+n) of v, whose physical form is the column's, to rows [at, at+n), for which there is room.
func (c *column) appendRows(at int, v *vec.Vec, lo, n int) {
	if v.Dict != nil && v.Dict.Valid != nil {
		v, lo = v.Slice(lo, lo+n).Flat(), 0 // NULLs within a dictionary are rare, and folded into the rows'
	}
	s := c.state.Load()
	c.appendNulls(s, at, v, lo, n)
	if v.NullConst() {
		return // what lies under NULLs is zero: the arrays are fresh, or were cut back over by rows that nobody has seen
	}
	if s = c.state.Load(); s.dict != nil {
		c.appendCodes(s, at, v, lo, n)
		return
	}
	switch c.typ.Physical() {
	case arrowschema.Bools:
		appendElems(s.v.Bools[at:at+n], v.Bools, v, lo)
	case arrowschema.Ints:
		appendElems(s.v.Ints[at:at+n], v.Ints, v, lo)
	case arrowschema.Floats:
		appendElems(s.v.Floats[at:at+n], v.Floats, v, lo)
	case arrowschema.Strings:
		c.appendTexts(s.v.Strs[at:at+n], v, lo)
	case arrowschema.UUIDs:
		appendElems(s.v.UUIDs[at:at+n], v.UUIDs, v, lo)
	case arrowschema.Decs:
		appendElems(s.v.Decs[at:at+n], v.Decs, v, lo)
	case arrowschema.Intervals:
		appendElems(s.v.Intervals[at:at+n], v.Intervals, v, lo)
	}
}

// appendElems fills dst with the elements of v from row lo on, which src holds unless v is dictionary-coded.
func appendElems[T vec.Elem](dst, src []T, v *vec.Vec, lo int) {
	switch {
	case v.Const:
		for i := range dst {
			dst[i] = src[0]
		}
	case v.Dict != nil:
		copy(dst, vec.Of[T](v.Slice(lo, lo+len(dst)).Flat()))
	default:
		copy(dst, src[lo:])
	}
}

// appendTexts copies text into the column's arena.
func (c *column) appendTexts(dst []string, v *vec.Vec, lo int) {
	if v.Const {
		s := c.text.copy(v.Strs[0])
		for i := range dst {
			dst[i] = s
		}
		return
	}
	size := 0
	for i := range dst {
		w, j := v.Value(lo + i)
		if v.Valid.Get(lo + i) {
			size += len(w.Strs[j])
		}
	}
	if size > maxPiece/16 {
		c.text.reserve(size)
	}
	for i := range dst {
		w, j := v.Value(lo + i)
		if v.Valid.Get(lo + i) {
			dst[i] = c.text.copy(w.Strs[j])
		} else {
			dst[i] = ""
		}
	}
}

// codePart is how many rows are coded before it is asked again whether the column should go on flat.
const codePart = 2048

// appendCodes enters text into the dictionary, and goes over to flat when it has too many entries.
func (c *column) appendCodes(s *columnState, at int, v *vec.Vec, lo, n int) {
	var known []int32 // for each entry of v's dictionary its code here, plus one
	if v.Dict != nil && v.Dict.N <= 2*n {
		known = make([]int32, v.Dict.N)
	}
	for done := 0; done < n; {
		part := min(codePart, n-done)
		codes, from := s.v.Codes[at+done:at+done+part], lo+done
		switch {
		case v.Const:
			code := s.dict.code(v.Strs[0])
			for i := range codes {
				codes[i] = code
			}
		case known != nil:
			s.dict.recode(codes, v, from, known)
		default:
			for i := range codes {
				codes[i] = 0
				if v.Valid.Get(from + i) {
					w, j := v.Value(from + i)
					codes[i] = s.dict.code(w.Strs[j])
				}
			}
		}
		done += part
		if s.dict.tooMany(at + done) {
			c.flatten(at + done)
			c.appendTexts(c.state.Load().v.Strs[at+done:at+n], v, lo+done)
			return
		}
	}
}

// recode translates codes of v's dictionary, each entry looked up once.
func (d *dictionary) recode(codes []uint16, v *vec.Vec, from int, known []int32) {
	for i := range codes {
		codes[i] = 0
		if !v.Valid.Get(from + i) {
			continue
		}
		entry := v.Codes[from+i]
		if known[entry] == 0 {
			known[entry] = int32(d.code(v.Dict.Strs[entry])) + 1
		}
		codes[i] = uint16(known[entry] - 1)
	}
}

// flatten goes over from codes to text for the rows so far and those to come. The text stays where the dictionary put it.
func (c *column) flatten(rows int) {
	old := c.state.Load()
	entries := *old.dict.entries.Load()
	texts := make([]string, len(old.v.Codes))
	for i, code := range old.v.Codes[:rows] {
		if old.valid.Get(i) {
			texts[i] = entries[code]
		}
	}
	c.text = old.dict.text
	c.state.Store(&columnState{v: vec.Vec{Type: c.typ, Strs: texts}, valid: old.valid})
}
