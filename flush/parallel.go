package flush

import (
	"context"
	"sync"
)

// inParallel does something with each item, by up to n workers whose time the meter counts, and gives the first error, on which the others stop. An error
// is made of a panic.
func inParallel[T any](ctx context.Context, m *meter, n int, items []T, do func(ctx context.Context, item T) error) error {
	if len(items) < 2 { // no goroutine for the usual case
		for _, item := range items {
			if err := do(ctx, item); err != nil {
				return err
			}
		}
		return nil
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue := make(chan T, len(items))
	for _, item := range items {
		queue <- item
	}
	close(queue)
	guarded := func(item T) (err error) {
		defer recovered(&err)
		return do(ctx, item)
	}
	var workers sync.WaitGroup
	for range min(n, len(items)) {
		workers.Go(func() {
			defer m.work()()
			for item := range queue {
				if ctx.Err() != nil {
					return
				}
				if err := guarded(item); err != nil {
					stop(err)
					return
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}
