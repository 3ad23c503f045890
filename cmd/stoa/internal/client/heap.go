package client

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// heap keeps the process near the memory that its statements may hold. The engine counts what is held; what is not needed any more Go collects only when
// the heap has doubled, unless it is told of a limit. That costs time, so that it is done where somebody has said SET memory_limit.
type heap struct {
	budget   int64 // of the last statement; 0 is none
	original int64 // the limit of the process before
}

// within makes the limit fit a statement with a budget, 0 for none.
func (h *heap) within(budget int64) {
	switch {
	case budget <= 0 && h.budget <= 0:
		return
	case budget <= 0:
		h.budget = 0
		debug.SetMemoryLimit(h.original)
		return
	case h.budget <= 0:
		h.original = debug.SetMemoryLimit(-1)
	}
	if budget != h.budget {
		runtime.GC() // so that it is known what the database itself takes
	}
	h.budget = budget
	debug.SetMemoryLimit(min(h.original, inUse()+budget+budget/20))
}

// inUse gives the memory that the process needed at its last collection, in bytes.
func inUse() int64 {
	samples := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"},
		{Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
	}
	metrics.Read(samples)
	var n [6]int64
	for i, s := range samples {
		n[i] = int64(min(s.Value.Uint64(), math.MaxInt64/8))
	}
	return n[0] + n[1] - n[2] - n[3] - n[4] - n[5]
}
