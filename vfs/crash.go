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
	// LoseSome is a power cut in the middle of writing back: every sector of 512 bytes that was not synced is new or old, in each file by
	// chance, or all before some sector and none behind it, or, as if the last had been written first, none before and all behind. A file's
	// size is any between the durable one and the present one, and of the changes of names some happened: either the first so many (as on a
	// journaling file system) or any. What a sector held between the last sync and now it can have only after [Mem.WriteBack].
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
	out.quota, out.now = m.quota, m.now
	out.root = c.node(m.root)
	out.root.links++
	for _, n := range c.nodes {
		if n.names == nil {
			out.used += n.data.size
		}
	}
	out.files = len(c.nodes) - 1
	return out
}

// WriteBack makes some of what was not synced durable, as the system does at any time of its own accord: sectors, sizes, and the first so
// many of the changes of names. A test that calls it between the calls of a program sees crashes that leave what a sector held at some time
// between the last sync and the crash.
func (m *Mem) WriteBack(r *rand.Rand) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := &crash{opts: CrashOptions{Loss: LoseSome, Rand: r}, ordered: true, journal: m.journalCut(r)}
	m.walk(func(n *memNode) {
		if n.names == nil {
			if r.IntN(2) == 0 {
				n.data.writeBack(c.size(&n.data), c.keeper(&n.data))
			}
			return
		}
		done := 0
		for done < len(n.pending) && n.pending[done].seq <= c.journal {
			apply(n.safe, n.pending[done])
			done++
		}
		n.pending = n.pending[done:]
	})
}

// walk visits every node that has or had a name once, in an order that is always the same.
func (m *Mem) walk(visit func(*memNode)) {
	seen := map[*memNode]bool{}
	var step func(n *memNode)
	step = func(n *memNode) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		for _, names := range []map[string]*memNode{n.names, n.safe} {
			for _, name := range slices.Sorted(maps.Keys(names)) {
				step(names[name])
			}
		}
		visit(n)
	}
	step(m.root)
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
	m.walk(func(n *memNode) {
		if len(n.pending) > 0 {
			low = min(low, n.pending[0].seq-1)
		}
	})
	return low + r.Uint64N(m.seq-low+1)
}

func (c *crash) node(n *memNode) *memNode {
	if done := c.nodes[n]; done != nil {
		return done
	}
	out := &memNode{mtime: n.mtime}
	c.nodes[n] = out
	if n.names == nil {
		out.data = n.data.crash(c.size(&n.data), c.mix(&n.data))
		return out
	}
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

// mix returns a function that says what survives of a dirty page.
func (c *crash) mix(d *memData) func(i int, old, now *page) *page {
	switch c.opts.Loss {
	case LoseNothing:
		return func(_ int, _, now *page) *page { return now }
	case LoseUnsynced:
		return func(_ int, old, _ *page) *page { return old }
	}
	keep := c.keeper(d)
	return func(i int, old, now *page) *page { return tear(i, old, now, keep) }
}

// keeper picks a way for a file to lose what was not synced: it returns a function that says whether a sector is written. It is asked once
// for each.
func (c *crash) keeper(d *memData) func(sector int) bool {
	if len(d.dirty) == 0 {
		return nil
	}
	r := c.opts.Rand
	low, high := d.dirtySectors()
	cut := low + r.IntN(high-low+1)
	switch r.IntN(6) {
	case 0: // the first
		return func(sector int) bool { return sector < cut }
	case 1: // the last
		return func(sector int) bool { return sector >= cut }
	case 2: // few
		return func(int) bool { return r.IntN(8) == 0 }
	case 3: // most
		return func(int) bool { return r.IntN(8) != 0 }
	}
	return func(int) bool { return r.IntN(2) == 0 }
}
