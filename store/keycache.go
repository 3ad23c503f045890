package store

import (
	"container/list"
	"math/rand/v2"
	"sync"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/tables"
)

// keyCache keeps indexes over the key columns of row groups, those used last, up to a number of bytes.
type keyCache struct {
	mu     sync.Mutex
	limit  int64
	size   int64
	hasher tables.Hasher
	byName map[groupKey]*list.Element
	order  list.List // the one used last in front; of *groupIndex
}

// groupKey names a key of a row group.
type groupKey struct {
	// table and file are numbers that are given once while the database is open; but a writer that is opened again may give one again, before the eyes of a
	// reader, to a file of another path and another footer's checksum.
	table, file uint32
	footer      uint32
	path        string
	group       int
	key         string // the key's column IDs
}

// groupIndex finds the rows of a row group by key: the key columns themselves and a hash table of places, 8 bytes a row.
type groupIndex struct {
	name   groupKey
	cols   []*vec.Vec
	hasher tables.Hasher
	slots  []uint32 // 0 for empty, else row+1
	bytes  int64
}

func newKeyCache(limit int64) *keyCache {
	return &keyCache{limit: limit, hasher: tables.Hasher{Seed: rand.Uint64()}, byName: map[groupKey]*list.Element{}}
}

func (c *keyCache) get(name groupKey) *groupIndex {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byName[name]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*groupIndex)
}

func (c *keyCache) put(x *groupIndex) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byName[x.name] != nil {
		return
	}
	c.byName[x.name] = c.order.PushFront(x)
	c.size += x.bytes
	for c.size > c.limit && c.order.Len() > 1 {
		last := c.order.Remove(c.order.Back()).(*groupIndex)
		delete(c.byName, last.name)
		c.size -= last.bytes
	}
}

// newGroupIndex indexes the rows of key columns in which no column is NULL.
func newGroupIndex(name groupKey, cols []*vec.Vec, hasher tables.Hasher) *groupIndex {
	n := cols[0].N
	x := &groupIndex{name: name, cols: cols, hasher: hasher}
	size := 16
	for size < 2*n {
		size *= 2
	}
	x.slots = make([]uint32, size)
	x.bytes = int64(4 * size)
	for _, v := range cols {
		x.bytes += vectorBytes(v)
	}
	hashes := make([]uint64, n)
	whole := hasher.Keys(cols, hashes)
	mask := uint64(size - 1)
	for i, h := range hashes {
		if !whole.Get(i) {
			continue
		}
		at := h & mask
		for x.slots[at] != 0 {
			at = (at + 1) & mask
		}
		x.slots[at] = uint32(i) + 1
	}
	return x
}

// vectorBytes estimates the memory of a vector.
func vectorBytes(v *vec.Vec) int64 {
	n := int64(8*len(v.Ints) + 8*len(v.Floats) + len(v.Bools) + 16*len(v.UUIDs) + 40*len(v.Decs) + 16*len(v.Intervals) + 2*len(v.Codes))
	for _, s := range v.Strs {
		n += int64(16 + len(s))
	}
	if v.Dict != nil {
		n += vectorBytes(v.Dict)
	}
	return n
}

// each calls fn with the rows that have the key of row i of cols, whose hash is given, until it says no: a key may be there more than once, in
// rows that are deleted.
func (x *groupIndex) each(hash uint64, cols []*vec.Vec, i int, fn func(row int) bool) {
	mask := uint64(len(x.slots) - 1)
	for at := hash & mask; x.slots[at] != 0; at = (at + 1) & mask {
		row := int(x.slots[at] - 1)
		if tables.Equal(x.cols, row, cols, i) && !fn(row) {
			return
		}
	}
}
