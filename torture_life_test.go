package stoa_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stoadb/stoa"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// lifeStorages are the storages that operations choose from. The last one is outside the database's directory.
var lifeStorages = []struct{ name, base, template string }{
	{"primary", "", ""},
	{"users", "users", "{storageLocation}/{namespace}/{userId}/{tableName}/"},
	{"shards", "cold/shards", "{storageLocation}/{shard}/{namespace}/{tableName}/"},
	{"outside", "/elsewhere", "{storageLocation}/{namespace}/{tableName}/"},
}

// tortured is a database that operations are run on, with what it must hold.
type tortured struct {
	seed   uint64
	opts   stoa.Options
	sopts  store.Options
	mem    *vfs.Mem
	dir    string
	db     *stoa.DB
	state  *modelState
	past   []*modelState // what else a power cut may bring back, when not every statement waits for the disk
	now    atomic.Int64  // since goldenNow
	copies int
	inject vfs.Injector // is asked before crashes are taken; nil: nobody

	mu     sync.Mutex
	arm    int // calls until the power fails; 0: it does not
	loss   vfs.Loss
	clones *rand.Rand
	clone  *vfs.Mem
	sweep  *sweeper // takes what a power cut leaves at every call; nil: nobody does
	sites  *vfs.Sites
	made   map[string]*modelState // copies that were begun and are not removed, when it is not nil
}

// fs gives the file system as the database sees it.
func (l *tortured) fs() vfs.FS {
	if l.sites != nil {
		return vfs.WithFaults(l.mem, l.sites.Watch(l.watch))
	}
	return vfs.WithFaults(l.mem, l.watch)
}

// newLife draws the options of a seed. The database is not open yet.
func newLife(seed uint64, full bool) *tortured {
	r := rand.New(rand.NewPCG(seed, 2))
	l := &tortured{seed: seed, mem: vfs.NewMem(), dir: "/db", state: systemModel(), clones: rand.New(rand.NewPCG(seed, 3))}
	l.opts = stoa.Options{Workers: 1 + r.IntN(3), BatchRows: pickOf(r, 0, 1, 3, 64), Node: "torture"}
	l.sopts = store.Options{
		SegmentRows: pickOf(r, 0, 1, 3, 16, 64), CheckpointBytes: int64(pickOf(r, -1, 0, 1, 3000, 20000)), LogSegmentBytes: int64(pickOf(r, 0, 1000, 20000)),
		KeyCacheBytes: int64(pickOf(r, 0, 1)), OpenFiles: pickOf(r, 0, 1, 3),
		Durability: []stoa.Durability{stoa.Full, stoa.Full, stoa.Full, stoa.Interval, stoa.Off}[r.IntN(5)], Interval: time.Hour,
		Now: func() time.Time { return goldenNow.Add(time.Duration(l.now.Load())) },
	}
	if r.IntN(2) == 0 {
		l.sopts.Interval = time.Millisecond
	}
	if full {
		l.sopts.Durability = stoa.Full
	}
	return l
}

func pickOf[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// watch is the injector of the life's file system. When the power is to fail it takes what is left of the disk then, and the database runs on unknowing.
func (l *tortured) watch(o vfs.Op) error {
	if l.inject != nil {
		if err := l.inject(o); err != nil {
			return err
		}
	}
	if !o.Kind.Changes() {
		return nil
	}
	l.mu.Lock() // a checkpoint may be made in the background
	defer l.mu.Unlock()
	if l.sweep != nil {
		l.sweep.take(l.mem, l.dir)
	}
	if l.arm > 0 {
		if l.arm--; l.arm == 0 {
			l.clone = l.mem.CrashClone(vfs.CrashOptions{Loss: l.loss, Rand: l.clones})
		}
	}
	return nil
}

func (l *tortured) openAt(ctx context.Context, dir string, readOnly bool) (*stoa.DB, error) {
	o, so := l.opts, l.sopts
	so.FS, so.ReadOnly, o.ReadOnly = l.fs(), readOnly, readOnly
	return stoa.OpenStore(ctx, dir, &o, &so)
}

func (l *tortured) open(ctx context.Context) (err error) {
	l.db, err = l.openAt(ctx, l.dir, false)
	return err
}

// begin makes the database, with its storages.
func (l *tortured) begin(ctx context.Context) error {
	if err := l.open(ctx); err != nil {
		return err
	}
	for _, s := range lifeStorages[1:] {
		if _, err := l.db.Storages().Add(ctx, s.name, s.base, s.template); err != nil {
			return err
		}
	}
	return l.reopen(ctx) // now they are on the disk whatever the durability is
}

// carryOut does what the step says.
func (st step) carryOut(ctx context.Context, l *tortured) (err error) {
	if st.do != nil {
		return st.do(ctx, l)
	}
	_, err = ask(ctx, l.db.Session(), st.sql)
	return err
}

// run carries an operation out, and holds it against the model. The power may fail in it.
func (l *tortured) run(ctx context.Context, o op) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	l.now.Store(max(int64(o.at), l.now.Load()))
	st := o.step(l.state)
	before, after, past := l.state, l.state, l.past
	if st.next != nil {
		after = st.next
	}
	l.mu.Lock()
	l.arm, l.loss, l.clone = o.crash, o.loss, nil
	l.mu.Unlock()
	l.sweep.allow(before, after)
	if *tortureTrace {
		fmt.Printf("%v\t%s -> %s\n", o, st.sql, st.code)
	}
	err = st.carryOut(ctx, l)
	if codeOf(err) != st.code {
		return fmt.Errorf("%s: error %v, want %q", st.sql, err, st.code)
	}
	if l.state == before { // or a copy was restored
		l.state = after
	}
	l.sweep.allow(l.state)
	if l.sopts.Durability != stoa.Full {
		l.past = append(l.past, l.state)
	}
	if o.crash > 0 {
		return l.crash(ctx, o, append(slices.Clone(past), l.past...), before)
	}
	switch {
	case o.moves():
		return matches(ctx, l.db, l.state)
	case o.alters() && st.next != nil:
		return l.tableMatches(ctx, st.table)
	}
	return l.look(ctx, st.table, uint64(o.d))
}

// crash goes on with what a power cut left, which must be one of the states that it may leave.
func (l *tortured) crash(ctx context.Context, o op, past []*modelState, before *modelState) error {
	l.mu.Lock()
	disk := l.clone
	l.arm = 0
	candidates := []*modelState{l.state}
	if disk != nil {
		candidates = append(candidates, before)
	} else {
		disk = l.mem.CrashClone(vfs.CrashOptions{Loss: o.loss, Rand: l.clones})
	}
	l.mu.Unlock()
	if o.loss != vfs.LoseNothing && l.sopts.Durability != stoa.Full {
		candidates = append(candidates, past...)
	}
	if err := l.db.Close(); err != nil {
		return fmt.Errorf("close before the crash: %w", err)
	}
	l.mem = disk
	if err := l.tidy(); err != nil {
		return err
	}
	return l.recover(ctx, o, candidates)
}

// recover opens what a power cut left. The power may fail again while it recovers, and the second opening finds what the first one has shown.
func (l *tortured) recover(ctx context.Context, o op, candidates []*modelState) error {
	l.mu.Lock()
	l.arm, l.loss, l.clone = 1+o.a%40, vfs.Loss(o.b%3), nil
	l.mu.Unlock()
	if err := l.open(ctx); err != nil {
		return fmt.Errorf("open after a crash (%s): %w", o.loss, err)
	}
	l.mu.Lock()
	again := l.clone
	l.arm = 0
	l.mu.Unlock()
	if err := l.oneOf(ctx, candidates); err != nil {
		return fmt.Errorf("after a crash (%s): %w", o.loss, err)
	}
	l.past = []*modelState{l.state}
	if again == nil || o.d%2 == 0 {
		return errors.Join(l.idle(ctx), l.settle(ctx))
	}
	if err := l.db.Close(); err != nil {
		return err
	}
	l.mem = again
	if err := l.open(ctx); err != nil {
		return fmt.Errorf("open after a crash of the recovery: %w", err)
	}
	if err := matches(ctx, l.db, l.state); err != nil {
		return fmt.Errorf("after a crash of the recovery: %w", err)
	}
	return errors.Join(l.idle(ctx), l.settle(ctx))
}
