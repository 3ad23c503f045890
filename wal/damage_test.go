package wal_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// sample returns a log of several segments in which records 1 to synced are certified durable by later ones, and all its records.
func sample(t *testing.T, closed bool) (m *vfs.Mem, all []record, synced uint64) {
	m = vfs.NewMem()
	l, _, _ := mustOpen(t, m, 0, wal.Options{SegmentBytes: 700})
	all = append(all, appendAll(t, l, 1, 200, 300, 0, 17, 250)...)
	syncAll(t, l)
	all = append(all, appendAll(t, l, 1, 5)...)
	synced = l.Last() - 1
	all = append(all, appendAll(t, l, 1, 40, 41, 60)...)
	syncAll(t, l)
	if closed {
		require.NoError(t, l.Close())
	}
	require.Len(t, segmentFiles(t, m), 2)
	return m, all, synced
}

// TestCutAtEveryByte cuts the last segment at every byte: what is left is the longest prefix, cut off and reported, or the log is refused
// if it had been closed. Cutting the first segment is always refused.
func TestCutAtEveryByte(t *testing.T) {
	t.Parallel()
	for _, closed := range []bool{false, true} {
		m, all, _ := sample(t, closed)
		files := segmentFiles(t, m)
		for fi, file := range files {
			whole, err := vfs.ReadFile(m, file, 1<<20)
			require.NoError(t, err)
			for cut := range len(whole) {
				c := clone(m)
				edit(t, c, file, func(b []byte) []byte { return b[:cut] })
				l, found, got, err := openLog(c, 0, wal.Options{})
				var corrupt *wal.CorruptError
				if closed || fi == 0 || cut < 32 {
					require.ErrorAs(t, err, &corrupt, "cut at %d", cut)
					require.Equal(t, file, corrupt.File)
					require.LessOrEqual(t, corrupt.Offset, int64(cut))
					continue
				}
				require.NoError(t, err)
				end, n := int64(32), int(firstOf(all, file))
				for ; end+24+int64(len(all[n].data)) <= int64(cut); n++ {
					end += 24 + int64(len(all[n].data))
				}
				require.Equal(t, all[:n], got, "cut at %d", cut)
				require.Equal(t, int64(cut)-end, found.TornBytes)
				if found.TornBytes > 0 {
					require.Equal(t, file, found.TornFile)
					require.Equal(t, end, found.TornOffset)
				}
				info, err := c.Stat(file)
				require.NoError(t, err)
				require.Equal(t, end, info.Size(), "the torn end is gone")
				more := appendAll(t, l, 2, 33)
				require.NoError(t, l.Close())
				_, found, got = mustOpen(t, c, 0, wal.Options{})
				require.True(t, found.Clean)
				require.Equal(t, append(all[:n:n], more...), got)
			}
		}
	}
}

// firstOf returns the index in all of the first record of a segment.
func firstOf(all []record, file string) int {
	for i, r := range all {
		if file[len(file)-5] == byte('0'+r.seq) {
			return i
		}
	}
	return len(all)
}

// TestFlipAtEveryByte changes every byte of every file: the longest prefix or a refusal, never a wrong record; and a refusal if a later
// record says that the damaged one was durable, or the log was closed.
func TestFlipAtEveryByte(t *testing.T) {
	t.Parallel()
	for _, closed := range []bool{false, true} {
		m, all, synced := sample(t, closed)
		files := segmentFiles(t, m)
		if closed {
			files = append(files, dir+"/CLEAN")
		}
		for fi, file := range files {
			size, err := m.Stat(file)
			require.NoError(t, err)
			for at := range size.Size() {
				c := clone(m)
				edit(t, c, file, func(b []byte) []byte { b[at] ^= 1 << (at % 8); return b })
				_, found, got, err := openLog(c, 0, wal.Options{})
				if err != nil {
					var corrupt *wal.CorruptError
					require.True(t, errors.As(err, &corrupt) || errors.Is(err, wal.ErrVersion), "%v", err)
					continue
				}
				require.False(t, closed, "flip at %d of %s", at, file)
				require.Equal(t, 1, fi)
				requirePrefix(t, all, got, 0)
				require.GreaterOrEqual(t, found.Last, synced, "flip at %d", at)
				require.Less(t, found.Last, all[len(all)-1].seq)
				require.Positive(t, found.TornBytes)
			}
		}
	}
}

// TestSplice puts records of another log with the same sequences and lengths in the place of those that belong there.
func TestSplice(t *testing.T) {
	t.Parallel()
	build := func(run uint64) (*vfs.Mem, []byte) {
		m := vfs.NewMem()
		l, _, _ := mustOpen(t, m, 0, wal.Options{})
		appendAll(t, l, run, 100, 100, 100, 100)
		syncAll(t, l)
		appendAll(t, l, run, 100)
		syncAll(t, l)
		b, err := vfs.ReadFile(m, segmentFiles(t, m)[0], 1<<20)
		require.NoError(t, err)
		return m, b
	}
	m, _ := build(1)
	_, other := build(2)
	for i := range 4 {
		c := clone(m)
		lo, hi := 32+i*124, 32+(i+1)*124
		edit(t, c, segmentFiles(t, c)[0], func(b []byte) []byte { copy(b[lo:hi], other[lo:hi]); return b })
		// The first record of a log follows nothing, so that there the one behind it gives it away.
		damage := requireCorrupt(t, c, 0, "does not follow the one before it")
		require.EqualValues(t, max(lo, 32+124), damage.Offset)
		c = clone(m)
		edit(t, c, segmentFiles(t, c)[0], func(b []byte) []byte { return append(b[:lo:lo], b[hi:]...) })
		requireCorrupt(t, c, 0, "should be here")
	}
}

// TestReadErrorIsNoDamage: a disk that cannot be read gives its error, and nothing is cut.
func TestReadErrorIsNoDamage(t *testing.T) {
	t.Parallel()
	m, all, _ := sample(t, false)
	failed := 0
	for n, hit := uint64(1), true; hit; n++ {
		hit = false
		inject := vfs.FailNth(n, false, &vfs.Fault{Err: errIO, Bytes: 50}, func(op vfs.Op) bool {
			return op.Kind == vfs.OpRead || op.Kind == vfs.OpReadAt
		})
		fsys := vfs.WithFaults(m, func(op vfs.Op) error { err := inject(op); hit = hit || err != nil; return err })
		_, found, got, err := openLog(fsys, 0, wal.Options{})
		if err == nil { // a short read whose rest could be read
			require.Zero(t, found.TornBytes)
			require.Equal(t, all, got)
			continue
		}
		require.ErrorIs(t, err, errIO)
		failed++
	}
	require.Greater(t, failed, 3)
	_, found, got := mustOpen(t, m, 0, wal.Options{})
	require.Zero(t, found.TornBytes)
	require.Equal(t, all, got)
}

// TestSalvage damages every byte: everything but the record that was hit is handed out, and what is missing is listed.
func TestSalvage(t *testing.T) {
	t.Parallel()
	m, all, _ := sample(t, true)
	salvage := func(c *vfs.Mem) ([]wal.Damage, []record) {
		var got []record
		damages, err := wal.Salvage(dir, &wal.Options{FS: c}, collect(&got))
		require.NoError(t, err)
		return damages, got
	}
	damages, got := salvage(m)
	require.Empty(t, damages)
	require.Equal(t, all, got)
	for _, file := range segmentFiles(t, m) {
		info, err := m.Stat(file)
		require.NoError(t, err)
		for at := range info.Size() {
			if at >= 8 && at < 12 {
				continue // the version
			}
			c := clone(m)
			edit(t, c, file, func(b []byte) []byte { b[at] ^= 0x10; return b })
			damages, got := salvage(c)
			require.NotEmpty(t, damages, "flip at %d of %s", at, file)
			require.Equal(t, file, damages[0].File)
			require.LessOrEqual(t, damages[0].Offset, at)
			missing := map[uint64]bool{}
			for _, d := range damages {
				for seq := d.From; seq <= d.To; seq++ {
					missing[seq] = true
				}
			}
			require.LessOrEqual(t, len(missing), 1)
			var want []record
			for _, r := range all {
				if !missing[r.seq] {
					want = append(want, r)
				}
			}
			require.Equal(t, want, got, "flip at %d of %s", at, file)
		}
	}
	gone := clone(m)
	require.NoError(t, gone.Remove(segmentFiles(t, m)[1]))
	damages, got = salvage(gone)
	require.Len(t, damages, 1)
	require.EqualValues(t, len(got)+1, damages[0].From)
	require.EqualValues(t, len(all), damages[0].To)
}
