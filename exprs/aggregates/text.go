package aggregates

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// maxText is the longest text in bytes: PostgreSQL's MaxAllocSize, 1 GB less one, less the header of four bytes.
const maxText = 0x3fffffff - 4

func texts() []exprs.Aggregate {
	return []exprs.Aggregate{{
		Name: "string_agg", Args: []arrowschema.Type{arrowschema.Text, arrowschema.Text}, Result: arrowschema.Text, Ordered: true,
		New: func() exprs.State { return &stringAgg{} },
	}}
}

// stringAgg joins texts. Before every text but the group's first stands the delimiter that came with it.
type stringAgg struct {
	groups []joined
	bytes  int64
	guarded
}

// joined is the texts of a group so far. The first one's delimiter is kept for when the group is joined to the end of another.
type joined struct {
	text  []byte
	first string
	any   bool
}

// Grow implements exprs.State.
func (s *stringAgg) Grow(n int) { s.groups = grow(s.groups, n) }

// Update implements exprs.State.
func (s *stringAgg) Update(groups []uint32, args []*vec.Vec, n int) error {
	a, d := args[0].Decoded(), args[1].Decoded()
	for i := 0; i < n; i++ {
		if a.IsNull(i) {
			continue
		}
		delimiter := ""
		if !d.IsNull(i) {
			delimiter = d.Strs[d.At(i)]
		}
		if err := s.add(group(groups, i), delimiter, a.Strs[a.At(i)]); err != nil {
			return err
		}
	}
	return nil
}

func (s *stringAgg) add(at uint32, delimiter, text string) error {
	g := &s.groups[at]
	if !g.any {
		g.any, g.first = true, delimiter
		delimiter = ""
	}
	if size := len(g.text) + len(delimiter) + len(text); size > maxText {
		return sqlstate.New(sqlstate.ProgramLimitExceeded, "out of memory").
			WithDetail("Cannot enlarge string buffer containing %d bytes by %d more bytes.", len(g.text), len(delimiter)+len(text))
	}
	before := cap(g.text)
	if need := len(g.text) + len(delimiter) + len(text); need > before && need > 1<<16 {
		need += need / 4 // what append will have, while the old text is still there
		if err := s.ctx.Reserve(int64(need)); err != nil {
			return err
		}
		g.text = append(make([]byte, 0, need), g.text...)
	}
	g.text = append(append(g.text, delimiter...), text...)
	s.bytes += int64(cap(g.text) - before)
	return nil
}

// Merge implements exprs.State.
func (s *stringAgg) Merge(other exprs.State, into []uint32) error {
	for i, g := range other.(*stringAgg).groups {
		if g.any {
			if err := s.add(into[i], g.first, string(g.text)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Result implements exprs.State.
func (s *stringAgg) Result(lo, hi int) (*vec.Vec, error) {
	return results(arrowschema.Text, lo, hi, func(i int) bool { return s.groups[i].any },
		func(i int) (string, error) {
			return string(s.groups[i].text), s.ctx.Reserve(int64(len(s.groups[i].text)))
		})
}

// Bytes implements exprs.State.
func (s *stringAgg) Bytes() int64 { return int64(cap(s.groups))*48 + s.bytes }
