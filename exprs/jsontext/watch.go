package jsontext

// Watch is asked now and then, as a long document is worked on, for the bytes by which its result has grown; 0 when it has not. An error ends the work.
type Watch func(grown int) error

// LongDocument is the length in bytes from which documents are worth watching: shorter ones take less than a millisecond, unless they are compared with
// longer ones.
const LongDocument = 32 << 10

// CanonicalWatched is Canonical of a long document.
func CanonicalWatched(s string, watch Watch) (string, error) {
	const quick = 4 << 20 // what spaced looks through in a few milliseconds
	if len(s) <= quick {
		if doc, ok := spaced(s); ok {
			return doc, nil
		}
	}
	if err := watch(len(s) + len(s)/8); err != nil {
		return "", err
	}
	return canonical(s, watch)
}

// ValidJSONWatched is ValidJSON of a long document.
func ValidJSONWatched(s string, watch Watch) error { return parse(s, false, nil, watch) }

// watchedPiece is how many bytes of a long text are worked on at once, in about a millisecond.
const watchedPiece = 1 << 20

// QuoteWatched is Quote of a long text.
func QuoteWatched(s string, watch Watch) (string, error) {
	size := len(s) + len(`""`)
	for rest := s; rest != ""; rest = rest[min(len(rest), watchedPiece):] {
		for _, c := range []byte(rest[:min(len(rest), watchedPiece)]) {
			if c < ' ' || c == '"' || c == '\\' {
				var b [6]byte
				size += len(appendEscaped(b[:0], c)) - 1
			}
		}
		if err := watch(0); err != nil {
			return "", err
		}
	}
	if err := watch(size); err != nil {
		return "", err
	}
	out := append(make([]byte, 0, size), '"')
	for rest := s; rest != ""; rest = rest[min(len(rest), watchedPiece):] { // no escape is of more than one byte
		out = appendBody(out, rest[:min(len(rest), watchedPiece)])
		if err := watch(0); err != nil {
			return "", err
		}
	}
	return view(append(out, '"')), nil
}

// PrettyWatched is Pretty of a long document.
func PrettyWatched(doc string, watch Watch) (string, error) { return pretty(doc, MaxSize, watch) }

// ContainsWatched is Contains of long documents.
func ContainsWatched(a, b string, watch Watch) (bool, error) {
	c := containment{watcher: watcher{watch: watch}}
	answer := c.contains(a, b)
	return answer && c.err == nil, c.err
}

// watcher calls a Watch from time to time; the zero value never does.
type watcher struct {
	watch Watch
	steps int
	seen  int // bytes of the result that the Watch knows of
}

// step notes a step of some dozens of bytes, and how large the result is.
func (w *watcher) step(size int) error {
	const often = 1024
	if w.watch == nil {
		return nil
	}
	if w.steps++; w.steps < often && size-w.seen < 1<<20 {
		return nil
	}
	grown := max(0, size-w.seen)
	w.steps, w.seen = 0, max(w.seen, size)
	return w.watch(grown)
}

// due tells whether the byte at i is to be followed by a look, and when the next one is.
func (w *watcher) due(i int, next *int) bool {
	if w.watch == nil || i < *next {
		return false
	}
	*next = i + watchedPiece
	return true
}

// worked notes that n bytes were looked at.
func (w *watcher) worked(n int) error {
	const often = 1 << 18
	if w.watch == nil {
		return nil
	}
	if w.steps += n + 8; w.steps < often {
		return nil
	}
	w.steps = 0
	return w.watch(0)
}
