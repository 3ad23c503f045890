package aggregates

import (
	"slices"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// wordLog keeps words and their groups in pieces, which are not copied as more come.
type wordLog struct {
	pieces []wordPiece
	n      int
	ones   []uint8 // memory of masks
}

// wordPiece is some words and their groups; without groups all are of group 0.
type wordPiece struct {
	words  []int64
	groups []uint32
}

const (
	// leastPiece and mostPiece bound the room of a piece, in words. Up to the greater one pieces are as long as all before them together.
	leastPiece = 1 << 10
	mostPiece  = 1 << 17
	// wordStride is the number of words that are worked on between two looks at the context: some milliseconds at most.
	wordStride = 1 << 20
)

// keptRows gives a mask of the rows that a state is to see and that are not NULL, nil for all. What groups leave out is not in it.
func (l *wordLog) keptRows(groups []uint32, keep []uint8, valid vec.Bitmap, n int) []uint8 {
	if groups != nil {
		keep = nil
	}
	if keep == nil && valid == nil {
		return nil
	}
	if cap(l.ones) < n {
		l.ones = make([]uint8, n)
	}
	mask := l.ones[:n]
	if keep != nil {
		copy(mask, keep)
	} else {
		vec.SetBytes(mask)
	}
	if valid != nil {
		vec.AndBits(mask, valid)
	}
	return mask
}

// add appends the words of the rows that mask, which may be nil, and groups do not leave out. grew is asked for memory.
func (l *wordLog) add(groups []uint32, mask []uint8, words []int64, grew func(int64) error) error {
	p, err := l.room(len(words), groups != nil, grew)
	if err != nil {
		return err
	}
	at := len(p.words)
	k := at
	switch {
	case groups == nil && mask == nil:
		p.words = append(p.words, words...)
		k = len(p.words)
	case groups == nil:
		k += compress(p.words[at:at+len(words)], words, mask)
	case mask == nil:
		k += regroup(p.words[at:at+len(words)], p.groups[at:at+len(words)], words, groups)
	default:
		k += regroupMasked(p.words[at:at+len(words)], p.groups[at:at+len(words)], words, groups, mask)
	}
	if p.words = p.words[:k]; groups != nil {
		p.groups = p.groups[:k]
	}
	l.n += k - at
	return nil
}

// room gives the piece to which n words can be added.
func (l *wordLog) room(n int, grouped bool, grew func(int64) error) (*wordPiece, error) {
	if k := len(l.pieces) - 1; k >= 0 && cap(l.pieces[k].words)-len(l.pieces[k].words) >= n && grouped == (l.pieces[k].groups != nil) {
		return &l.pieces[k], nil
	}
	size, bytes := max(n, min(max(l.n, leastPiece), mostPiece)), 8
	if grouped {
		bytes += 4
	}
	if err := grew(int64(size * bytes)); err != nil {
		return nil, err
	}
	p := wordPiece{words: make([]int64, 0, size)}
	if grouped {
		p.groups = make([]uint32, 0, size)
	}
	l.pieces = append(l.pieces, p)
	return &l.pieces[len(l.pieces)-1], nil
}

// compress writes the words at which mask is 1 and gives their number. out is as long as words.
func compress(out, words []int64, mask []uint8) (k int) {
	mask = mask[:len(words)]
	for i, x := range words {
		out[k] = x
		k += int(mask[i])
	}
	return k
}

// counts gives 1 for a group and 0 for exprs.NoGroup.
func counts(g uint32) int { return int((uint64(g)+1)>>32 ^ 1) }

func regroup(out []int64, to []uint32, words []int64, groups []uint32) (k int) {
	groups, to = groups[:len(words)], to[:len(out)]
	for i, x := range words {
		g := groups[i]
		out[k], to[k] = x, g
		k += counts(g)
	}
	return k
}

func regroupMasked(out []int64, to []uint32, words []int64, groups []uint32, mask []uint8) (k int) {
	groups, mask, to = groups[:len(words)], mask[:len(words)], to[:len(out)]
	for i, x := range words {
		g := groups[i]
		out[k], to[k] = x, g
		k += counts(g) & int(mask[i])
	}
	return k
}

// merge takes the pieces of another log, whose group i is group into[i] here.
func (l *wordLog) merge(o *wordLog, into []uint32) {
	for _, p := range o.pieces {
		for i, g := range p.groups {
			p.groups[i] = into[g]
		}
	}
	l.pieces, l.n = append(l.pieces, o.pieces...), l.n+o.n
	o.pieces, o.n = nil, 0
}

// wordGroups is the words of groups, in parts.
type wordGroups struct {
	single [][]int64 // of the only group; nil when there are several
	words  []int64   // of all groups, one behind the other
	from   []int
}

// byGroup puts the words of each of n groups together. The log is done with.
func (l *wordLog) byGroup(n int, ctx *exprs.Ctx, grew func(int64) error) (*wordGroups, error) {
	out := &wordGroups{}
	if n <= 1 {
		for _, p := range l.pieces {
			out.single = append(out.single, p.words)
		}
		return out, nil
	}
	if err := grew(int64(l.n)*8 + int64(n)*16); err != nil {
		return nil, err
	}
	out.words, out.from = make([]int64, l.n), make([]int, n+1)
	for _, p := range l.pieces {
		for _, g := range p.groups {
			out.from[g+1]++
		}
	}
	for g := range n {
		out.from[g+1] += out.from[g]
	}
	next := slices.Clone(out.from)
	for i, p := range l.pieces {
		if err := ctx.Check(); err != nil {
			return nil, err
		}
		words := p.words[:len(p.groups)]
		for i, g := range p.groups {
			out.words[next[g]] = words[i]
			next[g]++
		}
		l.pieces[i] = wordPiece{}
	}
	return out, nil
}

// count gives the number of words of a group.
func (w *wordGroups) count(g int) (n int) {
	if w.from != nil {
		return w.from[g+1] - w.from[g]
	}
	for _, p := range w.single {
		n += len(p)
	}
	return n
}

// parts gives the words of a group, which the caller may move about within each part.
func (w *wordGroups) parts(g int, scratch [][]int64) [][]int64 {
	if w.from == nil {
		return w.single
	}
	for words := range slices.Chunk(w.words[w.from[g]:w.from[g+1]], wordStride) {
		scratch = append(scratch, words)
	}
	return scratch
}
