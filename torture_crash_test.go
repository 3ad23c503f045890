package stoa_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/maphash"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

var crashSeeds = flag.Int("torture.crashes", 1, "runs of TestTortureCrash, each with another seed")

var crashOps = flag.Int("torture.crashops", 500, "operations in each run of TestTortureCrash")

// crashDeep is for the long form, which crashes all recoveries.
var crashDeep = flag.Int("torture.deep", 40, "of so many calls that TestTortureCrash crashes the recovery of one is crashed too, at every call of its own")

// wreck is what a power cut left, and what it may hold.
type wreck struct {
	disk    *vfs.Mem
	dir     string
	call    int
	loss    vfs.Loss
	allowed []*modelState
	copies  []string // backups and restored databases that are being made: complete or not there
	deep    bool     // crash the recovery as well
}

// sweeper takes wrecks at every call of a life that changes the disk, and has them looked at meanwhile. Most calls leave a wreck that another one has left
// already: it is opened once.
type sweeper struct {
	mu      sync.Mutex
	calls   int
	allowed []*modelState
	copies  map[string]bool
	wrecks  chan wreck

	found    sync.Map // of the contents of a disk: the state that was found on it
	crashed  sync.Map // the contents of disks whose recovery was crashed
	seed     maphash.Seed
	opened   atomic.Int64
	deep     atomic.Int64
	every    int // of so many calls the recovery of one is crashed too
	failures []error
	options  func() *tortured
}

func (s *sweeper) allow(states ...*modelState) {
	if s != nil {
		s.mu.Lock()
		s.allowed = states
		s.mu.Unlock()
	}
}

// remember says that a copy is being made; forget, that it is.
func (s *sweeper) remember(name string) {
	if s != nil {
		s.mu.Lock()
		s.copies[name] = true
		s.mu.Unlock()
	}
}

func (s *sweeper) forget(name string) {
	if s != nil {
		s.mu.Lock()
		delete(s.copies, name)
		s.mu.Unlock()
	}
}

// take clones the disk in the three ways. What an operation was doing then is in doubt.
func (s *sweeper) take(mem *vfs.Mem, dir string) {
	s.mu.Lock()
	s.calls++
	w := wreck{dir: dir, call: s.calls, allowed: s.allowed, copies: slices.Sorted(maps.Keys(s.copies)), deep: s.calls%s.every == 0}
	s.mu.Unlock()
	for _, loss := range []vfs.Loss{vfs.LoseUnsynced, vfs.LoseNothing, vfs.LoseSome} {
		w.loss, w.disk = loss, mem.CrashClone(vfs.CrashOptions{Loss: loss, Rand: rand.New(rand.NewPCG(uint64(w.call), uint64(loss)))})
		s.wrecks <- w
	}
}

// work looks at wrecks until there are no more.
func (s *sweeper) work(ctx context.Context) {
	for w := range s.wrecks {
		if err := s.look(ctx, w); err != nil {
			s.mu.Lock()
			s.failures = append(s.failures, fmt.Errorf("call %d, %s: %w", w.call, w.loss, err))
			s.mu.Unlock()
		}
	}
}

// look opens what a crash left, unless the same has been opened before.
func (s *sweeper) look(ctx context.Context, w wreck) error {
	sum := s.sum(w)
	if w.deep {
		_, done := s.crashed.LoadOrStore(sum, true)
		w.deep = !done
	}
	if found, ok := s.found.Load(sum); ok && !w.deep {
		if !slices.Contains(w.allowed, found.(*modelState)) && !slices.ContainsFunc(w.allowed, func(a *modelState) bool { return same(a, found.(*modelState)) }) {
			return errors.New("a state that was allowed before and is not now")
		}
		return nil
	}
	s.opened.Add(1)
	l := s.options()
	l.mem, l.dir = w.disk, w.dir
	var again []*vfs.Mem
	if w.deep {
		l.inject = func(o vfs.Op) error {
			if o.Kind.Changes() {
				loss := vfs.Loss((w.call + len(again)) % 3)
				again = append(again, l.mem.CrashClone(vfs.CrashOptions{Loss: loss, Rand: rand.New(rand.NewPCG(uint64(w.call), uint64(len(again))))}))
			}
			return nil
		}
	}
	if err := l.open(ctx); err != nil {
		return fmt.Errorf("open: %w", err)
	}
	l.inject = nil
	if err := errors.Join(l.oneOf(ctx, w.allowed), l.idle(ctx), l.db.Close()); err != nil {
		return err
	}
	s.found.Store(sum, l.state)
	for _, name := range w.copies {
		if err := l.lookAtCopy(ctx, name); err != nil {
			return err
		}
	}
	for i, disk := range again {
		s.deep.Add(1)
		sum := diskSum{dir: w.dir, contents: disk.Fingerprint(s.seed)}
		if found, ok := s.found.Load(sum); ok && same(found.(*modelState), l.state) {
			continue // and it was as it should be
		}
		s.opened.Add(1)
		second := s.options()
		second.mem, second.dir, second.state = disk, w.dir, l.state
		if err := second.open(ctx); err != nil {
			return fmt.Errorf("open after a crash at call %d of the recovery: %w", i, err)
		}
		if err := errors.Join(matches(ctx, second.db, l.state), second.idle(ctx), second.db.Close()); err != nil {
			return fmt.Errorf("after a crash at call %d of the recovery: %w", i, err)
		}
		s.found.Store(sum, l.state)
	}
	return nil
}

// same compares two states; those of different times may be equal.
func same(a, b *modelState) bool {
	if a == b {
		return true
	}
	got := map[string][]string{}
	for name, t := range b.tables {
		got[name] = append(t.columnLines(name), t.unordered()...)
	}
	return differ(got, a) == nil
}

// lookAtCopy looks at a backup, or at what was restored of one: it is whole or not there.
func (l *tortured) lookAtCopy(ctx context.Context, name string) error {
	if there, err := store.Exists(l.mem, name); err != nil || !there {
		return err
	}
	copied, err := l.openAt(ctx, name, true)
	if err == nil {
		err = errors.Join(matches(ctx, copied, l.state), copied.Close())
	}
	if err != nil {
		return fmt.Errorf("the copy %s: %w", name, err)
	}
	return nil
}

// sum identifies the contents of a disk.
func (s *sweeper) sum(w wreck) diskSum {
	return diskSum{w.dir, strings.Join(w.copies, " "), w.disk.Fingerprint(s.seed)}
}

type diskSum struct {
	dir, copies string
	contents    uint64
}

// TestTortureCrash has the power fail before every call that changes the disk, in three ways, in a life with flushes, compactions, ALTERs, backups and
// restorations; and before every call of some of the recoveries. What comes back is what was acknowledged, with the statement that was running whole or not at
// all, and no file that nobody knows; and backups are whole or not there.
func TestTortureCrash(t *testing.T) {
	t.Parallel()
	operations := *crashOps
	if testing.Short() {
		operations = min(operations, 30)
	}
	began := time.Now()
	for n := range *crashSeeds {
		if *tortureFor > 0 && time.Since(began) > *tortureFor {
			t.Logf("%d of %d seeds in the time", n, *crashSeeds)
			break
		}
		seed := *tortureSeed + uint64(n)
		began := time.Now()
		s := sweepLife(t, seed, operations)
		t.Logf("seed %d: %d operations, %d calls, each with 3 kinds of loss: %d different disks opened, %d crashes of recoveries; %.1f s",
			seed, operations, s.calls, s.opened.Load(), s.deep.Load(), time.Since(began).Seconds())
		for i, err := range s.failures {
			if i < 3 {
				t.Errorf("seed %d: %v", seed, err)
			}
		}
	}
}

// sweepLife runs a life and looks at all of its wrecks.
func sweepLife(t *testing.T, seed uint64, n int) *sweeper {
	ctx := context.Background()
	newOne := func() *tortured {
		l := newLife(seed, true)
		l.sopts.CheckpointBytes, l.sopts.LogSegmentBytes = 20000, 20000
		return l
	}
	s := &sweeper{copies: map[string]bool{}, wrecks: make(chan wreck, 8), seed: maphash.MakeSeed(), every: *crashDeep, options: newOne}
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() { s.work(ctx) })
	}
	l := newOne()
	require.NoError(t, l.begin(ctx))
	l.sweep = s
	s.allow(l.state)
	for i, o := range randomOps(seed, n, 0) {
		if err := l.run(ctx, o); err != nil {
			t.Errorf("seed %d, operation %d: %v", seed, i, err)
			break
		}
	}
	require.NoError(t, l.db.Close())
	s.take(l.mem, l.dir)
	close(s.wrecks)
	workers.Wait()
	require.Equal(t, stoa.Full, l.sopts.Durability)
	return s
}
