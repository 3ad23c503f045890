package store

import (
	"context"
	"math/rand/v2"
	"slices"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// keyScan reads the values of a key in all rows of a table, hot and flushed, to find those that more than one row has.
//
// It holds a hash of 8 bytes for each row, of as many rows as its limit allows, and goes through the key columns once for each such part. Rows whose hashes are
// equal, which are few unless their keys are, are compared by their values.
type keyScan struct {
	ctx    context.Context
	db     *DB
	view   *TableView
	key    schemahistory.Key
	limit  int                              // hashes that are held at once
	skip   func(f *FileRef, group int) bool // row groups that cannot be read
	hasher tables.Hasher
}

// maxSuspects bounds the rows that are compared by their values.
const maxSuspects = 1 << 20

// duplicates gives the rows that share a key, a list for each key, in the order of their ids. More may be true when there are too many to tell of.
func (k *keyScan) duplicates() (groups [][]tables.RowID, more bool, err error) {
	k.hasher = tables.Hasher{Seed: rand.Uint64()}
	parts := k.view.Rows()/int64(k.limit) + 1
	suspects := map[uint64]bool{}
	for part := range uint64(parts) {
		hashes := make([]uint64, 0, min(int64(k.limit), k.view.Rows())+1)
		err := k.each(func(_ []*vec.Vec, hash uint64, _ int, _ tables.RowID) {
			if hash%uint64(parts) == part {
				hashes = append(hashes, hash)
			}
		})
		if err != nil {
			return nil, false, err
		}
		slices.Sort(hashes)
		for i := 1; i < len(hashes); i++ {
			if hashes[i] == hashes[i-1] {
				suspects[hashes[i]] = true
			}
		}
		if len(suspects) > maxSuspects {
			more = true
			break
		}
	}
	if len(suspects) == 0 {
		return nil, more, nil
	}
	byKey := map[string][]tables.RowID{}
	err = k.each(func(cols []*vec.Vec, hash uint64, i int, id tables.RowID) {
		if !suspects[hash] || len(byKey) > 2*maxSuspects {
			return
		}
		var text []byte
		for _, v := range cols {
			text = vec.AppendKey(text, v, i)
		}
		byKey[string(text)] = append(byKey[string(text)], id)
	})
	for _, ids := range byKey {
		if len(ids) > 1 {
			groups = append(groups, ids)
		}
	}
	slices.SortFunc(groups, func(a, b []tables.RowID) int { return slices.Compare(a, b) })
	return groups, more, err
}

// each calls fn with every row that is there and whose key has no NULL.
func (k *keyScan) each(fn func(cols []*vec.Vec, hash uint64, i int, id tables.RowID)) error {
	segments := k.view.Hot.Segments()
	for s := range segments {
		seg := &segments[s]
		cols := make([]*vec.Vec, len(k.key.Columns))
		for i, c := range k.key.Columns {
			cols[i] = seg.Column(c)
		}
		k.rows(cols, seg.Rows(), seg.IsLive, func(i int) tables.RowID { return tables.HotID(seg.Number(), i) }, fn)
	}
	for _, f := range k.view.Files {
		if k.skip != nil && k.skip(f, -1) {
			continue
		}
		if err := k.file(f, fn); err != nil {
			return err
		}
	}
	return k.ctx.Err()
}

// file gives the rows of a flushed file.
func (k *keyScan) file(f *FileRef, fn func(cols []*vec.Vec, hash uint64, i int, id tables.RowID)) error {
	file, err := f.Open(k.db.opts.FS, k.db.Path(f.Path))
	if err != nil {
		return err
	}
	defer file.Close() // opened for reading: nothing is lost
	cols := make([]coldColumn, len(k.key.Columns))
	for i, c := range k.key.Columns {
		if cols[i], err = coldColumnOf(parquetCold{File: file}, &k.view.Def.Columns[c]); err != nil {
			return err
		}
	}
	base := uint32(0)
	for rg := range file.RowGroups() {
		n := file.RowGroupRows(rg)
		if k.skip == nil || !k.skip(f, rg) {
			values := make([]*vec.Vec, len(cols))
			for i := range cols {
				if values[i], err = cols[i].read(k.ctx, rg); err != nil {
					return err
				}
			}
			live := func(i int) bool { return !deletedIn(f, base+uint32(i)) }
			k.rows(values, n, live, func(i int) tables.RowID { return tables.ColdID(f.Number, base+uint32(i)) }, fn)
		}
		base += uint32(n)
	}
	return nil
}

// rows gives n rows of which live says which are there.
func (k *keyScan) rows(cols []*vec.Vec, n int, live func(i int) bool, id func(i int) tables.RowID,
	fn func(cols []*vec.Vec, hash uint64, i int, id tables.RowID)) {
	hashes := make([]uint64, n)
	whole := k.hasher.Keys(cols, hashes)
	for i := range n {
		if whole.Get(i) && live(i) {
			fn(cols, hashes[i], i, id(i))
		}
	}
}
