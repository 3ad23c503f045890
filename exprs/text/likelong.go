package text

import (
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
	at, ok := p.segments[0].at(s, 0)
	if !ok || last == 0 {
		return ok && at == len(s), nil
	}
	for i := range p.segments[1:last] {
		var err error
		if at, err = l.find(&p.segments[1+i], s, at); err != nil || at < 0 {
			return false, err
		}
	}
	start := len(s)
	for range p.segments[last].chars {
		if start <= at {
			return false, nil
		}
		_, n := utf8.DecodeLastRuneInString(s[:start])
		start -= n
	}
	if start < at {
		return false, nil
	}
	_, ok = p.segments[last].at(s, start)
	return ok, nil
}

// find gives the byte behind the first place from byte i on at which the segment matches, -1 when there is none.
func (l *longMatch) find(seg *likeSegment, s string, i int) (end int, err error) {
	first := seg.pieces[0]
	rest := likeSegment{pieces: seg.pieces[1:]}
	i, ok := skipChars(s, i, first.skip)
	if !ok {
		return -1, nil
	}
	for {
		if err := l.look(len(first.literal) + seg.chars); err != nil {
			return -1, err
		}
		next, err := indexOf(l.ctx, s[i:], first.literal)
		if next < 0 || err != nil {
			return -1, err
		}
		i += next
		if end, ok = rest.at(s, i+len(first.literal)); ok {
			return end, nil
		}
		if i == len(s) {
			return -1, nil
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		i += n
	}
}
