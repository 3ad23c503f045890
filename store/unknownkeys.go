package store

import (
	"errors"
	"fmt"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// A file that cannot be read keeps nobody from a key that is found elsewhere: no key has two rows. What nobody can know is whether the file has a key that is
// found nowhere. But of a key whose row the statement at hand has deleted it is known that no file has it, so that such a row can be put there anew.

// unknownKeys is the error of a search for keys some of which were not found, while a file could not be searched.
type unknownKeys struct {
	cause error   // of the first such file, with its name
	rows  []int32 // those of the search that were not found, in order
}

// Error names the file.
func (e *unknownKeys) Error() string { return e.cause.Error() }

// Unwrap gives the cause.
func (e *unknownKeys) Unwrap() error { return e.cause }

// refusal is the error of a statement that would put a row there whose key a file may have.
func (e *unknownKeys) refusal() error {
	var coded *sqlstate.Error
	if !errors.As(Worded(e), &coded) {
		return e
	}
	out := *coded
	out.Hint = "The file may have a row with the same key. Put it back, from a backup for example, or run stoa verify --salvage, which gives up what is lost."
	return &out
}

// stillUnknown gives the first row of a batch whose key a file may have: of those that a search could not tell, the first whose key no hot row has, nor one had
// that the statement has deleted; the number of rows when there is none.
func (t *txTable) stillUnknown(cold *coldRows, k int, cols []*vec.Vec, unknown *unknownKeys) (int, error) {
	x, err := t.deletedKeys(cold, k)
	if err != nil {
		return 0, err
	}
	hot, hashes := make([]tables.RowID, cols[0].N), make([]uint64, cols[0].N)
	t.hot.Find(k, cols, hot)
	cold.db.keys.hasher.Keys(cols, hashes)
	for _, i := range unknown.rows {
		known := hot[i] != 0 && !t.gone.Gone(hot[i])
		if x != nil && !known {
			x.each(hashes[i], cols, int(i), func(int) bool {
				known = true
				return false
			})
		}
		if !known {
			return int(i), nil
		}
	}
	return cols[0].N, nil
}

// deletedKeys indexes a key of the rows that the statement has deleted, as far as they can be read, until it deletes more; nil when there are none.
func (t *txTable) deletedKeys(cold *coldRows, k int) (*groupIndex, error) {
	if x, ok := t.replaced[k]; ok {
		return x, nil
	}
	key := t.def.Keys[k]
	b, err := t.hot.Fetch(t.deletedHot(), key.Columns)
	if err != nil {
		return nil, fmt.Errorf("the keys of deleted rows: %w", err)
	}
	parts := []*vec.Batch{b}
	for number, positions := range t.deletes {
		ids := make([]tables.RowID, 0, positions.GetCardinality())
		for _, p := range positions.ToArray() {
			ids = append(ids, tables.ColdID(number, p))
		}
		if b, err := fetchRows(cold, t.hot, ids, key.Columns); err == nil {
			parts = append(parts, b)
		} else if ended := cold.ctx.Err(); ended != nil {
			return nil, ended
		}
	}
	x := t.indexKeys(cold.db, key, parts)
	if t.replaced == nil {
		t.replaced = map[int]*groupIndex{}
	}
	t.replaced[k] = x
	return x, nil
}

// indexKeys indexes the rows of batches of key columns; nil when there are none.
func (t *txTable) indexKeys(db *DB, key schemahistory.Key, parts []*vec.Batch) *groupIndex {
	n := 0
	for _, b := range parts {
		n += b.N
	}
	if n == 0 {
		return nil
	}
	cols := make([]*vec.Vec, len(key.Columns))
	for i, c := range key.Columns {
		rows := vec.NewBuilder(t.def.Columns[c].Type, n)
		for _, b := range parts {
			rows.Append(b.Cols[i])
		}
		cols[i] = rows.Vec()
	}
	return newGroupIndex(groupKey{}, cols, db.keys.hasher)
}

// deletedHot lists the hot rows that the statement has deleted one by one, not those that it has cleared away.
func (t *txTable) deletedHot() []tables.RowID {
	few, many := t.gone.deaths()
	ids := append([]tables.RowID{}, few...)
	for _, d := range many {
		for offset := range tables.MaxSegmentRows {
			if d.Rows.Has(offset) {
				ids = append(ids, tables.HotID(d.Segment, offset))
			}
		}
	}
	return ids
}
