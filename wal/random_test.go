package wal_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// damaged is a log that was damaged by chance.
type damaged struct {
	m       *vfs.Mem
	how     end
	all     []record
	what    string // was done to it
	changed bool   // whether that changed any byte
	flips   bool   // whether it was nothing but flipped bits
	behind  bool   // whether it was behind the records of a segment only, where there are seals and zeros
}

// randomLog makes a log of up to a dozen segments, of records of any size, with groups of any length.
func randomLog(t testing.TB, r *rand.Rand) *damaged {
	d := &damaged{m: vfs.NewMem(), how: end(r.IntN(int(ends)))}
	o := wal.Options{SegmentBytes: int64(500 + r.IntN(20_000)), Durability: wal.Full}
	l, _, _ := mustOpen(t, d.m, 0, o)
	for range 1 + r.IntN(30) {
		size := r.IntN(300)
		if r.IntN(10) == 0 {
			size = r.IntN(9000)
		}
		d.all = append(d.all, appendAll(t, l, 3, size)...)
		if r.IntN(3) == 0 {
			syncAll(t, l)
		}
		if r.IntN(15) == 0 {
			if r.IntN(2) == 0 {
				require.NoError(t, l.Close())
			} else {
				syncAll(t, l) // and abandon it, as a killed process does
			}
			l, _, _ = mustOpen(t, d.m, 0, o)
		}
	}
	syncAll(t, l)
	switch d.how {
	case closed:
		require.NoError(t, l.Close())
	case powerCut:
		d.m = d.m.CrashClone(vfs.CrashOptions{})
	}
	return d
}

// harm damages one file.
func (d *damaged) harm(t testing.TB, r *rand.Rand) {
	files := segmentFiles(t, d.m)
	if d.how == closed {
		files = append(files, dir+"/CLEAN")
	}
	i := r.IntN(len(files))
	file := files[i]
	kind := r.IntN(9)
	d.flips = kind < 4
	edit(t, d.m, file, func(b []byte) []byte {
		before, full := string(b), int64(-1)
		if i < len(segmentFiles(t, d.m)) {
			full = recordsEnd(b)
		}
		at := r.IntN(len(b))
		switch kind {
		default: // up to four bits, one after the other: two may be the same
			d.what = "flip"
			for n := range 1 + r.IntN(4)*r.IntN(2) {
				if n > 0 {
					at = r.IntN(len(b))
				}
				b[at] ^= 1 << r.IntN(8)
			}
		case 4:
			d.what, b = "cut", b[:at]
		case 5:
			d.what = "sector of zeros"
			clear(b[at&^511 : min(at&^511+512, len(b))])
		case 6:
			d.what = "sector of noise"
			for i := at &^ 511; i < min(at&^511+512, len(b)); i++ {
				b[i] = byte(r.Uint32())
			}
		case 7:
			d.what = "part from elsewhere"
			copy(b[at:], b[r.IntN(len(b)):])
		case 8:
			d.what = "appended"
			b = append(b, b[r.IntN(len(b)):]...)
		}
		d.behind = len(b) >= int(full) && full >= 0 && string(b[:full]) == before[:full]
		d.changed = string(b) != before
		d.what = fmt.Sprintf("%s: %s at %d of %s", d.how, d.what, at, file)
		return b
	})
}

// judge opens the damaged log and sees that it has a prefix, or is refused with file and offset, as the kind of damage and the end of the
// log permit; and that salvaging it gives nothing but true records, and what is wrong if it was refused.
func (d *damaged) judge(t testing.TB) (refused bool) {
	var saved []record
	damages, err := wal.Salvage(dir, &wal.Options{FS: d.m}, collect(&saved))
	require.NoError(t, err, d.what)
	at := 0
	for _, r := range saved {
		for at < len(d.all) && d.all[at].seq < r.seq {
			at++
		}
		require.Less(t, at, len(d.all), d.what)
		require.True(t, d.all[at] == r, "%s: a wrong record %d", d.what, r.seq)
		at++
	}
	missing := len(d.all) - len(saved)
	l, found, got, err := openLog(d.m, 0, wal.Options{})
	if err != nil {
		var corrupt *wal.CorruptError
		require.ErrorAs(t, err, &corrupt, d.what)
		there, serr := vfs.Exists(d.m, corrupt.File)
		require.NoError(t, serr)
		require.True(t, there, d.what)
		require.GreaterOrEqual(t, corrupt.Offset, int64(0))
		require.True(t, d.changed, d.what)
		require.NotEmpty(t, damages, "%s: %v", d.what, err)
		return true
	}
	requirePrefix(t, d.all, got, 0, d.what)
	require.LessOrEqual(t, len(got), len(saved), d.what)
	if d.behind || !d.changed {
		require.Equal(t, len(d.all), len(got), d.what)
	}
	if len(got) < len(d.all) {
		require.NotEqual(t, closed, d.how, d.what)
		require.False(t, d.flips && d.how == killed, "%s: %d of %d records", d.what, len(got), len(d.all))
		if d.flips {
			require.Positive(t, found.TornBytes, "%s: not reported", d.what)
		}
	}
	require.True(t, missing == 0 || len(got) < len(d.all), d.what)
	require.NoError(t, l.Close())
	_, again, _ := mustOpen(t, d.m, 0, wal.Options{})
	require.True(t, again.Clean, d.what)
	return false
}

// TestRandomDamage damages logs by chance: bits, cuts, sectors, pieces that belong elsewhere. STOA_SEED is the seed to begin with.
func TestRandomDamage(t *testing.T) {
	t.Parallel()
	first, _ := strconv.ParseUint(os.Getenv("STOA_SEED"), 10, 64)
	refused, cut := 0, 0
	for seed := first; seed < first+150*torture(t); seed++ {
		r := rand.New(rand.NewPCG(seed, 21))
		d := randomLog(t, r)
		for range 10 {
			c := *d
			c.m = clone(d.m)
			c.harm(t, r)
			c.what = fmt.Sprintf("STOA_SEED=%d: %s", seed, c.what)
			if c.judge(t) {
				refused++
			} else {
				cut++
			}
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d refused, %d opened", refused, cut)
	require.Greater(t, refused, 100)
	require.Greater(t, cut, 100)
}
