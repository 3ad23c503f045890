package stoa_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/vfs/callsites"
)

var (
	faultEpisodes = flag.Int("torture.episodes", 5, "episodes of TestTortureFaults; when negative, so many with every fault at every call")
	faultOnly     = flag.String("torture.fault", "", "the one run of TestTortureFaults to make, as it is named when it fails")
)

// fault is a way in which calls fail.
type fault struct {
	name    string
	err     error
	forGood bool
}

// onceFaults come once, and stay the cause of nothing else; lastingFaults stay.
var (
	onceFaults = []fault{
		{"EIO", syscall.EIO, false}, {"short", &vfs.Fault{Bytes: 7}, false}, {"ENOSPC in the middle", &vfs.Fault{Err: syscall.ENOSPC, Bytes: 13}, false},
		{"EMFILE", syscall.EMFILE, false}, {"lost answer", &vfs.Fault{Err: syscall.EIO, Done: true}, false},
	}
	lastingFaults = []fault{{"EIO for good", syscall.EIO, true}, {"ENOSPC for good", syscall.ENOSPC, true}}
)

// episode is a part of a life: a disk, what is on it, and what is done then.
type episode struct {
	disk   *vfs.Mem
	dir    string
	state  *modelState
	copies int
	ops    []op
	calls  int
	number int
}

// episodesOf lives a life, cut into episodes of per operations, each of which opens the database and closes it.
func episodesOf(t *testing.T, seed uint64, n, per int) (out []*episode) {
	ctx := context.Background()
	l := newFaulty(seed)
	l.made = map[string]*modelState{}
	require.NoError(t, l.begin(ctx))
	ops := faultOps(seed, n*per)
	for i := range n {
		disk := l.mem.CrashClone(vfs.CrashOptions{Loss: vfs.LoseSome, Rand: rand.New(rand.NewPCG(seed, uint64(i)))})
		require.NoError(t, l.db.Close())
		if i%2 == 0 { // a clean end; otherwise a recovery has work to do
			disk = l.mem.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
		}
		e := &episode{disk: disk, dir: l.dir, state: l.state, copies: l.copies, ops: ops[i*per : (i+1)*per], number: i}
		counter := &vfs.Counter{}
		l.inject = counter.Inject
		require.NoError(t, l.open(ctx))
		for _, o := range e.ops {
			require.NoError(t, l.run(ctx, o))
		}
		require.NoError(t, l.db.Close())
		e.calls = int(counter.Count())
		l.inject = nil
		require.NoError(t, l.open(ctx))
		out = append(out, e)
	}
	require.NoError(t, l.db.Close())
	return out
}

// faultKinds are the operations of the first episodes, which all work on few tables, so that everything that a file system is used for comes soon.
var faultKinds = []string{
	"create", "insert", "copy", "append", "flush", "insert", "update", "flush", "compact", "backup", "add", "upsert", "flush", "reopen", "delete",
	"retype", "insert", "storage", "flush", "backup", "job", "jobstep", "live", "flush", "compact", "rename", "dropcolumn", "insert", "reader", "reopen",
}

// faultOps gives random operations, of which the first have kinds of use here.
func faultOps(seed uint64, n int) []op {
	ops := randomOps(seed, n, 0)
	for i := range min(n, len(faultKinds)) {
		ops[i].kind, ops[i].a = faultKinds[i], 6*(i/15) // for backups: restore, too
	}
	return ops
}

func newFaulty(seed uint64) *tortured {
	l := newLife(seed, true)
	l.sopts.CheckpointBytes, l.sopts.LogSegmentBytes = 3000, 5000
	l.sopts.OpenFiles = 1
	return l
}

// fail runs the episode while one call fails, or all from it on, and checks what is left.
func (e *episode) fail(seed uint64, n int, f fault, sites *vfs.Sites) (err error) {
	ctx := context.Background()
	l := newFaulty(seed)
	l.mem, l.dir, l.state, l.copies, l.sites = e.disk.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing}), e.dir, e.state, e.copies, sites
	l.made = map[string]*modelState{}
	l.inject = vfs.FailNth(uint64(n), f.forGood, f.err, nil)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	candidates := []*modelState{l.state}
	if l.open(ctx) == nil {
		for _, o := range e.ops {
			if len(candidates) > 1 && (o.kind == "reopen" || o.kind == "reader") {
				break // it would show which of them it is
			}
			before := l.state
			doubt, err := l.runFailing(ctx, o)
			if err != nil {
				return err
			}
			if l.db == nil {
				break
			}
			if doubt != nil {
				candidates = append(candidates, doubt)
			} else if l.state != before {
				candidates = []*modelState{l.state}
			}
		}
		if l.db != nil {
			_ = l.db.Close()
		}
	}
	disks := []*vfs.Mem{l.mem.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing}),
		l.mem.CrashClone(vfs.CrashOptions{Loss: vfs.Loss(2 * (n % 2)), Rand: rand.New(rand.NewPCG(seed, uint64(n)))})}
	for i, disk := range disks {
		if i > 0 && n%3 > 0 && !f.forGood {
			break
		}
		again := newFaulty(seed)
		again.mem, again.dir = disk, l.dir
		if err := again.open(ctx); err != nil {
			return fmt.Errorf("open afterwards, disk %d: %w", i, err)
		}
		if err := errors.Join(again.oneOf(ctx, candidates), again.idle(ctx), again.db.Close()); err != nil {
			return fmt.Errorf("afterwards, disk %d: %w", i, err)
		}
		for name, state := range l.made {
			if again.state = state; name != l.dir {
				if err := again.lookAtCopy(ctx, name); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// runFailing runs an operation that may fail for want of a disk, and gives the state that may come of it if it has. What the database then shows is the state
// before, or an error: never anything else.
func (l *tortured) runFailing(ctx context.Context, o op) (doubt *modelState, err error) {
	l.now.Store(max(int64(o.at), l.now.Load()))
	st := o.step(l.state)
	before := l.state
	err = st.carryOut(ctx, l)
	if *tortureTrace {
		fmt.Printf("%v\t%s -> %v, want %q\n", o, st.sql, err, st.code)
	}
	switch {
	case errors.Is(err, errDiffers):
		return nil, err
	case codeOf(err) == st.code:
		if st.next != nil && l.state == before {
			l.state = st.next
		}
	case err == nil || !isDiskError(err):
		return nil, fmt.Errorf("%s: error %v, want %q or one of the disk's", st.sql, err, st.code)
	case o.kind == "reopen":
		if l.db != nil {
			_ = l.db.Close()
		}
		l.db = nil
		return nil, nil
	default:
		doubt = l.state
		if st.next != nil {
			doubt = st.next
		}
	}
	if err := l.look(ctx, st.table, uint64(o.d)); err != nil && (errors.Is(err, errDiffers) || !isDiskError(err)) {
		return nil, err
	}
	return doubt, nil
}

// isDiskError tells whether an error may be the disk's: what is wrong with statements has other codes.
func isDiskError(err error) bool {
	code := string(codeOf(err))
	for _, class := range []string{"58", "53", "XX", "57", "08"} {
		if strings.HasPrefix(code, class) {
			return true
		}
	}
	return false
}

// faultRun is an episode in which a call fails.
type faultRun struct {
	e *episode
	n int
	f fault
}

func (r faultRun) String() string { return fmt.Sprintf("%d:%d:%s", r.e.number, r.n, r.f.name) }

// TestTortureFaults fails every call of a file system in a life, once and for good, in turn in all ways: while it opens, writes, reads, flushes, compacts,
// alters, backs up and restores. No answer is wrong meanwhile, and afterwards, on a disk that works, and after a power cut, all that was acknowledged is there
// and no file is left over.
func TestTortureFaults(t *testing.T) {
	t.Parallel()
	seed, all := *tortureSeed+6, *faultEpisodes < 0
	number := max(*faultEpisodes, -*faultEpisodes)
	if testing.Short() {
		number = 1
	}
	episodes := episodesOf(t, seed, number, 5)
	sites := &vfs.Sites{}
	var runs, calls, failures atomic.Int64
	tasks := make(chan faultRun)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for k := range tasks {
				if *faultOnly != "" && *faultOnly != k.String() {
					continue
				}
				runs.Add(1)
				if err := k.e.fail(seed, k.n, k.f, sites); err != nil && failures.Add(1) <= 5 {
					t.Errorf("seed %d, -torture.fault=%q, of %v: %v", seed, k, k.e.ops, err)
				}
			}
		})
	}
	for _, e := range episodes {
		for n := 1; n <= e.calls; n++ {
			calls.Add(1)
			for i, f := range onceFaults {
				if all || i == n%len(onceFaults) {
					tasks <- faultRun{e, n, f}
				}
			}
			for i, f := range lastingFaults {
				if all || i == n%len(lastingFaults) && n%3 == 0 {
					tasks <- faultRun{e, n, f}
				}
			}
		}
	}
	close(tasks)
	workers.Wait()
	t.Logf("seed %d: %d episodes, %d calls, %d runs", seed, len(episodes), calls.Load(), runs.Load())
	if *faultOnly != "" || testing.Short() {
		return
	}
	t.Run("corners", func(t *testing.T) { failCorners(t, all, sites, &runs) })
	t.Logf("seed %d: with the corners %d runs", seed, runs.Load())
	for _, dir := range []string{"store", "flush", "parquetio", "sql/copyio", "sql/exec"} { // package wal does so itself
		places, err := callsites.List(filepath.FromSlash(dir))
		require.NoError(t, err)
		var untried []string
		for _, p := range callsites.Untried(places, sites.List()) {
			if name := p.Name(); unreached[name] == "" {
				untried = append(untried, p.String())
			}
		}
		t.Logf("%s: %d places in the source", dir, len(places))
		require.Empty(t, untried, "places at which no call of the file system was made to fail")
	}
}

// unreached are the places that no test here reaches, and why.
var unreached = map[string]string{
	"store/salvagewrite.go keepFile: Link": "the system alone gives a file a second name: no other file system is asked",
	"flush/contents.go copyFiles: Link":    "likewise",
	"copyio/source.go waitFor: OpenStream": "of a named pipe, which only the system has",
	"copyio/source.go waitFor: Close":      "likewise",
}
