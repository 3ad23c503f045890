package wal

import (
	"runtime"
	"time"
)

// Writers that commit one record after the other would fall into two halves, of which one appends while the other is synced. If an fsync is
// slow it pays to wait a moment for those whom the last one served: then all share the next.

const (
	// slowSync is the duration of an fsync from which on waiting may pay. At most a quarter of it is waited, or maxWait, or maxTurns turns of
	// the scheduler, should time stand still.
	slowSync = 50 * time.Microsecond
	maxWait  = 200 * time.Microsecond
	maxTurns = 4096
	// maxShy is how many groups at most go by without waiting after it was in vain.
	maxShy = 1024
)

// group is what the log knows of its commits. It belongs to who has the turn.
type group struct {
	sync    time.Duration // how long an fsync takes, smoothed
	shy     int           // groups to go by without waiting
	backoff int           // how many the next time it is in vain
}

func (g *group) note(sync time.Duration) { g.sync += (sync - g.sync) / 8 }

// gather waits until as many writers wait for an fsync as when the last one ended. The caller holds the turn.
func (l *Log) gather() {
	g := &l.group
	if g.sync < slowSync {
		return
	}
	if g.shy > 0 {
		g.shy--
		return
	}
	began, limit := time.Now(), min(g.sync/4, maxWait)
	for turn := 0; ; turn++ {
		l.mu.Lock()
		all := l.failed != nil || len(l.waiting) >= l.committers
		l.mu.Unlock()
		switch {
		case all:
			if turn > 0 {
				g.backoff = 0
			}
			return
		case turn == maxTurns || time.Since(began) > limit:
			g.backoff = min(max(2*g.backoff, 1), maxShy)
			g.shy = g.backoff
			return
		}
		runtime.Gosched() // and not a timer: it would be a millisecond late
	}
}
