package torture

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	times     = flag.Int("torture.n", 0, "how often a test does what it does, kills, flips and so on; 0: as STOA_TORTURE says")
	seedFlag  = flag.Uint64("torture.seed", 20251021, "seed of statements, damage and moments")
	longest   = flag.Duration("torture.for", 0, "after what time a test stops and reports how far it came; 0: when it is done")
	shards    = flag.Int("torture.shards", 2, "databases that are tortured at once")
	built     = flag.String("torture.stoa", "", "the program to torture; it is built if none is given")
	forReport sync.Mutex
)

// program is what TestMain has built.
var program *Program

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "stoa-torture-")
		if err == nil {
			defer os.RemoveAll(dir)
			_ = os.Chmod(dir, 0o755) // for a test that becomes somebody else
			program, err = &Program{Path: *built}, nil
			if *built == "" {
				program, err = Build(context.Background(), dir)
			}
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

// count gives how often a test does what it does.
func count(quick, long int) int {
	switch {
	case *times > 0:
		return *times
	case Long() > 0:
		return long * Long()
	}
	return quick
}

// late tells a test that it has had its time.
func late(start time.Time) bool { return *longest > 0 && time.Since(start) > *longest }

// kept gives a directory that is removed when the test has passed and kept when it has not.
func kept(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "stoa-"+strings.ReplaceAll(t.Name(), "/", "-")+"-")
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the files are kept in %s", dir)
			return
		}
		_ = filepath.WalkDir(dir, func(path string, _ os.DirEntry, _ error) error { return os.Chmod(path, 0o700) })
		_ = os.RemoveAll(dir)
	})
	return dir
}

// again is the command that runs a test again.
func again(t *testing.T, n int, seed uint64) string {
	name, _, _ := strings.Cut(t.Name(), "/")
	return fmt.Sprintf("go test ./internal/torture -count=1 -timeout 24h -run '^%s$' -torture.n %d -torture.seed %d -torture.shards %d", name, n, seed, *shards)
}

// finished reports what a test did, at its end.
func finished(t *testing.T, start time.Time, r Result) {
	t.Helper()
	forReport.Lock()
	defer forReport.Unlock()
	r.Test, r.Seed, r.Long, r.Seconds = t.Name(), *seedFlag, Long() > 0 || *times > 0, time.Since(start).Seconds()
	t.Logf("%d %s, %d violations, seed %d, %.1f s; %s", r.Count, r.Unit, r.Violations, r.Seed, r.Seconds, r.Note)
	require.NoError(t, Append(r))
	if t.Failed() {
		t.Logf("again: %s", again(t, r.Count, r.Seed))
	}
}
