package parquetio

import "sync"

// workers encode row groups, beginning with them in their order, so that none waits for the ruling of one that nobody has begun with. A goroutine ends when
// there is none to begin with.
type workers struct {
	most    int
	working func() (end func())

	mu      sync.Mutex
	running int
	waiting []*rowGroup
}

// encode has a row group encoded as soon as a worker has time.
func (w *workers) encode(g *rowGroup) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = append(w.waiting, g)
	if w.running < w.most {
		w.running++
		go w.run()
	}
}

func (w *workers) run() {
	for g := w.next(); g != nil; g = w.next() {
		g.run(w.working)
	}
}

// next gives the row group to begin with, nil when there is none and the worker is to end.
func (w *workers) next() *rowGroup {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.waiting) == 0 {
		w.running--
		return nil
	}
	g := w.waiting[0]
	w.waiting = w.waiting[1:]
	return g
}
