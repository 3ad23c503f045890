package scan

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// maxCodePairs bounds the table from pairs of dictionary codes to groups: 1 MiB of it per pair of dictionaries.
const maxCodePairs = 1 << 18

// groupTable numbers the distinct keys of an aggregation from 0 in the order in which they are first seen, and keeps their values. NULLs are equal.
type groupTable struct {
	ids    map[string]uint32
	values []*vec.Builder // the key columns, row g for group g
	first  []uint64       // where group g was first seen, in the order of a single worker
	bytes  int64

	key   []byte
	codes codeCache
	out   []uint32
}

// codeCache remembers the groups of dictionary codes while the dictionaries stay the same: entry code0*n1+code1, none when the pair was not seen yet.
type codeCache struct {
	dicts  [2]*vec.Vec
	groups []uint32
}

const noGroup = math.MaxUint32

func newGroupTable(types []arrowschema.Type) *groupTable {
	t := &groupTable{ids: map[string]uint32{}}
	for _, typ := range types {
		t.values = append(t.values, vec.NewBuilder(typ, 0))
	}
	return t
}

// size gives the number of groups.
func (t *groupTable) size() int { return len(t.first) }

// lookup gives the group of each row, new groups added. The slice is valid until the next call.
func (t *groupTable) lookup(b *vec.Batch, keys []*vec.Vec) []uint32 {
	if cap(t.out) < b.N {
		t.out = make([]uint32, b.N)
	}
	out := t.out[:b.N]
	if t.useCodes(keys) {
		t.byCodes(b, keys, out)
		return out
	}
	for i := range out {
		out[i] = t.group(keys, i, b.Ord)
	}
	return out
}

// group finds or makes the group of one row.
func (t *groupTable) group(keys []*vec.Vec, i int, ord uint64) uint32 {
	t.key = t.key[:0]
	for _, k := range keys {
		t.key = vec.AppendKey(t.key, k, i)
	}
	if g, ok := t.ids[string(t.key)]; ok {
		t.first[g] = min(t.first[g], ord+uint64(i))
		return g
	}
	g := uint32(len(t.first))
	t.ids[string(t.key)] = g
	t.first = append(t.first, ord+uint64(i))
	for c, k := range keys {
		t.values[c].AppendRow(k, i)
	}
	t.bytes += 96 + 3*int64(len(t.key)) // the map's entry and string, the values, the order
	return g
}

// useCodes tells whether the keys are one or two dictionary-coded or constant columns with small enough dictionaries.
func (t *groupTable) useCodes(keys []*vec.Vec) bool {
	if len(keys) == 0 || len(keys) > 2 {
		return false
	}
	n := 1
	for _, k := range keys {
		if k.Dict == nil || k.Dict.N == 0 {
			return false
		}
		n *= k.Dict.N + 1
	}
	return n <= maxCodePairs
}

// byCodes finds groups by an array index: each pair of codes goes through the map once per pair of dictionaries.
func (t *groupTable) byCodes(b *vec.Batch, keys []*vec.Vec, out []uint32) {
	a, width := keys[0], 1
	var second *vec.Vec
	if len(keys) == 2 {
		second = keys[1]
		width = second.Dict.N + 1
	}
	t.prepareCodes(a, second, width)
	groups := t.codes.groups
	for i := range out {
		at := codeOf(a, i) * width
		if second != nil {
			at += codeOf(second, i)
		}
		g := groups[at]
		if g == noGroup {
			g = t.group(keys, i, b.Ord)
			groups[at] = g
		} else if ord := b.Ord + uint64(i); ord < t.first[g] {
			t.first[g] = ord
		}
		out[i] = g
	}
}

// codeOf gives the code of row i, one past the last for a NULL.
func codeOf(v *vec.Vec, i int) int {
	if v.Valid != nil && !v.Valid.Get(i) {
		return v.Dict.N
	}
	return int(v.Codes[i])
}

func (t *groupTable) prepareCodes(a, second *vec.Vec, width int) {
	dicts := [2]*vec.Vec{a.Dict}
	if second != nil {
		dicts[1] = second.Dict
	}
	if t.codes.dicts == dicts {
		return
	}
	n := (a.Dict.N + 1) * width
	if cap(t.codes.groups) < n {
		t.codes.groups = make([]uint32, n)
	}
	t.codes = codeCache{dicts: dicts, groups: t.codes.groups[:n]}
	for i := range t.codes.groups {
		t.codes.groups[i] = noGroup
	}
}

// merge adds the groups of other and gives where each of them went.
func (t *groupTable) merge(env *Env, other *groupTable) ([]uint32, error) {
	into := make([]uint32, other.size())
	keys := make([]*vec.Vec, len(other.values))
	for c, v := range other.values {
		keys[c] = v.Vec()
	}
	for g := range into {
		if g%sortRun == 0 {
			if err := env.cancelled(); err != nil {
				return nil, err
			}
		}
		into[g] = t.group(keys, g, other.first[g]-uint64(g))
	}
	return into, nil
}
