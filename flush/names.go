package flush

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// batchName gives the name of the n-th file of a second in a directory, from 1.
func batchName(t time.Time, n int) string {
	stamp := t.UTC().Format("2006-01-02-150405")
	if n == 1 {
		return "batch-" + stamp + ".parquet"
	}
	return fmt.Sprintf("batch-%s-%d.parquet", stamp, n)
}

// target is a file to be written. The worker that writes it owns it until all workers have ended.
type target struct {
	*group
	dir  string // as a FileRef has it
	n    int    // the number in its name
	path string // dir with the name

	// What may be on the disk: a temporary file; the file under its name; a rename whose outcome is not known.
	temp, final, unsure bool
	added               bool // it is a file of the table if the commit succeeds
	kept                bool // it did
	ref                 store.FileRef
}

// maxNames bounds the search for a name: so many files in one second and directory are no accident.
const maxNames = 100000

// batchPrefix is what the names of all files of a second begin with.
func batchPrefix(t time.Time) string { return strings.TrimSuffix(batchName(t, 1), ".parquet") }

// listed gives the paths, in the file system, of the tables' files of a second. One of them that has vanished from the disk still has its name: it may be put back.
func listed(db *store.DB, at time.Time) map[string]bool {
	snap := db.Snapshot()
	defer snap.Close()
	prefix, names := batchPrefix(at), map[string]bool{}
	for _, t := range snap.Tables() {
		for _, f := range t.Files {
			if strings.HasPrefix(path.Base(f.Path), prefix) {
				names[db.Path(f.Path)] = true
			}
		}
	}
	return names
}

// choose looks for a name from number n on that nobody has, that is not listed, and that no file had a moment ago: a reader in another process may still know it
// as that one's.
func (t *target) choose(db *store.DB, listed map[string]bool, at time.Time, n int) error {
	for ; n <= maxNames; n++ {
		name := path.Join(t.dir, batchName(at, n))
		free := !db.Taken(name) && !listed[db.Path(name)]
		for _, p := range []string{db.Path(name), store.TempName(db.Path(name))} {
			taken, err := vfs.Exists(db.FS(), p)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			free = free && !taken
		}
		if free {
			t.n, t.path = n, name
			return nil
		}
	}
	return fmt.Errorf("flush: %s has %d files of the second %s", t.dir, maxNames, at.Format(time.DateTime))
}

// move goes on to another name, because somebody who shares the directory has taken the present one. The new name is reserved before it is used, and
// the old one, which is theirs, is given up.
func (t *target) move(ctx context.Context, db *store.DB, at time.Time) error {
	old, oldTemp := t.path, store.TempName(db.Path(t.path))
	if err := t.choose(db, listed(db, at), at, t.n+1); err != nil {
		t.path = old
		return err
	}
	chosen := t.path
	t.path = old
	if err := db.Reserve(ctx, chosen); err != nil {
		return err
	}
	if t.temp {
		if err := db.FS().RenameNoReplace(oldTemp, store.TempName(db.Path(chosen))); err != nil {
			return also(err, db.Release(context.WithoutCancel(ctx), chosen))
		}
	}
	t.path = chosen
	return db.Release(context.WithoutCancel(ctx), old) // a name that is not ours must not be removed by a recovery
}

// write makes the file, of so many rows, durably under its name: temporary, filled, synced, renamed, its directory synced. The meter counts what the syncs take.
func (t *target) write(
	ctx context.Context, db *store.DB, at time.Time, rows int64, m *meter, fill func(io.Writer) (parquetio.Info, error),
) (parquetio.Info, error) {
	file, err := t.create(ctx, db, at)
	if err != nil {
		return parquetio.Info{}, err
	}
	to := &earlySync{file: file, every: earlyBytes, working: m.work}
	info, err := fill(to)
	if serr := to.end(); err == nil {
		err = serr
	}
	if err == nil {
		err = to.sync()
	}
	if cerr := file.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return info, err
	}
	if info.Rows != rows {
		return info, fmt.Errorf("flush: %s has %d rows and not %d", t.path, info.Rows, rows)
	}
	if err := t.rename(ctx, db, at); err != nil {
		return info, err
	}
	return info, db.FS().SyncDir(filepath.Dir(db.Path(t.path)))
}

// create creates the temporary file, under another name when somebody who shares the directory is using it.
func (t *target) create(ctx context.Context, db *store.DB, at time.Time) (vfs.File, error) {
	for {
		file, err := db.FS().CreateNew(store.TempName(db.Path(t.path)))
		if err == nil {
			t.temp = true
			return file, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			t.temp = true // it may be there all the same; it was not, before
			return nil, err
		}
		if err := t.move(ctx, db, at); err != nil {
			return nil, err
		}
	}
}

// rename gives the file its name, or another one when that is taken.
func (t *target) rename(ctx context.Context, db *store.DB, at time.Time) error {
	for {
		name := db.Path(t.path)
		err := db.FS().RenameNoReplace(store.TempName(name), name)
		if err == nil {
			t.temp, t.final = false, true
			return nil
		}
		if !errors.Is(err, fs.ErrExist) {
			// Was it carried out? Where the temporary file still is, it was not, or not to its end.
			if there, serr := vfs.Exists(db.FS(), store.TempName(name)); serr != nil {
				t.unsure = true
			} else if !there {
				t.temp, t.final = false, true
			}
			return err
		}
		if err := t.move(ctx, db, at); err != nil {
			return err
		}
	}
}

// remove removes what there is of the file, and tells whether there was something.
func (t *target) remove(db *store.DB) (bool, error) {
	name := db.Path(t.path)
	if t.temp {
		return true, removeFile(db.FS(), store.TempName(name))
	}
	if t.final {
		return true, removeFile(db.FS(), name)
	}
	return false, nil
}

// reserveAtOnce is the number of names in one record of the log, which so stays below some megabytes.
const reserveAtOnce = 8192

// reserve tells the database of files that are to come.
func reserve(ctx context.Context, db *store.DB, targets []*target) error {
	for lo := 0; lo < len(targets); lo += reserveAtOnce {
		var paths []string
		for _, t := range targets[lo:min(lo+reserveAtOnce, len(targets))] {
			paths = append(paths, t.path)
		}
		if err := db.Reserve(ctx, paths...); err != nil {
			return err
		}
	}
	return nil
}

// discard removes the files that no commit has added, and gives their names back. What cannot be removed stays reserved: the next opening removes it.
func discard(ctx context.Context, db *store.DB, targets []*target) {
	var free []string
	changed := map[string]bool{}
	for _, t := range targets {
		if t.kept || t.unsure || t.path == "" {
			continue
		}
		removed, err := t.remove(db)
		if err != nil {
			continue
		}
		if removed {
			changed[filepath.Dir(db.Path(t.path))] = true
		}
		free = append(free, t.path)
	}
	for dir := range changed {
		if db.FS().SyncDir(dir) != nil {
			return
		}
	}
	for lo := 0; lo < len(free); lo += reserveAtOnce {
		if db.Release(ctx, free[lo:min(lo+reserveAtOnce, len(free))]...) != nil {
			return
		}
	}
}
