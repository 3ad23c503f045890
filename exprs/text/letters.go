package text

import (
	"encoding/binary"
	"slices"
	"unsafe"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/kernels"
	"github.com/stoadb/stoa/exprs/vec"
)

// Most texts are ASCII: eight bytes of them are looked at, or mapped to the other case, at once. Texts with other characters go the way of package unicode.

const (
	everyByte = 0x0101010101010101
	highBits  = 0x80 * everyByte
)

// isASCII tells whether s has no byte from 0x80 on.
func isASCII(s string) bool {
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	if len(b) < 8 {
		var all byte
		for _, c := range b {
			all |= c
		}
		return all < 0x80
	}
	all := binary.LittleEndian.Uint64(b[len(b)-8:])
	for ; len(b) >= 32; b = b[32:] {
		all |= binary.LittleEndian.Uint64(b) | binary.LittleEndian.Uint64(b[8:]) | binary.LittleEndian.Uint64(b[16:]) | binary.LittleEndian.Uint64(b[24:])
	}
	for ; len(b) > 8; b = b[8:] {
		all |= binary.LittleEndian.Uint64(b)
	}
	return all&highBits == 0
}

// letters is a case that texts are mapped to: the ASCII letters from first to last change, other characters as slow says.
type letters struct {
	first, last byte
	slow        func(string) string
}

func toLower() letters { return letters{first: 'A', last: 'Z', slow: lower} }
func toUpper() letters { return letters{first: 'a', last: 'z', slow: upper} }

// appendTo appends s, mapped.
func (l *letters) appendTo(dst []byte, s string) []byte {
	at := len(dst)
	dst = slices.Grow(dst, len(s))
	if !l.write(dst[at:at+len(s)], s) {
		return append(dst, l.slow(s)...)
	}
	return dst[:at+len(s)]
}

// write writes s, mapped, to a place of its size. It answers false when s is not all ASCII.
func (l *letters) write(to []byte, s string) bool {
	return kernels.SwapCase(to, unsafe.Slice(unsafe.StringData(s), len(s)), l.first, l.last)
}

// column maps the texts of rows that are not NULL and writes them one behind the other into one buffer. ok is false, with nothing done, for a column of long
// texts: the buffer would be held for any of them.
func (l *letters) column(ctx *exprs.Ctx, v *vec.Vec, valid vec.Bitmap, out []string) (ok bool, err error) {
	size := int64(0)
	for i := range out {
		if valid.Get(i) {
			size += int64(len(v.Strs[v.At(i)]))
		}
	}
	if size > int64(len(out))*longPair {
		return false, nil
	}
	if err := ctx.Reserve(size); err != nil {
		return false, err
	}
	all := make([]byte, 0, size)
	if !v.Const && l.piece(&piece{strs: v.Strs[:len(out)], valid: valid}, all, out) {
		return true, nil
	}
	for i := range out {
		if !valid.Get(i) {
			continue
		}
		at := len(all)
		all = l.appendTo(all, v.Strs[v.At(i)])
		out[i] = bytesAsText(all[at:])
	}
	return true, nil
}

// piece maps texts that lie in one piece all at once and writes them into all, which has room for them. It answers false when they do not, or not all is ASCII.
func (l *letters) piece(p *piece, all []byte, out []string) bool {
	if !p.find() {
		return false
	}
	all = all[:len(p.all)]
	if !l.write(all, p.all) {
		return false
	}
	text, at := bytesAsText(all), 0
	for i := range out {
		n := p.length(i)
		out[i], at = text[at:at+n], at+n
	}
	return true
}

// caseKernel maps texts to another case.
func caseKernel(l letters) exprs.Kernel {
	long := mapped(l.slow)
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		if ok, err := l.column(ctx, args[0], out.Valid, out.Strs); ok || err != nil {
			return err
		}
		return long(ctx, args, out)
	}
}

// lengthKernel counts characters.
func lengthKernel(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	if !args[0].Const {
		p := piece{strs: args[0].Strs[:out.N], valid: out.Valid}
		if ascii, err := p.isASCII(ctx); err != nil {
			return err
		} else if ascii {
			for i, s := range p.strs {
				out.Ints[i] = int64(len(s))
			}
			return nil
		}
	}
	for i := range out.Ints {
		if i&31 == 0 {
			if err := ctx.Check(); err != nil {
				return err
			}
		}
		s := args[0].Strs[args[0].At(i)]
		if len(s) <= chunk && isASCII(s) {
			out.Ints[i] = int64(len(s))
			continue
		}
		if !out.Valid.Get(i) {
			continue
		}
		var err error
		if out.Ints[i], err = charCount(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
