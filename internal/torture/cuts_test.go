package torture

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestLogCuts cuts the log at every byte of its last three records, at random places elsewhere, flips bits in its middle, appends garbage, removes it, and puts
// it there twice. Opening gives the longest prefix that the cut leaves, or refuses and names file and offset; never something else.
func TestLogCuts(t *testing.T) {
	t.Parallel()
	start, n := time.Now(), count(150, 10_000)
	var cuts []*damaged
	r := rand.New(rand.NewPCG(*seedFlag, 99))
	fixtures := newFixtures(t)
	for i, f := range fixtures {
		if i%2 == 1 || f.ending == endings[checkpointed] { // two are alike but for the seed; a log without records has none to cut
			continue
		}
		path := f.ofKind("log")[0]
		b := f.files[path]
		from, to := lastRecords(b, 3)
		for at := from; at < to; at++ {
			cuts = append(cuts, &damaged{fixture: f, path: path, kind: "log", what: fmt.Sprintf("cut at %d of %d", at, len(b)), content: b[:at]})
		}
	}
	every := len(cuts)
	for range n {
		f := fixtures[r.IntN(len(fixtures))]
		path := f.ofKind("log")[0]
		d := &damaged{fixture: f, path: path, kind: "log", content: slices.Clone(f.files[path])}
		_, end := lastRecords(d.content, 1)
		at := r.IntN(end)
		switch r.IntN(4) {
		case 0:
			d.content, d.what = d.content[:at], fmt.Sprintf("cut at %d of %d", at, len(d.content))
		case 1:
			more := make([]byte, 1+r.IntN(300))
			fill(r, more)
			d.content, d.what = append(d.content, more...), fmt.Sprintf("%d random bytes appended", len(more))
		case 2: // a piece of the log again behind its end, as a tool that copies might leave it
			to := min(end, at+1+r.IntN(400))
			d.content, d.what = slices.Insert(d.content, end, d.content[at:to]...), fmt.Sprintf("bytes %d to %d again behind the last record", at, to)
		default:
			d.content[at] ^= 1 << r.IntN(8)
			d.what = fmt.Sprintf("a bit of byte %d flipped", at)
		}
		cuts = append(cuts, d)
	}
	done, violations, outcomes := tryAll(t, cuts)
	finished(t, start, Result{Count: done, Unit: "cuts and flips of logs", Violations: violations,
		Note: fmt.Sprintf("%d of them at each byte of the last three records; %v", every, outcomes)})
}

// tryAll checks damaged files by several goroutines.
func tryAll(t *testing.T, all []*damaged) (done, violations int, outcomes map[string]int) {
	start := time.Now()
	var mu sync.Mutex
	var wg sync.WaitGroup
	outcomes = map[string]int{}
	for shard := range *shards {
		wg.Go(func() {
			for i := shard; i < len(all); i += *shards {
				d := all[i]
				outcome, complaint := d.check()
				if outcome == "refused" && complaint == "" && !strings.Contains(d.refusal, " at byte ") {
					complaint = "a refusal that names no offset: " + d.refusal
				}
				mu.Lock()
				done++
				outcomes[outcome]++
				if complaint != "" {
					violations++
					t.Errorf("%s of a database that %s: %s: %s", d.path, d.fixture.ending, d.what, complaint)
				}
				stop := violations >= 20 || late(start)
				mu.Unlock()
				if stop {
					return
				}
			}
		})
	}
	wg.Wait()
	return done, violations, outcomes
}

// The layout of the log, as package wal draws it.
const (
	segmentHeader = 32
	frameHeader   = 24
	sealLength    = 1<<32 - 1
)

// lastRecords gives where the last n records of a sound segment begin and end; behind that there are zeros.
func lastRecords(b []byte, n int) (from, to int) {
	var starts []int
	at := segmentHeader
	for at+frameHeader <= len(b) && binary.LittleEndian.Uint64(b[at+8:]) > 0 {
		length := int(binary.LittleEndian.Uint32(b[at+4:]))
		if length == sealLength {
			length = 0
		} else {
			starts = append(starts, at)
		}
		at += frameHeader + length
	}
	if len(starts) == 0 {
		return segmentHeader, at
	}
	return starts[max(0, len(starts)-n)], min(at+1, len(b))
}

// TestSegments removes, exchanges and duplicates whole segments of a log of several. It is part of the long form alone: a segment has 64 MiB.
func TestSegments(t *testing.T) {
	t.Parallel()
	if Long() == 0 {
		t.Skip("only in the long form: " + LongVar)
	}
	start, base := time.Now(), kept(t)
	dir := filepath.Join(base, "data")
	c, err := program.Start(dir, NewState())
	require.NoError(t, err)
	c.Send(&Statement{SQL: Setup, Apply: func(s *State) []string {
		s.Tables = SetUp().Tables
		return []string{"CREATE TABLE"}
	}})
	w := NewWorkload(rand.New(rand.NewPCG(*seedFlag, 5)), SetUp())
	for range 50 {
		c.Send(w.InsertLarge(4, 1<<20))
		require.True(t, c.Wait(RunLimit), c.Wrong)
	}
	c.Kill()
	c.End()
	segments, err := filepath.Glob(filepath.Join(dir, "wal", "*.wal"))
	require.NoError(t, err)
	require.Greater(t, len(segments), 2)
	tries := 0
	refused := func(what string, change, back func() error) {
		tries++
		require.NoError(t, change(), what)
		for _, readOnly := range []bool{true, false} {
			records, o := program.Contents(dir, readOnly)
			if o.Code == 0 || !strings.Contains(o.Err, "/wal") {
				require.Empty(t, c.State().Complaint(records, o), "%s, read-only %v: neither refused nor right", what, readOnly)
			}
		}
		require.NoError(t, back(), what)
	}
	aside := filepath.Join(base, "aside")
	for i, segment := range segments {
		if i < len(segments)-1 { // without the last one the log ends where that began, and the seal before it tells
			refused("removed "+segment, func() error { return os.Rename(segment, aside) }, func() error { return os.Rename(aside, segment) })
		}
		other := segments[(i+1)%len(segments)]
		refused("exchanged "+segment, func() error { return exchange(segment, other, aside) }, func() error { return exchange(segment, other, aside) })
	}
	records, o := program.Contents(dir, true)
	require.Empty(t, c.State().Complaint(records, o))
	finished(t, start, Result{Count: tries, Unit: "segments removed or exchanged"})
}

func exchange(a, b, aside string) error {
	for _, move := range [][2]string{{a, aside}, {b, a}, {aside, b}} {
		if err := os.Rename(move[0], move[1]); err != nil {
			return err
		}
	}
	return nil
}

// TestFlipsOfProcesses damages files as TestFlips does, and has processes of the program read them.
func TestFlipsOfProcesses(t *testing.T) {
	t.Parallel()
	start, n := time.Now(), count(36, 3000)
	fixtures := newFixtures(t)
	base, r := kept(t), rand.New(rand.NewPCG(*seedFlag, 7))
	queries := strings.Join(looks(), ";\n") + ";\n"
	var right []*Outcome
	args := func(dir string) []string {
		return []string{"sql", "--dir", dir, "--format", "csv", "--on-error", "continue"}
	}
	for i, f := range fixtures {
		dir := filepath.Join(base, fmt.Sprintf("right-%d", i))
		require.NoError(t, f.onDisk(dir))
		right = append(right, program.Run(RunLimit, queries, append(args(dir), "--read-only")...))
	}
	done, violations, outcomes := 0, 0, map[string]int{}
	for i := range n {
		if late(start) {
			break
		}
		done++
		d := newDamaged(r, fixtures, damagedKinds[i%len(damagedKinds)])
		dir := filepath.Join(base, fmt.Sprint(i))
		require.NoError(t, d.fixture.onDisk(dir))
		path := filepath.Join(dir, strings.TrimPrefix(d.path, fixtureDir))
		if d.gone {
			require.NoError(t, os.Remove(path))
		} else {
			require.NoError(t, os.WriteFile(path, d.content, 0o600))
		}
		for _, more := range [][]string{{"--read-only"}, nil} {
			o := program.Run(RunLimit, queries, append(args(dir), more...)...)
			outcome, complaint := d.judge(o, right[slices.Index(fixtures, d.fixture)])
			outcomes[outcome]++
			if complaint != "" {
				violations++
				t.Errorf("%d: %s of a database that %s: %s: %s: %s", i, d.path, d.fixture.ending, d.what, complaint, o)
			}
		}
		require.NoError(t, os.RemoveAll(dir))
	}
	finished(t, start, Result{Count: done, Unit: "damaged files", Violations: violations, Note: fmt.Sprint(outcomes)})
}

// judge compares what a process said of a damaged database with what it says of the whole one.
func (d *damaged) judge(o, right *Outcome) (outcome, complaint string) {
	if o.Died() || o.Took > loadFactor*answerLimit {
		return "died", "the process died or took too long"
	}
	if o.Out == right.Out && o.Code == right.Code {
		return "right", ""
	}
	if strings.Contains(o.Err, "WARNING:  the database was not closed") && d.kind == "log" {
		return "torn, and told", ""
	}
	if d.kind == "log" && (strings.HasPrefix(d.what, "cut at") || d.what == "emptied") && !strings.HasPrefix(d.fixture.ending, "c") {
		return "torn at the end of a record", ""
	}
	if o.Code != 1 {
		return "wrong", "another answer, and no error"
	}
	for line := range strings.Lines(o.Err) {
		if strings.HasPrefix(line, "ERROR:") && !strings.Contains(line, "(SQLSTATE 42P01)") {
			return "refused", d.names(fmt.Errorf("%s", o.Err))
		}
	}
	return "wrong", "no error tells why"
}
