package scan

import (
	"math/bits"
	"slices"
	"sync/atomic"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// joinTable is the built side of a join: its rows, and where they are by key. Rows with equal keys are chained in their order. It is read by many goroutines
// when it is complete.
type joinTable struct {
	rows    *vec.Batch
	all     bool // there are no keys: every row matches
	runs    bool // there are no keys, and enough rows for prober.run
	matched []atomic.Bool

	keys     *vec.Batch // of the rows
	words    bool       // a key is one word, which stands for its hash: rows with equal ones need not be compared
	nullable bool       // some keys are NULL
	entries  []joinEntry
	heads    []int32 // by the upper bits of a mixed hash: the number, from 1, of the first row of a key; 0 when there is none
	shift    uint

	// filter has a bit set for each hash, by its upper bits; nil for a large table, of which it would not stay in a cache.
	filter      []uint64
	filterShift uint
}

// joinEntry is what the table knows of a row. Rows are numbered from 1.
type joinEntry struct {
	hash  uint64
	next  int32 // the following row with the same key, or 0
	other int32 // of the first row of a key: the first row of another key with the same head, or 0
}

const (
	// filterBits is the number of bits a row in the filter: one key in as many that are not in the table is looked up in vain.
	filterBits = 16
	// mostFiltered is the number of rows up to which there is a filter, of half a megabyte then.
	mostFiltered = 1 << 18
	// enterRows is the number of rows from which several workers enter rows.
	enterRows = 1 << 15
)

// index enters the rows by key. A row with a NULL in its key matches nothing.
func (t *joinTable) index(env *Env, keys []exprs.Expr) error {
	ctx := env.Eval.Fork()
	defer ctx.Release()
	cols, err := evalAll(ctx, t.rows, keys)
	if err != nil {
		return err
	}
	log := max(6, bits.Len(uint(2*t.rows.N)))
	held := int64(t.rows.N)*16 + 4<<log
	for i, k := range keys {
		if _, ok := k.(*exprs.Column); !ok {
			held += exprs.Bytes(cols.Cols[i])
		}
	}
	filtered := t.rows.N <= mostFiltered
	if filtered {
		held += filterBits / 8 * 2 * int64(t.rows.N)
	}
	if err := env.Memory.Reserve(held); err != nil {
		return err
	}
	t.take(cols, log, filtered)
	if err := t.hash(env); err != nil {
		return err
	}
	parts := 0 // their number's logarithm
	if t.rows.N >= enterRows {
		parts = min(5, bits.Len(uint(env.Workers-1)))
	}
	return env.tasks(1<<parts, func(i int) error { return t.enter(env, uint64(i), uint(64-parts)) })
}

// take makes an empty table of rows with these keys and 1<<log heads.
func (t *joinTable) take(keys *vec.Batch, log int, filtered bool) {
	t.keys, t.words = keys, len(keys.Cols) == 1 && vec.HasWords(keys.Cols[0].Type)
	t.nullable = hasNulls(keys)
	t.entries, t.heads, t.shift = make([]joinEntry, keys.N), make([]int32, 1<<log), uint(64-log)
	if filtered {
		log = max(6, bits.Len(uint(keys.N*filterBits)))
		t.filter, t.filterShift = make([]uint64, 1<<(log-6)), uint(64-log)
	}
}

// hash notes the hashes of all rows.
func (t *joinTable) hash(env *Env) error {
	const run = 4 * sortRun
	n := len(t.entries)
	return env.tasks((n+run-1)/run, func(i int) error {
		look := &joinLook{}
		lo, hi := i*run, min(i*run+run, n)
		for at, h := range t.hashesOf(look, t.keys.Slice(lo, hi)) {
			t.entries[lo+at].hash = h
		}
		return nil
	})
}

// hashesOf gives the hashes of keys. They are valid until the next call.
func (t *joinTable) hashesOf(look *joinLook, keys *vec.Batch) []uint64 {
	if !t.words {
		return look.hashes.of(keys)
	}
	look.words = vec.AppendWords(look.words[:0], keys.Cols[0].Flat())
	return look.words
}

// enter enters the rows of which the upper bits of the mixed hash, shifted down, are part: these have heads, and bits of the filter, of their own. The last
// come first, so that chains ascend.
func (t *joinTable) enter(env *Env, part uint64, shift uint) error {
	same := sameKeys(t.keys, t.keys)
	for hi := len(t.entries); hi > 0; hi -= sortRun {
		if err := env.cancelled(); err != nil {
			return err
		}
		for row := hi - 1; row >= max(0, hi-sortRun); row-- {
			mixed := vec.MixWord(t.entries[row].hash)
			if mixed>>shift != part || t.nullable && anyNull(t.keys, row) {
				continue
			}
			if t.filter != nil {
				bit := mixed >> t.filterShift
				t.filter[bit>>6] |= 1 << (bit & 63)
			}
			t.link(row, &t.heads[mixed>>t.shift], same)
		}
	}
	return nil
}

// link puts a row before those with its key, or behind the last key with the same head.
func (t *joinTable) link(row int, at *int32, same func(i, j int) bool) {
	e := &t.entries[row]
	for ; *at != 0; at = &t.entries[*at-1].other {
		if first := &t.entries[*at-1]; first.hash == e.hash && (t.words || same(int(*at-1), row)) {
			e.next, e.other, first.other = *at, first.other, 0
			break
		}
	}
	*at = int32(row + 1)
}

// joinLook is the memory of one goroutine that looks keys up.
type joinLook struct {
	hashes keyHashes
	words  []uint64
	heads  []int32
	rows   []int32
	sel    []int32
	hits   bool // most keys that were looked up last were found

	dict    *vec.Vec // of the only key column, and the first row of each of its entries
	entries []int32
}

// find appends to out, for each row of keys, the first row of the table with the same key, or -1. Of one dictionary-coded key the entries are looked up, once
// for all batches with that dictionary.
func (t *joinTable) find(look *joinLook, keys *vec.Batch, out []int32) []int32 {
	v := keys.Cols[0]
	if len(keys.Cols) > 1 || v.Dict == nil || v.Dict.N == 0 || v.Dict != look.dict && v.Dict.N > 32*v.N {
		return t.findRows(look, keys, out)
	}
	if v.Dict != look.dict {
		look.entries = t.findRows(look, &vec.Batch{N: v.Dict.N, Cols: []*vec.Vec{v.Dict}}, look.entries[:0])
		look.dict = v.Dict
	}
	for i, c := range v.Codes[:v.N] {
		head := look.entries[c]
		if !v.Valid.Get(i) {
			head = -1
		}
		out = append(out, head)
	}
	return out
}

// findRows is find row by row, in passes whose look-ups do not wait for each other.
func (t *joinTable) findRows(look *joinLook, keys *vec.Batch, out []int32) []int32 {
	hashes := t.hashesOf(look, keys)
	from := len(out)
	out = slices.Grow(out, keys.N)[:from+keys.N]
	found := out[from:]
	for i := range found {
		found[i] = -1
	}
	rows := look.numbered(keys.N)
	if t.filter != nil && !look.hits {
		rows = t.maybe(hashes, rows)
	}
	look.heads = slices.Grow(look.heads[:0], len(rows))[:len(rows)]
	heads, shift := look.heads, t.shift&63
	for k, r := range rows {
		heads[k] = t.heads[vec.MixWord(hashes[r])>>shift]
	}
	hits, entries := 0, t.entries
	for k, r := range rows {
		at := heads[k]
		for at != 0 && entries[at-1].hash != hashes[r] {
			at = entries[at-1].other
		}
		if found[r] = at - 1; at != 0 {
			rows[hits] = r
			hits++
		}
	}
	look.hits = 2*hits > keys.N
	if hasNulls(keys) {
		for i := range found {
			if found[i] >= 0 && anyNull(keys, i) {
				found[i] = -1
			}
		}
	}
	if !t.words {
		t.compare(look, keys, rows[:hits], found)
	}
	return out
}

// compare corrects what was found for some rows by its hash alone: that the keys are equal, too, is all but certain.
func (t *joinTable) compare(look *joinLook, keys *vec.Batch, rows, found []int32) {
	look.sel = look.sel[:0]
	for c, v := range keys.Cols {
		look.sel = appendUnequal(look.sel, v, t.keys.Cols[c], rows, found)
	}
	if len(look.sel) == 0 {
		return
	}
	same, hashes := sameKeys(t.keys, keys), look.hashes.out
	for _, r := range look.sel {
		for at := found[r]; at >= 0; at = t.entries[at].other - 1 {
			found[r] = -1
			if t.entries[at].hash == hashes[r] && same(int(at), int(r)) {
				found[r] = at
				break
			}
		}
	}
}

// maybe leaves the rows that the filter does not rule out, all of which it is given.
func (t *joinTable) maybe(hashes []uint64, rows []int32) []int32 {
	filter, shift, k := t.filter, t.filterShift&63, 0
	mask := uint64(len(filter) - 1)
	for i, x := range hashes[:len(rows)] {
		bit := vec.MixWord(x) >> shift
		rows[k] = int32(i)
		k += int(filter[bit>>6&mask] >> (bit & 63) & 1)
	}
	return rows[:k]
}

// numbered gives the numbers 0 to n-1.
func (l *joinLook) numbered(n int) []int32 {
	l.rows = slices.Grow(l.rows[:0], n)[:n]
	for i := range l.rows {
		l.rows[i] = int32(i)
	}
	return l.rows
}

// following gives the row that is paired with the same row of the other side after r, or notLooked.
func (t *joinTable) following(r int) int {
	if !t.all {
		return int(t.entries[r].next) - 1
	}
	if r+1 < t.rows.N {
		return r + 1
	}
	return notLooked
}

func hasNulls(keys *vec.Batch) bool {
	return slices.ContainsFunc(keys.Cols, (*vec.Vec).HasNulls)
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
