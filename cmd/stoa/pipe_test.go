package main

import (
	"bufio"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// conversation is a stoa sql that runs while a test talks to it.
type conversation struct {
	t          *testing.T
	in         *io.PipeWriter
	out        *bufio.Reader
	err        *lockedBuffer
	interrupts chan os.Signal
	code       chan int
}

// lockedBuffer is a buffer that one goroutine may read while another writes.
type lockedBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func converse(t *testing.T, args ...string) *conversation {
	in, typed := io.Pipe()
	seen, out := io.Pipe()
	c := &conversation{t: t, in: typed, out: bufio.NewReader(seen), err: &lockedBuffer{}, interrupts: make(chan os.Signal, 1), code: make(chan int, 1)}
	go func() {
		c.code <- run(append([]string{"sql"}, args...), &streams{in: in, out: out, err: c.err, interrupts: c.interrupts})
		out.Close()
	}()
	t.Cleanup(func() { typed.Close(); seen.Close() })
	return c
}

func (c *conversation) say(text string) {
	_, err := io.WriteString(c.in, text)
	require.NoError(c.t, err)
}

// hear waits for a line.
func (c *conversation) hear(want string) {
	c.t.Helper()
	line := make(chan string, 1)
	go func() {
		text, _ := c.out.ReadString('\n')
		line <- text
	}()
	select {
	case got := <-line:
		require.Equal(c.t, want, strings.TrimSuffix(got, "\n"), c.err.String())
	case <-time.After(20 * time.Second):
		require.Fail(c.t, "no answer", c.err.String())
	}
}

func (c *conversation) end() int {
	select {
	case code := <-c.code:
		return code
	case <-time.After(20 * time.Second):
		require.Fail(c.t, "no end")
		return -1
	}
}

// TestEachStatementRunsWhenComplete says nothing further before the tag has come: also without a line feed behind the semicolon.
func TestEachStatementRunsWhenComplete(t *testing.T) {
	t.Parallel()
	c := converse(t, "--dir", t.TempDir(), "--format", "csv")
	c.say("CREATE TABLE public.t\n")
	c.say("(a int, b text);")
	c.hear("CREATE TABLE")
	c.say("INSERT INTO t VALUES (1, 'a;b')")
	c.say(", (2, $$x;$$)")
	c.say(";")
	c.hear("INSERT 0 2")
	c.say("COPY t FROM STDIN (FORMAT csv);")
	c.say("\n3,x\n\\")
	c.say(".")
	c.say("\n")
	c.hear("COPY 1")
	c.say("SELECT count(*) AS n FROM t; SELECT 1")
	c.hear("n")
	c.hear("3")
	c.say(" AS one;\n")
	c.hear("one")
	c.hear("1")
	c.say("\\echo words  'and more'\n")
	c.hear("words and more")
	c.say("SELECT 2 AS two")
	c.in.Close()
	c.hear("two")
	c.hear("2")
	require.Zero(t, c.end())
	require.Empty(t, c.err.String())
}

func TestInterrupts(t *testing.T) {
	t.Parallel()
	c := converse(t, "--dir", t.TempDir(), "--format", "csv", "--on-error", "continue")
	c.say("CREATE TABLE public.t (a int);")
	c.hear("CREATE TABLE")
	c.say("COPY t FROM STDIN;\n1\n") // waits for more
	time.Sleep(50 * time.Millisecond)
	c.interrupts <- os.Interrupt
	require.Eventually(t, func() bool { return len(c.interrupts) == 0 }, 20*time.Second, time.Millisecond)
	time.Sleep(50 * time.Millisecond) // the statement is over; its error is printed when its data have ended
	c.say("2\n\\.\nSELECT count(*) AS n FROM t;")
	c.hear("n")
	c.hear("0")
	require.Equal(t, "ERROR:  canceling statement due to user request (SQLSTATE 57014)\n", c.err.String())
	c.interrupts <- os.Interrupt // nothing runs
	require.Equal(t, 130, c.end())
}

func TestQuit(t *testing.T) {
	t.Parallel()
	c := converse(t, "--dir", t.TempDir())
	c.say("\\q\nSELECT 1;\n")
	require.Zero(t, c.end())
}
