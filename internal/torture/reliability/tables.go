package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stoadb/stoa/internal/torture"
)

// goal is a line of the table of figures to reach.
type goal struct {
	what, quick, long, must string
	tests                   []string // whose results belong to it
}

// goals are the figures to reach, as the project has set them.
func goals() []goal {
	return []goal{
		{"kill -9 of a real process during inserts, updates, flushes, compactions, backups; ledger outside", "100", "10,000",
			"0 acknowledged rows lost, 0 duplicated, 0 failed opens", []string{"TestKill"}},
		{"crash after every file-system call × 3 kinds of loss, also during recovery", "all", "+ 100,000 seeds", "0 violations", []string{"TestTortureCrash"}},
		{"error at every file-system call, once and for good", "all", "all", "every call site reached, 0 panics, 0 lost", []string{"TestTortureFaults"}},
		{"disk full and freed again", "5", "100", "reads go on, writes resume, no orphans", []string{"TestDiskFull"}},
		{"log cut at every byte of its last 3 records, random cuts, flips in the middle", "all", "+ 10,000", "longest prefix or refusal; never a silent skip",
			[]string{"TestLogCuts", "TestSegments"}},
		{"random bit flips and other damage per kind of file", "1,000", "100,000", "0 wrong answers, 0 deaths", []string{"TestFlips", "TestFlipsOfProcesses"}},
		{"random operations against the model", "200", "10,000 × 5,000 operations", "equal", []string{"TestTortureModel"}},
	}
}

// tables gives the results as Markdown: the goals with what was run for each, and then everything else that was run.
func tables(results []torture.Result) string {
	var b strings.Builder
	b.WriteString("| test | must be | quick: goal | quick: run | long: goal | long: run |\n|---|---|---|---|---|---|\n")
	of := map[string]bool{}
	for _, g := range goals() {
		for _, name := range g.tests {
			of[name] = true
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", g.what, g.must, g.quick, runs(results, g.tests, false), g.long, runs(results, g.tests, true))
	}
	var others []torture.Result
	for _, r := range results {
		if !of[r.Test] {
			others = append(others, r)
		}
	}
	if len(others) > 0 {
		b.WriteString("\nBesides:\n\n| test | form | run |\n|---|---|---|\n")
		for _, r := range others {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", r.Test, form(r.Long), line(r))
		}
	}
	b.WriteString("\n" + machines(results))
	return b.String()
}

func form(long bool) string {
	if long {
		return "long"
	}
	return "quick"
}

// runs tells all runs of some tests in one form.
func runs(results []torture.Result, tests []string, long bool) string {
	var lines []string
	for _, r := range results {
		if slices.Contains(tests, r.Test) && r.Long == long {
			lines = append(lines, line(r))
		}
	}
	if len(lines) == 0 {
		return "not run"
	}
	return strings.Join(lines, "<br>")
}

// line tells a result.
func line(r torture.Result) string {
	text := ""
	if r.Count > 0 {
		text = thousands(r.Count) + " " + r.Unit + ", "
	}
	text += fmt.Sprintf("**%d violations**", r.Violations)
	if r.Seed > 0 {
		text += fmt.Sprintf(", seed %d", r.Seed)
	}
	text += fmt.Sprintf(", %s, %.0f s", r.Date.Format("2006-01-02"), r.Seconds)
	if r.Note != "" {
		text += " (" + strings.ReplaceAll(r.Note, "|", "/") + ")"
	}
	return text
}

// thousands writes a number with commas.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// machines lists the machines of the results.
func machines(results []torture.Result) string {
	var names []string
	for _, r := range results {
		if !slices.Contains(names, r.Machine) {
			names = append(names, r.Machine)
		}
	}
	if len(names) == 0 {
		return "Nothing has been run.\n"
	}
	return "Machine: " + strings.Join(names, "; ") + ".\n"
}
