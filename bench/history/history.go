package history

import (
	"fmt"
	"math/bits"
	"strconv"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// DefaultEnd is the end of time of a history whose options give none: a Wednesday afternoon.
const DefaultEnd = "2025-10-22T15:00:00Z"

// Options describe a history. The zero value of a field means its default.
type Options struct {
	Rows        int64     // jobs; default 200,000, at most 10^12
	Seed        uint64    // default 0
	End         time.Time // the end of time, to the microsecond, in UTC; default DefaultEnd
	Days        int       // how far back the first job is; default a day for each 20,000 jobs, at least 7 and at most 365; at most 36,500
	Users       int       // default 100,000, at most 10,000,000
	LiveQueries int64     // default 2,000
}

// History makes the rows of one history. Its methods may be called by several goroutines at once.
type History struct {
	opts  Options
	clock *clock
	end   int64 // microseconds since 1970-01-01

	jobs, live, schemas source
	powers              *powers
	users               *zipf
	userNames           []string
	tables              *zipf
	tableNames          [][2]string // namespace, table
	jobTypes, statuses  *vec.Vec
	traces              *vec.Vec
	nodes               *vec.Vec
	tail                int64 // the number of jobs that have not ended
}

// New prepares a history. Errors: options that are out of range.
func New(opts Options) (*History, error) {
	end, err := time.Parse(time.RFC3339, DefaultEnd)
	if err != nil {
		return nil, err
	}
	if opts.End.IsZero() {
		opts.End = end
	}
	defaults := func(v *int64, otherwise int64) {
		if *v == 0 {
			*v = otherwise
		}
	}
	days, users := int64(opts.Days), int64(opts.Users)
	defaults(&opts.Rows, 200_000)
	defaults(&days, min(max(opts.Rows/20_000, 7), 365))
	defaults(&users, 100_000)
	defaults(&opts.LiveQueries, 2_000)
	switch {
	case opts.Rows < 0 || opts.Rows > 1e12:
		return nil, fmt.Errorf("a history of %d jobs is out of range: 1 to 10^12", opts.Rows)
	case days < 0 || days > 36_500:
		return nil, fmt.Errorf("a history of %d days is out of range: 1 to 36,500", days)
	case users < 0 || users > 10_000_000:
		return nil, fmt.Errorf("%d users are out of range: 1 to 10,000,000", users)
	case opts.LiveQueries < 0 || opts.LiveQueries > 1e12:
		return nil, fmt.Errorf("%d live queries are out of range: 1 to 10^12", opts.LiveQueries)
	case opts.End.Year() < 1 || opts.End.Year() > 9999:
		return nil, fmt.Errorf("the year %d is out of range: 1 to 9999", opts.End.Year())
	}
	opts.Days, opts.Users = int(days), int(users)
	return build(opts), nil
}

// build makes the tables from which rows are drawn.
func build(opts Options) *History {
	h := &History{
		opts: opts, end: opts.End.UnixMicro(), powers: newPowers(),
		jobs: newSource(opts.Seed, 1), live: newSource(opts.Seed, 2), schemas: newSource(opts.Seed, 3),
		users: newZipf(opts.Users, 20), userNames: make([]string, opts.Users), tail: min(3000, opts.Rows/20),
	}
	h.clock = newClock(opts.Seed, h.end, opts.Days)
	for k := range h.userNames {
		h.userNames[k] = userName(k)
	}
	for _, namespace := range namespaces {
		for _, table := range namespace.tables {
			h.tableNames = append(h.tableNames, [2]string{namespace.name, table})
		}
	}
	h.tables = newZipf(len(h.tableNames), 3)
	h.jobTypes = text(names(kinds[:], func(k kind) string { return k.name })...)
	h.statuses = text("pending", "running", "completed", "failed", "cancelled")
	h.traces = traces()
	node := make([]string, nodeCount)
	for i := range node {
		node[i] = "node-" + strconv.Itoa(i+1)
	}
	h.nodes = text(node...)
	return h
}

func text(values ...string) *vec.Vec { return vec.NewFlat(arrowschema.Text, values, nil) }

func names[T any](list []T, name func(T) string) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = name(x)
	}
	return out
}

// Options gives the options with their defaults filled in.
func (h *History) Options() Options { return h.opts }

// userName gives the k-th user's name: a first name, and from the hundredth on a number behind it.
func userName(k int) string {
	name := firstNames[k%len(firstNames)]
	if k >= len(firstNames) {
		name += strconv.Itoa(k/len(firstNames) + 1)
	}
	return name
}

// user draws a user, table a namespace and a table.
func (h *History) user(word uint64) string     { return h.userNames[h.users.draw(word)] }
func (h *History) table(word uint64) [2]string { return h.tableNames[h.tables.draw(word)] }

// traces gives every execution context: node, actor and thread, in the order of place.
func traces() *vec.Vec {
	out := make([]string, 0, nodeCount*actorCount*threadCount)
	for n := range nodeCount {
		for _, k := range kinds {
			for a := range k.actors {
				for t := range threadCount {
					out = append(out, fmt.Sprintf("node-%d:%s-actor-%d:thread-%d", n+1, k.name, a+1, t))
				}
			}
		}
	}
	return text(out...)
}

const hourMicros = 3_600_000_000

// clock maps positions in a history to times, with quiet and busy hours.
type clock struct {
	start int64    // of the first hour
	ends  []uint64 // ends[b] is the sum of weight × microseconds up to the end of hour b
	from  int64    // the first hour begins earlier than the history
	first uint64   // the sum at the beginning of the history
	total uint64   // the sum over the whole history
}

// hourWeights are the shares of the hours of a working day, UTC.
var hourWeights = [24]uint64{18, 14, 12, 12, 13, 18, 30, 52, 78, 94, 100, 97, 84, 90, 98, 99, 93, 82, 66, 54, 46, 38, 30, 23}

func newClock(seed uint64, end int64, days int) *clock {
	from := end - int64(days)*24*hourMicros
	c := &clock{from: from, start: floorDiv(from, hourMicros) * hourMicros}
	sum := uint64(0)
	for t := c.start; t < end; t += hourMicros {
		w := hourWeight(seed, floorDiv(t, hourMicros))
		if t <= from {
			c.first = sum + w*uint64(from-t)
		}
		if t+hourMicros >= end {
			c.total = sum + w*uint64(end-t) - c.first
		}
		sum += w * hourMicros
		c.ends = append(c.ends, sum)
	}
	return c
}

// hourWeight gives the weight of an hour since 1970-01-01, a Thursday: 48 to 1200, less at weekends.
func hourWeight(seed uint64, hour int64) uint64 {
	day := floorDiv(hour, 24)
	w := hourWeights[hour-day*24] * (800 + below(mix(seed^mix(uint64(day)*golden)), 401)) / 100
	if weekday := (day%7 + 7 + 4) % 7; weekday == 0 || weekday == 6 {
		w = w * 45 / 100
	}
	return w
}

// at gives the time of the i-th of n rows; jitter moves it within its share. hint is an hour at or before it, and the result's hour.
func (c *clock) at(i, n int64, jitter uint64, hint int) (micros int64, hour int) {
	hi, lo := bits.Mul64(uint64(i), c.total)
	at, _ := bits.Div64(hi, lo, uint64(n))
	hi, lo = bits.Mul64(uint64(i+1), c.total)
	next, _ := bits.Div64(hi, lo, uint64(n))
	at += below(jitter, max(next-at, 1)) + c.first
	for c.ends[hint] <= at {
		hint++
	}
	begin := uint64(0)
	if hint > 0 {
		begin = c.ends[hint-1]
	}
	weight := (c.ends[hint] - begin) / hourMicros
	return c.start + int64(hint)*hourMicros + int64((at-begin)/weight), hint
}

// hour finds the hour of the i-th of n rows or one shortly before it.
func (c *clock) hour(i, n int64) int {
	hi, lo := bits.Mul64(uint64(i), c.total)
	at, _ := bits.Div64(hi, lo, uint64(n))
	at += c.first
	low, high := 0, len(c.ends)-1
	for low < high {
		if mid := (low + high) / 2; c.ends[mid] <= at {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
