package frame

// entries is the place in a page of sorted strings: the entry that is next, and the one before it, -1 at the beginning.
type entries struct {
	next, before int
	begun        bool
}

// compare finds the sequences of bytes [lo, hi) of a page of strings, each after its length: what an entry has in common with the one before it.
func (e *Encoder) compare(src []byte, lo, hi int, p *entries) {
	if !p.begun {
		p.begun, p.before = true, -1
	}
	anchor := lo
	for p.next+4 <= hi {
		at := p.next
		length := int64(load32(src, at))
		if p.before >= 0 {
			anchor = e.compareEntry(src, anchor, p.before, at, int(min(int64(hi), int64(at)+4+length)))
		}
		p.before = at
		if length > int64(len(src)) {
			p.next = len(src)
			break
		}
		p.next = min(len(src), at+4+int(length))
	}
	e.literals = append(e.literals, src[anchor:hi]...)
}

// compareEntry puts a match of the entry at at with the one before, if they have one. It gives the end of what is put.
func (e *Encoder) compareEntry(src []byte, anchor, before, at, end int) int {
	from, to := before, at
	n := matchLength(src, from, to, end)
	if n == 0 { // another length, of which three bytes are the same
		from, to = before+1, at+1
		n = matchLength(src, from, to, end)
	}
	for to > anchor && from > 0 && src[to-1] == src[from-1] { // and the end of what was before
		from, to, n = from-1, to-1, n+1
	}
	if n < minMatch || to < anchor {
		return anchor
	}
	return e.put(src, anchor, to, n, to-from)
}
