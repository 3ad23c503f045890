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
	idle    []*scratch // of goroutines that have ended
}

// encode has a row group encoded as soon as a worker has time.
func (w *workers) encode(g *rowGroup) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = append(w.waiting, g)
	if w.running == w.most {
		return
	}
	w.running++
	s := &scratch{}
	if n := len(w.idle); n > 0 {
		s, w.idle = w.idle[n-1], w.idle[:n-1]
	}
	go w.run(s)
}

func (w *workers) run(s *scratch) {
	for g := w.next(s); g != nil; g = w.next(s) {
		g.run(s, w.working)
	}
}

// next gives the row group to begin with, nil when there is none and the worker, whose scratch is left behind, is to end.
func (w *workers) next(s *scratch) *rowGroup {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.waiting) == 0 {
		w.running--
		w.idle = append(w.idle, s)
		return nil
	}
	g := w.waiting[0]
	w.waiting = w.waiting[1:]
	return g
}
