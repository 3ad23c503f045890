package embedded

import (
	"fmt"

	"github.com/stoadb/stoa/bench/room"
)

// The numbers of rows that are worth flushing together: beyond the largest files and row groups get no better, below the least they get many.
const (
	Part      = 10_000_000
	LeastPart = 25_000
)

// AddFlushing adds to a need what a history takes that is flushed while it comes, and gives the number of rows to flush at a time: Part, or fewer where
// memory or the disk would not have room for them beside what is needed already and the process itself.
func AddFlushing(r room.Room, n *room.Need, jobs, live int64) (part int64) {
	n.Disk += jobs*room.JobFlushed + live*room.LiveFlushed
	n.Memory += room.Process
	part = Part
	if free, known := r.Memory(); known {
		part = min(part, (free-n.Memory)/16*15/room.JobFlushing) // other processes take some before it is checked
	}
	if free, known := r.Disk(n.Dir); known {
		part = min(part, (free-n.Disk)/room.JobLogged)
	}
	part = min(max(part, LeastPart), max(jobs, live))
	n.Disk, n.Memory = n.Disk+part*room.JobLogged, n.Memory+part*room.JobFlushing
	return part
}

// Need estimates what a run of the benchmarks takes below a directory and in memory: a flushed database always, and with hot or writes rows that stay in memory, too.
// (Measured with 1,000,000 jobs, all of it: 680 bytes a job on disk, 1,070 in memory.) It gives the number of rows to flush at a time besides.
func Need(r room.Room, dir string, jobs, live int64, hot, writes bool) (n *room.Need, part int64) {
	n = &room.Need{What: fmt.Sprintf("to run the benchmarks on %d jobs and %d live queries", jobs, live), Dir: dir, Hint: "Ask for fewer rows."}
	if hot || writes {
		n.Disk, n.Memory = jobs*room.JobLogged+live*room.LiveLogged, jobs*room.JobHeld+live*room.LiveHeld
		n.Hint = "Ask for fewer rows; without rows in memory and without writes (--cold --no-writes) it takes less."
	}
	part = AddFlushing(r, n, jobs, live)
	return n, part
}
