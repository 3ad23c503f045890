package schemahistory

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

func TestLegacy(t *testing.T) {
	t.Parallel()
	legacy := Legacy()
	require.Len(t, legacy, 3)
	ids := func(d *TableDefinition) (ids []int32) {
		for _, c := range d.Columns {
			ids = append(ids, c.ID)
		}
		return ids
	}
	jobs, live, places := legacy[0], legacy[1], legacy[2]
	require.Equal(t, []string{"job_id", "job_type", "status", "created_at", "started_at", "completed_at", "error"}, jobs.ColumnNames())
	require.Equal(t, []int32{1, 2, 3, 9, 10, 11, 12}, ids(jobs))
	require.Equal(t, []string{"jobs_pkey (job_id)", "jobs_status_check (status)", "idx_jobs_status (status)", "idx_jobs_type (job_type)", "idx_jobs_created (created_at)"},
		constraints(jobs))
	require.Equal(t, []int32{1, 2, 3, 4, 5, 9, 10}, ids(live))
	require.Equal(t, []string{"live_queries_pkey (live_id)", "idx_live_queries_user (user_id)", "idx_live_queries_table (namespace_id, table_name)"}, constraints(live))
	require.Equal(t, Name{"system", "storage_locations"}, places.Name)
	require.Equal(t, []string{"storage_locations_pkey (storage_id)", "storage_locations_name_key (name)"}, constraints(places))
	for i, d := range legacy {
		require.NoError(t, valid(d))
		require.Zero(t, d.Version)
		require.True(t, d.System)
		require.Equal(t, uint32(i+1), d.ID)
		require.Equal(t, "created_at", d.Columns[d.SortColumn].Name)
		require.Equal(t, int32(len(ContractOf(d.ID).Columns)), d.LastColumn)
		for _, c := range d.Columns {
			known := ContractOf(d.ID)
			require.Equal(t, known.Columns[known.Find(c.Name)], c)
		}
	}
	require.Equal(t, "user_id", live.Columns[live.UserColumn].Name)
	require.Equal(t, -1, jobs.UserColumn)
}

// TestMigrate runs the contract's migration, the ALTER statements in its order, and compares what comes out with the contract.
func TestMigrate(t *testing.T) {
	t.Parallel()
	legacy := Legacy()
	add := func(i int, name string, typ arrowschema.Type, def string) {
		t.Helper()
		next, text, err := legacy[i].AddColumn(Column{Name: name, Type: typ, Default: def, ID: 99})
		require.NoError(t, err)
		require.Equal(t, "added column "+name+" "+typ.String(), text)
		require.NoError(t, valid(next))
		legacy[i] = next
	}
	require.Equal(t, []string{"parameters", "result", "trace", "memory_used", "cpu_used"}, names(legacy[0].Lacks()))
	add(0, "parameters", arrowschema.JSONB, "")
	add(0, "result", arrowschema.Text, "")
	add(0, "trace", arrowschema.Text, "")
	add(0, "memory_used", arrowschema.Int8, "")
	add(0, "cpu_used", arrowschema.Int8, "")
	require.Equal(t, []string{"options", "changes", "node"}, names(legacy[1].Lacks()))
	add(1, "options", arrowschema.JSONB, "")
	add(1, "changes", arrowschema.Int8, "0")
	add(1, "node", arrowschema.Text, "")
	next, text, err := legacy[2].Rename(Storages)
	require.NoError(t, err)
	require.Equal(t, "renamed from system.storage_locations", text)
	legacy[2] = next

	for i, d := range legacy {
		want := Contract()[i]
		require.Equal(t, want.Name, d.Name)
		require.Empty(t, d.Lacks())
		require.Equal(t, want.LastColumn, d.LastColumn)
		require.Len(t, d.Columns, len(want.Columns))
		for _, c := range want.Columns {
			have := d.Columns[d.Find(c.Name)]
			if c.Name == "changes" {
				require.Equal(t, "0", *have.Missing)
				have.Missing = nil
			}
			require.Equal(t, c, have)
		}
		require.ElementsMatch(t, want.Indexes, d.Indexes, "also the index on node")
	}
	require.Equal(t, "error", legacy[0].Columns[6].Name, "new columns stand at the end, as in PostgreSQL")
	require.Equal(t, "cpu_used", legacy[0].Columns[11].Name)
}

// TestLacksIsWhatAddColumnWants adds the columns as the migration command does.
func TestLacksIsWhatAddColumnWants(t *testing.T) {
	t.Parallel()
	for _, d := range Legacy() {
		for _, c := range d.Lacks() {
			next, _, err := d.AddColumn(c)
			require.NoError(t, err)
			d = next
		}
		require.Empty(t, d.Lacks())
	}
	require.Empty(t, messages().Lacks())
	require.Nil(t, ContractOf(5))
}

// TestSystemTablesAreFixed holds that nothing else can be changed of the contract's tables.
func TestSystemTablesAreFixed(t *testing.T) {
	t.Parallel()
	denied := func(_ *TableDefinition, _ string, err error) {
		t.Helper()
		require.Equal(t, permissionDenied, sqlstate.CodeOf(err), "%v", err)
	}
	for _, d := range append(Contract(), Legacy()...) {
		denied(d.DropColumn("created_at"))
		denied(d.RenameColumn("created_at", "x"))
		denied(d.SetNotNull("created_at", false))
		denied(d.SetDefault("created_at", ""))
		denied(d.SetType("created_at", arrowschema.Timestamp, nil))
		denied(d.ReplaceColumn("created_at", Column{}))
		denied(d.Rename(Name{"system", "x"}))
		denied(d.AddColumn(Column{Name: "x", Type: arrowschema.Int4}))
	}
	jobs, live := Legacy()[0], Legacy()[1]
	denied(jobs.Rename(Storages))
	denied(jobs.AddColumn(Column{Name: "parameters", Type: arrowschema.JSON}))
	denied(jobs.AddColumn(Column{Name: "trace", Type: arrowschema.Text, NotNull: true}))
	denied(live.AddColumn(Column{Name: "changes", Type: arrowschema.Int8}))
	denied(live.AddColumn(Column{Name: "changes", Type: arrowschema.Int8, Default: "1"}))
	_, _, err := live.AddColumn(Column{Name: "changes", Type: arrowschema.Int4, Default: "0"})
	var e *sqlstate.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, `Its column "changes" is bigint NOT NULL DEFAULT 0.`, e.Detail)
	_, _, err = live.AddColumn(Column{Name: "changes", Type: arrowschema.Int8, Default: "0", NotNull: true})
	require.NoError(t, err)
}

// TestIndexesAreDeclaredOnce holds that an index which somebody declared before the migration stays as it is.
func TestIndexesAreDeclaredOnce(t *testing.T) {
	t.Parallel()
	for _, mine := range []Index{index("idx_live_queries_node", "user_id", "query"), index("mine", "node")} {
		d := Legacy()[1]
		d.Indexes = d.Indexes[1:]
		for _, c := range d.Lacks() {
			if c.Name == "node" {
				d.Indexes = append(d.Indexes, mine)
			}
			next, _, err := d.AddColumn(c)
			require.NoError(t, err)
			d = next
		}
		require.Contains(t, d.Indexes, mine)
		require.Len(t, d.Indexes, 2, "nor does one come back that is not on a new column")
	}
}

func names(columns []Column) (names []string) {
	for _, c := range columns {
		names = append(names, c.Name)
	}
	return names
}
