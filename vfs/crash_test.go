package vfs_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
)

func TestCrashLosesWhatWasNotSynced(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	require.NoError(t, m.MkdirAll("d"))
	require.NoError(t, m.SyncDir("/"))
	write(t, m, "d/synced", "one", true)
	require.NoError(t, m.SyncDir("d"))
	write(t, m, "d/nodir", "two", true)
	write(t, m, "d/nosync", "three", false)
	f, err := m.OpenReadWrite("d/synced")
	require.NoError(t, err)
	_, err = f.WriteAt([]byte("ONE MORE"), 0)
	require.NoError(t, err)

	after := m.CrashClone(vfs.CrashOptions{})
	require.Equal(t, "one", read(t, after, "d/synced"))
	require.Equal(t, "(none)", read(t, after, "d/nodir"))
	require.Equal(t, "(none)", read(t, after, "d/nosync"))
	killed := m.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
	require.Equal(t, "ONE MORE", read(t, killed, "d/synced"))
	require.Equal(t, "three", read(t, killed, "d/nosync"))
	require.Equal(t, "ONE MORE", read(t, m, "d/synced"), "the original goes on")

	require.NoError(t, m.SyncDir("d"))
	after = m.CrashClone(vfs.CrashOptions{})
	require.Equal(t, "two", read(t, after, "d/nodir"))
	require.Empty(t, read(t, after, "d/nosync"), "the name is durable, the bytes are not")
	require.EqualValues(t, 6, after.Used())

	_, err = f.WriteAt([]byte("!"), 0)
	require.NoError(t, err)
	write(t, after, "d/synced", "changed", true)
	require.Equal(t, "!NE MORE", read(t, m, "d/synced"), "a clone shares nothing that can change")
}

func TestCrashUndoesNames(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	write(t, m, "a", "a", true)
	write(t, m, "b", "b", true)
	require.NoError(t, m.SyncDir("/"))
	require.NoError(t, m.Rename("a", "b"))
	after := m.CrashClone(vfs.CrashOptions{})
	require.Equal(t, "a b", read(t, after, "a")+" "+read(t, after, "b"))

	require.NoError(t, m.MkdirAll("x/y"))
	write(t, m, "x/y/f", "f", true)
	require.NoError(t, m.SyncDir("x/y"))
	after = m.CrashClone(vfs.CrashOptions{})
	require.Equal(t, "(none)", read(t, after, "x/y/f"), "the directory's own name was never synced")
	require.NoError(t, m.SyncDir("x"))
	require.NoError(t, m.SyncDir("/"))
	after = m.CrashClone(vfs.CrashOptions{})
	require.Equal(t, "f", read(t, after, "x/y/f"))
	require.Equal(t, "(none) a", read(t, after, "a")+" "+read(t, after, "b"))
}

// TestLoseSome checks that every mixture is possible, that renames stay whole, that synced bytes survive, and that a seed repeats itself.
func TestLoseSome(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	write(t, m, "old", "old", true)
	write(t, m, "log", "durable", true)
	require.NoError(t, m.SyncDir("/"))
	require.NoError(t, m.Rename("old", "new"))
	f, err := m.OpenReadWrite("log")
	require.NoError(t, err)
	_, err = f.WriteAt([]byte(string(make([]byte, 3000))), 4096)
	require.NoError(t, err)
	_, err = f.WriteAt([]byte("DURABLE and more"), 0)
	require.NoError(t, err)
	seen := map[string]int{}
	sizes := map[int]bool{}
	for seed := range uint64(300) {
		crash := func() *vfs.Mem {
			return m.CrashClone(vfs.CrashOptions{Loss: vfs.LoseSome, Rand: rand.New(rand.NewPCG(seed, 1))})
		}
		c := crash()
		names := read(t, c, "old") + read(t, c, "new")
		require.Contains(t, []string{"old(none)", "(none)old"}, names)
		log := read(t, c, "log")
		require.Contains(t, []string{"durable", "DURABLE"}, log[:7])
		seen[names+log[:7]]++
		sizes[len(log)] = true
		again := crash()
		require.Equal(t, log, read(t, again, "log"))
	}
	require.Len(t, seen, 4)
	require.Greater(t, len(sizes), 50)
	require.True(t, sizes[4096+3000])
}

// TestLoseSomeReorders writes sectors one after the other, unsynced, and finds crashes that keep the last and lost the first, the first and
// not the last, all, none, and mixtures; never anything that was not written.
func TestLoseSomeReorders(t *testing.T) {
	t.Parallel()
	const sectors = 24
	m := vfs.NewMem()
	write(t, m, "f", string(bytes.Repeat([]byte{'-'}, sectors*512)), true)
	require.NoError(t, m.SyncDir("/"))
	f, err := m.OpenReadWrite("f")
	require.NoError(t, err)
	for i := range sectors {
		_, err = f.WriteAt(bytes.Repeat([]byte{byte('a' + i)}, 512), int64(i)*512)
		require.NoError(t, err)
	}
	forms := map[string]int{}
	for seed := range uint64(400) {
		got := read(t, m.CrashClone(vfs.CrashOptions{Loss: vfs.LoseSome, Rand: rand.New(rand.NewPCG(seed, 2))}), "f")
		form := ""
		for i := range sectors {
			part := got[i*512 : (i+1)*512]
			require.Equal(t, strings.Repeat(part[:1], 512), part, "a sector is written whole or not at all")
			require.Contains(t, []string{"-", string(rune('a' + i))}, part[:1])
			if part[0] == '-' {
				form += "-"
			} else {
				form += "+"
			}
		}
		lost, kept := strings.Trim(form, "+") == "", strings.Trim(form, "-") == ""
		switch {
		case lost:
			forms["all"]++
		case kept:
			forms["none"]++
		case !strings.Contains(form, "-+"):
			forms["the first"]++
		case !strings.Contains(form, "+-"):
			forms["the last"]++
		default:
			forms["a mixture"]++
		}
	}
	for _, form := range []string{"all", "none", "the first", "the last"} {
		require.Greater(t, forms[form], 3, "%v", forms)
	}
	require.Greater(t, forms["a mixture"], 100)
}

// TestWriteBack: what the system writes by itself survives, and so what a sector held in between can be what a crash leaves.
func TestWriteBack(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 4))
		m := vfs.NewMem()
		write(t, m, "f", "one", true)
		require.NoError(t, m.SyncDir("/"))
		f, err := m.OpenReadWrite("f")
		require.NoError(t, err)
		for _, text := range []string{"two", "three"} {
			_, err = f.WriteAt([]byte(text), 0)
			require.NoError(t, err)
			m.WriteBack(r)
		}
		require.NoError(t, m.Rename("f", "g"))
		m.WriteBack(r)
		require.Equal(t, "three", read(t, m, "g"), "who reads sees no difference")
		c := m.CrashClone(vfs.CrashOptions{Loss: vfs.LoseUnsynced})
		names := read(t, c, "f") + read(t, c, "g")
		seen[strings.TrimPrefix(strings.TrimSuffix(names, "(none)"), "(none)")]++
		require.Equal(t, 1, strings.Count(names, "(none)"), "a rename is whole")
		require.NoError(t, f.Sync())
		require.NoError(t, m.SyncDir("/"))
		require.Equal(t, "three", read(t, m.CrashClone(vfs.CrashOptions{}), "g"))
	}
	for _, text := range []string{"one", "two", "three"} {
		require.Greater(t, seen[text], 10, "%v", seen)
	}
}

func BenchmarkCrashClone(b *testing.B) {
	m := vfs.NewMem()
	f, err := m.Create("f")
	require.NoError(b, err)
	_, err = f.Write(make([]byte, 1<<20))
	require.NoError(b, err)
	r := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		m.CrashClone(vfs.CrashOptions{Loss: vfs.LoseSome, Rand: r})
	}
}
