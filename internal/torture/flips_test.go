package torture

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stoadb/stoa"
	"github.com/stoadb/stoa/vfs"
)

// answerLimit is how long opening and asking may take, whatever a file holds, on a machine that has nothing else to do; loadFactor is how much more it has.
const (
	answerLimit = 5 * time.Second
	loadFactor  = 4
)

// damagedKinds are the kinds of file that a database has.
var damagedKinds = []string{"log", "MANIFEST", "checkpoint", "Parquet", "CLEAN"}

// TestFlips damages the files of databases, one at a time: bits flipped, as often in each kind of file, and beside them sectors zeroed, files cut, exchanged,
// emptied, removed. Then a reader and a writer open the database and ask for everything. Each answer is right, or an error that names the file. Only of a log
// that was not closed may the end be missing.
func TestFlips(t *testing.T) {
	t.Parallel()
	start, n := time.Now(), count(1000, 100_000)
	fixtures := newFixtures(t)
	var mu sync.Mutex
	flips, others, violations, outcomes := 0, 0, 0, map[string]int{}
	stopped := false
	try := func(i int, d *damaged) {
		outcome, complaint := d.check()
		mu.Lock()
		defer mu.Unlock()
		if d.flipped() {
			flips++
		} else {
			others++
		}
		outcomes[d.kind+" "+outcome]++
		if complaint != "" {
			violations++
			t.Errorf("%d: %s of a database that %s: %s: %s", i, d.path, d.fixture.ending, d.what, complaint)
		}
		stopped = violations >= 20 || late(start)
	}
	more := func() bool { mu.Lock(); defer mu.Unlock(); return !stopped }
	var wg sync.WaitGroup
	for shard := range *shards {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(*seedFlag, uint64(shard)))
			for i := shard; i < n*len(damagedKinds); i += *shards {
				for flipped := false; !flipped && more(); {
					d := newDamaged(r, fixtures, damagedKinds[i%len(damagedKinds)])
					try(i, d)
					flipped = d.flipped()
				}
			}
		})
	}
	wg.Wait()
	finished(t, start, Result{
		Count: flips / len(damagedKinds), Unit: fmt.Sprintf("files with flipped bits of each of %d kinds", len(damagedKinds)), Violations: violations,
		Note: fmt.Sprintf("and %d otherwise damaged; %v", others, outcomes),
	})
}

// newFixtures makes two databases of each ending.
func newFixtures(t *testing.T) (out []*fixture) {
	for ending := range endings {
		for i := range uint64(2) {
			out = append(out, newFixture(t, *seedFlag+i, ending))
		}
	}
	return out
}

// damaged is a damaged file of a fixture.
type damaged struct {
	fixture          *fixture
	path, kind, what string
	content          []byte
	gone             bool
	refusal          string // the first error that names the file
}

// newDamaged chooses a file of a kind, and its damage.
func newDamaged(r *rand.Rand, fixtures []*fixture, kind string) *damaged {
	d := &damaged{kind: kind}
	for d.path == "" { // not every database has a file of each kind
		d.fixture = fixtures[r.IntN(len(fixtures))]
		if paths := d.fixture.ofKind(d.kind); len(paths) > 0 {
			d.path = paths[r.IntN(len(paths))]
		}
	}
	var others [][]byte
	for _, f := range fixtures {
		if d.kind == "checkpoint" || d.kind == "log" {
			break // the manifest names these by number, not by content: a whole one of another database cannot be told from the right one
		}
		for _, path := range f.ofKind(d.kind) {
			others = append(others, f.files[path])
		}
	}
	d.content, d.gone, d.what = Damage(r, d.fixture.files[d.path], others)
	return d
}

// flipped tells whether the damage is that of bits.
func (d *damaged) flipped() bool { return strings.HasSuffix(d.what, "flipped") }

// check opens the database, for reading and then for writing, and gives in a word what came of it and what is wrong with that.
func (d *damaged) check() (outcome, complaint string) {
	m, err := d.fixture.with(d.path, d.content, d.gone)
	if err != nil {
		return "", err.Error()
	}
	for _, readOnly := range []bool{true, false} {
		start := time.Now()
		outcome, complaint = d.open(m, readOnly)
		if took := time.Since(start); complaint == "" && took > loadFactor*answerLimit {
			complaint = fmt.Sprintf("it took %v", took)
		}
		if complaint != "" {
			return outcome, fmt.Sprintf("read-only %v: %s", readOnly, complaint)
		}
	}
	return outcome, ""
}

func (d *damaged) open(m *vfs.Mem, readOnly bool) (outcome, complaint string) {
	defer func() {
		if p := recover(); p != nil {
			outcome, complaint = "panic", fmt.Sprintf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	db, err := stoa.Open(context.Background(), fixtureDir, &stoa.Options{FS: m, ReadOnly: readOnly, MustExist: readOnly, Workers: 1})
	if err != nil {
		return "refused", d.names(err)
	}
	answers, errs := ask(db)
	torn := db.Store().Recovery().Log.TornBytes > 0
	if err := db.Close(); err != nil {
		if complaint := d.names(err); complaint != "" {
			return "", complaint
		}
	}
	outcome = "right"
	for _, err := range errs {
		if err != nil && !missing(err) {
			if complaint := d.names(err); complaint != "" {
				return "", complaint
			}
			outcome = "refused"
		}
	}
	if i := d.fixture.prefixOf(answers, errs); i == len(d.fixture.prefixes)-1 {
		return outcome, ""
	} else if i >= 0 && (d.fixture.ending == endings[died] || d.fixture.ending == endings[dying]) && d.kind == "log" && (torn || strings.HasPrefix(d.what, "cut at") || d.what == "emptied") {
		return "torn", ""
	}
	for i, answer := range answers {
		if want := d.fixture.prefixes[len(d.fixture.prefixes)-1][i]; errs[i] == nil && answer != want {
			return "", fmt.Sprintf("a wrong answer (torn end told: %v) to %s\nwant %s\ngot  %s", torn, looks()[i], cut(want), cut(answer))
		}
	}
	return "", "answers of different states"
}

// prefixOf gives after how many statements of the log the answers are right, as far as there are any; -1 for none.
func (f *fixture) prefixOf(answers []string, errs []error) int {
	for i, want := range slices.Backward(f.prefixes) {
		same := true
		for q := range want {
			same = same && (answers[q] == want[q] || errs[q] != nil && !missing(errs[q]))
		}
		if same {
			return i
		}
	}
	return -1
}

// names complains of an error that does not name the damaged file, or that is the engine's own fault. Where a file was removed or is another one, the error
// may name a file that does not go with it.
func (d *damaged) names(err error) string {
	text := err.Error()
	if strings.Contains(text, "panic") || strings.Contains(text, "goroutine") || strings.Contains(text, "internal error") {
		return "the engine's own fault: " + text
	}
	if d.refusal == "" {
		d.refusal = text
	}
	if strings.Contains(text, filepath.Base(d.path)) {
		return ""
	}
	if d.gone || d.what == another || d.what == "emptied" {
		for path := range maps.Keys(d.fixture.files) {
			if strings.Contains(text, filepath.Base(path)) || d.kind == "log" && strings.Contains(text, "/wal") {
				return ""
			}
		}
	}
	return "an error that does not name the file: " + text
}
