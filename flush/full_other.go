//go:build !unix

package flush

// isFull tells whether an error says that there is no more space; here nobody knows.
func isFull(error) bool { return false }
