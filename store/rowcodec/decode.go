package rowcodec

import (
	"encoding/binary"
	"math"
	"unsafe"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// Decode reads a batch of columns of the given types, which must fill src. The strings of the batch lie in src: they are valid as long as it is
// not changed. Bytes that are no such batch are an error that matches ErrFormat; nothing is allocated that src has no bytes for, but for a
// constant column of MaxRows rows.
func Decode(src []byte, types []arrowschema.Type) (*vec.Batch, error) {
	r := &reader{src: src}
	if v := r.byte(); v != version {
		return nil, bad("version %d", v)
	}
	rows, cols := r.uvarint(), r.uvarint()
	if rows > MaxRows || cols != uint64(len(types)) {
		return nil, bad("%d rows of %d columns, where there are %d", rows, cols, len(types))
	}
	b := &vec.Batch{N: int(rows), Cols: make([]*vec.Vec, len(types))}
	for i, t := range types {
		v, err := r.column(t, b.N)
		if err != nil {
			return nil, err
		}
		b.Cols[i] = v
	}
	if r.err != nil || len(r.src) > 0 {
		return nil, bad("%d bytes after the last column", len(r.src))
	}
	return b, nil
}

// reader takes bytes from the front of src. After the first shortage it gives zeros, and err stays.
type reader struct {
	src []byte
	err error
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.src) {
		r.err, r.src = bad("cut: %d bytes are missing", n-len(r.src)), nil
		return nil
	}
	out := r.src[:n:n]
	r.src = r.src[n:]
	return out
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uvarint() uint64 {
	x, n := binary.Uvarint(r.src)
	if n <= 0 {
		r.take(len(r.src) + 1)
		return 0
	}
	r.src = r.src[n:]
	return x
}

func (r *reader) varint() int64 {
	x, n := binary.Varint(r.src)
	if n <= 0 {
		r.take(len(r.src) + 1)
		return 0
	}
	r.src = r.src[n:]
	return x
}

func (r *reader) column(t arrowschema.Type, rows int) (*vec.Vec, error) {
	head := r.byte()
	if r.err != nil {
		return nil, r.err
	}
	switch {
	case head&formMask != formOf(t):
		return nil, bad("a column of form %d, where %s is expected", head&formMask, t)
	case head&allNull != 0:
		return vec.NewNull(t, rows), nil
	case head&constant != 0:
		v, err := r.values(t, 1)
		if err != nil {
			return nil, err
		}
		v.Const, v.N = true, rows
		return v, nil
	}
	var valid vec.Bitmap
	if head&hasNulls != 0 {
		valid = r.bits(rows)
	}
	v, err := r.flatOrCoded(t, rows, head)
	if err != nil {
		return nil, err
	}
	v.Valid = valid
	return v, r.err
}

func (r *reader) flatOrCoded(t arrowschema.Type, rows int, head byte) (*vec.Vec, error) {
	if head&coded == 0 {
		return r.values(t, rows)
	}
	if t.Physical() != arrowschema.Strings {
		return nil, bad("%s is coded", t)
	}
	return r.codes(t, rows)
}

func (r *reader) bits(n int) vec.Bitmap {
	raw := r.take((n + 7) / 8)
	if raw == nil {
		return nil
	}
	out := make(vec.Bitmap, (n+63)/64)
	for i, b := range raw {
		out[i/8] |= uint64(b) << uint(8*(i%8))
	}
	return out
}

// values reads n elements.
func (r *reader) values(t arrowschema.Type, n int) (*vec.Vec, error) {
	v := &vec.Vec{Type: t, N: n}
	switch t.Physical() {
	case arrowschema.Bools:
		if raw := r.take((n + 7) / 8); raw != nil {
			v.Bools = make([]bool, n)
			for i := range v.Bools {
				v.Bools[i] = raw[i/8]>>uint(i%8)&1 != 0
			}
		}
	case arrowschema.Ints:
		v.Ints = r.ints(n)
	case arrowschema.Floats:
		if raw := r.take(8 * n); raw != nil {
			v.Floats = make([]float64, n)
			for i := range v.Floats {
				v.Floats[i] = math.Float64frombits(le.Uint64(raw[8*i:]))
			}
		}
	case arrowschema.UUIDs:
		if raw := r.take(16 * n); raw != nil {
			v.UUIDs = make([][16]byte, n)
			copy(rawUUIDs(v.UUIDs), raw)
		}
	case arrowschema.Decs:
		v.Decs = r.decs(n)
	case arrowschema.Intervals:
		if raw := r.take(16 * n); raw != nil {
			v.Intervals = make([]temporal.Interval, n)
			for i := range v.Intervals {
				p := raw[16*i:]
				v.Intervals[i] = temporal.Interval{Months: int32(le.Uint32(p)), Days: int32(le.Uint32(p[4:])), Micros: int64(le.Uint64(p[8:]))}
			}
		}
	default:
		v.Strs = r.texts(n)
	}
	return v, r.err
}

func (r *reader) ints(n int) []int64 {
	width, least := int(r.byte()), r.varint()
	if width != 0 && width != 1 && width != 2 && width != 4 && width != 8 {
		r.err = bad("integers of %d bytes", width)
		return nil
	}
	raw := r.take(width * n)
	if r.err != nil {
		return nil
	}
	out := make([]int64, n)
	switch width {
	case 0:
		for i := range out {
			out[i] = least
		}
	case 1:
		for i := range out {
			out[i] = least + int64(raw[i])
		}
	case 2:
		for i := range out {
			out[i] = least + int64(le.Uint16(raw[2*i:]))
		}
	case 4:
		for i := range out {
			out[i] = least + int64(le.Uint32(raw[4*i:]))
		}
	default:
		for i := range out {
			out[i] = least + int64(le.Uint64(raw[8*i:]))
		}
	}
	return out
}

func (r *reader) texts(n int) []string {
	width := int(r.byte())
	if width != 0 && width != 1 && width != 2 && width != 4 {
		r.err = bad("lengths of %d bytes", width)
		return nil
	}
	lengths := r.take(width * n)
	if r.err != nil {
		return nil
	}
	out := make([]string, n)
	if width == 0 {
		return out
	}
	data := r.src
	for i := range out {
		size := getWidth(lengths, width, i)
		if size > len(data) {
			r.err = bad("text is cut")
			return nil
		}
		if size > 0 {
			out[i] = unsafe.String(&data[0], size)
			data = data[size:]
		}
	}
	r.src = data
	return out
}

func getWidth(raw []byte, width, i int) int {
	switch width {
	case 1:
		return int(raw[i])
	case 2:
		return int(le.Uint16(raw[2*i:]))
	default:
		return int(le.Uint32(raw[4*i:]))
	}
}

func (r *reader) decs(n int) []decimal.Dec {
	texts := r.texts(n)
	if r.err != nil {
		return nil
	}
	out := make([]decimal.Dec, n)
	for i, s := range texts {
		if s == "" {
			continue // a NULL
		}
		d, err := decimal.Parse(s)
		if err != nil {
			r.err = bad("numeric %.40q", s)
			return nil
		}
		out[i] = d
	}
	return out
}

// codes reads a dictionary and n places in it.
func (r *reader) codes(t arrowschema.Type, n int) (*vec.Vec, error) {
	entries := r.uvarint()
	if entries == 0 || entries > maxCoded || entries > uint64(len(r.src)) && entries > uint64(n) {
		return nil, bad("a dictionary of %d entries", entries)
	}
	dict := &vec.Vec{Type: t, N: int(entries), Strs: r.texts(int(entries))}
	width := 1
	if entries > smallDict {
		width = 2
	}
	raw := r.take(width * n)
	if r.err != nil {
		return nil, r.err
	}
	codes := make([]uint16, n)
	most := uint16(0)
	for i := range codes {
		if width == 1 {
			codes[i] = uint16(raw[i])
		} else {
			codes[i] = le.Uint16(raw[2*i:])
		}
		most = max(most, codes[i])
	}
	if n > 0 && uint64(most) >= entries {
		return nil, bad("a code %d of %d entries", most, entries)
	}
	return vec.NewDict(codes, dict, nil), nil
}
