package tables

import "unsafe"

// arena gives strings memory in large pieces, so that a column's text costs no allocation a row and does not keep the statement's or the
// import's buffers alive. Bytes are written once, before anybody is given the string over them.
type arena struct {
	free []byte // capacity left in the last piece
	size int    // of the last piece
	n    int    // pieces
}

// Pieces begin small, for the tables of a few rows, and double up to 256 KiB, at which what is left unused at the end stays below 5 % of a
// full segment's text.
const (
	firstPiece = 512
	maxPiece   = 256 << 10
)

// newArena gives an arena for the texts of so many rows: the first piece of very few is smaller.
func newArena(rows int) arena { return arena{size: min(firstPiece, bytesPerRow*rows) / 2} }

// bytesPerRow is the length of a text that there is room for when nothing is known of it.
const bytesPerRow = 32

// reserve makes sure that n bytes can be copied without another piece.
func (a *arena) reserve(n int) {
	if n <= cap(a.free)-len(a.free) {
		return
	}
	if a.size = min(2*a.size, maxPiece); a.size == 0 {
		a.size = firstPiece
	}
	a.free = make([]byte, 0, max(n, a.size))
	a.n++
}

// copy gives s in the arena's memory.
func (a *arena) copy(s string) string {
	if len(s) == 0 {
		return ""
	}
	a.reserve(len(s))
	at := len(a.free)
	a.free = append(a.free, s...)
	return unsafe.String(&a.free[at], len(s))
}
