package scan

import (
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// neverInDictionaries tells whether a condition on one column is true of no value in the column's dictionary, nor of NULL where there are NULLs: then it is
// true of no row, and the rows need not be read. The condition is evaluated as it will be on the rows, so that what was computed for the entries is used again.
//
// The first condition is asked of any dictionary. The others are asked of small ones: of a column with many values it may be cheaper to look at the few rows that
// the conditions before have left.
func (s *tableStream) neverInDictionaries(m *coldMorsel) (bool, error) {
	for i, cond := range s.table.Conds {
		if len(s.needs[i]) != 1 || s.needs[i][0] >= len(s.table.Cols) || volatile(cond) {
			continue
		}
		col := s.table.Cols[s.needs[i][0]]
		if i > 0 && m.dictionaryBytes(col) > smallDictionary {
			continue
		}
		dict, err := m.dictionary(col)
		if err != nil {
			return false, err
		}
		if dict == nil || dict.N >= vec.MaxDict {
			continue
		}
		if !s.someEntry(m, i, dict) {
			return true, nil
		}
	}
	return false, nil
}

// smallDictionary is the size of a dictionary in the file, in bytes, up to which every condition is evaluated on it: some thousand entries.
const smallDictionary = 16 << 10

// someEntry tells whether condition i is true of some entry of the dictionary of its column, or may be of NULL; also when it fails for one of them, which need
// not be that of a row.
func (s *tableStream) someEntry(m *coldMorsel, i int, dict *vec.Vec) bool {
	n := dict.N
	if m.stats(s.table.Cols[s.needs[i][0]]).nulls != 0 {
		n++
	}
	if n == 0 {
		return false
	}
	codes := make([]uint16, n)
	for e := range dict.N {
		codes[e] = uint16(e)
	}
	entries := vec.NewDict(codes, dict, nil)
	if n > dict.N {
		if dict.N == 0 {
			entries = vec.NewNull(dict.Type, 1)
		} else {
			entries.SetNull(n - 1)
		}
	}
	b := &vec.Batch{N: n, Cols: make([]*vec.Vec, len(s.table.Cols)+1)}
	b.Cols[s.needs[i][0]] = entries
	v, err := s.table.Conds[i].Eval(s.ctx, b)
	return err != nil || len(exprs.Selection(v, nil)) > 0
}

func volatile(e exprs.Expr) bool {
	found := false
	exprs.Walk(e, func(n exprs.Expr) bool {
		c, ok := n.(*exprs.Call)
		found = found || ok && c.Fn.Volatility == exprs.Volatile
		return !found
	})
	return found
}
