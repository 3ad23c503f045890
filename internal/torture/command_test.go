package torture

import (
	"bytes"
	"os/exec"
)

// command is a run of the program that is to be killed.
type command struct {
	cmd *exec.Cmd
	out bytes.Buffer
}

func startCommand(p *Program, args []string) (*command, error) {
	c := &command{cmd: exec.Command(p.Path, args...)}
	c.cmd.Stdout, c.cmd.Stderr = &c.out, &c.out
	return c, c.cmd.Start()
}

// kill ends it, if it has not ended by itself, and gives what it has printed.
func (c *command) kill() string {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
	return c.out.String()
}
