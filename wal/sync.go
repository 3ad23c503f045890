package wal

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/stoadb/stoa/vfs"
)

// Sync waits until the record seq, and so every one before it, is as safe as Options.Durability says. Under Full one of those who wait
// makes the fsync for all of them. If ctx ends first its error is returned, and the record may or may not survive; who is making an fsync
// finishes it. After a failure every record that is not yet safe gets the same error, matching [ErrFailed] and the cause.
func (l *Log) Sync(ctx context.Context, seq uint64) error {
	return l.reach(ctx, seq, l.opts.Durability == Full)
}

// Flush waits until everything appended so far is on the disk, whatever the durability. It is to be called before a checkpoint that
// contains these records is made durable.
func (l *Log) Flush(ctx context.Context) error { return l.reach(ctx, l.Last(), true) }

// reach waits until seq is durable (hard) or written.
func (l *Log) reach(ctx context.Context, seq uint64, hard bool) error {
	for first := true; ; first = false {
		done, progress, err := l.reached(seq, hard, first)
		if done || err != nil {
			return err
		}
		select {
		case <-progress:
		case <-ctx.Done():
			return ctx.Err()
		case l.turn <- struct{}{}:
			err := l.lead(seq, hard)
			<-l.turn
			if err != nil {
				return err
			}
		}
	}
}

// reached says whether seq is safe, and if not, which channel will tell that something has changed. Who begins to wait says so.
func (l *Log) reached(seq uint64, hard, begins bool) (bool, <-chan struct{}, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case seq <= l.durable:
		return true, nil, nil
	case l.failed != nil:
		return false, nil, l.failed
	case !hard && seq <= l.written:
		return true, nil, nil
	case seq >= l.next:
		return false, nil, fmt.Errorf("wal: record %d was not appended", seq)
	}
	if begins && hard {
		l.waiting = append(l.waiting, seq)
	}
	return false, l.progress, nil
}

// lead writes, and if hard syncs, everything appended so far, for all who wait. The caller holds the turn.
func (l *Log) lead(seq uint64, hard bool) error {
	if done, _, err := l.reached(seq, hard, false); done || err != nil {
		return err // while we waited for our turn somebody did it for us
	}
	if hard {
		l.gather()
	}
	if err := l.writeQueue(); err != nil {
		return err
	}
	if !hard {
		l.advance(0)
		return nil
	}
	l.growAhead()
	return l.syncFile()
}

// syncFile makes what is written durable, seals it, and then tells those who wait. The caller holds the turn: of two fsyncs at once only one
// would be told of an error. The bytes and the size are enough: a segment's other metadata mean nothing.
func (l *Log) syncFile() error {
	l.mu.Lock()
	target, need := l.written, l.durable < l.written
	if need {
		l.stats.Syncs++
	}
	l.mu.Unlock()
	if !need {
		return nil
	}
	began := time.Now()
	if err := vfs.SyncData(l.file); err != nil {
		return l.fail(err)
	}
	l.group.note(time.Since(began))
	l.seal()
	l.advance(target)
	return nil
}

// advance notes what is durable and wakes those who wait.
func (l *Log) advance(durable uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if durable > l.durable {
		l.durable = durable
		l.committers = len(l.waiting)
		l.waiting = slices.DeleteFunc(l.waiting, func(seq uint64) bool { return seq <= durable })
	}
	close(l.progress)
	l.progress = make(chan struct{})
}

// fail makes the log refuse everything from now on, wakes those who wait, and returns the first failure.
func (l *Log) fail(cause error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failed == nil {
		l.failed = fmt.Errorf("%w: %w", ErrFailed, cause)
		l.queue, l.queued, l.spare, l.waiting = nil, 0, nil, nil
		close(l.progress)
		l.progress = make(chan struct{})
	}
	return l.failed
}

// syncEvery is the goroutine of Interval: it ends at Close, or with the log's failure, which the next call is told of.
func (l *Log) syncEvery(interval time.Duration) {
	defer close(l.stopped)
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-l.stop:
			return
		case <-tick.C:
		}
		select {
		case <-l.stop:
			return
		case l.turn <- struct{}{}:
		}
		err := l.writeQueue()
		if err == nil {
			err = l.syncFile()
		}
		<-l.turn
		if err != nil {
			return
		}
	}
}
