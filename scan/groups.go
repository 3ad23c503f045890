package scan

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// groupTable numbers the distinct keys of an aggregation from 0 in the order in which they are first seen, and keeps their values. NULLs are equal.
//
// Each key column numbers its own values. Of several columns the numbers are paired: those of the first two are numbered together, the result with the third,
// and so on, so that a key of any columns is found by look-ups of single words.
//
// A table that logs its keys numbers rows instead, so that a key may have several groups, and has none of the rest.
type groupTable struct {
	types   []arrowschema.Type
	log     *keyLog // nil while keys are looked up
	least   int     // the number of rows of log from which it may be settled
	limit   int     // and from which it is
	settled bool    // the table is not to log keys (again)

	cols  []*keyColumn
	faces []*faces   // by column; nil for a type whose equal values look the same
	pairs []*pairing // one less than cols
	first []uint64   // where group g was first seen, in the order of a single worker
	high  uint64     // behind the last row so far

	out, part []uint32
	fresh     []int32
}

// pairing numbers pairs of numbers.
type pairing struct {
	table wordTable
	ids   [][2]uint32 // by number
	words []uint64
	grid  *pairGrid // nil until the first pair, and from the first pair on that is outside of it
	large bool      // there was such a pair
}

// pairGrid holds the numbers of pairs of few and few, and one; 0 for those that were not met.
type pairGrid [gridLeft * gridRight]uint32

const gridLeft, gridRight = 128, 64

func newGroupTable(types []arrowschema.Type) *groupTable {
	t := &groupTable{types: types}
	for i, typ := range types {
		f := facesOf(typ)
		t.cols, t.faces = append(t.cols, newKeyColumn(typ, f != nil)), append(t.faces, f)
		if i > 0 {
			t.pairs = append(t.pairs, &pairing{})
		}
	}
	return t
}

// size gives the number of groups.
func (t *groupTable) size() int { return len(t.first) }

// lookup gives the group of each of n rows, the first of which is row ord of all, new groups added; noGroup for the rows at which keep is 0, unless it is
// nil. The slice is valid until the next call.
func (t *groupTable) lookup(n int, ord uint64, keys []*vec.Vec, keep []uint8) []uint32 {
	if cap(t.out) < n {
		t.out, t.part = make([]uint32, n), make([]uint32, n)
	}
	if t.log != nil {
		return t.append(n, ord, keys, keep)
	}
	out := t.out[:n]
	t.fresh = t.cols[0].number(keys[0], keep, out, t.fresh[:0])
	for i, p := range t.pairs {
		part := t.part[:n]
		t.cols[i+1].number(keys[i+1], keep, part, nil)
		t.fresh = p.number(out, part, t.fresh[:0])
	}
	for _, r := range t.fresh {
		t.first = append(t.first, ord+uint64(r))
	}
	for c, f := range t.faces {
		if f != nil {
			f.begin(keys[c], t.fresh)
		}
	}
	if ord < t.high {
		for i, g := range out {
			if g != noGroup {
				t.earlier(g, ord+uint64(i), keys, i)
			}
		}
	}
	t.high = max(t.high, ord+uint64(n))
	return out
}

// earlier notes that a group has a row, row i of keys, at a place before which it may have been seen already.
func (t *groupTable) earlier(g uint32, ord uint64, keys []*vec.Vec, i int) {
	if ord >= t.first[g] {
		return
	}
	t.first[g] = ord
	for c, f := range t.faces {
		if f != nil {
			f.replace(g, keys[c], i)
		}
	}
}

// faces is what a key looks like in the first row of each group, where equal values can look different: 1.0 and 1.00, 0 and -0, '1 day' and '24 hours'.
type faces struct {
	log  *valueLog
	at   []int32 // row of log, by group
	long int64   // bytes of texts and of numbers with many digits in log
}

func facesOf(t arrowschema.Type) *faces {
	if f := t.Physical(); f != arrowschema.Decs && f != arrowschema.Floats && f != arrowschema.Intervals && t != arrowschema.JSONB {
		return nil
	}
	return &faces{log: newValueLog(t)}
}

// begin notes the rows that brought new groups.
func (f *faces) begin(key *vec.Vec, rows []int32) {
	for _, r := range rows {
		f.at = append(f.at, 0)
		f.replace(uint32(len(f.at)-1), key, int(r))
	}
}

// replace makes row i of key the one that a group looks like.
func (f *faces) replace(g uint32, key *vec.Vec, i int) {
	f.at[g] = int32(f.log.n)
	f.log.tail().AppendRow(key, i)
	if key.IsNull(i) {
		return
	}
	switch v, i := key.Value(i); v.Type.Physical() {
	case arrowschema.Decs:
		f.long += v.Decs[i].Bytes()
	case arrowschema.Strings:
		f.long += int64(len(v.Strs[i]))
	}
}

// values gives the looks of all groups.
func (f *faces) values() *vec.Vec {
	all := f.log.vector()
	if f.log.n == len(f.at) {
		return all // none was replaced
	}
	return all.Gather(f.at)
}

func (f *faces) bytes() int64 { return int64(f.log.n)*40 + int64(cap(f.at))*4 + f.long }

// number replaces each number of a by that of its pair with the number of b in the same row; noGroup in a stays. The rows that brought new pairs are appended
// to fresh.
func (p *pairing) number(a, b []uint32, fresh []int32) []int32 {
	done := 0
	if !p.large {
		done, fresh = p.byGrid(a, b, fresh)
	}
	return p.byTable(a, b, done, fresh)
}

// byGrid is number for the rows up to a pair outside of the grid, and gives how many.
func (p *pairing) byGrid(a, b []uint32, fresh []int32) (int, []int32) {
	if p.grid == nil {
		p.grid = new(pairGrid)
	}
	b = b[:len(a)]
	for i, x := range a {
		y := b[i]
		if x >= gridLeft || y >= gridRight {
			if x == noGroup { // and so is y: both columns leave the same rows out
				continue
			}
			p.grid, p.large = nil, true
			return i, fresh
		}
		at := &p.grid[x*gridRight+y]
		if *at == 0 {
			*at, fresh = p.enter(uint64(x)<<32|uint64(y), i, fresh)
			*at++
		}
		a[i] = *at - 1
	}
	return len(a), fresh
}

// byTable is number for the rows from one on.
func (p *pairing) byTable(a, b []uint32, from int, fresh []int32) []int32 {
	a, b = a[from:], b[from:]
	p.words = p.words[:0]
	for i, x := range a {
		p.words = append(p.words, uint64(x)<<32|uint64(b[i]))
	}
	const none = noGroup<<32 | noGroup
	p.table.known(p.words, a)
	last, lastID := uint64(none), uint32(noGroup) // a new pair often comes many times in its first batch
	for i, id := range a {
		w := p.words[i]
		if id != noGroup || w == none {
			continue
		}
		if w != last {
			last = w
			lastID, fresh = p.enter(w, from+i, fresh)
		}
		a[i] = lastID
	}
	return fresh
}

// enter gives the number of a pair, a new one if it has none: then its row is appended to fresh.
func (p *pairing) enter(pair uint64, row int, fresh []int32) (uint32, []int32) {
	next := uint32(len(p.ids))
	id, _ := p.table.find(pair, next)
	if id == next {
		p.ids = append(p.ids, [2]uint32{uint32(pair >> 32), uint32(pair)})
		fresh = append(fresh, int32(row))
	}
	return id, fresh
}

// values gives the key columns, row g for group g.
func (t *groupTable) values() []*vec.Vec {
	out := make([]*vec.Vec, len(t.types))
	if t.log != nil {
		for c, l := range t.log.cols {
			out[c] = l.vector()
		}
		return out
	}
	rows := make([]int32, t.size()) // what the groups are numbered as at the pairing looked at
	for g := range rows {
		rows[g] = int32(g)
	}
	for i := len(t.pairs) - 1; i >= 0; i-- {
		right := make([]int32, len(rows))
		for g, at := range rows {
			pair := t.pairs[i].ids[at]
			rows[g], right[g] = int32(pair[0]), int32(pair[1])
		}
		out[i+1] = t.column(i+1, right)
	}
	out[0] = t.column(0, rows)
	return out
}

// column gives a key column, of whose values the groups have these numbers.
func (t *groupTable) column(c int, numbers []int32) *vec.Vec {
	switch f := t.faces[c]; {
	case f != nil:
		return f.values()
	case len(t.pairs) == 0:
		return t.cols[c].vector() // numbered as the groups are
	}
	return t.cols[c].vector().Gather(numbers)
}

// valueBytes gives the memory that values take beside the table, or more.
func (t *groupTable) valueBytes() int64 {
	const perValue = 32
	return int64(t.size()) * int64(len(t.types)) * perValue
}

// mergeRows adds keys, of which row g was first seen at first[g], and gives the group of each.
func (t *groupTable) mergeRows(env *Env, keys []*vec.Vec, first []uint64) ([]uint32, error) {
	grown := env.growing(t.bytes)
	defer grown.release()
	if err := grown.reserve(Bytes(&vec.Batch{Cols: keys})); err != nil {
		return nil, err
	}
	into, part := make([]uint32, 0, len(first)), make([]*vec.Vec, len(keys))
	for lo := 0; lo < len(first); lo += sortRun {
		if err := env.cancelled(); err != nil {
			return nil, err
		}
		hi := min(lo+sortRun, len(first))
		if err := grown.ahead(t.ahead(hi - lo)); err != nil {
			return nil, err
		}
		if err := t.makeRoom(env, hi-lo); err != nil {
			return nil, err
		}
		for c, k := range keys {
			part[c] = k.Slice(lo, hi)
		}
		known := t.size()
		for i, g := range t.lookup(hi-lo, t.high, part, nil) {
			if int(g) >= known {
				t.first[g], known = first[lo+i], known+1
			} else {
				t.earlier(g, first[lo+i], part, i)
			}
			into = append(into, g)
		}
	}
	return into, nil
}

// bytes estimates the memory held.
func (t *groupTable) bytes() int64 {
	n := int64(cap(t.first)) * 8
	if t.log != nil {
		n += t.log.bytes
	}
	for c, k := range t.cols {
		if n += k.bytes(); t.faces[c] != nil {
			n += t.faces[c].bytes()
		}
	}
	for _, p := range t.pairs {
		n += p.table.bytes() + int64(cap(p.ids))*8
		if p.grid != nil {
			n += gridLeft * gridRight * 4
		}
	}
	return n
}
