package store

import (
	"unsafe"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

const (
	// longTexts is the mean length of texts from which on it is looked whether they are the same memory.
	longTexts = 1 << 10
	// pieceBytes is the bytes of texts from which on the rows of a piece of a checkpoint are halved.
	pieceBytes = 16 << 20
)

// shareTexts makes dictionaries of long texts that are the same memory in several rows, as an UPDATE leaves them, so that each is written once; and gives the
// bytes of all texts then.
func shareTexts(b *vec.Batch) (bytes int) {
	for i, v := range b.Cols {
		if v.Const || v.Type.Physical() != arrowschema.Strings {
			continue
		}
		v = v.Flat() // the texts stay where they are
		total := 0
		for row, s := range v.Strs {
			if v.Valid.Get(row) {
				total += len(s)
			}
		}
		if total >= longTexts*b.N {
			if shared, size := sharedTexts(v); shared != nil {
				b.Cols[i], total = shared, size
			}
		}
		bytes += total
	}
	return bytes
}

// sharedTexts gives flat texts as a dictionary, and its bytes; nil if most are memory of their own.
func sharedTexts(v *vec.Vec) (*vec.Vec, int) {
	type place struct {
		at *byte
		n  int
	}
	codes, seen, size := make([]uint16, v.N), map[place]uint16{}, 0
	var texts []string
	for i, s := range v.Strs {
		if !v.Valid.Get(i) {
			continue
		}
		key := place{unsafe.StringData(s), len(s)}
		code, ok := seen[key]
		if !ok {
			if 2*len(texts) > v.N || len(texts) == vec.MaxDict {
				return nil, 0
			}
			code = uint16(len(texts))
			seen[key], texts, size = code, append(texts, s), size+len(s)
		}
		codes[i] = code
	}
	return &vec.Vec{Type: v.Type, N: v.N, Valid: v.Valid, Codes: codes, Dict: vec.NewFlat(v.Type, texts, nil)}, size
}
