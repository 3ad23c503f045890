package text

import (
	"strings"
	"unsafe"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// A column of long texts mostly lies in one piece of memory, one text behind the other: a page of a file, a batch's buffer. A literal is then looked for in the
// whole piece rather than in each text: not by its first byte but by the one of its bytes that is rarest there, at the speed of strings.IndexByte, which is some
// twenty times that of strings.Index on a text of a hundred bytes.

const (
	// likeSample is the number of bytes of which the frequencies are taken.
	likeSample = 4 << 10
	// likeRare is the distance, in bytes, that the rarest byte must keep on average: closer, its finds cost more than looking into each text.
	likeRare = 24
	// likeBlock is the number of bytes from which a piece is searched as a whole.
	likeBlock = 4 << 10
)

// piece is texts that lie in one piece of memory, those under a NULL left out.
type piece struct {
	strs  []string
	valid vec.Bitmap
	all   string
}

// length gives the bytes that a text has of the piece.
func (p *piece) length(row int) int {
	if p.valid != nil && !p.valid.Get(row) {
		return 0
	}
	return len(p.strs[row])
}

// find tells whether each text begins where the one before it ends. Texts of several allocations that happen to be neighbours make a piece too: it is read
// while they are held, so that is harmless, but not what the compiler's check of pointers expects.
//
//go:nocheckptr
func (p *piece) find() bool {
	var first *byte
	size := 0
	for i, s := range p.strs {
		if p.length(i) == 0 {
			continue
		}
		at := unsafe.StringData(s)
		if first == nil {
			first = at
		}
		if uintptr(unsafe.Pointer(at)) != uintptr(unsafe.Pointer(first))+uintptr(size) {
			return false
		}
		size += len(s)
	}
	if size < likeBlock {
		return false
	}
	p.all = unsafe.String(first, size)
	return true
}

// isASCII tells whether the texts lie in one piece and all of it is ASCII.
func (p *piece) isASCII(ctx *exprs.Ctx) (bool, error) {
	if !p.find() {
		return false, nil
	}
	for rest := p.all; rest != ""; {
		n := min(len(rest), chunk)
		if !isASCII(rest[:n]) {
			return false, nil
		}
		rest = rest[n:]
		if err := ctx.Check(); err != nil {
			return false, err
		}
	}
	return true, nil
}

// rarest gives the place in literal of the byte that is rarest in all, and whether it is rare enough. Ties go to the first.
func rarest(literal, all string) (at int, distance int) {
	var seen [256]uint16
	sample := all
	if len(all) > likeSample { // four pieces, from all over
		for i := range 4 {
			from := (len(all) - likeSample/4) / 3 * i
			for _, b := range []byte(all[from : from+likeSample/4]) {
				seen[b]++
			}
		}
		sample = all[:likeSample]
	} else {
		for _, b := range []byte(all) {
			seen[b]++
		}
	}
	for i := range len(literal) {
		if seen[literal[i]] < seen[literal[at]] {
			at = i
		}
	}
	return at, len(sample) / (int(seen[literal[at]]) + 1)
}

// Containing sets r to whether each text that is not NULL has the literal. It answers false, with nothing done, where that is not to be had faster than by
// looking into each text.
func Containing(strs []string, valid vec.Bitmap, literal string, r []bool) bool {
	return containing(strs[:len(r)], valid, []string{literal}, false, r, nil)
}

// containing sets r to whether each text has the literal, and to more, if more is not nil, for those that have. It answers false, with nothing done, where the
// texts do not lie in one piece or the literals' bytes are all frequent. What it sets at NULLs is anything.
func containing(strs []string, valid vec.Bitmap, literals []string, negated bool, r []bool, more func(s string) bool) bool {
	p := piece{strs: strs, valid: valid}
	if !p.find() {
		return false
	}
	all := p.all
	literal, at, best := "", 0, 0
	for _, l := range literals {
		if l == "" {
			continue
		}
		if i, distance := rarest(l, all); distance > best {
			literal, at, best = l, i, distance
		}
	}
	if best < likeRare || more != nil && best < 2*len(all)/len(strs) { // looking for one literal of several pays only where most texts have none of it
		return false
	}
	for i := range r {
		r[i] = negated
	}
	p.firsts(literal, at, func(row, _ int) {
		if more == nil || more(strs[row]) {
			r[row] = !negated
		}
	})
	return true
}

// firsts calls found for each text that has the literal, with its place there, in bytes. at is the place of the literal's byte to go by.
func (p *piece) firsts(literal string, at int, found func(row, place int)) {
	all := p.all
	row, begin := 0, 0 // the text that the search is in, and where it begins
	for from := at; from < len(all); {
		next := strings.IndexByte(all[from:], literal[at])
		if next < 0 {
			break
		}
		from += next + 1
		lo := from - 1 - at
		hi := lo + len(literal)
		if hi > len(all) {
			break
		}
		if all[lo:hi] != literal {
			continue
		}
		for begin+p.length(row) <= lo {
			begin += p.length(row)
			row++
		}
		end := begin + p.length(row)
		if hi > end {
			continue // it goes over into the next text
		}
		found(row, lo-begin)
		from = max(from, end+at) // nothing more of this text
	}
}

// positions is strpos of a column and a constant, where the texts lie in one piece and the constant has a rare byte; otherwise it answers false.
func positions(ctx *exprs.Ctx, v *vec.Vec, what string, out *vec.Vec) (bool, error) {
	p := piece{strs: v.Strs[:out.N], valid: out.Valid}
	if what == "" || !p.find() {
		return false, nil
	}
	at, distance := rarest(what, p.all)
	if distance < likeRare {
		return false, nil
	}
	var err error
	p.firsts(what, at, func(row, place int) {
		n := int64(place)
		if before := p.strs[row][:place]; !isASCII(before) && err == nil {
			n, err = charCount(ctx, before)
		}
		out.Ints[row] = n + 1
	})
	return true, err
}
