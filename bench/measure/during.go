package measure

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrEnough ends a worker of During that has no rows left.
var ErrEnough = errors.New("no more rows")

// During runs do over and over in a goroutine for each worker, and gives how often.
func During(ctx context.Context, d time.Duration, from, to int, do func(ctx context.Context, worker int) error) (int64, time.Duration, error) {
	counts, errs := make([]int64, to), make([]error, to)
	start := time.Now()
	var all sync.WaitGroup
	for worker := from; worker < to; worker++ {
		all.Go(func() {
			for time.Since(start) < d && errs[worker] == nil {
				if errs[worker] = do(ctx, worker); errs[worker] == nil {
					counts[worker]++
				}
			}
		})
	}
	all.Wait()
	took, n := time.Since(start), int64(0)
	for worker, err := range errs {
		if n += counts[worker]; err != nil && !errors.Is(err, ErrEnough) {
			return 0, 0, err
		}
	}
	return n, took, nil
}
