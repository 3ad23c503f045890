package exec_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/store"
)

func TestCallCompact(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE chat.messages (id bigint PRIMARY KEY, user_id text NOT NULL, body text, created_at timestamp)")
	const all = "SELECT id, user_id, body, created_at FROM chat.messages ORDER BY id"
	for i := range 4 {
		for g := range 20 {
			db.must(fmt.Sprintf("INSERT INTO chat.messages VALUES (%d, 'u%d', 'text %d', timestamp '2025-01-01' + %d * interval '1 hour')", 10*g+i, g%3, g, g*7%20))
		}
		db.must("CALL system.flush('chat.messages')")
		if i == 1 {
			db.must("ALTER TABLE chat.messages ADD COLUMN kind text DEFAULT 'note'")
		}
	}
	db.must("UPDATE chat.messages SET body = 'changed' WHERE id % 7 = 0")
	db.must("DELETE FROM chat.messages WHERE id % 5 = 0")
	want := db.rows(all)
	require.Equal(t, "CALL", db.must("CALL system.compact('chat.messages')").tag)
	require.Equal(t, want, db.rows(all))
	require.Equal(t, []string{"1"}, db.rows("SELECT files FROM system.tables WHERE table_name = 'messages'"))
	require.Equal(t, []string{`compact|["chat/messages"]|test|t`}, db.rows(
		`SELECT job_type, parameters, split_part(trace, ':', 1), result LIKE 'Compacted 4 files into 1 file, %' FROM system.jobs WHERE job_type = 'compact'`))
	require.Equal(t, []string{"note"}, db.rows("SELECT DISTINCT kind FROM chat.messages"))
	db.fails("23505", "INSERT INTO chat.messages VALUES (11, 'x')")
	db.must("CALL system.compact()")
	db.must("CALL system.compact(partition_name => 'chat/messages')")
	require.Equal(t, []string{"1"}, db.rows("SELECT count(*) FROM system.jobs WHERE job_type = 'compact'"), "there was nothing to do")
	db.fails("42P01", "CALL system.compact('nosuch')")
	db.fails("42602", "CALL system.compact('a b')")
	db.fails("42704", "CALL system.compact(partition_name => 'nosuch')")
	db.fails("42883", "CALL system.compact('chat.messages', 'chat/messages', 3)")
}

func TestCallBackup(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE a.t (id int PRIMARY KEY, x text)")
	db.must("INSERT INTO a.t VALUES (1, 'one'), (2, 'two')")
	db.must("CALL system.flush('a.t')")
	db.must("INSERT INTO a.t VALUES (3, 'three')")
	require.Equal(t, "CALL", db.must("CALL system.backup('/copies/one')").tag)
	require.Equal(t, "CALL", db.must("CALL system.backup('/copies/two', namespace_id => 'a', include_system_tables => false)").tag)
	require.Equal(t, []string{`[null, "/copies/one", true]|t`, `["a", "/copies/two", false]|t`}, db.rows(
		`SELECT parameters, result LIKE 'Backup completed: % namespace%, % table%, %B' FROM system.jobs WHERE job_type = 'backup' ORDER BY parameters->>1`))
	db.fails("58P02", "CALL system.backup('/copies/one')")
	db.fails("3F000", "CALL system.backup('/copies/three', 'nosuch')")
	db.fails("42883", "CALL system.backup()")
	db.fails("22004", "CALL system.backup(NULL)")
	db.must("DELETE FROM a.t")
	for _, dir := range []string{"/copies/one", "/copies/two"} {
		st, err := store.Open(t.Context(), dir, &store.Options{FS: db.fs, ReadOnly: true})
		require.NoError(t, err)
		t.Cleanup(func() { _ = st.Close() })
		copied := &database{t: t, fs: db.fs}
		copied.use(st, nil)
		require.Equal(t, []string{"1|one", "2|two", "3|three"}, copied.rows("SELECT * FROM a.t ORDER BY id"))
	}
}
