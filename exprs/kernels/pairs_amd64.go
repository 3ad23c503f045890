//go:build !purego

package kernels

//go:noescape
func indexPairWords(places *byte, gap, a, b, words int) int

// indexPair does the first n of some places, around which the text goes on as far as gap, and gives the pair's among them, or -1.
func indexPair(places []byte, a, b byte, gap int) (n, at int) {
	words := words(len(places))
	if words == 0 {
		return 0, -1
	}
	return words * wordRows, indexPairWords(&places[0], gap, int(a), int(b), words)
}
