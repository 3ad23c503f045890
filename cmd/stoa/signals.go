package main

import (
	"context"
	"os"
	"syscall"
)

// interruptible gives a context that a signal cancels, so that the command can end in order, and what ends the waiting for one. A second signal ends the
// process at once: nothing that was acknowledged is lost by that, and what is left over is swept the next time.
func (s *streams) interruptible(ctx context.Context) (context.Context, func()) {
	ctx, _, stop := s.watch(ctx, false)
	return ctx, stop
}

// watch is interruptible; of a session, which may go on after an interrupt, interrupts are handed on instead, and only a request to terminate ends it.
// A signal that the watch before this one took as it ended, too late for the work that it watched, ends this one's.
func (s *streams) watch(ctx context.Context, session bool) (context.Context, <-chan os.Signal, func()) {
	if s.listen != nil {
		s.listen()
	}
	ctx, cancel := context.WithCancel(ctx)
	if s.ended.Load() != 0 {
		cancel()
	}
	interrupts, done, gone := make(chan os.Signal, 1), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		for {
			select {
			case sig := <-s.interrupts: // nil blocks for ever
				switch {
				case s.ended.Load() != 0:
					os.Exit(statusOf(sig))
				case session && sig == os.Interrupt:
					select {
					case interrupts <- sig:
					default: // one is waiting already
					}
				default:
					s.ended.Store(int32(statusOf(sig)))
					cancel()
				}
			case <-done:
				return
			}
		}
	}()
	return ctx, interrupts, func() {
		close(done)
		<-gone // whether it has taken a signal is known from here on
		cancel()
	}
}

// statusOf gives the exit status of what a signal has ended: 128 and its number, as in shells.
func statusOf(sig os.Signal) int {
	if n, ok := sig.(syscall.Signal); ok {
		return 128 + int(n)
	}
	return exitFailure
}
