package exec_test

import (
	"context"
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// How much memory a statement holds.
//
// What the collector calls live after a cycle is what was reachable when the cycle began and everything that was allocated while it went on. Beside a million
// rows a cycle takes 100 ms, in which a join that makes a gigabyte of garbage a second leaves 100 MiB that only look held: a bound from above, which is
// cheap (heapPeak). Where the bound says too much, the statement runs again within a context that makes whoever asks it wait while a full collection
// runs. Then nobody allocates, and what is live is what is held, no more and no less. Such a collection comes when memoryStep has been allocated since the last
// one: meanwhile the statement cannot have held more than it did then, and what it has allocated since.

// memoryStep is the allocation between two collections, in bytes.
const memoryStep = 8 << 20

// probe is the context of a statement whose memory is measured: asked for its end, it makes the statement wait while it measures.
type probe struct {
	context.Context // of which Value is used
	done            chan struct{}
	asked, last     atomic.Int64 // how often; what had been allocated at the last collection
	pausing         atomic.Bool
	mu              sync.Mutex
	resumed         *sync.Cond
	err             error
}

func newProbe() *probe {
	p := &probe{Context: context.Background(), done: make(chan struct{})}
	p.resumed = sync.NewCond(&p.mu)
	return p
}

// Done implements context.Context.
func (p *probe) Done() <-chan struct{} { return p.done }

// Err implements context.Context.
func (p *probe) Err() error {
	if p.asked.Add(1)%4 == 0 && p.due() {
		p.pausing.Store(true)
	}
	if !p.pausing.Load() {
		select {
		case <-p.done:
		default:
			return nil
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.pausing.Load() {
		p.resumed.Wait()
	}
	return p.err
}

// due tells whether it is time for a collection.
func (p *probe) due() bool { return heapMetric("/gc/heap/allocs:bytes")-p.last.Load() >= memoryStep }

// end makes the context end as one whose time is over.
func (p *probe) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = context.DeadlineExceeded
		close(p.done)
	}
}

// memoryUse is what a function held, in bytes: at a collection, and at most at any time, which is more by what it allocated until the next collection.
type memoryUse struct{ held, most int64 }

// memoryHeld runs a function within a context that ends when the function has had its time. What is allocated by a function that does not ask the context
// while a collection waits for that counts as held.
func memoryHeld(patience time.Duration, run func(context.Context) error) (use memoryUse, err error) {
	p, ended := newProbe(), make(chan error, 1)
	runtime.GC()
	base, now := heapMetric("/gc/heap/live:bytes"), int64(0)
	p.last.Store(heapMetric("/gc/heap/allocs:bytes"))
	since := func() int64 { return heapMetric("/gc/heap/allocs:bytes") - p.last.Load() }
	start, paused := time.Now(), time.Duration(0)
	go func() { ended <- run(p) }()
	tick := time.NewTicker(200 * time.Microsecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			use.most = max(use.most, now+since())
			return use, err
		case <-tick.C:
		}
		if p.pausing.Load() || p.due() {
			at := time.Now()
			p.pausing.Store(true)
			quiet()
			use.most = max(use.most, now+since())
			runtime.GC()
			now = heapMetric("/gc/heap/live:bytes") - base
			use.held = max(use.held, now)
			p.resume()
			paused += time.Since(at)
		}
		if time.Since(start)-paused > patience || time.Since(start) > 10*patience {
			p.end()
		}
	}
}

// resume lets the statement go on.
func (p *probe) resume() {
	p.last.Store(heapMetric("/gc/heap/allocs:bytes"))
	p.mu.Lock()
	p.pausing.Store(false)
	p.mu.Unlock()
	p.resumed.Broadcast()
}

// quiet waits until nothing is allocated, at most as long as a statement may go on without asking its context.
func quiet() {
	last, since := heapMetric("/gc/heap/allocs:bytes"), time.Now()
	for start := since; time.Since(since) < 3*time.Millisecond && time.Since(start) < 100*time.Millisecond; {
		time.Sleep(500 * time.Microsecond)
		if now := heapMetric("/gc/heap/allocs:bytes"); now-last > 16<<10 { // reading it allocates, too
			last, since = now, time.Now()
		}
	}
}

func heapMetric(name string) int64 {
	s := []metrics.Sample{{Name: name}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64())
}

// The measure is fooled neither by garbage nor by what is held for a short while, by one goroutine or two.
func TestMemoryHeld(t *testing.T) { // not parallel: it measures the memory of the process
	ballast := make([]*[64]byte, 200_000) // makes a collection take a while
	for i := range ballast {
		ballast[i] = new([64]byte)
	}
	var kept [2][][]byte
	work := func(ctx context.Context, w, pieces, keep int) {
		for i := 0; i < pieces && ctx.Err() == nil; i++ {
			piece := make([]byte, 32<<10)
			if len(kept[w]) < keep {
				kept[w] = append(kept[w], piece)
			} else if i%1024 == 1023 {
				kept[w] = nil
			}
		}
	}
	for _, c := range []struct{ pieces, keep, least, most int }{
		{16_000, 0, 0, 1 << 20}, // half a gigabyte of garbage
		{16_000, 1500, 46 << 20, 48 << 20},
		{1500, 1500, 46 << 20, 48 << 20}, // no garbage at all
		{4000, 640, 20 << 20, 21 << 20},  // dropped now and then
	} {
		use, err := memoryHeld(time.Minute, func(ctx context.Context) error {
			var wg sync.WaitGroup
			for w := range 2 {
				wg.Go(func() { work(ctx, w, c.pieces/2, c.keep/2) })
			}
			wg.Wait()
			kept = [2][][]byte{}
			return nil
		})
		require.NoError(t, err)
		require.GreaterOrEqual(t, use.held, int64(c.least-memoryStep), "%v", c)
		require.LessOrEqual(t, use.held, int64(c.most), "%v", c)
		require.GreaterOrEqual(t, use.most, int64(c.least), "%v", c)
		require.LessOrEqual(t, use.most, int64(c.most+memoryStep+4<<20), "%v", c)
	}
	_, err := memoryHeld(20*time.Millisecond, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	require.Equal(t, context.DeadlineExceeded, err)
	runtime.KeepAlive(ballast)
}
