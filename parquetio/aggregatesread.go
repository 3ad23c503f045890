package parquetio

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// Aggregates are the aggregates of a row group that its file's footer has. They are immutable.
type Aggregates struct {
	// GroupBy are the columns by whose values the rows are grouped, as places in File.Columns. It may be empty: then there is one group.
	GroupBy []int
	// Keys has for each of them a vector with its value in each group, or NULL.
	Keys []*vec.Vec
	// Rows is the number of rows of each group.
	Rows []int64

	columns  []Column
	measures map[measure][]aggState
}

// Aggregate is what the values of a group come to. Min, Max and the sum mean nothing when Count is 0.
type Aggregate struct {
	Count    int64 // of values that are not NULL
	Min, Max int64
	// SumHi and SumLo are the sum, as an integer of 128 bits in two's complement.
	SumHi int64
	SumLo uint64
}

// Count gives the number of rows of a group in which a column is not NULL.
func (a *Aggregates) Count(group, col int) (n int64, ok bool) {
	if !a.columns[col].Nullable {
		return a.Rows[group], true
	}
	for _, kind := range []int{measureCount, measureValue} {
		if s, ok := a.measures[measure{kind: kind, a: col}]; ok && !s[group].unknown {
			return s[group].count, true
		}
	}
	return 0, false
}

// Column gives the aggregate of a column of integers, dates, times or timestamps in a group. ok is false when it is not known.
func (a *Aggregates) Column(group, col int) (Aggregate, bool) {
	return a.get(measure{kind: measureValue, a: col}, group)
}

// Difference gives the aggregate of one timestamp column less another, in microseconds, over the rows of a group where neither is NULL.
func (a *Aggregates) Difference(group, col, less int) (Aggregate, bool) {
	return a.get(measure{kind: measureDifference, a: col, b: less}, group)
}

func (a *Aggregates) get(m measure, group int) (Aggregate, bool) {
	list, ok := a.measures[m]
	if !ok || list[group].unknown {
		return Aggregate{}, false
	}
	s := &list[group]
	return Aggregate{Count: s.count, Min: s.min, Max: s.max, SumHi: s.hi, SumLo: s.lo}, true
}

// Aggregates gives the aggregates of a row group, nil when the file has none: it is not one of ours or may be another's, was written without, or the row group
// has too many groups. An entry that is damaged or of a later version counts as none. They describe the row group as it was written.
func (f *File) Aggregates(rg int) *Aggregates {
	f.aggregatesOnce.Do(func() {
		text := f.entries[KeyAggregates]
		if !f.own || f.foreign || text == "" || int64(len(text)) > f.limit {
			return
		}
		if raw, err := base64.StdEncoding.DecodeString(text); err == nil {
			f.aggregates, err = f.readAggregates(raw)
			if err != nil {
				f.aggregates = nil
			}
		}
	})
	if f.aggregates == nil {
		return nil
	}
	return f.aggregates[rg]
}

var errAggregates = errors.New("malformed aggregates")

// aggregateReader reads the entry.
type aggregateReader struct {
	b   []byte
	bad bool
}

func (r *aggregateReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *aggregateReader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// count reads a number of things that take at least one byte each.
func (r *aggregateReader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.b)) {
		r.bad = true
		return 0
	}
	return int(n)
}

func (f *File) readAggregates(raw []byte) ([]*Aggregates, error) {
	if len(raw) == 0 || raw[0] != aggregatesVersion {
		return nil, fmt.Errorf("%w: version", errAggregates)
	}
	r := &aggregateReader{b: raw[1:]}
	byID := map[uint64]int{}
	for i, c := range f.columns {
		byID[uint64(uint32(c.FieldID))] = i
	}
	column := func() int {
		i, ok := byID[r.uvarint()]
		r.bad = r.bad || !ok
		return i
	}
	groupBy := make([]int, r.count())
	for i := range groupBy {
		groupBy[i] = column()
		r.bad = r.bad || f.columns[groupBy[i]].Type.Physical() != arrowschema.Strings
	}
	measures := make([]measure, r.count())
	for i := range measures {
		m := &measures[i]
		m.kind, m.a = int(r.uvarint()), column()
		if m.kind == measureDifference {
			m.b = column()
		}
		r.bad = r.bad || m.kind > measureDifference
	}
	strings := make([]string, r.count())
	for i := range strings {
		n := r.count()
		strings[i], r.b = string(r.b[:n]), r.b[n:]
	}
	if r.uvarint() != uint64(f.RowGroups()) || r.bad {
		return nil, errAggregates
	}
	out := make([]*Aggregates, f.RowGroups())
	for rg := range out {
		out[rg] = f.readGroups(r, groupBy, measures, strings)
		if r.bad || out[rg] != nil && !out[rg].covers(int64(f.RowGroupRows(rg))) {
			return nil, errAggregates
		}
	}
	return out, nil
}

// readGroups reads the groups of one row group.
func (f *File) readGroups(r *aggregateReader, groupBy []int, measures []measure, strings []string) *Aggregates {
	n := r.count() - 1
	if n < 0 || r.bad {
		return nil
	}
	if uint64(n)*uint64(len(measures)+len(groupBy)+1) > uint64(len(r.b)) {
		r.bad = true
		return nil
	}
	a := &Aggregates{GroupBy: groupBy, Rows: make([]int64, n), columns: f.columns, measures: make(map[measure][]aggState, len(measures))}
	keys := make([]*vec.Builder, len(groupBy))
	for i := range keys {
		keys[i] = vec.NewBuilder(arrowschema.Text, n)
	}
	for _, m := range measures {
		a.measures[m] = make([]aggState, n)
	}
	for g := range n {
		for _, k := range keys {
			switch place := r.uvarint(); {
			case place == 0:
				k.AppendNull()
			case place <= uint64(len(strings)):
				k.AppendString(strings[place-1])
			default:
				r.bad = true
			}
		}
		a.Rows[g] = int64(r.uvarint())
		for _, m := range measures {
			a.measures[m][g].read(r, m.kind)
		}
		if r.bad {
			return nil
		}
	}
	for i, k := range keys {
		a.Keys = append(a.Keys, k.Vec().As(f.columns[groupBy[i]].Type))
	}
	return a
}

// covers tells whether the groups have all rows of the row group.
func (a *Aggregates) covers(rows int64) bool {
	for _, n := range a.Rows {
		if n <= 0 || n > rows {
			return false
		}
		rows -= n
	}
	return rows == 0
}

// read reads what append wrote.
func (s *aggState) read(r *aggregateReader, kind int) {
	count := r.uvarint()
	if count == 0 {
		s.unknown = true
		return
	}
	s.count = int64(count - 1)
	if kind == measureCount || s.count == 0 {
		return
	}
	s.min = r.varint()
	s.max = int64(uint64(s.min) + r.uvarint())
	lo, hi := r.uvarint(), r.uvarint()
	high, low := times(s.min, s.count)
	var carry uint64
	s.lo, carry = bits.Add64(low, lo, 0)
	s.hi = int64(uint64(high) + hi + carry)
}
