package store

import (
	"context"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// formatOne copies a database of format 1, which the program of that time wrote, into memory. good has three rows in system.table_schemas, all of them
// versions; mixed has some that are not, and most are flushed.
func formatOne(t testing.TB, name string) *vfs.Mem {
	mem := vfs.NewMem()
	require.NoError(t, filepath.WalkDir(filepath.Join("testdata", "format1", name), func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		rel, err := filepath.Rel(filepath.Join("testdata", "format1", name), file)
		require.NoError(t, err)
		to := path.Join("/db", filepath.ToSlash(rel))
		require.NoError(t, vfs.MkdirAllSync(mem, path.Dir(to)))
		return vfs.AtomicWrite(mem, to, func(w io.Writer) error {
			_, err := w.Write(content)
			return err
		})
	}))
	return mem
}

// wantUpgraded checks what there must be of a database of format 1.
func wantUpgraded(t testing.TB, db *DB, mixed bool) {
	t.Helper()
	s := db.Snapshot()
	defer s.Close()
	messages := schemahistory.Name{Namespace: "chat", Table: "messages"}
	v, ok := s.Table(messages)
	require.True(t, ok)
	require.EqualValues(t, 3, v.Rows())
	require.EqualValues(t, 4, v.Def.LastColumn)
	want := map[string]int64{
		"chat.messages": 2, "shop.orders": 1, "system.jobs": 1, "system.live_queries": 1, "system.storages": 1, "system.table_schemas": 1,
	}
	if mixed {
		want["shop.orders"], want["system.table_schemas_1"] = 2, 1
	}
	got := map[string]int64{}
	rows := int64(0)
	for _, h := range s.Histories() {
		got[h.Name.String()] = h.Last()
		rows += h.Last()
		if v, ok := s.Table(h.Name); ok {
			require.Equal(t, h.Last(), v.Def.Version, h.Name)
		}
	}
	require.Equal(t, want, got)
	h := s.History(messages)
	require.Equal(t, `{"fields": []}`, h.Versions[0].Schema)
	require.Equal(t, byte(0xa2), h.Versions[1].ID[15])
	require.EqualValues(t, 1760961600000000, h.Versions[1].CreatedAt)
	require.Equal(t, "as it was before versions were kept", s.History(schemahistory.Jobs).Versions[0].Changes)
	require.Equal(t, rowsOfHistories(s), schemaRows(t, s))
	aside, ok := s.Table(schemahistory.Name{Namespace: "system", Table: "table_schemas_1"})
	require.Equal(t, mixed, ok)
	if mixed {
		require.EqualValues(t, 3, aside.Rows(), "two with a gap between, one that is no Arrow-JSON")
		require.False(t, aside.Def.System)
		schemas, _ := s.TableByID(tables.TableSchemasTable)
		require.Empty(t, schemas.Files)
	}
}

// TestFormatOne opens databases of format 1 for writing, kills that at each of its file-system calls, and opens what that leaves.
func TestFormatOne(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"good", "mixed"} {
		mem := formatOne(t, name)
		counter := &vfs.Counter{}
		var crashes []*vfs.Mem
		inject := func(op vfs.Op) error {
			if op.Kind.Changes() {
				n := uint64(counter.Count())
				for _, loss := range []vfs.Loss{vfs.LoseUnsynced, vfs.LoseNothing, vfs.LoseSome} {
					crashes = append(crashes, mem.CrashClone(vfs.CrashOptions{Loss: loss, Rand: rand.New(rand.NewPCG(n, uint64(loss)))}))
				}
			}
			return counter.Inject(op)
		}
		db := mustOpen(t, nil, testOptions(vfs.WithFaults(mem, inject)))
		m, err := readManifest(mem, "/db")
		require.NoError(t, err)
		require.EqualValues(t, formatVersion, m.format)
		wantUpgraded(t, db, name == "mixed")
		require.NoError(t, db.Close())
		require.Greater(t, len(crashes), 20)
		for _, disk := range append(crashes, mem) {
			db := mustOpen(t, disk, nil)
			wantUpgraded(t, db, name == "mixed")
			require.NoError(t, db.Close())
		}
	}
}

// TestFormatOneReadOnly reads a database of format 1 as it is: its rows are there, as rows.
func TestFormatOneReadOnly(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string]int64{"good": 3, "mixed": 7} {
		opts := testOptions(formatOne(t, name))
		opts.ReadOnly = true
		db, err := Open(context.Background(), "/db", opts)
		require.NoError(t, err)
		s := db.Snapshot()
		require.Empty(t, s.Histories())
		v, _ := s.Table(schemahistory.TableSchemas)
		require.Equal(t, rows, v.Rows())
		s.Close()
		require.NoError(t, db.Close())
	}
}
