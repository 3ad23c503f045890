package text

import (
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/exprs"
)

// longText is the length from which a text is matched with looks at the context: the square of it is some ten milliseconds.
const longText = 16 << 10

// matches is match for texts of any length.
func (p *likePattern) matches(ctx *exprs.Ctx, s string) (bool, error) {
	if len(s) <= longText || p.dangling == nil && p.kind <= likeSuffix && p.kind != likeGeneral {
		return p.match(s)
	}
	if p.dangling == nil && p.kind == likeInfix {
		at, err := indexOf(ctx, s, p.literal)
		return at >= 0, err
	}
	l := longMatch{ctx: ctx}
	if p.dangling != nil {
		if hit, err := l.general(p.dangling, s); err != nil || !hit {
			return false, err
		}
		return false, errDangling()
	}
	return l.general(p, s)
}

// longMatch is general with a count of the bytes that were looked at.
type longMatch struct {
	ctx    *exprs.Ctx
	looked int
}

// look counts n bytes and looks at the context now and then.
func (l *longMatch) look(n int) error {
	if l.looked += n; l.looked < chunk {
		return nil
	}
	l.looked = 0
	return l.ctx.Check()
}

func (l *longMatch) general(p *likePattern, s string) (bool, error) {
	last := len(p.segments) - 1
	at, err := l.at(p.segments[0].pieces, s, 0)
	if err != nil || at < 0 || last == 0 {
		return at == len(s), err
	}
	for i := range p.segments[1:last] {
		if at, err = l.find(&p.segments[1+i], s, at); err != nil || at < 0 {
			return false, err
		}
	}
	start, ok := len(s), true
	for n := p.segments[last].chars; n > 0; n -= chunk {
		if start, ok = dropChars(s[:start], at, min(n, chunk)); !ok {
			return false, nil
		}
		if err := l.look(chunk); err != nil {
			return false, err
		}
	}
	if start < at {
		return false, nil
	}
	end, err := l.at(p.segments[last].pieces, s, start)
	return end >= 0, err
}

// at matches pieces at byte i and gives the byte behind them, -1 when they do not match.
func (l *longMatch) at(pieces []likePiece, s string, i int) (end int, err error) {
	for _, p := range pieces {
		if i, err = l.skip(s, i, p.skip); i < 0 || err != nil || !strings.HasPrefix(s[i:], p.literal) {
			return -1, err
		}
		i += len(p.literal)
	}
	return i, nil
}

// skip steps over n characters from byte i, -1 when there are not as many.
func (l *longMatch) skip(s string, i, n int) (int, error) {
	for ok := true; ; n -= chunk {
		if err := l.look(min(n, chunk) + 8); err != nil {
			return -1, err
		}
		if i, ok = skipChars(s, i, min(n, chunk)); !ok {
			return -1, nil
		}
		if n <= chunk {
			return i, nil
		}
	}
}

// find gives the byte behind the first place from byte i on at which the segment matches, -1 when there is none.
func (l *longMatch) find(seg *likeSegment, s string, i int) (end int, err error) {
	first := seg.pieces[0]
	if i, err = l.skip(s, i, first.skip); i < 0 || err != nil {
		return -1, err
	}
	for {
		if err := l.look(len(first.literal)); err != nil {
			return -1, err
		}
		next, err := indexOf(l.ctx, s[i:], first.literal)
		if next < 0 || err != nil {
			return -1, err
		}
		i += next
		if end, err = l.at(seg.pieces[1:], s, i+len(first.literal)); end >= 0 || err != nil {
			return end, err
		}
		if i == len(s) {
			return -1, nil
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		i += n
	}
}

// folder maps texts to lower case, one at a time.
type folder struct {
	ctx     *exprs.Ctx
	letters letters
	buf     []byte
}

// fold gives s in lower case, valid until the next call.
func (f *folder) fold(s string) (string, error) {
	out := f.buf[:0]
	room := func(n int) (err error) { out, err = grown(f.ctx, out, n); return err }
	err := room(len(s) + len(s)/8)
	if err != nil {
		return "", err
	}
	checked := pieces(f.ctx, s, func(p string) {
		if err == nil {
			err = room(len(p) + len(p)/2) // a character may take more bytes than before
		}
		if err == nil {
			out = f.letters.appendTo(out, p)
		}
	})
	if err == nil {
		err = checked
	}
	f.buf = out
	return bytesAsText(out), err
}
