package flush

import (
	"context"
	"fmt"
	"maps"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

var ctx = context.Background()

func TestFlushJobs(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	insertJobs(t, db, 0, 1000) // statuses 1..4: running, completed, failed, cancelled
	old := db.Snapshot()
	before, hot, _ := rowsOf(t, db, old, schemahistory.Jobs)
	require.Equal(t, 1000, hot)

	var told [][2]int64
	report, err := Run(ctx, db, Request{Table: &schemahistory.Jobs, Node: "node-1", Actor: "flush-actor-3", Thread: "thread-42",
		Progress: func(done, total int64) {
			told = append(told, [2]int64{done, total})
		}})
	require.NoError(t, err)
	const name = "storage/system/jobs/batch-2025-10-21-143022.parquet"
	require.Len(t, report.Tables, 1)
	r := report.Tables[0]
	require.Equal(t, int64(750), report.Rows())
	require.Equal(t, 1, report.Files())
	require.Equal(t, "Flushed 750 records to ./data/"+name, r.Result)
	require.Equal(t, "./data/"+name, r.Files[0].Path)
	require.Equal(t, int64(750), r.Files[0].Rows)
	require.Equal(t, [2]int64{750, 750}, told[len(told)-1])

	snap := db.Snapshot()
	after, hot, cold := rowsOf(t, db, snap, schemahistory.Jobs)
	require.Equal(t, 251, hot) // the flush's own row
	require.Equal(t, 750, cold)
	for row, n := range before {
		require.Equal(t, 1, n)
		require.Equal(t, 1, after[row], row)
	}
	view, _ := snap.Table(schemahistory.Jobs)
	f := view.Files[0]
	require.Equal(t, name, f.Path)
	require.Equal(t, "primary", f.Storage)
	require.Equal(t, "", f.User)
	require.Equal(t, testNow.UnixMicro(), f.CreatedAt)
	require.Equal(t, r.Files[0].Bytes, f.Size)
	requireSorted(t, db, f, 8)
	snap.Close()

	again, hot, cold := rowsOf(t, db, old, schemahistory.Jobs) // the old snapshot sees what it saw
	require.Equal(t, before, again)
	require.Equal(t, [2]int{1000, 0}, [2]int{hot, cold})
	old.Close()

	j := flushJobs(t, db)
	require.Len(t, j, 1)
	require.Equal(t, r.JobID, j[0].JobID)
	require.Equal(t, tables.Completed, j[0].Status)
	require.Equal(t, `["system", "jobs"]`, *j[0].Parameters)
	require.Equal(t, r.Result, *j[0].Result)
	require.Equal(t, "node-1:flush-actor-3:thread-42", *j[0].Trace)
	require.Positive(t, *j[0].MemoryUsed)
	require.Positive(t, *j[0].CPUUsed)
	require.Equal(t, *r.CPUMicro, *j[0].CPUUsed)
	require.NoError(t, tables.CheckJob(&j[0]))
	require.True(t, isOurs(&j[0]))

	// Nothing has settled now but the flush's own job, which waits for company; all rows are all rows.
	idle, err := Run(ctx, db, Request{Table: &schemahistory.Jobs})
	require.NoError(t, err)
	require.Zero(t, idle.Rows())
	require.Len(t, flushJobs(t, db), 1)
	second, err := Run(ctx, db, Request{Table: &schemahistory.Jobs, AllRows: true})
	require.NoError(t, err)
	require.Equal(t, int64(251), second.Rows())
	require.Equal(t, "./data/storage/system/jobs/batch-2025-10-21-143022-2.parquet", second.Tables[0].Files[0].Path)

	require.NoError(t, db.Close())
	reopened := open(t, fsys, "./data")
	defer reopened.Close()
	final, _, cold := currentRows(t, reopened, schemahistory.Jobs)
	require.Equal(t, 1001, cold)
	for row := range before {
		require.Equal(t, 1, final[row])
	}
	requireTidy(t, reopened, fsys)
}

// requireSorted checks a file's order by one of its columns.
func requireSorted(t *testing.T, db *store.DB, ref *store.FileRef, col int) {
	t.Helper()
	f, err := db.OpenFile(ref)
	require.NoError(t, err)
	last := int64(-1 << 62)
	for rg := range f.RowGroups() {
		v, err := f.ReadColumn(ctx, rg, col)
		require.NoError(t, err)
		for _, x := range v.Flat().Ints {
			require.LessOrEqual(t, last, x)
			last = x
		}
	}
	require.Equal(t, ref.SortMax, last)
}

func TestSettled(t *testing.T) {
	t.Parallel()
	db, _ := openMem(t)
	insertJobs(t, db, 0, 8)
	var subs []*tables.LiveQuery
	for n := range 10 {
		subs = append(subs, &tables.LiveQuery{LiveID: testID(n), UserID: "jamal", NamespaceID: "chat", TableName: "messages", Query: "SELECT 1",
			CreatedAt:  testNow.Add(-48 * time.Hour),
			LastUpdate: testNow.Add(-IdleAfter + time.Duration(n-5)*time.Microsecond)})
	}
	insertRows(t, db, schemahistory.LiveQueries, subs)
	insertRows(t, db, schemahistory.TableSchemas, []*tables.TableSchema{{
		SchemaID: testID(1), NamespaceID: "a", TableName: "b", SchemaVersion: 1, SchemaJSON: `{"fields": []}`, CreatedAt: testNow}})
	other := schemahistory.Name{Namespace: "chat", Table: "messages"}
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.CreateTable(messages(other, "primary")); err != nil {
			return err
		}
		return tx.Insert(other, messageBatch("ann", "bob"))
	}))
	count := func(r Report) map[string]int64 {
		out := map[string]int64{}
		for i := range r.Tables {
			out[r.Tables[i].Table.String()] = r.Tables[i].Rows
		}
		return out
	}
	report, err := Run(ctx, db, Request{})
	require.NoError(t, err)
	require.Equal(t, map[string]int64{"chat.messages": 2, "system.jobs": 6, "system.live_queries": 5, "system.storages": 0}, count(report))
	for i := range report.Tables {
		if r := &report.Tables[i]; r.Rows == 0 {
			require.Equal(t, "system.storages: nothing to flush", r.String())
			require.Equal(t, uuid.Nil, r.JobID)
		}
	}
	require.Len(t, flushJobs(t, db), 3)

	report, err = Run(ctx, db, Request{AllRows: true, Now: testNow.Add(time.Second)})
	require.NoError(t, err)
	require.Equal(t, map[string]int64{"chat.messages": 0, "system.jobs": 2 + 3, "system.live_queries": 5, "system.storages": 1}, count(report))
	_, hot, cold := currentRows(t, db, schemahistory.Jobs)
	require.Equal(t, [2]int{3, 11}, [2]int{hot, cold}) // this run's own jobs stay

	// The storage's row is flushed now and is found all the same; nothing else is left.
	report, err = Run(ctx, db, Request{AllRows: true, Now: testNow.Add(2 * time.Second)})
	require.NoError(t, err)
	require.Equal(t, int64(3), report.Rows())

	empty, _ := openMem(t)
	report, err = Run(ctx, empty, Request{})
	require.NoError(t, err)
	require.Zero(t, report.Rows())
	require.Empty(t, flushJobs(t, empty))
}

// messages defines a table of users' rows, the contract's example.
func messages(name schemahistory.Name, storage string) *schemahistory.TableDefinition {
	return &schemahistory.TableDefinition{
		Name: name, Storage: storage, SortColumn: 2, UserColumn: 1,
		Columns: []schemahistory.Column{
			{ID: 1, Name: "id", Type: arrowschema.Int8, NotNull: true}, {ID: 2, Name: "user_id", Type: arrowschema.Text, Dictionary: true},
			{ID: 3, Name: "created_at", Type: arrowschema.Timestamp}, {ID: 4, Name: "amount", Type: arrowschema.Numeric}, {ID: 5, Name: "ok", Type: arrowschema.Bool},
			{ID: 6, Name: "score", Type: arrowschema.Float8}, {ID: 7, Name: "content", Type: arrowschema.Text}, {ID: 8, Name: "took", Type: arrowschema.Interval},
		},
		Keys: []schemahistory.Key{{Name: "messages_pkey", Columns: []int{0}, Primary: true}},
	}
}

// messageBatch gives a row for each user, "NULL" for a row without one. Ids go on from the number of microseconds since the epoch in a counter.
func messageBatch(users ...string) *vec.Batch { return messageBatchFrom(0, users...) }

func messageBatchFrom(first int, users ...string) *vec.Batch {
	b := make([]*vec.Builder, 8)
	for i, c := range messages(schemahistory.Name{}, "").Columns {
		b[i] = vec.NewBuilder(c.Type, len(users))
	}
	for i, u := range users {
		n := first + i
		b[0].AppendInt(int64(n))
		if u == "NULL" {
			b[1].AppendNull()
		} else {
			b[1].AppendString(u)
		}
		if n%10 == 9 {
			b[2].AppendNull()
		} else {
			b[2].AppendInt(int64(n * 7919 % 10007))
		}
		b[3].AppendNull()
		b[4].AppendBool(n%2 == 0)
		b[5].AppendFloat(float64(n) / 4)
		b[6].AppendString(fmt.Sprint("message ", n))
		b[7].AppendNull()
	}
	out := &vec.Batch{N: len(users)}
	for _, c := range b {
		out.Cols = append(out.Cols, c.Vec())
	}
	return out
}

// TestContractPath is the contract's own example of a flush's result.
func TestContractPath(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	name := schemahistory.Name{Namespace: "chat", Table: "messages"}
	insertRows(t, db, schemahistory.Storages, []*tables.Storage{{
		StorageID: testID(1), Name: "users", BasePath: "./storage",
		PathTemplate: "{storageLocation}/{namespace}/users/{userId}/{tableName}/{shard}/", CreatedAt: testNow}})
	users := make([]string, 10000)
	for i := range users {
		users[i] = "jamal"
	}
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.CreateTable(messages(name, "users")); err != nil {
			return err
		}
		return tx.Insert(name, messageBatch(users...))
	}))
	report, err := Run(ctx, db, Request{Table: &name})
	require.NoError(t, err)
	require.Equal(t, "Flushed 10,000 records to ./data/storage/chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet", report.Tables[0].Result)
	j := flushJobs(t, db)
	require.Equal(t, `["chat", "messages", "jamal"]`, *j[0].Parameters)
	require.Equal(t, "jamal", report.Tables[0].Files[0].User)
	require.Equal(t, []string{"chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet"}, files(t, fsys, "data/storage"))
	_, _, cold := currentRows(t, db, name)
	require.Equal(t, 10000, cold)
}

// TestUsers: every user's rows in a directory of their own, hostile names among them, and rows of the user NULL.
func TestUsers(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	name := schemahistory.Name{Namespace: "chat", Table: "messages"}
	insertRows(t, db, schemahistory.Storages, []*tables.Storage{{
		StorageID: testID(1), Name: "users", BasePath: "storage", PathTemplate: "{tableName}/{userId}", CreatedAt: testNow}})
	kinds := []string{"jamal", "NULL", "..", "", "a/b", "system", "Ünï", "jamal2", "%2e"}
	var users []string
	for n := range 1000 {
		users = append(users, kinds[(n+n/7)%len(kinds)])
	}
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.CreateTable(messages(name, "users")); err != nil {
			return err
		}
		return tx.Insert(name, messageBatch(users...))
	}))
	want := map[string]int64{}
	for _, u := range users {
		if u == "NULL" {
			u = "%null" // no user has this directory
		}
		want[u]++
	}
	before, _, _ := currentRows(t, db, name)
	report, err := Run(ctx, db, Request{Table: &name})
	require.NoError(t, err)
	after, hot, cold := currentRows(t, db, name)
	require.Equal(t, before, after)
	require.Equal(t, [2]int{0, 1000}, [2]int{hot, cold})
	require.Equal(t, fmt.Sprintf("Flushed 1,000 records to %d files under ./data/storage/messages", len(want)), report.Tables[0].Result)
	require.Equal(t, `["chat", "messages"]`, *flushJobs(t, db)[0].Parameters)
	snap := db.Snapshot()
	defer snap.Close()
	view, _ := snap.Table(name)
	got := map[string]int64{}
	for _, f := range view.Files {
		file, err := db.OpenFile(f)
		require.NoError(t, err)
		v, err := file.ReadColumn(ctx, 0, 1)
		require.NoError(t, err)
		for i := range v.N {
			if v.IsNull(i) {
				require.Contains(t, f.Path, "/%null/")
			} else {
				d, at := v.Value(i)
				require.Equal(t, f.User, d.Strs[at])
				require.Equal(t, f.User, file.Metadata()[keyUser])
			}
		}
		if f.User == "" && v.IsNull(0) {
			got["%null"] += f.Rows
		} else {
			got[f.User] += f.Rows
		}
	}
	require.Equal(t, want, got)
	requireTidy(t, db, fsys)
}

func TestNameClash(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	const dir = "data/storage/system/jobs/"
	require.NoError(t, fsys.MkdirAll(dir))
	for _, n := range []string{"batch-2025-10-21-143022.parquet", ".stoa-batch-2025-10-21-143022-2.parquet.tmp", "batch-2025-10-21-143022-4.parquet"} {
		f, err := fsys.Create(dir + n)
		require.NoError(t, err)
		_, err = f.Write([]byte("theirs"))
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	for _, want := range []string{"-3", "-5", "-6"} {
		insertJobs(t, db, len(want)*100+int(want[1]), len(want)*100+int(want[1])+1)
		r, err := Run(ctx, db, Request{Table: &schemahistory.Jobs, AllRows: true})
		require.NoError(t, err)
		require.Equal(t, "./"+dir+"batch-2025-10-21-143022"+want+".parquet", r.Tables[0].Files[0].Path)
	}
	for _, n := range []string{"batch-2025-10-21-143022.parquet", ".stoa-batch-2025-10-21-143022-2.parquet.tmp", "batch-2025-10-21-143022-4.parquet"} {
		data, err := vfs.ReadFile(fsys, dir+n, 100)
		require.NoError(t, err)
		require.Equal(t, "theirs", string(data))
	}
}

// TestLateClash: somebody who shares the directory takes the name after it was chosen.
func TestLateClash(t *testing.T) {
	t.Parallel()
	for _, kind := range []vfs.OpKind{vfs.OpCreateNew, vfs.OpRenameNoReplace} {
		mem := vfs.NewMem()
		const dir = "data/storage/system/jobs/"
		taken := false
		fsys := vfs.WithFaults(mem, func(op vfs.Op) error {
			if op.Kind != kind || taken || op.Path != dir+".stoa-batch-2025-10-21-143022.parquet.tmp" {
				return nil
			}
			taken = true
			name := op.To
			if kind == vfs.OpCreateNew {
				name = op.Path
			}
			f, err := mem.CreateNew(name)
			if err != nil {
				return err
			}
			_, err = f.Write([]byte("theirs"))
			_ = f.Close()
			return err
		})
		db := open(t, fsys, "./data")
		insertJobs(t, db, 0, 100)
		r, err := Run(ctx, db, Request{Table: &schemahistory.Jobs})
		require.NoError(t, err)
		require.True(t, taken)
		require.Equal(t, "./"+dir+"batch-2025-10-21-143022-2.parquet", r.Tables[0].Files[0].Path)
		require.NoError(t, db.Close())
		db = open(t, mem, "./data")
		_, _, cold := currentRows(t, db, schemahistory.Jobs)
		require.Equal(t, 75, cold)
		theirs := dir + "batch-2025-10-21-143022.parquet"
		if kind == vfs.OpCreateNew {
			theirs = dir + ".stoa-batch-2025-10-21-143022.parquet.tmp"
		}
		data, err := vfs.ReadFile(mem, theirs, 100)
		require.NoError(t, err, "a recovery has removed another's file")
		require.Equal(t, "theirs", string(data))
		require.NoError(t, db.Close())
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	db, _ := openMem(t)
	_, err := Run(ctx, db, Request{Table: &schemahistory.Name{Namespace: "system", Table: "storage_locations"}})
	require.Equal(t, sqlstate.UndefinedTable, sqlstate.CodeOf(err))

	name := schemahistory.Name{Namespace: "chat", Table: "messages"}
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.CreateTable(messages(name, "archive")); err != nil {
			return err
		}
		return tx.Insert(name, messageBatch("ann"))
	}))
	_, err = Run(ctx, db, Request{Table: &name})
	var e *sqlstate.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, sqlstate.UndefinedObject, e.Code)
	require.Contains(t, e.Hint, "system.storages")
	j := flushJobs(t, db)
	require.Len(t, j, 1)
	require.Equal(t, tables.Failed, j[0].Status)
	require.Contains(t, *j[0].Error, `storage "archive" of table chat.messages does not exist`)
	require.NoError(t, tables.CheckJob(&j[0]))

	for n, c := range []struct{ base, template string }{{"", "{tableName}"}, {".", "WAL/{tableName}"}, {"wal", "{tableName}"}, {"s", "{nope}"}, {"s3://bucket", "{tableName}"}} {
		storage := fmt.Sprint("bad", n)
		insertRows(t, db, schemahistory.Storages, []*tables.Storage{{StorageID: testID(n), Name: storage, BasePath: c.base, PathTemplate: c.template, CreatedAt: testNow}})
		require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
			def, _ := tx.Table(name)
			next := *def
			next.Storage = storage
			return tx.ReplaceDefinition(&next, "")
		}))
		_, err = Run(ctx, db, Request{Table: &name})
		require.ErrorAs(t, err, &e, "%v", c)
		require.Contains(t, []sqlstate.Code{sqlstate.InvalidParameterValue, sqlstate.FeatureNotSupported}, e.Code)
		require.NotEmpty(t, e.Hint)
	}
	_, hot, cold := currentRows(t, db, name)
	require.Equal(t, [2]int{1, 0}, [2]int{hot, cold})
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	db, fsys := openMem(t)
	insertJobs(t, db, 0, 10)
	reader, err := store.Open(ctx, "./data", &store.Options{FS: fsys, ReadOnly: true})
	require.NoError(t, err)
	defer reader.Close()
	_, err = Run(ctx, reader, Request{})
	require.Equal(t, sqlstate.ReadOnlyTransaction, sqlstate.CodeOf(err))
}

// TestRealDirectory runs on the operating system's files, with an absolute base path outside of the database.
func TestRealDirectory(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	db := open(t, vfs.OS(), root+"/db")
	insertJobs(t, db, 0, 1000)
	addStorage(t, db, "archive", root+"/archive", "{storageLocation}/{namespace}.{tableName}/", schemahistory.Jobs)
	before, _, _ := currentRows(t, db, schemahistory.Jobs)
	report, err := Run(ctx, db, Request{Table: &schemahistory.Jobs, AllRows: true})
	require.NoError(t, err)
	require.Equal(t, root+"/archive/system.jobs/batch-2025-10-21-143022.parquet", report.Tables[0].Files[0].Path)
	require.NoError(t, db.Close())
	db = open(t, vfs.OS(), root+"/db")
	defer db.Close()
	after, hot, cold := currentRows(t, db, schemahistory.Jobs)
	require.Equal(t, [2]int{1, 1000}, [2]int{hot, cold})
	for row := range maps.Keys(before) {
		require.Equal(t, 1, after[row])
	}
	require.Equal(t, []string{"system.jobs/batch-2025-10-21-143022.parquet"}, files(t, vfs.OS(), root+"/archive"))
}

// A table whose storage is missing does not keep the tables after it from being flushed, and its rows stay hot.
func TestMissingStorageStopsOneTable(t *testing.T) {
	t.Parallel()
	db, _ := openMem(t)
	defer db.Close()
	insertJobs(t, db, 0, 10)
	insertRows(t, db, schemahistory.TableSchemas, []*tables.TableSchema{{SchemaID: testID(1), NamespaceID: "chat", TableName: "messages", SchemaVersion: 1, SchemaJSON: `{"fields": []}`, CreatedAt: testNow}})
	require.NoError(t, db.Update(context.Background(), func(tx *store.Tx) error {
		def, _ := tx.Table(schemahistory.Jobs)
		next := *def
		next.Storage = "nowhere"
		if err := tx.ReplaceDefinition(&next, ""); err != nil {
			return err
		}
		storages, _ := tx.Table(schemahistory.Storages)
		other := *storages
		other.Storage = "elsewhere"
		return tx.ReplaceDefinition(&other, "")
	}))
	report, err := Run(context.Background(), db, Request{AllRows: true})
	require.Equal(t, sqlstate.UndefinedObject, sqlstate.CodeOf(err))
	require.ErrorContains(t, err, `storage "nowhere" of table system.jobs does not exist`)
	var coded *sqlstate.Error
	require.ErrorAs(t, err, &coded)
	require.Contains(t, coded.Detail, `storage "elsewhere" of table system.storages does not exist`, "one error tells of both tables")
	rows := map[string]int64{}
	for _, r := range report.Tables {
		rows[r.Table.Table] = r.Rows
	}
	require.NotContains(t, rows, "jobs")
	require.NotContains(t, rows, "table_schemas", "it is never flushed")
	_, hot, cold := currentRows(t, db, schemahistory.Jobs)
	require.Zero(t, cold)
	require.GreaterOrEqual(t, hot, 10)
}

// TestFlushBesideMissing flushes a table while a file of system.jobs is gone: the job's own row does not need it.
func TestFlushBesideMissing(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	db := open(t, vfs.OS(), root+"/db")
	name := schemahistory.Name{Namespace: "chat", Table: "messages"}
	insertJobs(t, db, 0, 100)
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.CreateTable(messages(name, "")); err != nil {
			return err
		}
		return tx.Insert(name, messageBatch("jamal"))
	}))
	report, err := Run(ctx, db, Request{Table: &schemahistory.Jobs, AllRows: true})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	require.NoError(t, os.Remove(report.Tables[0].Files[0].Path))
	db = open(t, vfs.OS(), root+"/db")
	defer db.Close()
	report, err = Run(ctx, db, Request{Table: &name, AllRows: true})
	require.NoError(t, err)
	require.EqualValues(t, 1, report.Tables[0].Rows)
}
