package badfiles

import (
	"runtime"
	"runtime/metrics"
	"time"
)

// Limit is what a file of size bytes may make a reader allocate.
func Limit(size int) uint64 { return 256<<20 + 10*uint64(size) }

// Watch runs f and gives the most bytes that the heap has held meanwhile beyond what it held before, as far as looks in intervals of half a millisecond tell.
// Nothing else should run.
func Watch(f func()) (peak uint64) {
	before := held()
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		top := uint64(0)
		for {
			top = max(top, held())
			select {
			case <-stop:
				most <- max(top, held())
				return
			case <-time.After(500 * time.Microsecond):
			}
		}
	}()
	f()
	close(stop)
	if top := <-most; top > before {
		peak = top - before
	}
	if peak > 64<<20 { // what is left shall not count for the next
		runtime.GC()
	}
	return peak
}

// held gives the bytes of objects on the heap, those included that are dead and not yet swept.
func held() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// Factor is how many times more mutations a test makes than in its quick form: the number that the variable STOA_TORTURE has, given as text.
func Factor(text string) int {
	n := 0
	for _, c := range text {
		if c < '0' || c > '9' || n > 1<<20 {
			return 1
		}
		n = 10*n + int(c-'0')
	}
	return max(n, 1)
}
