// Package room asks before work begins whether its rows will fit the disk and the memory, so that it is refused at once and not after an hour.
//
// What a row takes was measured and is given with a little above. Where the system does not tell how much there is, nothing is refused: then the work ends with
// the error that the system gives.
package room

import (
	"fmt"
	"math"
	"runtime/debug"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// What a generated row takes, in bytes. Measured with 1,000,000 and 4,000,000 rows: a job takes 207 in the log and 370 to 450 of resident memory while it is
// written, 54 to 70 in flushed files and what is left of the log, and 62 in DuckDB's; a live query 139, 250 and 60.
const (
	JobLogged   = 420 // its record in the log, and as much in a checkpoint
	JobFlushing = 800 // in memory, while those that are there are flushed
	JobFlushed  = 80
	JobHeld     = 480 // in a hot segment with its key index
	LiveLogged  = 290
	LiveFlushed = 80
	LiveHeld    = 320
)

// Process is what a process takes before it holds a row, in bytes: the program, the scratch of those that generate, insert and encode, what is not collected yet.
// A control group of 250 MB is enough to flush 159,000 rows at a time beside it; with 200,000 the kernel ends the process.
const Process = 110_000_000

// Need is what some work takes.
type Need struct {
	What         string // begins the sentence: "to write 1,000 jobs"
	Dir          string // where the disk's part is written
	Disk, Memory int64  // bytes; 0 for none worth asking about
	Hint         string
}

// Room tells how many bytes may be written below a directory, and how many of memory this process may have; false where that is not known.
type Room struct {
	Disk   func(dir string) (int64, bool)
	Memory func() (int64, bool)
}

// System is the room that the system gives: the disk's free bytes for this user, and memory that can be had without swapping, within what the control groups
// and the limit of the address space (ulimit -v) leave, and within the limit that Go has now (GOMEMLIMIT).
func System() Room {
	limit := debug.SetMemoryLimit(-1)
	return Room{Disk: freeDisk, Memory: func() (int64, bool) {
		free, ok := freeMemory()
		if limit < math.MaxInt64 && (!ok || limit < free) {
			return limit, true
		}
		return free, ok
	}}
}

// Keep has Go collect early enough to stay within the memory that the system gives: the heap would else double before it is collected, and the kernel would end
// the process. It is for programs, before their work: the limit is the whole process' and stays. An eighth is left to what Go does not count: the program's own
// pages, the kernel's for files and for page tables.
func Keep() {
	if free, ok := freeMemory(); ok {
		debug.SetMemoryLimit(min(debug.SetMemoryLimit(-1), max(free-free/8, Process)))
	}
}

// Check refuses what cannot fit, with 53100 for the disk and 53200 for memory.
func (r Room) Check(n *Need) error {
	if free, ok := r.Disk(n.Dir); ok && n.Disk > free {
		return sqlstate.New(sqlstate.DiskFull, "%s takes about %s on disk, and there is %s", n.What, Bytes(n.Disk), Bytes(free)).WithHint("%s", n.Hint)
	}
	if free, ok := r.Memory(); ok && n.Memory > free {
		return sqlstate.New(sqlstate.OutOfMemory, "%s takes about %s of memory, and there is %s", n.What, Bytes(n.Memory), Bytes(free)).WithHint("%s", n.Hint)
	}
	return nil
}

// Bytes words a size: "1.5 GB", "20 MB".
func Bytes(n int64) string {
	if n < 1e9 {
		return fmt.Sprintf("%.0f MB", math.Ceil(float64(n)/1e6))
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
