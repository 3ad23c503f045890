package flush

import (
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
)

// meter measures what a flush of one table costs.
//
// cpu_used is the CPU time, user and system, of the threads that worked on the flush, in microseconds: each of its goroutines is bound to a thread and
// asks the kernel for the thread's time at both ends (Linux: CLOCK_THREAD_CPUTIME_ID). The background work of Go's garbage collector is in no job's
// account. On other systems the time of the whole process is taken (getrusage(RUSAGE_SELF), GetProcessTimes): what other goroutines did meanwhile is
// in it, so that it is an upper bound. Where not even that can be had, cpu_used is NULL.
//
// memory_used is the largest rise of the Go heap's objects (runtime/metrics, /memory/classes/heap/objects:bytes) above the lowest point before it, in
// bytes, sampled every few milliseconds and at every batch: the rows' columns are hot already and do not count, what the flush allocates does, until
// the collector has taken it back. What other goroutines allocate at the same time cannot be told apart and is in it. A collection between two
// samples can hide all of a small flush: then it is what the flush knows that it held, the order of its rows and its buffers.
type meter struct {
	cpu   atomic.Int64 // microseconds, of the goroutines that have ended
	began int64        // cpuTime at the beginning: the process's, where it is that

	mu        sync.Mutex
	sample    []metrics.Sample
	low, rise uint64 // of the heap, in bytes
	stop      chan struct{}
	done      sync.WaitGroup
}

const (
	heapObjects    = "/memory/classes/heap/objects:bytes"
	sampleInterval = 5 * time.Millisecond // a batch is written in about a tenth of that; a sample takes some microseconds
)

func newMeter() *meter {
	m := &meter{sample: []metrics.Sample{{Name: heapObjects}}, low: ^uint64(0), began: cpuTime(), stop: make(chan struct{})}
	m.look()
	m.done.Go(func() {
		tick := time.NewTicker(sampleInterval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				m.look()
			case <-m.stop:
				return
			}
		}
	})
	return m
}

// look samples the heap.
func (m *meter) look() {
	m.mu.Lock()
	defer m.mu.Unlock()
	metrics.Read(m.sample)
	if m.sample[0].Value.Kind() != metrics.KindUint64 {
		return
	}
	now := m.sample[0].Value.Uint64()
	m.low = min(m.low, now)
	m.rise = max(m.rise, now-m.low)
}

// held says that the flush holds so many bytes at once.
func (m *meter) held(bytes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rise = max(m.rise, uint64(bytes))
}

// work binds the calling goroutine to a thread and counts the thread's time until the function that it gives is called.
func (m *meter) work() (end func()) {
	runtime.LockOSThread()
	before := cpuTime()
	return func() {
		m.cpu.Add(cpuTime() - before)
		m.look()
		runtime.UnlockOSThread()
	}
}

// close ends the sampling.
func (m *meter) close() {
	close(m.stop)
	m.done.Wait()
}

// read gives memory in bytes and CPU in microseconds so far, nil for what is not known. The goroutine that asks is the one that made the meter, bound to
// its thread since, and not counted by work; earlier is what it used before.
func (m *meter) read(earlier int64) (memory, cpu *int64) {
	m.look()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.low != ^uint64(0) {
		rise := int64(m.rise)
		memory = &rise
	}
	if cpuKnown {
		total := cpuTime() - m.began + earlier
		if cpuPerThread {
			total += m.cpu.Load()
		}
		cpu = &total
	}
	return memory, cpu
}
