package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// coldRows is the flushed rows of a table, as a statement or a snapshot sees them.
type coldRows struct {
	ctx     context.Context
	db      *DB
	def     *schemahistory.TableDefinition
	files   []*FileRef
	deleted func(f *FileRef, position uint32) bool
}

// cold gives the table's flushed rows as the statement sees them.
func (tx *Tx) cold(t *txTable) *coldRows {
	c := &coldRows{ctx: tx.ctx, db: tx.db, def: t.def, files: t.files, deleted: t.coldDeleted}
	if len(t.added) > 0 || len(t.removed) > 0 {
		c.files = nil
		for _, f := range slices.Concat(t.files, t.added) {
			if !t.removed[f.Number] {
				c.files = append(c.files, f)
			}
		}
	}
	return c
}

// deletedIn tells whether a row of a file of a snapshot is deleted.
func deletedIn(f *FileRef, position uint32) bool {
	return f.Deletes != nil && f.Deletes.Contains(position)
}

func (c *coldRows) file(number uint32) *FileRef {
	for _, f := range c.files {
		if f.Number == number {
			return f
		}
	}
	return nil
}

// find fills in ids, where they are 0, the flushed rows that have the keys of cols and are not deleted.
//
// Row groups are asked in the order of what asking costs: the bounds of the key's first column, the bloom filter, and only for the keys that both let through
// an index over the group's key columns, which is made once and kept. A single insert so reads nothing of ten million flushed rows, and an
// import that meets all its rows again reads each group's keys once.
//
// A file that cannot be searched is passed over: only when a key is found nowhere else the answer is an *unknownKeys.
func (c *coldRows) find(key schemahistory.Key, cols []*vec.Vec, ids []tables.RowID) error {
	if len(c.files) == 0 {
		return nil
	}
	search := newColdSearch(c, key, cols, ids)
	var lost error
	for _, f := range c.files {
		if len(search.open) == 0 {
			break
		}
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if err := search.file(f); err != nil {
			if err = fmt.Errorf("looking for keys in %s: %w", f.Path, err); c.ctx.Err() != nil {
				return err
			}
			lost = cmp.Or(lost, err)
		}
	}
	if lost != nil && len(search.open) > 0 {
		return &unknownKeys{cause: lost, rows: search.open}
	}
	return nil
}

// coldSearch is the search of some keys in a table's files.
type coldSearch struct {
	rows   *coldRows
	key    schemahistory.Key
	name   string // of the key, in the cache
	cols   []*vec.Vec
	hashes []uint64
	ids    []tables.RowID
	open   []int32 // rows that are not found yet

	may    []int32  // those of open that may be in the row group at hand
	blooms []uint64 // what bloom filters of the file at hand hold of the rows' keys; nil when they cannot be asked
	group  []uint64 // hashes of the row group's keys
}

func newColdSearch(c *coldRows, key schemahistory.Key, cols []*vec.Vec, ids []tables.RowID) *coldSearch {
	s := &coldSearch{rows: c, key: key, cols: cols, ids: ids, hashes: make([]uint64, len(ids))}
	for _, col := range key.Columns {
		s.name += strconv.Itoa(int(c.def.Columns[col].ID)) + c.def.Columns[col].Type.Name() + ","
	}
	whole := c.db.keys.hasher.Keys(cols, s.hashes)
	for i, id := range ids {
		if id == 0 && whole.Get(i) {
			s.open = append(s.open, int32(i))
		}
	}
	return s
}

// file searches a file.
func (s *coldSearch) file(f *FileRef) error {
	file, err := s.rows.db.opts.openCold(s.rows.ctx, s.rows.db, f)
	if err != nil {
		return err
	}
	cols := make([]coldColumn, len(s.key.Columns))
	for i, c := range s.key.Columns {
		if cols[i], err = coldColumnOf(file, &s.rows.def.Columns[c]); err != nil {
			return err
		}
		if cols[i].place < 0 && cols[i].missing.NullConst() {
			return nil // no row has the key
		}
	}
	if s.blooms = nil; len(cols) == 1 {
		s.blooms = cols[0].bloomHashes(s.cols[0])
	}
	base := 0
	for rg := range file.RowGroups() {
		if may := s.candidates(cols, rg); len(may) > 0 {
			if err := s.ask(f, cols, rg, base, may); err != nil {
				return err
			}
		}
		base += file.RowGroupRows(rg)
	}
	return nil
}

// candidates gives the open rows whose keys may be in a row group, until the next call.
func (s *coldSearch) candidates(cols []coldColumn, rg int) []int32 {
	if s.blooms != nil {
		s.may = cols[0].file.MayContainAny(rg, cols[0].place, s.blooms, s.open, s.may[:0])
	} else {
		s.may = append(s.may[:0], s.open...)
	}
	v := s.cols[0]
	lo, hi := cols[0].bounds(rg)
	if lo == nil && hi == nil {
		return s.may
	}
	in := s.may[:0]
	for _, i := range s.may {
		if (lo == nil || compareKey(v, int(i), lo) >= 0) && (hi == nil || compareKey(v, int(i), hi) <= 0) {
			in = append(in, i)
		}
	}
	return in
}

func compareKey(v *vec.Vec, i int, bound *vec.Vec) int {
	v, i = v.Value(i)
	return vec.Compare(v, i, bound, 0)
}

// Of a statement with many keys a row group often has a few candidates that the bloom filter lets through by chance: from fewestScanned on, and up to a
// scannedShare-th of its rows, its keys are looked through once. An index costs several times as much, and is worth it for keys that come one by one.
const (
	fewestScanned = 8
	scannedShare  = 16
)

// ask looks candidates up in a row group that begins at position base.
func (s *coldSearch) ask(f *FileRef, from []coldColumn, rg, base int, may []int32) error {
	name := groupKey{table: s.rows.def.ID, file: f.Number, footer: f.FooterCRC, path: f.Path, group: rg, key: s.name}
	if x := s.rows.db.keys.get(name); x != nil {
		s.probe(f, x, base, may)
		return nil
	}
	cols := make([]*vec.Vec, len(from))
	for k := range from {
		v, err := from[k].read(s.rows.ctx, rg)
		if err != nil {
			return err
		}
		cols[k] = v
	}
	if len(may) >= fewestScanned && len(may)*scannedShare <= cols[0].N {
		s.scan(f, cols, base, may)
		return nil
	}
	x := newGroupIndex(name, cols, s.rows.db.keys.hasher)
	s.rows.db.keys.put(x)
	s.probe(f, x, base, may)
	return nil
}

// scan looks for candidates among the keys of a row group that begins at position base.
func (s *coldSearch) scan(f *FileRef, cols []*vec.Vec, base int, may []int32) {
	wanted := make([]*vec.Vec, len(s.cols))
	for k, v := range s.cols {
		wanted[k] = v.Gather(may)
	}
	x := newGroupIndex(groupKey{}, wanted, s.rows.db.keys.hasher)
	if cap(s.group) < cols[0].N {
		s.group = make([]uint64, cols[0].N)
	}
	hashes := s.group[:cols[0].N]
	whole := s.rows.db.keys.hasher.Keys(cols, hashes)
	row, found := 0, false
	note := func(j int) bool {
		if position := uint32(base + row); !s.rows.deleted(f, position) {
			s.ids[may[j]], found = tables.ColdID(f.Number, position), true
		}
		return true // the statement may have the key twice
	}
	for i, hash := range hashes {
		if whole.Get(i) {
			row = i
			x.each(hash, cols, i, note)
		}
	}
	if found {
		s.close()
	}
}

// probe looks candidates up in a row group that begins at position base.
func (s *coldSearch) probe(f *FileRef, x *groupIndex, base int, may []int32) {
	found := false
	for _, i := range may {
		x.each(s.hashes[i], s.cols, int(i), func(row int) bool {
			position := uint32(base + row)
			if s.rows.deleted(f, position) {
				return true
			}
			s.ids[i], found = tables.ColdID(f.Number, position), true
			return false
		})
	}
	if found {
		s.close()
	}
}

// close takes the rows that are found out of those that are open.
func (s *coldSearch) close() {
	still := s.open[:0]
	for _, i := range s.open {
		if s.ids[i] == 0 {
			still = append(still, i)
		}
	}
	s.open = still
}

// fetch puts columns of flushed rows to their places.
func (c *coldRows) fetch(ids []tables.RowID, places []int32, cols []int, out []*vec.Scatter) error {
	byFile := map[uint32][]int{}
	for i, id := range ids {
		byFile[id.File()] = append(byFile[id.File()], i)
	}
	for number, rows := range byFile {
		f := c.file(number)
		if f == nil {
			return noRow(c.def.Name, ids[rows[0]])
		}
		if err := c.fetchFile(f, ids, places, rows, cols, out); err != nil {
			return fmt.Errorf("reading %s: %w", f.Path, err)
		}
	}
	return nil
}

// fetchFile puts columns of rows of one file, given as indexes into ids, to their places.
func (c *coldRows) fetchFile(f *FileRef, ids []tables.RowID, places []int32, rows, cols []int, out []*vec.Scatter) error {
	file, err := c.db.opts.openCold(c.ctx, c.db, f)
	if err != nil {
		return err
	}
	from := make([]coldColumn, len(cols))
	for k, col := range cols {
		if from[k], err = coldColumnOf(file, &c.def.Columns[col]); err != nil {
			return err
		}
	}
	base := 0
	for rg := range file.RowGroups() {
		n := file.RowGroupRows(rg)
		var offsets, at []int32
		for _, i := range rows {
			if p := int(ids[i].Position()); p >= base && p < base+n {
				offsets, at = append(offsets, int32(p-base)), append(at, places[i])
			}
		}
		base += n
		if len(offsets) == 0 {
			continue
		}
		for k := range from {
			v, err := from[k].read(c.ctx, rg)
			if err != nil {
				return err
			}
			out[k].Put(at, v.Gather(offsets))
		}
	}
	return nil
}
