package flush

import (
	"cmp"
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

func TestValidateStorage(t *testing.T) {
	t.Parallel()
	require.NoError(t, ValidateStorage("primary", "./data/storage", "{storageLocation}/{namespace}/users/{userId}/{tableName}/"))
	require.Equal(t, sqlstate.InvalidParameterValue, sqlstate.CodeOf(ValidateStorage("x", "/mnt", "{storageLocation}/{nope}/{tableName}")))
	require.Equal(t, sqlstate.InvalidParameterValue, sqlstate.CodeOf(ValidateStorage("x", "a\x00", "{tableName}")))
	require.NoError(t, ValidateStorage("x", "s3://bucket/x", "{tableName}"), "it is refused when something is flushed there")
	_, err := parseStorage("x", "s3://bucket/x", "{tableName}")
	require.Equal(t, sqlstate.FeatureNotSupported, sqlstate.CodeOf(err))
}

func TestResolveStorage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ dir, base, path, shown string }{
		{"./data", "storage", "storage/t/b.parquet", "./data/storage/t/b.parquet"},
		{"./data", "./storage/", "storage/t/b.parquet", "./data/storage/t/b.parquet"},
		{"./data/", "storage", "storage/t/b.parquet", "./data/storage/t/b.parquet"},
		{"data", "a/../b", "b/t/b.parquet", "data/b/t/b.parquet"},
		{".", "storage", "storage/t/b.parquet", "./storage/t/b.parquet"},
		{"/srv/db", "storage", "storage/t/b.parquet", "/srv/db/storage/t/b.parquet"},
		{"/srv/db", "/mnt/x/", "/mnt/x/t/b.parquet", "/mnt/x/t/b.parquet"},
		{"/srv/db", "../x", "/srv/x/t/b.parquet", "/srv/x/t/b.parquet"},
		{"/srv/db", "/srv/db/in", "in/t/b.parquet", "/srv/db/in/t/b.parquet"},
		{"data", ".", "t/b.parquet", "data/t/b.parquet"},
	} {
		db := open(t, vfs.NewMem(), c.dir)
		s, err := resolveStorage(db, tables.Storage{Name: "s", BasePath: c.base, PathTemplate: "{storageLocation}/{tableName}"})
		require.NoError(t, err)
		dir, err := s.directory("t")
		require.NoError(t, err)
		require.Equal(t, c.path, dir+"/b.parquet", "%v", c)
		require.Equal(t, c.shown, s.show(dir+"/b.parquet"), "%v", c)
		require.NoError(t, db.Close())
	}
}

func TestResultText(t *testing.T) {
	t.Parallel()
	of := func(rows int64, paths ...string) string {
		var list []FileReport
		for _, p := range paths {
			list = append(list, FileReport{Path: p})
		}
		return resultText(rows, list)
	}
	require.Equal(t, "Flushed 10,000 records to ./data/storage/chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet",
		of(10000, "./data/storage/chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet"))
	require.Equal(t, "Flushed 1,234,567 records to 2 files under ./data/storage/chat", of(1234567, "./data/storage/chat/a/x", "./data/storage/chat/b/x"))
	require.Equal(t, "Flushed 999 records to 2 files under ./d", of(999, "./d/a/x", "./d/ab/x"))
	require.Equal(t, "Flushed 0 records to 2 files under /", of(0, "/a/x", "/b/x"))
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", -100: "-100", 123456: "123,456", 9223372036854775807: "9,223,372,036,854,775,807"} {
		require.Equal(t, want, grouped(n))
	}
}

func TestBatchName(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 10, 21, 16, 30, 22, 999999999, time.FixedZone("", 7200))
	require.Equal(t, "batch-2025-10-21-143022.parquet", batchName(at, 1))
	require.Equal(t, "batch-2025-10-21-143022-2.parquet", batchName(at, 2))
}

func TestTrace(t *testing.T) {
	t.Parallel()
	require.Equal(t, "node-1:flush-actor-3:thread-42", (&Request{Node: "node-1", Actor: "flush-actor-3", Thread: "thread-42"}).trace())
	require.Regexp(t, `^[^:]+:flush-actor-1:main$`, (&Request{}).trace())
	require.Equal(t, "a_b:c_d:main", (&Request{Node: "a:b", Actor: "c:d"}).trace())
}

// TestSort compares with a stable sort of the rows, NULLs last.
func TestSort(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		segments := rapid.IntRange(1, 5).Draw(t, "segments")
		seed := rapid.Uint64().Draw(t, "seed")
		spread := rapid.SampledFrom([]int64{1, 10, 1 << 40}).Draw(t, "spread")
		rising := rapid.Bool().Draw(t, "rising")
		r := rand.New(rand.NewPCG(seed, 1))
		o := &sorter{}
		var refs []ref
		for s := range segments {
			n := r.IntN(2000 + 38000*r.IntN(2)*r.IntN(2))
			c := sortColumn{ints: make([]int64, n)}
			if r.IntN(3) == 0 {
				c.valid = vec.NewBitmap(n)
			}
			for i := range n {
				if c.ints[i] = r.Int64N(spread); rising {
					c.ints[i] += int64(s<<20 + i)
				}
				if c.valid != nil && r.IntN(10) == 0 {
					c.valid.Clear(i)
				}
				if r.IntN(4) > 0 {
					refs = append(refs, ref(s<<16|i))
				}
			}
			if n == 0 || r.IntN(10) == 0 {
				c = sortColumn{}
			}
			o.cols = append(o.cols, c)
		}
		want := slices.Clone(refs)
		slices.SortStableFunc(want, func(a, b ref) int { return cmp.Compare(o.key(a), o.key(b)) })
		got, err := o.sort(ctx, refs)
		require.NoError(t, err)
		require.True(t, slices.Equal(want, got))
	})
}

// TestAssemble picks random rows of random segments, of every type and form, and compares them one by one.
func TestAssemble(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 2))
		name := schemahistory.Name{Namespace: "a", Table: "b"}
		def := messages(name, "primary")
		def.ID, def.Version = 9, 1
		if seed%3 == 0 {
			def.Columns[6].Dictionary = true
		}
		table := tables.New(def, 512)
		kinds := []string{"ann", "bob", "NULL", "", "Ü"}
		for range 1 + r.IntN(8) {
			var users []string
			for range r.IntN(400) {
				users = append(users, kinds[r.IntN(1+r.IntN(len(kinds)))])
			}
			if r.IntN(3) == 0 { // a column that earlier segments do not have
				next := *def
				next.Version++
				next.Columns = append(slices.Clone(def.Columns), schemahistory.Column{ID: int32(len(def.Columns) + 1), Name: uuid.NewString(), Type: []arrowschema.Type{
					arrowschema.Text, arrowschema.Int8, arrowschema.UUID, arrowschema.Interval}[r.IntN(4)], Dictionary: true})
				def = &next
				table.SetDefinition(def)
			}
			b := messageBatchFrom(r.IntN(1000), users...)
			b.Cols[0] = vec.NewFlat(arrowschema.Int8, make([]int64, b.N), nil)
			for i := range b.N {
				b.Cols[0].Ints[i] = r.Int64()
			}
			for _, c := range def.Columns[8:] {
				v := vec.New(c.Type, b.N)
				for i := range b.N {
					if r.IntN(2) == 0 {
						v.SetNull(i)
					} else if v.Strs != nil {
						v.Strs[i] = kinds[r.IntN(5)]
					}
				}
				b.Cols = append(b.Cols, v)
			}
			require.Nil(t, table.Append(b, nil))
		}
		table.Commit(nil, 1)
		sel, err := selectRows(ctx, table.View(1), true, nil, 0)
		require.NoError(t, err)
		if len(sel.refs) == 0 {
			continue
		}
		a := newAssembler(sel)
		shuffled := slices.Clone(sel.refs)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for _, refs := range [][]ref{sel.refs, shuffled, shuffled[:1], shuffled[:len(shuffled)/2], sel.refs[len(sel.refs)/3:]} {
			for rest := refs; len(rest) > 0; {
				var b *vec.Batch
				before := rest
				b, rest = a.next(rest)
				require.Equal(t, len(before)-len(rest), b.N)
				for c := range def.Columns {
					for i, rf := range before[:b.N] {
						want := sel.segs[rf.segment()].Column(c)
						x, y := vec.AppendKey(nil, want, rf.offset()), vec.AppendKey(nil, b.Cols[c], i)
						if string(x) != string(y) {
							t.Fatalf("seed %d, column %d, row %d: %q and not %q", seed, c, i, y, x)
						}
					}
				}
			}
		}
	}
}

// TestMeter does not run beside others, which allocate too.
func TestMeter(t *testing.T) {
	runtime.GC() // what is collected meanwhile is not in the rise
	m := newMeter()
	defer m.close()
	end := make(chan struct{})
	var kept []byte
	go func() {
		defer close(end)
		defer m.work()()
		kept = make([]byte, 64<<20)
		for i := range kept {
			kept[i] = byte(i * i)
		}
		m.look()
	}()
	<-end
	require.Len(t, kept, 64<<20)
	memory, cpu := m.read(0)
	require.Greater(t, *memory, int64(60<<20))
	if cpuKnown {
		require.Greater(t, *cpu, int64(1000))
	}
	m.held(1 << 40)
	memory, _ = m.read(0)
	require.Equal(t, int64(1<<40), *memory)
}

func TestJobIDs(t *testing.T) {
	t.Parallel()
	seen := map[uuid.UUID]bool{}
	for range 1000 {
		j, err := newJob(flushJob, flushParameters(schemahistory.Jobs, nil), "a:b:c", testNow)
		require.NoError(t, err)
		require.True(t, isOurs(j))
		require.False(t, seen[j.JobID])
		require.Equal(t, uuid.Version(8), j.JobID.Version())
		require.Equal(t, uuid.RFC4122, j.JobID.Variant())
		seen[j.JobID] = true
		other := *j
		other.CreatedAt = testNow.Add(time.Second)
		require.False(t, isOurs(&other))
		other = *j
		other.JobID = uuid.New()
		require.False(t, isOurs(&other))
	}
	j, err := newJob(flushJob, flushParameters(schemahistory.Name{Namespace: `a"b`, Table: `c\d`}, ptr("ü\n")), "", testNow)
	require.NoError(t, err)
	require.Equal(t, `["a\"b", "c\\d", "ü\n"]`, *j.Parameters)
}

// TestRecoverLeavesOthers: a running flush job that a user has inserted is the user's.
func TestRecoverLeavesOthers(t *testing.T) {
	t.Parallel()
	db, _ := openMem(t)
	theirs := testJob(0)
	theirs.JobType = flushJob
	require.Equal(t, tables.Running, theirs.Status)
	ours, err := newJob(flushJob, flushParameters(schemahistory.Jobs, nil), "a:b:c", testNow)
	require.NoError(t, err)
	insertRows(t, db, schemahistory.Jobs, []*tables.Job{theirs, ours})
	n, err := Recover(ctx, db)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	for _, j := range flushJobs(t, db) {
		require.Equal(t, j.JobID == theirs.JobID, j.Status == tables.Running)
	}
}

// TestConcurrent runs flushes, writers and readers at once: flushes take turns, and every reader sees every row once.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	const writers, rounds, rows = 2, 10, 37
	var done sync.WaitGroup
	for w := range writers {
		done.Go(func() {
			for r := range rounds {
				insertJobs(t, db, (w*rounds+r)*rows, (w*rounds+r+1)*rows)
			}
		})
	}
	for range 3 {
		done.Go(func() {
			for range 5 {
				_, err := Run(ctx, db, Request{AllRows: true})
				require.NoError(t, err)
			}
		})
	}
	stop := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		last := 0
		for {
			select {
			case <-stop:
				return
			default:
			}
			found, _, _ := currentRows(t, db, schemahistory.Jobs)
			n := 0
			for text, times := range found {
				if times != 1 {
					t.Errorf("%d times: %s", times, text)
				}
				if !strings.Contains(text, "job_type=false:flush") {
					n++
				}
			}
			if n < last {
				t.Errorf("rows are gone: %d after %d", n, last)
			}
			last = n
		}
	})
	done.Wait()
	close(stop)
	reader.Wait()
	_, err := Run(ctx, db, Request{AllRows: true})
	require.NoError(t, err)
	found, _, _ := currentRows(t, db, schemahistory.Jobs)
	require.GreaterOrEqual(t, len(found), writers*rounds*rows)
	requireTidy(t, db, fsys)
}

// TestLock: a flush waits for another one as long as its context lasts.
func TestLock(t *testing.T) {
	t.Parallel()
	db, _ := openMem(t)
	insertJobs(t, db, 0, 100)
	held, err := tryLock(db, lockName)
	require.NoError(t, err)
	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	_, err = Run(short, db, Request{})
	require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err))
	n, err := Recover(ctx, db)
	require.NoError(t, err)
	require.Zero(t, n)
	go func() {
		time.Sleep(20 * time.Millisecond)
		_ = held.Close()
	}()
	r, err := Run(ctx, db, Request{})
	require.NoError(t, err)
	require.Equal(t, int64(75), r.Rows())
}

// TestManyUsers flushes many files, of users with names that want to be somewhere else.
func TestManyUsers(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	addStorage(t, db, "users", "storage", "{namespace}/{userId}/{tableName}/{shard}", schemahistory.LiveQueries)
	const users, each = 625, 3
	nasty := []string{"", ".", "/", "\\", "%", "2e", "．", "a", "A", "{shard}", "\n", "..", "\u202e", "con", "_", "-", " ", "é", "e\u0301", "'", "\"", "*", "~", ":", "@"}
	var rows []*tables.LiveQuery
	for n := range users * each {
		rows = append(rows, &tables.LiveQuery{
			LiveID: testID(n), UserID: nasty[n%25] + "|" + nasty[n/25%25], NamespaceID: "chat", TableName: "messages", Query: "SELECT 1",
			CreatedAt: testNow.Add(-time.Duration(n) * time.Second), LastUpdate: testNow.Add(-2 * time.Hour),
		})
	}
	insertRows(t, db, schemahistory.LiveQueries, rows)
	before, _, _ := currentRows(t, db, schemahistory.LiveQueries)
	r, err := Run(ctx, db, Request{Table: &schemahistory.LiveQueries})
	require.NoError(t, err)
	require.Equal(t, users, r.Files())
	require.Equal(t, "Flushed 1,875 records to 625 files under ./data/storage/system", r.Tables[0].Result)
	after, hot, _ := currentRows(t, db, schemahistory.LiveQueries)
	require.Zero(t, hot)
	require.Equal(t, before, after)
	requireTidy(t, db, fsys)
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error { return nil }))
}
