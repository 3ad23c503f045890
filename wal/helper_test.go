package wal_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

const dir = "db/wal"

// record is what a test appended or read.
type record struct {
	seq  uint64
	kind byte
	data string
}

// payload makes the content of a record, which only its sequence and its run determine.
func payload(run, seq uint64, size int) []byte {
	b := make([]byte, size)
	src := rand.NewChaCha8([32]byte{byte(run), byte(seq), byte(seq >> 8), byte(seq >> 16)})
	_, _ = src.Read(b)
	if size >= 8 {
		binary.LittleEndian.PutUint64(b, seq)
	}
	return b
}

// collect returns a replay function that notes what it is given.
func collect(into *[]record) wal.ReplayFunc {
	return func(seq uint64, kind byte, payload []byte) error {
		*into = append(*into, record{seq, kind, string(payload)})
		return nil
	}
}

// openLog opens a log and returns what it replayed.
func openLog(fsys vfs.FS, from uint64, o wal.Options) (*wal.Log, wal.Recovery, []record, error) {
	var got []record
	o.FS = fsys
	l, found, err := wal.Open(dir, from, &o, collect(&got))
	return l, found, got, err
}

func mustOpen(t require.TestingT, fsys vfs.FS, from uint64, o wal.Options) (*wal.Log, wal.Recovery, []record) {
	l, found, got, err := openLog(fsys, from, o)
	require.NoError(t, err)
	return l, found, got
}

// appendAll appends records of the given sizes and returns them.
func appendAll(t require.TestingT, l *wal.Log, run uint64, sizes ...int) []record {
	var out []record
	for _, size := range sizes {
		p := payload(run, l.Last()+1, size)
		seq, err := l.Append(byte(size), p[:size/3], nil, p[size/3:])
		require.NoError(t, err)
		out = append(out, record{seq, byte(size), string(p)})
	}
	return out
}

func syncAll(t require.TestingT, l *wal.Log) {
	require.NoError(t, l.Sync(context.Background(), l.Last()))
}

// requirePrefix checks that got are the first records of all, up to at least the sequence acked, or none above it are missing.
func requirePrefix(t require.TestingT, all, got []record, acked uint64, context ...any) {
	require.LessOrEqual(t, len(got), len(all), context...)
	for i := range got {
		if got[i] != all[i] {
			require.Fail(t, fmt.Sprintf("record %d of %d: got %d (type %d, %d bytes), want %d (type %d, %d bytes)", i, len(got),
				got[i].seq, got[i].kind, len(got[i].data), all[i].seq, all[i].kind, len(all[i].data)), context...)
		}
	}
	if len(got) < len(all) {
		require.Greater(t, all[len(got)].seq, acked, context...)
	}
}

// segmentFiles returns the names of the segments of the log.
func segmentFiles(t testing.TB, fsys vfs.FS) []string {
	entries, err := fsys.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		if name := e.Name(); name != "CLEAN" {
			names = append(names, dir+"/"+name)
		}
	}
	return names
}

// edit changes a file's bytes, durably.
func edit(t testing.TB, fsys vfs.FS, name string, change func([]byte) []byte) {
	b, err := vfs.ReadFile(fsys, name, 1<<30)
	require.NoError(t, err)
	b = change(b)
	f, err := fsys.Create(name)
	require.NoError(t, err)
	_, err = f.Write(b)
	require.NoError(t, err)
	require.NoError(t, f.Sync())
	require.NoError(t, f.Close())
}

// torture returns how many times as long as usual a test is to run: 100 times what STOA_TORTURE says.
func torture(t testing.TB) uint64 {
	text := os.Getenv("STOA_TORTURE")
	if text == "" {
		return 1
	}
	times, err := strconv.ParseUint(text, 10, 32)
	require.NoError(t, err)
	return 100 * times
}

func clone(m *vfs.Mem) *vfs.Mem { return m.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing}) }

// place is where a frame stands in a segment.
type place struct {
	off, end int64
	seal     bool
}

// places returns where the frames of a sound segment stand.
func places(b []byte) (out []place) {
	for at := int64(32); at+24 <= int64(len(b)) && binary.LittleEndian.Uint64(b[at+8:]) > 0; {
		p := place{off: at, end: at + 24, seal: binary.LittleEndian.Uint32(b[at+4:]) > wal.MaxRecord}
		if !p.seal {
			p.end += int64(binary.LittleEndian.Uint32(b[at+4:]))
		}
		out = append(out, p)
		at = p.end
	}
	return out
}

// records returns where the records of a sound segment stand.
func records(b []byte) []place {
	return slices.DeleteFunc(places(b), func(p place) bool { return p.seal })
}

// recordsEnd returns where the last record ends.
func recordsEnd(b []byte) int64 {
	if r := records(b); len(r) > 0 {
		return r[len(r)-1].end
	}
	return 32
}
