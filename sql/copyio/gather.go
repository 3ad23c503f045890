package copyio

import (
	"unsafe"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// gather collects the text of a column, end to end in one piece of memory.
type gather struct {
	data  []byte
	ends  []int // where each field ends
	nulls vec.Bitmap
	keeps bool // the vector that is made shares the memory, because the column's values are text themselves
}

func newGather(t arrowschema.Type) *gather {
	return &gather{keeps: t.Physical() == arrowschema.Strings}
}

// add takes the next field; nil is NULL.
func (g *gather) add(f []byte) {
	if f == nil {
		g.markNull(len(g.ends))
	}
	g.data = append(g.data, f...)
	g.ends = append(g.ends, len(g.data))
}

func (g *gather) markNull(row int) {
	for len(g.nulls) <= row/64 {
		g.nulls = append(g.nulls, 0)
	}
	g.nulls.Set(row)
}

// rows gives the number of fields collected.
func (g *gather) rows() int { return len(g.ends) }

// isNull tells whether a field is NULL.
func (g *gather) isNull(row int) bool {
	return row/64 < len(g.nulls) && g.nulls.Get(row)
}

// field gives the bytes of a field, valid until reset.
func (g *gather) field(row int) []byte {
	from := 0
	if row > 0 {
		from = g.ends[row-1]
	}
	return g.data[from:g.ends[row]]
}

// vec gives the first n fields as a vector of text. Its strings are the collected bytes themselves, which therefore must not change as long as
// somebody holds the vector: reset sees to that.
func (g *gather) vec(n int) *vec.Vec {
	v := &vec.Vec{Type: arrowschema.Text, N: n, Strs: make([]string, n)}
	if len(g.data) > 0 {
		all := unsafe.String(&g.data[0], len(g.data))
		from := 0
		for i, end := range g.ends[:n] {
			v.Strs[i] = all[from:end]
			from = end
		}
	}
	if len(g.nulls) > 0 {
		v.Valid = vec.NewBitmap(n)
		for i := range v.Valid {
			if i < len(g.nulls) {
				v.Valid[i] = ^g.nulls[i]
			}
		}
	}
	return v
}

// reset makes ready for the next batch. Memory that a vector may share is left to it.
func (g *gather) reset() {
	if g.keeps {
		g.data = make([]byte, 0, len(g.data)+len(g.data)/8)
	}
	g.data, g.ends, g.nulls = g.data[:0], g.ends[:0], g.nulls[:0]
}
