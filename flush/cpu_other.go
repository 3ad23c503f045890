//go:build !unix && !windows

package flush

const (
	cpuKnown     = false
	cpuPerThread = false
)

func cpuTime() int64 { return 0 }
