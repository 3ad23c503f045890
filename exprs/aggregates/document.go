package aggregates

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/jsonb"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/text"
	"github.com/stoadb/stoa/exprs/vec"
)

// documents gives jsonb_agg of any type, and jsonb_object_agg of text keys. A state knows no time zone: inside documents a timestamptz is shown in UTC.
func documents() []exprs.Aggregate {
	out := []exprs.Aggregate{{Name: "jsonb_agg", Any: true, Result: arrowschema.JSONB, Ordered: true, New: func() exprs.State { return &arrayAgg{} }}}
	for t := arrowschema.Bool; t <= arrowschema.Interval; t++ {
		out = append(out, exprs.Aggregate{
			Name: "jsonb_object_agg", Args: []arrowschema.Type{arrowschema.Text, t}, Result: arrowschema.JSONB, Ordered: true,
			New: func() exprs.State { return &objectAgg{} },
		})
	}
	return out
}

// document gives row i of v as jsonb.
func document(v *vec.Vec, i int, buf *[]byte) (string, error) {
	if v.IsNull(i) {
		return "null", nil
	}
	if v.Type.Physical() == arrowschema.Strings {
		return jsonb.Value(v.Type, v.Strs[v.At(i)])
	}
	*buf = vec.AppendText((*buf)[:0], v, i, nil)
	return jsonb.Value(v.Type, string(*buf))
}

// arrayAgg is jsonb_agg: an array of all values, with null for NULL.
type arrayAgg struct {
	groups []text.Growing // arrays without their last bracket, empty where nothing was seen
	bytes  int64
	buf    []byte
	guarded
}

// Grow implements exprs.State.
func (s *arrayAgg) Grow(n int) { s.groups = grow(s.groups, n) }

// Update implements exprs.State.
func (s *arrayAgg) Update(groups []uint32, args []*vec.Vec, n int) error {
	a := args[0].Decoded()
	for i := 0; i < n; i++ {
		doc, err := document(a, i, &s.buf)
		if err != nil {
			return err
		}
		g := &s.groups[group(groups, i)]
		if err := jsontext.CheckArray(g.Len()); err != nil {
			return err
		}
		if err := s.ctx.Reserve(int64(len(doc))); err != nil {
			return err
		}
		before, separator := g.Held(), ", "
		if g.Len() == 0 {
			separator = "["
		}
		if err := g.Append(s.ctx, separator); err != nil {
			return err
		}
		err = g.Append(s.ctx, doc)
		if s.bytes += int64(g.Held() - before); err != nil {
			return err
		}
	}
	return nil
}

// Merge implements exprs.State.
func (s *arrayAgg) Merge(other exprs.State, into []uint32) error {
	o := other.(*arrayAgg)
	for i := range o.groups {
		g, more := &s.groups[into[i]], &o.groups[i]
		if g.Len() == 0 {
			s.bytes += int64(more.Held())
			*g = *more
			continue
		}
		if more.Len() == 0 {
			continue
		}
		before := g.Held()
		if err := g.Append(s.ctx, ", "); err != nil {
			return err
		}
		err := g.Join(s.ctx, more, len("["))
		if s.bytes += int64(g.Held() - before); err != nil {
			return err
		}
	}
	return nil
}

// Result implements exprs.State.
func (s *arrayAgg) Result(lo, hi int) (*vec.Vec, error) {
	return results(arrowschema.JSONB, lo, hi, func(i int) bool { return s.groups[i].Len() > 0 },
		func(i int) (string, error) {
			if err := jsontext.CheckArray(s.groups[i].Len()); err != nil {
				return "", err
			}
			return s.groups[i].Text(s.ctx, "]")
		})
}

// Bytes implements exprs.State.
func (s *arrayAgg) Bytes() int64 { return int64(cap(s.groups))*32 + s.bytes }

// member is a key and a value of jsonb_object_agg.
type member struct{ key, doc string }

// memberBytes is what a member takes in memory beside its texts.
const memberBytes = 32

// members is those of a group, in pieces that are not copied as more come.
type members struct {
	last []member
	full [][]member
}

// add adds a member. ask is told of the memory that is taken where that is much.
func (m *members) add(x member, ask func(bytes int64) error) error {
	const few, most = 1 << 11, 1 << 15
	if n := len(m.last); n == cap(m.last) && n >= few {
		size := min(2*n, most)
		if err := ask(int64(size) * memberBytes); err != nil {
			return err
		}
		m.full, m.last = append(m.full, m.last), make([]member, 0, size)
	}
	m.last = append(m.last, x)
	return nil
}

// pieces gives all members.
func (m *members) pieces() [][]member { return append(m.full[:len(m.full):len(m.full)], m.last) }

// objectAgg is jsonb_object_agg: an object in which the last value of a key is kept.
type objectAgg struct {
	groups []members
	bytes  int64
	buf    []byte
	guarded
}

// Grow implements exprs.State.
func (s *objectAgg) Grow(n int) { s.groups = grow(s.groups, n) }

// Update implements exprs.State.
func (s *objectAgg) Update(groups []uint32, args []*vec.Vec, n int) error {
	k, a := args[0].Decoded(), args[1].Decoded()
	for i := 0; i < n; i++ {
		if k.IsNull(i) {
			return sqlstate.New(sqlstate.InvalidParameterValue, "field name must not be null")
		}
		doc, err := document(a, i, &s.buf)
		if err != nil {
			return err
		}
		if err := s.ctx.Reserve(int64(len(doc))); err != nil {
			return err
		}
		key := k.Strs[k.At(i)]
		if err := s.groups[group(groups, i)].add(member{key, doc}, s.ctx.Reserve); err != nil {
			return err
		}
		s.bytes += int64(len(key)+len(doc)) + memberBytes*5/4 // append leaves room
	}
	return nil
}

// Merge implements exprs.State.
func (s *objectAgg) Merge(other exprs.State, into []uint32) error {
	o := other.(*objectAgg)
	for i := range o.groups {
		g := &s.groups[into[i]]
		for _, p := range o.groups[i].pieces() {
			for _, m := range p {
				if err := g.add(m, s.ctx.Reserve); err != nil {
					return err
				}
			}
		}
	}
	s.bytes += o.bytes
	return nil
}

// Result implements exprs.State.
func (s *objectAgg) Result(lo, hi int) (*vec.Vec, error) {
	return results(arrowschema.JSONB, lo, hi, func(i int) bool { return s.groups[i].last != nil }, func(i int) (string, error) {
		var b jsontext.ObjectBuilder
		n, bytes := 0, 0
		for _, p := range s.groups[i].pieces() {
			for _, m := range p {
				bytes += len(m.key) + len(m.doc)
			}
			n += len(p)
		}
		if err := b.Grow(n, bytes, s.ctx.Reserve); err != nil {
			return "", err
		}
		size := b.Size()
		for _, p := range s.groups[i].pieces() {
			for _, m := range p {
				b.Add(m.key, m.doc)
			}
			if err := s.ctx.Reserve(int64(b.Size() - size)); err != nil { // characters that are escaped
				return "", err
			}
			size = b.Size()
		}
		return b.Finish()
	})
}

// Bytes implements exprs.State.
func (s *objectAgg) Bytes() int64 { return int64(cap(s.groups))*48 + s.bytes }
