package flush

import (
	"container/heap"
	"context"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
)

// mergeOrder says in which order the live rows of several files go into one: a list of runs, each so many rows of one file, which gives its rows in its own
// order. A run is 4 bytes, the file's place in the upper 10 bits and the number of rows in the lower 22: at the worst 4 bytes a row, and few in all where
// the files hardly overlap, as batches of a history do.
type mergeOrder []uint32

const (
	runBits    = 22
	maxRunRows = 1<<runBits - 1
)

func runOf(input, rows int) uint32 { return uint32(input)<<runBits | uint32(rows) }

func runAt(r uint32) (input, rows int) { return int(r >> runBits), int(r & maxRunRows) }

// add appends rows of a file, to the last run if that is the same file's.
func (o *mergeOrder) add(input, rows int) {
	if n := len(*o); n > 0 {
		if last, have := runAt((*o)[n-1]); last == input {
			more := min(rows, maxRunRows-have)
			(*o)[n-1] += uint32(more)
			rows -= more
		}
	}
	for rows > 0 {
		n := min(rows, maxRunRows)
		*o = append(*o, runOf(input, n))
		rows -= n
	}
}

// orderOf finds the order of a group's rows by the definition's sort column, NULLs last, equal ones by file. Where there is no such column, or a file is not
// in its order (the table got another one since), the files come one after the other. It holds 8 bytes a row while it works.
func orderOf(ctx context.Context, db *store.DB, def *schemahistory.TableDefinition, files []*store.FileRef) (mergeOrder, error) {
	inTurn := func() (out mergeOrder) {
		for i, f := range files {
			out.add(i, int(f.LiveRows()))
		}
		return out
	}
	c := def.SortColumn
	if len(files) == 1 || c < 0 || def.Columns[c].Type.Physical() != arrowschema.Ints {
		return inTurn(), nil
	}
	keys := make([][]int64, len(files))
	for i, f := range files {
		var err error
		if keys[i], err = sortKeys(ctx, db, def, f); err != nil {
			return nil, err
		}
		if !slices.IsSorted(keys[i]) {
			return inTurn(), nil
		}
	}
	return mergeKeys(keys), nil
}

// sortKeys reads the sort column of a file's live rows; NULL is infinity.
func sortKeys(ctx context.Context, db *store.DB, def *schemahistory.TableDefinition, f *store.FileRef) ([]int64, error) {
	r, err := openRows(ctx, db, f, def, []int{def.SortColumn})
	if err != nil {
		return nil, err
	}
	defer r.close()
	keys := make([]int64, 0, f.LiveRows())
	for {
		b, err := r.next()
		if err != nil || b == nil {
			return keys, err
		}
		v := b.Cols[0].Flat()
		for i, x := range v.Ints {
			if !v.Valid.Get(i) {
				x = math.MaxInt64
			}
			keys = append(keys, x)
		}
	}
}

// keyHeap has the list with the smallest first key on top, the earlier one of two equal ones.
type keyHeap struct {
	keys  [][]int64 // what is left of each list
	lists []int
}

func (h *keyHeap) Len() int { return len(h.lists) }
func (h *keyHeap) Less(i, j int) bool {
	a, b := h.lists[i], h.lists[j]
	if x, y := h.keys[a][0], h.keys[b][0]; x != y {
		return x < y
	}
	return a < b
}
func (h *keyHeap) Swap(i, j int) { h.lists[i], h.lists[j] = h.lists[j], h.lists[i] }
func (h *keyHeap) Push(x any)    { h.lists = append(h.lists, x.(int)) }
func (h *keyHeap) Pop() any {
	last := len(h.lists) - 1
	x := h.lists[last]
	h.lists = h.lists[:last]
	return x
}

// mergeKeys merges sorted lists.
func mergeKeys(keys [][]int64) (out mergeOrder) {
	h := &keyHeap{keys: keys}
	for i := range keys {
		if len(keys[i]) > 0 {
			h.lists = append(h.lists, i)
		}
	}
	heap.Init(h)
	for len(h.lists) > 1 {
		top := heap.Pop(h).(int)
		next := h.lists[0]
		limit := keys[next][0] // top's rows go before it up to here
		n := 0
		for n < len(keys[top]) && (keys[top][n] < limit || keys[top][n] == limit && top < next) {
			n++
		}
		out.add(top, n)
		if keys[top] = keys[top][n:]; len(keys[top]) > 0 {
			heap.Push(h, top)
		}
	}
	if len(h.lists) == 1 {
		out.add(h.lists[0], len(keys[h.lists[0]]))
	}
	return out
}

// deletesSince gives the places, in the merged file, of rows that have been deleted since the files were read: then is what they were, now what they are.
func (o mergeOrder) deletesSince(then, now []*store.FileRef) *roaring.Bitmap {
	died := make([][]uint32, len(then)) // by file: which of its live rows, counted from 0
	some := false
	for i := range then {
		died[i] = freshDeletes(then[i].Deletes, now[i].Deletes)
		some = some || len(died[i]) > 0
	}
	if !some {
		return nil
	}
	out := roaring.New()
	at, first := make([]uint32, len(then)), uint32(0)
	for _, run := range o {
		i, n := runAt(run)
		for len(died[i]) > 0 && died[i][0] < at[i]+uint32(n) {
			out.Add(first + died[i][0] - at[i])
			died[i] = died[i][1:]
		}
		at[i] += uint32(n)
		first += uint32(n)
	}
	return out
}

// freshDeletes gives the rows that are deleted now and were not then, as their numbers among those that lived then.
func freshDeletes(then, now *roaring.Bitmap) []uint32 {
	if now == nil || then == now {
		return nil
	}
	if then == nil {
		return now.ToArray()
	}
	fresh := roaring.AndNot(now, then).ToArray()
	for i, position := range fresh {
		fresh[i] = position - uint32(then.Rank(position)) // of those before it as many were dead
	}
	return fresh
}
