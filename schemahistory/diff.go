package schemahistory

import (
	"slices"
	"sort"
	"strconv"

	"github.com/stoadb/stoa/arrowschema/arrowjson"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// DifferenceKind says what differs in a column.
type DifferenceKind string

// The kinds of differences. From and To of a Difference hold:
const (
	Added       DifferenceKind = "added"       // To: the type, then what else is not the usual: see Difference
	Dropped     DifferenceKind = "dropped"     // From: likewise
	Renamed     DifferenceKind = "renamed"     // the names
	Replaced    DifferenceKind = "replaced"    // the type, which is the same: another column of that name at that place, or its rows were rewritten
	Retyped     DifferenceKind = "retyped"     // the types; where Arrow has one type for both, those of SQL: "numeric(10,2)"
	Nullability DifferenceKind = "nullability" // "nullable", "not null"
	Dictionary  DifferenceKind = "dictionary"  // "dict_id 0", "dict_id 1 ordered"
	Metadata    DifferenceKind = "metadata"    // JSON objects with their keys in order
	Moved       DifferenceKind = "moved"       // the places, counted from 1
	Options     DifferenceKind = "options"     // JSON objects; of the schema only
)

// Difference is one thing in which two schemas differ. All differences between two schemas, together, make the newer one of the older one.
//
// The text of a column that was added or dropped is its type in the contract's spelling, then, where they are not the usual, " not null",
// " dict_id N", " ordered" and its metadata as a JSON object.
type Difference struct {
	Kind     DifferenceKind `json:"kind"`
	Column   string         `json:"column,omitempty"`   // the name in the newer schema, of a dropped column that in the older; "" for the schema as a whole
	Position int            `json:"position,omitempty"` // the column's place in that schema, from 1; 0 for the schema as a whole
	From     string         `json:"from,omitempty"`
	To       string         `json:"to,omitempty"`
}

// Diff tells what differs from version a to version b, in the order of b's columns, dropped ones where they stood in a. It is empty, and not nil, when
// nothing does. a may be nil: then everything was added.
//
// Columns are the same by their IDs where both versions know them, or, rewritten, by their ordinals; otherwise by name. Types are compared as the trees that their texts stand for; an
// elided `Struct([...])` equals only itself. The length of a varchar and the like, which Arrow-JSON does not say, differ where both versions know them;
// defaults do not differ here.
//
// IDs and ordinals are those of one table. Versions under one name may be of several tables, when one was dropped and another made: use History.Diff, which knows.
// A schema that is not Arrow-JSON is 22P02.
func Diff(a, b *Version) ([]Difference, error) {
	older, err := a.parse()
	if err != nil {
		return nil, err
	}
	newer, err := b.parse()
	if err != nil {
		return nil, err
	}
	m := matched(a, b, older, newer)
	out := wholeSchema(older, newer)
	dropped := m.droppedAfter()
	for _, i := range dropped[-1] {
		out = append(out, droppedColumn(older, i))
	}
	for j := range newer.Fields {
		i := m.from[j]
		if i < 0 {
			out = append(out, Difference{Kind: Added, Column: newer.Fields[j].Name, Position: j + 1, To: describe(newer.Fields[j])})
			continue
		}
		out = appendColumn(out, columnPair{&older.Fields[i], &newer.Fields[j], a.typeText(older, i), b.typeText(newer, j), m.sameColumn(a, b, j)}, j)
		if !m.stays[j] {
			out = append(out, Difference{Kind: Moved, Column: newer.Fields[j].Name, Position: j + 1, From: strconv.Itoa(i + 1), To: strconv.Itoa(j + 1)})
			continue
		}
		for _, i := range dropped[i] {
			out = append(out, droppedColumn(older, i))
		}
	}
	return out, nil
}

// parse reads the schema of a version; that of nil is empty.
func (v *Version) parse() (*arrowjson.Schema, error) {
	if v == nil {
		return &arrowjson.Schema{}, nil
	}
	s, err := arrowjson.ParseSchema(v.Schema)
	if err != nil {
		return nil, sqlstate.Wrap(sqlstate.CodeOf(err), err, "schema version %d", v.Number)
	}
	return s, nil
}

// columnIDs gives the IDs of a version's columns, nil when it does not know them of all fields.
func (v *Version) columnIDs(s *arrowjson.Schema) []int32 {
	if v == nil || len(v.Columns) != len(s.Fields) {
		return nil
	}
	return v.Columns
}

// ordinals gives the ordinals of a version's columns, nil when it does not know them of all fields.
func (v *Version) ordinals(s *arrowjson.Schema) []int32 {
	if v == nil || len(v.Ordinals) != len(s.Fields) {
		return nil
	}
	return v.Ordinals
}

// typeText gives the SQL type of a field, "" when the version does not know it.
func (v *Version) typeText(s *arrowjson.Schema, i int) string {
	if v == nil || len(v.Types) != len(s.Fields) {
		return ""
	}
	return v.Types[i]
}

// matching pairs the columns of two schemas.
type matching struct {
	from  []int  // per column of the newer schema its place in the older one, -1 when it was added
	to    []int  // the other way round
	stays []bool // per column of the newer schema: it is one of the greatest set of pairs that stand in the same order in both
	byID  bool
}

// matched pairs the columns: by ID where both know them, and those that are left by ordinal. Versions of a time when ordinals were not kept leave columns of the
// same name, at the same place among the pairs.
func matched(a, b *Version, older, newer *arrowjson.Schema) *matching {
	m := &matching{from: make([]int, len(newer.Fields)), to: make([]int, len(older.Fields)), stays: make([]bool, len(newer.Fields))}
	for i := range m.from {
		m.from[i] = -1
	}
	for i := range m.to {
		m.to[i] = -1
	}
	names := make(map[string]int, len(older.Fields))
	for i, f := range older.Fields {
		names[f.Name] = i
	}
	aIDs, bIDs := a.columnIDs(older), b.columnIDs(newer)
	m.byID = aIDs != nil && bIDs != nil
	if !m.byID {
		for j, f := range newer.Fields {
			if i, ok := names[f.Name]; ok {
				m.pair(i, j)
			}
		}
		m.findStays()
		return m
	}
	ids := make(map[int32]int, len(aIDs))
	for i, id := range aIDs {
		ids[id] = i
	}
	for j, id := range bIDs {
		if i, ok := ids[id]; ok && m.to[i] < 0 {
			m.pair(i, j)
		}
	}
	if aOrdinals, bOrdinals := a.ordinals(older), b.ordinals(newer); aOrdinals != nil && bOrdinals != nil {
		m.pairRewritten(aOrdinals, bOrdinals)
		m.findStays()
		return m
	}
	m.findStays()
	m.pairReplaced(newer, names)
	return m
}

// pairRewritten pairs columns of one ordinal and different IDs.
func (m *matching) pairRewritten(a, b []int32) {
	places := make(map[int32]int, len(a))
	for i, n := range a {
		places[n] = i
	}
	for j, n := range b {
		if i, ok := places[n]; ok && m.from[j] < 0 && m.to[i] < 0 {
			m.pair(i, j)
		}
	}
}

func (m *matching) pair(i, j int) { m.from[j], m.to[i] = i, j }

// pairReplaced pairs columns of one name and different IDs that stand at the same place among those that stay, and in the same order as each other.
func (m *matching) pairReplaced(newer *arrowjson.Schema, names map[string]int) {
	before := make([]int, len(m.to)) // how many columns that stay stand before the column of the older schema
	n := 0
	for i, j := range m.to {
		before[i] = n
		if j >= 0 && m.stays[j] {
			n++
		}
	}
	n = 0
	var paired []int
	for j, f := range newer.Fields {
		i, ok := names[f.Name]
		if ok && m.from[j] < 0 && m.to[i] < 0 && before[i] == n {
			m.pair(i, j)
			paired = append(paired, j)
		} else if m.stays[j] {
			n++
		}
	}
	m.findStays()
	for _, j := range paired {
		if !m.stays[j] { // one that crosses another is a column that was dropped and one that was added
			m.to[m.from[j]], m.from[j] = -1, -1
		}
	}
	m.findStays()
}

// findStays finds a longest increasing subsequence of from, in O(n log n): the fewest columns are said to have moved.
func (m *matching) findStays() {
	clear(m.stays)
	var ends []int // ends[k] is the column that ends the best subsequence of k+1 pairs
	previous := make([]int, len(m.from))
	for j, i := range m.from {
		if i < 0 {
			continue
		}
		k := sort.Search(len(ends), func(k int) bool { return m.from[ends[k]] > i })
		previous[j] = -1
		if k > 0 {
			previous[j] = ends[k-1]
		}
		if k == len(ends) {
			ends = append(ends, j)
		} else {
			ends[k] = j
		}
	}
	if len(ends) == 0 {
		return
	}
	for j := ends[len(ends)-1]; j >= 0; j = previous[j] {
		m.stays[j] = true
	}
}

// droppedAfter lists the dropped columns under the place, in the older schema, of the column that stays before them; -1 when there is none.
func (m *matching) droppedAfter() map[int][]int {
	dropped := map[int][]int{}
	anchor := -1
	for i, j := range m.to {
		switch {
		case j < 0:
			dropped[anchor] = append(dropped[anchor], i)
		case m.stays[j]:
			anchor = i
		}
	}
	return dropped
}

// sameColumn tells whether the pair of column j is one column for all that is known.
func (m *matching) sameColumn(a, b *Version, j int) bool {
	return !m.byID || a.Columns[m.from[j]] == b.Columns[j]
}

// Version gives a version by its number.
func (h *History) Version(number int64) (*Version, bool) {
	if h == nil || number < 1 || number > h.Last() {
		return nil, false
	}
	return &h.Versions[number-1], true
}

// Diff tells what differs from one version to another of the name; from 0 is the empty schema before the first version. Columns are told by their IDs
// only where both versions are of the same table. A version that is not there is 42704.
func (h *History) Diff(from, to int64) ([]Difference, error) {
	a, err := h.need(from, true)
	if err != nil {
		return nil, err
	}
	b, err := h.need(to, false)
	if err != nil {
		return nil, err
	}
	if a != nil && slices.ContainsFunc(h.Versions[min(from, to)-1:max(from, to)-1], Version.ends) {
		byName := *a
		byName.Columns, byName.Ordinals = nil, nil
		a = &byName
	}
	return Diff(a, b)
}

func (h *History) need(number int64, orNone bool) (*Version, error) {
	if number == 0 && orNone {
		return nil, nil
	}
	if v, ok := h.Version(number); ok {
		return v, nil
	}
	err := sqlstate.New(sqlstate.UndefinedObject, "schema version %d does not exist", number)
	if last := h.Last(); last > 0 {
		err.Hint = "The versions of " + h.Name.String() + " are 1 to " + strconv.FormatInt(last, 10) + "."
	}
	return nil, err
}
