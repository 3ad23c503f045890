package scan

import (
	"slices"
	"sync"
	"sync/atomic"
)

// sortRun is the number of rows that are sorted, or merged, between two looks at the context: some milliseconds.
const sortRun = 1 << 14

// sortRows sorts row numbers: runs of sortRun rows, which are then merged by pairs, all by up to env.Workers goroutines. compare gives 0 for no two of
// them, and may be called by several goroutines. The result is in the memory of rows, or of a slice of the same length.
func (env *Env) sortRows(rows []int32, compare func(x, y int32) int) ([]int32, error) {
	runs := (len(rows) + sortRun - 1) / sortRun
	err := env.tasks(runs, func(i int) error {
		slices.SortFunc(rows[i*sortRun:min((i+1)*sortRun, len(rows))], compare)
		return nil
	})
	if err != nil || runs < 2 {
		return rows, err
	}
	spare := make([]int32, len(rows))
	for width := sortRun; width < len(rows); width *= 2 {
		pairs := (len(rows) + 2*width - 1) / (2 * width)
		err := env.tasks(pairs, func(i int) error {
			lo, mid, hi := i*2*width, min(i*2*width+width, len(rows)), min((i+1)*2*width, len(rows))
			return env.merge(spare[lo:hi], rows[lo:mid], rows[mid:hi], compare)
		})
		if err != nil {
			return nil, err
		}
		rows, spare = spare, rows
	}
	return rows, nil
}

// merge merges two sorted runs.
func (env *Env) merge(out, a, b []int32, compare func(x, y int32) int) error {
	for n := range out {
		if n%sortRun == 0 {
			if err := env.cancelled(); err != nil {
				return err
			}
		}
		if len(b) == 0 || len(a) > 0 && compare(a[0], b[0]) < 0 {
			out[n], a = a[0], a[1:]
		} else {
			out[n], b = b[0], b[1:]
		}
	}
	return nil
}

// tasks does tasks 0 to n-1 by up to env.Workers goroutines, and gives the first error, after which no further task is begun.
func (env *Env) tasks(n int, do func(i int) error) error {
	var next atomic.Int64
	var failed atomic.Bool
	errs := make([]error, max(1, min(env.Workers, n)))
	work := func(w int) (err error) {
		defer recovered(&err)
		for !failed.Load() {
			i := int(next.Add(1) - 1)
			if i >= n {
				return nil
			}
			if err := env.cancelled(); err != nil {
				return err
			}
			if err := do(i); err != nil {
				return err
			}
		}
		return nil
	}
	var wg sync.WaitGroup
	for w := range errs {
		run := func() {
			if errs[w] = work(w); errs[w] != nil {
				failed.Store(true)
			}
		}
		if w == len(errs)-1 {
			run()
		} else {
			wg.Go(run)
		}
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
