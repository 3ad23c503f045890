package jsontext

import (
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// MaxSize is the longest canonical text in bytes. It is PostgreSQL's limit on the size of a container's elements; without one, [1e131071, …] would
// grow sixteen thousandfold.
const MaxSize = 0x0FFFFFFF

// errTooLarge is PostgreSQL's error (54000) for a container of more than MaxSize bytes.
func errTooLarge(kind Kind) error {
	return sqlstate.New(sqlstate.ProgramLimitExceeded, "total size of jsonb %s elements exceeds the maximum of %d bytes", kind, MaxSize)
}

// errTooLong is PostgreSQL's error (54000) for a string of more than MaxSize bytes.
func errTooLong() error {
	return sqlstate.New(sqlstate.ProgramLimitExceeded, "string too long to represent as jsonb string").
		WithDetail("Due to an implementation restriction, jsonb strings cannot exceed %d bytes.", MaxSize)
}

// CheckLength refuses a text (54000) that is longer than a string of jsonb may be.
func CheckLength(s string) error {
	if len(s) > MaxSize {
		return errTooLong()
	}
	return nil
}

// writer takes the values of a document in the order of the source and gives its canonical text.
//
// buf is canonical but for the order of keys. An object whose keys are out of order, or double, leaves a note; finish then copies the text once,
// each byte straight to its place, however deep such objects are nested. A nil *writer takes everything and does nothing.
type writer struct {
	buf     []byte
	open    []member // of the objects not yet closed, innermost last
	sorted  []member // of the objects that have to be put in order
	objects []object // in the order of their beginning
	tidy    bool     // some object has to be put in order
	limit   int      // of the length of buf, which scalar watches: MaxSize but in tests
	watcher watcher
}

// member is a key with its value in writer.buf.
type member struct {
	start, keyEnd, end int // from the key's opening quote, to behind its closing quote, to behind the value
	nested             int // the number of the first of writer.objects that begins behind start
}

// object is a place in writer.buf where an object stands.
type object struct {
	start, end    int
	next          int // the number of the first of writer.objects that begins behind end
	first, behind int // its members in writer.sorted; none when they are in order as they stand
}

// objectMark is what openObject tells closeObject.
type objectMark struct{ number, open int }

func (w *writer) punctuation(s string) {
	if w != nil {
		w.buf = append(w.buf, s...)
	}
}

// scalar writes a token of the source.
func (w *writer) scalar(kind tokenKind, token string) (err error) {
	if w == nil {
		return nil
	}
	switch kind {
	case tokenString:
		err = w.text(token)
	case tokenNumber:
		w.buf, err = appendNumber(w.buf, token)
	default:
		w.buf = append(w.buf, token...)
	}
	if err == nil && len(w.buf) > w.limit {
		err = errTooLarge(Array)
	}
	if err == nil {
		err = w.watcher.step(len(w.buf) + len(w.open)*memberBytes)
	}
	return err
}

func (w *writer) openObject() objectMark {
	if w == nil {
		return objectMark{}
	}
	mark := objectMark{len(w.objects), len(w.open)}
	w.objects = append(w.objects, object{start: len(w.buf)})
	w.buf = append(w.buf, '{')
	return mark
}

// key begins a member with a string of the source.
func (w *writer) key(token string) error {
	if w == nil {
		return nil
	}
	start := len(w.buf)
	if err := w.text(token); err != nil {
		return err
	}
	w.colon(start)
	return nil
}

// colon begins a member whose key stands in buf from start.
func (w *writer) colon(start int) {
	w.open = append(w.open, member{start: start, keyEnd: len(w.buf), nested: len(w.objects)})
	w.buf = append(w.buf, ": "...)
}

func (w *writer) closeObject(mark objectMark) {
	if w == nil {
		return
	}
	w.buf = append(w.buf, '}')
	list := w.open[mark.open:]
	if o := &w.objects[mark.number]; !w.ascending(list) {
		w.tidy = true
		o.end, o.next, o.first = len(w.buf), len(w.objects), len(w.sorted)
		w.sorted = append(w.sorted, w.inOrder(list)...)
		o.behind = len(w.sorted)
	} else if mark.number == len(w.objects)-1 {
		w.objects = w.objects[:mark.number]
	}
	w.open = w.open[:mark.open]
}

func (w *writer) endMember() {
	if w != nil {
		w.open[len(w.open)-1].end = len(w.buf)
	}
}

// keyOf gives the body of a member's key.
func (w *writer) keyOf(m member) string { return view(w.buf[m.start+1 : m.keyEnd-1]) }

// ascending tells whether members stand in order, without duplicates.
func (w *writer) ascending(list []member) bool {
	for i := 1; i < len(list); i++ {
		if compareKeys(w.keyOf(list[i-1]), w.keyOf(list[i])) >= 0 {
			return false
		}
	}
	return true
}

// inOrder sorts list in place and keeps the last of equal keys.
func (w *writer) inOrder(list []member) []member {
	slices.SortStableFunc(list, func(a, b member) int { return compareKeys(w.keyOf(a), w.keyOf(b)) })
	kept := list[:0]
	for i, m := range list {
		if i+1 == len(list) || compareKeys(w.keyOf(m), w.keyOf(list[i+1])) != 0 {
			kept = append(kept, m)
		}
	}
	return kept
}

// finish gives the document. The writer's buffer belongs to the result from then on.
func (w *writer) finish() string {
	if !w.tidy {
		return view(w.buf)
	}
	return view(w.emit(make([]byte, 0, len(w.buf)), 0, len(w.buf), 0))
}

// emit appends buf[from:to] with the objects there in order. number is the first of the objects that begins at from or later.
func (w *writer) emit(dst []byte, from, to, number int) []byte {
	for number < len(w.objects) && w.objects[number].start < to {
		o := w.objects[number]
		if o.first == o.behind {
			number++
			continue
		}
		dst = append(append(dst, w.buf[from:o.start]...), '{')
		for i, m := range w.sorted[o.first:o.behind] {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = w.emit(dst, m.start, m.end, m.nested)
		}
		dst = append(dst, '}')
		from, number = o.end, o.next
	}
	return append(dst, w.buf[from:to]...)
}

// text writes a JSON string, quotes and all, with the escapes that PostgreSQL writes. token must have passed the lexer.
func (w *writer) text(token string) error {
	if len(token) > w.limit {
		if i := strings.IndexByte(token, '\\'); i < 0 && len(token)-len(`""`) > w.limit {
			return errTooLong()
		}
	}
	for {
		i := strings.IndexByte(token, '\\')
		if i < 0 {
			w.buf = append(w.buf, token...)
			return nil
		}
		w.buf = append(w.buf, token[:i]...)
		r, n := decodeEscape(token[i:])
		if r < utf8.RuneSelf {
			w.buf = appendEscaped(w.buf, byte(r))
		} else {
			w.buf = utf8.AppendRune(w.buf, r)
		}
		token = token[i+n:]
		if err := w.watcher.step(len(w.buf) + len(w.open)*memberBytes); err != nil {
			return err
		}
	}
}

// view gives b as a string without copying. b must not change while the string lives.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
