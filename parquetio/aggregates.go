package parquetio

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/schemahistory"
)

// Aggregates in the footer: for each row group, and in it for each combination of values of a few columns, the number of rows and what aggregate
// functions make of the others, so that a query that asks for no more reads no pages. Key stoa.aggregates has them in base64:
//
//	version     1 byte, 1
//	group by    number of columns, then the field id of each
//	measures    number, then of each: kind, field id, and of a difference the field id that is taken away
//	strings     number, then of each: length, bytes
//	row groups  number, then of each: number of groups + 1, or 0 when the row group has no aggregates; of each group
//	              of each column of the group by: the number of the string + 1, or 0 for NULL
//	              rows
//	              of each measure: values + 1, or 0 when unknown; and if there are values, except of a count:
//	                least (zigzag), greatest less least, sum less values × least (low 64 bits, high 64 bits)
//
// All numbers are Thrift's and protobuf's varints. A count says how many rows are not NULL; the other measures are of integers, dates, times and
// timestamps as the file stores them, and of differences between timestamps of a row, in microseconds, where neither is NULL. A measure is unknown when
// a value is infinite or a difference does not fit into 64 bits. Floating-point columns have only counts, because the order of addition would show; numerics too.
const aggregatesVersion = 1

// The kinds of measures.
const (
	measureCount      = 0
	measureValue      = 1
	measureDifference = 2
)

// AggregateOptions say what aggregates a Writer puts into the footer.
type AggregateOptions struct {
	// GroupBy names the columns whose values make groups: text that the definition calls Dictionary. Empty means those that
	// are NOT NULL and of which the first row group shows few values, in the table's order.
	GroupBy []string
	// MaxGroups bounds the groups of a row group, 0 means 64: a row group with more has no aggregates.
	MaxGroups int
	// MaxBytes bounds what all aggregates of the file take, 0 means 1 MiB: row groups behind it have none.
	MaxBytes int
}

const (
	defaultMaxGroups      = 64
	defaultAggregateBytes = 1 << 20
	// maxGroupCells bounds the table that finds a row's group.
	maxGroupCells = 1 << 16
	// maxGroupValues is the number of distinct values up to which a column is taken to group by, if none is named.
	maxGroupValues = 16
)

// measure is something that is aggregated.
type measure struct {
	kind int
	a, b int // columns; b is taken away from a
}

// aggregator makes the aggregates of a file.
type aggregator struct {
	opts     AggregateOptions
	def      *schemahistory.TableDefinition
	groupBy  []int         // if none is named, the first row group chooses it
	chosen   chan struct{} // closed when that is done
	measures []measure
	strings  []string
	places   map[string]int
	groups   []byte // the row groups so far
	count    int
	full     bool
}

func newAggregator(def *schemahistory.TableDefinition, forms []form, opts *AggregateOptions) (*aggregator, error) {
	a := &aggregator{opts: *opts, def: def, places: map[string]int{}, measures: measuresOf(def, forms), chosen: make(chan struct{})}
	if a.opts.MaxGroups == 0 {
		a.opts.MaxGroups = defaultMaxGroups
	}
	if a.opts.MaxBytes == 0 {
		a.opts.MaxBytes = defaultAggregateBytes
	}
	for _, name := range opts.GroupBy {
		i := def.Find(name)
		if i < 0 || !groupable(&def.Columns[i]) || slices.Contains(a.groupBy, i) {
			return nil, fmt.Errorf("table %s: aggregates cannot be grouped by \"%s\"", def.Name, name)
		}
		a.groupBy = append(a.groupBy, i)
	}
	return a, nil
}

func groupable(c *schemahistory.Column) bool {
	return c.Dictionary && (c.Type == arrowschema.Text || c.Type == arrowschema.Varchar)
}

// measuresOf gives the measures of a table: its integers and times, the differences of its timestamps, later columns less earlier ones, and the
// number of values of every other column that may be NULL.
func measuresOf(def *schemahistory.TableDefinition, forms []form) (out []measure) {
	var stamps []int
	for i, c := range def.Columns {
		switch {
		case c.Type.Physical() == arrowschema.Ints && !forms[i].textual:
			out = append(out, measure{kind: measureValue, a: i})
		case !c.NotNull:
			out = append(out, measure{kind: measureCount, a: i})
		}
		if c.Type == arrowschema.Timestamp || c.Type == arrowschema.TimestampTZ {
			stamps = append(stamps, i)
		}
	}
	const most = 6 // differences
	for _, a := range stamps {
		for _, b := range stamps {
			if a > b && def.Columns[a].Type == def.Columns[b].Type && len(stamps)*(len(stamps)-1)/2 <= most {
				out = append(out, measure{kind: measureDifference, a: a, b: b})
			}
		}
	}
	return out
}

// groupAggregates are the aggregates of a row group: by measure, then by group.
type groupAggregates struct {
	*grouping
	states [][]aggState
}

// of aggregates the row group that the buffers hold, nil when it has too many groups. Several row groups may be aggregated at once, once the first is begun.
// The result is valid until g is used again.
func (a *aggregator) of(number int, cols []*columnBuffer, rows int, g *grouping) *groupAggregates {
	if number == 0 {
		if len(a.opts.GroupBy) == 0 {
			a.groupBy = a.chooseGroups(cols, rows, g)
		}
		a.decided()
	}
	<-a.chosen
	if !a.group(cols, a.groupBy, rows, g) {
		return nil
	}
	out := &groupAggregates{grouping: g}
	for _, m := range a.measures {
		out.states = append(out.states, g.measure(cols, m))
	}
	return out
}

// decided says that it is settled what to group by. It is called for the first row group only, more than once.
func (a *aggregator) decided() {
	select {
	case <-a.chosen:
	default:
		close(a.chosen)
	}
}

// add takes the aggregates of the next row group.
func (a *aggregator) add(g *groupAggregates) {
	a.count++
	if g == nil || a.full {
		a.groups = append(a.groups, 0)
		return
	}
	before := len(a.groups)
	a.groups = binary.AppendUvarint(a.groups, uint64(len(g.rows))+1)
	for k := range g.rows {
		for _, c := range g.keys[k] {
			a.groups = binary.AppendUvarint(a.groups, a.key(c))
		}
		a.groups = binary.AppendUvarint(a.groups, uint64(g.rows[k]))
		for i, m := range a.measures {
			a.groups = g.states[i][k].append(a.groups, m.kind)
		}
	}
	if a.size() > a.opts.MaxBytes {
		a.groups, a.full = append(a.groups[:before], 0), true
	}
}

// size is about what the entry takes.
func (a *aggregator) size() int {
	n := len(a.groups) + 16*len(a.measures)
	for _, s := range a.strings {
		n += len(s) + 2
	}
	return n * 4 / 3
}

// key gives the number that stands for a string, nil being NULL.
func (a *aggregator) key(s *string) uint64 {
	if s == nil {
		return 0
	}
	place, ok := a.places[*s]
	if !ok {
		a.strings = append(a.strings, *s)
		place = len(a.strings)
		a.places[*s] = place
	}
	return uint64(place)
}

// chooseGroups adds column by column as long as there are few groups.
func (a *aggregator) chooseGroups(cols []*columnBuffer, rows int, g *grouping) []int {
	chosen := []int{}
	for i := range cols {
		if c := &a.def.Columns[i]; !groupable(c) || !c.NotNull || !cols[i].coded() || len(cols[i].table.entries) > maxGroupValues {
			continue
		}
		if more := append(slices.Clone(chosen), i); a.group(cols, more, rows, g) {
			chosen = more
		}
	}
	return chosen
}

// grouping says to which group each row of a row group belongs. Its memory is used again for the next one.
type grouping struct {
	of   []uint16    // by row
	rows []int64     // by group
	keys [][]*string // by group, by column

	cells    []uint32 // by row, and places those of groups: scratch space
	places   []uint16
	some     []uint16 // what the measures need of it
	to, from []int64
}

// group finds the groups of the rows, in the order in which they appear; false when there are too many.
func (a *aggregator) group(cols []*columnBuffer, by []int, rows int, g *grouping) bool {
	cells, cell := 1, sized(&g.cells, rows)
	clear(cell)
	for _, c := range by {
		b := cols[c]
		if !b.coded() || cells*(len(b.table.entries)+1) > maxGroupCells {
			return false
		}
		width := uint32(len(b.table.entries) + 1)
		next := 0
		for i := range cell {
			cell[i] *= width
			if b.valid.Get(i) {
				cell[i] += uint32(b.codes[next]) + 1
				next++
			}
		}
		cells *= int(width)
	}
	places := sized(&g.places, cells) // of groups, plus one
	clear(places)
	g.of, g.rows, g.keys = sized(&g.of, rows), g.rows[:0], g.keys[:0]
	var firsts []uint32
	for i, c := range cell {
		if places[c] == 0 {
			if len(g.rows) == min(a.opts.MaxGroups, 1<<15) {
				return false
			}
			g.rows, firsts = append(g.rows, 0), append(firsts, c)
			places[c] = uint16(len(g.rows))
		}
		g.of[i] = places[c] - 1
		g.rows[places[c]-1]++
	}
	for _, c := range firsts {
		key := make([]*string, len(by))
		for k := len(by) - 1; k >= 0; k-- {
			entries := cols[by[k]].table.entries
			if code := int(c) % (len(entries) + 1); code > 0 {
				key[k] = &entries[code-1]
			}
			c /= uint32(len(entries) + 1)
		}
		g.keys = append(g.keys, key)
	}
	return true
}

// entry gives the value of key stoa.aggregates; "" when no row group has aggregates.
func (a *aggregator) entry() string {
	if !slices.ContainsFunc(a.groups, func(b byte) bool { return b != 0 }) {
		return ""
	}
	out := binary.AppendUvarint([]byte{aggregatesVersion}, uint64(len(a.groupBy)))
	id := func(col int) { out = binary.AppendUvarint(out, uint64(a.def.Columns[col].ID)) }
	for _, c := range a.groupBy {
		id(c)
	}
	out = binary.AppendUvarint(out, uint64(len(a.measures)))
	for _, m := range a.measures {
		out = append(out, byte(m.kind))
		id(m.a)
		if m.kind == measureDifference {
			id(m.b)
		}
	}
	out = binary.AppendUvarint(out, uint64(len(a.strings)))
	for _, s := range a.strings {
		out = append(binary.AppendUvarint(out, uint64(len(s))), s...)
	}
	out = append(binary.AppendUvarint(out, uint64(a.count)), a.groups...)
	return base64.StdEncoding.EncodeToString(out)
}
