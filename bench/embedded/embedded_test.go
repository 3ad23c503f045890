package embedded

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/bench/history"
	"github.com/stoadb/stoa/bench/measure"
	"github.com/stoadb/stoa/bench/suite"
)

// Every query of the suite runs, with the same answer in memory and flushed.
func TestSuite(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h, err := history.New(history.Options{Rows: 3000, LiveQueries: 1500})
	require.NoError(t, err)
	end := h.Options().End
	var engines []measure.Engine
	const inParts = "flushed in parts"
	for _, name := range []string{Hot, Cold, NoFooters, inParts} {
		db, err := Open(ctx, t.TempDir(), end)
		require.NoError(t, err)
		defer func(db *stoa.DB) { require.NoError(t, db.Close()) }(db)
		part := int64(0)
		if name == inParts {
			part = 700
		}
		require.NoError(t, Fill(ctx, db, h, part, func(int64, int64) {}))
		if name != Hot {
			require.NoError(t, Flush(ctx, db, nil, nil))
		}
		e, err := New(ctx, name, db)
		require.NoError(t, err)
		engines = append(engines, e)
		widths, err := Widths(ctx, db)
		require.NoError(t, err)
		require.Greater(t, widths["system.jobs.result"], 16.0)
	}
	queries := suite.Queries(suite.Parameters{Now: end, Key: uuid.UUID(h.Jobs(1500, 1).Cols[0].UUIDs[0]).String()})
	require.Len(t, queries, 32)
	got, err := measure.Queries(ctx, engines, queries, measure.Options{Rounds: 1, Least: 1})
	require.NoError(t, err)
	for _, m := range got {
		for _, timing := range m.Timings {
			require.Empty(t, timing.Error, "%s, %s", m.Query.Name, timing.Engine)
		}
		if m.Query.Group != suite.Live && m.Query.Name != "failed-last-hour" { // a small history has few of anything
			require.Positive(t, m.Rows, m.Query.Name)
		}
	}
}

func TestWrites(t *testing.T) {
	t.Parallel()
	got, err := Writes(t.Context(), WriteOptions{Rounds: 1, Rows: 2000, Singles: 20 * time.Millisecond, Scratch: t.TempDir(), End: time.Now().UTC()})
	require.NoError(t, err)
	for _, w := range got {
		require.Len(t, w.Rates, 1, w.Name)
		require.Positive(t, w.Median(), w.Name)
	}
}
