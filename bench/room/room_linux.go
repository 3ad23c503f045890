package room

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// freeDisk gives the bytes that may be written below a directory, or below the nearest one that is there.
func freeDisk(dir string) (int64, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return 0, false
	}
	for {
		var st unix.Statfs_t
		if err := unix.Statfs(dir, &st); err == nil {
			return int64(st.Bavail) * st.Bsize, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return 0, false
		}
		dir = up
	}
}

// freeMemory gives the bytes that can be had without swapping, as the kernel estimates them, and no more than the process's control groups and the limit of
// its address space leave.
func freeMemory() (int64, bool) {
	return least(available, func() (int64, bool) {
		groups, err := os.ReadFile("/proc/self/cgroup")
		if err != nil {
			return 0, false
		}
		return groupsLeave("/sys/fs/cgroup", string(groups))
	}, addressesLeft)
}

// least gives the least of those that are known.
func least(limits ...func() (int64, bool)) (free int64, known bool) {
	for _, limit := range limits {
		if n, ok := limit(); ok && (!known || n < free) {
			free, known = n, true
		}
	}
	return free, known
}

func available() (int64, bool) {
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(info)) {
		if rest, ok := strings.CutPrefix(line, "MemAvailable:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib << 10, err == nil
		}
	}
	return 0, false
}

// What the address space is yet taken for without holding anything, in bytes: arenas that Go takes whole and never gives back, and the stack and the arena that
// the C library, in a program that is linked with it, gives each thread. Measured with 2 processors: 160 MB, and 250 MB with the C library.
const (
	arenas    = 192 << 20
	perThread = 72 << 20
)

// addressesLeft gives the bytes that the limit of the address space leaves. Go reserves more than a gigabyte of it at the start, which counts as taken.
func addressesLeft() (int64, bool) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_AS, &limit); err != nil || limit.Cur > math.MaxInt64 {
		return 0, false
	}
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	pages, _, _ := strings.Cut(string(text), " ")
	taken, err := strconv.ParseInt(pages, 10, 64)
	taken = taken*int64(os.Getpagesize()) + arenas + perThread*int64(runtime.GOMAXPROCS(0))
	return max(int64(limit.Cur)-taken, 0), err == nil
}
