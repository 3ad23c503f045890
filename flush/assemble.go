package flush

import (
	"sync"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// assembler makes batches of rows that lie anywhere in a selection's segments. It may be used by several goroutines at once.
type assembler struct {
	def  *schemahistory.TableDefinition
	segs []tables.SegmentView
	cols []columnSource
}

func newAssembler(s *selection) *assembler {
	return &assembler{def: s.def, segs: s.segs, cols: make([]columnSource, len(s.def.Columns))}
}

const (
	// batchRows is the number of rows in a batch: large enough that what is done once a batch and column does not count.
	batchRows = 16384
	// streakRows is the number of rows of one segment in a row that are worth a batch of their own, which copies less.
	streakRows = 1024
)

// next gives a batch of the first rows of refs and the rest.
func (a *assembler) next(refs []ref) (*vec.Batch, []ref) {
	n := streak(refs[:min(len(refs), batchRows)])
	if n >= streakRows || n == len(refs) {
		return a.ofSegment(refs[:n]), refs[n:]
	}
	n = min(len(refs), batchRows)
	return a.mixed(refs[:n]), refs[n:]
}

// streak counts the rows at the beginning that are of one segment.
func streak(refs []ref) int {
	for i, r := range refs {
		if r.segment() != refs[0].segment() {
			return i
		}
	}
	return len(refs)
}

// ofSegment gives rows of one segment. Vectors share the segment's memory where the rows lie side by side.
func (a *assembler) ofSegment(refs []ref) *vec.Batch {
	seg := &a.segs[refs[0].segment()]
	out := &vec.Batch{N: len(refs), Cols: make([]*vec.Vec, len(a.cols))}
	first := refs[0].offset()
	var sel []int32
	for i, r := range refs {
		if r.offset() != first+i {
			sel = make([]int32, len(refs))
			break
		}
	}
	for i := range sel {
		sel[i] = int32(refs[i].offset())
	}
	for c := range out.Cols {
		v := seg.Column(c)
		if sel == nil {
			v = v.Slice(first, first+len(refs))
		} else {
			v = v.Gather(sel)
		}
		out.Cols[c] = modest(v)
	}
	return out
}

// modest decodes a vector of few rows under a large dictionary, to each entry of which the writer would have to give a place.
func modest(v *vec.Vec) *vec.Vec {
	if v.Dict != nil && v.Dict.N > 4*v.N {
		return v.Decoded()
	}
	return v
}

// mixed gives rows of several segments.
func (a *assembler) mixed(refs []ref) *vec.Batch {
	out := &vec.Batch{N: len(refs), Cols: make([]*vec.Vec, len(a.cols))}
	for c := range out.Cols {
		s := &a.cols[c]
		s.once.Do(func() { s.init(a.def.Columns[c].Type, a.segs, c) })
		out.Cols[c] = s.pick(refs)
	}
	return out
}

// columnSource is a column in all segments, as it takes to pick rows from anywhere.
type columnSource struct {
	once  sync.Once
	typ   arrowschema.Type
	valid []vec.Bitmap // by segment; nil when no segment has a NULL

	ints      [][]int64 // one of these, by type, by segment
	floats    [][]float64
	bools     [][]bool
	uuids     [][][16]byte
	others    []*vec.Vec // of rare types
	texts     []textSource
	dict      *vec.Vec // of all segments together, when there is one: then remap takes a segment's codes to its codes
	remap     [][]uint16
	nullsSeen bool
}

// textSource is a segment's text, flat or in codes.
type textSource struct {
	strs  []string
	codes []uint16
}

func (s *columnSource) init(t arrowschema.Type, segs []tables.SegmentView, col int) {
	s.typ = t
	vecs := make([]*vec.Vec, len(segs))
	for i := range segs {
		v := segs[i].Column(col)
		if v.Const {
			v = v.Flat()
		}
		vecs[i] = v
		s.valid = append(s.valid, v.Valid)
		s.nullsSeen = s.nullsSeen || v.Valid != nil
	}
	switch t.Physical() {
	case arrowschema.Ints:
		s.ints = slicesOf[int64](vecs)
	case arrowschema.Floats:
		s.floats = slicesOf[float64](vecs)
	case arrowschema.Bools:
		s.bools = slicesOf[bool](vecs)
	case arrowschema.UUIDs:
		s.uuids = slicesOf[[16]byte](vecs)
	case arrowschema.Strings:
		s.initTexts(vecs)
	default:
		s.others = vecs
	}
}

func slicesOf[T vec.Elem](vecs []*vec.Vec) [][]T {
	out := make([][]T, len(vecs))
	for i, v := range vecs {
		out[i] = vec.Of[T](v)
	}
	return out
}

func (s *columnSource) initTexts(vecs []*vec.Vec) {
	coded := true
	for i, v := range vecs {
		if v.Dict != nil && v.Dict.Valid != nil { // entries that are NULL: rare, and not worth a path of its own
			v = v.Decoded()
			vecs[i], s.valid[i], s.nullsSeen = v, v.Valid, true
		}
		coded = coded && v.Dict != nil
	}
	if coded && s.union(vecs) {
		return
	}
	for _, v := range vecs {
		if v.Dict != nil {
			s.texts = append(s.texts, textSource{strs: v.Dict.Strs, codes: v.Codes})
		} else {
			s.texts = append(s.texts, textSource{strs: v.Strs})
		}
	}
}

// union makes one dictionary of all segments', unless it would have too many entries.
func (s *columnSource) union(vecs []*vec.Vec) bool {
	codes := map[string]uint16{}
	var entries []string
	remap := make([][]uint16, len(vecs))
	for i, v := range vecs {
		remap[i] = make([]uint16, max(v.Dict.N, 1)) // under a NULL a code of an empty dictionary may stand
		for c, text := range v.Dict.Strs[:v.Dict.N] {
			code, known := codes[text]
			if !known {
				if len(entries) == vec.MaxDict {
					return false
				}
				code = uint16(len(entries))
				codes[text] = code
				entries = append(entries, text)
			}
			remap[i][c] = code
		}
		s.texts = append(s.texts, textSource{codes: v.Codes})
	}
	if len(entries) == 0 {
		entries = []string{""}
	}
	s.dict, s.remap = vec.NewFlat(s.typ, entries, nil), remap
	return true
}

// pick gives the column's values in some rows.
func (s *columnSource) pick(refs []ref) *vec.Vec {
	out := &vec.Vec{Type: s.typ, N: len(refs), Valid: s.pickValid(refs)}
	switch {
	case s.dict != nil && s.dict.N <= 4*len(refs):
		out.Dict, out.Codes = s.dict, make([]uint16, len(refs))
		for i, r := range refs {
			out.Codes[i] = s.remap[r.segment()][s.texts[r.segment()].codes[r.offset()]]
		}
	case s.texts != nil:
		out.Strs = s.pickTexts(refs)
	case s.ints != nil:
		out.Ints = pickElems(s.ints, refs)
	case s.floats != nil:
		out.Floats = pickElems(s.floats, refs)
	case s.bools != nil:
		out.Bools = pickElems(s.bools, refs)
	case s.uuids != nil:
		out.UUIDs = pickElems(s.uuids, refs)
	default:
		b := vec.NewBuilder(s.typ, len(refs))
		for _, r := range refs {
			b.AppendRow(s.others[r.segment()], r.offset())
		}
		return b.Vec()
	}
	return out
}

func pickElems[T any](from [][]T, refs []ref) []T {
	out := make([]T, len(refs))
	for i, r := range refs {
		out[i] = from[r.segment()][r.offset()]
	}
	return out
}

func (s *columnSource) pickTexts(refs []ref) []string {
	out := make([]string, len(refs))
	for i, r := range refs {
		t, at := &s.texts[r.segment()], r.offset()
		switch {
		case s.dict != nil:
			out[i] = s.dict.Strs[s.remap[r.segment()][t.codes[at]]]
		case t.codes == nil:
			out[i] = t.strs[at]
		case int(t.codes[at]) < len(t.strs):
			out[i] = t.strs[t.codes[at]]
		}
	}
	return out
}

func (s *columnSource) pickValid(refs []ref) vec.Bitmap {
	if !s.nullsSeen {
		return nil
	}
	out := vec.NewBitmap(len(refs))
	for i, r := range refs {
		if !s.valid[r.segment()].Get(r.offset()) {
			out.Clear(i)
		}
	}
	return out
}
