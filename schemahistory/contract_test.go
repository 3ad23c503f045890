package schemahistory

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// contractColumn is a line of a CREATE TABLE in the contract: `    job_type TEXT NOT NULL,   -- …`.
var contractColumn = regexp.MustCompile(`^\s+([a-z_]+) (UUID|TEXT|JSONB|BIGINT|TIMESTAMP)\b([^,\n-]*)`)

// TestContract compares the definitions with the contract's CREATE TABLE statements: names, order, types, NOT NULL, defaults, primary keys and UNIQUE.
func TestContract(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../testdata/contract/statements.sql")
	require.NoError(t, err)
	for _, def := range Contract() {
		_, after, ok := strings.Cut(string(text), "CREATE TABLE "+def.Name.String()+" (\n")
		require.True(t, ok, def.Name)
		body, _, _ := strings.Cut(after, "\n);")
		n := 0
		for _, line := range strings.Split(body, "\n") {
			m := contractColumn.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			require.Less(t, n, len(def.Columns), line)
			c := def.Columns[n]
			require.Equal(t, int32(n+1), c.ID)
			require.Equal(t, m[1], c.Name)
			require.Equal(t, map[string]string{"UUID": "uuid", "TEXT": "text", "JSONB": "jsonb", "BIGINT": "int8", "TIMESTAMP": "timestamp"}[m[2]], c.Type.Name(), line)
			if strings.Contains(m[3], "NOT NULL") || strings.Contains(m[3], "PRIMARY KEY") {
				require.True(t, c.NotNull, line)
			}
			if _, value, has := strings.Cut(m[3], "DEFAULT "); has {
				require.Equal(t, strings.TrimSpace(value), c.Default, line)
				require.True(t, c.NotNull, "the contract's column table says so of every column with a default")
			} else {
				require.Empty(t, c.Default, line)
			}
			if strings.Contains(m[3], "PRIMARY KEY") {
				key, ok := def.PrimaryKey()
				require.True(t, ok)
				require.Equal(t, []int{n}, key.Columns)
			}
			if strings.Contains(m[3], "UNIQUE") {
				require.Equal(t, []int{n}, def.Keys[1].Columns)
			}
			n++
		}
		require.Equal(t, len(def.Columns), n, def.Name)
		require.Equal(t, n, def.ArrowSchema().NumFields())
		require.Equal(t, "created_at", def.Columns[def.SortColumn].Name)
	}
}

// TestNullable holds the columns that the contract's column tables call nullable.
func TestNullable(t *testing.T) {
	t.Parallel()
	want := map[Name]string{
		Jobs:        "parameters result trace memory_used cpu_used started_at completed_at error",
		LiveQueries: "options node", Storages: "", TableSchemas: "",
	}
	for _, def := range Contract() {
		var nullable []string
		for _, c := range def.Columns {
			if !c.NotNull {
				nullable = append(nullable, c.Name)
			}
		}
		require.Equal(t, want[def.Name], strings.Join(nullable, " "), def.Name)
		require.Equal(t, -1, def.Find("storage_locations"))
		require.Equal(t, def.Columns[0].Name, def.KeyText(def.Keys[0]))
	}
}
