package scan

import "github.com/stoadb/stoa/exprs/vec"

// What a table takes when it grows it takes at once, beside what it has: the budget is asked before.

// growth gives the memory of a table of slots after it has grown, when n more entries may make it grow; 0 when they do not.
func growth(entries, slots, slotBytes, n int) int64 {
	if 2*(entries+n) < slots || slots == 0 && n < 64 {
		return 0
	}
	return int64(moreSlots(slots)) * int64(slotBytes)
}

// longer gives the memory of a slice after it has grown by appending, when n more elements make it grow.
func longer(length, capacity, elemBytes, n int) int64 {
	if length+n <= capacity {
		return 0
	}
	return int64(capacity) * int64(elemBytes) * 5 / 4
}

// ahead gives the memory that n more rows may make the table take at once.
func (t *groupTable) ahead(n int) int64 {
	bytes := longer(len(t.first), cap(t.first), 8, n)
	if t.log != nil {
		bytes += bytes * 3 / 5 // it grows to twice its length
	}
	for _, c := range t.cols {
		bytes += longer(len(c.texts.texts), cap(c.texts.texts), 16, n)
		bytes += growth(c.words.n, len(c.words.slots), 16, n) + growth(c.texts.n, len(c.texts.slots), 8, n) +
			growth(c.texts.short.n, len(c.texts.short.slots), 24, n)
	}
	for _, p := range t.pairs {
		bytes += longer(len(p.ids), cap(p.ids), 8, n)
		bytes += growth(p.table.n, len(p.table.slots), 16, n)
	}
	return bytes
}

// lookAhead asks the budget whether the tables may grow by as many rows, and makes room in them.
func (w *aggWorker) lookAhead(n int) error {
	var bytes int64
	if w.table != nil {
		bytes = w.table.ahead(n)
	}
	for i := range w.calls {
		if d := w.calls[i].distinct; d != nil {
			bytes += d.table.ahead(n)
		}
	}
	if bytes < little {
		return nil
	}
	w.ahead += bytes
	if err := w.env.Memory.Reserve(bytes); err != nil {
		return err
	}
	for i := range w.calls {
		if d := w.calls[i].distinct; d != nil {
			if err := d.table.makeRoom(w.env, n); err != nil {
				return err
			}
		}
	}
	if w.table == nil {
		return nil
	}
	return w.table.makeRoom(w.env, n)
}

// little is what is not worth asking for, in bytes.
const little = 1 << 18

// Spare fails when n more bytes could not be reserved.
func (b *Budget) Spare(n int64) error {
	if n < little {
		return nil
	}
	err := b.Reserve(n)
	b.Release(n)
	return err
}

// growing accounts for a structure while it grows, until its owner does.
type growing struct {
	memory   *Budget
	bytes    func() int64
	from     int64
	reserved int64
}

func (env *Env) growing(bytes func() int64) *growing {
	return &growing{memory: env.Memory, bytes: bytes, from: bytes()}
}

// reserve takes n bytes more.
func (g *growing) reserve(n int64) error {
	g.reserved += n
	return g.memory.Reserve(n)
}

// ahead takes what the structure has grown by, and asks for n bytes that it may take next.
func (g *growing) ahead(n int64) error {
	now := g.bytes()
	if err := g.reserve(now - g.from); err != nil {
		return err
	}
	g.from = now
	return g.memory.Spare(n)
}

// release gives everything back.
func (g *growing) release() { g.memory.Release(g.reserved) }

// together gives the memory that batches take when they have been put together: what is dictionary-coded is so no more.
func together(list []*vec.Batch) int64 {
	const header = 16 // of a text
	var bytes int64
	for _, b := range list {
		bytes += Bytes(b)
		for _, c := range b.Cols {
			if c != nil && (c.Dict != nil || c.Const) {
				bytes += header * int64(b.N)
			}
		}
	}
	return bytes
}
