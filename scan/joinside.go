package scan

import (
	"cmp"
	"math"
	"slices"

	"github.com/stoadb/stoa/exprs/vec"
)

// Which side of a join is the smaller one is found out by reading both in turn, each time some times further, until one ends; that is then the table, and what
// was read of the other streams through it first. What a table without conditions has is known, and not read for that. So no estimate can be wrong, and what
// is held is at most a few times the table.

const (
	// everything is more rows than there are.
	everything = math.MaxInt64
	// smallSide is the number of rows up to which the right side is built without a look at the left one.
	smallSide = 1 << 14
	// lopsided says how many times as many rows as the left side the right one must have for the left one to be built: the right one is read first, and
	// what is lost when it is somewhat larger is little.
	lopsided = 2
)

// leftIsBuilt tells whether the left side is to be built.
func (b *joining) leftIsBuilt(n int) (bool, error) {
	if len(b.LeftKeys) == 0 {
		return false, nil
	}
	for most := int64(smallSide); ; most *= 4 {
		if small, err := b.right.upTo(b.env, n, most); small || err != nil {
			return false, err
		}
		if small, err := b.left.upTo(b.env, n, most/lopsided); small || err != nil {
			return small, err
		}
	}
}

// upTo tells whether the input has at most so many rows. It reads it where that is not known.
func (in *joinInput) upTo(env *Env, n int, most int64) (bool, error) {
	if known := rowsOf(in.source); known >= 0 {
		return known <= most, nil
	}
	err := in.pull(env, n, most)
	return in.ended && in.rows.Load() <= most, err
}

// rowsOf gives the number of rows of a source where that takes no reading, -1 elsewhere.
func rowsOf(s Source) int64 {
	switch s := s.(type) {
	case *Table:
		if len(s.Conds) == 0 {
			return s.View.Rows()
		}
	case *Rows:
		return int64(s.Batch.N)
	case *Project:
		return rowsOf(s.Input)
	}
	return -1
}

// open opens the input, if it was not yet.
func (in *joinInput) open(env *Env, n int) error {
	if in.streams != nil {
		return nil
	}
	streams, err := in.source.Open(env, n)
	in.streams, in.read, in.done = streams, make([][]*vec.Batch, len(streams)), make([]bool, len(streams))
	return err
}

// pull reads the input by several workers until it has ended or more than most rows were read. They count against the budget.
func (in *joinInput) pull(env *Env, n int, most int64) error {
	if in.ended {
		return nil
	}
	if err := in.open(env, n); err != nil {
		return err
	}
	until := make([]Stream, len(in.streams))
	for i := range in.streams {
		until[i] = streamFunc(func() (*vec.Batch, error) {
			if in.rows.Load() > most {
				return nil, nil
			}
			return in.pulled(i)
		})
	}
	err := env.each(until, func(i int, b *vec.Batch) error {
		if in.rows.Add(int64(b.N)); len(b.Cols) == 0 {
			return nil
		}
		in.read[i] = append(in.read[i], b)
		return env.Memory.Reserve(heldBytes(b))
	})
	in.ended = !slices.Contains(in.done, false)
	return err
}

// pulled gives the next batch of stream i that was not read before.
func (in *joinInput) pulled(i int) (*vec.Batch, error) {
	if in.done[i] {
		return nil, nil
	}
	b, err := in.streams[i].Next()
	in.done[i] = b == nil
	return b, err
}

// heldBytes gives what holding a batch takes.
func heldBytes(b *vec.Batch) int64 {
	const headers = 256 // bytes of a batch or vector beside its values
	return Bytes(b) + headers*int64(1+len(b.Cols))
}

// inOrder gives what was read, in the order in which one worker would have read it.
func (in *joinInput) inOrder() []*vec.Batch {
	list := slices.Concat(in.read...)
	if len(in.read) > 1 {
		slices.SortStableFunc(list, func(a, b *vec.Batch) int { return cmp.Compare(a.Ord, b.Ord) })
	}
	in.read = nil
	return list
}

// next gives the next batch of stream i, those that were read before first.
func (in *joinInput) next(env *Env, i int) (*vec.Batch, error) {
	if i >= len(in.streams) {
		return nil, nil
	}
	if held := in.read[i]; len(held) > 0 {
		in.read[i] = held[1:]
		env.Memory.Release(heldBytes(held[0]))
		return held[0], nil
	}
	return in.pulled(i)
}
