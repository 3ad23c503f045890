package flush

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

var chatMessages = schemahistory.Name{Namespace: "chat", Table: "messages"}

func createMessages(t testing.TB, db *store.DB, users ...string) {
	t.Helper()
	require.NoError(t, db.Update(context.Background(), func(tx *store.Tx) error {
		if err := tx.CreateTable(messages(chatMessages, "primary")); err != nil {
			return err
		}
		return tx.Insert(chatMessages, messageBatch(users...))
	}))
}

// TestUser flushes the rows of one user, to exactly the contract's place and with its parameters.
func TestUser(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, fsys := openMem(t)
	createMessages(t, db, "jamal", "ann", "NULL", "jamal", "Jamal", "")
	addStorage(t, db, "users", "storage", "{storageLocation}/{namespace}/users/{userId}/{tableName}/{shard}/", chatMessages)
	report, err := Run(ctx, db, Request{Table: &chatMessages, User: ptr("jamal")})
	require.NoError(t, err)
	require.EqualValues(t, 2, report.Rows())
	require.Equal(t, []string{"chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet"}, files(t, fsys, "data/storage"))
	require.Equal(t, "./data/storage/chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet", report.Tables[0].Files[0].Path)
	jobs := flushJobs(t, db)
	require.Len(t, jobs, 1)
	require.Equal(t, `["chat", "messages", "jamal"]`, *jobs[0].Parameters)
	require.Equal(t, "Flushed 2 records to ./data/storage/chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet", *jobs[0].Result)
	_, hot, cold := currentRows(t, db, chatMessages)
	require.Equal(t, [2]int{4, 2}, [2]int{hot, cold})

	report, err = Run(ctx, db, Request{Table: &chatMessages, User: ptr("jamal")})
	require.NoError(t, err)
	require.Zero(t, report.Rows())
	require.Equal(t, "chat.messages: nothing to flush", report.Tables[0].String())
	report, err = Run(ctx, db, Request{Table: &chatMessages, User: ptr("")})
	require.NoError(t, err)
	require.EqualValues(t, 1, report.Rows(), "the user without letters, and not the row without a user")

	_, err = Run(ctx, db, Request{Table: &schemahistory.Jobs, User: ptr("jamal")})
	require.Equal(t, sqlstate.InvalidParameterValue, sqlstate.CodeOf(err))
	require.ErrorContains(t, err, "table system.jobs has no user column")
	report, err = Run(ctx, db, Request{User: ptr("ann"), AllRows: true})
	require.NoError(t, err)
	require.EqualValues(t, 1, report.Rows())
	require.Len(t, report.Tables, 2, "those with a user column: chat.messages and system.live_queries")
}

// TestTableSchemasStayHot asks for the rows that are the versions.
func TestTableSchemasStayHot(t *testing.T) {
	t.Parallel()
	db, _ := openMem(t)
	report, err := Run(context.Background(), db, Request{Table: &schemahistory.TableSchemas, AllRows: true})
	require.NoError(t, err)
	require.Len(t, report.Tables, 1)
	require.Equal(t, "system.table_schemas: nothing to flush: its rows are the versions of the tables' schemas, which are always hot", report.Tables[0].String())
	require.Empty(t, flushJobs(t, db))
	_, hot, cold := currentRows(t, db, schemahistory.TableSchemas)
	require.Equal(t, [2]int{4, 0}, [2]int{hot, cold})
}

type evolution func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error)

func evolve(tx *store.Tx, fn evolution) error {
	def, _ := tx.Table(chatMessages)
	next, changes, err := fn(def)
	if err != nil {
		return err
	}
	return tx.ReplaceDefinition(next, changes)
}

var evolutions = map[string]evolution{
	"add a column": func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.AddColumn(schemahistory.Column{Name: "kind", Type: arrowschema.Text, Dictionary: true, Missing: ptr("note")})
	},
	"add a column of JSON": func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.AddColumn(schemahistory.Column{Name: "extra", Type: arrowschema.JSONB, Missing: ptr(`{"a": 1}`)})
	},
	"widen the key": func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.SetType("user_id", arrowschema.Varchar, nil)
	},
	"drop the sort column": func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.DropColumn("created_at")
	},
	"drop the user column": func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.DropColumn("user_id")
	},
	"rename a column": func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.RenameColumn("content", "text")
	},
	"drop the key": func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.DropColumn("id")
	},
}

// TestEvolvedTable changes the definition between insertions and flushes, and while the files are being written: the rows stay what they were.
func TestEvolvedTable(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	users := make([]string, 300)
	for i := range users {
		users[i] = fmt.Sprint("user", i%3)
	}
	for name, fn := range evolutions {
		for _, when := range []string{"before", "while it is flushed"} {
			db, fsys := openMem(t)
			createMessages(t, db, users[:200]...)
			if when == "before" {
				require.NoError(t, db.Update(ctx, func(tx *store.Tx) error { return tx.Insert(chatMessages, messageBatchFrom(200, users[:100]...)) }))
				require.NoError(t, db.Update(ctx, func(tx *store.Tx) error { return evolve(tx, fn) }), name)
			}
			want := map[string]int{}
			req := Request{Table: &chatMessages}
			done := false
			req.Progress = func(int64, int64) {
				if !done && when != "before" {
					require.NoError(t, db.Update(ctx, func(tx *store.Tx) error { return evolve(tx, fn) }))
					want, _, _ = currentRows(t, db, chatMessages)
				}
				done = true
			}
			if when == "before" {
				want, _, _ = currentRows(t, db, chatMessages)
			}
			report, err := Run(ctx, db, req)
			require.NoError(t, err, name)
			require.Positive(t, report.Rows())
			got, hot, cold := currentRows(t, db, chatMessages)
			require.Equal(t, want, got, "%s, %s", name, when)
			require.Zero(t, hot)
			require.EqualValues(t, report.Rows(), cold)
			requireTidy(t, db, fsys)
			snap := db.Snapshot()
			view, _ := snap.Table(chatMessages)
			if when == "before" {
				require.Equal(t, view.Def.Version, view.Files[0].SchemaVersion)
				file, err := db.OpenFile(view.Files[0])
				require.NoError(t, err)
				require.Equal(t, fmt.Sprint(view.Def.Version), file.Metadata()["stoa.schema_version"])
				for i, c := range file.Columns() {
					require.Equal(t, view.Def.Columns[i].ID, c.FieldID)
				}
			}
			snap.Close()
		}
	}
}

// TestClearedWhileFlushed empties the table while its files are being written: no row comes back.
func TestClearedWhileFlushed(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, fsys := openMem(t)
	createMessages(t, db, "ann", "bob")
	report, err := Run(ctx, db, Request{Table: &chatMessages, Progress: func(int64, int64) {
		require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
			if err := tx.Clear(chatMessages); err != nil {
				return err
			}
			return tx.Insert(chatMessages, messageBatch("cyd"))
		}))
	}})
	require.NoError(t, err)
	require.Zero(t, report.Rows())
	rows, hot, cold := currentRows(t, db, chatMessages)
	require.Len(t, rows, 1)
	require.Equal(t, [2]int{1, 0}, [2]int{hot, cold})
	requireTidy(t, db, fsys)
}

// TestLegacy flushes a database of the older form, before and after it is migrated.
func TestLegacy(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	fsys := vfs.NewMem()
	db, err := store.Open(ctx, "./data", &store.Options{FS: fsys, Legacy: true, CheckpointBytes: -1, SegmentRows: 64})
	require.NoError(t, err)
	defer db.Close()
	insertJobs(t, db, 0, 100)
	report, err := Run(ctx, db, Request{Now: testNow})
	require.NoError(t, err)
	require.EqualValues(t, 75, report.Rows(), "the storages stay, under whatever name")
	own := flushJobs(t, db)
	require.Len(t, own, 1)
	require.Nil(t, own[0].Parameters)
	require.Equal(t, tables.Completed, own[0].Status)
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
		def, _ := tx.Table(schemahistory.Jobs)
		for _, c := range def.Lacks() {
			next, _, err := def.AddColumn(c)
			if err != nil {
				return err
			}
			def = next
		}
		return tx.ReplaceDefinition(def, "migrated")
	}))
	insertJobs(t, db, 100, 120)
	report, err = Run(ctx, db, Request{Now: testNow.Add(1e9)})
	require.NoError(t, err)
	require.EqualValues(t, 15+1, report.Rows())
	own = flushJobs(t, db)
	require.Len(t, own, 1)
	require.Equal(t, `["system", "jobs"]`, *own[0].Parameters)
	require.Contains(t, *own[0].Result, "Flushed 16 records to")
	report, err = Run(ctx, db, Request{AllRows: true, Now: testNow.Add(2e9)})
	require.NoError(t, err)
	require.EqualValues(t, 30+1+1, report.Rows())
	_, hot, cold := currentRows(t, db, schemahistory.Jobs)
	require.Equal(t, 120+4, hot+cold)
}
