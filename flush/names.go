package flush

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"

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

// choose looks for a name from number n on that nobody has.
func (t *target) choose(db *store.DB, at time.Time, n int) error {
	for ; n <= maxNames; n++ {
		name := path.Join(t.dir, batchName(at, n))
		free := true
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
	if err := t.choose(db, at, t.n+1); err != nil {
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
			return errors.Join(err, db.Release(context.WithoutCancel(ctx), chosen))
		}
	}
	t.path = chosen
	return db.Release(context.WithoutCancel(ctx), old) // a name that is not ours must not be removed by a recovery
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
