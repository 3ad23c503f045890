package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/bench/embedded"
	"github.com/stoadb/stoa/bench/room"
	"github.com/stoadb/stoa/sql/copyio"
)

// part gives the number of rows that are in memory before they are flushed, 0 when all stay there. It refuses what cannot fit, and says so when a history
// is to be flushed that nobody asked to flush.
func (o *genOptions) part(s *streams) (int64, error) {
	n := &room.Need{What: "to hold " + o.words() + " in memory", Dir: o.dir, Hint: "Ask for fewer rows, or give --cold: rows are then flushed to Parquet files while they come."}
	held := o.rows
	if o.flush {
		held -= o.rows / 2
	}
	n.Disk, n.Memory = o.rows*room.JobLogged+o.live*room.LiveLogged, room.Process+held*room.JobHeld+o.live*room.LiveHeld
	why := o.room.Check(n)
	if o.hot || o.flush || why == nil && !o.cold {
		return 0, why
	}
	cold := &room.Need{What: "to flush " + o.words(), Dir: o.dir, Hint: "Ask for fewer rows, name a directory with more room, or give the process more memory."}
	part := embedded.AddFlushing(o.room, cold, o.rows, o.live)
	if err := o.room.Check(cold); err != nil {
		return 0, err
	}
	var refused *sqlstate.Error
	if errors.As(why, &refused) && !o.cold {
		fmt.Fprintf(s.err, "NOTICE:  %s: they are flushed to Parquet files, %s at a time\n", refused.Message, count(part, "row", "rows"))
	}
	return part, nil
}

// words says what is to be made.
func (o *genOptions) words() string {
	return fmt.Sprintf("%s and %s", count(o.rows, "job", "jobs"), count(o.live, "live query", "live queries"))
}

// roomForFile refuses a file that cannot fit, and a process that cannot write one of any size.
func (o *genOptions) roomForFile(format copyio.Format) error {
	// Bytes a job, and some above: 302 of CSV, 449 of NDJSON, 54 of Parquet. Packed ones take less than a third.
	perJob := map[copyio.Format]int64{copyio.CSV: 330, copyio.NDJSON: 490, copyio.Parquet: 60}[format]
	if ext := filepath.Ext(o.out); ext == ".gz" || ext == ".zst" {
		perJob = 105
	}
	n := &room.Need{What: "to write " + count(o.rows, "job", "jobs") + " to " + o.out, Dir: filepath.Dir(o.out), Disk: o.rows * perJob, Memory: room.Process,
		Hint: "Ask for fewer --rows, name a directory with more room (.parquet, .csv.zst and .ndjson.zst take least), or give the process more memory."}
	if info, err := os.Stat(o.out); err == nil && !info.Mode().IsRegular() {
		n.Disk = 0 // a pipe or a device
	}
	return o.room.Check(n)
}
