package vfs

import (
	"maps"
	"math/rand/v2"
	"slices"
)

// Loss says what a crash takes away.
type Loss uint8

const (
	// LoseUnsynced is a power cut after which the disk holds exactly what was synced: no more bytes, and no other names.
	LoseUnsynced Loss = iota
	// LoseNothing is the death of the process: the system writes what it was given, synced or not.
	LoseNothing
	// LoseSome is a power cut in the middle of writing back: every sector of 512 bytes that was not synced is new or old, a file's size is
	// any between the durable one and the present one, and of the changes of names some happened: either the first so many (as on a
	// journaling file system) or any.
	LoseSome
)

// String names the loss.
func (l Loss) String() string {
	return [...]string{"lose unsynced", "lose nothing", "lose some"}[min(l, LoseSome)]
}

// CrashOptions say how to crash.
type CrashOptions struct {
	Loss Loss
	// Rand decides what LoseSome loses, and must then be given.
	Rand *rand.Rand
}

// CrashClone returns what a crash at this moment leaves on the disk, as a new file system in which everything is durable and nothing is
// locked. The original goes on unharmed, so that a run can be crashed at every point of its way. Content is shared until it is changed: a
// clone costs little.
func (m *Mem) CrashClone(opts CrashOptions) *Mem {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := &crash{opts: opts, nodes: map[*memNode]*memNode{}, journal: ^uint64(0)}
	if opts.Loss == LoseSome && opts.Rand.IntN(2) == 0 {
		c.journal = m.journalCut(opts.Rand)
		c.ordered = true
	}
	out := NewMem()
	out.limit, out.now = m.limit, m.now
	out.root = c.node(m.root)
	for _, n := range c.nodes {
		if n.names == nil {
			out.used += n.data.size
		}
	}
	return out
}

// crash is the making of one clone.
type crash struct {
	opts    CrashOptions
	nodes   map[*memNode]*memNode // originals to copies: a crash can leave a file with two names
	ordered bool
	journal uint64 // when ordered: the changes of names up to this one happened
}

// journalCut picks how far the journal of names got.
func (m *Mem) journalCut(r *rand.Rand) uint64 {
	low := m.seq
	seen := map[*memNode]bool{}
	var walk func(n *memNode)
	walk = func(n *memNode) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		if len(n.pending) > 0 {
			low = min(low, n.pending[0].seq-1)
		}
		for _, child := range n.names {
			walk(child)
		}
		for _, child := range n.safe {
			walk(child)
		}
	}
	walk(m.root)
	return low + r.Uint64N(m.seq-low+1)
}

func (c *crash) node(n *memNode) *memNode {
	if done := c.nodes[n]; done != nil {
		return done
	}
	out := &memNode{mtime: n.mtime}
	c.nodes[n] = out
	if n.names == nil {
		out.data = n.data.crash(c.size(&n.data), c.mix)
		return out
	}
	out.links = 1
	names := c.names(n)
	out.names, out.safe = make(map[string]*memNode, len(names)), make(map[string]*memNode, len(names))
	for _, name := range slices.Sorted(maps.Keys(names)) { // in order: the same seed gives the same crash
		child := c.node(names[name])
		child.links++
		out.names[name], out.safe[name] = child, child
	}
	return out
}

// names returns the names in a directory that survive.
func (c *crash) names(n *memNode) map[string]*memNode {
	switch c.opts.Loss {
	case LoseNothing:
		return n.names
	case LoseUnsynced:
		return n.safe
	}
	names := maps.Clone(n.safe)
	for _, change := range n.pending {
		if c.ordered && change.seq <= c.journal || !c.ordered && c.opts.Rand.IntN(2) == 0 {
			apply(names, change)
		}
	}
	return names
}

// size returns the size of a file that survives.
func (c *crash) size(d *memData) int64 {
	switch {
	case c.opts.Loss == LoseNothing:
		return d.size
	case c.opts.Loss == LoseUnsynced || d.size == d.safeSize:
		return d.safeSize
	}
	if c.opts.Rand.IntN(2) == 0 { // the size alone is often written first, and zeros stand where the bytes should
		return d.size
	}
	low, high := min(d.size, d.safeSize), max(d.size, d.safeSize)
	return low + c.opts.Rand.Int64N(high-low+1)
}

// mix returns what survives of a dirty page.
func (c *crash) mix(old, now *page) *page {
	switch c.opts.Loss {
	case LoseNothing:
		return now
	case LoseUnsynced:
		return old
	}
	return tear(old, now, func() bool { return c.opts.Rand.IntN(2) == 0 })
}
