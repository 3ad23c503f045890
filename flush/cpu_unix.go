//go:build unix && !linux

package flush

import "syscall"

const (
	cpuKnown     = true
	cpuPerThread = false
)

// cpuTime gives the CPU time of the process in microseconds: getrusage knows no single thread here.
func cpuTime() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil { // it cannot fail with these arguments
		return 0
	}
	return (u.Utime.Nano() + u.Stime.Nano()) / 1000
}
