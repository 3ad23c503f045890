package stoa_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// corner is something that random lives do seldom or never: it is done on disks of which one call fails, at one place in the source after the other.
type corner struct {
	name string
	disk *vfs.Mem
	// quirk makes an injector for what the disk cannot do at all, beside the call that fails; nil for nothing.
	quirk func() vfs.Injector
	act   func(ctx context.Context, fsys vfs.FS) error
	// salvage says that the database on the disk is damaged, and has to be salvaged when act has not done it.
	salvage bool
}

// injector chains what fails and the quirk.
func (c *corner) injector(fail vfs.Injector) vfs.Injector {
	if c.quirk == nil {
		return fail
	}
	return vfs.Chain(fail, c.quirk())
}

// after gives the messages that the database has in the end, on a disk that works. It must open, take writes and be sound.
func (c *corner) after(t *testing.T, disk *vfs.Mem, what string) []string {
	var rows []string
	if c.salvage {
		rows, _ = salvaged(t, disk, what)
	} else {
		rows = usable(t, disk, what)
		require.Empty(t, verified(t, disk).Findings, what)
	}
	return slices.DeleteFunc(rows, func(r string) bool { return !strings.HasPrefix(r, "chat.messages|") })
}

// run fails a call at each place from which act calls the file system: in one way, or in all. It gives the number of runs.
func (c *corner) run(t *testing.T, all bool, sites *vfs.Sites) (runs int64) {
	ctx := context.Background()
	clone := func() *vfs.Mem { return c.disk.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing}) }
	var places vfs.Sites
	disk := clone()
	calm := c.act(ctx, vfs.WithFaults(disk, places.Watch(c.injector(func(vfs.Op) error { return nil }))))
	want := c.after(t, disk, "without a fault")
	faults := append(slices.Clone(onceFaults), lastingFaults...)
	for i, place := range places.List() {
		if !all && sites.Failed(place) {
			continue
		}
		for k, f := range faults {
			if !all && k != i%len(faults) {
				continue
			}
			if f.name == "short" && !transfers(place.Kind) {
				f = faults[0]
			}
			runs++
			what := fmt.Sprintf("%s: %s at %s", c.name, f.name, place)
			disk := clone()
			err := c.act(ctx, vfs.WithFaults(disk, sites.Watch(c.injector(vfs.FailAt(place, f.forGood, f.err)))))
			if cut := f.name == "short" && codeOf(err) == sqlstate.BadCopyFileFormat; err != nil && !cut && !isDiskError(err) { // a file that reads short is a damaged one
				require.Error(t, calm, "%s: %v", what, err)
				require.Equal(t, stoa.CodeOf(calm), stoa.CodeOf(err), "%s: %v", what, err)
			}
			require.Equal(t, want, c.after(t, disk, what), what)
		}
	}
	return runs
}

// transfers tells whether calls of a kind read or write, and so may be short.
func transfers(k vfs.OpKind) bool {
	return slices.Contains([]vfs.OpKind{vfs.OpRead, vfs.OpReadAt, vfs.OpWrite, vfs.OpWriteAt}, k)
}

// flipOne changes a byte in the middle of the first file of a kind.
func flipOne(t *testing.T, disk *vfs.Mem, kind string) {
	for _, name := range filesOf(t, disk, "/db") {
		if kindOf(name) == kind {
			change(t, disk, name, func(b []byte) []byte { b[len(b)/2] ^= 4; return b })
			return
		}
	}
	t.Fatalf("no %s", kind)
}

// without removes all files of some kinds.
func without(t *testing.T, disk *vfs.Mem, kinds ...string) {
	for _, name := range filesOf(t, disk, "/db") {
		if slices.Contains(kinds, kindOf(name)) {
			require.NoError(t, disk.Remove(name))
		}
	}
}

// repair verifies and salvages.
func repair(ctx context.Context, fsys vfs.FS) error {
	_, verr := stoa.Verify(ctx, "/db", &stoa.VerifyOptions{FS: fsys})
	_, err := stoa.Salvage(ctx, "/db", &stoa.SalvageOptions{FS: fsys})
	return errors.Join(verr, err)
}

// withDatabase opens the database, does something, and closes it.
func withDatabase(do func(ctx context.Context, db *stoa.DB) error) func(context.Context, vfs.FS) error {
	return func(ctx context.Context, fsys vfs.FS) error {
		db, err := openDamaged(fsys, false)
		if err != nil {
			return err
		}
		return errors.Join(do(ctx, db), db.Close())
	}
}

// statements runs statements, and goes on after errors.
func statements(list ...string) func(ctx context.Context, db *stoa.DB) error {
	return func(ctx context.Context, db *stoa.DB) (err error) {
		for _, sql := range list {
			_, one := db.Exec(ctx, sql)
			err = errors.Join(err, one)
		}
		return err
	}
}

// refuses makes a quirk: calls that match fail with err, the first so many; 0 is all.
func refuses(err error, first int64, match func(op vfs.Op) bool) func() vfs.Injector {
	return func() vfs.Injector {
		var n atomic.Int64
		return func(op vfs.Op) error {
			if match(op) && (n.Add(1) <= first || first == 0) {
				return err
			}
			return nil
		}
	}
}

// finalName tells whether a call gives a flushed file its name.
func finalName(op vfs.Op) bool {
	return (op.Kind == vfs.OpRename || op.Kind == vfs.OpRenameNoReplace) && strings.HasSuffix(op.To, ".parquet") && !strings.HasPrefix(path.Base(op.To), ".")
}

// worn makes a database with messages in a storage elsewhere, of whose file the page index is damaged: salvaged, it is written anew with all of them.
func worn(t *testing.T, sound *vfs.Mem) *vfs.Mem {
	disk := sound.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
	require.NoError(t, withDatabase(func(ctx context.Context, db *stoa.DB) error {
		_, err := db.Storages().Add(ctx, "outside", "/elsewhere", "{storageLocation}/{namespace}/{tableName}/")
		return errors.Join(err, statements("ALTER TABLE chat.messages SET (storage = 'outside')",
			"INSERT INTO chat.messages (id, user_id, body) VALUES (1000, 'user1', 'late')", "CALL system.flush(all_rows => true)")(ctx, db))
	})(context.Background(), disk))
	wear(t, disk, "/elsewhere")
	return disk
}

// wear damages the page index of the first flushed file in a directory.
func wear(t *testing.T, disk *vfs.Mem, dir string) {
	name := filesOf(t, disk, dir)[0]
	report, err := parquetio.Inspect(disk, name)
	require.NoError(t, err)
	change(t, disk, name, func(b []byte) []byte { b[report.Bytes-report.FooterBytes-40] ^= 0x10; return b })
}

// repairs are the corners of Verify and Salvage.
func repairs(t *testing.T) []*corner {
	sound := buildDamaged(t, endClosed).fs
	spoilt := func(spoil func(disk *vfs.Mem)) *vfs.Mem {
		disk := sound.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
		spoil(disk)
		return disk
	}
	flipped := func(kind string) *vfs.Mem { return spoilt(func(disk *vfs.Mem) { flipOne(t, disk, kind) }) }
	lost := func(kinds ...string) *vfs.Mem { return spoilt(func(disk *vfs.Mem) { without(t, disk, kinds...) }) }
	outside := worn(t, sound)
	halfway := spoilt(func(disk *vfs.Mem) { wear(t, disk, "/db/storage/chat/messages") }) // a salvage has written the file anew and not ended, and then more was lost
	require.Error(t, repair(context.Background(), vfs.WithFaults(halfway, vfs.FailNth(1, true, syscall.EIO, func(op vfs.Op) bool {
		return op.Kind == vfs.OpMkdirAll && strings.Contains(op.Path, "salvaged-")
	}))))
	without(t, halfway, "checkpoint", "log", "mark")
	return []*corner{
		{name: "a manifest is repaired", disk: flipped("manifest"), act: repair, salvage: true},
		{name: "a checkpoint is repaired", disk: flipped("checkpoint"), act: repair, salvage: true},
		{name: "a log is repaired", disk: flipped("log"), act: repair, salvage: true},
		{name: "a flushed file is repaired", disk: flipped("parquet"), act: repair, salvage: true},
		{name: "a footer is mended", disk: spoilt(func(disk *vfs.Mem) {
			change(t, disk, filesOf(t, disk, "/db/storage/chat")[0], func(b []byte) []byte { b[len(b)-100] ^= 8; return b })
		}), act: repair, salvage: true},
		{name: "a flushed file is written anew", disk: outside, act: repair, salvage: true},
		{name: "a flushed file cannot be written anew", disk: outside, act: repair, salvage: true, quirk: refuses(syscall.EIO, 0, finalName)},
		{name: "files are taken over", disk: lost("checkpoint", "log", "mark"), act: repair, salvage: true},
		{name: "files are taken over after a salvage", disk: halfway, act: repair, salvage: true},
		{name: "a log is gone", disk: lost("log", "mark"), act: repair, salvage: true},
		{name: "a log is left", disk: lost("checkpoint", "manifest"), act: repair, salvage: true},
		{name: "the manifest is gone", disk: lost("manifest"), salvage: true, act: withDatabase(statements())},
	}
}

// beginnings are the corners of creations and openings.
func beginnings(t *testing.T) []*corner {
	begun := vfs.NewMem() // a creation that was interrupted before its last step
	_, err := openDamaged(vfs.WithFaults(begun, vfs.FailNth(1, true, syscall.EIO, func(op vfs.Op) bool {
		return op.Kind == vfs.OpRename && path.Base(op.To) == "MANIFEST"
	})), false)
	require.Error(t, err)
	left := buildDamaged(t, endClosed).fs // a flush that a power cut interrupted when its files had their names
	var cut *vfs.Mem
	fsys := vfs.WithFaults(left, func(op vfs.Op) error {
		if cut == nil && op.Kind == vfs.OpSyncDir && strings.Contains(op.Path, "storage") {
			cut = left.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
		}
		return nil
	})
	require.NoError(t, withDatabase(statements("CALL system.flush(all_rows => true)"))(context.Background(), fsys))
	require.NotNil(t, cut)
	beside := func(ctx context.Context, fsys vfs.FS) error {
		reader, err := openDamaged(fsys, true)
		if err != nil {
			return err
		}
		rows, err := reader.Query(ctx, "SELECT * FROM chat.messages")
		if err == nil {
			defer rows.Release()
		}
		return errors.Join(err, withDatabase(statements())(ctx, fsys), reader.Close())
	}
	return []*corner{
		{name: "a creation is repeated", disk: begun, act: withDatabase(statements())},
		{name: "what a flush left is removed", disk: cut, act: withDatabase(statements())},
		{name: "what a flush left beside a reader", disk: cut, act: beside},
	}
}

// manyFiles makes a database with files to merge and messages to flush.
func manyFiles(t *testing.T) *vfs.Mem {
	disk := buildDamaged(t, endClosed).fs
	var list []string
	for n := range 6 {
		list = append(list, fmt.Sprintf("INSERT INTO chat.messages (id, user_id, body) VALUES (%d, 'user1', 'late')", 1000+n), "CALL system.flush(all_rows => true)")
	}
	list = append(list, "INSERT INTO chat.messages (id, user_id, body) VALUES (2000, 'user1', 'hot')")
	require.NoError(t, withDatabase(statements(list...))(context.Background(), disk))
	return disk
}

// oldFiles gives the flushed files that the database does not need any more.
func oldFiles(db *stoa.DB) []string {
	snap := db.Store().Snapshot()
	defer snap.Close()
	names, _ := filesBelow(db.Store().FS(), "/db/storage")
	return slices.DeleteFunc(names, func(name string) bool {
		return slices.ContainsFunc(snap.Tables(), func(v *store.TableView) bool {
			return slices.ContainsFunc(v.Files, func(f *store.FileRef) bool { return name == "/"+strings.TrimPrefix(db.Store().Path(f.Path), "/") })
		})
	})
}

// maintenances are the corners of flushes, compactions and COPY.
func maintenances(t *testing.T) []*corner {
	disk := manyFiles(t)
	flush := withDatabase(statements("CALL system.flush(all_rows => true)"))
	compact := withDatabase(func(ctx context.Context, db *stoa.DB) error {
		err := statements("CALL system.compact()")(ctx, db)
		for range 30 { // while nobody reads the old files they are removed
			if time.Sleep(10 * time.Millisecond); len(oldFiles(db)) == 0 {
				break
			}
		}
		return err
	})
	exchange := withDatabase(statements("COPY chat.messages TO '/out.parquet' (FORMAT parquet)", "COPY chat.messages TO '/out.csv.gz' (FORMAT csv)",
		"CREATE TABLE chat.twin (id BIGINT PRIMARY KEY, user_id TEXT NOT NULL, body TEXT, sent TIMESTAMP, likes INTEGER)",
		"COPY chat.twin FROM '/out.parquet' (FORMAT parquet)", "DELETE FROM chat.twin", "COPY chat.twin FROM '/out.csv.gz' (FORMAT csv)",
		"INSERT INTO chat.twin SELECT id + 9000, user_id, body, sent, likes FROM read_parquet('/out.parquet')"))
	refused := withDatabase(statements("COPY chat.messages FROM '/db' (FORMAT csv)", "COPY (SELECT 1 / (id - 55) FROM chat.messages) TO '/out.csv' (FORMAT csv)",
		"COPY (SELECT 1 / (id - 55) AS x FROM chat.messages) TO '/out.parquet' (FORMAT parquet)", "COPY chat.messages TO '/db' (FORMAT csv)",
		"COPY chat.messages TO '/unnamed.csv' (FORMAT csv)", "COPY chat.messages TO '/dev/special' (FORMAT csv)"))
	many := disk.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing}) // more files than are kept open
	require.NoError(t, withDatabase(statements("COPY (SELECT 1 AS x) TO '/out.parquet' (FORMAT parquet)"))(context.Background(), many))
	one, err := vfs.ReadFile(many, "/out.parquet", 1<<20)
	require.NoError(t, err)
	require.NoError(t, vfs.MkdirAllSync(many, "/many"))
	for n := range 260 {
		require.NoError(t, vfs.AtomicWrite(many, fmt.Sprintf("/many/%d.parquet", n), func(w io.Writer) error { _, err := w.Write(one); return err }))
	}
	read := withDatabase(statements("SELECT count(*) FROM read_parquet('/many/*.parquet')", "SELECT count(*) FROM read_parquet('/many/1.parquet/*')"))
	mute := refuses(syscall.EIO, 0, func(op vfs.Op) bool { return op.Kind == vfs.OpFileStat && strings.HasPrefix(op.Path, "/many") })
	unnamed := refuses(syscall.EIO, 0, func(op vfs.Op) bool { return op.Kind == vfs.OpRename && op.To == "/unnamed.csv" })
	require.NoError(t, vfs.MkdirAllSync(disk, "/dev"))
	taken := refuses(syscall.EEXIST, 1, func(op vfs.Op) bool { return op.Kind == vfs.OpRenameNoReplace && finalName(op) })
	return []*corner{
		{name: "a compaction", disk: disk, act: compact},
		{name: "a flush whose name is taken", disk: disk, act: flush, quirk: taken},
		{name: "a flush that cannot give a name", disk: disk, act: flush, quirk: refuses(syscall.EIO, 0, finalName)},
		{name: "COPY and read_parquet", disk: disk, act: exchange},
		{name: "read_parquet of many files", disk: many, act: read},
		{name: "read_parquet of files that tell nothing", disk: many, act: read, quirk: mute},
		{name: "COPY that fails", disk: disk, act: refused, quirk: unnamed},
	}
}

// backups are the corners of backups.
func backups(t *testing.T) []*corner {
	sound := manyFiles(t)
	backup := withDatabase(func(ctx context.Context, db *stoa.DB) error {
		_, err := db.Backup(ctx, "/copies/b", &stoa.BackupOptions{Link: true})
		return err
	})
	restore := func(ctx context.Context, fsys vfs.FS) error {
		err := backup(ctx, fsys)
		if err == nil {
			_, err = stoa.Restore(ctx, "/copies/b", "/restored", &stoa.RestoreOptions{FS: fsys})
		}
		return err
	}
	left := sound.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing}) // what a backup left that ended before it had its name
	naming := func(op vfs.Op) bool { return op.Kind == vfs.OpRename && op.To == "/copies/b" }
	require.Error(t, backup(context.Background(), vfs.WithFaults(left, vfs.FailNth(1, true, syscall.EIO, func(op vfs.Op) bool {
		return naming(op) || op.Kind == vfs.OpRemove && strings.HasPrefix(op.Path, "/copies")
	}))))
	empty := sound.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
	require.NoError(t, vfs.MkdirAllSync(empty, "/copies/b"))
	damagedFile := sound.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
	flipOne(t, damagedFile, "parquet")
	return []*corner{
		{name: "a backup and a restoration", disk: sound, act: restore},
		{name: "a backup where one was left", disk: left, act: backup},
		{name: "a backup into an empty directory that is not replaced", disk: empty, act: backup, quirk: refuses(fs.ErrExist, 1, naming)},
		{name: "a backup of a damaged file", disk: damagedFile, act: backup, salvage: true},
	}
}

// failCorners fails a call at every place of every corner; without all, at those alone at which none has failed yet. It counts the runs.
func failCorners(t *testing.T, all bool, sites *vfs.Sites, runs *atomic.Int64) {
	for _, c := range slices.Concat(repairs(t), beginnings(t), maintenances(t), backups(t)) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			runs.Add(c.run(t, all, sites))
		})
	}
}
