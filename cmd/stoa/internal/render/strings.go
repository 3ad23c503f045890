package render

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
)

// Heading is the title of a column of texts.
type Heading struct {
	Name  string
	Right bool // aligned to the right, as numbers are
}

// Strings writes rows of texts as an aligned table under a centred title, without a count of the rows: the lists that psql's \d commands print.
func Strings(w io.Writer, title string, cols []Heading, rows [][]string) error {
	t := &table{out: bufio.NewWriter(w), titled: true}
	width := len(cols)*3 - 1
	for i, c := range cols {
		t.right = append(t.right, c.Right)
		t.piece.titles = append(t.piece.titles, layout(c.Name))
		t.piece.widths = append(t.piece.widths, 0)
		t.piece.widen(i, t.piece.titles[i])
	}
	for _, row := range rows {
		for i, text := range row {
			lines := layout(text)
			t.piece.widen(i, lines)
			t.piece.cells = append(t.piece.cells, lines)
		}
	}
	for _, n := range t.piece.widths {
		width += n
	}
	pad(t.out, ' ', (width-len(title))/2)
	t.out.WriteString(Escape(title) + "\n")
	t.titles()
	return t.flush()
}

// Count gives a number with commas between its thousands.
func Count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	out := make([]byte, 0, len(digits)+len(digits)/3)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			out = append(out, ',')
		}
		out = append(out, digits[i])
	}
	return string(out)
}

// Bytes gives a size in the largest decimal unit that leaves it at least 1: "15.3 MB", as the contract's texts have it.
func Bytes(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10) + " B"
	}
	v := float64(n)
	for _, unit := range []string{"kB", "MB", "GB", "TB"} {
		if v /= 1000; v < 999.95 {
			return fmt.Sprintf("%.1f %s", v, unit)
		}
	}
	return fmt.Sprintf("%.1f PB", v/1000)
}
