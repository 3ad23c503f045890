package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/internal/torture"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	page, file := filepath.Join(dir, "page.md"), filepath.Join(dir, "results.jsonl")
	require.NoError(t, os.WriteFile(page, []byte("before\n"+beginMarker+"old\n"+endMarker+"after\n"), 0o600))
	line := `{"test":"TestKill","count":12345,"unit":"kills","violations":2,"seed":7,"long":true,"date":"2026-11-23T06:00:00Z","seconds":61.4,"machine":"M"}` + "\n"
	require.NoError(t, os.WriteFile(file, []byte(line), 0o600))
	results, err := read(file)
	require.NoError(t, err)
	require.NoError(t, write(page, results))
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Contains(t, string(text), "| 100 | not run | 10,000 | 12,345 kills, **2 violations**, seed 7, 2026-11-23, 61 s |\n")
	require.NotContains(t, string(text), "old")
	require.Regexp(t, `(?s)^before\n.*Machine: M\.\n.*after\n$`, string(text))
	require.NoError(t, os.WriteFile(file, []byte("no JSON\n"), 0o600))
	_, err = read(file)
	require.ErrorContains(t, err, "line 1")
	require.Error(t, write(file, nil), "no markers")
}

func TestNote(t *testing.T) {
	file := filepath.Join(t.TempDir(), "results.jsonl")
	t.Setenv(torture.ReportVar, file)
	require.NoError(t, note(file, torture.Result{Test: "good", Count: 3, Unit: "things"}, "", "", []string{"go", "version"}))
	require.Error(t, note(file, torture.Result{Test: "bad"}, "", "", []string{"go", "no-such-command"}))
	require.Error(t, note(file, torture.Result{Test: "none"}, "", "", nil))
	require.Error(t, note(file, torture.Result{Test: "none"}, "(", "", []string{"go", "version"}))
	require.NoError(t, note(file, torture.Result{Test: "counted"}, `go(\d+)\.`, `go version (go\d)`, []string{"go", "version"}))
	results, err := read(file)
	require.NoError(t, err)
	require.Len(t, results, 3)
	require.Equal(t, []int{0, 1}, []int{results[0].Violations, results[1].Violations})
	require.Equal(t, "go1", results[2].Note)
	require.Equal(t, 1, results[2].Count)
	require.WithinDuration(t, time.Now(), results[0].Date, time.Hour)
	require.Contains(t, tables(results), "| good | quick | 3 things, **0 violations**,")
}
