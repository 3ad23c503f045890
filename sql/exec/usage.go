package exec

import (
	"runtime"
	"runtime/metrics"
)

// usage measures what a job of the engine's own costs that one goroutine carries out.
//
// cpu_used is the CPU time of the goroutine's thread, to which it is bound, in microseconds. memory_used is by how many bytes the objects of Go's heap
// have grown (runtime/metrics); what other goroutines allocate meanwhile is in it, and what the collector has taken back is not: then it is what the job
// knows that it held.
type usage struct {
	cpu    int64
	sample []metrics.Sample
	heap   uint64
	held   int64
}

// measure begins a measurement. End it on the same goroutine.
func measure() *usage {
	runtime.LockOSThread()
	u := &usage{cpu: threadTime(), sample: []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}}
	u.heap = u.look()
	return u
}

func (u *usage) look() uint64 {
	metrics.Read(u.sample)
	if u.sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return u.sample[0].Value.Uint64()
}

// read gives memory in bytes and CPU in microseconds so far; nil for what cannot be measured here.
func (u *usage) read() (memory, cpu *int64) {
	grown := u.held
	if now := u.look(); now > u.heap {
		grown = max(grown, int64(now-u.heap))
	}
	memory = &grown
	if threadTimeKnown {
		spent := threadTime() - u.cpu
		cpu = &spent
	}
	return memory, cpu
}

func (u *usage) end() { runtime.UnlockOSThread() }
