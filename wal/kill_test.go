package wal_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/wal"
)

// killedChild is what the process does that TestKill kills: four writers append, each its number, and tell of it when it is durable.
func killedChild(path string) error {
	l, _, err := wal.Open(path, 0, &wal.Options{SegmentBytes: 50_000}, nil)
	if err != nil {
		return err
	}
	var out sync.Mutex
	var group sync.WaitGroup
	for w := range byte(4) {
		group.Go(func() {
			for i := uint64(1); ; i++ {
				seq, err := l.Append(w, binary.LittleEndian.AppendUint64(nil, i), make([]byte, i*37%1500))
				if err == nil {
					err = l.Sync(context.Background(), seq)
				}
				if err == nil && w == 0 && i%50 == 0 {
					err = l.TruncateBefore(seq / 2)
				}
				out.Lock()
				if err != nil {
					fmt.Println(err)
				} else if _, err = fmt.Println(w, i); err != nil {
					os.Exit(1)
				}
				out.Unlock()
			}
		})
	}
	group.Wait()
	return nil
}

// TestKill kills a process that writes a log with kill -9 at random moments, life after life: what it told of is there, each writer's in
// order; Linux may cut a write at a page when its process is killed, but nobody has been told of that. Then one bit of a record, the last ones included, is flipped: the log is refused, or it was one that the process
// had not told of and that no fsync had reached.
func TestKill(t *testing.T) {
	if path := os.Getenv("WAL_TEST_KILL"); path != "" {
		fmt.Println(killedChild(path))
		return
	}
	t.Parallel()
	acked, refused := uint64(0), 0
	for seed := range 4 * torture(t) {
		r := rand.New(rand.NewPCG(seed, 41))
		path := t.TempDir()
		var told [4]uint64
		for range 5 {
			told = killOnce(t, path, time.Duration(r.IntN(50))*time.Millisecond)
			last, _, err := lastOfEach(func(replay wal.ReplayFunc) (wal.Recovery, error) { return wal.Replay(path, 0, nil, replay) })
			require.NoError(t, err)
			requireTold(t, told, last)
		}
		for _, n := range told {
			acked += n
		}
		entries, err := os.ReadDir(path)
		require.NoError(t, err)
		segment := entries[len(entries)-1].Name()
		b, err := os.ReadFile(filepath.Join(path, segment))
		require.NoError(t, err)
		end := int(recordsEnd(b))
		if end == 32 {
			continue
		}
		b[32+r.IntN(end-32)] ^= 1 << r.IntN(8)
		require.NoError(t, os.WriteFile(filepath.Join(path, segment), b, 0o600))
		last, found, err := lastOfEach(func(replay wal.ReplayFunc) (wal.Recovery, error) {
			_, found, err := wal.Open(path, 0, nil, replay)
			return found, err
		})
		if err == nil {
			require.Positive(t, found.TornBytes)
			requireTold(t, told, last)
			continue
		}
		var corrupt *wal.CorruptError
		require.ErrorAs(t, err, &corrupt)
		refused++
	}
	require.Positive(t, refused)
	require.Positive(t, acked)
	t.Logf("%d records told of in last lives; %d logs refused", acked, refused)
}

// lastOfEach reads a log, sees that each writer's numbers follow one another, from 1 in each life, and returns the last.
func lastOfEach(read func(wal.ReplayFunc) (wal.Recovery, error)) (last [4]uint64, found wal.Recovery, err error) {
	found, err = read(func(_ uint64, w byte, p []byte) error {
		i := binary.LittleEndian.Uint64(p)
		if i != 1 && last[w] != 0 && i != last[w]+1 {
			return fmt.Errorf("writer %d: %d after %d", w, i, last[w])
		}
		last[w] = i
		return nil
	})
	return last, found, err
}

// requireTold checks that what was told of is there.
func requireTold(t *testing.T, told, last [4]uint64) {
	for w, n := range told {
		require.GreaterOrEqual(t, last[w], n, "writer %d", w)
	}
}

// killOnce runs the child for a time after its first word, and returns the number of the last record of each writer that it told of.
func killOnce(t *testing.T, path string, after time.Duration) (told [4]uint64) {
	child := exec.Command(os.Args[0], "-test.run=^TestKill$")
	child.Env = append(os.Environ(), "WAL_TEST_KILL="+path)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	var timer *time.Timer
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var w int
		var i uint64
		_, err := fmt.Sscan(lines.Text(), &w, &i)
		require.NoError(t, err, lines.Text())
		require.Equal(t, told[w]+1, i)
		told[w] = i
		if timer == nil {
			timer = time.AfterFunc(after, func() { _ = child.Process.Kill() })
		}
	}
	require.NotNil(t, timer, "it said nothing")
	_ = child.Wait()
	return told
}
