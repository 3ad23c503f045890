package history

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"runtime"
	"sync"
	"time"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/copyio"
)

// EachJobs is [History.Each] of all jobs.
func (h *History) EachJobs(ctx context.Context, batchRows int, take func(*vec.Batch) error) error {
	return h.Each(ctx, 0, h.opts.Rows, batchRows, take)
}

// Each makes the jobs from the from-th to before the to-th in batches of the given size (MaxBatch when it is not positive), by as many goroutines as there are
// processors, and hands them to take in order. take runs in the caller's goroutine. It ends with the first error of take or of the context.
func (h *History) Each(ctx context.Context, from, to int64, batchRows int, take func(*vec.Batch) error) error {
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
			for at := from + int64(w)*int64(batchRows); ; at += workers * int64(batchRows) {
				b := h.Jobs(at, int(min(to-at, int64(batchRows))))
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
	sum, err := NewHasher()
	if err != nil {
		return "", err
	}
	if err := h.EachJobs(ctx, 0, sum.Write); err != nil {
		return "", err
	}
	return sum.Sum()
}

// Hasher makes the fingerprint of batches of jobs.
type Hasher struct {
	sum hash.Hash
	csv copyio.Writer
}

// NewHasher gives the fingerprint of no jobs.
func NewHasher() (*Hasher, error) {
	sum := sha256.New()
	csv, err := copyio.NewWriter(sum, &copyio.Options{Format: copyio.CSV}, Columns(), time.UTC)
	return &Hasher{sum, csv}, err
}

// Write adds a batch.
func (h *Hasher) Write(b *vec.Batch) error { return h.csv.Write(b) }

// Sum gives the fingerprint of all batches, as [History.Hash] does. It ends the use of h.
func (h *Hasher) Sum() (string, error) {
	if err := h.csv.Close(); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.sum.Sum(nil)), nil
}

// Columns gives the columns of system.jobs, for writers of files.
func Columns() []schemahistory.Column { return schemahistory.Contract()[0].Columns }
