package text

import (
	"unsafe"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/kernels"
	"github.com/stoadb/stoa/exprs/vec"
)

// A column of long texts mostly lies in one piece of memory, one text behind the other: a page of a file, a batch's buffer. A literal is then looked for in the
// whole piece rather than in each text: not by its first byte but by the two of its bytes that are rarest there, at the speed of kernels.IndexPair, which is some
// thirty times that of strings.Index on a text of a hundred bytes.

const (
	// likeSample is the number of bytes of which the frequencies are taken.
	likeSample = 4 << 10
	// likeRare is the distance, in bytes, that the rarest pair must keep on average: closer, its finds cost more than looking into each text.
	likeRare = 24
	// pairsTried is the number of pairs of a long literal of which the frequencies are taken.
	pairsTried = 8
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

// pair is a literal with the two of its bytes to go by, at and at+gap, the rarer one first. The two of a literal of one byte are the same.
type pair struct {
	literal string
	at, gap int
}

// begin gives the first place in text where the literal begins, going by its pair alone, or -1.
func (p *pair) begin(text string) int {
	if len(text) < len(p.literal) {
		return -1
	}
	skip := min(p.at, p.at+p.gap)
	text = text[skip:]
	at := kernels.IndexPair(unsafe.Slice(unsafe.StringData(text), len(text)), p.literal[p.at], p.literal[p.at+p.gap], p.gap)
	if at < 0 {
		return -1
	}
	return skip + at - p.at
}

// sampled gives four parts of a text, from all over it; a short one whole.
func sampled(all string) []string {
	if len(all) <= likeSample {
		return []string{all}
	}
	parts := make([]string, 4)
	for i := range parts {
		from := (len(all) - likeSample/4) / 3 * i
		parts[i] = all[from : from+likeSample/4]
	}
	return parts
}

// rarest gives, of the pairs that the literal's rarest byte makes, the one that is rarest in a sample, and its mean distance there. Bytes that are rare one by
// one may always come together.
func rarest(literal string, sample []string) (best pair, distance int) {
	var seen [256]int
	size := 0
	for _, part := range sample {
		size += len(part)
		for _, b := range []byte(part) {
			seen[b]++
		}
	}
	at := 0
	for i := range len(literal) {
		if seen[literal[i]] < seen[literal[at]] {
			at = i
		}
	}
	best = pair{literal: literal, at: at}
	least := seen[literal[at]]
	for i := 0; i < len(literal); i += 1 + len(literal)/pairsTried {
		p := pair{literal, at, i - at}
		if n := p.count(sample); n < least {
			best, least = p, n
		}
	}
	return best, size / (least + 1)
}

// count gives the number of places where the literal's pair stands.
func (p *pair) count(sample []string) (n int) {
	for _, part := range sample {
		for at := p.begin(part); at >= 0; at = p.begin(part) {
			n++
			part = part[at+1:]
		}
	}
	return n
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
	var by pair
	best, sample := 0, sampled(p.all)
	for _, l := range literals {
		if l == "" {
			continue
		}
		if some, distance := rarest(l, sample); distance > best {
			by, best = some, distance
		}
	}
	if best < likeRare || more != nil && best < 2*len(p.all)/len(strs) { // looking for one literal of several pays only where most texts have none of it
		return false
	}
	for i := range r {
		r[i] = negated
	}
	p.firsts(by, func(row, _ int) {
		if more == nil || more(strs[row]) {
			r[row] = !negated
		}
	})
	return true
}

// firsts calls found for each text that has a literal, with its place there, in bytes.
func (p *piece) firsts(by pair, found func(row, place int)) {
	all, literal := p.all, by.literal
	row, begin := 0, 0 // the text that the search is in, and where it begins
	for from := 0; ; { // where the literal may begin
		next := by.begin(all[from:])
		if next < 0 {
			break
		}
		lo := from + next
		hi := lo + len(literal)
		if from = lo + 1; hi > len(all) {
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
		from = max(from, end) // nothing more of this text
	}
}

// positions is strpos of a column and a constant, where the texts lie in one piece and the constant has a rare byte; otherwise it answers false.
func positions(ctx *exprs.Ctx, v *vec.Vec, what string, out *vec.Vec) (bool, error) {
	p := piece{strs: v.Strs[:out.N], valid: out.Valid}
	if what == "" || !p.find() {
		return false, nil
	}
	by, distance := rarest(what, sampled(p.all))
	if distance < likeRare {
		return false, nil
	}
	var err error
	p.firsts(by, func(row, place int) {
		n := int64(place)
		if before := p.strs[row][:place]; !isASCII(before) && err == nil {
			n, err = charCount(ctx, before)
		}
		out.Ints[row] = n + 1
	})
	return true, err
}
