//go:build !purego

package kernels

//go:noescape
func swapCaseWords(to, from *byte, first, width, words int) bool

// swapCase does most of the bytes, and gives how many, and whether they are all ASCII.
func swapCase(dst, src []byte, first, last byte) (n int, ascii bool) {
	words := words(len(src))
	if words == 0 {
		return 0, true
	}
	return words * wordRows, swapCaseWords(&dst[:len(src)][0], &src[0], int(first), int(last-first), words)
}
