package aggregates

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/text"
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
	text  text.Growing
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

func (s *stringAgg) add(at uint32, delimiter, value string) error {
	g := &s.groups[at]
	if !g.any {
		g.any, g.first = true, delimiter
		delimiter = ""
	}
	if err := g.fits(len(delimiter) + len(value)); err != nil {
		return err
	}
	before := g.text.Held()
	if err := g.text.Append(s.ctx, delimiter); err != nil {
		return err
	}
	err := g.text.Append(s.ctx, value)
	s.bytes += int64(g.text.Held() - before)
	return err
}

// fits refuses n bytes more where the text would be too long.
func (g *joined) fits(n int) error {
	if g.text.Len()+n <= maxText {
		return nil
	}
	return sqlstate.New(sqlstate.ProgramLimitExceeded, "out of memory").
		WithDetail("Cannot enlarge string buffer containing %d bytes by %d more bytes.", g.text.Len(), n)
}

// Merge implements exprs.State.
func (s *stringAgg) Merge(other exprs.State, into []uint32) error {
	groups := other.(*stringAgg).groups
	for i := range groups {
		g := &groups[i]
		if !g.any {
			continue
		}
		if err := s.add(into[i], g.first, ""); err != nil {
			return err
		}
		to := &s.groups[into[i]]
		if err := to.fits(g.text.Len()); err != nil {
			return err
		}
		before := to.text.Held()
		if err := to.text.Join(s.ctx, &g.text, 0); err != nil {
			return err
		}
		s.bytes += int64(to.text.Held() - before)
	}
	return nil
}

// Result implements exprs.State.
func (s *stringAgg) Result(lo, hi int) (*vec.Vec, error) {
	return results(arrowschema.Text, lo, hi, func(i int) bool { return s.groups[i].any },
		func(i int) (string, error) { return s.groups[i].text.Text(s.ctx, "") })
}

// Bytes implements exprs.State.
func (s *stringAgg) Bytes() int64 { return int64(cap(s.groups))*56 + s.bytes }
