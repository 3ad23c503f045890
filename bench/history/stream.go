package history

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"runtime"
	"sync"
	"time"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/copyio"
)

// EachJobs makes all jobs in batches of the given size (MaxBatch when it is not positive), by as many goroutines as there are processors, and hands
// them to take in order. take runs in the caller's goroutine. It ends with the first error of take or of the context.
func (h *History) EachJobs(ctx context.Context, batchRows int, take func(*vec.Batch) error) error {
	if batchRows <= 0 || batchRows > MaxBatch {
		batchRows = MaxBatch
	}
	ctx, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel()
	workers := int64(runtime.GOMAXPROCS(0))
	made := make([]chan *vec.Batch, workers) // worker w makes the batches w, w+workers, …
	for w := range made {
		made[w] = make(chan *vec.Batch, 1)
		working.Go(func() {
			for from := int64(w) * int64(batchRows); ; from += workers * int64(batchRows) {
				b := h.Jobs(from, batchRows)
				select {
				case made[w] <- b:
				case <-ctx.Done():
					return
				}
				if b == nil {
					return
				}
			}
		})
	}
	for i := int64(0); ; i++ {
		select {
		case b := <-made[i%workers]:
			if b == nil {
				return nil
			}
			if err := take(b); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Hash gives the fingerprint of the jobs: the SHA-256, in hexadecimal, of what COPY system.jobs TO … (FORMAT csv) writes of them. Whoever has
// loaded a history can therefore check it with the tools at hand.
func (h *History) Hash(ctx context.Context) (string, error) {
	sum := sha256.New()
	w, err := copyio.NewWriter(sum, &copyio.Options{Format: copyio.CSV}, Columns(), time.UTC)
	if err != nil {
		return "", err
	}
	defer w.Abort()
	if err := h.EachJobs(ctx, 0, w.Write); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Columns gives the columns of system.jobs, for writers of files.
func Columns() []schemahistory.Column { return schemahistory.Contract()[0].Columns }
