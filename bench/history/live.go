package history

import (
	"strconv"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// The random words of a live query, by what they decide, behind the two of its id.
const (
	liveUser    = 2
	liveTable   = 3
	liveQuery   = 4
	liveOptions = 5
	liveChanges = 6 // and the next
	liveNode    = 8
	liveCreated = 9
	liveIdle    = 10
	liveZero    = 11
	liveIdleFor = 12
)

const (
	changesMean   = 9 * 65536 // 512
	changesSpread = 350
	minuteMicros  = 60_000_000
)

// liveOptionTexts are the shapes of options, in jsonb's canonical text, with their shares of a hundred; the empty one is NULL.
var liveOptionTexts = [6]struct {
	text string
	upTo uint64
}{
	{`{"buffer_size": 1000}`, 35}, {`{"last_rows": 100, "buffer_size": 1000}`, 65}, {`{"last_rows": 50, "buffer_size": 5000}`, 80},
	{`{"last_rows": 10}`, 88}, {`{"last_rows": 0, "buffer_size": 2000}`, 95}, {"", 100},
}

// LiveQueries gives rows from to from+n-1 of system.live_queries, all columns in the table's order; at most MaxBatch, fewer than n at the end,
// nil behind it.
func (h *History) LiveQueries(from int64, n int) *vec.Batch {
	n = int(min(int64(n), h.opts.LiveQueries-from, MaxBatch))
	if n <= 0 || from < 0 {
		return nil
	}
	ids, nodes, changes := make([][16]byte, n), make([]uint16, n), make([]int64, n)
	created, updated := make([]int64, n), make([]int64, n)
	users, spaces, tables := make([]string, n), make([]string, n), make([]string, n)
	queries, options, given := newStrings(n, 64), make([]string, n), make(vec.Bitmap, (n+63)/64)
	for i := range n {
		r := h.live.row(from + int64(i))
		ids[i] = uuidOf(r)
		users[i] = h.user(r.word(liveUser))
		t := h.table(r.word(liveTable))
		spaces[i], tables[i] = t[0], t[1]
		queries.data = appendQuery(queries.data, r.word(liveQuery), t, users[i])
		queries.end()
		if options[i] = optionsOf(below(r.word(liveOptions), 100)); options[i] != "" {
			given.Set(i)
		}
		nodes[i] = uint16(below(r.word(liveNode), nodeCount))
		created[i], updated[i], changes[i] = h.activity(r)
	}
	ts := arrowschema.Timestamp
	return &vec.Batch{N: n, Cols: []*vec.Vec{
		vec.NewFlat(arrowschema.UUID, ids, nil), text(users...), text(spaces...), text(tables...), queries.vec(arrowschema.Text, nil),
		vec.NewFlat(arrowschema.JSONB, options, given), vec.NewFlat(arrowschema.Int8, changes, nil), vec.NewDict(nodes, h.nodes, nil),
		vec.NewFlat(ts, created, nil), vec.NewFlat(ts, updated, nil),
	}}
}

func optionsOf(share uint64) string {
	for _, o := range liveOptionTexts {
		if share < o.upTo {
			return o.text
		}
	}
	return ""
}

// appendQuery appends one of four subscriptions.
func appendQuery(b []byte, w uint64, table [2]string, user string) []byte {
	b = append(append(append(append(b, "SELECT * FROM "...), table[0]...), '.'), table[1]...)
	switch below(w, 10) {
	case 0, 1, 2, 3, 4:
		return append(append(append(b, " WHERE user_id = '"...), user...), '\'')
	case 5, 6:
		return strconv.AppendUint(append(b, " WHERE id > "...), below(w*golden, 1_000_000), 10)
	case 7:
		return append(b, " WHERE created_at > now() - INTERVAL '1 hour'"...)
	}
	return b
}

// activity decides when a live query was opened, when it was notified last, and how often.
func (h *History) activity(r row) (created, updated, changes int64) {
	age := minuteMicros + int64(below(r.word(liveCreated), 48*hourMicros-minuteMicros))
	created = h.end - age
	idle := int64(below(r.word(liveIdleFor), minuteMicros))
	switch share := below(r.word(liveIdle), 100); {
	case share < 10:
		idle = hourMicros + int64(below(r.word(liveIdleFor), 20*hourMicros))
	case share < 20:
		idle = 10*minuteMicros + int64(below(r.word(liveIdleFor), 50*minuteMicros))
	}
	updated = max(created, h.end-1-idle)
	changes = h.powers.logNormal(r.word(liveChanges), r.word(liveChanges+1), changesMean, changesSpread)
	if below(r.word(liveZero), 100) < 8 {
		changes, updated = 0, created
	}
	return created, updated, changes
}
