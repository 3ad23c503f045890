package text

import (
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

const (
	// maxText is the longest text in bytes: PostgreSQL's MaxAllocSize, 1 GB less one, less the header of four bytes.
	maxText = 0x3fffffff - 4
	// maxBatch is how many bytes the results of one call for one batch of rows may take together. PostgreSQL makes one row at a time and has no
	// such limit; without one, two thousand rows of repeat('x', 1000000000) would take two terabytes.
	maxBatch = 2 << 30
	// chunk is how much of a long text is worked on between two looks at the context: about a millisecond.
	chunk = 1 << 18
)

func errTooLong() error {
	return sqlstate.New(sqlstate.ProgramLimitExceeded, "requested length too large")
}

// budget counts the bytes of the results of one call.
type budget struct {
	ctx     *exprs.Ctx
	taken   int64
	counted int64 // of those taken, the bytes that the context knows of
}

// take accounts for a text of n bytes before it is made.
func (b *budget) take(n int64) error {
	if n > maxText {
		return errTooLong()
	}
	if b.taken += n; b.taken > maxBatch {
		return sqlstate.New(sqlstate.OutOfMemory, "out of memory").WithDetail("The results for one batch of rows exceed %d bytes.", maxBatch)
	}
	const few = 64 << 10 // bytes that are not worth asking the context for
	n = b.taken - b.counted
	if n < few {
		return nil
	}
	b.counted = b.taken
	return b.ctx.Reserve(n)
}

// pieces cuts a long text into chunks between characters, hands them to f, and looks at the context before each. What is no valid UTF-8 is cut anywhere.
func pieces(ctx *exprs.Ctx, s string, f func(piece string)) error {
	for {
		if err := ctx.Check(); err != nil {
			return err
		}
		if len(s) <= chunk {
			f(s)
			return nil
		}
		end := chunk
		for back := 1; back < utf8.UTFMax; back++ {
			if utf8.RuneStart(s[end]) {
				break
			}
			end--
		}
		f(s[:end])
		s = s[end:]
	}
}

// mapped is the kernel of a function that maps a text character by character; the results of chunks can be put together. What short does for short
// texts, it may do for the pieces of long ones.
func mapped(short func(string) string) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		b := budget{ctx: ctx}
		return rows(ctx, out, func(i int) error {
			s := args[0].Strs[args[0].At(i)]
			if len(s) <= chunk {
				out.Strs[i] = short(s)
				return b.take(int64(len(out.Strs[i])))
			}
			if err := b.take(2 * int64(len(s))); err != nil { // a character may take more bytes than before, and the buffer grows by doubling
				return err
			}
			var all strings.Builder
			all.Grow(len(s) + len(s)/8)
			err := pieces(ctx, s, func(p string) { all.WriteString(short(p)) })
			out.Strs[i] = all.String()
			return err
		})
	}
}

// charCount gives the number of characters of a text that may be long.
func charCount(ctx *exprs.Ctx, s string) (n int64, err error) {
	if len(s) <= chunk {
		if isASCII(s) {
			return int64(len(s)), nil
		}
		return int64(utf8.RuneCountInString(s)), nil
	}
	err = pieces(ctx, s, func(p string) { n += int64(utf8.RuneCountInString(p)) })
	return n, err
}

// offsetIn is offset for a text that may be long.
func offsetIn(ctx *exprs.Ctx, s string, n int64) (int, error) {
	if len(s) <= chunk || n <= 0 || n >= int64(len(s)) {
		return offset(s, n), nil
	}
	at := 0
	err := pieces(ctx, s, func(p string) {
		if n <= 0 {
			return
		}
		count := int64(utf8.RuneCountInString(p))
		if n < count {
			at += offset(p, n)
		} else {
			at += len(p)
		}
		n -= count
	})
	return at, err
}

// indexOf is strings.Index with looks at the context.
func indexOf(ctx *exprs.Ctx, s, what string) (int, error) {
	step := max(chunk, 2*len(what)) // most of a piece is not of the one before it, however long what is
	for from := 0; ; from += step {
		end := min(len(s), from+step+len(what)-1)
		if at := strings.Index(s[from:end], what); at >= 0 {
			return from + at, nil
		}
		if end == len(s) {
			return -1, nil
		}
		if err := ctx.Check(); err != nil {
			return -1, err
		}
	}
}

// countOf is strings.Count of what is not empty, with looks at the context.
func countOf(ctx *exprs.Ctx, s, what string) (n int64, err error) {
	if len(s) <= chunk {
		return int64(strings.Count(s, what)), nil
	}
	for looked := 0; ; n++ {
		at, err := indexOf(ctx, s, what)
		if at < 0 || err != nil {
			return n, err
		}
		s = s[at+len(what):]
		if looked += at + len(what) + 8; looked > chunk {
			looked = 0
			if err := ctx.Check(); err != nil {
				return n, err
			}
		}
	}
}

// grown makes room for n more bytes behind b. What is long is asked for before it is made, while the old bytes are still there.
func grown(ctx *exprs.Ctx, b []byte, n int) ([]byte, error) {
	const few = 64 << 10
	need := len(b) + n
	if need <= cap(b) {
		return b, nil
	}
	if len(b) > 0 {
		need += need / 4
	}
	if need > few {
		if err := ctx.Reserve(int64(need)); err != nil {
			return b, err
		}
	}
	return append(make([]byte, 0, need), b...), nil
}

// bytesAsText gives the text of bytes that nobody changes any more.
func bytesAsText(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
