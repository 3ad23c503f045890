package render

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/plan"
)

// line is a line of a cell: what is printed, and how many columns of a terminal it takes.
type line struct {
	text  string
	width int
}

// tabStop is the distance of tab stops, counted from the beginning of a cell's line, as psql counts.
const tabStop = 8

// widths of runes: characters of ambiguous width are narrow wherever the program runs.
var widths = &runewidth.Condition{}

// layout cuts a value into lines that a terminal shows as they are: control characters are escaped, tabs become spaces, as psql has it. So are characters that
// change the direction of text, which psql lets through: with them a value could look like another.
func layout(s string) []line {
	if plain(s) {
		return []line{{s, len(s)}}
	}
	var out []line
	var b strings.Builder
	width := 0
	put := func(text string, n int) {
		b.WriteString(text)
		width += n
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\n':
			out = append(out, line{b.String(), width})
			b.Reset()
			width = 0
		case r == '\t':
			n := tabStop - width%tabStop
			put(strings.Repeat(" ", n), n)
		case r == utf8.RuneError && size == 1:
			put(fmt.Sprintf(`\x%02X`, s[i]), 4)
		case acts(r):
			text := escape(r)
			put(text, len(text))
		default:
			put(s[i:i+size], widths.RuneWidth(r))
		}
		i += size
	}
	return append(out, line{b.String(), width})
}

// plain tells whether a text is printable ASCII on one line.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// Escape gives a text as one line that is safe on a terminal: line feeds too are escaped.
func Escape(s string) string {
	if plain(s) {
		return s
	}
	lines := layout(s)
	text := make([]string, len(lines))
	for i, l := range lines {
		text[i] = l.text
	}
	return strings.Join(text, `\n`)
}

const (
	// pieceRows and pieceBytes bound what is held to lay out a table: the widths of columns need all the rows of a piece.
	pieceRows  = 1 << 16
	pieceBytes = 64 << 20
)

// piece is the rows of a table that are laid out together.
type piece struct {
	titles [][]line
	widths []int // of the columns, so far
	cells  [][]line
	bytes  int
	total  int64 // rows of all pieces
	buf    []byte
}

func newPiece(cols []plan.Column) piece {
	p := piece{widths: make([]int, len(cols))}
	for i, c := range cols {
		p.titles = append(p.titles, layout(c.Name))
		p.widen(i, p.titles[i])
	}
	return p
}

func (p *piece) widen(col int, lines []line) {
	for _, l := range lines {
		p.widths[col] = max(p.widths[col], l.width)
	}
}

// add lays a row out and tells whether the piece is full.
func (p *piece) add(o *Options, b *vec.Batch, row int) bool {
	for i, c := range b.Cols {
		p.buf = o.cell(p.buf[:0], c, row)
		lines := layout(string(p.buf))
		p.widen(i, lines)
		p.cells = append(p.cells, lines)
		p.bytes += len(p.buf)
	}
	p.total++
	return p.rows() >= pieceRows || p.bytes >= pieceBytes
}

func (p *piece) rows() int {
	if len(p.widths) == 0 {
		return 0
	}
	return len(p.cells) / len(p.widths)
}

// row gives the cells of a row of the piece.
func (p *piece) row(i int) [][]line { return p.cells[i*len(p.widths) : (i+1)*len(p.widths)] }

func (p *piece) clear() {
	clear(p.cells)
	p.cells, p.bytes = p.cells[:0], 0
}

// at gives line i of a cell, and whether there is one and whether others follow.
func at(cell []line, i int) (l line, ok, more bool) {
	if i >= len(cell) {
		return line{}, false, false
	}
	return cell[i], true, i+1 < len(cell)
}
