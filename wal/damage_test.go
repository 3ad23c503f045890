package wal_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// end says how a log was left.
type end int

const (
	closed   end = iota
	killed       // as the system had it when the process died
	powerCut     // what was synced, and nothing else
	ends
)

func (e end) String() string { return [...]string{"closed", "killed", "power cut"}[e] }

// sample returns a log of two segments, all its records, and the last that a later one says is durable. All are.
func sample(t testing.TB, how end) (m *vfs.Mem, all []record, synced uint64) {
	m = vfs.NewMem()
	l, _, _ := mustOpen(t, m, 0, wal.Options{SegmentBytes: 700})
	all = append(all, appendAll(t, l, 1, 200, 300, 0, 17, 250)...)
	syncAll(t, l)
	all = append(all, appendAll(t, l, 1, 5)...)
	synced = l.Last() - 1
	all = append(all, appendAll(t, l, 1, 40, 41, 60)...)
	syncAll(t, l)
	switch how {
	case closed:
		require.NoError(t, l.Close())
	case powerCut:
		m = m.CrashClone(vfs.CrashOptions{})
	}
	require.Len(t, segmentFiles(t, m), 2)
	return m, all, synced
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

// TestCutAtEveryByte cuts each segment at every byte. If it is the last one of a log that was not closed, what is left is the longest
// prefix, and the rest is cut off and reported. Else the log is refused; only the seal behind a full segment may be missing.
func TestCutAtEveryByte(t *testing.T) {
	t.Parallel()
	for how := range ends {
		m, all, _ := sample(t, how)
		files := segmentFiles(t, m)
		for fi, file := range files {
			whole, err := vfs.ReadFile(m, file, 1<<20)
			require.NoError(t, err)
			for cut := range int64(len(whole)) {
				c := clone(m)
				edit(t, c, file, func(b []byte) []byte { return b[:cut] })
				l, found, got, err := openLog(c, 0, wal.Options{})
				var corrupt *wal.CorruptError
				if fi == 0 && cut >= recordsEnd(whole) {
					require.NoError(t, err)
					require.Equal(t, all, got)
					continue
				}
				if how == closed || fi == 0 || cut < 32 {
					require.ErrorAs(t, err, &corrupt, "%s, cut at %d", how, cut)
					require.Equal(t, file, corrupt.File)
					require.LessOrEqual(t, corrupt.Offset, cut)
					continue
				}
				require.NoError(t, err)
				end, n := int64(32), firstOf(all, file)
				for _, p := range places(whole) {
					if p.end <= cut {
						end = p.end
						if !p.seal {
							n++
						}
					}
				}
				torn := len(bytes.TrimRight(whole[end:cut], "\x00"))
				if n == len(all) && end > recordsEnd(whole) { // behind the last seal: zeros, its copy, zeros
					torn = 0
				}
				require.Equal(t, all[:n], got, "%s, cut at %d", how, cut)
				require.EqualValues(t, torn, found.TornBytes, "%s, cut at %d", how, cut)
				if found.TornBytes > 0 {
					require.Equal(t, file, found.TornFile)
					require.Equal(t, end, found.TornOffset)
				}
				more := appendAll(t, l, 2, 33)
				require.NoError(t, l.Close())
				info, err := c.Stat(file)
				require.NoError(t, err)
				require.LessOrEqual(t, info.Size(), end+24+24+33, "the torn end is gone, and there is no padding")
				_, found, got = mustOpen(t, c, 0, wal.Options{})
				require.True(t, found.Clean)
				require.Equal(t, append(all[:n:n], more...), got)
			}
		}
	}
}

// TestFlipAtEveryByte changes every byte of every file. A log with a damaged record is refused, unless it is of the last group that was
// synced before a power cut: then nothing tells it from a torn one, and the log ends before it, and says so. Damage to what holds no record
// is repaired, and never makes one.
func TestFlipAtEveryByte(t *testing.T) {
	t.Parallel()
	for how := range ends {
		m, all, synced := sample(t, how)
		files := segmentFiles(t, m)
		if how == closed {
			files = append(files, dir+"/CLEAN")
		}
		for fi, file := range files {
			whole, err := vfs.ReadFile(m, file, 1<<20)
			require.NoError(t, err)
			full := int64(len(whole))
			if fi == 0 || fi == 1 && how != closed {
				full = recordsEnd(whole)
			}
			for at := range int64(len(whole)) {
				c := clone(m)
				edit(t, c, file, func(b []byte) []byte { b[at] ^= 1 << (at % 8); return b })
				_, found, got, err := openLog(c, 0, wal.Options{})
				if err != nil {
					var corrupt *wal.CorruptError
					require.ErrorAs(t, err, &corrupt)
					require.Equal(t, file, corrupt.File)
					require.LessOrEqual(t, corrupt.Offset, at)
					require.Less(t, at, full, "%s, flip at %d of %s", how, at, file)
					continue
				}
				where := fmt.Sprintf("%s, flip at %d of %s", how, at, file)
				if at >= full {
					require.Equal(t, all, got, where)
					continue
				}
				require.Equal(t, powerCut, how, where)
				require.Equal(t, 1, fi, where)
				requirePrefix(t, all, got, 0)
				require.GreaterOrEqual(t, found.Last, synced, where)
				require.Less(t, found.Last, all[len(all)-1].seq, where)
				require.Positive(t, found.TornBytes, where)
			}
		}
	}
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// rewrite gives the only segment of a log the format version 1: no salt, no seals, no zeros.
func rewrite(b []byte) []byte {
	le := binary.LittleEndian
	clear(b[24:28])
	b[8] = 1
	le.PutUint32(b[28:], crc32.Checksum(b[:28], castagnoli))
	out, chain := bytes.Clone(b[:32]), uint32(0)
	for _, p := range places(b) {
		if p.seal {
			continue
		}
		f := b[p.off:p.end]
		le.PutUint32(f[16:], chain)
		chain = crc32.Update(crc32.Checksum(f[24:], castagnoli), castagnoli, f[4:24])
		le.PutUint32(f, chain)
		out = append(out, f...)
	}
	return out
}

// TestVersion1 opens a log of the format before, and goes on with it.
func TestVersion1(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	l, _, _ := mustOpen(t, m, 0, wal.Options{})
	all := appendAll(t, l, 1, 100, 0, 5000)
	syncAll(t, l)
	edit(t, m, segmentFiles(t, m)[0], rewrite)
	l, found, got := mustOpen(t, m, 0, wal.Options{SegmentBytes: 6000})
	require.Equal(t, all, got)
	require.Zero(t, found.TornBytes)
	all = append(all, appendAll(t, l, 1, 100, 900, 100)...)
	require.NoError(t, l.Close())
	require.Len(t, segmentFiles(t, m), 2)
	_, _, got = mustOpen(t, m, 0, wal.Options{})
	require.Equal(t, all, got)
}

// TestSplice puts records of another log with the same sequences and lengths in the place of those that belong there. The salt tells, and
// in a log of version 1, which has none, the chain.
func TestSplice(t *testing.T) {
	t.Parallel()
	build := func(run uint64, old bool) (*vfs.Mem, []byte) {
		m := vfs.NewMem()
		l, _, _ := mustOpen(t, m, 0, wal.Options{})
		appendAll(t, l, run, 100, 100, 100, 100)
		syncAll(t, l)
		appendAll(t, l, run, 100)
		syncAll(t, l)
		file := segmentFiles(t, m)[0]
		if old {
			edit(t, m, file, rewrite)
		}
		b, err := vfs.ReadFile(m, file, 1<<20)
		require.NoError(t, err)
		return m, b
	}
	for _, old := range []bool{false, true} {
		m, _ := build(1, old)
		_, other := build(2, old)
		for i := range 4 {
			c := clone(m)
			p := records(other)[i]
			lo, hi := p.off, p.end
			edit(t, c, segmentFiles(t, c)[0], func(b []byte) []byte { copy(b[lo:hi], other[lo:hi]); return b })
			if old { // the first record of a log follows nothing, so that there the one behind it gives it away
				damage := requireCorrupt(t, c, 0, "does not follow the one before it")
				require.EqualValues(t, max(lo, records(other)[1].off), damage.Offset)
			} else {
				damage := requireCorrupt(t, c, 0, "was durable when byte")
				require.EqualValues(t, lo, damage.Offset)
			}
			c = clone(m)
			edit(t, c, segmentFiles(t, c)[0], func(b []byte) []byte { return append(b[:lo:lo], b[hi:]...) })
			requireCorrupt(t, c, 0, "should be here")
		}
	}
}

// TestReadErrorIsNoDamage: a disk that cannot be read gives its error, and nothing is cut.
func TestReadErrorIsNoDamage(t *testing.T) {
	t.Parallel()
	m, all, _ := sample(t, killed)
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
	m, all, _ := sample(t, closed)
	salvage := func(c *vfs.Mem) ([]wal.Damage, []record) {
		var got []record
		damages, err := wal.Salvage(dir, &wal.Options{FS: c}, collect(&got))
		require.NoError(t, err)
		return damages, got
	}
	damages, got := salvage(m)
	require.Empty(t, damages)
	require.Equal(t, all, got)
	bare := clone(m)
	for _, file := range segmentFiles(t, m) {
		require.NoError(t, bare.Remove(file))
	}
	damages, got = salvage(bare)
	require.Empty(t, got)
	require.Len(t, damages, 1, "the mark says that there was a log")
	require.Contains(t, segmentFiles(t, m), damages[0].File)
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
