package flush

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// storageBases knows where storages are in one snapshot, as far as it was asked.
type storageBases struct {
	db     *store.DB
	snap   *store.Snapshot
	byName map[string]string
}

func basesOf(db *store.DB, snap *store.Snapshot) *storageBases {
	return &storageBases{db: db, snap: snap, byName: map[string]string{}}
}

// partition gives the directory of a file relative to the base path of its storage, with slashes; as the file has it when its storage is gone or is
// somewhere else now.
func (b *storageBases) partition(f *store.FileRef) string {
	dir := path.Dir(f.Path)
	base := b.base(f.Storage)
	if base == "." && !path.IsAbs(dir) {
		return dir
	}
	if rest, ok := strings.CutPrefix(dir+"/", base+"/"); ok && base != "" {
		return strings.TrimSuffix(rest, "/")
	}
	return dir
}

// base gives a storage's base path as a FileRef has it; "" when it is not known.
func (b *storageBases) base(name string) string {
	base, known := b.byName[name]
	if !known {
		if row, ok := b.find(name); ok {
			if s, err := resolveStorage(b.db, row); err == nil {
				base = s.path
			}
		}
		b.byName[name] = base
	}
	return base
}

// find finds a storage's row; that it cannot be read is as if it were not there.
func (b *storageBases) find(name string) (row tables.Storage, ok bool) {
	view, ok := b.snap.TableByID(tables.StoragesTable)
	if !ok {
		return row, false
	}
	def, byName := view.Def, view.Def.Find("name")
	k := slices.IndexFunc(def.Keys, func(k schemahistory.Key) bool { return len(k.Columns) == 1 && k.Columns[0] == byName })
	if k < 0 {
		return row, false
	}
	ctx := context.Background() // one row of a table of few
	ids, err := b.snap.Find(ctx, def.Name, def.Keys[k], []*vec.Vec{vec.NewFlat(arrowschema.Text, []string{name}, nil)})
	if err != nil || ids[0] == 0 {
		primary := tables.PrimaryStorage()
		return primary, name == primary.Name
	}
	rows, err := b.snap.Rows(ctx, def.Name, ids, allColumns(def))
	if err != nil {
		return row, false
	}
	return tables.StorageAt(def, rows, 0), true
}
