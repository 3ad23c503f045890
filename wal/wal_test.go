package wal_test

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

func TestAppendCloseReplay(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	l, found, got := mustOpen(t, m, 0, wal.Options{SegmentBytes: 2000})
	require.Empty(t, got)
	require.Equal(t, wal.Recovery{First: 1, Segments: 1}, found)
	all := appendAll(t, l, 1, 0, 1, 100, 900, 5000, 900, 300_000, 10, 270_000, 270_000, 10)
	require.EqualValues(t, len(all), l.Last())
	require.NoError(t, l.Close())
	require.NoError(t, l.Close())
	require.EqualValues(t, len(all), l.Durable())

	for from := uint64(0); from <= l.Last()+1; from++ {
		want := all[max(from, 1)-1:]
		var read []record
		found, err := wal.Replay(dir, from, &wal.Options{FS: m}, collect(&read))
		require.NoError(t, err)
		require.True(t, found.Clean)
		require.EqualValues(t, len(all), found.Last)
		require.Equal(t, len(want), len(read))
		requirePrefix(t, want, read, l.Last())
		l2, found2, got := mustOpen(t, clone(m), from, wal.Options{})
		require.Equal(t, found, found2)
		requirePrefix(t, want, got, l.Last())
		require.Equal(t, len(want), len(got))
		require.NoError(t, l2.Close())
	}
	require.Greater(t, found.Segments+len(segmentFiles(t, m)), 5)
}

func TestReopenGoesOn(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	var all []record
	for run := range uint64(8) {
		l, found, got := mustOpen(t, m, 0, wal.Options{SegmentBytes: 1000})
		require.Equal(t, all, got)
		require.Equal(t, run%2 == 1, found.Clean)
		all = append(all, appendAll(t, l, run, 50, 500, 3, 400)...)
		if run%2 == 0 {
			require.NoError(t, l.Close())
		} else {
			syncAll(t, l) // and abandon it
			m = m.CrashClone(vfs.CrashOptions{})
		}
	}
}

func TestTruncateBefore(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	l, _, _ := mustOpen(t, m, 0, wal.Options{SegmentBytes: 330})
	all := appendAll(t, l, 1, 100, 100, 100, 100, 100, 100, 100, 100, 100)
	syncAll(t, l)
	require.Len(t, segmentFiles(t, m), 5)
	require.NoError(t, l.TruncateBefore(4))
	require.EqualValues(t, 3, l.First(), "the segment of 3 and 4 stays")
	require.NoError(t, l.TruncateBefore(4))
	require.Len(t, segmentFiles(t, m), 4)
	require.NoError(t, l.TruncateBefore(100))
	require.Len(t, segmentFiles(t, m), 1, "the last one stays")
	require.EqualValues(t, 9, l.First())
	require.NoError(t, l.Close())
	require.ErrorIs(t, l.TruncateBefore(4), wal.ErrClosed)

	_, found, got := mustOpen(t, clone(m), 0, wal.Options{})
	require.Equal(t, all[8:], got)
	require.Equal(t, wal.Recovery{First: 9, Last: 9, Segments: 1, Records: 1, Bytes: 148, Clean: true}, found)
	_, _, got = mustOpen(t, clone(m), 10, wal.Options{})
	require.Empty(t, got)
	requireCorrupt(t, clone(m), 8, "the log begins with record 9, and the records from 8 on are missing")
	requireCorrupt(t, clone(m), 11, "the log ends with record 9, though 10 were applied")
}

// requireCorrupt checks that a log is refused with a reason, and not changed.
func requireCorrupt(t *testing.T, m *vfs.Mem, from uint64, reason string) *wal.CorruptError {
	t.Helper()
	var changes vfs.Counter
	fsys := vfs.WithFaults(m, func(op vfs.Op) error {
		if op.Kind.Changes() && op.Kind != vfs.OpSyncDir {
			return changes.Inject(op)
		}
		return nil
	})
	_, _, _, err := openLog(fsys, from, wal.Options{})
	var c *wal.CorruptError
	require.ErrorAs(t, err, &c)
	require.Contains(t, err.Error(), reason)
	require.Contains(t, err.Error(), c.File)
	require.Zero(t, changes.Count(), "a refused log is not touched")
	return c
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	l, _, _ := mustOpen(t, m, 0, wal.Options{SegmentBytes: 330})
	appendAll(t, l, 1, 100, 100, 100, 100, 100)
	require.NoError(t, l.Close())
	_, err := l.Append(1)
	require.ErrorIs(t, err, wal.ErrClosed)
	files := segmentFiles(t, m)

	missing := clone(m)
	require.NoError(t, missing.Remove(files[1]))
	c := requireCorrupt(t, missing, 0, "the segment ends with record 2, and the next one begins with 5")
	require.Equal(t, files[0], c.File)
	require.EqualValues(t, 352, c.Offset)

	cut := clone(m)
	edit(t, cut, files[0], func(b []byte) []byte { return b[:180] })
	requireCorrupt(t, cut, 0, "the segment ends with record 1, and the next one begins with 3")
	edit(t, cut, files[0], func(b []byte) []byte { return b[:170] })
	requireCorrupt(t, cut, 0, "damaged at byte 56: a record is cut, or its length is wrong")

	none := clone(m)
	for _, f := range files {
		require.NoError(t, none.Remove(f))
	}
	requireCorrupt(t, none, 0, "the log was closed after record 5, and its segments are gone")
	require.NoError(t, none.Remove(dir+"/CLEAN"))
	requireCorrupt(t, none, 6, "there is no log, though one was begun and 5 records were applied")
	requireCorrupt(t, none, 1, "there is no log, though one was begun and 0 records were applied")
	_, err = wal.Replay(dir, 0, &wal.Options{FS: none}, nil)
	require.ErrorIs(t, err, fs.ErrNotExist)
	fresh, found, _ := mustOpen(t, none, 6, wal.Options{Begin: true})
	require.Equal(t, wal.Recovery{First: 6, Last: 5, Segments: 1}, found)
	require.EqualValues(t, 6, appendAll(t, fresh, 2, 9)[0].seq)

	swapped := clone(m)
	edit(t, swapped, files[1], func([]byte) []byte {
		other := vfs.NewMem()
		l, _, _ := mustOpen(t, other, 0, wal.Options{SegmentBytes: 330})
		appendAll(t, l, 7, 100, 100, 100)
		require.NoError(t, l.Close())
		b, err := vfs.ReadFile(other, files[1], 1<<20)
		require.NoError(t, err)
		return b
	})
	requireCorrupt(t, swapped, 0, "the segment does not follow the one before it")

	for file, at := range map[string]int{files[2]: 28, dir + "/CLEAN": 40} {
		newer := clone(m)
		edit(t, newer, file, func(b []byte) []byte { b[8] = 3; return b })
		requireCorrupt(t, newer, 0, "checksum")
		edit(t, newer, file, func(b []byte) []byte {
			binary.LittleEndian.PutUint32(b[at:], crc32.Checksum(b[:at], castagnoli))
			return b
		})
		_, _, _, err = openLog(newer, 0, wal.Options{})
		require.ErrorIs(t, err, wal.ErrVersion)
		_, err = wal.Salvage(dir, &wal.Options{FS: newer}, collect(new([]record)))
		require.ErrorIs(t, err, wal.ErrVersion)
	}

	boom := errors.New("boom")
	_, _, err = wal.Open(dir, 0, &wal.Options{FS: clone(m)}, func(uint64, byte, []byte) error { return boom })
	require.ErrorIs(t, err, boom)
	_, _, err = wal.Open(dir, 0, &wal.Options{FS: clone(m), Durability: 7}, nil)
	require.ErrorContains(t, err, "invalid options")
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	l, _, _ := mustOpen(t, vfs.NewMem(), 0, wal.Options{})
	half := make([]byte, wal.MaxRecord/64)
	parts := make([][]byte, 65)
	for i := range parts {
		parts[i] = half
	}
	_, err := l.Append(1, parts...)
	require.ErrorIs(t, err, wal.ErrTooLarge)
	require.Zero(t, l.Last())
	_, err = l.Append(1)
	require.NoError(t, err, "a refused record does no harm")
	require.ErrorContains(t, l.Sync(context.Background(), 2), "record 2 was not appended")
}

func TestDurabilities(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		durability          wal.Durability
		killed, cut, syncs  int
		cutAfterAnInterval  int
		durableWhenReturned uint64
	}{
		{wal.Full, 3, 3, 1, 3, 3},
		{wal.Interval, 3, 0, 0, 3, 0},
		{wal.Off, 3, 0, 0, 0, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := vfs.NewMem()
			l, _, _ := mustOpen(t, m, 0, wal.Options{Durability: c.durability, Interval: time.Second})
			appendAll(t, l, 1, 10, 20, 30)
			syncAll(t, l)
			require.Equal(t, c.durableWhenReturned, l.Durable())
			require.EqualValues(t, c.syncs, l.Stats().Syncs)
			lost := func(loss vfs.Loss) int {
				_, _, got := mustOpen(t, m.CrashClone(vfs.CrashOptions{Loss: loss}), 0, wal.Options{})
				return len(got)
			}
			require.Equal(t, c.killed, lost(vfs.LoseNothing))
			require.Equal(t, c.cut, lost(vfs.LoseUnsynced))
			time.Sleep(2 * time.Second)
			synctest.Wait()
			require.Equal(t, c.cutAfterAnInterval, lost(vfs.LoseUnsynced))
			appendAll(t, l, 1, 10)
			require.NoError(t, l.Flush(t.Context()))
			require.Equal(t, 4, lost(vfs.LoseUnsynced))
			appendAll(t, l, 1, 10)
			require.NoError(t, l.Close())
			require.Equal(t, 5, lost(vfs.LoseUnsynced))
		})
	}
}

// TestSyncContext: who waits for another's fsync gives up with its context, and the record stays.
func TestSyncContext(t *testing.T) {
	t.Parallel()
	inSync, release := make(chan struct{}), make(chan struct{})
	m := vfs.NewMem()
	armed := false
	fsys := vfs.WithFaults(m, func(op vfs.Op) error {
		if armed && op.Kind == vfs.OpSync {
			inSync <- struct{}{}
			<-release
		}
		return nil
	})
	l, _, _ := mustOpen(t, fsys, 0, wal.Options{})
	armed = true
	appendAll(t, l, 1, 10)
	leader := make(chan error)
	go func() { leader <- l.Sync(context.Background(), 1) }()
	<-inSync
	appendAll(t, l, 1, 20)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	require.ErrorIs(t, l.Sync(ctx, 2), context.DeadlineExceeded)
	armed = false
	close(release)
	require.NoError(t, <-leader)
	require.EqualValues(t, 1, l.Durable())
	require.NoError(t, l.Sync(ctx, 1), "what is durable needs no time")
	syncAll(t, l)
	require.EqualValues(t, 2, l.Durable())
}

// TestHostileLength: a length that the file does not justify allocates nothing.
func TestHostileLength(t *testing.T) {
	m := vfs.NewMem()
	l, _, _ := mustOpen(t, m, 0, wal.Options{})
	appendAll(t, l, 1, 10)
	syncAll(t, l)
	m = m.CrashClone(vfs.CrashOptions{}) // without the seal
	edit(t, m, segmentFiles(t, m)[0], func(b []byte) []byte {
		b[56+4+3] = 0x3f // a length of nearly 1 GiB
		return b
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, found, got := mustOpen(t, m, 0, wal.Options{})
	runtime.ReadMemStats(&after)
	require.Empty(t, got)
	require.EqualValues(t, 34, found.TornBytes)
	require.EqualValues(t, 56, found.TornOffset)
	require.True(t, strings.HasPrefix(found.TornReason, "a record is cut"))
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20))
}

// TestReplayAllocations: reading allocates for segments, not for records.
func TestReplayAllocations(t *testing.T) {
	m := vfs.NewMem()
	l, _, _ := mustOpen(t, m, 0, wal.Options{Durability: wal.Off})
	for range 10_000 {
		_, err := l.Append(1, []byte("a record"))
		require.NoError(t, err)
	}
	require.NoError(t, l.Flush(t.Context()))
	require.Less(t, testing.AllocsPerRun(3, func() {
		_, err := wal.Replay(dir, 0, &wal.Options{FS: m}, func(uint64, byte, []byte) error { return nil })
		require.NoError(t, err)
	}), 200.0)
}
