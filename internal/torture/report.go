package torture

import (
	"encoding/json"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Environment variables of the tests.
const (
	// LongVar, a positive number, asks for the long forms: 1 for those of the table in docs/reliability.md, more for so many times as long.
	LongVar = "STOA_TORTURE"
	// ReportVar names a file to which each test appends a line of JSON with what it did: a Result.
	ReportVar = "STOA_TORTURE_REPORT"
)

// Long gives what LongVar says; 0 for the quick forms.
func Long() int {
	n, _ := strconv.Atoi(os.Getenv(LongVar))
	return max(n, 0)
}

// Result is what a test did.
type Result struct {
	Test       string    `json:"test"`
	Count      int       `json:"count"` // in the test's own unit: kills, flips, …
	Unit       string    `json:"unit"`
	Violations int       `json:"violations"`
	Seed       uint64    `json:"seed"`
	Long       bool      `json:"long"`
	Note       string    `json:"note,omitempty"`
	Date       time.Time `json:"date"`
	Seconds    float64   `json:"seconds"`
	Machine    string    `json:"machine"`
}

// Append adds a result to the file that ReportVar names, if it names one. Date and machine are filled in.
func Append(r Result) error {
	name := os.Getenv(ReportVar)
	if name == "" {
		return nil
	}
	r.Date, r.Machine = time.Now().UTC().Truncate(time.Second), Machine(os.TempDir())
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err = f.Write(append(b, '\n')); err != nil { // one write, so that lines of several processes do not mix
		_ = f.Close()
		return err
	}
	return f.Close()
}

// Machine describes the machine, and the file system of a directory, as far as the system tells.
func Machine(dir string) string {
	parts := []string{strconv.Itoa(runtime.NumCPU()) + " cores"}
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, rest, ok := strings.Cut(string(b), "model name\t: "); ok {
			name, _, _ := strings.Cut(rest, "\n")
			parts[0] += " " + strings.TrimSpace(name)
		}
	}
	system := runtime.GOOS
	if b, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		system += " " + strings.TrimSpace(string(b))
	}
	parts = append(parts, system)
	if out, err := exec.Command("stat", "-f", "-c", "%T", dir).Output(); err == nil {
		parts = append(parts, strings.TrimSpace(string(out)))
	}
	return strings.Join(append(parts, runtime.Version()), ", ")
}
