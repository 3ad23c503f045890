package vfs

import (
	"encoding/binary"
	"hash/maphash"
	"maps"
	"slices"
)

// Discard removes a file, or a directory with all that is in it, from now and from what crashes will leave, as if it had never been there; no other name
// becomes durable by it. It is for what a test has done with, which every clone to come would carry along. What does not exist is no error.
func (m *Mem) Discard(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir, base, err := m.parent(name)
	if err != nil {
		return
	}
	if n := dir.names[base]; n != nil {
		m.drop(n)
	}
	delete(dir.names, base)
	delete(dir.safe, base)
	for i, change := range dir.pending {
		dir.pending[i].sets = slices.DeleteFunc(slices.Clone(change.sets), func(s nameSet) bool { return s.name == base })
	}
}

// drop gives up a node's name, and those below it.
func (m *Mem) drop(n *memNode) {
	for _, child := range n.names {
		m.drop(child)
	}
	clear(n.names)
	m.unlink(n)
}

// Fingerprint gives a number that two file systems share, for a seed, if they have the same names and bytes, and else, but for a chance of 2^-64, do not.
// Holes count as other than zeros that were written. It copies nothing: a test that looks at many crashes sees which of them left the same.
func (m *Mem) Fingerprint(seed maphash.Seed) uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	var h maphash.Hash
	h.SetSeed(seed)
	fingerprint(&h, m.root)
	return h.Sum64()
}

func fingerprint(h *maphash.Hash, n *memNode) {
	number := func(v int64) {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], uint64(v))
		_, _ = h.Write(b[:]) // never fails
	}
	if n.names != nil {
		number(-1 - int64(len(n.names)))
		for _, name := range slices.Sorted(maps.Keys(n.names)) {
			number(int64(len(name)))
			_, _ = h.WriteString(name)
			fingerprint(h, n.names[name])
		}
		return
	}
	number(n.data.size)
	for i, pg := range n.data.pages {
		if pg == nil {
			number(int64(i))
			continue
		}
		number(-1)
		_, _ = h.Write(pg.b[:min(pageSize, n.data.size-int64(i)*pageSize)])
	}
}
