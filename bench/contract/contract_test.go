package contract

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/sql/parser"
)

const testdata = "../../testdata/contract"

// TestSourceIsTestdata keeps the embedded copy and the file that is cut out of the contract the same.
func TestSourceIsTestdata(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile(filepath.Join(testdata, "selects.sql"))
	require.NoError(t, err)
	require.Equal(t, string(want), source, "copy testdata/contract/selects.sql to bench/contract/selects.sql")
}

func TestSelects(t *testing.T) {
	t.Parallel()
	queries := Selects()
	require.Len(t, queries, 25)
	require.Equal(t, Query{
		Title: "Get all running jobs", Section: "system.jobs (Enhanced) / Query Examples", Number: 5,
		SQL: "SELECT * FROM system.jobs WHERE status = 'running';",
	}, queries[0])
	last := 0
	rebuilt := strings.Builder{}
	for i, q := range queries {
		require.NotEmpty(t, q.Title)
		require.NotEmpty(t, q.Section)
		require.Greater(t, q.Number, last, "the contract's order")
		last = q.Number
		stmts, err := parser.Parse(q.SQL)
		require.NoError(t, err, q.Title)
		require.Len(t, stmts, 1)
		require.Equal(t, strings.TrimSuffix(q.SQL, ";"), stmts[0].Text, "nothing but the statement")
		require.FileExists(t, filepath.Join(testdata, "golden", q.Name(i+1)+".csv"))
		rebuilt.WriteString(q.SQL)
	}
	for _, line := range strings.Split(source, "\n") {
		if !strings.HasPrefix(line, "--") {
			require.Contains(t, rebuilt.String(), line, "no line of the source is lost")
		}
	}
}

// TestInContract finds every statement in the contract's own text, where that text is at hand.
func TestInContract(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../shared/contract.md")
	if err != nil {
		t.Skip("the contract is not beside the repository")
	}
	for _, q := range Selects() {
		require.Contains(t, string(text), "-- "+q.Title+"\n"+q.SQL+"\n")
	}
}
