package text

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
)

// likeKind is the shape of a LIKE pattern; the simple shapes have loops of their own.
type likeKind uint8

const (
	likeGeneral likeKind = iota
	likeExact
	likePrefix // literal%
	likeSuffix // %literal
	likeInfix  // %literal%
	likeChain  // literal%literal% … %literal, of which the first and the last may be empty
)

// likePattern is a LIKE pattern, compiled. It is cut at its % into segments, which match a fixed number of characters each. The first segment must
// match at the start of the text, the last at its end, and each between them at the first place behind its predecessor where it can: if any
// placement succeeds, the leftmost does. No segment is ever placed twice, so a match takes at most the product of the two lengths.
type likePattern struct {
	kind     likeKind
	literal  string   // of the simple shapes
	literals []string // of a chain
	segments []likeSegment
	// dangling is the pattern of those texts on which matching reaches an escape character at the pattern's end. That is an error, but only when
	// it is reached.
	dangling *likePattern
}

// likeSegment is a run without %: each piece skips some characters, for _, and then wants its literal.
type likeSegment struct {
	pieces []likePiece
	chars  int // characters that the segment takes
}

type likePiece struct {
	skip    int
	literal string
}

// compileLike reads a pattern, which is not long.
func compileLike(pattern string) *likePattern {
	p, _ := compileLikeWithin(nil, pattern) // without a context nothing refuses
	return p
}

const (
	// segmentBytes is what a segment of one letter takes in memory while a pattern is compiled.
	segmentBytes = 160
	// compiledBetween is the number of bytes, or segments, of a pattern between two looks at the context: below a millisecond.
	compiledBetween = 1 << 12
)

// compileLikeWithin reads a pattern, which may be long, in which a backslash escapes.
func compileLikeWithin(ctx *exprs.Ctx, pattern string) (*likePattern, error) {
	p := &likePattern{}
	seg, piece, pieces := likeSegment{}, likePiece{}, 0
	var lit []byte
	endPiece := func() (err error) {
		if piece.literal = string(lit); piece.skip > 0 || piece.literal != "" {
			seg.pieces = append(seg.pieces, piece)
			seg.chars += piece.skip + utf8.RuneCountInString(piece.literal)
			if pieces++; pieces%compiledBetween == 0 {
				err = ctx.Reserve(compiledBetween * segmentBytes)
			}
		}
		piece, lit = likePiece{}, lit[:0]
		return err
	}
	if len(pattern) > longText {
		if err := ctx.Reserve(3 * int64(len(pattern))); err != nil { // a literal, and the buffer that it is read into
			return nil, err
		}
	}
	for i, next := 0, compiledBetween; i < len(pattern); i++ {
		if i >= next {
			if err := ctx.Check(); err != nil {
				return nil, err
			}
			next = i + compiledBetween
		}
		var err error
		switch c := pattern[i]; c {
		case '%':
			err = endPiece()
			if len(p.segments) == 0 || seg.chars > 0 { // %% is %
				p.segments = append(p.segments, seg)
			}
			seg = likeSegment{}
		case '_':
			if len(lit) > 0 {
				err = endPiece()
			}
			piece.skip++
		case '\\':
			if i++; i == len(pattern) {
				dangling, err := compileLikeWithin(ctx, pattern[:i-1]+"_%")
				return &likePattern{dangling: dangling}, err
			}
			lit = append(lit, pattern[i])
		default:
			lit = append(lit, c)
		}
		if err != nil {
			return nil, err
		}
	}
	err := endPiece()
	p.segments = append(p.segments, seg)
	p.classify()
	return p, err
}

// classify finds the simple shapes.
func (p *likePattern) classify() {
	n := len(p.segments)
	plain := func(i int) bool {
		return len(p.segments[i].pieces) == 0 || len(p.segments[i].pieces) == 1 && p.segments[i].pieces[0].skip == 0
	}
	literal := func(i int) string {
		if len(p.segments[i].pieces) == 0 {
			return ""
		}
		return p.segments[i].pieces[0].literal
	}
	switch {
	case n == 1 && plain(0):
		p.kind, p.literal = likeExact, literal(0)
	case n == 2 && plain(0) && p.segments[1].chars == 0:
		p.kind, p.literal = likePrefix, literal(0)
	case n == 2 && plain(1) && p.segments[0].chars == 0:
		p.kind, p.literal = likeSuffix, literal(1)
	case n == 3 && p.segments[0].chars == 0 && p.segments[2].chars == 0 && plain(1):
		p.kind, p.literal = likeInfix, literal(1)
	case n <= compiledBetween: // of more it does not matter
		for i := range n {
			if !plain(i) {
				return
			}
		}
		p.kind = likeChain
		for i := range n {
			p.literals = append(p.literals, literal(i))
		}
	}
}

func errDangling() error {
	return sqlstate.New(sqlstate.InvalidEscapeSequence, "LIKE pattern must not end with escape character")
}

// match tells whether s matches.
func (p *likePattern) match(s string) (bool, error) {
	if p.dangling != nil {
		if hit, err := p.dangling.match(s); err != nil || !hit {
			return false, err
		}
		return false, errDangling()
	}
	switch p.kind {
	case likeExact:
		return s == p.literal, nil
	case likePrefix:
		return strings.HasPrefix(s, p.literal), nil
	case likeSuffix:
		return strings.HasSuffix(s, p.literal), nil
	case likeInfix:
		return strings.Contains(s, p.literal), nil
	case likeChain:
		return chained(s, p.literals), nil
	default:
		return p.general(s), nil
	}
}

// chained tells whether s begins with the first literal, ends with the last, and has the others between them, one behind the other.
func chained(s string, literals []string) bool {
	last := len(literals) - 1
	first, end := literals[0], literals[last]
	if len(s) < len(first)+len(end) || s[:len(first)] != first || s[len(s)-len(end):] != end {
		return false
	}
	s = s[len(first) : len(s)-len(end)]
	for _, l := range literals[1:last] {
		at := strings.Index(s, l)
		if at < 0 {
			return false
		}
		s = s[at+len(l):]
	}
	return true
}

func (p *likePattern) general(s string) bool {
	last := len(p.segments) - 1
	at, ok := p.segments[0].at(s, 0)
	if !ok {
		return false
	}
	if last == 0 {
		return at == len(s)
	}
	for _, seg := range p.segments[1:last] {
		if at, ok = seg.find(s, at); !ok {
			return false
		}
	}
	start, ok := dropChars(s, at, p.segments[last].chars)
	if ok {
		_, ok = p.segments[last].at(s, start)
	}
	return ok
}

// at matches the segment at byte i and gives the byte behind it.
func (seg *likeSegment) at(s string, i int) (end int, ok bool) {
	for _, p := range seg.pieces {
		if i, ok = skipChars(s, i, p.skip); !ok || !strings.HasPrefix(s[i:], p.literal) {
			return 0, false
		}
		i += len(p.literal)
	}
	return i, true
}

// find matches the segment at the first place from byte i on.
func (seg *likeSegment) find(s string, i int) (end int, ok bool) {
	first := seg.pieces[0]
	rest := likeSegment{pieces: seg.pieces[1:]}
	if i, ok = skipChars(s, i, first.skip); !ok {
		return 0, false
	}
	for {
		next := strings.Index(s[i:], first.literal)
		if next < 0 {
			return 0, false
		}
		i += next
		if end, ok = rest.at(s, i+len(first.literal)); ok {
			return end, true
		}
		if i == len(s) {
			return 0, false
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		i += n
	}
}

// eightChars tells whether the eight bytes of s from byte i on are as many characters.
func eightChars(s string, i int) bool {
	return binary.LittleEndian.Uint64([]byte(s[i:i+8]))&highBits == 0
}

// skipChars steps over n characters from byte i; ok is false when there are not as many.
func skipChars(s string, i, n int) (int, bool) {
	for n > 0 {
		if n > 1 && i+8 <= len(s) && eightChars(s, i) {
			step := min(n, 8)
			i, n = i+step, n-step
			continue
		}
		if i >= len(s) {
			return 0, false
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		i, n = i+size, n-1
	}
	return i, true
}

// dropChars gives where the last n characters of s begin; ok is false when there are not as many from byte i on.
func dropChars(s string, i, n int) (start int, ok bool) {
	start = len(s)
	for n > 0 && start > i {
		if n > 1 && start >= 8 && eightChars(s, start-8) {
			step := min(n, 8)
			start, n = start-step, n-step
			continue
		}
		_, size := utf8.DecodeLastRuneInString(s[:start])
		start, n = start-size, n-1
	}
	return start, n == 0 && start >= i
}

// likeEscape rewrites a pattern with another escape character into one with the backslash; an empty escape means that nothing escapes.
func likeEscape(ctx *exprs.Ctx, pattern, escape string) (string, error) {
	if escape == `\` {
		return pattern, nil
	}
	e := utf8.RuneError
	if escape != "" {
		if utf8.RuneCountInString(escape) != 1 {
			return "", sqlstate.New(sqlstate.InvalidEscapeSequence, "invalid escape string").WithHint("Escape string must be empty or one character.")
		}
		e, _ = utf8.DecodeRuneInString(escape)
	}
	if len(pattern) > longText {
		if err := ctx.Reserve(4 * int64(len(pattern))); err != nil { // all may be doubled, and the buffer is there twice when it grows
			return "", err
		}
	}
	var b strings.Builder
	escaped := false
	err := pieces(ctx, pattern, func(p string) {
		for _, r := range p {
			switch {
			case escape != "" && r == e && !escaped:
				b.WriteByte('\\')
				escaped = true
				continue
			case r == '\\' && !escaped:
				b.WriteString(`\\`)
			default:
				b.WriteRune(r)
			}
			escaped = false
		}
	})
	return b.String(), err
}
