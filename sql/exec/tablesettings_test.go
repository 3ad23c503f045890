package exec_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
)

// profiles gives the profiles of a table's files, in order, and of their columns' types.
func (db *database) profiles(name schemahistory.Name) (profiles []string, uuids []parquetio.Column) {
	db.t.Helper()
	snap := db.store.Snapshot()
	defer snap.Close()
	view, ok := snap.Table(name)
	require.True(db.t, ok)
	for _, ref := range view.Files {
		f, err := db.store.OpenFile(ref)
		require.NoError(db.t, err)
		profiles, uuids = append(profiles, f.Metadata()[parquetio.KeyProfile]), append(uuids, f.Columns()[0])
	}
	return profiles, uuids
}

// A table's profile is kept with it, used by every file that is written, and read in any mixture.
func TestParquetProfile(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE p (id uuid PRIMARY KEY, at time, j jsonb) WITH (parquet_profile = 'spark')")
	p := schemahistory.Name{Namespace: "public", Table: "p"}
	add := func(n string) {
		db.must("INSERT INTO p VALUES ('00000000-0000-0000-0000-00000000000" + n + "', '12:00:0" + n + "', '[" + n + "]')")
		db.must("CALL system.flush('public.p')")
	}
	add("1")
	db.must("ALTER TABLE p SET (parquet_profile = clickhouse)")
	add("2")
	require.Equal(t, []string{"clickhouse"}, db.rows("SELECT parquet_profile FROM system.tables WHERE table_name = 'p'"))
	db.must("ALTER TABLE p RESET (parquet_profile)")
	add("3")
	require.Equal(t, []string{"standard"}, db.rows("SELECT parquet_profile FROM system.tables WHERE table_name = 'p'"))
	profiles, columns := db.profiles(p)
	require.Equal(t, []string{"spark", "clickhouse", "standard"}, profiles)
	for _, c := range columns {
		require.Equal(t, arrowschema.UUID, c.Type)
	}
	want := []string{"00000000-0000-0000-0000-000000000001|12:00:01|[1]", "00000000-0000-0000-0000-000000000002|12:00:02|[2]",
		"00000000-0000-0000-0000-000000000003|12:00:03|[3]"}
	require.Equal(t, want, db.rows("SELECT * FROM p ORDER BY 1"))
	require.Equal(t, want[1:2], db.rows("SELECT * FROM p WHERE id = '00000000-0000-0000-0000-000000000002' AND at >= '12:00' AND j = '[2]'"))
	require.Equal(t, []string{"3"}, db.rows("SELECT count(*) FROM read_parquet('/db/storage/public/p/*.parquet')"))

	db.must("ALTER TABLE p SET (parquet_profile = 'spark', storage = 'primary')")
	require.NoError(t, db.store.Close())
	db.open(store.Options{}, nil)
	db.must("CALL system.compact('public.p')")
	profiles, _ = db.profiles(p)
	require.Equal(t, []string{"spark"}, profiles, "the definition survives, and a compaction follows it")
	require.Equal(t, want, db.rows("SELECT * FROM p ORDER BY 1"))
	db.must("CALL system.backup('/backup')")
	st, err := store.Open(context.Background(), "/backup", &store.Options{FS: db.fs})
	require.NoError(t, err)
	t.Cleanup(func() { _ = st.Close() })
	copied := &database{t: t, fs: db.fs}
	copied.use(st, nil)
	require.Equal(t, []string{"spark"}, copied.rows("SELECT parquet_profile FROM system.tables WHERE table_name = 'p'"))
	require.Equal(t, want, copied.rows("SELECT * FROM p ORDER BY 1"))
}

func TestTableSettingsFail(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE p (id int)")
	e := db.fails("22023", "ALTER TABLE p SET (parquet_profile = 'hive')")
	require.Equal(t, `invalid value for parameter "parquet_profile": "hive"`, e.Message)
	require.Equal(t, "Available values: standard, spark, clickhouse.", e.Hint)
	db.fails("22023", "CREATE TABLE q (id int) WITH (parquet_profile = '')")
	for written, shown := range map[string]string{
		" = 42": "42", " = -4.50": "-4.50", " = 1e3": "1e3", " = true": "true", " = off": "off", "": "true", " = Hive": "hive", ` = "Hive"`: "Hive", " = ' spark'": " spark",
		" = null": "null", " = 99999999999999999999": "99999999999999999999",
	} {
		e := db.fails("22023", "ALTER TABLE p SET (parquet_profile"+written+")")
		require.Equal(t, fmt.Sprintf("invalid value for parameter \"parquet_profile\": %q", shown), e.Message, written)
		require.Equal(t, "Available values: standard, spark, clickhouse.", e.Hint)
	}
	require.Equal(t, "RESET must not include values for parameters", db.fails("42601", "ALTER TABLE p RESET (parquet_profile = spark)").Message)
	require.Equal(t, `parameter "storage" specified more than once`, db.fails("22023", "ALTER TABLE p SET (storage = primary, storage = primary)").Message)
	require.Equal(t, `parameter "storage" specified more than once`, db.fails("22023", "CREATE TABLE q (id int) WITH (storage = primary, storage = primary)").Message)
	require.Equal(t, `storage "3" of table public.p does not exist`, db.fails("42704", "ALTER TABLE p SET (storage = 3)").Message)
	require.Equal(t, "The settings of a table are: parquet_profile, storage.", db.fails("22023", "ALTER TABLE p SET (fillfactor = 70)").Hint)
	db.fails("22023", "ALTER TABLE p RESET (fillfactor)")
	db.fails("42704", "ALTER TABLE p SET (storage = 'nowhere', parquet_profile = 'spark')")
	require.Equal(t, []string{"standard"}, db.rows("SELECT parquet_profile FROM system.tables WHERE table_name = 'p'"), "a statement that fails changes nothing")
	db.must("ALTER TABLE system.jobs SET (parquet_profile = 'spark')")
	require.Equal(t, []string{"spark"}, db.rows("SELECT parquet_profile FROM system.tables WHERE table_name = 'jobs'"))
}
