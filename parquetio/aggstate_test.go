package parquetio

import (
	"math"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// stamps is a column of timestamps, row by row.
type stamps struct {
	values []int64
	has    []bool
}

func drawStamps(t *rapid.T, name string, rows int) stamps {
	one := rapid.OneOf(rapid.Int64Range(-5, 5), rapid.SampledFrom([]int64{1 << 61, -1 << 62, math.MaxInt64 - 1, 2 - math.MaxInt64}),
		rapid.SampledFrom([]int64{temporal.Infinity, timestampNegInfinity}))
	if rapid.Bool().Draw(t, name+" is small") {
		one = rapid.Int64Range(-1<<50, 1<<50)
	}
	nulls := rapid.SampledFrom([]int{0, 1, 9}).Draw(t, name+"'s NULLs in ten")
	s := stamps{rapid.SliceOfN(one, rows, rows).Draw(t, name), make([]bool, rows)}
	for i := range s.has {
		s.has[i] = nulls == 0 || rapid.IntRange(0, 9).Draw(t, "NULL") >= nulls
	}
	return s
}

func (s stamps) buffer() *columnBuffer {
	b := &columnBuffer{typ: arrowschema.Timestamp, form: form{physical: physInt64}}
	valid := vec.NewBitmap(len(s.values))
	for i, has := range s.has {
		if !has {
			valid.Clear(i)
		}
	}
	b.appendValidity(valid, len(s.values))
	b.ints = appendValid(nil, s.values, valid)
	return b
}

// slowAdd adds a value to a state, as slowly as can be.
func (s *aggState) slowAdd(v int64, known bool) {
	if s.count == 0 {
		s.min, s.max = v, v
	}
	s.count, s.min, s.max, s.unknown = s.count+1, min(s.min, v), max(s.max, v), s.unknown || !known
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, uint64(v), 0)
	s.hi += v>>63 + int64(carry)
}

func requireStates(t *rapid.T, want, got []aggState, kind int) {
	for k := range want {
		require.Equal(t, want[k].append(nil, kind), got[k].append(nil, kind), "group %d of %v", k, want[k])
	}
}

// What the measures come to is what adding up row by row comes to.
func TestMeasures(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows, groups := rapid.IntRange(0, 200).Draw(t, "rows"), rapid.IntRange(1, 4).Draw(t, "groups")
		a, b := drawStamps(t, "a", rows), drawStamps(t, "b", rows)
		g := &grouping{rows: make([]int64, groups)}
		counts, values, differences := make([]aggState, groups), make([]aggState, groups), make([]aggState, groups)
		for i := range rows {
			k := rapid.IntRange(0, groups-1).Draw(t, "group")
			g.of = append(g.of, uint16(k))
			g.rows[k]++
			if !a.has[i] {
				continue
			}
			v := a.values[i]
			counts[k].count++
			values[k].slowAdd(v, finite(v, false))
			if b.has[i] {
				from := b.values[i]
				d := v - from
				differences[k].slowAdd(d, finite(v, false) && finite(from, false) && (d < 0) == (v < from))
			}
		}
		cols := []*columnBuffer{a.buffer(), b.buffer()}
		requireStates(t, counts, g.measure(cols, measure{kind: measureCount}), measureCount)
		requireStates(t, values, g.measure(cols, measure{kind: measureValue}), measureValue)
		requireStates(t, differences, g.measure(cols, measure{kind: measureDifference, b: 1}), measureDifference)
	})
}
