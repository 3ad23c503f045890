package vec

import (
	"encoding/binary"
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
	dst = append(dst, "01234567-9012-4567-9012-456789012345"...)
	PutUUID(dst[len(dst)-UUIDLength:], u)
	return dst
}

// UUIDLength is the length of a uuid's text, in bytes.
const UUIDLength = 36

// PutUUID writes the 36-character form, eight digits at once.
func PutUUID(dst []byte, u [16]byte) {
	dst = dst[:UUIDLength]
	a, b := hexDigits(binary.BigEndian.Uint32(u[0:])), hexDigits(binary.BigEndian.Uint32(u[4:]))
	c, d := hexDigits(binary.BigEndian.Uint32(u[8:])), hexDigits(binary.BigEndian.Uint32(u[12:]))
	binary.BigEndian.PutUint64(dst, a)
	dst[8], dst[13], dst[18], dst[23] = '-', '-', '-', '-'
	binary.BigEndian.PutUint32(dst[9:], uint32(b>>32))
	binary.BigEndian.PutUint32(dst[14:], uint32(b))
	binary.BigEndian.PutUint32(dst[19:], uint32(c>>32))
	binary.BigEndian.PutUint32(dst[24:], uint32(c))
	binary.BigEndian.PutUint64(dst[28:], d)
}

// hexDigits gives the eight hexadecimal digits of x, a byte each.
func hexDigits(x uint32) uint64 {
	const each = 0x0101010101010101
	w := uint64(x)
	w = (w | w<<16) & 0x0000ffff0000ffff
	w = (w | w<<8) & 0x00ff00ff00ff00ff
	w = (w | w<<4) & 0x0f0f0f0f0f0f0f0f
	letters := (w + 6*each) >> 4 & each // 1 for the digits from 10 on
	return w + '0'*each + letters*('a'-'0'-10)
}
