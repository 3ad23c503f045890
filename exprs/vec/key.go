package vec

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/jsontext"
)

// AppendKey appends a byte key of row i that is equal for equal values, and only for them, as SQL's = has it: 1.0 and 1.00 are one numeric, -0 and 0
// one float, '1 day' and '24 hours' one interval. Keys of one type are self-delimiting, so that several make a composite key. A NULL has a key of its own.
func AppendKey(dst []byte, v *Vec, i int) []byte {
	if v.IsNull(i) {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	v, i = v.Value(i)
	switch v.Type.Physical() {
	case arrowschema.Bools:
		if v.Bools[i] {
			return append(dst, 1)
		}
		return append(dst, 0)
	case arrowschema.Ints:
		return binary.LittleEndian.AppendUint64(dst, uint64(v.Ints[i]))
	case arrowschema.Floats:
		return binary.LittleEndian.AppendUint64(dst, floatKey(v.Floats[i]))
	case arrowschema.UUIDs:
		return append(dst, v.UUIDs[i][:]...)
	case arrowschema.Decs:
		at := len(dst)
		dst = append(dst, 0, 0, 0, 0)
		dst = decimal.AppendKey(dst, v.Decs[i])
		binary.LittleEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
		return dst
	case arrowschema.Intervals:
		k := v.Intervals[i].Key()
		return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(dst, uint64(k.High)), k.Low)
	default:
		s := v.Strs[i]
		if v.Type == arrowschema.JSONB {
			at := len(dst)
			dst = append(dst, 0, 0, 0, 0)
			dst = jsontext.AppendKey(dst, s)
			binary.LittleEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
			return dst
		}
		return append(binary.LittleEndian.AppendUint32(dst, uint32(len(s))), s...)
	}
}

// floatKey makes the zeros one, and the NaNs one.
func floatKey(f float64) uint64 {
	switch {
	case f == 0:
		return 0
	case f != f:
		return math.Float64bits(math.NaN())
	default:
		return math.Float64bits(f)
	}
}

// Compare orders row i of a and row j of b, neither NULL, of the same type, as PostgreSQL's btree does. Text is compared by bytes (collation "C"),
// NaN is above all other floats.
func Compare(a *Vec, i int, b *Vec, j int) int {
	a, i = a.Value(i)
	b, j = b.Value(j)
	switch a.Type.Physical() {
	case arrowschema.Bools:
		return boolRank(a.Bools[i]) - boolRank(b.Bools[j])
	case arrowschema.Ints:
		return cmp.Compare(a.Ints[i], b.Ints[j])
	case arrowschema.Floats:
		return CompareFloat(a.Floats[i], b.Floats[j])
	case arrowschema.UUIDs:
		return bytes.Compare(a.UUIDs[i][:], b.UUIDs[j][:])
	case arrowschema.Decs:
		return decimal.Cmp(a.Decs[i], b.Decs[j])
	case arrowschema.Intervals:
		return a.Intervals[i].Cmp(b.Intervals[j])
	default:
		if a.Type == arrowschema.JSONB {
			return jsontext.Compare(a.Strs[i], b.Strs[j])
		}
		return cmp.Compare(a.Strs[i], b.Strs[j])
	}
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// CompareFloat orders floats with NaN equal to itself and above all others, and -0 equal to 0.
func CompareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case a == b:
		return 0
	case a != a && b != b:
		return 0
	case a != a:
		return 1
	default:
		return -1
	}
}
