package main

import (
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
)

// What a generated job takes, in bytes, and a little more. Measured with 1,000,000 and 4,000,000 jobs: 207 in the log; 340 to 400 of resident memory while
// they are written, 360 when they are read again.
const (
	diskPerJob   = 420 // its record in the log, and as much in a checkpoint
	memoryPerJob = 450 // in a hot segment with its key index
)

// roomFor refuses, before anything is done, what cannot fit: jobs that are written below a directory, and jobs that are held in memory. Where the system
// does not tell how much there is, nothing is refused.
func roomFor(dir string, written, held int64) error {
	if free, ok := freeDisk(dir); ok && written*diskPerJob > free {
		return sqlstate.New(sqlstate.DiskFull, "to write %s takes about %s on disk, and there is %s", count(written, "job", "jobs"), render.Bytes(written*diskPerJob), render.Bytes(free)).
			WithHint("Ask for fewer --rows, or name a directory with more room.")
	}
	if free, ok := freeMemory(); ok && held*memoryPerJob > free {
		return sqlstate.New(sqlstate.OutOfMemory, "to hold %s takes about %s of memory, and there is %s", count(held, "job", "jobs"), render.Bytes(held*memoryPerJob), render.Bytes(free)).
			WithHint("Ask for fewer --rows. stoa gen --out writes a history of any size to a file.")
	}
	return nil
}
