package measure

import (
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

// Machine says where figures come from.
type Machine struct {
	OS         string  `json:"os"` // "linux/amd64"
	CPU        string  `json:"cpu,omitempty"`
	Processors int     `json:"processors"` // that the run may use
	Go         string  `json:"go"`
	Load       string  `json:"load,omitempty"` // the load averages when the run began: what else the machine did
	Bandwidth  float64 `json:"read_gb_per_s"`  // measured: 10^9 bytes a second read by plain sums on all processors
}

// ThisMachine describes the machine and measures its read bandwidth, which takes about a second.
func ThisMachine() Machine {
	m := Machine{OS: runtime.GOOS + "/" + runtime.GOARCH, Processors: runtime.GOMAXPROCS(0), Go: runtime.Version()}
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
				m.CPU = strings.TrimSpace(value)
				break
			}
		}
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		m.Load = strings.Join(strings.Fields(string(load))[:3], " ")
	}
	m.Bandwidth = bandwidth(m.Processors)
	return m
}

// bandwidth gives the best of some passes over memory that no cache holds, in 10^9 bytes a second.
func bandwidth(workers int) float64 {
	const words = 16 << 20 // 128 MiB for each worker
	parts := make([][]int64, workers)
	for i := range parts {
		parts[i] = make([]int64, words)
		for j := 0; j < words; j += 512 {
			parts[i][j] = int64(j) // a page that was never written is the page of zeros
		}
	}
	best := 0.0
	for range 8 {
		start := time.Now()
		var all sync.WaitGroup
		for i := range parts {
			all.Go(func() { parts[i][0] = sum(parts[i]) })
		}
		all.Wait()
		best = max(best, float64(workers*words*8)/float64(time.Since(start).Nanoseconds()))
	}
	return best
}

// sum adds in four chains: one would wait for its additions.
func sum(values []int64) int64 {
	var a, b, c, d int64
	for len(values) >= 4 {
		a, b, c, d = a+values[0], b+values[1], c+values[2], d+values[3]
		values = values[4:]
	}
	return a + b + c + d
}
