package jsontext

import (
	"slices"
	"strings"
)

// ArrayBuilder makes an array of documents: jsonb_build_array. The zero value is an empty array.
type ArrayBuilder struct {
	buf   []byte
	count int64
}

// Append adds an element, canonical text; SQL NULL is added as null.
func (b *ArrayBuilder) Append(doc string) {
	b.begin()
	b.buf = append(b.buf, doc...)
}

// AppendText adds a string element.
func (b *ArrayBuilder) AppendText(s string) {
	b.begin()
	b.buf = AppendQuoted(b.buf, s)
}

func (b *ArrayBuilder) begin() {
	if b.count++; b.count == 1 {
		b.buf = append(b.buf, '[')
	} else {
		b.buf = append(b.buf, ", "...)
	}
}

// Finish gives the array, or an error (54000) when it exceeds MaxSize. The builder may go on being used.
func (b *ArrayBuilder) Finish() (string, error) {
	if b.count == 0 {
		return "[]", nil
	}
	if err := CheckArray(len(b.buf)); err != nil {
		return "", err
	}
	return string(b.buf) + "]", nil
}

// CheckArray refuses (54000) an array that exceeds MaxSize: size is its bytes without the last bracket.
func CheckArray(size int) error {
	if size >= MaxSize {
		return errTooLarge(Array)
	}
	return nil
}

// Reset empties the builder and keeps its memory.
func (b *ArrayBuilder) Reset() { b.buf, b.count = b.buf[:0], 0 }

// ObjectBuilder makes an object of keys and documents: jsonb_build_object, jsonb_object_agg. Of equal keys the last one added is kept.
// The zero value is an empty object.
type ObjectBuilder struct{ w writer }

// Add adds a member: key is plain text, doc canonical text; SQL NULL is added as null.
func (b *ObjectBuilder) Add(key, doc string) {
	if len(b.w.buf) == 0 {
		b.w.openObject()
	} else {
		b.w.punctuation(", ")
	}
	start := len(b.w.buf)
	b.w.buf = AppendQuoted(b.w.buf, key)
	b.w.colon(start)
	b.w.buf = append(b.w.buf, doc...)
	b.w.endMember()
}

// Size gives the bytes that the builder holds, for the caller's account of memory.
func (b *ObjectBuilder) Size() int { return cap(b.w.buf) + cap(b.w.open)*memberBytes }

const memberBytes = 32 // of one member

// Grow makes room for members, whose keys and documents are of that many bytes, at once. Ask is told how many that takes with finishing the
// object, and may refuse.
func (b *ObjectBuilder) Grow(members, bytes int, ask func(bytes int64) error) error {
	const marks = len(`"": , `)
	bytes += members*marks + len("{}")
	if err := ask(2 * int64(bytes+members*memberBytes)); err != nil { // as they came, and in order
		return err
	}
	b.w.buf, b.w.open = slices.Grow(b.w.buf, bytes), slices.Grow(b.w.open, members)
	return nil
}

// Finish gives the object, or an error (54000) when it exceeds MaxSize. The builder is empty afterwards.
func (b *ObjectBuilder) Finish() (string, error) {
	w := b.w
	b.w = writer{}
	if len(w.buf) == 0 {
		return "{}", nil
	}
	w.closeObject(objectMark{})
	doc := w.finish()
	if len(doc) > MaxSize {
		return "", errTooLarge(Object)
	}
	return doc, nil
}

// FromNumeric is to_jsonb of a numeric or floating-point value, given as its text: a number, or for NaN and the infinities a string. Floating-point
// text may carry an exponent. The error is 22003, for text beyond numeric's range.
func FromNumeric(text string) (string, error) {
	if strings.ContainsAny(text, "nN") {
		return Quote(text), nil
	}
	if canonicalNumberEnd(text, 0) == len(text) {
		return text, nil
	}
	doc, err := appendNumber(nil, text)
	return string(doc), err
}

// FromBool is to_jsonb(boolean).
func FromBool(v bool) string {
	if v {
		return "true"
	}
	return "false"
}
