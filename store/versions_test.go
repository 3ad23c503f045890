package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// schemaRows gives the rows of system.table_schemas, sorted.
func schemaRows(t require.TestingT, s *Snapshot) (out []string) {
	v, ok := s.TableByID(tables.TableSchemasTable)
	if !ok {
		return nil
	}
	require.Empty(t, v.Files)
	segments := v.Hot.Segments()
	for i := range segments {
		b := &vec.Batch{N: segments[i].Rows()}
		for c := range v.Def.Columns {
			b.Cols = append(b.Cols, segments[i].Column(c))
		}
		for _, row := range segments[i].Live(0, b.N, nil) {
			r := tables.TableSchemaAt(v.Def, b, int(row))
			out = append(out, fmt.Sprintf("%s.%s %d %s %s %d", r.NamespaceID, r.TableName, r.SchemaVersion, r.SchemaID, r.SchemaJSON, r.CreatedAt.UnixMicro()))
		}
	}
	slices.Sort(out)
	return out
}

// rowsOfHistories gives the rows that system.table_schemas must have.
func rowsOfHistories(s *Snapshot) (out []string) {
	for _, h := range s.Histories() {
		for _, v := range h.Versions {
			out = append(out, fmt.Sprintf("%s %d %s %s %d", h.Name, v.Number, uuid.UUID(v.ID), v.Schema, v.CreatedAt))
		}
	}
	slices.Sort(out)
	return out
}

// changesOf gives what changed in the versions under a name.
func changesOf(s *Snapshot, name schemahistory.Name) (out []string) {
	if h := s.History(name); h != nil {
		for _, v := range h.Versions {
			out = append(out, v.Changes)
		}
	}
	return out
}

var chatMessages = schemahistory.Name{Namespace: "chat", Table: "messages"}

func messagesDefinition() *schemahistory.TableDefinition {
	return &schemahistory.TableDefinition{
		Name: chatMessages, SortColumn: -1, UserColumn: 1, Storage: "primary",
		Columns: []schemahistory.Column{
			{ID: 1, Name: "id", Type: arrowschema.Int8, NotNull: true}, {ID: 2, Name: "user_id", Type: arrowschema.Text, NotNull: true},
			{ID: 3, Name: "n", Type: arrowschema.Int4},
		},
		Keys: []schemahistory.Key{{Name: "messages_pkey", Columns: []int{0}, Primary: true}},
	}
}

// change replaces a table's definition by what fn makes of it.
func change(tx *Tx, name schemahistory.Name, fn func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error)) error {
	def, ok := tx.Table(name)
	if !ok {
		return undefinedTable(name)
	}
	next, changes, err := fn(def)
	if err != nil {
		return err
	}
	return tx.ReplaceDefinition(next, changes)
}

func addColumn(name string, t arrowschema.Type, missing *string) func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
	return func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.AddColumn(schemahistory.Column{Name: name, Type: t, Missing: missing})
	}
}

func renameTo(to schemahistory.Name) func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
	return func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
		return d.Rename(to)
	}
}

// TestVersionsAreKept walks through a table's life, and reads its versions after each step, after each reopening and from a checkpoint.
func TestVersionsAreKept(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	db := mustOpen(t, fsys, nil)
	posts := schemahistory.Name{Namespace: "chat", Table: "posts"}
	want := map[schemahistory.Name][]string{}
	for _, def := range schemahistory.Contract() {
		want[def.Name] = []string{"created the table"}
	}
	check := func() {
		t.Helper()
		for range 3 {
			s := db.Snapshot()
			got := map[schemahistory.Name][]string{}
			for _, h := range s.Histories() {
				require.Equal(t, h, s.History(h.Name))
				got[h.Name] = changesOf(s, h.Name)
				if v, ok := s.Table(h.Name); ok {
					require.Equal(t, h.Last(), v.Def.Version)
					text, err := schemaText(v.Def)
					require.NoError(t, err)
					require.Equal(t, text, h.Versions[h.Last()-1].Schema)
				}
			}
			require.Equal(t, want, got)
			require.Equal(t, rowsOfHistories(s), schemaRows(t, s))
			s.Close()
			require.NoError(t, db.Checkpoint(context.Background()))
			require.NoError(t, db.Close())
			db = mustOpen(t, fsys, nil)
		}
	}
	renamed := func(from, to schemahistory.Name) {
		want[to] = append(want[from], "renamed from "+from.String())
		delete(want, from)
	}
	step := func(name schemahistory.Name, changes string, fn func(tx *Tx) error) {
		t.Helper()
		failed := errors.New("no")
		require.ErrorIs(t, db.Update(context.Background(), func(tx *Tx) error { require.NoError(t, fn(tx)); return failed }), failed)
		update(t, db, fn)
		switch {
		case changes == "renamed":
			renamed(name, posts)
		case changes != "":
			want[name] = append(want[name], changes)
		}
		if strings.HasPrefix(changes, "renamed to") {
			want[posts] = append(want[posts], "renamed from "+name.String())
		}
		check()
	}
	check()
	step(chatMessages, "created the table", func(tx *Tx) error { return tx.CreateTable(messagesDefinition()) })
	s := db.Snapshot()
	require.Equal(t, `{"fields": [{"name": "id", "metadata": {}, "nullable": false, "data_type": "Int64"}, `+
		`{"name": "user_id", "metadata": {}, "nullable": false, "data_type": "Utf8"}, {"name": "n", "metadata": {}, "nullable": true, "data_type": "Int32"}]}`,
		s.History(chatMessages).Versions[0].Schema)
	require.Equal(t, []int32{1, 2, 3}, s.History(chatMessages).Versions[0].Columns)
	s.Close()
	step(chatMessages, "added column x text", func(tx *Tx) error { return change(tx, chatMessages, addColumn("x", arrowschema.Text, ptr("y"))) })
	step(chatMessages, "", func(tx *Tx) error {
		return change(tx, chatMessages, func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
			next := *d
			next.Storage = "archive"
			next.Version = 77 // the store's to say
			return &next, "", nil
		})
	})
	step(chatMessages, "renamed", func(tx *Tx) error { return change(tx, chatMessages, renameTo(posts)) })
	step(posts, "dropped the table", func(tx *Tx) error { return tx.DropTable(posts) })
	step(posts, "created the table anew", func(tx *Tx) error {
		d := messagesDefinition()
		d.Name = posts
		return tx.CreateTable(d)
	})
	step(chatMessages, "created the table", func(tx *Tx) error { return tx.CreateTable(messagesDefinition()) })
	step(posts, "dropped the table", func(tx *Tx) error { return tx.DropTable(posts) })
	// The new name has a history of a table that is gone: each keeps its own.
	step(chatMessages, "renamed to chat.posts", func(tx *Tx) error { return change(tx, chatMessages, renameTo(posts)) })
	require.NoError(t, db.Close())
}

func versionBatch(t testing.TB, rows ...*tables.TableSchema) *vec.Batch {
	b, err := tables.BatchOf(schemahistory.Contract()[3], rows)
	require.NoError(t, err)
	return b
}

func version(name schemahistory.Name, number int64, json string) *tables.TableSchema {
	return &tables.TableSchema{
		SchemaID: uuid.NewSHA1(uuid.Nil, []byte(fmt.Sprint(name, number))), NamespaceID: name.Namespace, TableName: name.Table, SchemaVersion: number,
		SchemaJSON: json, CreatedAt: testStart,
	}
}

const anyJSON = `{"fields": [{"name": "id", "metadata": {}, "nullable": false, "data_type": "Int64"}]}`

// TestInsertVersions inserts versions through system.table_schemas.
func TestInsertVersions(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	db := mustOpen(t, fsys, nil)
	update(t, db, func(tx *Tx) error { return tx.CreateTable(messagesDefinition()) })
	insert := func(rows ...*tables.TableSchema) error {
		return db.Update(context.Background(), func(tx *Tx) error {
			for _, r := range rows { // one by one: they are checked together all the same
				if err := tx.Insert(schemahistory.TableSchemas, versionBatch(t, r)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	gone := schemahistory.Name{Namespace: "old", Table: "gone"}
	require.NoError(t, insert(version(gone, 2, anyJSON), version(chatMessages, 3, anyJSON), version(gone, 1, `{"fields": []}`), version(chatMessages, 2, anyJSON)))
	check := func() {
		t.Helper()
		s := db.Snapshot()
		defer s.Close()
		require.EqualValues(t, 3, s.History(chatMessages).Last())
		require.EqualValues(t, 2, s.History(gone).Last())
		v, _ := s.Table(chatMessages)
		require.EqualValues(t, 3, v.Def.Version)
		require.Equal(t, rowsOfHistories(s), schemaRows(t, s))
		require.Equal(t, testStart.UnixMicro(), s.History(gone).Versions[0].CreatedAt)
		require.EqualValues(t, version(gone, 2, "").SchemaID, s.History(gone).Versions[1].ID)
		require.Len(t, schemaRows(t, s), 4+3+2)
	}
	check()
	twice := version(gone, 3, anyJSON)
	twice.SchemaID = version(gone, 1, "").SchemaID
	for _, c := range []struct {
		name, message string
		code          sqlstate.Code
		rows          []*tables.TableSchema
	}{
		{"taken", "schema version 1 of chat.messages exists already", sqlstate.UniqueViolation, []*tables.TableSchema{version(chatMessages, 1, anyJSON)}},
		{"a gap", "schema version 5 of old.gone does not follow version 2", sqlstate.CheckViolation, []*tables.TableSchema{version(gone, 5, anyJSON)}},
		{"a gap behind", "schema version 5 of old.gone does not follow version 3", sqlstate.CheckViolation, []*tables.TableSchema{version(gone, 5, anyJSON), version(gone, 3, anyJSON)}},
		{"from 2", "schema version 2 of a.b does not follow version 0", sqlstate.CheckViolation, []*tables.TableSchema{version(schemahistory.Name{Namespace: "a", Table: "b"}, 2, anyJSON)}},
		{"zero", "schema version 0 of old.gone does not follow version 2", sqlstate.CheckViolation, []*tables.TableSchema{version(gone, 0, anyJSON)}},
		{"same id", `duplicate key value violates unique constraint "table_schemas_pkey"`, sqlstate.UniqueViolation, []*tables.TableSchema{twice}},
		{"same row", `duplicate key value violates unique constraint "table_schemas_pkey"`, sqlstate.UniqueViolation, []*tables.TableSchema{version(gone, 3, anyJSON), version(gone, 3, anyJSON)}},
		{"no Arrow-JSON", "", sqlstate.InvalidTextRepresentation, []*tables.TableSchema{version(gone, 3, `{"no": "fields"}`)}},
		{"unknown type", "", sqlstate.InvalidTextRepresentation, []*tables.TableSchema{version(gone, 3, `{"fields": [{"name": "id", "data_type": "Int65", "nullable": false, "metadata": {}}]}`)}},
		{"same columns", "", sqlstate.DuplicateColumn, []*tables.TableSchema{version(gone, 3, `{"fields": [{"name": "id", "data_type": "Int64", "nullable": false, "metadata": {}}, {"name": "id", "data_type": "Int64", "nullable": false, "metadata": {}}]}`)}},
	} {
		err := insert(c.rows...)
		require.Equal(t, c.code, sqlstate.CodeOf(err), "%s: %v", c.name, err)
		require.ErrorContains(t, err, c.message)
		check()
	}
	for range 2 {
		require.NoError(t, db.Close())
		db = mustOpen(t, fsys, nil)
		check()
		require.NoError(t, db.Checkpoint(context.Background()))
	}
	// The next change goes on from there.
	update(t, db, func(tx *Tx) error { return change(tx, chatMessages, addColumn("x", arrowschema.Text, nil)) })
	s := db.Snapshot()
	require.Equal(t, []string{"created the table", "", "", "added column x text"}, changesOf(s, chatMessages))
	s.Close()
	require.NoError(t, db.Close())
}

// TestVersionsAreFixed refuses to change rows of system.table_schemas, and to put files there.
func TestVersionsAreFixed(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, vfs.NewMem(), nil)
	for name, fn := range map[string]func(tx *Tx) error{
		"delete": func(tx *Tx) error {
			v, _ := tx.Snapshot().Table(schemahistory.TableSchemas)
			return tx.Delete(schemahistory.TableSchemas, []tables.RowID{tables.HotID(v.Hot.Segments()[0].Number(), 0)})
		},
		"clear": func(tx *Tx) error { return tx.Clear(schemahistory.TableSchemas) },
		"drop":  func(tx *Tx) error { return tx.DropTable(schemahistory.TableSchemas) },
		"file": func(tx *Tx) error {
			_, err := tx.AddFile(schemahistory.TableSchemas, FileRef{Path: "x", Rows: 1})
			return err
		},
	} {
		require.Equal(t, sqlstate.FeatureNotSupported, sqlstate.CodeOf(db.Update(context.Background(), fn)), name)
	}
	require.NoError(t, db.Close())
}

// TestLegacy makes a database of the older form and migrates it, step by step as the contract's statements do, and all at once.
func TestLegacy(t *testing.T) {
	t.Parallel()
	for _, atOnce := range []bool{false, true} {
		fsys := vfs.NewMem()
		opts := testOptions(fsys)
		opts.Legacy = true
		db := mustOpen(t, fsys, opts)
		jobs := schemahistory.Legacy()[0]
		b, err := tables.BatchOf(jobs, []*tables.Job{testJob(1), testJob(2)})
		require.NoError(t, err)
		require.Len(t, b.Cols, 7)
		update(t, db, func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, b) })
		update(t, db, func(tx *Tx) error { return tx.CreateTable(messagesDefinition()) })
		s := db.Snapshot()
		require.Empty(t, s.Histories())
		require.Len(t, s.Tables(), 4)
		storages, ok := s.TableByID(tables.StoragesTable)
		require.True(t, ok)
		require.Equal(t, schemahistory.StorageLocations, storages.Def.Name)
		require.EqualValues(t, 1, storages.Rows())
		messages, _ := s.Table(chatMessages)
		require.Equal(t, [2]int64{5, 0}, [2]int64{int64(messages.Def.ID), messages.Def.Version}, "the numbers of the contract's tables stay theirs")
		s.Close()
		steps := []func(tx *Tx) error{func(tx *Tx) error {
			return change(tx, schemahistory.StorageLocations, renameTo(schemahistory.Storages))
		}}
		for _, def := range schemahistory.Legacy()[:2] {
			for _, c := range def.Lacks() {
				steps = append(steps, func(tx *Tx) error {
					return change(tx, def.Name, func(d *schemahistory.TableDefinition) (*schemahistory.TableDefinition, string, error) {
						return d.AddColumn(c)
					})
				})
			}
		}
		steps = append(steps, func(tx *Tx) error { return tx.CreateTable(schemahistory.Contract()[3]) }, func(tx *Tx) error {
			for _, name := range []schemahistory.Name{schemahistory.Jobs, schemahistory.LiveQueries, schemahistory.Storages, schemahistory.TableSchemas, chatMessages} {
				def, ok := tx.Table(name)
				require.True(t, ok)
				text, err := schemaText(def)
				require.NoError(t, err)
				if err := tx.Insert(schemahistory.TableSchemas, versionBatch(t, version(name, 1, text))); err != nil {
					return err
				}
			}
			return nil
		})
		if atOnce {
			update(t, db, func(tx *Tx) error {
				for _, fn := range steps {
					if err := fn(tx); err != nil {
						return err
					}
				}
				return nil
			})
		} else {
			for _, fn := range steps {
				update(t, db, fn)
			}
		}
		for range 3 {
			s := db.Snapshot()
			require.Len(t, s.Histories(), 5)
			for _, h := range s.Histories() {
				v, ok := s.Table(h.Name)
				require.True(t, ok)
				require.Equal(t, [2]int64{1, 1}, [2]int64{h.Last(), v.Def.Version})
				require.Len(t, h.Versions[0].Columns, len(v.Def.Columns), "the columns of the present schema are known")
			}
			require.Equal(t, rowsOfHistories(s), schemaRows(t, s))
			got := snapshotJobs(t, s)
			require.Len(t, got, 2)
			j := got[jobID(1)]
			require.Nil(t, j.Parameters)
			require.Equal(t, "compact", j.JobType)
			s.Close()
			require.NoError(t, db.Checkpoint(context.Background()))
			require.NoError(t, db.Close())
			db = mustOpen(t, fsys, nil)
		}
		insertJobs2(t, db)
		require.NoError(t, db.Close())
	}
}

// insertJobs2 inserts a whole job into a migrated table, whose columns lie in another order than the contract's.
func insertJobs2(t testing.TB, db *DB) {
	update(t, db, func(tx *Tx) error {
		def, _ := tx.Table(schemahistory.Jobs)
		b, err := tables.BatchOf(def, []*tables.Job{testJob(3)})
		require.NoError(t, err)
		return tx.Insert(schemahistory.Jobs, b)
	})
	got := jobsOf(t, db)[jobID(3)]
	requireJob(t, testJob(3), &got)
}
