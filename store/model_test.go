package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// fakeFiles stands in for Parquet: batches by path, in row groups of 16 rows, with a bloom filter that lets one in eight through.
type fakeFiles struct {
	mu     sync.Mutex
	byPath map[string]*vec.Batch
	reads  atomic.Int64
}

const fakeGroup = 16

func (f *fakeFiles) open(_ context.Context, db *DB, ref *FileRef) (coldFile, error) {
	if _, err := db.FS().Stat(db.Path(ref.Path)); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	b := f.byPath[ref.Path]
	if b == nil {
		return nil, fmt.Errorf("no file %s", ref.Path)
	}
	return &fakeFile{files: f, b: b}, nil
}

type fakeFile struct {
	files *fakeFiles
	b     *vec.Batch
}

func (f *fakeFile) Column(id int32) int           { return int(id) - 1 }
func (f *fakeFile) Type(col int) arrowschema.Type { return f.b.Cols[col].Type }
func (f *fakeFile) RowGroups() int                { return (f.b.N + fakeGroup - 1) / fakeGroup }
func (f *fakeFile) RowGroupRows(rg int) int {
	return min(fakeGroup, f.b.N-rg*fakeGroup)
}

func (f *fakeFile) Bounds(rg, col int) (lo, hi *vec.Vec) {
	v := f.part(rg, col)
	for i := range v.N {
		if lo == nil || vec.Compare(v, i, lo, 0) < 0 {
			lo = v.Slice(i, i+1)
		}
		if hi == nil || vec.Compare(v, i, hi, 0) > 0 {
			hi = v.Slice(i, i+1)
		}
	}
	return lo, hi
}

func (f *fakeFile) part(rg, col int) *vec.Vec {
	return f.b.Cols[col].Slice(rg*fakeGroup, rg*fakeGroup+f.RowGroupRows(rg))
}

func (f *fakeFile) BloomHashes(_ int, v *vec.Vec) []uint64 {
	out := make([]uint64, v.N)
	for i := range out {
		out[i] = binary.BigEndian.Uint64(v.UUIDs[v.At(i)][:])
	}
	return out
}

func (f *fakeFile) MayContainAny(rg, col int, hashes []uint64, rows, dst []int32) []int32 {
	there := f.BloomHashes(col, f.part(rg, col))
	for _, r := range rows {
		if slices.Contains(there, hashes[r]) || hashes[r]%8 == 0 {
			dst = append(dst, r)
		}
	}
	return dst
}

func (f *fakeFile) ReadColumn(_ context.Context, rg, col int) (*vec.Vec, error) {
	f.files.reads.Add(1)
	return f.part(rg, col), nil
}

// flushTo writes live rows to a file and adds it in place of them, as a flush does.
func (f *fakeFiles) flushTo(ctx context.Context, db *DB, path string, pick func(id uuid.UUID) bool) error {
	if err := db.Reserve(ctx, path); err != nil {
		return err
	}
	s := db.Snapshot()
	defer s.Close()
	v, _ := s.Table(schemahistory.Jobs)
	var ids []tables.RowID
	segments := v.Hot.Segments()
	for i := range segments {
		seg := &segments[i]
		for _, row := range seg.Live(0, seg.Rows(), nil) {
			if pick(uuid.UUID(seg.Column(0).UUIDs[row])) {
				ids = append(ids, tables.HotID(seg.Number(), int(row)))
			}
		}
	}
	if len(ids) == 0 {
		return db.Release(ctx, path)
	}
	return db.Update(ctx, func(tx *Tx) error {
		ids = slices.DeleteFunc(ids, func(id tables.RowID) bool { // others may have changed them since the snapshot
			var one tables.SegmentRows
			one.Add(id.Offset())
			return tx.KeepLive(schemahistory.Jobs, id.Segment(), &one) != nil || !one.Has(id.Offset())
		})
		if len(ids) == 0 {
			return nil
		}
		b, err := tx.Rows(schemahistory.Jobs, ids, allColumns(v.Def))
		if err != nil {
			return err
		}
		if err := f.write(db, path, b); err != nil {
			return err
		}
		if _, err := tx.AddFile(schemahistory.Jobs, FileRef{Path: path, Rows: int64(b.N), SchemaVersion: 1}); err != nil {
			return err
		}
		return tx.Delete(schemahistory.Jobs, ids)
	})
}

func allColumns(def *schemahistory.TableDefinition) []int {
	out := make([]int, len(def.Columns))
	for i := range out {
		out[i] = i
	}
	return out
}

func (f *fakeFiles) write(db *DB, path string, b *vec.Batch) error {
	f.mu.Lock()
	f.byPath[path] = b
	f.mu.Unlock()
	full := db.Path(path)
	if err := vfs.MkdirAllSync(db.FS(), filepath.Dir(full)); err != nil {
		return err
	}
	file, err := db.FS().Create(TempName(full))
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := db.FS().RenameNoReplace(TempName(full), full); err != nil {
		return err
	}
	return db.FS().SyncDir(filepath.Dir(full))
}

// content reads all jobs of the newest snapshot: hot, and in the fake files. The value is memory_used, which the model uses as a version.
func (f *fakeFiles) content(t require.TestingT, db *DB) map[uuid.UUID]int64 {
	s := db.Snapshot()
	defer s.Close()
	return f.contentOf(t, s)
}

func (f *fakeFiles) contentOf(t require.TestingT, s *Snapshot) map[uuid.UUID]int64 {
	v, ok := s.Table(schemahistory.Jobs)
	require.True(t, ok)
	out := f.scan(t, v)
	f.find(t, s, v, out)
	return out
}

func (f *fakeFiles) scan(t require.TestingT, v *TableView) map[uuid.UUID]int64 {
	out := map[uuid.UUID]int64{}
	segments := v.Hot.Segments()
	for i := range segments {
		seg := &segments[i]
		for _, row := range seg.Live(0, seg.Rows(), nil) {
			id := uuid.UUID(seg.Column(0).UUIDs[row])
			_, twice := out[id]
			require.False(t, twice, "twice hot")
			out[id] = seg.Column(6).Ints[row]
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, ref := range v.Files {
		b := f.byPath[ref.Path]
		require.NotNil(t, b)
		require.EqualValues(t, b.N, ref.Rows)
		for i := range b.N {
			if ref.Deletes != nil && ref.Deletes.Contains(uint32(i)) {
				continue
			}
			id := uuid.UUID(b.Cols[0].UUIDs[i])
			_, twice := out[id]
			require.False(t, twice, "hot and cold, or twice cold")
			out[id] = b.Cols[6].Ints[i]
		}
	}
	require.EqualValues(t, len(out), v.Rows())
	return out
}

// find looks every job up by its key, and what it finds.
func (f *fakeFiles) find(t require.TestingT, s *Snapshot, v *TableView, want map[uuid.UUID]int64) {
	keys := vec.New(arrowschema.UUID, modelJobs)
	for n := range keys.N {
		keys.UUIDs[n] = jobID(n)
	}
	ids, err := s.Find(context.Background(), v.Def.Name, v.Def.Keys[0], []*vec.Vec{keys})
	require.NoError(t, err)
	var there []tables.RowID
	for n, id := range ids {
		_, ok := want[jobID(n)]
		require.Equal(t, ok, id != 0, "job %d", n)
		if ok {
			there = append(there, id)
		}
	}
	rows, err := s.Rows(context.Background(), v.Def.Name, there, []int{0, 6})
	require.NoError(t, err)
	for i := range rows.N {
		require.Equal(t, want[uuid.UUID(rows.Cols[0].UUIDs[i])], rows.Cols[1].Ints[i])
	}
}

// paths lists the Parquet files on the disk.
func paths(t require.TestingT, db *DB) (out []string) {
	entries, err := db.FS().ReadDir(db.Path("files"))
	if err == nil {
		for _, e := range entries {
			out = append(out, "files/"+e.Name())
		}
	}
	return out
}

func wantFiles(t require.TestingT, db *DB) {
	s := db.Snapshot()
	defer s.Close()
	v, _ := s.Table(schemahistory.Jobs)
	var want []string
	for _, f := range v.Files {
		want = append(want, f.Path)
	}
	got := paths(t, db)
	slices.Sort(got)
	slices.Sort(want)
	require.Equal(t, want, got)
}

func versioned(n int, version int64) *tables.Job {
	j := testJob(n)
	j.MemoryUsed = ptr(version)
	return j
}

// machine runs random operations on a database and a map.
type machine struct {
	t       *rapid.T
	ctx     context.Context
	fsys    *vfs.Mem
	fake    *fakeFiles
	opts    Options
	db      *DB
	model   map[uuid.UUID]int64
	version int64
	files   int
	// crashes holds clones of the disk, taken at file-system calls of the running operation.
	mu      sync.Mutex
	crashes []*vfs.Mem
	calls   int
	crashAt int
}

const modelJobs = 200 // few, so that keys meet

func newMachine(t *rapid.T) *machine {
	m := &machine{t: t, ctx: context.Background(), fsys: vfs.NewMem(), fake: &fakeFiles{byPath: map[string]*vec.Batch{}}, model: map[uuid.UUID]int64{}, crashAt: -1}
	m.opts = Options{
		FS: vfs.WithFaults(m.fsys, m.inject), Now: testOptions(nil).Now, openCold: m.fake.open,
		SegmentRows:     rapid.SampledFrom([]int{1, 3, 16, 64, 128, 65536}).Draw(t, "segment rows"),
		CheckpointBytes: rapid.SampledFrom([]int64{-1, 1, 5000}).Draw(t, "checkpoint bytes"),
		LogSegmentBytes: rapid.SampledFrom([]int64{0, 1000, 20000}).Draw(t, "log segment"),
		partSize:        rapid.SampledFrom([]int{0, 1, 3000}).Draw(t, "part size"),
		KeyCacheBytes:   rapid.SampledFrom([]int64{0, 1}).Draw(t, "key cache"),
	}
	m.open()
	return m
}

// inject takes a clone of the disk at one call of the running operation.
func (m *machine) inject(op vfs.Op) error {
	if !op.Kind.Changes() {
		return nil
	}
	m.mu.Lock() // a checkpoint may be made in the background
	defer m.mu.Unlock()
	if m.calls == m.crashAt {
		for _, loss := range []vfs.Loss{vfs.LoseUnsynced, vfs.LoseNothing, vfs.LoseSome} {
			m.crashes = append(m.crashes, m.fsys.CrashClone(vfs.CrashOptions{Loss: loss, Rand: rand.New(rand.NewPCG(uint64(m.calls), uint64(loss)))}))
		}
	}
	m.calls++
	return nil
}

func (m *machine) open() {
	db, err := Open(m.ctx, "/db", &m.opts)
	require.NoError(m.t, err)
	m.db = db
}

// numbers draws some job numbers.
func (m *machine) numbers() []int {
	n := rapid.IntRange(1, 60).Draw(m.t, "n")
	lo := rapid.IntRange(0, modelJobs-1).Draw(m.t, "from")
	step := rapid.SampledFrom([]int{1, 1, 7}).Draw(m.t, "step")
	var out []int
	for i := range n {
		out = append(out, (lo+i*step)%modelJobs)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// step runs an operation that turns the model into what next makes of it, and checks what a crash during it leaves.
func (m *machine) step(op func() error, next func(model map[uuid.UUID]int64)) {
	before, after := maps.Clone(m.model), maps.Clone(m.model)
	next(after)
	m.mu.Lock()
	m.crashes, m.calls = nil, 0
	m.crashAt = rapid.IntRange(-20, 12).Draw(m.t, "crash at") // below 0: nowhere
	m.mu.Unlock()
	require.NoError(m.t, op())
	m.db.background.Wait()
	m.mu.Lock()
	m.crashAt = -1
	m.mu.Unlock()
	m.model = after
	require.Equal(m.t, m.model, m.fake.content(m.t, m.db))
	for i, disk := range m.crashes {
		opts := m.opts
		opts.FS = disk
		for range 2 { // the second opening finds what the first left
			db, err := Open(m.ctx, "/db", &opts)
			require.NoError(m.t, err, "crash %d", i)
			got := m.fake.content(m.t, db)
			if !maps.Equal(got, before) && !maps.Equal(got, after) {
				require.Fail(m.t, "a crash left neither", "loss %d: before %d rows, after %d, found %d", i, len(before), len(after), len(got))
			}
			wantFiles(m.t, db)
			require.NoError(m.t, db.Close())
		}
	}
}

func (m *machine) Insert(t *rapid.T) {
	m.t = t
	numbers := m.numbers()
	m.version++
	skip := rapid.Bool().Draw(t, "skip existing")
	var fresh []int
	for _, n := range numbers {
		if _, there := m.model[jobID(n)]; !there {
			fresh = append(fresh, n)
		}
	}
	if !skip && len(fresh) < len(numbers) {
		m.step(func() error {
			err := m.db.Update(m.ctx, func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, m.batch(numbers)) })
			require.Equal(t, sqlstate.UniqueViolation, sqlstate.CodeOf(err))
			return nil
		}, func(map[uuid.UUID]int64) {})
		return
	}
	m.step(func() error {
		return m.db.Update(m.ctx, func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, m.batch(fresh)) })
	}, m.set(fresh))
}

func (m *machine) batch(numbers []int) *vec.Batch {
	jobs := make([]*tables.Job, len(numbers))
	for i, n := range numbers {
		jobs[i] = versioned(n, m.version)
	}
	b, err := tables.BatchOf(schemahistory.Contract()[0], jobs)
	require.NoError(m.t, err)
	return b
}

func (m *machine) set(numbers []int) func(map[uuid.UUID]int64) {
	version := m.version
	return func(model map[uuid.UUID]int64) {
		for _, n := range numbers {
			model[jobID(n)] = version
		}
	}
}

// find gives the ids of those of the jobs that are there, checked against the model.
func (m *machine) find(tx *Tx, numbers []int) (ids []tables.RowID, there []int) {
	for i, id := range findJobs(m.t, tx, numbers...) {
		_, want := m.model[jobID(numbers[i])]
		require.Equal(m.t, want, id != 0)
		if want {
			ids, there = append(ids, id), append(there, numbers[i])
		}
	}
	return ids, there
}

func (m *machine) Upsert(t *rapid.T) {
	m.t = t
	numbers := m.numbers()
	m.version++
	m.step(func() error {
		return m.db.Update(m.ctx, func(tx *Tx) error {
			ids, there := m.find(tx, numbers)
			if len(ids) > 0 {
				old, err := tx.Rows(schemahistory.Jobs, ids, []int{6, 0})
				require.NoError(t, err)
				for i, n := range there {
					require.Equal(t, m.model[jobID(n)], old.Cols[0].Ints[i])
					require.EqualValues(t, jobID(n), old.Cols[1].UUIDs[i])
				}
			}
			if err := tx.Delete(schemahistory.Jobs, ids); err != nil {
				return err
			}
			return tx.Insert(schemahistory.Jobs, m.batch(numbers))
		})
	}, m.set(numbers))
}

func (m *machine) Delete(t *rapid.T) {
	m.t = t
	numbers := m.numbers()
	fail := rapid.Bool().Draw(t, "then fail")
	m.step(func() error {
		err := m.db.Update(m.ctx, func(tx *Tx) error {
			ids, _ := m.find(tx, numbers)
			if err := tx.Delete(schemahistory.Jobs, ids); err != nil {
				return err
			}
			if fail {
				require.NoError(t, tx.Insert(schemahistory.Jobs, m.batch(numbers)))
				return context.DeadlineExceeded
			}
			return nil
		})
		if fail {
			require.ErrorIs(t, err, context.DeadlineExceeded)
			return nil
		}
		return err
	}, func(model map[uuid.UUID]int64) {
		for _, n := range numbers {
			if !fail {
				delete(model, jobID(n))
			}
		}
	})
}

func (m *machine) Flush(t *rapid.T) {
	m.t = t
	m.files++
	path := fmt.Sprintf("files/batch-%d.parquet", m.files)
	part := rapid.IntRange(1, 4).Draw(t, "one in")
	m.step(func() error {
		return m.fake.flushTo(m.ctx, m.db, path, func(id uuid.UUID) bool { return int(id[0])%part == 0 })
	}, func(map[uuid.UUID]int64) {})
}

// Compact merges all files into one.
func (m *machine) Compact(t *rapid.T) {
	m.t = t
	m.files++
	path := fmt.Sprintf("files/batch-%d.parquet", m.files)
	m.step(func() error {
		if err := m.db.Reserve(m.ctx, path); err != nil {
			return err
		}
		return m.db.Update(m.ctx, func(tx *Tx) error {
			v, _ := tx.Snapshot().Table(schemahistory.Jobs)
			var ids []tables.RowID
			for _, f := range v.Files {
				for i := range f.Rows {
					if f.Deletes == nil || !f.Deletes.Contains(uint32(i)) {
						ids = append(ids, tables.ColdID(f.Number, uint32(i)))
					}
				}
				require.NoError(t, tx.RemoveFile(schemahistory.Jobs, f.Number))
			}
			if len(ids) == 0 {
				return nil
			}
			_, err := tx.Rows(schemahistory.Jobs, ids, allColumns(v.Def))
			require.Error(t, err, "of a removed file")
			b, err := m.fake.rows(v, ids)
			require.NoError(t, err)
			if err := m.fake.write(m.db, path, b); err != nil {
				return err
			}
			_, err = tx.AddFile(schemahistory.Jobs, FileRef{Path: path, Rows: int64(b.N)})
			return err
		})
	}, func(map[uuid.UUID]int64) {})
	wantFiles(t, m.db)
}

// rows gathers rows of files.
func (f *fakeFiles) rows(v *TableView, ids []tables.RowID) (*vec.Batch, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	parts := make([][]*vec.Vec, len(v.Def.Columns))
	for _, id := range ids {
		ref, _ := v.File(id.File())
		for c := range parts {
			parts[c] = append(parts[c], f.byPath[ref.Path].Cols[c].Slice(int(id.Position()), int(id.Position())+1))
		}
	}
	out := &vec.Batch{N: len(ids)}
	for c, p := range parts {
		out.Cols = append(out.Cols, vec.Concat(v.Def.Columns[c].Type, p))
	}
	return out, nil
}

func (m *machine) Checkpoint(t *rapid.T) {
	m.t = t
	m.step(func() error { return m.db.Checkpoint(m.ctx) }, func(map[uuid.UUID]int64) {})
}

func (m *machine) Reopen(t *rapid.T) {
	m.t = t
	m.step(func() error {
		require.NoError(t, m.db.Close())
		m.open()
		return nil
	}, func(map[uuid.UUID]int64) {})
	wantFiles(t, m.db)
}

func (m *machine) Check(t *rapid.T) {}

func TestRandomOperations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := newMachine(t)
		defer func() { _ = m.db.Close() }()
		t.Repeat(rapid.StateMachineActions(m))
	})
}
