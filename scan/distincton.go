package scan

import (
	"bytes"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// DistinctOn gives the first of neighbouring rows that have equal keys, NULLs being equal. It reads its input as one stream: sorted by the keys, that
// gives one row for each.
type DistinctOn struct {
	Input Source
	Keys  []exprs.Expr
}

// Open implements Source.
func (d *DistinctOn) Open(env *Env, _ int) ([]Stream, error) {
	streams, err := d.Input.Open(env, 1)
	if err != nil {
		return nil, err
	}
	ctx := env.Eval.Fork()
	var last, key []byte
	started := false
	next := func() (*vec.Batch, error) {
		for {
			b, err := Pull(env, streams[0])
			if err != nil || b == nil {
				ctx.Release()
				return nil, err
			}
			ctx.Settle()
			keys, err := evalAll(ctx, b, d.Keys)
			if err != nil {
				return nil, err
			}
			sel := make([]int32, 0, b.N)
			for i := range b.N {
				key = key[:0]
				for _, k := range keys.Cols {
					key = vec.AppendKey(key, k, i)
				}
				if started && bytes.Equal(key, last) {
					continue
				}
				started, last, key = true, key, last
				sel = append(sel, int32(i))
			}
			if len(sel) > 0 {
				return b.Gather(sel), nil
			}
		}
	}
	return []Stream{streamFunc(next)}, nil
}
