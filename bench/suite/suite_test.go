package suite

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

func TestQueries(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, q := range Queries(Parameters{Now: time.Date(2025, 10, 22, 15, 0, 0, 0, time.UTC), Key: "key"}) {
		require.False(t, names[q.Name], q.Name)
		names[q.Name] = true
		require.NotEmpty(t, q.Title, q.Name)
		require.Contains(t, q.SQL, q.Table(), q.Name)
		require.NotContains(t, q.Duck, "system.", q.Name)
		require.NotContains(t, q.Duck, "now()", q.Name)
	}
	require.Len(t, names, 32)
}

func TestSelect(t *testing.T) {
	t.Parallel()
	all := Queries(Parameters{})
	for only, want := range map[string]int{"": 32, "^live-": 10, "^(count|longest)$": 2} {
		got, err := Select(all, only)
		require.NoError(t, err)
		require.Len(t, got, want, only)
	}
	for _, only := range []string{"nomatch", "("} {
		_, err := Select(all, only)
		var known *sqlstate.Error
		require.True(t, errors.As(err, &known), only)
		require.Equal(t, sqlstate.InvalidParameterValue, known.Code)
	}
	_, err := Select(all, "nomatch")
	var known *sqlstate.Error
	require.ErrorAs(t, err, &known)
	require.Contains(t, known.Hint, "running, recent-flushes, ")
}
