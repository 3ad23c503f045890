package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// idleHeap is the heap, in bytes, that may grow on a heap that is small: a query of a million flushed rows takes a few dozen mebibytes one after the other,
	// and Go would collect five times meanwhile to keep 15 MiB below 30.
	idleHeap = 64 << 20
	// usualPace is how much the heap may grow before it is collected, in percent of what is live: Go's own. fastest bounds it on the smallest heaps.
	usualPace, fastest = 100, 400
)

// setPace has the process collect less often while its heap is small. From idleHeap on it is as Go has it, so that what a large heap takes does not change; nothing is
// done where the user has chosen.
func setPace() {
	if _, chosen := os.LookupEnv("GOGC"); !chosen {
		watchHeap(usualPace)
	}
}

// watchHeap sets the pace after the next collection, of which a value that nobody needs tells, and so on.
func watchHeap(pace int) {
	type told struct{ _ *byte } // with a pointer, so that it does not share its memory with others
	runtime.AddCleanup(new(told), func(pace int) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		next := paceOf(live[0].Value.Uint64())
		if next != pace {
			debug.SetGCPercent(next)
		}
		watchHeap(next)
	}, pace)
}

// paceOf gives the pace for a heap, in steps of a hundred: each change stops the process for some microseconds.
func paceOf(live uint64) int {
	return int(min(max(idleHeap*100/(live+1)/100*100, usualPace), fastest))
}
