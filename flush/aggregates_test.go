package flush

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
)

// requireAggregates requires that every row group of a table's files has aggregates by type and status, of all its rows.
func requireAggregates(t *testing.T, db *store.DB, name schemahistory.Name) {
	t.Helper()
	snap := db.Snapshot()
	defer snap.Close()
	view, _ := snap.Table(name)
	require.NotEmpty(t, view.Files)
	for _, ref := range view.Files {
		f, err := db.OpenFile(ref)
		require.NoError(t, err)
		for rg := range f.RowGroups() {
			a := f.Aggregates(rg)
			require.NotNil(t, a, "%s, row group %d", ref.Path, rg)
			var by []string
			for _, c := range a.GroupBy {
				by = append(by, f.Columns()[c].Name)
			}
			require.Equal(t, []string{"job_type", "status"}, by)
			rows := int64(0)
			for _, n := range a.Rows {
				rows += n
			}
			require.EqualValues(t, f.RowGroupRows(rg), rows)
		}
	}
}

// Files have aggregates in their footers, when they are flushed and when they are compacted.
func TestFilesHaveAggregates(t *testing.T) {
	t.Parallel()
	db, _ := openMem(t)
	flushedJobs(t, db, 4, 100)
	requireAggregates(t, db, schemahistory.Jobs)
	deleteCold(t, db, schemahistory.Jobs, func(file, p int) bool { return p%5 == file })
	_, err := Compact(ctx, db, CompactRequest{})
	require.NoError(t, err)
	requireAggregates(t, db, schemahistory.Jobs)
}
