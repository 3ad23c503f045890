package vec

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
)

// Builder grows a flat vector by appending.
type Builder struct {
	v     *Vec
	nulls bool
}

// NewBuilder gives an empty builder with room for capacity rows.
func NewBuilder(t arrowschema.Type, capacity int) *Builder {
	b := &Builder{v: New(t, capacity)}
	b.truncate()
	return b
}

func (b *Builder) truncate() {
	v := b.v
	v.N, v.Valid = 0, v.Valid[:0]
	v.Bools, v.Ints, v.Floats, v.Strs = v.Bools[:0], v.Ints[:0], v.Floats[:0], v.Strs[:0]
	v.UUIDs, v.Decs, v.Intervals = v.UUIDs[:0], v.Decs[:0], v.Intervals[:0]
}

// Len gives the number of rows appended.
func (b *Builder) Len() int { return b.v.N }

// Append appends all rows of v, which is of the same physical form.
func (b *Builder) Append(v *Vec) {
	v = v.Flat()
	out, from := b.v, b.v.N
	switch out.Type.Physical() {
	case arrowschema.Bools:
		out.Bools = append(out.Bools, v.Bools...)
	case arrowschema.Ints:
		out.Ints = append(out.Ints, v.Ints...)
	case arrowschema.Floats:
		out.Floats = append(out.Floats, v.Floats...)
	case arrowschema.Strings:
		out.Strs = append(out.Strs, v.Strs...)
	case arrowschema.UUIDs:
		out.UUIDs = append(out.UUIDs, v.UUIDs...)
	case arrowschema.Decs:
		out.Decs = append(out.Decs, v.Decs...)
	case arrowschema.Intervals:
		out.Intervals = append(out.Intervals, v.Intervals...)
	}
	b.extend(from + v.N)
	if v.Valid != nil {
		for i := 0; i < v.N; i++ {
			if !v.Valid.Get(i) {
				b.clear(from + i)
			}
		}
	}
}

// extend makes the vector n rows long, the new ones not NULL.
func (b *Builder) extend(n int) {
	for len(b.v.Valid) < (n+63)/64 {
		b.v.Valid = append(b.v.Valid, ^uint64(0))
	}
	b.v.N = n
}

func (b *Builder) clear(i int) {
	b.v.Valid.Clear(i)
	b.nulls = true
}

// AppendNull appends a NULL.
func (b *Builder) AppendNull() {
	v := b.v
	switch v.Type.Physical() {
	case arrowschema.Bools:
		v.Bools = append(v.Bools, false)
	case arrowschema.Ints:
		v.Ints = append(v.Ints, 0)
	case arrowschema.Floats:
		v.Floats = append(v.Floats, 0)
	case arrowschema.Strings:
		v.Strs = append(v.Strs, "")
	case arrowschema.UUIDs:
		v.UUIDs = append(v.UUIDs, [16]byte{})
	case arrowschema.Decs:
		v.Decs = append(v.Decs, decimal.Dec{})
	case arrowschema.Intervals:
		v.Intervals = append(v.Intervals, temporal.Interval{})
	}
	b.extend(v.N + 1)
	b.clear(v.N - 1)
}

// AppendBool appends to a boolean vector.
func (b *Builder) AppendBool(x bool) { b.v.Bools = append(b.v.Bools, x); b.extend(b.v.N + 1) }

// AppendInt appends to a vector of integers, dates, times or timestamps.
func (b *Builder) AppendInt(x int64) { b.v.Ints = append(b.v.Ints, x); b.extend(b.v.N + 1) }

// AppendFloat appends to a vector of floats.
func (b *Builder) AppendFloat(x float64) { b.v.Floats = append(b.v.Floats, x); b.extend(b.v.N + 1) }

// AppendString appends to a vector of text or JSON.
func (b *Builder) AppendString(x string) { b.v.Strs = append(b.v.Strs, x); b.extend(b.v.N + 1) }

// AppendUUID appends to a vector of UUIDs.
func (b *Builder) AppendUUID(x [16]byte) { b.v.UUIDs = append(b.v.UUIDs, x); b.extend(b.v.N + 1) }

// AppendDec appends to a vector of numerics.
func (b *Builder) AppendDec(x decimal.Dec) { b.v.Decs = append(b.v.Decs, x); b.extend(b.v.N + 1) }

// AppendInterval appends to a vector of intervals.
func (b *Builder) AppendInterval(x temporal.Interval) {
	b.v.Intervals = append(b.v.Intervals, x)
	b.extend(b.v.N + 1)
}

// AppendRow appends row i of v, in whatever form, which is of the same physical type.
func (b *Builder) AppendRow(v *Vec, i int) {
	if v.IsNull(i) {
		b.AppendNull()
		return
	}
	v, i = v.Value(i)
	switch v.Type.Physical() {
	case arrowschema.Bools:
		b.AppendBool(v.Bools[i])
	case arrowschema.Ints:
		b.AppendInt(v.Ints[i])
	case arrowschema.Floats:
		b.AppendFloat(v.Floats[i])
	case arrowschema.Strings:
		b.AppendString(v.Strs[i])
	case arrowschema.UUIDs:
		b.AppendUUID(v.UUIDs[i])
	case arrowschema.Decs:
		b.AppendDec(v.Decs[i])
	case arrowschema.Intervals:
		b.AppendInterval(v.Intervals[i])
	}
}

// Vec gives what was appended and leaves the builder empty, with memory of its own again.
func (b *Builder) Vec() *Vec {
	out := b.v
	if !b.nulls {
		out.Valid = nil
	}
	*b = *NewBuilder(out.Type, 0)
	return out
}

// Concat gives the rows of several vectors of one type, in order.
func Concat(t arrowschema.Type, parts []*Vec) *Vec {
	if len(parts) == 1 {
		return parts[0]
	}
	n := 0
	for _, p := range parts {
		n += p.N
	}
	b := NewBuilder(t, n)
	for _, p := range parts {
		b.Append(p)
	}
	return b.Vec()
}
