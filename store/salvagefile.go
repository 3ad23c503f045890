package store

import (
	"bufio"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/vfs"
)

// The entries of a flushed file's metadata that a file which takes its place has too, and the one that says whose place it takes.
const (
	keyStorage  = "stoa.storage"
	keyUser     = "stoa.user"
	keyJob      = "stoa.job_id"
	keySalvaged = "stoa.salvaged_from"
)

// maxSalvagedNames bounds the search for a name.
const maxSalvagedNames = 100000

// rewriter writes what can be read of a damaged file to a new one beside it. To delete the rest by positions instead would leave the damage in the file, for
// every later reader of the whole of it to meet.
type rewriter struct {
	*salvage
	table *table
	from  *FileRef
	// source is the file system from which the file is read.
	source vfs.FS
	path   string
	bad    map[int]bool // row groups that cannot be read
}

// run gives the new file, nil when no row is left.
func (w *rewriter) run() (_ *FileRef, err error) {
	file, err := w.from.Open(w.source, w.path)
	if err != nil {
		return nil, err
	}
	defer file.Close() // opened for reading: nothing is lost
	w.tellLost(file)
	left := int64(0)
	w.eachLive(file, func(_ int, live []int32) error { left += int64(len(live)); return nil })
	if left == 0 {
		return nil, nil
	}
	name, err := w.name()
	if err != nil {
		return nil, err
	}
	full := w.db.Path(name)
	out, err := w.opts.FS.Create(TempName(full))
	if err != nil {
		return nil, err
	}
	info, err := w.fill(file, out)
	if err == nil {
		err = out.Sync()
	}
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = w.opts.FS.Rename(TempName(full), full)
	}
	if err != nil {
		_ = w.opts.FS.Remove(TempName(full)) // the first error is the one to tell
		return nil, err
	}
	if err := w.opts.FS.SyncDir(filepath.Dir(full)); err != nil {
		return nil, err
	}
	ref := &FileRef{
		Path: name, Rows: info.Rows, Size: info.Bytes, SchemaVersion: w.table.def.Version, FooterCRC: info.FooterCRC, ChunkCRCs: info.ChunkCRCs,
		SortMin: info.SortMin, SortMax: info.SortMax, HasSort: info.HasSort, Storage: w.from.Storage, User: w.from.User,
		SortID: w.from.SortID, UserID: w.from.UserID, CreatedAt: w.from.CreatedAt,
	}
	return ref, ref.Verify(w.ctx, w.opts.FS, full)
}

// tellLost lists the row groups that cannot be kept.
func (w *rewriter) tellLost(file *parquetio.File) {
	check := &fileCheck{ref: w.from, file: file}
	base := uint32(0)
	for rg := range file.RowGroups() {
		if w.bad[rg] {
			f := findingIn(w.path, "the row group cannot be kept")
			f.RowGroup, f.Rows, f.Table = rg, check.liveIn(rg, base), w.table.def.Name.String()
			f.Key = groupRange(file, rg)
			w.lost(f)
		}
		base += uint32(file.RowGroupRows(rg))
	}
}

// groupRange words the bounds of the sort column in a row group, as the footer has them.
func groupRange(file *parquetio.File, rg int) string {
	name, ok := file.Metadata()[parquetio.KeySortColumn]
	if !ok {
		return ""
	}
	for i, c := range file.Columns() {
		if s := file.RowGroupStats(rg, i); c.Name == name && s.Min != nil && s.Max != nil && len(s.Min.Ints) > 0 && len(s.Max.Ints) > 0 {
			return "between " + microsText(s.Min.Ints[0]) + " and " + microsText(s.Max.Ints[0])
		}
	}
	return ""
}

// eachLive calls fn with the places of the rows that are not deleted in each row group that can be read.
func (w *rewriter) eachLive(file *parquetio.File, fn func(rg int, live []int32) error) error {
	base := uint32(0)
	for rg := range file.RowGroups() {
		n := file.RowGroupRows(rg)
		if !w.bad[rg] {
			live := make([]int32, 0, n)
			for i := range n {
				if !deletedIn(w.from, base+uint32(i)) {
					live = append(live, int32(i))
				}
			}
			if err := fn(rg, live); err != nil {
				return err
			}
		}
		base += uint32(n)
	}
	return nil
}

// fill writes the rows, under the table's present definition.
func (w *rewriter) fill(file *parquetio.File, out vfs.File) (parquetio.Info, error) {
	meta := map[string]string{keySalvaged: w.from.Path}
	for _, key := range []string{keyStorage, keyUser, keyJob} {
		if v, ok := file.Metadata()[key]; ok {
			meta[key] = v
		}
	}
	buffer := bufio.NewWriterSize(out, 64<<10)
	pw, err := parquetio.NewWriter(buffer, w.table.def, &parquetio.WriteOptions{Metadata: meta, Profile: file.Profile()})
	if err != nil {
		return parquetio.Info{}, err
	}
	cols := make([]coldColumn, len(w.table.def.Columns))
	for i := range cols {
		if cols[i], err = coldColumnOf(parquetCold{File: file}, &w.table.def.Columns[i]); err != nil {
			return parquetio.Info{}, fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
	}
	err = w.eachLive(file, func(rg int, live []int32) error {
		b := &vec.Batch{N: len(live)}
		for i := range cols {
			if err := w.ctx.Err(); err != nil {
				return err
			}
			v, err := cols[i].read(w.ctx, rg)
			if err != nil {
				return err
			}
			b.Cols = append(b.Cols, v.Gather(live))
		}
		if b.N == 0 {
			return nil
		}
		return pw.Write(b)
	})
	if err != nil {
		return parquetio.Info{}, err
	}
	info, err := pw.Close()
	if err != nil {
		return info, err
	}
	return info, buffer.Flush()
}

// name gives the new file a name beside the old one: the first that is free, or that an interrupted salvage has given to what it made of the same file.
func (w *rewriter) name() (string, error) {
	known := map[string]bool{}
	for _, t := range w.db.tables {
		for _, f := range t.files {
			known[f.Path] = true
		}
	}
	for _, f := range w.report.Rewritten {
		known[f] = true
	}
	stem := strings.TrimSuffix(w.from.Path, ".parquet")
	for n := 2; n <= maxSalvagedNames; n++ {
		name := fmt.Sprintf("%s-%d.parquet", stem, n)
		if known[name] || known[w.db.Path(name)] || w.db.reserved[name] {
			continue
		}
		free, err := w.free(w.db.Path(name))
		if err != nil || free {
			return name, err
		}
	}
	return "", fmt.Errorf("store: there is no name left beside %s", w.path)
}

// free tells whether a file may be put under a name.
func (w *rewriter) free(path string) (bool, error) {
	there, err := vfs.Exists(w.opts.FS, path)
	if !there && (err == nil || isMissing(err)) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	left, err := parquetio.Open(w.opts.FS, path, nil)
	if err != nil {
		if isDamage(err) || errors.Is(err, parquetio.ErrNotParquet) {
			return false, nil
		}
		return false, err
	}
	defer left.Close() // opened for reading: nothing is lost
	return left.Metadata()[keySalvaged] == w.from.Path, nil
}
