package torture

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Client feeds statements to a running "stoa sql" and reads what it prints for them. It is for one goroutine.
type Client struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines chan string // closed at the end of the output

	ledger *State       // after all statements sent
	Sent   []*Statement // since the beginning
	wanted [][]string   // of each, the lines that have not come yet
	Acked  int          // how many statements have been acknowledged, by all of their lines
	// Wrong is the first line that did not come as the ledger wants it.
	Wrong string
	Said  []string // what stood before the first statement's lines, and notices
	// Refusal, if not nil, tells of a line that begins with ERROR whether it may be the answer to any statement, of which then nothing has happened. It is for a
	// client that sends one statement at a time.
	Refusal func(line string) bool
	Refused int    // how many statements were
	before  *State // without the last statement sent
	details bool   // lines that belong to a refusal may follow
}

// Start runs "stoa sql" on a database that is in the given state.
func (p *Program) Start(dir string, s *State, more ...string) (*Client, error) {
	args := append([]string{"sql", "--dir", dir, "--format", "csv", "--null", Null, "--on-error", "continue"}, more...)
	c := &Client{cmd: exec.Command(p.Path, args...), lines: make(chan string, 1<<16), ledger: s.Clone()}
	stdin, err := c.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	r, w, err := os.Pipe() // one for both streams, so that errors stand where they belong among the tags
	if err != nil {
		return nil, err
	}
	c.stdin, c.cmd.Stdout, c.cmd.Stderr = stdin, w, w
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	_ = w.Close() // the process has its own
	go func() {
		defer r.Close()
		defer close(c.lines)
		for s := bufio.NewScanner(r); s.Scan(); {
			c.lines <- s.Text()
		}
	}()
	return c, nil
}

// Send writes a statement, wholly unless the process is dead.
func (c *Client) Send(st *Statement) {
	if c.Refusal != nil {
		c.before = c.ledger.Clone()
	}
	c.Sent = append(c.Sent, st)
	c.wanted = append(c.wanted, st.apply(c.ledger))
	_, _ = io.WriteString(c.stdin, st.SQL+"\n")
}

// Outstanding counts the statements that have not been acknowledged.
func (c *Client) Outstanding() int { return len(c.Sent) - c.Acked }

// Lines is where the output comes from; give its lines to Read.
func (c *Client) Lines() <-chan string { return c.lines }

// Read takes a line of the output.
func (c *Client) Read(line string) {
	if strings.HasPrefix(line, "WARNING:  ") || strings.HasPrefix(line, "NOTICE:  ") || c.Acked == 0 && strings.HasPrefix(line, "DETAIL:  ") && len(c.Said) > 0 {
		c.Said = append(c.Said, line)
		return
	}
	if c.Wrong != "" || c.refusal(line) {
		return
	}
	if c.Acked == len(c.Sent) {
		c.Wrong = fmt.Sprintf("a line that belongs to no statement: %s", line)
		return
	}
	want := c.wanted[c.Acked]
	if !strings.HasPrefix(line, want[0]) || !strings.HasPrefix(want[0], "ERROR") && !strings.HasPrefix(want[0], "DETAIL") && line != want[0] {
		c.Wrong = fmt.Sprintf("statement %s\nwant the line %s\ngot           %s", cut(c.Sent[c.Acked].SQL), want[0], line)
		return
	}
	if c.wanted[c.Acked] = want[1:]; len(want) == 1 {
		c.Acked++
	}
}

// refusal takes a line of the refusal of the last statement.
func (c *Client) refusal(line string) bool {
	if c.details && (strings.HasPrefix(line, "DETAIL:  ") || strings.HasPrefix(line, "HINT:  ") || strings.HasPrefix(line, "CONTEXT:  ") || !strings.HasPrefix(line, "ERROR:  ") && c.Refusal != nil && c.Refusal(line)) {
		return true
	}
	c.details = false
	if c.Refusal == nil || c.Outstanding() != 1 || !strings.HasPrefix(line, "ERROR:  ") || strings.HasPrefix(c.wanted[c.Acked][0], "ERROR:  ") || !c.Refusal(line) {
		return false
	}
	c.details, c.ledger = true, c.before
	c.Sent, c.wanted = c.Sent[:c.Acked], c.wanted[:c.Acked]
	c.Refused++
	return true
}

// State gives the ledger after all statements that were sent and not refused.
func (c *Client) State() *State { return c.ledger.Clone() }

// Wait reads until all statements are acknowledged, something is wrong, the process has ended, or time is up; only the first is true.
func (c *Client) Wait(limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for c.Outstanding() > 0 && c.Wrong == "" {
		select {
		case line, more := <-c.lines:
			if !more {
				return false
			}
			c.Read(line)
		case <-timer.C:
			return false
		}
	}
	return c.Wrong == ""
}

// EndInput closes the standard input: the process ends by itself when it has done all.
func (c *Client) EndInput() { _ = c.stdin.Close() }

// Kill ends the process with SIGKILL, wherever it is.
func (c *Client) Kill() { _ = c.cmd.Process.Kill() }

// End reads the rest of the output and waits for the process. It gives the exit status, -1 for a signal.
func (c *Client) End() int {
	for line := range c.lines {
		c.Read(line)
	}
	_ = c.cmd.Wait()
	_ = c.stdin.Close()
	return c.cmd.ProcessState.ExitCode()
}

// States gives the two states in which the database may be after the client's end: with what was acknowledged, and with the next statement as well. begin is
// the state at the client's start.
func (c *Client) States(begin *State) (acked, next *State) {
	acked = begin.Clone()
	for _, st := range c.Sent[:c.Acked] {
		st.apply(acked)
	}
	if c.Acked == len(c.Sent) {
		return acked, nil
	}
	next = acked.Clone()
	c.Sent[c.Acked].apply(next)
	return acked, next
}
