package text

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func formatFunctions() []exprs.Func {
	one := fn("format", txt, formatKernel, txt)
	many := fn("format", txt, formatKernel, txt, Any)
	many.Variadic = true
	for _, f := range []*exprs.Func{&one, &many} {
		f.NotStrict, f.Volatility = true, exprs.Stable
	}
	return []exprs.Func{one, many}
}

func formatKernel(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	total := budget{ctx: ctx}
	for i := range out.Strs {
		if err := ctx.Check(); err != nil {
			return err
		}
		if args[0].IsNull(i) {
			out.SetNull(i)
			continue
		}
		f := formatter{args: args[1:], row: i, rest: args[0].Strs[args[0].At(i)], out: &strings.Builder{}, budget: &total}
		if err := f.run(); err != nil {
			return err
		}
		out.Strs[i] = f.out.String()
	}
	return nil
}

// formatter carries out one format string: %[position$][-][width]type, type being s, I, L or %.
type formatter struct {
	args []*vec.Vec
	row  int
	rest string
	next int // the argument that the next specifier without a position takes
	out  *strings.Builder

	budget  *budget
	counted int // bytes of out that the budget knows of
	worked  int // bytes that were written since the context was looked at
}

func errFormat(format string, args ...any) error {
	return sqlstate.New(sqlstate.InvalidParameterValue, format, args...)
}

func (f *formatter) run() error {
	for {
		before, after, found := strings.Cut(f.rest, "%")
		if err := f.count(len(before)); err != nil {
			return err
		}
		if err := f.write(before); err != nil || !found {
			return err
		}
		f.rest = after
		if strings.HasPrefix(after, "%") {
			f.out.WriteByte('%')
			f.rest = after[1:]
			continue
		}
		if err := f.specifier(); err != nil {
			return err
		}
	}
}

// count tells the budget of what was appended since it was last told, when that is worth it, and of more bytes that are about to be. The buffer is there
// twice when it grows.
func (f *formatter) count(more int) error {
	size := f.out.Len() + more
	if size > maxText {
		return errTooLong()
	}
	if size < f.counted || size < 1<<10 {
		return nil
	}
	most := max(size, min(2*f.out.Cap(), maxText))
	if err := f.budget.take(int64(most)); err != nil {
		return err
	}
	f.counted = most
	if most <= chunk {
		f.out.Grow(most - f.out.Len())
		return nil
	}
	written := f.out.String()
	f.out = &strings.Builder{}
	f.out.Grow(most)
	return f.write(written)
}

// write appends a text, which may be long, to memory that is there, and looks at the context as it goes.
func (f *formatter) write(s string) error {
	for {
		if f.worked >= chunk {
			f.worked = 0
			if err := f.budget.ctx.Check(); err != nil {
				return err
			}
		}
		piece := s[:min(len(s), chunk)]
		f.out.WriteString(piece)
		f.worked += len(piece) + 16
		if s = s[len(piece):]; s == "" {
			return nil
		}
	}
}

func errUnterminated() error {
	return sqlstate.New(sqlstate.InvalidParameterValue, "unterminated format() type specifier").WithHint("For a single \"%%\" use \"%%%%\".")
}

func (f *formatter) specifier() error {
	if f.rest == "" {
		return errUnterminated()
	}
	position, width, dash := -1, 0, false
	n, ok, err := f.number()
	switch {
	case err != nil:
		return err
	case ok && strings.HasPrefix(f.rest, "$"):
		if n == 0 {
			return errFormat("format specifies argument 0, but arguments are numbered from 1")
		}
		position, f.rest = n-1, f.rest[1:]
	case ok:
		width = n
	}
	if position >= 0 || !ok {
		for strings.HasPrefix(f.rest, "-") {
			dash, f.rest = true, f.rest[1:]
		}
		if width, err = f.width(); err != nil {
			return err
		}
	}
	if f.rest == "" {
		return errUnterminated()
	}
	kind, size := utf8.DecodeRuneInString(f.rest)
	f.rest = f.rest[size:]
	return f.convert(kind, position, width, dash)
}

// width reads a number, or with * takes the next argument, or with *n$ the argument n.
func (f *formatter) width() (int, error) {
	if !strings.HasPrefix(f.rest, "*") {
		n, _, err := f.number()
		return n, err
	}
	f.rest = f.rest[1:]
	n, ok, err := f.number()
	if err != nil {
		return 0, err
	}
	at := f.next
	if ok {
		if !strings.HasPrefix(f.rest, "$") {
			return 0, errFormat("width argument position must be ended by \"$\"")
		}
		if n == 0 {
			return 0, errFormat("format specifies argument 0, but arguments are numbered from 1")
		}
		at, f.rest = n-1, f.rest[1:]
	}
	s, null, err := f.argument(at)
	if err != nil || null {
		return 0, err
	}
	v, err := ParseInt(s, arrowschema.Int4)
	return int(v), err
}

// number reads digits.
func (f *formatter) number() (n int, ok bool, err error) {
	end := 0
	for end < len(f.rest) && f.rest[end]-'0' <= 9 {
		end++
	}
	if end == 0 {
		return 0, false, nil
	}
	n, err = strconv.Atoi(f.rest[:end])
	if err != nil || n > 1<<31-1 {
		return 0, false, errFormatNumber()
	}
	f.rest = f.rest[end:]
	return n, true, nil
}

func errFormatNumber() error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "number is out of range")
}

// argument gives argument at, which the following specifiers without a position count on from.
func (f *formatter) argument(at int) (s string, null bool, err error) {
	if at >= len(f.args) {
		return "", false, errFormat("too few arguments for format()")
	}
	f.next = at + 1
	a := f.args[at]
	if a.IsNull(f.row) {
		return "", true, nil
	}
	return a.Strs[a.At(f.row)], false, nil
}

func (f *formatter) convert(kind rune, position, width int, dash bool) error {
	if !strings.ContainsRune("sIL", kind) {
		return sqlstate.New(sqlstate.InvalidParameterValue, "unrecognized format() type specifier \"%c\"", kind).
			WithHint("For a single \"%%\" use \"%%%%\".")
	}
	if position < 0 {
		position = f.next
	}
	s, null, err := f.argument(position)
	switch {
	case err != nil:
		return err
	case kind == 'I' && null:
		return sqlstate.New("22004", "null values cannot be formatted as an SQL identifier")
	case kind == 'I':
		s, err = quoteLong(f.budget.ctx, s, QuoteIdent)
	case kind == 'L' && null:
		s = "NULL"
	case kind == 'L':
		s, err = quoteLong(f.budget.ctx, s, QuoteLiteral)
	}
	if err != nil {
		return err
	}
	return f.pad(s, width, dash)
}

const blanks = "                                                                "

func (f *formatter) pad(s string, width int, dash bool) error {
	if width < 0 {
		width, dash = -width, true
	}
	chars, err := charCount(f.budget.ctx, s)
	if err != nil {
		return err
	}
	spaces := max(0, width-int(chars))
	if err := f.count(len(s) + spaces); err != nil {
		return err
	}
	if dash {
		if err := f.write(s); err != nil {
			return err
		}
	}
	for spaces > 0 {
		n := min(spaces, len(blanks))
		if err := f.write(blanks[:n]); err != nil {
			return err
		}
		spaces -= n
	}
	if dash {
		return nil
	}
	return f.write(s)
}
