package vec

import (
	"encoding/hex"
	"strconv"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/temporal"
)

// AppendText appends row i of v as PostgreSQL's output function writes it; nothing for a NULL. zone is the session's, for timestamptz.
func AppendText(dst []byte, v *Vec, i int, zone *time.Location) []byte {
	if v.IsNull(i) {
		return dst
	}
	v, i = v.Value(i)
	switch v.Type {
	case arrowschema.Bool:
		if v.Bools[i] {
			return append(dst, 't')
		}
		return append(dst, 'f')
	case arrowschema.Int2, arrowschema.Int4, arrowschema.Int8:
		return strconv.AppendInt(dst, v.Ints[i], 10)
	case arrowschema.Float4:
		return AppendFloat(dst, v.Floats[i], 32)
	case arrowschema.Float8:
		return AppendFloat(dst, v.Floats[i], 64)
	case arrowschema.Numeric:
		return v.Decs[i].AppendTo(dst)
	case arrowschema.UUID:
		return AppendUUID(dst, v.UUIDs[i])
	case arrowschema.Date:
		return temporal.AppendDate(dst, v.Ints[i])
	case arrowschema.Time:
		return temporal.AppendTime(dst, v.Ints[i])
	case arrowschema.Timestamp:
		return temporal.AppendTimestamp(dst, v.Ints[i])
	case arrowschema.TimestampTZ:
		return temporal.AppendTimestampTZ(dst, v.Ints[i], zone)
	case arrowschema.Interval:
		return temporal.AppendInterval(dst, v.Intervals[i])
	default:
		return append(dst, v.Strs[i]...)
	}
}

// AppendUUID appends the 36-character form.
func AppendUUID(dst []byte, u [16]byte) []byte {
	var b [36]byte
	hex.Encode(b[0:8], u[0:4])
	b[8] = '-'
	hex.Encode(b[9:13], u[4:6])
	b[13] = '-'
	hex.Encode(b[14:18], u[6:8])
	b[18] = '-'
	hex.Encode(b[19:23], u[8:10])
	b[23] = '-'
	hex.Encode(b[24:36], u[10:16])
	return append(dst, b[:]...)
}
