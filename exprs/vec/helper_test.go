package vec_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// types are all that a column can have.
func types() []arrowschema.Type {
	return []arrowschema.Type{
		arrowschema.Bool, arrowschema.Int2, arrowschema.Int4, arrowschema.Int8, arrowschema.Numeric, arrowschema.Float4, arrowschema.Float8,
		arrowschema.Varchar, arrowschema.Text, arrowschema.UUID, arrowschema.JSON, arrowschema.JSONB, arrowschema.Date, arrowschema.Time,
		arrowschema.Timestamp, arrowschema.TimestampTZ, arrowschema.Interval,
	}
}

// distinct gives values of a type, no two of them equal in SQL, in ascending order.
func distinct(t testing.TB, typ arrowschema.Type) *vec.Vec {
	b := vec.NewBuilder(typ, 0)
	switch typ {
	case arrowschema.Bool:
		b.AppendBool(false)
		b.AppendBool(true)
	case arrowschema.Numeric:
		for _, s := range []string{"-Infinity", "-1e30", "-12.50", "-0.001", "0", "0.1", "1", "1.01", "1e40", "Infinity", "NaN"} {
			b.AppendDec(dec(t, s))
		}
	case arrowschema.Float4, arrowschema.Float8:
		for _, f := range []float64{math.Inf(-1), -1.5, 0, 0x1p-20, 1.5, 1 << 20, math.Inf(1), math.NaN()} {
			b.AppendFloat(f)
		}
	case arrowschema.JSON, arrowschema.JSONB: // PostgreSQL puts an empty array below all
		for _, s := range []string{"[]", "null", `""`, `"a"`, "-2", "0", "1.5", "false", "true", `["a"]`, `{}`, `{"a": 1}`} {
			b.AppendString(s)
		}
	case arrowschema.UUID:
		for _, x := range []byte{0, 1, 127, 128, 255} {
			b.AppendUUID([16]byte{0: x, 15: 255 - x})
		}
	case arrowschema.Interval:
		for _, i := range []temporal.Interval{
			{Months: -1, Days: 29}, {}, {Micros: 1}, {Days: 1, Micros: -1}, {Days: 1}, {Months: 1, Days: -1}, {Months: 1}, {Months: 12},
		} {
			b.AppendInterval(i)
		}
	case arrowschema.Date:
		ints(b, temporal.NegInfinity, temporal.MinDate, -1, 0, 20000, temporal.MaxDate, temporal.Infinity)
	case arrowschema.Time:
		ints(b, 0, 1, temporal.MicrosPerDay)
	case arrowschema.Timestamp, arrowschema.TimestampTZ:
		ints(b, temporal.NegInfinity, temporal.MinTimestamp, -1, 0, 1761057022123456, temporal.MaxTimestamp, temporal.Infinity)
	case arrowschema.Int2:
		ints(b, math.MinInt16, -1, 0, 1, math.MaxInt16)
	case arrowschema.Int4:
		ints(b, math.MinInt32, -1, 0, 1, math.MaxInt32)
	case arrowschema.Int8:
		ints(b, math.MinInt64, -1, 0, 1, 1<<62, math.MaxInt64)
	default:
		for _, s := range []string{"", " ", "A", "a", "aa", "a\x7f", "é", "日本", "\U0001F600"} {
			b.AppendString(s)
		}
	}
	return b.Vec()
}

func ints(b *vec.Builder, values ...int64) {
	for _, x := range values {
		b.AppendInt(x)
	}
}

func dec(t testing.TB, s string) decimal.Dec {
	d, err := decimal.Parse(s)
	require.NoError(t, err)
	return d
}

// randomRows gives n rows of a type, some of them NULL, flat.
func randomRows(t testing.TB, r *rand.Rand, typ arrowschema.Type, n int) *vec.Vec {
	from, b := distinct(t, typ), vec.NewBuilder(typ, 0)
	for range n {
		if r.IntN(4) == 0 {
			b.AppendNull()
		} else {
			b.AppendRow(from, r.IntN(from.N))
		}
	}
	return b.Vec()
}

// forms gives the same rows flat, dictionary-coded with NULLs outside and inside of the dictionary, and as part of a longer vector at an odd offset.
func forms(t testing.TB, r *rand.Rand, v *vec.Vec) map[string]*vec.Vec {
	codes, dict := make([]uint16, v.N), vec.NewBuilder(v.Type, 0)
	inside := make([]uint16, v.N)
	valid := vec.NewBitmap(v.N)
	for i := range v.N {
		codes[i], inside[i] = uint16(i), uint16(i)
		dict.AppendRow(v, i)
		if v.IsNull(i) {
			codes[i] = uint16(r.IntN(v.N)) // anything may lie under a NULL
			valid.Clear(i)
		}
	}
	entries := dict.Vec()
	longer := vec.Concat(v.Type, []*vec.Vec{randomRows(t, r, v.Type, 37), v, randomRows(t, r, v.Type, 5)})
	return map[string]*vec.Vec{
		"flat": v, "dictionary": vec.NewDict(codes, entries, valid), "NULLs in the dictionary": vec.NewDict(inside, entries, nil),
		"slice": longer.Slice(37, 37+v.N), "slice of a dictionary": vec.NewDict(append(make([]uint16, 3), inside...), entries, nil).Slice(3, 3+v.N),
	}
}

// text gives the rows as PostgreSQL's text, "NULL" for a NULL.
func text(v *vec.Vec) []string {
	out := make([]string, v.N)
	for i := range out {
		out[i] = string(vec.AppendText(nil, v, i, time.UTC))
		if v.IsNull(i) {
			out[i] = "NULL"
		}
	}
	return out
}
