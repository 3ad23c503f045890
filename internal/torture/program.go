package torture

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Program is a built stoa.
type Program struct{ Path string }

// Build builds the program into a directory. It is to be called in a directory of the module.
func Build(ctx context.Context, dir string) (*Program, error) {
	p := &Program{Path: dir + "/stoa"}
	out, err := exec.CommandContext(ctx, "go", "build", "-o", p.Path, "github.com/stoadb/stoa/cmd/stoa").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return p, nil
}

// Outcome is what a run of the program gave.
type Outcome struct {
	Out, Err string
	Code     int  // the exit status; -1 when a signal ended it
	Late     bool // it was ended because it took longer than it may
	Took     time.Duration
}

// String tells an outcome in a message.
func (o *Outcome) String() string {
	return fmt.Sprintf("exit status %d after %v\nstdout: %s\nstderr: %s", o.Code, o.Took.Round(time.Millisecond), cut(o.Out), cut(o.Err))
}

func cut(text string) string {
	const most = 2000
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}

// Died tells whether a run ended as no run may: by a signal or a panic, too late, or with an error that is the engine's own fault.
func (o *Outcome) Died() bool {
	return o.Late || o.Code < 0 || o.Code == 2 || strings.Contains(o.Err, "goroutine ") || strings.Contains(o.Err, "panic:") || strings.Contains(o.Err, "(SQLSTATE XX000)")
}

// Run runs the program to its end, which must come within the limit.
func (p *Program) Run(limit time.Duration, stdin string, args ...string) *Outcome {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.Path, args...)
	return run(ctx, cmd, stdin)
}

// RunLimited runs the program as Run does, from a shell that has set a limit of its own, such as "ulimit -f 64".
func (p *Program) RunLimited(limit time.Duration, ulimit, stdin string, args ...string) *Outcome {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	shell := append([]string{"-c", ulimit + ` && exec "$0" "$@"`, p.Path}, args...)
	return run(ctx, exec.CommandContext(ctx, "bash", shell...), stdin)
}

func run(ctx context.Context, cmd *exec.Cmd, stdin string) *Outcome {
	var out, errout bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errout
	start := time.Now()
	err := cmd.Run()
	o := &Outcome{Out: out.String(), Err: errout.String(), Took: time.Since(start), Late: ctx.Err() != nil}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		o.Code = exit.ExitCode()
	case err != nil && o.Code == 0:
		o.Code, o.Err = -1, o.Err+err.Error()
	}
	return o
}

// RunLimit is how long a run of the program may take on a machine that has much else to do.
const RunLimit = 60 * time.Second

// Contents asks a database for all that the ledger knows, by a process that only reads or by one that opens it for writing, and gives the records.
func (p *Program) Contents(dir string, readOnly bool) ([][]string, *Outcome) {
	args := []string{"sql", "--dir", dir, "--format", "csv", "--null", Null, "--quiet", "--on-error", "continue"}
	if readOnly {
		args = append(args, "--read-only")
	}
	o := p.Run(RunLimit, Queries(), args...)
	return Records(o.Out), o
}

// Records reads what the program prints as CSV; of what is none, one record that tells.
func Records(text string) [][]string {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	records, err := r.ReadAll()
	if err != nil {
		return append(records, []string{"no CSV: " + err.Error()})
	}
	return records
}

// Complaint is what is wrong with an outcome of [Program.Contents] in some state, "" for nothing: a different answer, or an error that has no reason.
// What is said of the recovery may be said.
func (s *State) Complaint(records [][]string, o *Outcome) string {
	if o.Died() {
		return "the program died: " + o.String()
	}
	missing := s.Tables[Passing] == nil
	for line := range strings.Lines(o.Err) {
		switch {
		case strings.HasPrefix(line, "ERROR:  relation \"chat.passing\" does not exist") && missing:
		case strings.HasPrefix(line, "LINE 1:"), strings.HasPrefix(line, " "), strings.HasPrefix(line, "WARNING:"), strings.HasPrefix(line, "DETAIL:"), strings.HasPrefix(line, "HINT:"):
		default:
			return "an error without a reason: " + o.String()
		}
	}
	if o.Code != btoi(missing) {
		return "the exit status is wrong: " + o.String()
	}
	return Difference(s.Answer(), records)
}
