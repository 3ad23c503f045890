package torture

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestKill kills processes of the program with SIGKILL: writers in the middle of inserts, updates, deletes, ALTERs, flushes and compactions, while they open,
// recover or close, and the commands flush, compact, backup and restore. After each, every row is compared with the ledger: all of what was acknowledged, once;
// of the statement in flight all or nothing.
func TestKill(t *testing.T) {
	t.Parallel()
	start, n := time.Now(), count(100, 10_000)
	var kills, violations atomic.Int64
	var mu sync.Mutex
	totals := map[string]int{}
	var wg sync.WaitGroup
	for shard := range *shards {
		wg.Go(func() {
			k := newKiller(t, *seedFlag, uint64(shard))
			for k.kills = 0; k.kills < n / *shards || shard == 0 && k.kills < n-(*shards-1)*(n / *shards); k.kills++ {
				if late(start) {
					break
				}
				if complaint := k.once(); complaint != "" {
					violations.Add(1)
					t.Errorf("shard %d, kill %d: %s\n%s", shard, k.kills, k.what, complaint)
					break // what comes after would be held against a ledger that is wrong
				}
				kills.Add(1)
			}
			mu.Lock()
			defer mu.Unlock()
			for what, count := range k.totals {
				totals[what] += count
			}
			if !t.Failed() {
				_ = os.RemoveAll(k.base)
			}
		})
	}
	wg.Wait()
	finished(t, start, Result{Count: int(kills.Load()), Unit: "kills", Violations: int(violations.Load()), Note: fmt.Sprint(totals)})
}

// killer kills the processes of one database.
type killer struct {
	t       *testing.T
	rand    *rand.Rand
	base    string // directory of the database and its backups
	dir     string
	state   *State
	work    *Workload
	kills   int
	backups int
	what    string // what the present kill is to hit
	totals  map[string]int
	trace   *os.File
}

func newKiller(t *testing.T, seed, shard uint64) *killer {
	k := &killer{t: t, rand: rand.New(rand.NewPCG(seed, shard)), base: kept(t), state: SetUp(), totals: map[string]int{}}
	k.dir = filepath.Join(k.base, "data")
	if o := program.Run(RunLimit, Setup, "sql", "--dir", k.dir); o.Code != 0 || o.Err != "" {
		t.Errorf("no database: %s", o)
	}
	var err error
	k.trace, err = os.Create(filepath.Join(k.base, "trace.sql"))
	if err != nil {
		t.Error(err)
	}
	k.work = NewWorkload(k.rand, k.state)
	k.work.Backup = k.nextBackup
	return k
}

func (k *killer) nextBackup() string {
	k.backups++
	return filepath.Join(k.base, fmt.Sprintf("backup-%d", k.backups))
}

// tell notes what was done, for whoever looks into a failure.
func (k *killer) tell(format string, args ...any) {
	fmt.Fprintf(k.trace, format+"\n", args...)
}

// once starts something, kills it, and gives what is wrong with what is left.
func (k *killer) once() string {
	k.what = "writer"
	if k.rand.IntN(6) == 0 {
		k.what = pickOf(k.rand, "flush", "compact", "backup", "restore")
	}
	k.tell("-- kill %d: %s", k.kills, k.what)
	var complaint string
	if k.what == "writer" {
		complaint = k.writer()
	} else {
		complaint = k.command()
	}
	k.totals[k.what]++
	if complaint == "" && k.kills%10 == 9 {
		complaint = k.inspect()
	}
	return complaint
}

// moments in a life at which a writer is killed.
const (
	atRandom     = iota // at any time of a life of so many milliseconds
	afterWriting        // when a certain statement has been written, or a moment later
	whileOpening
	whileClosing
)

// writer kills a process that is fed statements.
func (k *killer) writer() string {
	begin := k.state
	k.work.Resume(begin)
	c, err := k.start()
	if err != nil {
		return err.Error()
	}
	moment := pickOf(k.rand, atRandom, atRandom, atRandom, afterWriting, afterWriting, whileOpening, whileClosing)
	k.what += []string{" at random", " after a statement", " while it opens", " while it closes"}[moment]
	window := pickOf(k.rand, 1, 1, 3, 30)
	switch moment {
	case atRandom:
		k.feed(c, window, 1<<30, time.Duration(k.rand.Int64N(int64(80*time.Millisecond))))
	case afterWriting:
		k.feed(c, window, 1+k.rand.IntN(25), RunLimit)
		time.Sleep(time.Duration(k.rand.Int64N(int64(3*time.Millisecond))) * time.Duration(k.rand.IntN(2)))
	case whileOpening:
		time.Sleep(time.Duration(k.rand.Int64N(int64(12 * time.Millisecond))))
	case whileClosing:
		if k.rand.IntN(8) == 0 { // a log that is worth a checkpoint
			for range 6 {
				k.send(c, k.work.InsertLarge(4, 1<<18))
			}
			k.work.MaxRows, k.work.Maintenance = 0, false
			k.feed(c, 1, 8, RunLimit)
			k.work.MaxRows, k.work.Maintenance = 400, true
		}
		k.feed(c, window, 1+k.rand.IntN(10), RunLimit)
		if !c.Wait(RunLimit) && c.Wrong == "" {
			c.Wrong = "a statement was not answered"
		}
		c.EndInput()
		time.Sleep(time.Duration(k.rand.Int64N(int64(6 * time.Millisecond))))
	}
	c.Kill()
	c.End()
	k.tell("-- %d sent, %d acknowledged", len(c.Sent), c.Acked)
	k.totals["statements"] += c.Acked
	if c.Wrong != "" {
		return c.Wrong
	}
	return k.compare(c.States(begin))
}

func (k *killer) start() (*Client, error) {
	var more []string
	if k.rand.IntN(4) == 0 {
		more = []string{"--timing=false"}
	}
	return program.Start(k.dir, k.state, more...)
}

func (k *killer) send(c *Client, st *Statement) {
	if len(st.SQL) < 4096 {
		k.tell("%s", st.SQL)
	} else {
		k.tell("-- %d bytes: %s…", len(st.SQL), st.SQL[:100])
	}
	c.Send(st)
}

// feed sends so many statements, with at most window of them unanswered, until time is up.
func (k *killer) feed(c *Client, window, n int, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for sent := 0; sent < n && c.Wrong == ""; {
		if c.Outstanding() < window {
			k.send(c, k.work.Next())
			sent++
			continue
		}
		select {
		case line, more := <-c.Lines():
			if !more {
				c.Wrong = "the process has ended by itself"
				return
			}
			c.Read(line)
		case <-timer.C:
			return
		}
	}
}

// compare holds the database against the two states in which it may be, and goes on from that in which it is.
func (k *killer) compare(acked, next *State) string {
	if complaint := k.matches(k.rand.IntN(2) == 0, acked, next); complaint != "" {
		return complaint
	}
	if k.rand.IntN(4) == 0 { // again, by the other kind of process: recovery is not to change it
		return k.matches(k.rand.IntN(2) == 0, k.state, nil)
	}
	return ""
}

func (k *killer) matches(readOnly bool, acked, next *State) string {
	records, o := program.Contents(k.dir, readOnly)
	complaint := acked.Complaint(records, o)
	k.state = acked
	if complaint != "" && next != nil {
		if other := next.Complaint(records, o); other != "" {
			return fmt.Sprintf("read-only %v\nnot the acknowledged state: %s\nnor with the next statement: %s", readOnly, complaint, other)
		}
		k.state = next
		k.totals["in flight, found"]++
		return ""
	}
	return complaint
}

// command kills one of the maintenance commands. None of them changes what the database shows.
func (k *killer) command() string {
	var args []string
	made := ""
	switch k.what {
	case "flush":
		args = []string{"flush", "--dir", k.dir, "--all"}
	case "compact":
		args = []string{"compact", "--dir", k.dir}
	case "backup":
		made = k.nextBackup()
		args = []string{"backup", made, "--dir", k.dir}
	case "restore":
		backup := k.nextBackup()
		if o := program.Run(RunLimit, "", "backup", backup, "--dir", k.dir); o.Code != 0 {
			return "no backup: " + o.String()
		}
		made = filepath.Join(k.base, fmt.Sprintf("restored-%d", k.backups))
		args = []string{"restore", backup, "--dir", made}
	}
	p, err := startCommand(program, args)
	if err != nil {
		return err.Error()
	}
	time.Sleep(time.Duration(k.rand.Int64N(int64(30 * time.Millisecond))))
	if out := p.kill(); strings.Contains(out, "ERROR") || strings.Contains(out, "panic") {
		return "the command failed: " + out
	}
	if complaint := k.matches(k.rand.IntN(2) == 0, k.state, nil); complaint != "" || made == "" {
		return complaint
	}
	if _, err := os.Stat(made); err != nil { // not there: made at the second attempt, whatever the first has left
		if o := program.Run(RunLimit, "", args...); o.Code != 0 {
			return "the command does not succeed after it was killed: " + o.String()
		}
	}
	records, o := program.Contents(made, k.rand.IntN(2) == 0)
	if complaint := k.state.Complaint(records, o); complaint != "" {
		return "what " + k.what + " made: " + complaint
	}
	return k.sweepBackups()
}

// inspect looks at the backups that statements have made, at what lies about, and has the program verify the database.
func (k *killer) inspect() string {
	if complaint := k.sweepBackups(); complaint != "" {
		return complaint
	}
	if o := program.Run(RunLimit, "", "sql", "--dir", k.dir, "-c", "SELECT 1"); o.Code != 0 {
		return "it does not open: " + o.String()
	}
	if left := unfinished(k.dir); len(left) > 0 {
		return fmt.Sprintf("unfinished files are left after an opening: %v", left)
	}
	if hasVerify() {
		k.totals["verified"]++
		if o := program.Run(RunLimit, "", "verify", "--dir", k.dir); o.Code != 0 || o.Died() {
			return "verify: " + o.String()
		}
	}
	return ""
}

// sweepBackups opens one of the backups that are there, and removes them all.
func (k *killer) sweepBackups() string {
	made, err := filepath.Glob(filepath.Join(k.base, "[br][ae][cs]*-*"))
	if err != nil {
		return err.Error()
	}
	for i, dir := range made {
		if i == 0 && !strings.HasSuffix(dir, ".tmp") {
			if o := program.Run(RunLimit, "", "sql", "--dir", dir, "--read-only", "-c", "SELECT count(*) FROM chat.events"); o.Code != 0 {
				return dir + ": " + o.String()
			}
		}
		if err := os.RemoveAll(dir); err != nil {
			return err.Error()
		}
	}
	return ""
}

// unfinished finds the temporary files below a directory.
func unfinished(dir string) (found []string) {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, _ error) error {
		if d != nil && !d.IsDir() && strings.HasSuffix(path, ".tmp") {
			found = append(found, path)
		}
		return nil
	})
	return found
}

// hasVerify tells whether the program can verify.
func hasVerify() bool {
	return strings.Contains(program.Run(RunLimit, "", "verify", "--help").Out, "stoa verify")
}

func TestLedgerComplains(t *testing.T) {
	t.Parallel()
	s := SetUp()
	w := NewWorkload(rand.New(rand.NewPCG(1, 2)), s)
	for range 50 {
		w.Next().apply(s)
	}
	require.Empty(t, Difference(s.Answer(), w.state.Answer()))
	records := s.Answer()
	require.Empty(t, s.Complaint(records, &Outcome{Code: btoi(s.Tables[Passing] == nil)}))
	require.NotEmpty(t, s.Complaint(records[1:], &Outcome{Code: btoi(s.Tables[Passing] == nil)}))
	require.NotEmpty(t, s.Complaint(records, &Outcome{Code: -1}))
	for id := range s.Tables[Events].Rows {
		s.Tables[Events].set(id, map[string]string{"body": "another"})
		break
	}
	require.NotEmpty(t, Difference(s.Answer(), records))
}
