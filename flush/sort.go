package flush

import (
	"cmp"
	"container/heap"
	"context"
	"math"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// sorter orders rows by the definition's sort column, rows with equal values as they were inserted. NULLs come last, with infinity.
type sorter struct {
	cols []sortColumn // by segment; nil when the table has no sort column
}

type sortColumn struct {
	ints  []int64 // nil: all NULL
	valid vec.Bitmap
}

func newSorter(s *selection) *sorter {
	c := s.def.SortColumn
	if c < 0 || s.def.Columns[c].Type.Physical() != arrowschema.Ints {
		return &sorter{}
	}
	o := &sorter{cols: make([]sortColumn, len(s.segs))}
	for i := range s.segs {
		if v := s.segs[i].Column(c); !v.NullConst() {
			v = v.Flat()
			o.cols[i] = sortColumn{ints: v.Ints, valid: v.Valid}
		}
	}
	return o
}

// key gives what a row is ordered by.
func (o *sorter) key(r ref) int64 {
	c := &o.cols[r.segment()]
	if c.ints == nil || !c.valid.Get(r.offset()) {
		return math.MaxInt64
	}
	return c.ints[r.offset()]
}

// sortRun is the number of rows that are sorted at once; a group of more is merged from such runs, so that beside the refs themselves the sort needs
// little memory. Sorted pieces of history, the usual case, cost one comparison a row.
const sortRun = 1 << 16

// sort gives the rows in order; refs, which are in the order of insertion, may be overwritten.
func (o *sorter) sort(ctx context.Context, refs []ref) ([]ref, error) {
	if o.cols == nil || len(refs) < 2 {
		return refs, nil
	}
	var runs []sortedRun
	var pairs []pair
	for lo := 0; lo < len(refs); lo += sortRun {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		part := refs[lo:min(lo+sortRun, len(refs))]
		pairs = o.sortPart(part, pairs)
		first, last := o.key(part[0]), o.key(part[len(part)-1])
		if n := len(runs); n > 0 && runs[n-1].last <= first {
			runs[n-1].refs, runs[n-1].last = refs[lo-len(runs[n-1].refs):lo+len(part)], last
			continue
		}
		runs = append(runs, sortedRun{refs: part, key: first, last: last})
	}
	if len(runs) == 1 {
		return refs, nil
	}
	return o.merge(ctx, runs, len(refs))
}

// pair is a row with its key at hand.
type pair struct {
	key int64
	ref ref
}

// sortPart sorts some rows in place, with the help of a buffer that it gives back.
func (o *sorter) sortPart(refs []ref, pairs []pair) []pair {
	pairs = pairs[:0]
	sorted := true
	for i, r := range refs {
		pairs = append(pairs, pair{o.key(r), r})
		sorted = sorted && (i == 0 || pairs[i-1].key <= pairs[i].key)
	}
	if sorted {
		return pairs
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return cmp.Compare(a.ref, b.ref)
	})
	for i, p := range pairs {
		refs[i] = p.ref
	}
	return pairs
}

// sortedRun is rows in order.
type sortedRun struct {
	refs      []ref
	key, last int64 // of the first row and the last
}

// runHeap has the run with the smallest first row on top.
type runHeap []sortedRun

func (h runHeap) Len() int { return len(h) }
func (h runHeap) Less(i, j int) bool {
	if h[i].key != h[j].key {
		return h[i].key < h[j].key
	}
	return h[i].refs[0] < h[j].refs[0]
}
func (h runHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *runHeap) Push(x any)   { *h = append(*h, x.(sortedRun)) }
func (h *runHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

// merge merges runs into new memory.
func (o *sorter) merge(ctx context.Context, runs runHeap, n int) ([]ref, error) {
	out := make([]ref, 0, n)
	heap.Init(&runs)
	for len(runs) > 0 {
		if len(out)%sortRun == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		top := &runs[0]
		out = append(out, top.refs[0])
		if top.refs = top.refs[1:]; len(top.refs) == 0 {
			heap.Pop(&runs)
			continue
		}
		top.key = o.key(top.refs[0])
		heap.Fix(&runs, 0)
	}
	return out, nil
}
