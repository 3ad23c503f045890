package scan

import (
	"unsafe"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// keyLog is the keys of a table that has stopped looking them up: of keys that hardly ever come twice, each row is a group of its own until the tables of all
// workers are united. To append a row costs a copy; to find a key in a table larger than the caches costs several misses, and making the table grow as many.
type keyLog struct {
	cols  []*valueLog
	bytes int64 // memory held
}

// manyGroups is the number of groups from which a table logs its keys if seven of eight rows bring a new one. Such a table fits the second-level cache; one
// eight times as large does not. Where fewer rows do, there are some 100,000 groups or many repeated rows, and to find a row costs less than to unite it later.
const manyGroups = 1 << 15

// logRows is the number of rows after which a worker's log is rid of the keys that came twice; and again, if most did not, when it is twice as long.
const logRows = 1 << 20

// brings tells whether nearly all of the n rows that were looked up last, of which keep leaves some out, brought new groups to a table of many.
func (t *groupTable) brings(n int, keep []uint8) bool {
	if t.log != nil || t.settled || t.size() < manyGroups {
		return false
	}
	if keep != nil {
		n = count(keep)
	}
	return 8*len(t.fresh) > 7*n
}

// beginLog makes the table log its keys from now on, after the groups it has.
func (t *groupTable) beginLog() { t.logged(t.values(), logRows) }

// logged makes the table one of a log that has some keys, to be settled at so many rows.
func (t *groupTable) logged(keys []*vec.Vec, limit int) {
	log := &keyLog{}
	for _, k := range keys {
		log.cols = append(log.cols, &valueLog{full: []*vec.Vec{k}, last: vec.NewBuilder(k.Type, 0), n: k.N})
		log.bytes += exprs.Bytes(k)
	}
	t.log, t.least, t.limit = log, 2*t.size(), limit
	t.cols, t.pairs, t.faces = nil, nil, nil
}

// long tells whether a log is to be settled: rows that come again take memory that groups would not.
func (t *groupTable) long(memory *Budget) bool {
	return t.log != nil && (t.size() >= t.limit || t.size() >= t.least && memory.tight())
}

// tight tells whether half of the memory is in use.
func (b *Budget) tight() bool {
	if b == nil {
		return false
	}
	limit := b.limit.Load()
	return limit > 0 && b.used.Load() > limit/2
}

// append is lookup for a table that logs its keys.
func (t *groupTable) append(n int, ord uint64, keys []*vec.Vec, keep []uint8) []uint32 {
	out, sel := t.out[:n], []int32(nil)
	if cap(t.first)-len(t.first) < n {
		t.first = append(make([]uint64, 0, max(2*cap(t.first), len(t.first)+n)), t.first...)
	}
	if keep != nil {
		sel = selected(keep, count(keep), 0)
	}
	next := uint32(len(t.first))
	for i := range out {
		out[i] = noGroup
		if keep == nil || keep[i] != 0 {
			out[i] = next
			next++
			t.first = append(t.first, ord+uint64(i))
		}
	}
	for c, k := range keys {
		if sel != nil {
			k = k.Gather(sel)
		}
		t.log.bytes += t.log.cols[c].appendAll(k)
	}
	t.high = max(t.high, ord+uint64(n))
	return out
}

// appendAll appends a vector in any form, whose memory may go, with zeros for NULLs. It gives the memory that its values take.
func (l *valueLog) appendAll(v *vec.Vec) (bytes int64) {
	if l.last.Len() > 0 && l.last.Len()+v.N > logPart {
		l.full, l.last = append(l.full, l.last.Vec()), vec.NewBuilder(v.Type, logPart)
	}
	l.n += v.N
	switch {
	case v.Type.Physical() == arrowschema.Strings:
		v = ownTexts(v)
	case v.HasNulls():
		rows := vec.NewBuilder(v.Type, v.N)
		for i := range v.N {
			rows.AppendRow(v, i)
		}
		v = rows.Vec()
	default:
		v = v.Flat()
	}
	l.last.Append(v)
	return exprs.Bytes(v)
}

// ownTexts gives texts flat, in memory of their own, with nothing for NULLs.
func ownTexts(v *vec.Vec) *vec.Vec {
	out, bytes := vec.New(v.Type, v.N), 0
	for i := range v.N {
		if v.IsNull(i) {
			out.SetNull(i)
			continue
		}
		from, at := v.Value(i)
		out.Strs[i] = from.Strs[at]
		bytes += len(out.Strs[i])
	}
	memory := make([]byte, 0, bytes)
	for i, s := range out.Strs {
		at := len(memory)
		memory = append(memory, s...)
		out.Strs[i] = unsafe.String(unsafe.SliceData(memory[at:]), len(s))
	}
	return out
}

// settle rids a table that logs of the keys that came twice. It gives the union that says which group each row went to, whose bytes the caller releases, even
// when it fails. If most rows came again, the table looks keys up from now on.
func (t *groupTable) settle(env *Env) (*groupUnion, error) {
	u, err := env.unite([]*groupTable{t})
	if err != nil {
		return u, err
	}
	if err := env.Memory.Spare(t.valueBytes()); err != nil {
		return u, err
	}
	keys, err := u.columns(env, nil)
	if err != nil {
		return u, err
	}
	if rows := t.size(); 2*u.size() > rows {
		t.first = u.first
		t.logged(keys, 2*rows)
		return u, nil
	}
	settled := newGroupTable(t.types)
	settled.settled = true
	if _, err = settled.mergeRows(env, keys, u.first); err != nil {
		return u, err
	}
	settled.high = t.high
	*t = *settled
	return u, nil
}
