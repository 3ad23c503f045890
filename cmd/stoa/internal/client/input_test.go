package client

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// chunks gives a text in pieces of the given sizes, over and over.
type chunks struct {
	text  string
	sizes []int
	next  int
}

func (c *chunks) Read(p []byte) (int, error) {
	if c.text == "" {
		return 0, io.EOF
	}
	n := min(c.sizes[c.next%len(c.sizes)], len(c.text), len(p))
	c.next++
	copy(p, c.text[:n])
	c.text = c.text[n:]
	return n, nil
}

// dataAndRest is what copyData has to give, the slow way: line by line.
func dataAndRest(text string) (data, rest string) {
	for text != "" {
		line, after, _ := strings.Cut(text, "\n")
		if line == `\.` || line == "\\.\r" {
			return data, after
		}
		data += text[:len(text)-len(after)]
		text = after
	}
	return data, ""
}

func TestCopyData(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.SampledFrom([]string{`\`, `.`, `\.`, "\n", "\r\n", "\\.\n", "\\.\r\n", "x", "\r", " ", "line\n", `\.x`})).Draw(t, "parts")
		text := strings.Join(parts, "")
		sizes := rapid.SliceOfN(rapid.IntRange(1, 7), 1, 5).Draw(t, "sizes")
		in := NewInput(&chunks{text: text, sizes: sizes})
		defer in.Close()
		wantData, wantRest := dataAndRest(text)
		got, err := io.ReadAll(in.data(t.Context()))
		require.NoError(t, err)
		require.Equal(t, wantData, string(got))
		rest, err := in.line(t.Context(), "", nil)
		require.NoError(t, err)
		for err == nil {
			var more string
			if more, err = in.take(t.Context(), nil); err == nil {
				rest += more
			}
		}
		require.Equal(t, wantRest, rest)
	})
}

func TestCopyDataDrains(t *testing.T) {
	t.Parallel()
	in := NewInput(strings.NewReader("one\ntwo\nthree\n\\.\nSELECT 1;"))
	defer in.Close()
	d := in.data(t.Context())
	n, err := d.Read(make([]byte, 3))
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.NoError(t, d.drain(t.Context(), nil))
	rest, err := in.take(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, "SELECT 1;", rest)
}

func TestInputWaits(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	defer w.Close()
	in := NewInput(r)
	defer in.Close()
	interrupts := make(chan os.Signal, 1)
	interrupts <- os.Interrupt
	_, err := in.take(t.Context(), interrupts)
	require.ErrorIs(t, err, errIdle)
	ended, end := context.WithCancel(t.Context())
	end()
	_, err = in.data(ended).Read(make([]byte, 1))
	require.EqualError(t, err, canceled(nil).Error())
	_, err = in.take(ended, nil)
	require.ErrorIs(t, err, errIdle)
	require.ErrorIs(t, in.data(t.Context()).drain(ended, nil), errIdle)
	timed := in.data(t.Context()).(*copyData)
	timed.Until(ended.Done())
	_, err = timed.Read(make([]byte, 1))
	require.ErrorContains(t, err, "canceling statement due to statement timeout")
	go io.WriteString(w, "late")
	text, err := in.take(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, "late", text, "nothing is lost to a wait that was given up")
}

func TestTypedData(t *testing.T) {
	t.Parallel()
	lines := []string{"a", "", "b"}
	read := func() (string, error) {
		if len(lines) == 0 {
			return `\.`, nil
		}
		line := lines[0]
		lines = lines[1:]
		return line, nil
	}
	got, err := io.ReadAll(Typed(read).data(t.Context()))
	require.NoError(t, err)
	require.Equal(t, "a\n\nb\n", string(got))
	_, err = io.ReadAll(Typed(func() (string, error) { return "", io.ErrClosedPipe }).data(t.Context()))
	require.Error(t, err, "an interrupt ends the statement")
}

func TestSplitCommand(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{`\d`, "system.jobs"}, split("\\d  system.jobs;\n"))
	require.Equal(t, []string{`\i`, "a file.sql"}, split(`\i 'a file.sql'`))
	require.Equal(t, []string{`\pset`, "null", ""}, split(`\pset null ''`))
	require.Empty(t, split(" \n"))
}
