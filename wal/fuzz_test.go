package wal_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// FuzzSegment opens a log whose last segment is anything: it is refused, or opens with a prefix, cut such that it opens the same again.
// Reading and salvaging it end as well.
func FuzzSegment(f *testing.F) {
	m := vfs.NewMem()
	l, _, err := wal.Open(dir, 0, &wal.Options{FS: m}, nil)
	require.NoError(f, err)
	appendAll(f, l, 1, 3, 0, 90)
	syncAll(f, l)
	appendAll(f, l, 1, 20, 7)
	syncAll(f, l)
	name := segmentFiles(f, m)[0]
	whole, err := vfs.ReadFile(m, name, 1<<20)
	require.NoError(f, err)
	f.Add(whole, uint16(0), byte(0), uint16(0))
	f.Add(whole, uint16(40), byte(1), uint16(3))
	f.Add(whole[:33], uint16(0), byte(0), uint16(0))
	f.Add([]byte("stoa.wal"), uint16(0), byte(0), uint16(0))
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		f.Add(whole, uint16(r.IntN(len(whole))), byte(r.Uint32()), uint16(r.IntN(60)))
	}
	f.Fuzz(func(t *testing.T, data []byte, at uint16, with byte, drop uint16) {
		c := clone(m)
		edit(t, c, name, func([]byte) []byte {
			b := append([]byte(nil), data...)
			if int(at) < len(b) {
				b[at] ^= with
			}
			return b[:len(b)-min(int(drop), len(b))]
		})
		var read []record
		_, rerr := wal.Replay(dir, 0, &wal.Options{FS: c}, collect(&read))
		var saved []record
		damages, serr := wal.Salvage(dir, &wal.Options{FS: c}, collect(&saved))
		_, found, got, err := openLog(c, 0, wal.Options{})
		var corrupt *wal.CorruptError
		if err != nil {
			require.True(t, errors.As(err, &corrupt) || errors.Is(err, wal.ErrVersion), "%v", err)
			require.Equal(t, err.Error(), rerr.Error())
			require.True(t, serr != nil || len(damages) > 0, "%v", err)
			return
		}
		require.NoError(t, errors.Join(rerr, serr))
		require.Equal(t, got, read)
		requirePrefix(t, saved, got, 0)
		_, again, got2 := mustOpen(t, c, 0, wal.Options{})
		require.Equal(t, got, got2)
		require.Zero(t, again.TornBytes)
		require.Equal(t, found.Last, again.Last)
	})
}

// FuzzMark puts anything in the place of the mark of a clean close: the log is refused, unless it is the mark that was there.
func FuzzMark(f *testing.F) {
	m, all, _ := sample(f, closed)
	name := dir + "/CLEAN"
	whole, err := vfs.ReadFile(m, name, 1<<10)
	require.NoError(f, err)
	f.Add(whole)
	f.Add(whole[:43])
	f.Add(append(bytes.Clone(whole), 0))
	f.Add([]byte{})
	for at := range whole {
		b := bytes.Clone(whole)
		b[at] ^= 0x40
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := clone(m)
		edit(t, c, name, func([]byte) []byte { return data })
		_, found, got, err := openLog(c, 0, wal.Options{})
		if bytes.Equal(data, whole) {
			require.NoError(t, err)
			require.True(t, found.Clean)
			require.Equal(t, all, got)
			return
		}
		var corrupt *wal.CorruptError
		require.True(t, errors.As(err, &corrupt) || errors.Is(err, wal.ErrVersion) || len(data) > 1<<10 && err != nil, "%v", err)
	})
}
