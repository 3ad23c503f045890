package tables

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/schemahistory"
)

// A job reads back as it was made, from a batch and from where it lies in an open or a sealed segment.
func TestCells(t *testing.T) {
	t.Parallel()
	def := schemahistory.Contract()[0]
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Ptr(rapid.SampledFrom([]string{"", "a", "two words"}), true)
		number := rapid.Ptr(rapid.Int64(), true)
		moment := rapid.Ptr(rapid.Custom(func(t *rapid.T) time.Time { return Time(rapid.Int64Range(-1e15, 1e15).Draw(t, "micros")) }), true)
		n := rapid.IntRange(1, 200).Draw(t, "rows")
		jobs := make([]*Job, n)
		for i := range jobs {
			jobs[i] = &Job{
				JobID: uuid.UUID{byte(i), 15: 1}, JobType: "flush", Status: Running, Parameters: text.Draw(t, "parameters"), Result: text.Draw(t, "result"),
				Trace: text.Draw(t, "trace"), MemoryUsed: number.Draw(t, "memory"), CPUUsed: number.Draw(t, "cpu"), CreatedAt: Time(int64(i)),
				StartedAt: moment.Draw(t, "started"), CompletedAt: moment.Draw(t, "completed"), Error: text.Draw(t, "error"),
			}
		}
		batch, err := BatchOf(def, jobs)
		require.NoError(t, err)
		table := New(def, rapid.SampledFrom([]int{64, 100, 0}).Draw(t, "segment"))
		require.Nil(t, table.Append(batch, nil))
		table.Commit(nil, 1)
		view := table.View(1)
		ids := make([]RowID, n)
		view.Find(0, batch.Cols[:1], ids)
		for i, id := range ids {
			require.Equal(t, *jobs[i], JobAt(def, batch, i))
			cells, ok := view.Cells(id)
			require.True(t, ok)
			require.Equal(t, *jobs[i], JobOf(cells))
		}
		_, ok := view.Cells(ColdID(1, 0))
		require.False(t, ok)
	})
}

// A row that lies under another definition is not read in place, and a builder tells of values for which there is no column.
func TestCellsOfAnotherDefinition(t *testing.T) {
	t.Parallel()
	whole := schemahistory.Contract()[0]
	older := *whole
	older.Columns = whole.Columns[:3:3]
	table := New(&older, 0)
	job := Job{JobID: uuid.UUID{1}, JobType: "flush", Status: Pending, CreatedAt: Time(0)}
	b := NewBuilder(&older, 1)
	job.AppendTo(b)
	require.True(t, b.Lost(), "created_at has no column")
	batch, err := b.Batch()
	require.NoError(t, err)
	require.Nil(t, table.Append(batch, nil))
	table.Commit(nil, 1)
	_, ok := table.View(1).Cells(HotID(1, 0))
	require.True(t, ok)
	table.SetDefinition(whole)
	view := table.View(1)
	_, ok = view.Cells(HotID(1, 0))
	require.False(t, ok)
	rows, err := view.Fetch([]RowID{HotID(1, 0)}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
	require.NoError(t, err)
	require.Equal(t, job.JobID, JobAt(whole, rows, 0).JobID)

	b = NewBuilder(whole, 1)
	job.AppendTo(b)
	require.False(t, b.Lost())
}
