package stoa_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// kindOf names the kind of a file.
func kindOf(name string) string {
	switch base := path.Base(name); {
	case base == "MANIFEST":
		return "manifest"
	case base == "CLEAN":
		return "mark"
	case strings.HasPrefix(base, "checkpoint-"):
		return "checkpoint"
	case strings.HasSuffix(base, ".wal"):
		return "log"
	case strings.HasSuffix(base, ".parquet"):
		return "parquet"
	}
	return ""
}

// torture gives a number of rounds: quick, or STOA_TORTURE times as many.
func torture(quick int) int {
	if n, err := strconv.Atoi(os.Getenv("STOA_TORTURE")); err == nil && n > 1 {
		return quick * n
	}
	return quick
}

func isSubset(rows []string, of map[string]bool) error {
	seen := map[string]bool{}
	for _, r := range rows {
		if !of[r] && !strings.Contains(r, "interrupted: the process ended") {
			return fmt.Errorf("a row that never was: %s", r)
		}
		if seen[r] {
			return fmt.Errorf("a row twice: %s", r)
		}
		seen[r] = true
	}
	return nil
}

// salvaged salvages a database, and requires that it then opens, takes writes and has no damage. It gives the rows.
func salvaged(t testing.TB, fsys *vfs.Mem, what string) ([]string, *stoa.SalvageReport) {
	s, err := stoa.Salvage(context.Background(), "/db", &stoa.SalvageOptions{FS: fsys})
	require.NoError(t, err, what)
	rows := usable(t, fsys, what)
	r := verified(t, fsys)
	require.Empty(t, r.Findings, what)
	return rows, s
}

// usable opens a database, reads all of it, and writes to it.
func usable(t testing.TB, fsys *vfs.Mem, what string) []string {
	db, err := openDamaged(fsys, false)
	require.NoError(t, err, what)
	rows, err := contentsOf(db)
	require.NoError(t, err, what)
	_, err = db.Exec(context.Background(), "INSERT INTO system.live_queries (live_id, user_id, namespace_id, table_name, query) VALUES (gen_random_uuid(), 'u', 'n', 't', 'q')")
	require.NoError(t, err, what)
	require.NoError(t, db.Close(), what)
	return rows
}

// opened opens a copy of a database for writing and reads all of it.
func opened(fsys *vfs.Mem) ([]string, error) {
	db, err := openDamaged(fsys.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing}), false)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return contentsOf(db)
}

// flipRun is what flips did.
type flipRun struct {
	t       *testing.T
	d       *damaged
	end     ending
	found   map[string]int
	without map[string]map[string]bool // the rows that are left when a flushed file is gone, by file
}

// check damages a copy of the database and holds opening, Verify and Salvage against each other and the truth.
func (f *flipRun) check(what, kind, name string, spoil func(fsys vfs.FS)) {
	copied := f.d.fs.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
	spoil(copied)
	truth := map[string]bool{}
	for _, r := range f.d.rows {
		truth[r] = true
	}
	rows, err := opened(copied)
	same := err == nil && slices.Equal(rows, f.d.rows)
	report := verified(f.t, copied)
	switch {
	case err != nil:
		require.NotEmpty(f.t, report.Findings, "%s: opening or reading fails with %v, and verify finds nothing", what, err)
		require.Contains(f.t, []string{"XX001", "58P01"}, stoa.CodeOf(store.Worded(err)), "%s: %v", what, err)
		f.found["refused"]++
	case !same && kind == "log" && f.end != endClosed:
		require.NotEmpty(f.t, append(report.Notes, report.Findings...), "%s: a prefix, and verify does not say so", what)
		require.True(f.t, f.d.was[withoutJobs(rows)], "%s: not what it was after some statement", what)
		f.found["prefix"]++
	default:
		require.True(f.t, same, "%s: wrong rows", what)
		f.found["right"]++
	}
	got, s := salvaged(f.t, copied, what)
	require.NoError(f.t, isSubset(got, f.d.ever), what)
	require.Equal(f.t, len(report.Findings) > 0, s.Changed(), "%s: %v %v", what, report.Findings, s.Damaged)
	if s.Changed() {
		f.found["salvaged"]++
	}
	if kind == "manifest" || kind == "mark" {
		require.Equal(f.t, f.d.rows, got, "%s: rows are lost with a file that has none", what)
	}
	if kind == "parquet" {
		require.NoError(f.t, isSubset(got, truth), what)
		all := map[string]bool{}
		for _, r := range got {
			all[r] = true
		}
		for r := range f.rest(name) {
			require.True(f.t, all[r], "%s: a row of another file is lost: %s", what, r)
		}
	}
	f.found["lost"] = max(f.found["lost"], len(f.d.rows)-len(got))
}

// rest gives the rows that are left when a flushed file is gone.
func (f *flipRun) rest(name string) map[string]bool {
	if f.without[name] == nil {
		copied := f.d.fs.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
		require.NoError(f.t, copied.Remove(name))
		f.without[name] = map[string]bool{}
		rows, _ := salvaged(f.t, copied, "without "+name)
		require.Less(f.t, len(rows), len(f.d.rows))
		for _, r := range rows {
			f.without[name][r] = true
		}
	}
	return f.without[name]
}

// TestSalvageFlips flips single bits of every kind of file. Whatever opens is right; whatever is refused, Verify finds; and Salvage makes a database again.
func TestSalvageFlips(t *testing.T) {
	t.Parallel()
	for _, end := range []ending{endClosed, endKilled, endPower} {
		t.Run(string(end), func(t *testing.T) {
			t.Parallel()
			d := buildDamaged(t, end)
			byKind := map[string][]string{}
			for _, name := range filesOf(t, d.fs, "/db") {
				if kind := kindOf(name); kind != "" {
					byKind[kind] = append(byKind[kind], name)
				}
			}
			for _, kind := range slices.Sorted(maps.Keys(byKind)) {
				t.Run(kind, func(t *testing.T) {
					t.Parallel()
					flips(t, d, end, kind, byKind[kind])
				})
			}
		})
	}
}

// flips flips bits in files of one kind.
func flips(t *testing.T, d *damaged, end ending, kind string, names []string) {
	f := &flipRun{t: t, d: d, end: end, found: map[string]int{}, without: map[string]map[string]bool{}}
	seed := uint64(20261123)
	r := rand.New(rand.NewPCG(seed, uint64(len(kind)+len(end))))
	for n := range torture(map[string]int{"log": 100, "checkpoint": 60, "parquet": 120}[kind] + 20) {
		name := names[r.IntN(len(names))]
		bit := r.Int64N(8 * sizeOf(t, d.fs, name))
		f.check(fmt.Sprintf("seed %d, flip %d: bit %d of %s", seed, n, bit, name), kind, name, func(fsys vfs.FS) {
			change(t, fsys, name, func(b []byte) []byte { b[bit/8] ^= 1 << (bit % 8); return b })
		})
	}
	t.Logf("%v", f.found)
}

// TestSalvageGone removes, empties and cuts files of every kind.
func TestSalvageGone(t *testing.T) {
	t.Parallel()
	for _, end := range []ending{endClosed, endKilled} {
		d := buildDamaged(t, end)
		f := &flipRun{t: t, d: d, end: end, found: map[string]int{}, without: map[string]map[string]bool{}}
		for _, name := range filesOf(t, d.fs, "/db") {
			kind := kindOf(name)
			if kind == "" {
				continue
			}
			size := sizeOf(t, d.fs, name)
			for what, spoil := range map[string]func(fsys vfs.FS){
				"removed": func(fsys vfs.FS) { require.NoError(t, fsys.Remove(name)) },
				"emptied": func(fsys vfs.FS) { change(t, fsys, name, func([]byte) []byte { return nil }) },
				"halved":  func(fsys vfs.FS) { change(t, fsys, name, func(b []byte) []byte { return b[:len(b)/2] }) },
				"zeroed":  func(fsys vfs.FS) { change(t, fsys, name, func(b []byte) []byte { clear(b[size/3:]); return b }) },
				"longer": func(fsys vfs.FS) {
					change(t, fsys, name, func(b []byte) []byte { return append(b, "garbage garbage"...) })
				},
				"much longer": func(fsys vfs.FS) { // than a manifest or a mark can be
					change(t, fsys, name, func(b []byte) []byte { return append(b, make([]byte, 5000)...) })
				},
			} {
				if kind == "mark" && what == "removed" {
					continue // that is a log that was not closed
				}
				f.check(fmt.Sprintf("%s: %s %s", end, name, what), kind, name, spoil)
			}
		}
		t.Logf("%s: %v", end, f.found)
	}
}

// TestSalvageAllGone leaves a database without its log, its checkpoint, its manifest, and any two of them.
func TestSalvageAllGone(t *testing.T) {
	t.Parallel()
	d := buildDamaged(t, endClosed)
	for lost := 1; lost < 8; lost++ {
		copied := d.fs.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
		for _, name := range filesOf(t, copied, "/db") {
			switch kind := kindOf(name); {
			case lost&1 != 0 && (kind == "log" || kind == "mark"), lost&2 != 0 && kind == "checkpoint", lost&4 != 0 && kind == "manifest":
				require.NoError(t, copied.Remove(name))
			}
		}
		what := fmt.Sprintf("lost %b", lost)
		if lost == 7 {
			_, err := stoa.Salvage(context.Background(), "/db", &stoa.SalvageOptions{FS: copied})
			require.Equal(t, "3D000", stoa.CodeOf(err), "nothing says that this was a database")
			continue
		}
		require.NotEmpty(t, verified(t, copied).Findings, what)
		_, err := opened(copied)
		require.Error(t, err, what)
		rows, report := salvaged(t, copied, what)
		require.NotEmpty(t, report.Damaged, what)
		require.NoError(t, isSubset(rows, d.ever), what)
		messages := 0
		for _, r := range rows {
			if strings.HasPrefix(r, "chat.messages|") {
				messages++
			}
		}
		require.GreaterOrEqual(t, messages, 48, "%s: the flushed rows are there", what)
		if lost == 4 {
			require.Equal(t, d.rows, rows, "nothing is lost with the manifest")
		}
	}
}

// TestSalvageInterrupted crashes a salvage after every call of the file system, in each way, and repeats it.
func TestSalvageInterrupted(t *testing.T) {
	t.Parallel()
	d := buildDamaged(t, endClosed)
	kinds := []string{"log", "parquet"}
	if torture(1) > 1 {
		kinds = append(kinds, "checkpoint", "manifest")
	}
	for _, kind := range kinds {
		base := d.fs.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
		for _, name := range filesOf(t, base, "/db") {
			if kindOf(name) == kind {
				change(t, base, name, func(b []byte) []byte { b[len(b)/2] ^= 4; return b })
				break
			}
		}
		whole := base.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
		want, _ := salvaged(t, whole, kind)
		for n := uint64(1); ; n++ {
			mem := base.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
			calls := uint64(0)
			var crashed []*vfs.Mem
			watching := vfs.WithFaults(mem, func(op vfs.Op) error {
				if !op.Kind.Changes() {
					return nil
				}
				if calls++; calls == n {
					r := rand.New(rand.NewPCG(n, 1))
					crashed = append(crashed, mem.CrashClone(vfs.CrashOptions{Loss: vfs.LoseSome, Rand: r}))
					if kind == "log" || torture(1) > 1 {
						crashed = append(crashed, mem.CrashClone(vfs.CrashOptions{Loss: vfs.LoseUnsynced}), mem.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing}))
					}
				}
				return nil
			})
			_, err := stoa.Salvage(context.Background(), "/db", &stoa.SalvageOptions{FS: watching})
			require.NoError(t, err)
			if crashed == nil {
				t.Logf("%s: %d calls", kind, n-1)
				break
			}
			for i, disk := range crashed {
				what := fmt.Sprintf("%s: crash %d before call %d", kind, i, n)
				if rows, err := opened(disk); err == nil {
					require.NoError(t, isSubset(rows, d.ever), what)
				}
				rows, _ := salvaged(t, disk, what)
				require.Equal(t, len(want), len(rows), what)
			}
			// An error in the place of the crash: the salvage fails, or does its work, and can be repeated.
			failing := base.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
			_, err = stoa.Salvage(context.Background(), "/db", &stoa.SalvageOptions{FS: vfs.WithFaults(failing, vfs.FailNth(n, false, syscall.EIO, func(op vfs.Op) bool { return op.Kind.Changes() }))})
			if err != nil {
				require.Equal(t, "58030", stoa.CodeOf(err), "%v", err)
			}
			rows, _ := salvaged(t, failing, fmt.Sprintf("%s: error at call %d", kind, n))
			require.Equal(t, len(want), len(rows))
		}
	}
}

// TestSalvageRowGroups damages one of two row groups of a file, and then what helps to find rows and nothing else.
func TestSalvageRowGroups(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	mem := vfs.NewMem()
	db, err := openDamaged(mem, false)
	require.NoError(t, err)
	const rows = parquetio.RowGroupRows + 1000
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	jobs := make([]*tables.Job, rows)
	for n := range jobs {
		jobs[n] = &tables.Job{JobID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n)), JobType: "flush", Status: "completed", CreatedAt: start.Add(time.Duration(n) * time.Second)}
	}
	b, err := tables.BatchOf(schemahistory.Contract()[0], jobs)
	require.NoError(t, err)
	require.NoError(t, db.Store().Update(ctx, func(tx *store.Tx) error { return tx.Insert(schemahistory.Jobs, b) }))
	_, err = db.Exec(ctx, "CALL system.flush('system.jobs')")
	require.NoError(t, err)
	_, err = db.Exec(ctx, "DELETE FROM system.jobs WHERE created_at < timestamp '2026-01-01 00:01:40'") // 100 rows of the first group
	require.NoError(t, err)
	require.NoError(t, db.Close())
	name := ""
	for _, n := range filesOf(t, mem, "/db/storage/system/jobs") {
		name = n
	}
	// The file begins with the first chunk; the bloom filters of a group are behind its chunks; the page indexes stand before the footer.
	f, err := parquetio.Open(mem, name, nil)
	require.NoError(t, err)
	report, err := parquetio.Inspect(mem, name)
	require.NoError(t, err)
	require.Equal(t, 2, f.RowGroups())
	first, second := report.Groups[0].Compressed, int64(f.RowGroupRows(1))
	require.NoError(t, f.Close())
	for _, c := range []struct {
		what string
		at   int64
		left int64
	}{
		{"a chunk of the first group", 1000, second},
		{"the bloom filter", 4 + first + 500, rows - 100},
		{"the page index", report.Bytes - report.FooterBytes - 40, rows - 100},
		{"the footer", report.Bytes - 100, rows - 100},
		{"the footer's length", report.Bytes - 7, rows - 100},
		{"the magic", report.Bytes - 1, rows - 100},
		{"the magic at the beginning", 2, rows - 100},
	} {
		copied := mem.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
		change(t, copied, name, func(b []byte) []byte { b[c.at] ^= 0x10; return b })
		require.NotEmpty(t, verified(t, copied).Findings, c.what)
		s, err := stoa.Salvage(ctx, "/db", &stoa.SalvageOptions{FS: copied})
		require.NoError(t, err, c.what)
		require.Len(t, s.Damaged, 1, "%s: %v", c.what, s.Damaged)
		db, err := openDamaged(copied, false)
		require.NoError(t, err, c.what)
		got, err := db.Query(ctx, "SELECT count(*), count(DISTINCT job_id) FROM system.jobs WHERE result IS NULL")
		require.NoError(t, err, c.what)
		require.True(t, got.Next())
		require.Equal(t, fmt.Sprint(c.left), got.RecordBatch().Column(0).ValueStr(0), c.what)
		require.Equal(t, fmt.Sprint(c.left), got.RecordBatch().Column(1).ValueStr(0), c.what)
		got.Release()
		require.NoError(t, db.Close())
		lost := int64(0)
		for _, f := range s.Lost {
			lost += max(f.Rows, 0)
			require.Contains(t, f.Key, "between 2026-01-01 00:0")
		}
		require.EqualValues(t, rows-100-c.left, lost, c.what)
		require.Empty(t, verified(t, copied).Findings, c.what)
		kept := path.Join(s.Kept, strings.TrimPrefix(name, "/db/"))
		require.Equal(t, sizeOf(t, mem, name), sizeOf(t, copied, kept), "the original is kept")
	}
}

// TestSalvageSeveral damages several places at once. What is left is a database, in which nothing is twice.
func TestSalvageSeveral(t *testing.T) {
	t.Parallel()
	d := buildDamaged(t, endKilled)
	names := slices.DeleteFunc(filesOf(t, d.fs, "/db"), func(name string) bool { return kindOf(name) == "" })
	r := rand.New(rand.NewPCG(7, 11))
	for n := range torture(60) {
		copied := d.fs.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
		what := fmt.Sprintf("round %d:", n)
		for range 2 + r.IntN(5) {
			name := names[r.IntN(len(names))]
			at, run := r.Int64N(sizeOf(t, copied, name)), 1+r.IntN(64)
			what += fmt.Sprintf(" %d bytes at %d of %s", run, at, name)
			change(t, copied, name, func(b []byte) []byte {
				for i := range b[at:min(at+int64(run), int64(len(b)))] {
					b[at+int64(i)] = byte(r.Uint32())
				}
				return b
			})
		}
		rows, _ := salvaged(t, copied, what)
		keys := map[string]bool{}
		for _, row := range rows {
			parts := strings.SplitN(row, "|", 3)
			require.False(t, keys[parts[0]+parts[1]], what)
			keys[parts[0]+parts[1]] = true
		}
	}
}

// TestSalvageStorageAway refuses to give up the files of a storage that is not there.
func TestSalvageStorageAway(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	mem := vfs.NewMem()
	db, err := openDamaged(mem, false)
	require.NoError(t, err)
	for _, sql := range []string{
		"INSERT INTO system.storages (storage_id, name, base_path, path_template) VALUES (gen_random_uuid(), 'far', '/far', '{storageLocation}/{namespace}/{tableName}/')",
		"CREATE TABLE chat.messages (id BIGINT PRIMARY KEY)", "ALTER TABLE chat.messages SET (storage = 'far')", "INSERT INTO chat.messages VALUES (1), (2)",
		"CALL system.flush('chat.messages')",
	} {
		_, err := db.Exec(ctx, sql)
		require.NoError(t, err, sql)
	}
	require.NoError(t, db.Close())
	away := mem.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
	require.NoError(t, vfs.RemoveAll(away, "/far"))
	found := verified(t, away).Findings
	require.Len(t, found, 1)
	require.Equal(t, "the file is missing", found[0].Problem)
	_, err = stoa.Salvage(ctx, "/db", &stoa.SalvageOptions{FS: away})
	require.Equal(t, "58P01", stoa.CodeOf(err))
	require.NoError(t, away.MkdirAll("/far/chat/messages"))
	s, err := stoa.Salvage(ctx, "/db", &stoa.SalvageOptions{FS: away})
	require.NoError(t, err)
	require.Len(t, s.Lost, 1)
	require.EqualValues(t, 2, s.Lost[0].Rows)
	require.Empty(t, verified(t, away).Findings)

	for _, name := range filesOf(t, mem, "/far") {
		change(t, mem, name, func(b []byte) []byte { clear(b[len(b)-300 : len(b)-100]); return b })
	}
	s, err = stoa.Salvage(ctx, "/db", &stoa.SalvageOptions{FS: mem})
	require.NoError(t, err)
	require.Len(t, filesOf(t, mem, s.Kept+"/outside/far"), 1)
	require.Empty(t, filesOf(t, mem, "/far"))
}
