package flush

import "golang.org/x/sys/unix"

const (
	cpuKnown     = true
	cpuPerThread = true
)

// cpuTime gives the CPU time of the calling thread in microseconds. The kernel counts it in nanoseconds; getrusage(RUSAGE_THREAD) tells the same time
// divided into user and system by the ticks of a clock, and was seen to stand still for milliseconds.
func cpuTime() int64 {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil { // it cannot fail with these arguments
		return 0
	}
	return t.Nano() / 1000
}
