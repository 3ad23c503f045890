package shell

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/cmd/stoa/internal/client"
)

func TestComplete(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " \n", "SELECT 1;", "SELECT 1; SELECT ';';", `\d system.jobs`, "-- nothing", "SELECT 1; -- done", `SELECT 1; \q`} {
		require.True(t, complete(text), text)
	}
	for _, text := range []string{"SELECT 1", "SELECT ';", "SELECT 1; SELECT", "SELECT $$;", "SELECT /* ;", "SELECT 1 -- ;"} {
		require.False(t, complete(text), text)
	}
}

var relations = []client.Relation{
	{Schema: "system", Name: "jobs", Columns: []string{"job_id", "job_type", "created_at"}},
	{Schema: "system", Name: "storages", Columns: []string{"name", "created_at"}},
	{Schema: "public", Name: "t", Columns: []string{"nothing_else"}},
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, after string
		has         []string
		lacks       []string
	}{
		{"SEL", "", []string{"SELECT"}, []string{"SELect"}},
		{"sel", "", []string{"select"}, nil},
		{"select job_", " from system.jobs", []string{"job_id", "job_type"}, []string{"name"}},
		{"select coun", " from system.jobs", []string{"count("}, nil},
		{"select * from ", "", []string{"system.jobs", "public.t"}, []string{"job_id", "select"}},
		{"select * from sys", "", []string{"system.jobs", "system.storages"}, []string{"public.t"}},
		{"select * from system.j", "", []string{"system.jobs"}, []string{"system.storages"}},
		{"select j.job", " from system.jobs j", []string{"j.job_id"}, nil},
		{"select count(job_t", " from system.jobs", []string{"job_type"}, nil},
		{"select * from system.jobs where ", "", []string{"created_at"}, []string{"nothing_else", "select"}},
		{`\d`, "", []string{`\d`, `\dt`}, []string{`\q`, "desc"}},
		{`\d sys`, "", []string{"system.jobs"}, nil},
		{"é", "", nil, []string{"select"}},
	} {
		got := candidates(c.text, c.text+c.after, relations)
		for _, want := range c.has {
			require.Contains(t, got.list, want, c.text)
		}
		for _, not := range c.lacks {
			require.NotContains(t, got.list, not, c.text)
		}
		for _, v := range got.list {
			require.True(t, strings.HasPrefix(v, got.word), "%q goes on from %q", v, got.word)
		}
		require.True(t, strings.HasSuffix(got.blank, got.word), c.text)
	}
	require.Equal(t, "created_at", candidates("select * from system.jobs where cre", "select * from system.jobs where cre", relations).list[0], "columns come first")
}

func TestHistory(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "stoa", "history")
	h, err := readHistory(path)
	require.NoError(t, err)
	require.Zero(t, h.Len())
	for _, line := range []string{"SELECT 1;", "SELECT\n 2;", "SELECT\n 2;", "  ", strings.Repeat("x", maxRemembered+1)} {
		_, err = h.Write(line)
		require.NoError(t, err)
	}
	h.data = true
	_, err = h.Write("1,x")
	require.NoError(t, err)
	require.Equal(t, 3, h.Len(), "neither blanks nor repetitions nor data")
	again, err := readHistory(path)
	require.NoError(t, err)
	require.Equal(t, []string{"SELECT 1;", "SELECT\n 2;"}, again.Dump())
	line, err := again.GetLine(1)
	require.NoError(t, err)
	require.Equal(t, "SELECT\n 2;", line)
	_, err = again.GetLine(2)
	require.Error(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	require.NoError(t, os.WriteFile(path, []byte("not JSON\n\"kept\"\n"), 0o644))
	h, err = readHistory(path)
	require.NoError(t, err)
	require.Equal(t, []string{"kept"}, h.lines)
	info, err = os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "others may no longer read it")
}

func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history")
	var b strings.Builder
	for i := range 2*maxHistory + 1 {
		fmt.Fprintf(&b, "\"SELECT %d;\"\n", i)
	}
	require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o600))
	h, err := readHistory(path)
	require.NoError(t, err)
	require.Equal(t, maxHistory, h.Len())
	require.Equal(t, fmt.Sprintf("SELECT %d;", 2*maxHistory), h.lines[maxHistory-1])
	again, err := readHistory(path)
	require.NoError(t, err)
	require.Equal(t, h.lines, again.lines)
}
