package scan

import "github.com/stoadb/stoa/exprs/vec"

// SetOp gives the rows of Left that are (INTERSECT) or are not (EXCEPT) among those of Right, each once, or with All as often as the counts of both
// sides say. Duplicates of a plain UNION are removed by an Aggregate above a Union.
type SetOp struct {
	Left, Right Source
	Except, All bool
}

// Open implements Source.
func (s *SetOp) Open(env *Env, _ int) ([]Stream, error) {
	left, err := s.Left.Open(env, 1)
	if err != nil {
		return nil, err
	}
	right, err := s.Right.Open(env, 1)
	if err != nil {
		return nil, err
	}
	var counts map[string]int64
	given := map[string]struct{}{}
	next := func() (*vec.Batch, error) {
		if counts == nil {
			if counts, err = countRows(env, right[0]); err != nil {
				return nil, err
			}
		}
		for {
			b, err := Pull(env, left[0])
			if err != nil || b == nil {
				return nil, err
			}
			sel, err := s.keep(env, b, counts, given)
			if err != nil {
				return nil, err
			}
			if len(sel) > 0 {
				return b.Gather(sel), nil
			}
		}
	}
	return []Stream{streamFunc(next)}, nil
}

func rowKey(key []byte, b *vec.Batch, i int) []byte {
	key = key[:0]
	for _, c := range b.Cols {
		key = vec.AppendKey(key, c, i)
	}
	return key
}

func countRows(env *Env, s Stream) (map[string]int64, error) {
	counts := map[string]int64{}
	var key []byte
	for {
		b, err := Pull(env, s)
		if err != nil || b == nil {
			return counts, err
		}
		for i := 0; i < b.N; i++ {
			key = rowKey(key, b, i)
			before := len(counts)
			counts[string(key)]++
			if len(counts) > before {
				if err := env.Memory.Reserve(int64(len(key)) + 64); err != nil {
					return nil, err
				}
			}
		}
	}
}

// keep gives the rows of a left batch that belong to the result.
func (s *SetOp) keep(env *Env, b *vec.Batch, counts map[string]int64, given map[string]struct{}) ([]int32, error) {
	var sel []int32
	var key []byte
	for i := 0; i < b.N; i++ {
		key = rowKey(key, b, i)
		n := counts[string(key)]
		take := (n > 0) != s.Except
		if s.All {
			if n > 0 {
				counts[string(key)] = n - 1
			}
		} else if take {
			if _, done := given[string(key)]; done {
				continue
			}
			given[string(key)] = struct{}{}
			if err := env.Memory.Reserve(int64(len(key)) + 48); err != nil {
				return nil, err
			}
		}
		if take {
			sel = append(sel, int32(i))
		}
	}
	return sel, nil
}
