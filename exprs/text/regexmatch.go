package text

import (
	"io"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/exprs"
)

// Go's automaton takes a step for each character and each of its instructions at worst, and cannot be stopped. Where that may be many, it is fed character
// by character by a reader that looks at the context; the answers are the same.
const (
	// manySteps is some ten milliseconds.
	manySteps = 1 << 20
	// tooMany is where a search that a reader cannot feed is refused: half a minute.
	tooMany = 1 << 32
)

// steps gives the steps that a search in s may take, at most.
func (c *compiledRegex) steps(s string) int64 {
	size := c.size.Load()
	if size == 0 {
		source := c.String()
		most := int64(2*len(source) + 8)
		if strings.ContainsRune(source, '{') {
			most *= 1000 // the most repetitions that Go's package takes
		}
		if most*int64(len(s)) < manySteps {
			return 0
		}
		size = int64(len(source))
		if tree, err := syntax.Parse(source, syntax.Perl); err == nil {
			if prog, err := syntax.Compile(tree.Simplify()); err == nil {
				size = int64(len(prog.Inst))
			}
		}
		c.size.Store(size)
	}
	return size * int64(len(s))
}

// watched reads a text until the context ends.
type watched struct {
	ctx   *exprs.Ctx
	text  string
	err   error
	left  int // characters until the next look
	every int
}

func (c *compiledRegex) watch(ctx *exprs.Ctx, s string) *watched {
	every := int(max(1, manySteps/8/max(1, c.size.Load())))
	return &watched{ctx: ctx, text: s, left: every, every: every}
}

// ReadRune implements io.RuneReader.
func (w *watched) ReadRune() (rune, int, error) {
	if w.left--; w.left <= 0 {
		w.left = w.every
		if w.err = w.ctx.Check(); w.err != nil {
			w.text = ""
		}
	}
	if w.text == "" {
		return 0, 0, io.EOF
	}
	r, n := utf8.DecodeRuneInString(w.text)
	w.text = w.text[n:]
	return r, n, nil
}

// matches tells whether s has a match.
func (c *compiledRegex) matches(ctx *exprs.Ctx, s string) (bool, error) {
	if c.table != nil && len(s) <= chunk {
		if hit, known := c.table.matches(s); known {
			return hit, nil
		}
	}
	if c.steps(s) < manySteps {
		return c.MatchString(s), nil
	}
	w := c.watch(ctx, s)
	hit := c.MatchReader(w)
	return hit, w.err
}

// find gives the places of the first match and its parentheses; nil when there is none.
func (c *compiledRegex) find(ctx *exprs.Ctx, s string) ([]int, error) {
	if c.table != nil && len(s) <= longText {
		if from, to, known := c.span(s); known && to < 0 {
			return nil, nil
		} else if known && c.NumSubexp() == 0 {
			return []int{from, to}, nil
		}
	}
	if c.steps(s) < manySteps {
		return c.FindStringSubmatchIndex(s), nil
	}
	w := c.watch(ctx, s)
	m := c.FindReaderSubmatchIndex(w)
	if w.err != nil {
		return nil, w.err
	}
	return m, nil
}

// span gives the place of the first match, and a negative end when there is none; known is false where the pattern's table does not know.
func (c *compiledRegex) span(s string) (from, to int, known bool) {
	if c.lazy || c.table == nil {
		return 0, -1, false
	}
	return c.table.find(s)
}

// each visits the first n matches, all when n is negative. Unlike Go, PostgreSQL finds an empty match right behind another match too; where the pattern looks
// at what stands before, which a search from the middle of a text cannot see, it is Go's matches.
func (c *compiledRegex) each(ctx *exprs.Ctx, s string, n int, visit func(m []int) error) error {
	if c.contextual {
		return c.eachContextual(ctx, s, n, visit)
	}
	for at := 0; n != 0 && at <= len(s); n-- {
		if err := ctx.Check(); err != nil {
			return err
		}
		m, err := c.find(ctx, s[at:])
		if err != nil || m == nil {
			return err
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += at
			}
		}
		if err := visit(m); err != nil {
			return err
		}
		if at = m[1]; m[0] == m[1] {
			_, size := utf8.DecodeRuneInString(s[at:])
			at += max(1, size)
		}
	}
	return nil
}

// eachContextual searches the whole text for more and more matches, since Go's package cannot go on from the middle.
func (c *compiledRegex) eachContextual(ctx *exprs.Ctx, s string, n int, visit func(m []int) error) error {
	if c.steps(s) > tooMany {
		return errTooComplex()
	}
	const some = 256
	for seen, most := 0, some; ; most *= 4 {
		if most > some {
			if err := ctx.Reserve(int64(most-seen) * int64(64+16*c.NumSubexp())); err != nil {
				return err
			}
		}
		limit := most
		if n >= 0 {
			limit = min(limit, n)
		}
		matches := c.FindAllStringSubmatchIndex(s, limit)
		for _, m := range matches[seen:] {
			if err := visit(m); err != nil {
				return err
			}
		}
		if seen = len(matches); seen < most {
			return nil
		}
	}
}
