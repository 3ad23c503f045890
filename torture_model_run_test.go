package stoa_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	tortureRuns = flag.Int("torture.n", 200, "random lives of TestTortureModel")
	tortureOps  = flag.Int("torture.ops", 60, "operations in each of them")
	tortureSeed = flag.Uint64("torture.seed", 1, "seed of the first life; the others count from it")
	tortureFor  = flag.Duration("torture.for", 0, "after so long TestTortureModel and TestTortureCrash begin no more lives; 0: never")
	// tortureTrace is for looking into one life.
	tortureTrace = flag.Bool("torture.trace", false, "print every operation")
)

// runLife runs operations on a new database, and gives what went wrong and in which of them.
func runLife(seed uint64, ops []op) (at int, err error) {
	ctx := context.Background()
	l := newLife(seed, false)
	defer func() {
		if l.db != nil {
			err = errors.Join(err, l.db.Close())
		}
	}()
	if err := l.begin(ctx); err != nil {
		return -1, err
	}
	for i, o := range ops {
		if err := l.run(ctx, o); err != nil {
			return i, err
		}
	}
	return len(ops), errors.Join(l.reopen(ctx))
}

// shrink finds a short list of operations that still fails: it leaves out halves, quarters and so on down to single ones, and crashes, as long as that helps
// and the time is not over.
func shrink(seed uint64, ops []op, limit time.Duration) ([]op, error) {
	deadline := time.Now().Add(limit)
	at, last := runLife(seed, ops)
	if last == nil {
		return ops, nil // it depends on the order of goroutines
	}
	ops = slices.Clone(ops[:min(at+1, len(ops))])
	try := func(shorter []op) bool {
		if time.Now().After(deadline) {
			return false
		}
		_, err := runLife(seed, shorter)
		if err == nil {
			return false
		}
		ops, last = shorter, err
		return true
	}
	for size := max(1, len(ops)/2); ; size = max(1, size/2) {
		changed := false
		for from := 0; from < len(ops); {
			if try(slices.Delete(slices.Clone(ops), from, min(from+size, len(ops)))) {
				changed = true
			} else {
				from += size
			}
		}
		if size == 1 && !changed || time.Now().After(deadline) {
			break
		}
	}
	for i := range ops {
		if calm := slices.Clone(ops); calm[i].crash > 0 {
			calm[i].crash = 0
			try(calm)
		}
	}
	return ops, last
}

// TestTortureModel runs random operations on databases with random options, and compares them with the model throughout: statements, typed writers and
// batches; flushes, compactions, ALTERs, backups and restorations; openings, and power cuts in the middle of anything, recovery too.
// A failure shrinks to a few operations; -torture.seed and -torture.n=1 replay it.
func TestTortureModel(t *testing.T) {
	t.Parallel()
	runs := int64(*tortureRuns)
	if testing.Short() {
		runs = (runs + 9) / 10
	}
	var work sync.WaitGroup
	var next, done, failures atomic.Int64
	began := time.Now()
	more := func() bool { return failures.Load() < 3 && (*tortureFor <= 0 || time.Since(began) < *tortureFor) }
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for n := next.Add(1) - 1; n < runs && more(); n = next.Add(1) - 1 {
				seed := *tortureSeed + uint64(n)
				ops := randomOps(seed, *tortureOps, 8)
				if _, err := runLife(seed, ops); err != nil {
					failures.Add(1)
					reportLife(t, seed, ops, err)
				}
				if n := done.Add(1); time.Since(began) > time.Minute && n%100 == 0 {
					t.Logf("%d lives in %s", n, time.Since(began).Round(time.Second))
				}
			}
		})
	}
	work.Wait()
	t.Logf("seeds %d to %d: %d lives of %d operations, %d failed", *tortureSeed, *tortureSeed+uint64(max(done.Load(), 1))-1, done.Load(), *tortureOps,
		failures.Load())
}

func reportLife(t *testing.T, seed uint64, ops []op, first error) {
	short, err := shrink(seed, ops, time.Minute)
	if err == nil {
		err = fmt.Errorf("not again; the first time: %w", first)
	}
	var lines []string
	for _, o := range short {
		lines = append(lines, "\t"+o.String())
	}
	t.Errorf("seed %d (-torture.seed=%d -torture.n=1 -torture.ops=%d): %v\n%d operations are enough:\n%s", seed, seed, len(ops), err, len(short),
		strings.Join(lines, "\n"))
}

// TestTortureShrink has the shrinker find the two operations that matter.
func TestTortureShrink(t *testing.T) {
	t.Parallel()
	ops := randomOps(4, 30, 0)
	ops = slices.DeleteFunc(ops, func(o op) bool { return o.kind == "create" || o.kind == "bad" })
	ops = slices.Insert(ops, 7, op{kind: "create", a: 1, at: time.Second})
	ops = append(ops, op{kind: "bad", a: 1, at: time.Hour})
	short, err := shrink(4, ops, time.Minute)
	require.Error(t, err)
	require.Equal(t, "bad", short[len(short)-1].kind)
	require.LessOrEqual(t, len(short), 2)
}
