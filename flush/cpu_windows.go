package flush

import "syscall"

const (
	cpuKnown     = true
	cpuPerThread = false
)

// cpuTime gives the CPU time of the process in microseconds; Filetime counts 100 nanoseconds.
func cpuTime() int64 {
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		return 0
	}
	var created, ended, kernel, user syscall.Filetime
	if syscall.GetProcessTimes(self, &created, &ended, &kernel, &user) != nil {
		return 0
	}
	ticks := func(t syscall.Filetime) int64 { return int64(t.HighDateTime)<<32 | int64(t.LowDateTime) }
	return (ticks(kernel) + ticks(user)) / 10
}
