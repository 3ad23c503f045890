package wal_test

import (
	"context"
	"encoding/binary"
	"hash/crc32"
	"io/fs"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// TestPadding: the file grows in steps, and between them fsyncs find its size unchanged; when it is full or closed, a segment has nothing
// but its records.
func TestPadding(t *testing.T) {
	t.Parallel()
	size := func(m *vfs.Mem, i int) int64 {
		info, err := m.Stat(segmentFiles(t, m)[i])
		require.NoError(t, err)
		return info.Size()
	}
	m := vfs.NewMem()
	l, _, _ := mustOpen(t, m, 0, wal.Options{SegmentBytes: 2 << 20})
	sizes := map[int64]bool{}
	for range 3000 {
		appendAll(t, l, 1, 300)
		syncAll(t, l)
		sizes[size(m, 0)] = true
	}
	require.Less(t, len(sizes), 16, "%v", sizes)
	require.LessOrEqual(t, size(m, 0), int64(3000*348+330<<10))
	appendAll(t, l, 1, 1<<20, 1<<20)
	syncAll(t, l)
	require.EqualValues(t, 32+24+3000*348+24+1<<20+24+24, size(m, 0), "two seals are behind a full segment, and nothing else")
	require.NoError(t, l.Close())
	require.EqualValues(t, 32+24+1<<20+24, size(m, 1))
}

// TestMissingSegment removes the last segment of a log that was killed: who opens it is told, by the seal at the end of the one before, and
// so is who reads it. Without that seal nobody knows.
func TestMissingSegment(t *testing.T) {
	t.Parallel()
	m, all, _ := sample(t, killed)
	files := segmentFiles(t, m)
	require.NoError(t, m.Remove(files[1]))
	damage := requireCorrupt(t, m, 0, "the segment is missing")
	require.Equal(t, files[1], damage.File)
	var got []record
	_, err := wal.Replay(dir, 0, &wal.Options{FS: m}, collect(&got))
	require.ErrorAs(t, err, &damage)
	got = nil
	damages, err := wal.Salvage(dir, &wal.Options{FS: m}, collect(&got))
	require.NoError(t, err)
	require.Len(t, damages, 1)
	require.Equal(t, files[1], damages[0].File)
	requirePrefix(t, all, got, 0)
	edit(t, m, files[0], func(b []byte) []byte { return b[:recordsEnd(b)] })
	_, _, opened := mustOpen(t, m, 0, wal.Options{})
	require.Equal(t, got, opened)
}

// TestReaderFollows reads beside a writer that goes on to the next segments, in which the reader follows it, or that removes the one at hand.
func TestReaderFollows(t *testing.T) {
	t.Parallel()
	for _, remove := range []bool{false, true} {
		m := vfs.NewMem()
		l, _, _ := mustOpen(t, m, 0, wal.Options{SegmentBytes: 330})
		all := appendAll(t, l, 1, 100)
		syncAll(t, l)
		reads := 0
		fsys := vfs.WithFaults(m, func(op vfs.Op) error {
			if op.Kind == vfs.OpFileStat {
				if reads++; reads == 1 { // before the reader knows how long the file is
					all = append(all, appendAll(t, l, 1, 100, 100, 100, 100, 100)...)
					syncAll(t, l)
					if remove {
						require.NoError(t, l.TruncateBefore(l.Last()))
					}
				}
			}
			return nil
		})
		var got []record
		found, err := wal.Replay(dir, 1, &wal.Options{FS: fsys}, collect(&got))
		if remove {
			require.ErrorIs(t, err, fs.ErrNotExist)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, all, got)
		require.Equal(t, 3, found.Segments)
	}
}

// TestForgedFrames: a payload with frames in it, made by somebody who does not know the salt, is never taken for them, whatever is damaged.
func TestForgedFrames(t *testing.T) {
	t.Parallel()
	var forged []byte
	for seq := uint64(3); seq < 6; seq++ {
		b := make([]byte, 24)
		binary.LittleEndian.PutUint64(b[8:], seq)
		binary.LittleEndian.PutUint32(b, crc32.Checksum(b[4:], castagnoli))
		forged = append(forged, b...)
	}
	m := vfs.NewMem()
	l, _, _ := mustOpen(t, m, 0, wal.Options{})
	all := appendAll(t, l, 1, 50)
	syncAll(t, l)
	_, err := l.Append(1, forged)
	require.NoError(t, err)
	m = m.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
	syncAll(t, l)
	edit(t, m, segmentFiles(t, m)[0], func(b []byte) []byte { // as a crash would leave it: the payload, and of the header a part
		frames := places(b)
		end := frames[len(frames)-1].end
		return append(append(b[:end:end], make([]byte, 24)...), forged...)
	})
	var got []record
	_, err = wal.Salvage(dir, &wal.Options{FS: m}, collect(&got))
	require.NoError(t, err)
	require.Equal(t, all, got)
	_, found, got := mustOpen(t, m, 0, wal.Options{})
	require.Equal(t, all, got, "and it is no damage either")
	require.Positive(t, found.TornBytes)
}

// TestHole: a file that claims to be longer than a log can be is refused without being read.
func TestHole(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	l, _, err := wal.Open(path, 0, nil, nil)
	require.NoError(t, err)
	require.NoError(t, l.Flush(t.Context()))
	f, err := vfs.OS().OpenReadWrite(path + "/00000000000000000001.wal")
	require.NoError(t, err)
	if err := f.Truncate(1 << 40); err != nil {
		t.Skip(err)
	}
	require.NoError(t, f.Close())
	began := time.Now()
	_, _, err = wal.Open(path, 0, nil, nil)
	var corrupt *wal.CorruptError
	require.ErrorAs(t, err, &corrupt)
	require.Less(t, time.Since(began), 5*time.Second)
}

// TestGather has 16 writers commit on a disk whose fsyncs take long: nearly all share each. One alone, and one whose commits are of many
// records, waits for nobody.
func TestGather(t *testing.T) {
	t.Parallel()
	slow := func() vfs.FS {
		return vfs.WithFaults(vfs.NewMem(), func(op vfs.Op) error {
			if op.Kind == vfs.OpSync {
				time.Sleep(2 * time.Millisecond)
			}
			return nil
		})
	}
	l, _, _ := mustOpen(t, slow(), 0, wal.Options{})
	const writers, each = 16, 25
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for range each {
				seq, err := l.Append(1, make([]byte, 100))
				if err == nil {
					err = l.Sync(context.Background(), seq)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	require.Less(t, l.Stats().Syncs, int64(each*writers/5))
	require.NoError(t, l.Close())
	l, _, _ = mustOpen(t, slow(), 0, wal.Options{})
	for i := range 20 {
		appendAll(t, l, 1, make([]int, 1+i%7)...)
		syncAll(t, l)
	}
	require.EqualValues(t, 20, l.Stats().Syncs)
}
