package scan

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// keyCheck tells whether rows have equal keys, for one goroutine.
type keyCheck struct {
	*keyParts
	equal [][]func(i, j int) bool // by the tables of the rows
	texts [][]string              // by table, where the key is one column of texts
	pairs [][2]uint32             // rows that are to have equal keys
}

func (p *keyParts) newCheck() *keyCheck {
	c := &keyCheck{keyParts: p, equal: make([][]func(i, j int) bool, len(p.keys))}
	for a, k := range p.keys {
		for b := range p.keys {
			c.equal[a] = append(c.equal[a], equalKeys(p.keys[a], p.keys[b]))
		}
		if v := k.Cols[0]; len(k.Cols) == 1 && v.Type.Physical() == arrowschema.Strings && v.Type != arrowschema.JSONB {
			c.texts = append(c.texts, v.Strs)
		}
	}
	return c
}

// same tells whether two rows have equal keys.
func (c *keyCheck) same(x, y uint32) bool {
	a, i := c.place(x)
	b, j := c.place(y)
	return c.equal[a][b](i, j)
}

// holds tells whether all pairs have equal keys.
func (c *keyCheck) holds() bool {
	if c.texts != nil {
		return c.sameTexts()
	}
	for _, p := range c.pairs {
		if !c.same(p[0], p[1]) {
			return false
		}
	}
	return true
}

// sameTexts is holds for texts. It looks at the lengths, at the ends and then at all bytes of many pairs, so that the cache misses of one pair do not wait for
// another's.
func (c *keyCheck) sameTexts() bool {
	const run = 256
	var x, y [run]string
	for pairs := c.pairs; len(pairs) > 0; {
		n := min(run, len(pairs))
		for i, p := range pairs[:n] {
			a, r := c.place(p[0])
			b, s := c.place(p[1])
			x[i], y[i] = c.texts[a][r], c.texts[b][s]
			if len(x[i]) != len(y[i]) || x[i] == "" && c.keys[a].Cols[0].IsNull(r) != c.keys[b].Cols[0].IsNull(s) {
				return false
			}
		}
		for i := range n {
			if end := len(x[i]) - 1; end >= 0 && x[i][end] != y[i][end] {
				return false
			}
		}
		for i := range n {
			if x[i] != y[i] {
				return false
			}
		}
		pairs = pairs[n:]
	}
	return true
}

// equalKeys is sameKeys where NULLs are equal. What stands for a NULL is zero.
func equalKeys(a, b *vec.Batch) func(i, j int) bool {
	same, nulls := sameKeys(a, b), false
	for c := range a.Cols {
		nulls = nulls || a.Cols[c].HasNulls() || b.Cols[c].HasNulls()
	}
	if !nulls {
		return same
	}
	return func(i, j int) bool {
		for c := range a.Cols {
			if a.Cols[c].IsNull(i) != b.Cols[c].IsNull(j) {
				return false
			}
		}
		return same(i, j)
	}
}
