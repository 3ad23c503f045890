package text

import "github.com/stoadb/stoa/exprs"

// Growing is a text to which is appended, from the zero value, which is empty. What is long is kept in pieces of memory that are not copied as more comes, so
// that the old buffer is never beside the new one, nor garbage that the collector has not found yet.
type Growing struct {
	last []byte
	full *fullPieces // nil for a short text
}

type fullPieces struct {
	pieces []string
	size   int // bytes of them, which have no room left
}

// leastPiece and mostPiece bound the room of a piece, in bytes. Below the first a text is in one buffer; up to the second a piece has a quarter of what there is.
const leastPiece, mostPiece = 64 << 10, 1 << 20

// Len gives the length in bytes.
func (g *Growing) Len() int {
	if g.full == nil {
		return len(g.last)
	}
	return g.full.size + len(g.last)
}

// Held gives the bytes of memory that are taken.
func (g *Growing) Held() int { return g.Len() + cap(g.last) - len(g.last) }

// Append appends s. The context is asked before a piece is taken, and counts it until it is settled.
func (g *Growing) Append(ctx *exprs.Ctx, s string) error {
	if len(s) <= cap(g.last)-len(g.last) || g.full == nil && len(g.last)+len(s) < leastPiece {
		g.last = append(g.last, s...)
		return nil
	}
	n := cap(g.last) - len(g.last)
	rest := s[n:]
	room := max(len(rest), min(max(leastPiece, g.Len()/4), mostPiece))
	if err := ctx.Reserve(int64(room)); err != nil {
		return err
	}
	g.last = append(g.last, s[:n]...)
	if g.full == nil {
		g.full = &fullPieces{}
	}
	if len(g.last) > 0 {
		g.full.pieces, g.full.size = append(g.full.pieces, bytesAsText(g.last)), g.full.size+len(g.last)
	}
	g.last = make([]byte, 0, room)
	return pieces(ctx, rest, func(p string) { g.last = append(g.last, p...) })
}

// Join appends another text without its first skip bytes, which are few.
func (g *Growing) Join(ctx *exprs.Ctx, other *Growing, skip int) error {
	if other.full != nil {
		for _, p := range other.full.pieces {
			if err := g.Append(ctx, p[skip:]); err != nil {
				return err
			}
			skip = 0
		}
	}
	return g.Append(ctx, bytesAsText(other.last[skip:]))
}

// Text gives the text and an end. A long one is put together, and the context is asked before. Appending goes on being possible, and does not change it.
func (g *Growing) Text(ctx *exprs.Ctx, end string) (string, error) {
	if g.full != nil {
		if err := ctx.Reserve(int64(g.Len() + len(end))); err != nil {
			return "", err
		}
	}
	return g.join(ctx, end)
}

// join is Text where somebody has asked for the memory.
func (g *Growing) join(ctx *exprs.Ctx, end string) (string, error) {
	if g.full == nil && end == "" {
		return bytesAsText(g.last), nil
	}
	all := make([]byte, 0, g.Len()+len(end))
	if g.full != nil {
		for _, p := range g.full.pieces {
			if err := pieces(ctx, p, func(p string) { all = append(all, p...) }); err != nil {
				return "", err
			}
		}
	}
	return bytesAsText(append(append(all, g.last...), end...)), nil
}
