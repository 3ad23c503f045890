package aggregates

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/jsonb"
	"github.com/stoadb/stoa/exprs/jsontext"
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
	groups []jsontext.ArrayBuilder
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
		before := g.Size()
		if err := s.ctx.Reserve(int64(len(doc))); err != nil {
			return err
		}
		if err := g.Room(len(doc), s.ctx.Reserve); err != nil {
			return err
		}
		if g.Append(doc); before > jsontext.MaxSize {
			_, err = g.Finish()
			return err
		}
		s.bytes += int64(g.Size() - before)
	}
	return nil
}

// Merge implements exprs.State.
func (s *arrayAgg) Merge(other exprs.State, into []uint32) error {
	o := other.(*arrayAgg)
	for i := range o.groups {
		g := &s.groups[into[i]]
		before := g.Size()
		if err := g.Room(o.groups[i].Size(), s.ctx.Reserve); err != nil {
			return err
		}
		g.Merge(&o.groups[i])
		s.bytes += int64(g.Size() - before)
	}
	return nil
}

// Result implements exprs.State.
func (s *arrayAgg) Result(lo, hi int) (*vec.Vec, error) {
	return results(arrowschema.JSONB, lo, hi, func(i int) bool { return s.groups[i].Len() > 0 },
		func(i int) (string, error) {
			if err := s.ctx.Reserve(2 * int64(s.groups[i].Size())); err != nil { // it is copied
				return "", err
			}
			return s.groups[i].Finish()
		})
}

// Bytes implements exprs.State.
func (s *arrayAgg) Bytes() int64 { return int64(cap(s.groups))*40 + s.bytes }

// member is a key and a value of jsonb_object_agg.
type member struct{ key, doc string }

// objectAgg is jsonb_object_agg: an object in which the last value of a key is kept.
type objectAgg struct {
	groups [][]member
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
		g := group(groups, i)
		if err := s.room(g, 1); err != nil {
			return err
		}
		s.groups[g] = append(s.groups[g], member{k.Strs[k.At(i)], doc})
		s.bytes += int64(len(k.Strs[k.At(i)])+len(doc)) + 32
	}
	return nil
}

// room asks for the memory that a group takes when it grows by n members, where that is much.
func (s *objectAgg) room(g uint32, n int) error {
	const memberBytes, few = 32, 1 << 11
	members := s.groups[g]
	if need := len(members) + n; need > cap(members) && need > few {
		need += need / 4
		if err := s.ctx.Reserve(int64(need) * memberBytes); err != nil {
			return err
		}
		s.groups[g] = append(make([]member, 0, need), members...)
	}
	return nil
}

// Merge implements exprs.State.
func (s *objectAgg) Merge(other exprs.State, into []uint32) error {
	o := other.(*objectAgg)
	for i, members := range o.groups {
		if err := s.room(into[i], len(members)); err != nil {
			return err
		}
		s.groups[into[i]] = append(s.groups[into[i]], members...)
	}
	s.bytes += o.bytes
	return nil
}

// Result implements exprs.State.
func (s *objectAgg) Result(lo, hi int) (*vec.Vec, error) {
	return results(arrowschema.JSONB, lo, hi, func(i int) bool { return s.groups[i] != nil }, func(i int) (string, error) {
		var b jsontext.ObjectBuilder
		size := 0
		for n, m := range s.groups[i] {
			b.Add(m.key, m.doc)
			if n%1024 == 0 {
				if err := s.ctx.Reserve(int64(b.Size() - size)); err != nil {
					return "", err
				}
				size = b.Size()
			}
		}
		return b.Finish()
	})
}

// Bytes implements exprs.State.
func (s *objectAgg) Bytes() int64 { return int64(cap(s.groups))*24 + s.bytes }
