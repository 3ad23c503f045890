package scan

import (
	"math/bits"
	"slices"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// joinHeads finds the first row of each key. It is read by many goroutines when it is complete.
type joinHeads interface {
	// add puts rows [lo, hi) of the table before those that are there: next gets what follows them.
	add(lo, hi int, next []int32)
	// find gives for each row of keys the first row with the same key, or -1. look is the caller's own.
	find(look *joinLook, keys *vec.Batch, out []int32) []int32
	// bytes gives the memory held, growth what n more rows may take at once.
	bytes() int64
	growth(n int) int64
}

// joinLook is the memory of one goroutine that looks keys up.
type joinLook struct {
	hashes keyHashes
	words  []uint64
	ids    []uint32
	sel    []int32
	hits   bool // most keys that were looked up last were found

	dict  *vec.Vec // of the only key column, and the first row of each of its entries
	heads []int32
}

// ids32 gives n numbers.
func (l *joinLook) ids32(n int) []uint32 {
	if cap(l.ids) < n {
		l.ids = make([]uint32, n)
	}
	return l.ids[:n]
}

// rows gives the numbers 0 to n-1.
func (l *joinLook) rows(n int) []int32 {
	l.sel = l.sel[:0]
	for i := range n {
		l.sel = append(l.sel, int32(i))
	}
	return l.sel
}

// newJoinHeads gives the heads for a table with these keys; cols are their values.
func newJoinHeads(keys []exprs.Expr, cols *vec.Batch) joinHeads {
	if len(keys) == 1 && vec.HasWords(keys[0].Type()) {
		return &wordHeads{keys: cols}
	}
	return newHashHeads(cols)
}

// findHeads looks keys up. Of one dictionary-coded key the entries are, once for all batches with that dictionary.
func findHeads(h joinHeads, look *joinLook, keys *vec.Batch, out []int32) []int32 {
	v := keys.Cols[0]
	if len(keys.Cols) > 1 || v.Dict == nil || v.Dict.N == 0 || v.Dict != look.dict && v.Dict.N > 32*v.N {
		return h.find(look, keys, out)
	}
	if v.Dict != look.dict {
		look.heads = h.find(look, &vec.Batch{N: v.Dict.N, Cols: []*vec.Vec{v.Dict}}, look.heads[:0])
		look.dict = v.Dict
	}
	for i, c := range v.Codes[:v.N] {
		head := look.heads[c]
		if !v.Valid.Get(i) {
			head = -1
		}
		out = append(out, head)
	}
	return out
}

// wordHeads is for keys that are one word.
type wordHeads struct {
	keys  *vec.Batch
	table wordTable
	heads []int32 // by number of the word
	words []uint64
}

func (h *wordHeads) add(lo, hi int, next []int32) {
	v := h.keys.Cols[0].Slice(lo, hi).Flat()
	h.words = vec.AppendWords(h.words[:0], v)
	for i := v.N - 1; i >= 0; i-- {
		if v.IsNull(i) {
			continue
		}
		id, fresh := h.table.find(h.words[i], uint32(len(h.heads)))
		if fresh {
			h.heads = append(h.heads, -1)
		}
		next[lo+i], h.heads[id] = h.heads[id], int32(lo+i)
	}
}

func (h *wordHeads) find(look *joinLook, keys *vec.Batch, out []int32) []int32 {
	v := keys.Cols[0].Flat()
	ids := look.ids32(v.N)
	look.words = vec.AppendWords(look.words[:0], v)
	h.table.known(look.words, ids)
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

// hashHeads is for all other keys. It numbers their hashes. A key whose hash another key has is numbered by a hash of the hash, as often as need be; so each number
// is of one key, which is that of its first row.
type hashHeads struct {
	keys   *vec.Batch
	hashes keyHashes
	table  wordTable
	heads  []int32 // by number

	// filter has a bit set for each hash, by its upper bits; nil for a large table, of which it would not stay in a cache.
	filter []uint64
	shift  uint
}

const (
	// filterBits is the number of bits a row in the filter: one key in as many that are not in the table is looked up in vain.
	filterBits = 16
	// mostFiltered is the number of rows up to which there is a filter, of half a megabyte then.
	mostFiltered = 1 << 18
)

func newHashHeads(keys *vec.Batch) *hashHeads {
	h := &hashHeads{keys: keys}
	if keys.N <= mostFiltered {
		log := max(6, bits.Len(uint(keys.N*filterBits)))
		h.filter, h.shift = make([]uint64, 1<<(log-6)), uint(64-log)
	}
	return h
}

// rehash gives the hash by which a key is looked up after h.
func rehash(h uint64) uint64 { return mixWord(h) + 1 }

func (h *hashHeads) add(lo, hi int, next []int32) {
	hashes, same := h.hashes.of(h.keys.Slice(lo, hi)), sameKeys(h.keys, h.keys)
	for row := hi - 1; row >= lo; row-- {
		if anyNull(h.keys, row) {
			continue
		}
		if h.filter != nil {
			bit := mixWord(hashes[row-lo]) >> h.shift
			h.filter[bit>>6] |= 1 << (bit & 63)
		}
		for x := hashes[row-lo]; ; x = rehash(x) {
			id, fresh := h.table.find(x, uint32(len(h.heads)))
			if fresh {
				h.heads = append(h.heads, -1)
			} else if !same(int(h.heads[id]), row) {
				continue
			}
			next[row], h.heads[id] = h.heads[id], int32(row)
			break
		}
	}
}

func (h *hashHeads) find(look *joinLook, keys *vec.Batch, out []int32) []int32 {
	hashes, same := look.hashes.of(keys), sameKeys(h.keys, keys)
	rows := look.rows(keys.N)
	if h.filter != nil && !look.hits {
		rows = h.maybe(hashes, rows)
	}
	ids := look.ids32(len(rows))
	h.table.known(hashes[:len(rows)], ids)
	from, found := len(out), 0
	out = slices.Grow(out, keys.N)[:from+keys.N]
	for i := range out[from:] {
		out[from+i] = -1
	}
	for i, id := range ids {
		if row := int(rows[i]); id != noGroup && !anyNull(keys, row) {
			out[from+row] = h.settle(hashes[i], h.heads[id], func(head int32) bool { return same(int(head), row) })
			found++
		}
	}
	look.hits = 2*found > keys.N
	return out
}

// maybe leaves the hashes, and the rows that they are of, that the filter does not rule out.
func (h *hashHeads) maybe(hashes []uint64, rows []int32) []int32 {
	filter, shift, k := h.filter, h.shift&63, 0
	mask := uint64(len(filter) - 1)
	for i, x := range hashes {
		bit := mixWord(x) >> shift
		hashes[k], rows[k] = x, int32(i)
		k += int(filter[bit>>6&mask] >> (bit & 63) & 1)
	}
	return rows[:k]
}

// settle gives the head of the key that is wanted, which has the hash x, or -1. head is what x finds.
func (h *hashHeads) settle(x uint64, head int32, wanted func(head int32) bool) int32 {
	for !wanted(head) {
		var id [1]uint32
		x = rehash(x)
		if h.table.known([]uint64{x}, id[:]); id[0] == noGroup {
			return -1
		}
		head = h.heads[id[0]]
	}
	return head
}

func (h *hashHeads) bytes() int64 {
	return h.table.bytes() + 4*int64(cap(h.heads)) + 8*int64(len(h.filter))
}

func (h *hashHeads) growth(n int) int64 {
	return growth(h.table.n, len(h.table.slots), 16, n) + longer(len(h.heads), cap(h.heads), 4, n)
}

// anyNull tells whether part of a key is NULL.
func anyNull(keys *vec.Batch, i int) bool {
	for _, c := range keys.Cols {
		if c.IsNull(i) {
			return true
		}
	}
	return false
}
