package scan

import (
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// joinHeads finds the first row of each key. It is read by many goroutines when it is complete.
type joinHeads interface {
	// add puts the rows of keys, which are the rows from base on, before those that are there: next gets what follows them.
	add(keys *vec.Batch, next []int32, base int)
	// find gives for each row of keys the first row with the same key, or -1.
	find(keys *vec.Batch, out []int32) []int32
	// bytes gives the memory held, growth what n more rows may take at once.
	bytes() int64
	growth(n int) int64
}

func newJoinHeads(keys []exprs.Expr) joinHeads {
	if len(keys) == 1 && vec.HasWords(keys[0].Type()) {
		return &wordHeads{}
	}
	return &keyHeads{heads: map[string]int32{}}
}

// wordHeads is for keys that are one word.
type wordHeads struct {
	table wordTable
	heads []int32 // by number of the word
	words []uint64
}

func (h *wordHeads) add(keys *vec.Batch, next []int32, base int) {
	v := keys.Cols[0].Flat()
	h.words = vec.AppendWords(h.words[:0], v)
	for i := v.N - 1; i >= 0; i-- {
		if v.IsNull(i) {
			continue
		}
		id, fresh := h.table.find(h.words[i], uint32(len(h.heads)))
		if fresh {
			h.heads = append(h.heads, -1)
		}
		next[base+i], h.heads[id] = h.heads[id], int32(base+i)
	}
}

func (h *wordHeads) find(keys *vec.Batch, out []int32) []int32 {
	v := keys.Cols[0].Flat()
	ids := make([]uint32, v.N)
	h.table.known(vec.AppendWords(nil, v), ids)
	for i, id := range ids {
		if id == noGroup || v.IsNull(i) {
			out = append(out, -1)
			continue
		}
		out = append(out, h.heads[id])
	}
	return out
}

func (h *wordHeads) bytes() int64 { return h.table.bytes() + 4*int64(cap(h.heads)) }

func (h *wordHeads) growth(n int) int64 {
	return growth(h.table.n, len(h.table.slots), 16, n) + longer(len(h.heads), cap(h.heads), 4, n)
}

// keyHeads is for all other keys.
type keyHeads struct {
	heads map[string]int32
	key   []byte
	held  int64
}

func (h *keyHeads) add(keys *vec.Batch, next []int32, base int) {
	for i := keys.N - 1; i >= 0; i-- {
		var ok bool
		if h.key, ok = joinKey(h.key, keys.Cols, i); !ok {
			continue
		}
		head, found := h.heads[string(h.key)]
		if !found {
			head = -1
			h.held += int64(len(h.key)) + 64 // the map's entry and string
		}
		next[base+i], h.heads[string(h.key)] = head, int32(base+i)
	}
}

func (h *keyHeads) find(keys *vec.Batch, out []int32) []int32 {
	var key []byte
	for i := range keys.N {
		var ok bool
		head, found := int32(-1), false
		if key, ok = joinKey(key, keys.Cols, i); ok {
			if head, found = h.heads[string(key)]; !found {
				head = -1
			}
		}
		out = append(out, head)
	}
	return out
}

func (h *keyHeads) bytes() int64 { return h.held }

func (h *keyHeads) growth(int) int64 { return h.held / 2 } // maps grow in parts

// joinKey gives the key of a row, and false when part of it is NULL.
func joinKey(key []byte, cols []*vec.Vec, i int) ([]byte, bool) {
	key = key[:0]
	for _, c := range cols {
		if c.IsNull(i) {
			return key, false
		}
		key = vec.AppendKey(key, c, i)
	}
	return key, true
}
